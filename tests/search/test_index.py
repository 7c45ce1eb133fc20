"""The index says what the archive says, whatever was done to the archive, and reads each line once."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import orjson
import pytest
from scrapy.settings import BaseSettings

from narayacrawl.archive import selection
from narayacrawl.archive.compaction import compact
from narayacrawl.archive.reader import segments_now
from narayacrawl.archive.removal import remove_article
from narayacrawl.archive.search_files import INDEX, discard_index, index_locked
from narayacrawl.archive.segment_files import ArchiveError
from narayacrawl.archive.segments import recover, seal, sealed_segments
from narayacrawl.archive.selection import select_lines
from narayacrawl.items import Article
from narayacrawl.ledger.database import IN_MEMORY, PortalBusy, open_ledger
from narayacrawl.search import index
from narayacrawl.search.index import SearchError, SearchIndex
from tests.archived import article, name, write_part, write_segment

SETTINGS = BaseSettings({"LEDGER": ""})


def own(number: int, revision: int = 1, **changes: Any) -> Article:
    """An article with a word that only this revision of it has."""
    return article(number, revision=revision, body=f"kata{number}r{revision} sungai", **changes)


@contextmanager
def updated(folder: Path, **options: Any) -> Iterator[SearchIndex]:
    with closing(SearchIndex(folder, SETTINGS, **options)) as opened:
        opened.update()
        yield opened


def lines_of(opened: SearchIndex, query: str) -> list[bytes]:
    return sorted(found.line for found in opened.search(query))


def assert_is_archive(folder: Path) -> None:
    """Each article is found by the words of its last revision, and by no other."""
    last = sorted(select_lines(segments_now(folder, SETTINGS)).lines())
    with updated(folder) as opened:
        assert lines_of(opened, "sungai") == last
        for line in last:
            assert lines_of(opened, f'"{orjson.loads(line)["body"]}"') == [line]
        former = [f"kata{number}r{revision}" for number in range(9) for revision in range(9)]
        now = {orjson.loads(line)["body"].split()[0] for line in last}
        assert [word for word in former if opened.count(word) and word not in now] == []


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The places of the lines that were read into the index."""
    places: list[str] = []

    def read_record(line: bytes, place: str) -> dict[str, Any]:
        places.append(place.rpartition("/")[2])
        return selection.read_record(line, place)

    monkeypatch.setattr("narayacrawl.search.index.read_record", read_record)
    return places


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two sealed segments that were read, and one that is written."""
    own_folder = tmp_path / "portal"
    write_segment(own_folder, 1, [own(1), own(2, id=None)])
    write_segment(own_folder, 2, [own(1, 2), own(3)])
    write_part(own_folder, 3, [own(4)])
    assert_is_archive(own_folder)
    return own_folder


def grow(folder: Path) -> None:
    part = folder / f"{name(3)}.jsonl.part"
    before = part.read_bytes()
    part.unlink()
    write_part(folder, 3, [own(4, 2), own(5)])
    part.write_bytes(before + part.read_bytes())


def remove(folder: Path, number: int = 3) -> None:
    recover(folder, None)
    with closing(open_ledger(IN_MEMORY)) as connection:
        remove_article(connection, "portal", folder, f"https://portal.example/{number}/", "diminta")


def cut(folder: Path) -> None:
    """As an audit repairs a segment of which a line is damaged."""
    path = sealed_segments(folder)[name(2)]
    path.write_bytes(path.read_bytes().splitlines(keepends=True)[0])
    (folder / f"{name(2)}.manifest.json").unlink()
    recover(folder, None)


def seal_last(folder: Path, compression: str = "") -> None:
    seal(folder, name(3), compression)


def grow_and_seal(folder: Path) -> None:
    grow(folder)
    seal_last(folder, "zstd")


def seal_and_merge(folder: Path) -> None:
    seal_last(folder)
    compact(folder, "gzip")


def run_and_merge(folder: Path) -> None:
    write_segment(folder, 4, [own(6)])
    compact(folder)


def merge(folder: Path) -> None:
    compact(folder)


CHANGES: Sequence[tuple[str, Callable[[Path], object], int]] = [
    ("nothing", lambda folder: None, 0),
    ("another run", lambda folder: write_segment(folder, 4, [own(3, 2), own(6)]), 2),
    ("the run goes on", grow, 2),
    ("the run ends", seal_last, 0),
    ("the run goes on and ends, compressed", grow_and_seal, 2),
    ("a month is merged", merge, 0),
    ("all is merged", seal_and_merge, 0),
    ("another run, and a merge beside one that is not sealed", run_and_merge, 6),
    ("an article is removed", remove, 4),
    ("another article is removed", lambda folder: remove(folder, 2), 4),
    ("a segment is cut", cut, 4),
    ("a segment is lost", lambda folder: sealed_segments(folder)[name(2)].unlink(), 3),
    ("a segment comes back", lambda folder: write_segment(folder, 0, [own(7)]), 6),
    ("the index is deleted", lambda folder: (folder / INDEX).unlink(), 5),
    ("the index is none", lambda folder: (folder / INDEX).write_bytes(b"bukan basis data" * 999), 5),
    ("the index is empty", lambda folder: (folder / INDEX).write_bytes(b""), 5),
    ("the index is of another version", lambda folder: sql(folder, "PRAGMA user_version = 99"), 5),
]


def sql(folder: Path, statement: str) -> None:
    with closing(sqlite3.connect(folder / INDEX)) as connection, connection:
        connection.execute(statement)


@pytest.mark.parametrize(("change", "lines"), [row[1:] for row in CHANGES], ids=[row[0] for row in CHANGES])
def test_index_follows_the_archive(change: Callable[[Path], object], lines: int, folder: Path, read: list[str]) -> None:
    change(folder)
    assert_is_archive(folder)
    assert len(read) == lines
    read.clear()
    assert_is_archive(folder)
    assert read == []


def test_month_that_was_merged_with_what_was_not_read_is_read_alone(tmp_path: Path, read: list[str]) -> None:
    folder = tmp_path / "portal"
    for run, month in ((1, 9), (2, 10), (3, 10), (4, 11), (5, 11)):
        write_segment(folder, run, [own(1, run), own(run + 1)], month=month)
    assert_is_archive(folder)
    read.clear()
    write_segment(folder, 6, [own(1, 6), own(7)])
    compact(folder)
    assert_is_archive(folder)
    assert {place.partition(":")[0] for place in read} == {"202511-000004-000006.jsonl"}
    assert len(read) == 6


def test_changes_one_after_the_other_are_followed(tmp_path: Path) -> None:
    folder = tmp_path / "portal"
    write_segment(folder, 1, [own(1), own(3)], month=10)
    assert_is_archive(folder)
    write_segment(folder, 2, [own(1, 2)], month=10)
    compact(folder)
    write_part(folder, 3, [own(4)])
    assert_is_archive(folder)
    grow(folder)
    seal(folder, name(3), "gzip")
    write_segment(folder, 4, [own(5, 2)])
    compact(folder)
    assert_is_archive(folder)
    remove(folder, 4)
    assert_is_archive(folder)
    write_segment(folder, 5, [own(8)])
    compact(folder)
    assert_is_archive(folder)


def test_removed_article_is_not_in_the_file(folder: Path) -> None:
    """Not even among what SQLite has freed."""
    write_segment(folder, 4, [own(6, title="Rahasia keluarga")])
    assert_is_archive(folder)
    remove(folder, 6)
    assert not (folder / INDEX).exists()
    assert_is_archive(folder)
    assert b"rahasia" not in (folder / INDEX).read_bytes().lower()


def test_removal_waits_for_a_search_that_reads(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("narayacrawl.archive.removal.index_locked", lambda folder: index_locked(folder, wait=0))
    with index_locked(folder), pytest.raises(PortalBusy, match="a search reads the archive of portal: do it again"):
        remove(folder)
    assert (folder / INDEX).exists()


def test_search_goes_on_with_what_it_holds_when_the_index_is_taken_away(folder: Path) -> None:
    with updated(folder) as opened:
        opened.hold()
        before = opened.count("sungai")
        discard_index(folder)
        assert_is_archive(folder)
        assert len(lines_of(opened, "sungai")) == before == 4


@pytest.mark.parametrize("kept", [1, 2, 3, 4, 5, 6, 7])
def test_update_that_is_killed_goes_on_where_it_was(
    kept: int, folder: Path, read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write_segment(folder, 4, [own(number) for number in range(3, 10)])
    monkeypatch.setattr(index, "LINES_AT_ONCE", 2)
    real, added = SearchIndex._add, iter(range(kept))

    def add(self: SearchIndex, line: bytes, record: dict[str, Any]) -> None:
        if next(added, None) is None:
            raise KeyboardInterrupt
        real(self, line, record)

    with monkeypatch.context() as patched:
        patched.setattr(SearchIndex, "_add", add)
        try:
            with updated(folder):
                pass
        except KeyboardInterrupt:
            pass
    read.clear()
    assert_is_archive(folder)
    assert len(read) == 7 - kept // 2 * 2 if kept < 7 else read == []


def test_segment_that_is_renamed_meanwhile_is_read_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_segment(folder, 4, [own(6)])
    real, changes = SearchIndex._read, iter([merge])

    def read_segment(self: SearchIndex, segment: Any, work: Any) -> None:
        for change in changes:
            change(folder)
        real(self, segment, work)

    monkeypatch.setattr(SearchIndex, "_read", read_segment)
    assert_is_archive(folder)


def test_line_that_is_no_record_is_told_with_its_place(folder: Path) -> None:
    part = folder / f"{name(3)}.jsonl.part"
    part.write_bytes(part.read_bytes() + b"{}\n")
    with pytest.raises(ArchiveError, match=rf"{part}:2: not a record"), updated(folder):
        pass


def test_full_disk_is_told_and_the_index_kept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_segment(folder, 4, [own(6)])

    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(SearchIndex, "_add", full)
        with pytest.raises(SearchError, match=rf"{INDEX}: database or disk is full"), updated(folder):
            pass
    assert_is_archive(folder)


def test_folder_that_cannot_be_written_is_searched_from_elsewhere(folder: Path, tmp_path: Path) -> None:
    (folder / INDEX).unlink()
    place = tmp_path / "elsewhere"
    place.mkdir()
    with updated(folder, place=place) as opened:
        assert opened.count("sungai") == 4
    assert not (folder / INDEX).exists()


# What is found


def test_days_are_the_portals(tmp_path: Path) -> None:
    write_segment(
        tmp_path, 1, [own(1), own(2, date="2025-12-01T00:30:00+09:00"), own(3, date="2025-12-02T07:00:00+07:00")]
    )
    with updated(tmp_path) as opened:
        days = date(2025, 12, 1), date(2025, 12, 1)
        assert opened.count("sungai", *days) == 1
        [found] = opened.search("sungai", *days)
        assert orjson.loads(found.line)["id"] == 2
        assert opened.count("sungai", days[0]) == 2
        assert opened.count("sungai", None, days[1]) == 2


def test_title_counts_more_than_tag_and_tag_more_than_text(tmp_path: Path) -> None:
    filled = {"title": "Kabar pagi", "tags": ["muara"], "body": "Air naik di hilir."}
    articles = [
        article(1, **filled | {"body": "Gabah naik di hilir."}),
        article(2, **filled | {"tags": ["gabah"]}),
        article(3, **filled | {"title": "Gabah pagi"}),
        *(article(number, **filled) for number in range(4, 12)),
    ]
    write_segment(tmp_path, 1, articles)
    with updated(tmp_path) as opened:
        assert [orjson.loads(found.line)["id"] for found in opened.search("gabah")] == [3, 2, 1]
