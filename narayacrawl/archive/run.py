"""A run's ledger and its part of the archive: opened before the first request, closed with every stat of the run."""

import hashlib
import inspect
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar, Final, Self

from filelock import FileLock, Timeout
from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from narayacrawl.archive.failure import close, output_failed
from narayacrawl.archive.reader import refuse_strange, snapshot
from narayacrawl.archive.segment_files import LOCK, ArchiveError
from narayacrawl.archive.segments import (
    archive_folder,
    compression,
    last_run,
    missing,
    portal_folder,
    recover,
    seal,
    segment_name,
)
from narayacrawl.archive.writer import SegmentExporter
from narayacrawl.language.english import counted
from narayacrawl.ledger.identity import Claim
from narayacrawl.ledger.ledger import Ledger
from narayacrawl.ledger.runs import begin_run, end_run, note_sealed, segments_of
from narayacrawl.ledger.tables import IN_MEMORY, LedgerError, ledger_url, open_ledger

SHOWN: Final = 3


class RunLedger:
    """The ledger of the spider's portal and the segment of its run (`ledger`, `segment`), and what becomes of the
    articles that are not written.

    Without ARCHIVE there is no segment, and the ledger is one in memory; without LEDGER every run writes all it finds.
    `LedgerError` or `ArchiveError`, one line, when it is made: another run of the portal going on, a ledger or archive
    that cannot be used or does not belong to the other.
    """

    ledger_class: ClassVar[type[Ledger]] = Ledger

    def __init__(self, crawler: Crawler) -> None:
        assert crawler.spider is not None
        self.crawler = crawler
        spider = crawler.spider
        self.portal: str = getattr(spider, "portal", spider.name)
        self.folder: Path | None = None
        """The portal's folder in the archive; None where ARCHIVE is empty."""
        self.segment: SegmentExporter | None = None
        self.compression = compression(crawler.settings)
        archive = archive_folder(crawler.settings)
        if archive is None:
            self.ledger = self._ledger(IN_MEMORY)
            self.ledger.run = begin_run(self.ledger.connection, self.portal, spider.name, {})
            return
        try:
            self._open(archive, portal_folder(archive, self.portal))
        except OSError as error:
            raise ArchiveError(f"archive: {error.strerror}: {error.filename or archive}") from error

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        extension = cls(crawler)
        for handler, signal in (
            (extension.item_dropped, signals.item_dropped),
            (extension.item_error, signals.item_error),
            (extension.spider_error, signals.spider_error),
            (extension.spider_closed, signals.spider_closed),
            (extension.engine_stopped, signals.engine_stopped),
        ):
            crawler.signals.connect(handler, signal=signal)
        return extension

    @classmethod
    def of(cls, crawler: Crawler) -> Self:
        """That of a crawl."""
        run_ledger = crawler.get_extension(cls)
        assert run_ledger is not None, "EXTENSIONS lack the run's ledger"
        return run_ledger

    def _open(self, archive: Path, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._lock = FileLock(folder / LOCK)
        try:
            self._lock.acquire(blocking=False)
        except Timeout:
            raise LedgerError(f"another run of {self.portal} is going on (it holds {folder / LOCK})") from None
        url = ledger_url(self.crawler.settings["LEDGER"], archive)
        self.ledger = self._ledger(url)
        connection = self.ledger.connection
        runs = segments_of(connection, self.portal)
        if url == IN_MEMORY:
            recover(folder, None, self.compression)
        else:
            refuse_strange(connection, self.portal, folder)
            unsealed = [row for row in runs if not row.sealed]
            recover(folder, {row.segment: row.acknowledged for row in unsealed}, self.compression)
            if lost := missing(folder, [row.segment for row in runs if row.acknowledged]):
                names = ", ".join(lost[:SHOWN]) + (", …" if len(lost) > SHOWN else "")
                raise ArchiveError(f"{folder} lacks {counted(len(lost), 'segment')} that the ledger knows: {names}")
            snapshot(folder, self.crawler.settings)
            for row in unsealed:
                note_sealed(connection, row.id)
        spider = self.crawler.spider
        assert spider is not None
        given = getattr(spider, "given", {})
        self.ledger.run = begin_run(connection, self.portal, spider.name, given, last_run(folder) + 1)
        name = segment_name(datetime.now(UTC), self.ledger.run)
        self.segment = SegmentExporter(folder, name)

    def _ledger(self, url: str) -> Ledger:
        arguments: Any = getattr(self.crawler.spider, "arguments", None)
        ledger = self.ledger_class(open_ledger(url), self.portal, code=code_version(self.crawler.spidercls))
        if arguments is not None:
            ledger.is_full = arguments.full or bool(arguments.urls)
            ledger.is_partial = bool(arguments.section or arguments.urls or arguments.since or arguments.until)
            ledger.is_list = bool(arguments.urls)
            ledger.since, ledger.until = arguments.since, arguments.until
        return ledger

    # What becomes of articles that are not written

    def claim_of(self, item: Any) -> Claim | None:  # noqa: ANN401 - whatever Scrapy takes for an item
        """What the ledger knows of an item's article; None for an item that is none."""
        return self.ledger.claims.get(getattr(item, "url", ""))

    def item_dropped(self, item: Any, exception: Exception) -> None:  # noqa: ANN401
        reason: str = getattr(exception, "reason", "other")
        claim = self.claim_of(item)
        if claim is None:
            return
        del self.ledger.claims[claim.url]
        if reason in ("outside_window", "over_limit"):
            self._settle(lambda: self.ledger.release(claim.article, item.date))
        else:
            self._settle(lambda: self.ledger.reject(claim.article, reason))

    def item_error(self, item: Any) -> None:  # noqa: ANN401
        if claim := self.claim_of(item):
            del self.ledger.claims[claim.url]
            self._settle(lambda: self.ledger.fail(claim.article, "a pipeline crashed"))

    def spider_error(self, failure: Failure, response: Response | Failure | None) -> None:
        request: Request | None = getattr(response, "request", None)
        article = request.cb_kwargs.get("article") if request else None
        if article is not None:
            self.ledger.drop_claim(article)
            self._settle(lambda: self.ledger.fail(article, f"the spider crashed: {type(failure.value).__name__}"))

    def _settle(self, settle: Callable[[], None]) -> None:
        # Scrapy only logs what a signal's handler raises.
        try:
            settle()
        except LedgerError as error:
            self.fail(error)

    def fail(self, error: Exception) -> None:
        """End the crawl: the archive or the ledger cannot be written."""
        if isinstance(error, OSError):
            reason = f"{error.strerror}: {error.filename or self.folder}"
        else:
            reason = str(error) if isinstance(error, LedgerError) else f"{type(error).__name__}: {error}"
        output_failed(self.crawler, reason)
        close(self.crawler)

    # The end

    def spider_closed(self, spider: Spider) -> None:
        """Seal the segment, if all of it is acknowledged."""
        stats = self.crawler.stats
        if self.segment is None or self.folder is None:
            return
        self.segment.close()
        try:
            stats.set_value("narayacrawl/ledger/done", self.ledger.count("done"))
            if not self.segment.size or stats.get_value("narayacrawl/output/failed"):
                return
            seal(self.folder, self.segment.name, self.compression)
            note_sealed(self.ledger.connection, self.ledger.run)
        except OSError as error:
            output_failed(self.crawler, f"{error.strerror}: {error.filename or self.folder}")
        except (LedgerError, ArchiveError) as error:
            output_failed(self.crawler, str(error))

    def engine_stopped(self) -> None:
        """Note the run's end with every stat."""
        stats = self.crawler.stats
        try:
            end_run(self.ledger.connection, self.ledger.run, str(stats.get_value("finish_reason")), stats.get_stats())
        except LedgerError as error:
            output_failed(self.crawler, str(error))
        self.ledger.connection.close()
        if self.folder is not None:
            self._lock.release()


def code_version(spider_class: type[Spider]) -> str:
    """What changes with any line of this package or of the spider's own file."""
    files = sorted(Path(__file__).parents[1].rglob("*.py"))
    if own := inspect.getsourcefile(spider_class):
        files.append(Path(own))
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:12]
