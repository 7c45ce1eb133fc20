"""A ledger that is made anew knows the kept pages again."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select

from narayacrawl.archive.compaction import compact
from narayacrawl.archive.segment_files import read_lines
from narayacrawl.archive.segments import sealed_segments
from narayacrawl.archive.warc_pages import found_warcs
from narayacrawl.archive.warc_records import read_records
from narayacrawl.ledger.database import IN_MEMORY, open_ledger, transaction
from narayacrawl.ledger.rebuild import rebuild
from narayacrawl.ledger.tables import articles, pages, runs
from narayacrawl.ledger.tombstones import Tombstone
from tests.archived import article, name, write_segment
from tests.warcs import HOST, Warc

PORTAL = "portal.example"


@pytest.fixture
def connection() -> Iterator[Connection]:
    connection = open_ledger(IN_MEMORY)
    yield connection
    connection.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two runs with segments and pages, and one that has written no line: its pages are the newest of the second."""
    folder = tmp_path / PORTAL
    for run, numbers in ((1, (1, 2)), (2, (3, 1)), (3, (2,))):
        warc = Warc(folder, run)
        for number in numbers:
            warc.page(number, revision=1 + (run > 1 and number == 1))
        warc.seal()
    write_segment(folder, 1, [article(1), article(2)])
    write_segment(folder, 2, [article(3), article(1, revision=2)])
    return folder


def rebuilt(connection: Connection, folder: Path, *removed: Tombstone) -> list[tuple[Any, ...]]:
    """The newest page of each article: its post id, run, address and moment."""
    lines = {segment: read_lines(path) for segment, path in sealed_segments(folder).items()}
    rebuild(connection, PORTAL, lines, removed, found_warcs(folder))
    columns = (articles.c.post_id, runs.c.segment, pages.c.uri, pages.c.moment)
    joined = select(*columns).join(pages, pages.c.article == articles.c.id).join(runs, runs.c.id == pages.c.run)
    with transaction(connection):
        return [tuple(row) for row in connection.execute(joined.order_by(articles.c.post_id))]


NEWEST = [
    (1, name(2), f"{HOST}/1/", "2025-11-01T02:30:00Z"),
    (2, name(3), f"{HOST}/2/", "2025-11-01T03:30:00Z"),
    (3, name(2), f"{HOST}/3/", "2025-11-01T02:30:00Z"),
]


def test_newest_page_of_each_article_is_found(connection: Connection, folder: Path) -> None:
    assert rebuilt(connection, folder) == NEWEST
    with transaction(connection):
        rows = connection.execute(select(pages.c.record, pages.c.digest, pages.c.offset)).all()
    found = {record.id: record for path in (folder / "warc").glob("*.gz") for record in read_records(path)}
    offsets = {record.field("WARC-Refers-To"): record.offset for record in found.values() if record.type == "metadata"}
    assert [(row.digest, row.offset) for row in rows] == [
        (found[row.record].field("WARC-Payload-Digest"), offsets[row.record]) for row in rows
    ]


def test_files_are_known_as_sealed_with_their_sizes(connection: Connection, folder: Path) -> None:
    rebuilt(connection, folder)
    with transaction(connection):
        columns = (runs.c.segment, runs.c.warc, runs.c.warc_sealed, runs.c.articles, runs.c.sealed)
        rows = [tuple(row) for row in connection.execute(select(*columns).where(runs.c.segment.is_not(None)))]
    sizes = [(folder / "warc" / f"{name(run)}.warc.gz").stat().st_size for run in (1, 2, 3)]
    assert rows == [(name(run), size, 1, 2 if run < 3 else 0, 1) for run, size in zip((1, 2, 3), sizes, strict=True)]


def test_pages_of_a_compacted_month_are_found(connection: Connection, folder: Path) -> None:
    before = {path.name: path.read_bytes() for path in (folder / "warc").iterdir()}
    compact(folder)
    assert rebuilt(connection, folder) == NEWEST
    assert {path.name: path.read_bytes() for path in (folder / "warc").iterdir()} == before


def test_pages_of_a_removed_article_are_not_known(connection: Connection, folder: Path) -> None:
    removed = Tombstone(1, ("portal.example/1?",), "diminta", "2026-01-01T00:00:00+00:00")
    assert rebuilt(connection, folder, removed) == NEWEST[1:]


def test_damaged_record_costs_itself(connection: Connection, folder: Path) -> None:
    path = folder / "warc" / f"{name(3)}.warc.gz"
    path.write_bytes(path.read_bytes()[:-30])
    assert rebuilt(connection, folder) == [NEWEST[0], (2, name(1), f"{HOST}/2/", "2025-11-01T01:30:00Z"), NEWEST[2]]
