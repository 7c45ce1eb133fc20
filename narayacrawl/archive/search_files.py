"""Name the files of the search index that stands beside a portal's segments, guard them, and take them away.

The index is made of the segments whenever somebody searches, so it may be deleted at any time; it must be where an
article is removed, for it holds the texts.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from narayacrawl.ledger.database import PortalBusy

INDEX: Final = ".search.db"
LOCK: Final = ".search.lock"
WAIT: Final = 30.0
"""Seconds that a removal waits for a search: a long time only where an archive is read for the first time."""


@contextmanager
def index_locked(folder: Path, wait: float = WAIT) -> Iterator[None]:
    """Have nobody else read a portal's archive into its index, or take the index away; raise `PortalBusy` where one
    does so for longer than `wait` seconds, -1 for ever."""
    lock = FileLock(folder / LOCK)
    try:
        lock.acquire(timeout=wait)
    except Timeout:
        raise PortalBusy(f"a search reads the archive of {folder.name}: do it again when that has ended") from None
    try:
        yield
    finally:
        lock.release()


def discard_index(folder: Path) -> None:
    """Delete the index; the caller holds its lock."""
    # First the database: without it, SQLite knows that the journal is of none.
    for name in (INDEX, f"{INDEX}-journal"):
        (folder / name).unlink(missing_ok=True)
