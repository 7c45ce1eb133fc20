"""Bring a portal's archive and ledger together before either is changed: complete or undo what a killed run left."""

from pathlib import Path
from typing import Final

from scrapy.settings import BaseSettings
from sqlalchemy import Connection

from narayacrawl.archive.listing import Listing
from narayacrawl.archive.reader import refuse_cut_segments, refuse_unknown_segments, segments_now
from narayacrawl.archive.segment_files import ArchiveError
from narayacrawl.archive.segments import compression, missing, recover
from narayacrawl.archive.selection import read_record
from narayacrawl.archive.tombstones import read_tombstones
from narayacrawl.archive.warc import is_rewriting_unfinished, recover_warcs
from narayacrawl.language.english import counted
from narayacrawl.ledger.former_lengths import lacks_lengths, record_lengths
from narayacrawl.ledger.runs import mark_sealed, mark_warc_sealed, segments_of, unsealed_warcs
from narayacrawl.ledger.tombstones import bury_unknown

MAX_NAMES_SHOWN: Final = 3


def recover_archive(connection: Connection, portal: str, folder: Path, settings: BaseSettings) -> Listing:
    """Seal what earlier runs wrote and the ledger acknowledged, and have the ledger know what was removed; return what
    the folder holds then. The caller holds the portal's lock.

    Raises `ArchiveError` or `LedgerError` if the archive is not the ledger's.
    """
    listing = Listing(folder)
    runs = segments_of(connection, portal)
    refuse_unknown_segments(connection, portal, listing, {row.segment for row in runs})
    unsealed = [row for row in runs if not row.sealed]
    if recover(folder, {row.segment: row.acknowledged for row in unsealed}, compression(settings), listing):
        listing = Listing(folder)
    if absent := missing(folder, (row.segment for row in runs if row.acknowledged), listing):
        names = ", ".join(absent[:MAX_NAMES_SHOWN]) + (", …" if len(absent) > MAX_NAMES_SHOWN else "")
        raise ArchiveError(f"{folder} lacks {counted(len(absent), 'segment')} that the ledger knows: {names}")
    refuse_cut_segments(listing)
    for row in unsealed:
        mark_sealed(connection, row.id)
    if warcs := unsealed_warcs(connection, portal):
        recover_warcs(folder, {row.segment: row.warc for row in warcs})
        for row in warcs:
            mark_warc_sealed(connection, row.id)
    if lacks_lengths(connection, portal):  # once, after an upgrade
        segments = segments_now(folder, settings)
        places = ((line, f"{one.path}:{number}") for one in segments for number, line in enumerate(one.lines(), 1))
        record_lengths(connection, portal, (read_record(line, place) for line, place in places))
    bury_unknown(connection, portal, read_tombstones(folder))
    if is_rewriting_unfinished(folder):
        from narayacrawl.archive.warc_rewriting import complete_removal  # else no run needs it

        complete_removal(connection, portal, folder)
    return listing
