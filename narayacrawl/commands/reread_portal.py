"""What `scrapy reread PORTAL` does: report what reading a portal's kept pages again would change, or write it."""

import logging
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from scrapy import Spider
from scrapy.exceptions import UsageError
from scrapy.settings import BaseSettings
from scrapy.spiderloader import SpiderLoaderProtocol
from sqlalchemy import Connection

from narayacrawl.archive.run import code_version
from narayacrawl.archive.segments import archive_folder, portal_folder
from narayacrawl.commands.portal_names import ANY_PORTAL
from narayacrawl.commands.work_shown import WorkShown
from narayacrawl.extensions.progress import Work
from narayacrawl.ledger.database import ledger_url, open_ledger, read_ledger
from narayacrawl.ledger.days import REPAIRS
from narayacrawl.ledger.rereads import spider_of
from narayacrawl.ledger.runs import portals_of
from narayacrawl.monitors.outcome import FAILED, GOOD, Outcome
from narayacrawl.reread.comparison import Result, Unread
from narayacrawl.reread.findings import Findings, print_findings, summary
from narayacrawl.reread.page_reader import PortalRules
from narayacrawl.reread.portal_archive import NO_PAGE, PortalArchive, find_newest
from narayacrawl.reread.reading import NotRead
from narayacrawl.reread.rewrite import FINISHED, RewriteRun, locked
from narayacrawl.reread.workers import read_all

logger = logging.getLogger(__name__)


@dataclass
class PortalReread:
    """One call of the command for a portal."""

    settings: BaseSettings
    loader: SpiderLoaderProtocol
    shown: WorkShown
    find_portal: Callable[[str, Collection[str], str], str]
    warcs: Sequence[str]
    """Files to be read instead of those that the archive keeps; none: the archive's own."""

    def execute(self, named: str, *, is_written: bool) -> Outcome:
        """Read the pages of the portal that is named."""
        archive = archive_folder(self.settings)
        assert archive is not None
        url = ledger_url(self.settings["LEDGER"], archive)
        with closing(open_ledger(url, create=False) if is_written else read_ledger(url)) as connection:
            portal = self.find_portal(named, portals_of(connection), "the ledger knows no portal {}")
            folder = portal_folder(archive, portal)
            own = PortalArchive(portal, folder, self.settings, connection)
            spider_class = self._spider_class(connection, portal)
            try:
                if not is_written:
                    return self._report(own, spider_class)
                with locked(portal, folder):
                    return self._write(own, spider_class)
            except OSError as error:
                return Outcome(FAILED, f"{error.filename or folder}: {error.strerror or error}")

    def _spider_class(self, connection: Connection, portal: str) -> type[Spider]:
        """Return the spider that a portal is crawled with."""
        known = self.loader.list()
        names = (portal, spider_of(connection, portal, REPAIRS), ANY_PORTAL)
        if name := next((name for name in names if name in known), None):
            return self.loader.load(name)
        raise UsageError(f"no spider of this project crawls {portal}: its rules are not known")

    def _report(self, archive: PortalArchive, spider_class: type[Spider]) -> Outcome:
        work, findings = Work("articles read"), Findings()
        with self.shown.progress(archive.portal, lambda: work, is_on_stdout=True):
            for result in self._results(archive, spider_class, work):
                findings.add(result)
        print_findings(Console(highlight=False), findings, examples=True)
        return self._outcome(findings, archive, is_written=False)

    def _write(self, archive: PortalArchive, spider_class: type[Spider]) -> Outcome:
        work, findings = Work("articles read"), Findings()
        archive.read_by = code_version(spider_class)
        run = RewriteRun(archive.connection, archive.portal, archive.folder, self.settings, archive.read_by)
        reason = "interrupted"
        try:
            with self.shown.progress(archive.portal, lambda: work, is_on_stdout=True):
                for result in run.write(self._results(archive, spider_class, work)):
                    findings.add(result)
            reason = FINISHED
        finally:
            run.end(reason)
        print_findings(Console(highlight=False), findings, examples=False)
        self.shown.note_on_terminal("archive", str(archive.folder))
        return self._outcome(findings, archive, is_written=True)

    def _results(self, archive: PortalArchive, spider_class: type[Spider], work: Work) -> Iterator[Result]:
        """Read all articles that have a kept page; what cannot be read is logged with its place."""
        if self.warcs:
            work.begin("files looked through", len(self.warcs))
            archive.named = find_newest(work.counted(map(Path, self.warcs)), _tell_broken)
        work.begin("articles read")

        def tell_count(count: int) -> None:
            work.total = count

        kept = (own for own in work.counted(archive.kept(tell_count)) if own is not None)
        for result in read_all(kept, _rules(spider_class)):
            if isinstance(result, Unread):
                logger.warning("not read again (%s): %s: %s", result.reason, result.url, result.why)
            yield result

    @staticmethod
    def _outcome(findings: Findings, archive: PortalArchive, *, is_written: bool) -> Outcome:
        if not findings.read and not findings.unread and archive.passed[NO_PAGE] == archive.passed.total():
            return Outcome(FAILED, f"no article of {archive.portal} has a kept page: they are kept with -s WARC=1")
        line = summary(findings, archive.passed, is_written=is_written)
        return Outcome(FAILED if findings.damaged else GOOD, line)


def _tell_broken(error: NotRead) -> None:
    logger.warning("record not read: %s", error)


def _rules(spider_class: type[Spider]) -> PortalRules:
    """Return how a spider has its portal's pages read."""
    sites = tuple(f"https://{domain}/" for domain in getattr(spider_class, "allowed_domains", None) or ())
    return PortalRules(getattr(spider_class, "article_page", None), sites, getattr(spider_class, "timezone", None))
