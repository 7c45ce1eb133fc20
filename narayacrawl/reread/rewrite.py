"""Write what reading again changes as revisions of a portal's articles, in a run of its own."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout
from scrapy.settings import BaseSettings
from sqlalchemy import Connection

from narayacrawl.archive.recovery import recover_archive
from narayacrawl.archive.segment_files import LOCK
from narayacrawl.archive.segments import compression, seal, segment_name
from narayacrawl.archive.writer import SegmentWriter
from narayacrawl.ledger.database import PortalBusy
from narayacrawl.ledger.days import REREAD
from narayacrawl.ledger.rereads import acknowledge_rereads
from narayacrawl.ledger.runs import begin_run, end_run, mark_sealed, name_segment
from narayacrawl.reread.comparison import Reread, Result

BATCH_SIZE: Final = 50
"""Articles that wait for each other: one fsync then does for all."""
FINISHED: Final = "finished"


@contextmanager
def locked(portal: str, folder: Path) -> Iterator[None]:
    """Keep every run of a portal out; `PortalBusy` where one is going on."""
    try:
        with FileLock(folder / LOCK, blocking=False):
            yield
    except Timeout:
        raise PortalBusy(f"a run of {portal} is going on (it holds {folder / LOCK})") from None


class RewriteRun:
    """One run that writes revisions; the caller holds the portal's lock.

    It may be killed at any moment: a revision counts when its line is on the disk and the ledger has acknowledged it,
    and what was read is passed over by the next one.
    """

    def __init__(
        self, connection: Connection, portal: str, folder: Path, settings: BaseSettings, code: str | None
    ) -> None:
        self.connection = connection
        self.folder = folder
        self.code = code
        self.written = 0
        self._compression = compression(settings)
        listing = recover_archive(connection, portal, folder, settings)
        self.run = begin_run(connection, portal, REREAD, {}, listing.last_run + 1)
        self.segment = SegmentWriter(folder, segment_name(datetime.now(UTC), self.run))
        self._batch: list[Reread] = []

    def write(self, results: Iterable[Result]) -> Iterator[Result]:
        """Write what differs, and pass all on; what is passed on may be waiting for its batch."""
        for result in results:
            if isinstance(result, Reread):
                self._batch.append(result)
            if len(self._batch) >= BATCH_SIZE:
                self._flush()
            yield result
        self._flush()

    def _flush(self) -> None:
        batch, self._batch = self._batch, []
        if not batch:
            return
        lines = [own.new for own in batch if own.new is not None]
        size = None
        if lines:
            if not self.segment.size:
                name_segment(self.connection, self.run, self.segment.name)
            size = self.segment.append(lines)
        values = [own.values | {"article": own.article} for own in batch]
        acknowledge_rereads(self.connection, self.run, self.code, values, size, len(lines))
        self.written += len(lines)

    def end(self, reason: str) -> None:
        """Record the run's end; of one that has finished, all of whose segment is acknowledged, that is sealed. After
        an interruption the next run does it, which cuts off what is not."""
        self.segment.close()
        if self.segment.size and reason == FINISHED:
            seal(self.folder, self.segment.name, self._compression)
            mark_sealed(self.connection, self.run)
        stats = {"narayacrawl/written/reread": self.written} if self.written else {}
        end_run(self.connection, self.run, reason, {"finish_reason": reason, **stats})
