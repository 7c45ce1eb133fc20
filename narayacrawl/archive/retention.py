"""Delete the files of kept pages that hold no article's newest page."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, select, update

from narayacrawl.archive.segment_files import sync
from narayacrawl.archive.warc import MANIFEST, WARC, run_of, warc_folder, warcs_of_runs
from narayacrawl.ledger.database import transaction
from narayacrawl.ledger.tables import pages, runs


@dataclass(slots=True)
class Pruned:
    """What was deleted, and what was left."""

    files: int = 0
    bytes: int = 0
    left: int = 0
    """How many files hold the newest page of an article."""


def prune_warcs(connection: Connection, portal: str, folder: Path) -> Pruned:
    """Delete the sealed WARCs of a portal that hold no article's newest page; the caller holds the portal's lock and
    has recovered the archive. What the ledger does not know is left. Interrupted, it is to be done again."""
    with transaction(connection):
        sealed = (runs.c.portal == portal, runs.c.warc.is_not(None), runs.c.warc_sealed == 1)
        used = {*connection.execute(select(pages.c.run).distinct()).scalars()}
        known = connection.execute(select(runs.c.id, runs.c.segment).where(*sealed)).all()
    pruned, unused, files = Pruned(), [], warcs_of_runs(folder)
    for run, segment in known:
        path = files.get(run_of(segment))
        if run in used:
            pruned.left += 1
            continue
        unused.append(run)
        if path is not None:
            pruned.files, pruned.bytes = pruned.files + 1, pruned.bytes + path.stat().st_size
            path.with_name(path.name.replace(WARC, MANIFEST)).unlink(missing_ok=True)
            path.unlink()
    if pruned.files:
        sync(warc_folder(folder))
    with transaction(connection):
        for run in unused:
            connection.execute(update(runs).where(runs.c.id == run).values(warc=None, warc_sealed=0))
    return pruned
