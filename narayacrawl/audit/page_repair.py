"""Repair the files of kept pages, and have the ledger know the newest page of each article again."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from sqlalchemy import Connection, delete, update

from narayacrawl.archive.warc import PART, WARC, recover_warcs, warc_folder, warcs_of_runs, write_warc_manifest
from narayacrawl.archive.warc_pages import found_pages
from narayacrawl.archive.warc_records import read_records
from narayacrawl.archive.warc_rewriting import rewrite
from narayacrawl.audit.damaged_copies import keep_copy
from narayacrawl.audit.page_check import Mending, PageCheck, PageFault
from narayacrawl.ledger.database import transaction
from narayacrawl.ledger.discovery import batches
from narayacrawl.ledger.rebuild import record_pages
from narayacrawl.ledger.runs import mark_warc_sealed, unsealed_warcs
from narayacrawl.ledger.tables import pages, runs


def repair_pages(connection: Connection, portal: str, folder: Path, faults: Sequence[PageFault]) -> None:
    """Seal what was left unsealed, write damaged WARCs anew without what cannot be read, and make the ledger's list of
    the newest pages from what they hold then. A copy of each is kept. May be interrupted at any moment."""
    for run in _runs(faults, "run"):
        _update_run(connection, portal, run, {"warc": None, "warc_sealed": 0})
    for row in unsealed_warcs(connection, portal):
        part = warc_folder(folder) / f"{row.segment}{PART}"
        if part.exists() and part.stat().st_size < row.warc:  # as much as there is
            ends = [record.end for record in read_records(part, damaged=lambda *_: None)]
            _update_run(connection, portal, row.segment, {"warc": max(ends, default=0)})
    if unsealed := unsealed_warcs(connection, portal):
        recover_warcs(folder, {row.segment: row.warc for row in unsealed})
        for row in unsealed:
            mark_warc_sealed(connection, row.id)
    for run in _runs(faults, "records"):
        is_sealed_now = any(row.segment == run for row in unsealed)  # what was cut off of it is damaged no more
        if (path := warcs_of_runs(folder).get(run)) and not is_sealed_now:
            keep_copy(folder, path)
            rewrite(connection, portal, folder, path, lambda own: None if own.mismatch() else own)
    for run in _runs(faults, "manifest"):
        if path := warcs_of_runs(folder).get(run):
            write_warc_manifest(folder, path.name.removesuffix(WARC))
    _renew_rows(connection, portal, folder)


def _runs(faults: Iterable[PageFault], mending: Mending) -> list[str]:
    return list(dict.fromkeys(fault.run for fault in faults if fault.mending == mending))


def _update_run(connection: Connection, portal: str, run: str, values: dict[str, int | None]) -> None:
    is_it = (runs.c.portal == portal, runs.c.segment.like(f"{run}%"), runs.c.warc.is_not(None))
    with transaction(connection):
        connection.execute(update(runs).where(*is_it).values(values))


def _renew_rows(connection: Connection, portal: str, folder: Path) -> None:
    """Find the newest page of each article of which the ledger knows another one, or one that is not there."""
    check = PageCheck(connection, portal, folder)
    check.check_files()
    check.check_rows()
    lacking = {own.article for own in check.faults if own.mending == "row" and own.article is not None}
    if not lacking:
        return
    with transaction(connection):
        for batch in batches(sorted(lacking)):
            connection.execute(delete(pages).where(pages.c.article.in_(batch)))
        for name, row in sorted(check.keeping.items()):  # oldest first
            path = warcs_of_runs(folder).get(name) or warc_folder(folder) / f"{name}{PART}"
            if path.exists():
                record_pages(connection, portal, row.id, found_pages(path, lambda *_: None), lacking)
