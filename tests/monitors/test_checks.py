from collections.abc import Callable
from typing import Any

import pytest

from benchmarks.alarms import Room, Sample, broken_runs, cut, false_alarms, lacking, read_by, run_of
from narayacrawl.monitors.checks import alarms_of

Stats = dict[str, Any]

ARTICLE = {
    "record/count": 1,
    "page/count": 1,
    **{f"field/{name}": 1 for name in ("title", "date", "time", "body", "authors", "section", "tags", "images")},
    **{f"rule/{rule}": 1 for rule in ("title/h1", "date/json-ld", "authors/byline", "container/entry-content")},
    **{f"mark/{name}": 1 for name in ("json-ld", "opengraph", "date", "byline", "tag-links", "captions")},
}
SECTIONS = ("Ekonomi", "Daerah", "Olahraga", "Budaya")


def samples(count: int) -> list[Sample]:
    """Articles of several sections, whose texts have 1100 to 3000 characters; every fifth has no tags."""
    own = []
    for number in range(count):
        counts = {name: 1 for name in ARTICLE if name != "field/tags" or number % 5}
        length = 7 + number % 11 / 10
        own.append(Sample(SECTIONS[number % 4], counts, [1, length, length * length]))
    return own


PAST = [run_of(samples(12)) for _ in range(10)]


def names(run: Stats, past: list[Stats], trusted: list[Stats] | None = None) -> list[str]:
    return [alarm.name for alarm in alarms_of(run, past, past if trusted is None else trusted)]


def change(count: int, fault: Callable[[Sample], Sample]) -> Stats:
    return run_of([fault(sample) for sample in samples(count)])


@pytest.mark.parametrize(
    ("fault", "alarm"),
    [
        *((lacking(name), name) for name in ARTICLE if name.startswith("field/")),
        *((lacking(name), "markup") for name in ARTICLE if name.startswith("mark/")),
        *((read_by(field, "text"), f"rule/{field}") for field in ("title", "date", "authors", "container")),
        (cut, "body/length"),
    ],
)
def test_one_fault_over_thirty_articles_is_noticed_and_over_three_is_not(
    fault: Callable[[Sample], Sample], alarm: str
) -> None:
    assert names(change(30, fault), PAST) == [alarm]
    assert names(change(3, fault), PAST) == []


def test_a_fault_over_ten_articles_is_noticed_where_the_portal_is_built_otherwise() -> None:
    otherwise = {"narayacrawl/structure/changed": "front page: h2.entry-title → h2.judul"}
    broken = change(10, lacking("mark/json-ld"))
    assert (names(broken, PAST), names(broken | otherwise, PAST)) == ([], ["markup"])
    assert names(change(9, lacking("mark/json-ld")) | otherwise, PAST) == []
    assert names(run_of(samples(10)) | otherwise, PAST) == []


def test_a_fault_in_runs_of_three_articles_is_noticed_once_they_are_many() -> None:
    fault = lacking("field/authors")
    recent: list[Stats] = []
    told = []
    for _ in range(12):
        run = change(3, fault)
        told.append(names(run, [*recent, *PAST], PAST))
        recent.insert(0, run)
    assert told[0] == []
    assert told[-1] == ["field/authors"]


def test_a_run_that_is_well_again_raises_no_alarm_for_those_before_it() -> None:
    broken = [change(6, lacking("field/authors")) for _ in range(5)]
    assert names(run_of(samples(3)), [*broken, *PAST], PAST) == []


def test_a_portal_without_a_past_raises_no_alarm() -> None:
    assert names(change(60, lacking("field/authors")), []) == []
    assert names(change(60, lacking("field/authors")), [run_of(samples(9))]) == []


def test_a_run_that_reads_on_in_an_archive_is_not_judged_by_its_beginning() -> None:
    fault = lacking("field/authors")
    assert names(change(400, fault), [run_of(samples(40))]) == []
    assert names(change(100, fault), [run_of(samples(40))]) == ["field/authors"]


def test_a_day_of_one_section_with_habits_of_its_own_raises_no_alarm() -> None:
    sport = [Sample("Olahraga", lacking("field/authors")(own).counts, own.lengths) for own in samples(30)]
    assert names(run_of(sport), PAST) == []


def test_a_run_of_picture_posts_raises_no_alarm() -> None:
    counts = {name: 1 for name in ARTICLE if name not in ("field/body", "field/authors", "field/tags")}
    posts = [Sample("Foto", counts | {"record/pictures": 1}, [0, 0, 0]) for _ in range(25)]
    assert names(run_of(posts), PAST) == []


@pytest.mark.parametrize(
    ("stats", "alarm"),
    [
        ({"narayacrawl/article/rejected/no_title": 20}, ["unread/rejected/no_title"]),
        ({"narayacrawl/dropped/no_date": 18}, ["unread/dropped/no_date"]),
        ({"narayacrawl/article/subscribers_only": 25}, ["unread/subscribers_only"]),
        ({"narayacrawl/article/rejected/attachment": 30}, []),
        ({"narayacrawl/article/gone": 15}, []),
        ({"narayacrawl/article/gone": 40}, ["unread/gone"]),
        ({"narayacrawl/dropped/unchanged": 30}, []),
        ({"narayacrawl/overruled/sidebar": 25}, ["overruled/sidebar"]),
        ({"narayacrawl/overruled/sidebar": 4}, []),
    ],
)
def test_articles_lost_for_a_new_reason_are_noticed(stats: Stats, alarm: list[str]) -> None:
    assert names(run_of(samples(30)) | stats, PAST) == alarm


def test_an_alarm_shows_articles_that_lack_the_field() -> None:
    shown = {"field/authors": ["https://portal.example/a/", "https://portal.example/b/"]}
    [alarm] = alarms_of(change(30, lacking("field/authors")), PAST, PAST, shown)
    assert str(alarm) == (
        "authors in 0 of 30 articles (before: 120 of 120): https://portal.example/a/ https://portal.example/b/"
    )


def test_normal_runs_raise_no_alarm_and_every_fault_does() -> None:
    own = samples(44)
    assert false_alarms(own, 60) == []
    assert [fault for fault, told in broken_runs(own, 30) if not told] == []
    assert [fault for fault, told in broken_runs(own, 3) if told] == []


def test_a_drawn_history_has_as_many_runs_as_it_should() -> None:
    assert len(Room(samples(44), 1).history(7)) == 7
