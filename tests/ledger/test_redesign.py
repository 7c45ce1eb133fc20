"""Articles that differ though the portal tells of no edit."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from narayacrawl.ledger.database import timestamp, transaction
from narayacrawl.ledger.rechecks import MAX_RETRY_INTERVAL
from narayacrawl.ledger.redesign import MIN_READ_AGAIN, Redesign, accept, count_held, forget_acceptance
from narayacrawl.ledger.scope import Scope
from narayacrawl.ledger.shape import AMOUNTS, Fields, Shape, compare_fields, difference, field_marks
from narayacrawl.ledger.tables import articles
from tests.ledger.opened import HOST, LedgerRun, opened

TITLE = "Pasar Terapung"
ONE, TWO, THREE = (f"Paragraf {name} dari muara." for name in ("pertama", "kedua", "ketiga"))
BODY = f"{ONE}\n\n{TWO}\n\n{THREE}"
OLD = str(Shape.of(TITLE, BODY))
URLS = [f"{HOST}/ekonomi/berita-{number}/" for number in range(30)]


@pytest.fixture
def run(tmp_path: Path) -> Iterator[LedgerRun]:
    """A run of a portal with thirty written articles."""
    with opened(tmp_path / "ledger.db") as first:
        first.discover(URLS)
        read = [first.identify(first.article_at(url), number, url, url, url) for number, url in enumerate(URLS, 1)]
        for fetched in filter(None, read):
            fetched.revision, fetched.hash = 1, "x"
        first.acknowledge(*filter(None, read))
    with opened(tmp_path / "ledger.db") as second:
        yield second


def put_aside(run: LedgerRun, redesign: Redesign, count: int, body: str = TWO) -> list[int]:
    """Have so many articles be read again that differ in one way; those that were put aside."""
    ids = [run.article_at(url) for url in URLS[:count]]
    other = difference(OLD, URLS[0], TITLE, body, is_date_same=True)
    return [article for article in ids if not redesign.is_believed(article, other)]


@pytest.mark.parametrize(
    ("title", "body", "ways"),
    [
        ("Pasar", BODY, ["title"]),
        (TITLE, f"Rangkuman.\n\n{BODY}", ["body: text before its beginning"]),
        (TITLE, f"{BODY}\n\nIkuti kami.", ["body: text after its end"]),
        (TITLE, f"{TWO}\n\n{THREE}", ["body: another beginning"]),
        (TITLE, f"{ONE}\n\n{TWO}", ["body: another end"]),
        (TITLE, f"{ONE}\n\n{THREE}", ["body: shorter inside"]),
        (TITLE, f"{ONE}\n\n{TWO}\n\nIklan.\n\n{THREE}", ["body: longer inside"]),
        (TITLE, f"{ONE}\n\n{TWO.upper()}\n\n{THREE}", ["body: other words inside"]),
        (TITLE, "", ["body: another beginning", "body: another end"]),
    ],
)
def test_tells_in_which_way_an_article_differs(title: str, body: str, ways: list[str]) -> None:
    assert sorted(difference(OLD, URLS[0], title, body, is_date_same=True).ways) == ways


def test_a_date_and_an_unknown_shape_are_ways_to_differ() -> None:
    assert difference(OLD, URLS[0], TITLE, BODY + "!", is_date_same=False).ways == {"date", "body: another end"}
    assert difference(None, URLS[0], TITLE, BODY, is_date_same=True).ways == {"body"}


def test_few_that_differ_are_read_again_and_believed(run: LedgerRun) -> None:
    redesign = Redesign(run.ledger)
    ids = put_aside(run, redesign, MIN_READ_AGAIN - 1)
    assert (len(ids), run.due_urls()) == (MIN_READ_AGAIN - 1, [])
    assert redesign.settle()
    run.due.start_over()
    assert run.due_urls() == URLS[: MIN_READ_AGAIN - 1]
    assert (put_aside(run, redesign, MIN_READ_AGAIN - 1), redesign.settle(), redesign.way) == ([], False, None)


def test_most_that_differ_alike_are_held_back_and_stay_due(run: LedgerRun) -> None:
    redesign = Redesign(run.ledger)
    ids = put_aside(run, redesign, MIN_READ_AGAIN)
    assert not redesign.settle()
    assert (count_held(run.ledger), {run.state_of(article) for article in ids}) == (MIN_READ_AGAIN, {"pending"})
    assert redesign.tell() == (
        f"10 of 10 known articles read again differ alike (body: another beginning, {len(BODY)} → {len(TWO)}"
        f" characters: {URLS[0]})"
    )


def test_as_many_that_differ_alike_as_do_not_are_no_redesign(run: LedgerRun) -> None:
    redesign = Redesign(run.ledger)
    for url in URLS[:MIN_READ_AGAIN]:
        other = difference(OLD, url, TITLE, f"Ralat {url}.\n\n{TWO}\n\n{THREE}", is_date_same=True)
        redesign.is_believed(run.article_at(url), other)
    for _ in range(MIN_READ_AGAIN):
        redesign.record_unchanged()
    assert (redesign.way, redesign.settle(), count_held(run.ledger)) == (None, True, 0)


def test_many_that_differ_each_in_a_way_of_its_own_are_edited(run: LedgerRun) -> None:
    redesign = Redesign(run.ledger)
    bodies = (f"{ONE}\n\n{THREE}", f"{BODY}\n\nIkuti kami.", f"{ONE}\n\n{TWO.upper()}\n\n{THREE}")
    for number, url in enumerate(URLS):
        other = difference(OLD, url, TITLE, bodies[number % 3], is_date_same=True)
        redesign.is_believed(run.article_at(url), other)
    assert (redesign.way, redesign.settle()) == (None, True)


def test_a_run_that_ends_early_holds_back_what_it_knows_to_be_a_redesign(run: LedgerRun) -> None:
    redesign = Redesign(run.ledger)
    put_aside(run, redesign, MIN_READ_AGAIN)
    redesign.close()
    assert count_held(run.ledger) == MIN_READ_AGAIN


def test_a_run_that_ends_early_and_knows_too_little_leaves_articles_as_they_were(run: LedgerRun) -> None:
    redesign = Redesign(run.ledger)
    ids = put_aside(run, redesign, MIN_READ_AGAIN - 1)
    redesign.close()
    assert (count_held(run.ledger), {run.state_of(article) for article in ids}) == (0, {"done"})


def held(run: LedgerRun) -> None:
    redesign = Redesign(run.ledger)
    put_aside(run, redesign, len(URLS))
    redesign.settle()


def test_the_next_run_tries_a_few_of_what_is_held(run: LedgerRun, tmp_path: Path) -> None:
    held(run)
    with opened(tmp_path / "ledger.db") as later:
        assert len(later.due_urls()) == 20
    with opened(tmp_path / "ledger.db", Scope(is_full=True)) as later:
        assert len(later.due_urls()) == len(URLS)


def test_what_is_held_stays_so_while_too_few_are_read_to_tell(run: LedgerRun, tmp_path: Path) -> None:
    held(run)
    with opened(tmp_path / "ledger.db") as later:
        redesign = Redesign(later.ledger)
        put_aside(later, redesign, 3)
        assert (redesign.settle(), count_held(later.ledger)) == (False, len(URLS))


def test_what_is_held_is_due_once_the_portal_is_as_it_was(run: LedgerRun, tmp_path: Path) -> None:
    held(run)
    with opened(tmp_path / "ledger.db") as later:
        redesign = Redesign(later.ledger)
        for _ in range(MIN_READ_AGAIN):
            redesign.record_unchanged()
        assert (redesign.settle(), count_held(later.ledger)) == (True, 0)
        assert len(later.due_urls()) == len(URLS)


def test_what_the_user_accepts_is_believed_in_the_next_run_only(run: LedgerRun, tmp_path: Path) -> None:
    held(run)
    assert accept(run.connection, "portal") == len(URLS)
    with opened(tmp_path / "ledger.db") as later:
        redesign = Redesign(later.ledger)
        assert (len(later.due_urls()), put_aside(later, redesign, 12)) == (len(URLS), [])
        forget_acceptance(later.ledger)
        assert len(put_aside(later, Redesign(later.ledger), 12)) == 12


def test_acknowledging_an_article_lets_go_of_it(run: LedgerRun, tmp_path: Path) -> None:
    held(run)
    with opened(tmp_path / "ledger.db") as later:
        later.write(URLS[0], 1, "y")
        assert count_held(later.ledger) == len(URLS) - 1


def test_articles_that_share_a_new_paragraph_are_held_though_most_are_as_they_were(run: LedgerRun) -> None:
    redesign = Redesign(run.ledger)
    shared = put_aside(run, redesign, 12, f"Ikuti kanal kami.\n\n{BODY}")
    edited = run.article_at(URLS[20])
    own = difference(OLD, URLS[20], TITLE, f"Ralat pada berita ini.\n\n{BODY}", is_date_same=True)
    assert not redesign.is_believed(edited, own)
    for _ in range(17):
        redesign.record_unchanged()
    assert redesign.settle()
    assert (count_held(run.ledger), len(shared)) == (12, 12)
    assert redesign.is_believed(edited, own)
    assert not redesign.settle()
    assert count_held(run.ledger) == 12
    assert "12 of 30 known articles read again begin or end with the same new paragraph" in str(redesign.tell())


def test_articles_that_share_a_new_paragraph_with_few_are_edited(run: LedgerRun) -> None:
    redesign = Redesign(run.ledger)
    put_aside(run, redesign, MIN_READ_AGAIN - 1, f"Ralat bersama.\n\n{BODY}")
    for _ in range(20):
        redesign.record_unchanged()
    assert redesign.settle()
    assert (count_held(run.ledger), redesign.tell()) == (0, None)


NO_AUTHORS = Fields(had=frozenset({"authors", "section"}), lost=frozenset({"authors"}))
RECORD: dict[str, object] = {
    "authors": ["Sari Wulan"], "section": "Ekonomi", "tags": ["muara", "pasar"], "description": None, "language": "id",
    "date_precision": "second", "images": [{"url": "a.jpg", "caption": "Dermaga."}, {"url": "b.jpg", "caption": None}],
}  # fmt: skip


@pytest.mark.parametrize(
    ("other", "lost"),
    [
        ({}, set()),
        ({"authors": []}, {"authors"}),
        ({"section": "Berita", "tags": []}, {"section", "tags"}),
        ({"description": "Pasar di muara."}, set()),
        ({"date_precision": "day", "images": [{"url": "a.jpg", "caption": None}]}, {*AMOUNTS}),
        ({"images": [{"url": url, "caption": "Kapal."} for url in "abc"]}, set()),
    ],
)  # fmt: skip
def test_tells_which_fields_were_lost(other: dict[str, object], lost: set[str]) -> None:
    old = str(Shape.of(TITLE, BODY, field_marks(RECORD.get)))
    fields = compare_fields(old, field_marks((RECORD | other).get))
    assert ({*fields.lost, *fields.others}, "description" in fields.had, "captions" in fields.had) == (
        lost,
        False,
        True,
    )
    assert compare_fields(OLD, field_marks((RECORD | other).get)) == Fields()


@pytest.mark.parametrize(("known", "is_told"), [(10, True), (3, True), (2, False)])
def test_fields_that_most_have_lost_are_a_redesign_where_one_is_suspected(
    run: LedgerRun, known: int, is_told: bool
) -> None:
    redesign = Redesign(run.ledger)
    for number in range(12):
        redesign.record_unchanged(number, URLS[number], NO_AUTHORS)
    assert redesign.tell() is None
    redesign.suspected.ids = [run.article_at(url) for url in URLS[:known]]
    for article, url in zip(redesign.suspected.ids, URLS, strict=False):
        redesign.record_unchanged(article, url, NO_AUTHORS)
    assert (redesign.tell() is not None) == is_told
    assert redesign.settle() is False


def test_where_one_is_suspected_each_article_may_differ_in_a_way_of_its_own(run: LedgerRun) -> None:
    redesign = Redesign(run.ledger)
    redesign.suspected.ids = [run.article_at(url) for url in URLS[:9]]
    bodies = (f"{ONE}\n\n{THREE}", f"{BODY}\n\nIkuti kami.", f"{ONE}\n\n{TWO.upper()}\n\n{THREE}")
    for number, article in enumerate(redesign.suspected.ids):
        redesign.is_believed(article, difference(OLD, URLS[number], TITLE, bodies[number % 3], is_date_same=True))
    assert (redesign.settle(), count_held(run.ledger)) == (False, 9)
    assert "9 of 9 known articles read again differ (" in (redesign.tell() or "")


def test_a_field_that_most_have_lost_who_had_it_is_a_redesign_where_one_is_suspected(run: LedgerRun) -> None:
    redesign = Redesign(run.ledger)
    redesign.suspected.ids = [run.article_at(url) for url in URLS[:10]]
    for number, article in enumerate(redesign.suspected.ids):
        had = frozenset({"captions"} if number < 4 else ())
        redesign.record_unchanged(article, URLS[number], Fields(had, others=had if number < 3 else frozenset()))
    assert redesign.tell() == (
        f"3 of 4 known articles read again that had it differ (captions lost or other: {URLS[0]} {URLS[1]})"
    )


@pytest.mark.parametrize(
    ("differing", "failing", "rest", "held"), [(1, 0, 0, 0), (2, 0, 0, 2), (1, 0, 1, 1), (1, 8, 0, 1)]
)
def test_where_one_is_suspected_few_that_differ_are_held_unless_they_may_be_edits(
    differing: int, failing: int, rest: int, held: int, run: LedgerRun
) -> None:
    with transaction(run.ledger.connection) as connection:
        connection.execute(update(articles).values(rest=rest))
    redesign = Redesign(run.ledger)
    redesign.suspected.ids = [run.article_at(url) for url in URLS[:10]]
    put_aside(run, redesign, differing)
    for article, url in zip(redesign.suspected.ids[differing + failing :], URLS, strict=False):
        redesign.record_unchanged(article, url)
    assert (redesign.settle(), count_held(run.ledger)) == (not held, held)


def test_held_articles_wait_longer_the_longer_they_are_held(run: LedgerRun) -> None:
    redesign = Redesign(run.ledger)
    [article, *_] = put_aside(run, redesign, 12)
    redesign.settle()
    with transaction(run.ledger.connection) as connection:
        connection.execute(update(articles).values(held="2025-12-01T00:00:00+00:00"))
    later = Redesign(run.ledger)
    put_aside(run, later, 12)
    later.settle()
    with transaction(run.ledger.connection) as connection:
        when = connection.execute(select(articles.c.next_check).where(articles.c.id == article)).scalar_one()
    assert timestamp(timedelta(hours=5)) < when <= timestamp(MAX_RETRY_INTERVAL)
