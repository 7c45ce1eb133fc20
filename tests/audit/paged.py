"""An archive that keeps its pages, for tests of the audit: made, spoiled, looked through and mended."""

from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from narayacrawl.archive.segment_files import read_lines
from narayacrawl.archive.segments import sealed_segments
from narayacrawl.archive.warc import warcs_of_runs
from narayacrawl.archive.warc_pages import found_warcs
from narayacrawl.archive.warc_records import read_records
from narayacrawl.audit.archive_check import ArchiveContent, check_archive
from narayacrawl.audit.findings import compare
from narayacrawl.audit.page_check import PageCheck
from narayacrawl.audit.repair import repair
from narayacrawl.ledger.database import IN_MEMORY, open_ledger, transaction
from narayacrawl.ledger.rebuild import rebuild
from tests.archived import archive_ledger, article, name, write_segment
from tests.warcs import HOST, Warc, records, told

PORTAL: Final = "portal.example"


def archive(folder: Path) -> None:
    """Three runs that kept pages, with five articles: the second found the page of the first as it was, and read it
    again for another revision; the third has an edit of the third."""
    own = folder / PORTAL
    first = Warc(own, 1)
    for number in (1, 2, 3):
        first.page(number, "x")
    first.seal()
    digest = next(record.field("WARC-Payload-Digest") for record in records(own) if record.type == "response")
    second = Warc(own, 2)
    second.revisit("/1/", digest, "identical-payload-digest")
    second.page(4)
    second.seal()
    third = Warc(own, 3)
    third.page(3, "edited", revision=2)
    third.page(5)
    third.seal()
    moments = {run: f"2025-11-01T{run:02}:30:00+00:00" for run in (1, 2, 3)}
    write_segment(own, 1, [article(number, fetched_at=moments[1]) for number in (1, 2, 3)])
    write_segment(own, 2, [article(1, revision=2, fetched_at=moments[2]), article(4, fetched_at=moments[2])])
    write_segment(own, 3, [article(3, revision=2, fetched_at=moments[3]), article(5, fetched_at=moments[3])])
    with archive_ledger(folder) as connection:
        lines = {segment: read_lines(path) for segment, path in sealed_segments(own).items()}
        rebuild(connection, PORTAL, lines, (), found_warcs(own))


def checked(connection: Connection, folder: Path, *, can_fetch: bool = False) -> ArchiveContent:
    check = PageCheck(connection, PORTAL, folder / PORTAL, can_fetch=can_fetch)
    check.check_files()
    return check_archive(connection, PORTAL, folder / PORTAL, None, check)


def found(folder: Path) -> list[str]:
    """What is found of kept pages, a line each, without the folder."""
    with archive_ledger(folder) as connection:
        content = checked(connection, folder)
    assert content.pages is not None
    assert content.damages == []
    root = f"{folder / PORTAL}/"
    return [
        f"{fault.kind} {fault.where}: {fault.reason}".replace(root, "").replace(HOST, "")
        for fault in content.pages.faults
    ]


def mend(folder: Path) -> None:
    names = open_ledger(IN_MEMORY)
    with archive_ledger(folder) as connection:
        content = checked(connection, folder)
        findings = compare(connection, PORTAL, names, content, {}).findings
        repair(connection, PORTAL, folder / PORTAL, content, findings)
    names.close()


def sql(folder: Path, statement: object) -> None:
    with archive_ledger(folder) as connection, transaction(connection):
        connection.execute(statement)  # type: ignore[call-overload]


def warc(folder: Path, run: int) -> Path:
    return warcs_of_runs(folder / PORTAL)[name(run)]


def metadata(path: Path, number: int) -> int:
    """Where a WARC tells of an article."""
    [offset] = [own.offset for own in read_records(path) if own.type == "metadata" and told(own)["id"] == number]
    return offset


def without(folder: Path, run: int, kind: str, number: int) -> None:
    """Take records away as nobody should, with a manifest that fits."""
    path = warc(folder, run)
    content = path.read_bytes()
    kept = [own for own in read_records(path) if own.type != kind or not own.uri.endswith(f"{HOST}/{number}/")]
    path.write_bytes(b"".join(content[own.offset : own.end] for own in kept))
    path.with_name(f"{name(run)}.warc.manifest.json").unlink()


def flip(folder: Path, run: int, offset: int) -> None:
    path = warc(folder, run)
    content = bytearray(path.read_bytes())
    content[offset + 40 : offset + 44] = b"\0\0\0\0"
    path.write_bytes(content)
