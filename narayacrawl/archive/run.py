"""Open what one run of a portal needs: its lock, its ledger and a segment; close them when the crawl ends."""

import asyncio
import hashlib
import inspect
import logging
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, Self, cast

from filelock import FileLock, Timeout
from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from narayacrawl.archive.failure import output_failed
from narayacrawl.archive.figures import Figures
from narayacrawl.archive.listing import Listing
from narayacrawl.archive.page_guard import PageGuard
from narayacrawl.archive.recovery import recover_archive
from narayacrawl.archive.segment_files import LOCK, ArchiveError
from narayacrawl.archive.segments import (
    archive_folder,
    compression,
    portal_folder,
    recover,
    seal,
    segment_name,
)
from narayacrawl.archive.tombstones import read_tombstones
from narayacrawl.archive.warc import recover_warcs, warc_folder
from narayacrawl.archive.writer import SegmentWriter
from narayacrawl.downloader.downloader import RETRY_AFTER
from narayacrawl.downloader.ending import close_crawl
from narayacrawl.downloader.raw_pages import RawPagesMiddleware
from narayacrawl.ledger.database import IN_MEMORY, LedgerError, PortalBusy, ledger_url, open_ledger
from narayacrawl.ledger.days import fold_old_runs
from narayacrawl.ledger.deaths import record_death
from narayacrawl.ledger.identity import FetchedArticles
from narayacrawl.ledger.ledger import Ledger
from narayacrawl.ledger.portal_timezone import PortalTimezone
from narayacrawl.ledger.portals import keep_retry_after, refuse_before_retry_after
from narayacrawl.ledger.redesign import Redesign, count_held, forget_acceptance
from narayacrawl.ledger.runs import begin_run, end_run, mark_sealed
from narayacrawl.ledger.scope import Scope
from narayacrawl.ledger.tombstones import bury_unknown

if TYPE_CHECKING:
    from narayacrawl.archive.raw_pages import RawPages

logger = logging.getLogger(__name__)


class PortalSpider(Protocol):
    """What a run reads from its spider."""

    name: str
    start_urls: list[str]
    given_arguments: Mapping[str, str]

    @property
    def portal(self) -> str: ...
    @property
    def scope(self) -> Scope: ...


class Run:
    """One run of a portal, as a Scrapy extension: opened before the first request, closed with the engine.

    Without ARCHIVE there is no segment, and the ledger is kept in memory; without LEDGER each run writes every article
    that it finds. Raises `LedgerError` or `ArchiveError`, one line, if another run of the portal is going on
    (`PortalBusy`), if ledger or archive cannot be opened, or if they do not belong together.
    """

    ledger_class: ClassVar[type[Ledger]] = Ledger

    def __init__(self, crawler: Crawler) -> None:
        spider = cast("PortalSpider", crawler.spider)
        self.crawler = crawler
        self.portal = spider.portal
        self.scope = spider.scope
        self.folder: Path | None = None
        """The portal's folder in the archive; None if ARCHIVE is empty."""
        self.segment: SegmentWriter | None = None
        self.raw_pages: RawPages | None = None
        """Its WARC; None if it keeps none."""
        self.compression = compression(crawler.settings)
        archive = archive_folder(crawler.settings)
        self.timezone: PortalTimezone
        """The portal's, the spider's own first."""
        self._held = ExitStack()
        """What is to be given back at the end: the lock, the ledger's connection."""
        with self._held as opening:
            if archive is None:
                if crawler.settings.getbool("WARC"):
                    raise ArchiveError("WARC=1 keeps pages in the archive: set ARCHIVE, too")
                self._open_ledger(IN_MEMORY)
                self.ledger.run = begin_run(self.ledger.connection, self.portal, spider.name, {})
                self.guard = PageGuard(None)
            else:
                try:
                    self._open(archive, spider)
                    self.guard = PageGuard(self.folder)
                except OSError as error:
                    raise ArchiveError(f"archive: {error.strerror}: {error.filename or archive}") from error
            self._held.callback(self.guard.close)
            own_timezone = getattr(spider, "timezone", None)
            self.timezone = PortalTimezone(own_timezone, self.ledger.connection, self.portal)
            self.fetched = FetchedArticles(self.ledger)
            self.redesign = Redesign(self.ledger)
            crawler.stats.set_value("narayacrawl/run", self.ledger.run)
            self.figures = Figures()
            """What its articles are like."""
            self._record_death()
            self._held = opening.pop_all()
        self.awaiting_images = 0
        """How many archived articles wait for their images."""
        self._ended = False
        # Scrapy sends no signal where a component that is made after this one fails: then the crawl's task ends.
        self._task = current_task()
        if self._task is not None:
            self._task.add_done_callback(self._task_done)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        if crawler.spider is None:  # `scrapy shell`: nothing is run
            raise NotConfigured
        run = cls(crawler)
        crawler.signals.connect(run.spider_closed, signal=signals.spider_closed)
        crawler.signals.connect(run.end, signal=signals.engine_stopped)
        return run

    @classmethod
    def of(cls, crawler: Crawler) -> Self:
        """Return the run of a crawl. Raises `NotConfigured` in `scrapy shell`, `LedgerError` if a project turns it
        off."""
        run = crawler.get_extension(cls)
        if run is None and crawler.spider is None:
            raise NotConfigured
        if run is None:
            raise LedgerError("EXTENSIONS turn off the run's ledger: to run without archive and ledger, set ARCHIVE=")
        return run

    def _open(self, archive: Path, spider: PortalSpider) -> None:
        """Lock the portal, recover what a killed run left, and begin a run with its own segment."""
        folder = self.folder = portal_folder(archive, self.portal)
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / LOCK)
        try:
            lock.acquire(blocking=False)
        except Timeout:
            raise PortalBusy(f"another run of {self.portal} is going on (it holds {folder / LOCK})") from None
        self._held.callback(lock.release)
        url = ledger_url(self.crawler.settings["LEDGER"], archive)
        self._open_ledger(url)
        refuse_before_retry_after(self.ledger.connection, self.portal)
        if url == IN_MEMORY:
            recover(folder, None, self.compression)
            recover_warcs(folder, None)
            listing = Listing(folder)
            bury_unknown(self.ledger.connection, self.portal, read_tombstones(folder))
        else:
            listing = recover_archive(self.ledger.connection, self.portal, folder, self.crawler.settings)
        if due := listing.due_for_compaction(f"{datetime.now(UTC):%Y%m}"):
            self.crawler.stats.set_value("narayacrawl/archive/compact_due", due)
        least = listing.last_run + 1
        self.ledger.run = begin_run(self.ledger.connection, self.portal, spider.name, spider.given_arguments, least)
        self.segment = SegmentWriter(folder, segment_name(datetime.now(UTC), self.ledger.run))
        if self.crawler.settings.getbool("WARC"):
            self._keep_raw_pages(folder, self.segment.name, spider)

    def _keep_raw_pages(self, folder: Path, name: str, spider: PortalSpider) -> None:
        """Have every answer kept in a WARC with this name."""
        try:
            from narayacrawl.archive.raw_pages import RawPages, describe_run
        except ImportError as error:
            raise ArchiveError("WARC=1 needs warcio: pip install 'narayacrawl[warc]'") from error
        if warc_folder(folder).is_symlink():
            raise ArchiveError(f"{warc_folder(folder)} is a link: the archive holds files only")
        settings = self.crawler.settings
        info = describe_run(self.ledger, spider.name, spider.given_arguments, settings["USER_AGENT"])
        is_reserved = settings.getbool("RESPECT_NOARCHIVE")
        self.raw_pages = RawPages(
            folder, name, self.ledger, info, spider.start_urls[0], self.fail, waits_for_articles=is_reserved
        )
        self.crawler.signals.connect(self.spider_opened, signal=signals.spider_opened)

    def _open_ledger(self, url: str) -> None:
        connection = open_ledger(url)
        self._held.callback(connection.close)
        self.ledger = self.ledger_class(connection, self.portal, code=code_version(self.crawler.spidercls))

    def _record_death(self) -> None:
        """Record at which article the last run's process died."""
        died_at = self.guard.left_behind
        death = record_death(self.ledger, died_at) if died_at else None
        self.guard.pause()  # it is recorded
        if death is None:
            return
        self.crawler.stats.inc_value("narayacrawl/article/died_at")
        if not death.is_failed:
            logger.info("the last run's process died while it read this (%d in a row): %s", death.deaths, death.url)
            return
        self.crawler.stats.inc_value("narayacrawl/article/failed")
        self.crawler.stats.inc_value("narayacrawl/failed/process_died")
        self.crawler.stats.set_value("narayacrawl/example/failed", death.url)
        logger.error("article not readable (the process dies at it): %s", death.url)

    def fail(self, error: Exception) -> None:
        """End the crawl because the archive or the ledger cannot be written."""
        if isinstance(error, OSError):
            reason = f"{error.strerror}: {error.filename or self.folder}"
        else:
            reason = str(error) if isinstance(error, LedgerError) else f"{type(error).__name__}: {error}"
        output_failed(self.crawler, reason)
        close_crawl(self.crawler, "output_failed")

    def spider_opened(self) -> None:
        """Have the answers come to the WARC."""
        middleware = self.crawler.get_downloader_middleware(RawPagesMiddleware)
        if middleware is not None and self.raw_pages is not None:
            middleware.keep = self.raw_pages.keep

    def spider_closed(self, spider: Spider, reason: str) -> None:
        """Seal the segment, if all of it is acknowledged, and the WARC; tell what a redesign holds back."""
        stats = self.crawler.stats
        self.figures.record(stats)
        if self.segment is None or self.folder is None:
            return
        self.segment.close()
        try:
            self._close_redesign(reason)
            stats.set_value("narayacrawl/ledger/done", self.ledger.count("done"))
            is_valid = not stats.get_value("narayacrawl/output/failed")
            if self.raw_pages is not None:
                self.raw_pages.close(is_valid=is_valid)
                stats.set_value("narayacrawl/warc/bytes", self.raw_pages.writer.size)
            if not self.segment.size or not is_valid:
                return
            seal(self.folder, self.segment.name, self.compression)
            mark_sealed(self.ledger.connection, self.ledger.run)
        except OSError as error:
            output_failed(self.crawler, f"{error.strerror}: {error.filename or self.folder}")
        except (LedgerError, ArchiveError) as error:
            output_failed(self.crawler, str(error))

    def _close_redesign(self, reason: str) -> None:
        self.redesign.close()
        if self.redesign.is_accepted and reason == "finished" and not self.scope.is_partial:
            forget_acceptance(self.ledger)
        held = count_held(self.ledger)
        if not held:
            return
        self.crawler.stats.set_value("narayacrawl/article/held", held)
        if told := self.redesign.tell():
            self.crawler.stats.set_value("narayacrawl/redesign", told)
            logger.error("redesign held back: %s", told)

    def end(self) -> None:
        """Record the run's end with every stat, and unlock the portal; once."""
        if self._ended:
            return
        self._ended = True
        if self._task is not None:
            self._task.remove_done_callback(self._task_done)
        stats = self.crawler.stats
        try:
            if moment := stats.get_value(RETRY_AFTER):
                keep_retry_after(self.ledger.connection, self.portal, moment)
            reason = str(stats.get_value("finish_reason", "not started"))
            end_run(self.ledger.connection, self.ledger.run, reason, stats.get_stats())
            fold_old_runs(self.ledger.connection, self.portal)
        except LedgerError as error:
            output_failed(self.crawler, str(error))
        finally:
            self._held.close()

    def _task_done(self, _: object) -> None:
        self.end()


def current_task() -> "asyncio.Task[Any] | None":
    """Return the task that runs now; None outside of an event loop."""
    try:
        return asyncio.current_task()
    except RuntimeError:
        return None


def code_version(spider_class: type[Spider]) -> str:
    """Return a hash of this package's source and of the spider's module: a change of the code makes it another.

    The source is read from where it is imported: a folder, or the egg that Scrapyd runs.
    """
    digest = hashlib.sha256()
    for source in _sources(files("narayacrawl")):
        digest.update(source.read_bytes())
    with suppress(OSError, TypeError):  # typed in a console: it has no source
        digest.update(inspect.getsource(inspect.getmodule(spider_class) or spider_class).encode())
    return digest.hexdigest()[:12]


def _sources(folder: Traversable) -> Iterator[Traversable]:
    """The Python files of a package, its rooms' too, in an order that is the same wherever they stand."""
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            yield from _sources(entry)
        elif entry.name.endswith(".py"):
            yield entry
