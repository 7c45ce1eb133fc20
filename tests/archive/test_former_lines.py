"""An archive of segments that an earlier version wrote, whose lines lack fields, and of segments of today."""

import json
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet
from scrapy.settings import Settings
from sqlalchemy import select

import narayacrawl
from narayacrawl.archive.compaction import compact
from narayacrawl.archive.diff import changes
from narayacrawl.archive.reader import segments_now
from narayacrawl.archive.segment_files import read_lines
from narayacrawl.archive.segments import seal, sealed_segments
from narayacrawl.archive.selection import select_lines
from narayacrawl.archive.writer import SegmentWriter, segment_line
from narayacrawl.exporters.files import write_all
from narayacrawl.exporters.parquet import ParquetFile
from narayacrawl.items import Article, Media, digest
from narayacrawl.ledger.database import IN_MEMORY, open_ledger, transaction
from narayacrawl.ledger.rebuild import rebuild
from narayacrawl.ledger.tables import articles
from tests.archived import all_lines, article, name, write_segment

ADDED = ("site_name", "standfirst", "date_precision", "sections", "words", "media", "free", "change")
OWN: dict[str, Any] = {
    "site_name": "Portal Muara",
    "standfirst": "Ringkas.",
    "sections": ["Kabar", "Daerah"],
    "media": [Media("video", "https://portal.example/a.mp4")],
    "free": False,
    "change": "edit",
}
FORMER, REVISED, NEW = article(1), article(1, title="Dermaga beton selesai", revision=2, **OWN), article(3, **OWN)
UNCHANGED = article(2)


def former_line(own: Article) -> bytes:
    """The line of an article as it was written before there were these fields."""
    record = json.loads(segment_line(own))
    return json.dumps({key: value for key, value in record.items() if key not in ADDED}).encode() + b"\n"


@pytest.fixture(params=["", "gzip"])
def folder(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """One segment without the fields, one with them, that also holds an edit of an article of the first."""
    folder = tmp_path / "portal.example"
    folder.mkdir()
    writer = SegmentWriter(folder, name(1))
    writer.append([former_line(FORMER), former_line(UNCHANGED)])
    writer.close()
    seal(folder, name(1), request.param)
    write_segment(folder, 2, [REVISED, NEW])
    return folder


def parquet_rows(folder: Path, file: Path) -> list[dict[str, Any]]:
    selection = select_lines(segments_now(folder, Settings({"LEDGER": ""})), all_revisions=True)
    write_all(selection.lines(), [lambda: ParquetFile(file)], [])
    rows: list[dict[str, Any]] = parquet.read_table(file).to_pylist()
    return rows


def values(record: dict[str, Any]) -> dict[str, Any]:
    return {field: record[field] for field in ADDED}


def test_the_last_revisions_are_read_with_the_fields_none_or_empty(folder: Path) -> None:
    lacking = {"site_name": None, "standfirst": None, "date_precision": None, "words": None, "free": None}
    lacking["change"] = None
    [unchanged, revised, new] = narayacrawl.read(folder)
    assert (revised, new) == (REVISED, NEW)
    assert {field: getattr(unchanged, field) for field in ADDED} == {**lacking, "sections": [], "media": []}
    assert (unchanged.title, unchanged.body) == (UNCHANGED.title, UNCHANGED.body)


@pytest.mark.parametrize("is_compacted", [False, True])
def test_parquet_has_the_fields_null_where_a_line_lacks_them(folder: Path, tmp_path: Path, is_compacted: bool) -> None:
    if is_compacted:
        compact(folder)
        assert len(sealed_segments(folder)) == 1
    former, unchanged, revised, new = parquet_rows(folder, tmp_path / "a.parquet")
    assert values(former) == values(unchanged) == dict.fromkeys(ADDED)
    told = {**OWN, "date_precision": "second", "words": 9, "media": [{"kind": "video", "url": OWN["media"][0].url}]}
    assert values(revised) == values(new) == told
    assert [row["title"] for row in (former, unchanged)] == [FORMER.title, UNCHANGED.title]


def test_compaction_and_json_lines_keep_every_line_as_it_was_written(folder: Path) -> None:
    lines = all_lines(folder)
    compact(folder, "zstd")
    [merged] = sealed_segments(folder).values()
    assert [*read_lines(merged)] == lines
    assert lines[1] == former_line(UNCHANGED).rstrip()
    selection = select_lines(segments_now(folder, Settings({"LEDGER": ""})))
    assert [*selection.lines()] == [lines[1], *lines[2:]]


def test_a_ledger_is_rebuilt_from_both(folder: Path) -> None:
    connection = open_ledger(IN_MEMORY)
    segments = {segment: read_lines(path) for segment, path in sealed_segments(folder).items()}
    assert rebuild(connection, "portal.example", segments) == 3
    columns = (articles.c.post_id, articles.c.revision, articles.c.date_precision, articles.c.hash)
    with transaction(connection):
        rows = [tuple(row) for row in connection.execute(select(*columns).order_by(articles.c.post_id))]
    hashes = [digest(own.title, own.date, own.body) for own in (REVISED, UNCHANGED, NEW)]
    assert rows == [(1, 2, "second", hashes[0]), (2, 1, None, hashes[1]), (3, 1, "second", hashes[2])]


def test_between_two_revisions_the_added_fields_are_no_change(folder: Path) -> None:
    former, _, revised, _ = map(json.loads, all_lines(folder))
    assert [change.field for change in changes(former, revised)] == ["title"]
