import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from scrapy.settings import Settings

from narayacrawl.archive.reader import Segment, SegmentGone, segments_now
from narayacrawl.archive.segment_files import ArchiveError
from narayacrawl.archive.segments import seal, sealed_segments
from narayacrawl.archive.selection import select_lines
from narayacrawl.items import Article
from tests.archived import article, name, write_segment

NOVEMBER = "2025-11-{}T23:30:00+07:00"


def segments(folder: Path) -> list[Segment]:
    return segments_now(folder, Settings({"ARCHIVE": str(folder.parent)}))


def titles(folder: Path, runs: Sequence[Sequence[Article]], **window: date | bool | None) -> list[str]:
    """The titles of the chosen lines of an archive with a segment a run."""
    for run, articles in enumerate(runs, 1):
        write_segment(folder, run, articles)
    selection = select_lines(segments(folder), **window)  # type: ignore[arg-type]
    chosen = [json.loads(line)["title"] for line in selection.lines()]
    assert selection.count == len(chosen)
    return chosen


RUNS = [
    [article(1, title="a1"), article(2, title="b1")],
    [article(1, title="a2", revision=2), article(3, title="c1"), article(2, title="b1 again")],
    [article(1, title="a1 late")],
]


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        ([], []),
        (RUNS, ["a2", "c1", "b1 again"]),
        ([[article(1, title="a", url="https://portal.example/old/")], [article(1, title="b", revision=2)]], ["b"]),
        ([[article(1, title="a", id=None)], [article(2, title="b", id=None)]], ["a", "b"]),
        ([[article(1, title="a", id=None)], [article(1, title="b", id=None, revision=2)]], ["b"]),
        ([[article(1, title="a", id=2)], [article(2, title="b", id=None)]], ["a", "b"]),
    ],
)
def test_last_revision_of_each_article_is_chosen(
    runs: Sequence[Sequence[Article]], expected: list[str], tmp_path: Path
) -> None:
    assert titles(tmp_path, runs) == expected


READ_AGAIN = [
    [article(1, title="a1"), article(2, title="b1")],
    [article(1, title="a2", revision=2, change="edit"), article(2, title="b2", revision=2, change="reread")],
    [article(1, title="a3", revision=3, change="reread"), article(3, title="c1", change=None)],
]


@pytest.mark.parametrize(
    ("all_revisions", "includes_rereads", "expected"),
    [
        (False, True, ["b2", "a3", "c1"]),
        (False, False, ["b1", "a2", "c1"]),
        (True, False, ["a1", "b1", "a2", "c1"]),
    ],
)
def test_what_better_rules_made_can_be_left_out(
    *, all_revisions: bool, includes_rereads: bool, expected: list[str], tmp_path: Path
) -> None:
    window = {"all_revisions": all_revisions, "includes_rereads": includes_rereads}
    assert titles(tmp_path, READ_AGAIN, **window) == expected


def test_all_revisions_are_chosen_once(tmp_path: Path) -> None:
    assert titles(tmp_path, RUNS, all_revisions=True) == ["a2", "c1", "b1 again", "a1 late"]


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        (None, None, [21, 22, 23, 24]),
        (date(2025, 11, 22), None, [22, 23, 24]),
        (None, date(2025, 11, 22), [21, 22]),
        (date(2025, 11, 22), date(2025, 11, 23), [22, 23]),
        (date(2025, 12, 1), None, []),
    ],
)
def test_days_are_the_records_own_and_included(
    since: date | None, until: date | None, expected: list[int], tmp_path: Path
) -> None:
    articles = [article(day, title=str(day), date=NOVEMBER.format(day)) for day in range(21, 25)]
    assert titles(tmp_path, [articles], since=since, until=until) == [str(day) for day in expected]


def test_day_is_that_of_the_last_revision(tmp_path: Path) -> None:
    runs = [[article(1, date=NOVEMBER.format(21))], [article(1, date=NOVEMBER.format(23), revision=2)]]
    assert titles(tmp_path, runs, until=date(2025, 11, 22)) == []


@pytest.mark.parametrize(("since", "count"), [(None, 1), (date(2025, 1, 1), 0)])
def test_article_without_a_date_is_of_no_day(since: date | None, count: int, tmp_path: Path) -> None:
    write_segment(tmp_path, 1, [article(1)])
    path = sealed_segments(tmp_path)[name(1)]
    path.write_bytes(path.read_bytes().replace(f'"{article(1).date}"'.encode(), b"null"))
    assert select_lines([Segment(path, None, None)], since=since).count == count


@pytest.mark.parametrize(
    "line",
    [b"", b"{", b"[]", b"{}", b'{"url":"a","id":"1","date":null,"revision":1}', b'{"url":"a","id":1,"revision":1}'],
)
def test_line_that_is_no_record_is_told(line: bytes, tmp_path: Path) -> None:
    path = write_segment(tmp_path, 1, [article(1)])
    path.write_bytes(path.read_bytes() + line + b"\n")
    with pytest.raises(ArchiveError, match=r"jsonl:2: not a record"):
        select_lines([Segment(path, None, None)])


def test_segment_that_is_sealed_or_changed_after_it_was_chosen_from_is_gone(tmp_path: Path) -> None:
    path = write_segment(tmp_path, 1, [article(1), article(2)])
    selection = select_lines([Segment(path, None, None)])
    path.write_bytes(path.read_bytes() * 2)
    with pytest.raises(SegmentGone):
        list(selection.lines())
    path.unlink()
    with pytest.raises(SegmentGone):
        list(selection.lines())


def test_segment_without_a_chosen_line_is_not_read_again(tmp_path: Path) -> None:
    path = write_segment(tmp_path, 1, [article(1)])
    write_segment(tmp_path, 2, [article(1, revision=2)])
    selection = select_lines(segments(tmp_path))
    path.unlink()
    assert len(list(selection.lines())) == 1


def test_lines_are_the_archives_own(tmp_path: Path) -> None:
    path = write_segment(tmp_path, 1, [article(number) for number in range(3)])
    assert b"".join(line + b"\n" for line in select_lines(segments(tmp_path)).lines()) == path.read_bytes()
    seal(tmp_path, name(1), "zstd")
    assert len(list(select_lines(segments(tmp_path)).lines())) == 3
