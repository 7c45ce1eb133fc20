"""Read a portal's kept pages again: report what that would change, or write it."""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from scrapy import Spider

from narayacrawl.archive.run import code_version
from narayacrawl.extensions.progress import Work
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
    """One reading of a portal's kept pages."""

    archive: PortalArchive
    spider_class: type[Spider]
    """What the portal is crawled with: its rules are today's."""
    warcs: Sequence[str]
    """Files to be read instead of those that the archive keeps; none: the archive's own."""
    progress: Callable[[Work], AbstractContextManager[Any]]
    """Shows how far the work is."""
    findings: Findings = field(default_factory=Findings)

    def report(self) -> Outcome:
        """Print what would change; nothing is written."""
        self._read(lambda results: results)
        print_findings(Console(highlight=False), self.findings, examples=True)
        return self._outcome(is_written=False)

    def write(self) -> Outcome:
        """Write what differs, in a run of its own. Raises `PortalBusy` where one is going on."""
        archive = self.archive
        with locked(archive.portal, archive.folder):
            archive.read_by = None if self.warcs else code_version(self.spider_class)
            run = RewriteRun(archive.connection, archive.portal, archive.folder, archive.settings, archive.read_by)
            reason = "interrupted"
            try:
                self._read(run.write)
                reason = FINISHED
            finally:
                run.end(reason)
        print_findings(Console(highlight=False), self.findings, examples=False)
        return self._outcome(is_written=True)

    def _read(self, write: Callable[[Iterator[Result]], Iterator[Result]]) -> None:
        work = Work("articles read")
        with self.progress(work):
            for result in write(self._results(work)):
                self.findings.add(result)

    def _results(self, work: Work) -> Iterator[Result]:
        """Read all articles that have a kept page; what cannot be read is logged with its place."""
        if self.warcs:
            work.begin("files looked through", len(self.warcs))
            self.archive.named = find_newest(work.counted(map(Path, self.warcs)), _tell_broken)
        work.begin("articles read")

        def tell_count(count: int) -> None:
            work.total = count

        kept = (own for own in work.counted(self.archive.kept(tell_count)) if own is not None)
        for result in read_all(kept, _rules(self.spider_class)):
            if isinstance(result, Unread):
                logger.warning("not read again (%s): %s: %s", result.reason, result.url, result.why)
            yield result

    def _outcome(self, *, is_written: bool) -> Outcome:
        findings, passed = self.findings, self.archive.passed
        if not findings.read and not findings.unread and passed[NO_PAGE] == passed.total():
            return Outcome(FAILED, f"no article of {self.archive.portal} has a kept page: they are kept with -s WARC=1")
        return Outcome(FAILED if findings.damaged else GOOD, summary(findings, passed, is_written=is_written))


def _tell_broken(error: NotRead) -> None:
    logger.warning("record not read: %s", error)


def _rules(spider_class: type[Spider]) -> PortalRules:
    """Return how a spider has its portal's pages read."""
    sites = tuple(f"https://{domain}/" for domain in getattr(spider_class, "allowed_domains", None) or ())
    return PortalRules(getattr(spider_class, "article_page", None), sites, getattr(spider_class, "timezone", None))
