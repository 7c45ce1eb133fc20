"""`scrapy audit`: compare a portal's ledger and archive with what its sources list; with --fetch, repair them."""

import signal
import subprocess
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from typing import Any, Final

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import UsageError

from narayacrawl.addon import RUN
from narayacrawl.commands import crawl, usage
from narayacrawl.commands.run_ending import stats_of
from narayacrawl.extensions.progress import Work
from narayacrawl.monitors.crawl_figures import SourceFigures
from narayacrawl.monitors.outcome import FAILED, GOOD, INTERRUPTED, Outcome

SOURCES: Final = ("rest", "sitemap", "listing")
TAKEN: Final = ("url", "source")
"""Arguments of the spider that do not narrow what the sources name."""
NAMES_SETTINGS: Final[Mapping[str, Any]] = {
    # What is named is kept in memory, and no article is fetched that could be written.
    "ARCHIVE": "",
    "IMAGES_STORE": "",
    "WARC": False,
    "FEEDS": {},
    # The audit tells itself how far it is.
    "LOGSTATS_INTERVAL": 0,
}


class Command(crawl.Command):
    """Ask all of a portal's sources what there is, fetch no article, and print what the archive is missing, what it has
    beside that, what is older than an edit, and what is damaged: a finding a line, for pipes, tabs between kind,
    address and reason.

    The exit status is 1 where anything was found, or no source could be read. No run of the portal may go on meanwhile.
    """

    log_level = "WARNING"
    has_crawl_options = False

    def syntax(self) -> str:
        return "[options] <spider>"

    def short_desc(self) -> str:
        return "Hold an archive against what its portal's sitemap, REST API and listings say there is"

    def add_options(self, parser: ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "-a",
            dest="spargs",
            action="append",
            default=[],
            metavar="NAME=VALUE",
            help=f"url as in a crawl; source: which are asked, by default {','.join(SOURCES)}",
        )
        parser.add_argument("--fetch", action="store_true", help="mend what is found, with a crawl of what is to fetch")

    def check(self, args: list[str], opts: Namespace) -> None:
        from narayacrawl.wordpress import WordPressSpider

        super().check(args, opts)
        assert self.settings is not None
        if narrowing := [name for name in opts.spargs if name not in TAKEN]:
            raise UsageError(f"an audit is of the whole portal: leave out {', '.join(narrowing)}")
        if "auto" in opts.spargs.get("source", ""):
            raise UsageError("an audit asks every source that is named: source=auto is for crawls")
        if not issubclass(self.loader.load(args[0]), WordPressSpider):
            raise UsageError(f"{args[0]} is no WordPressSpider: it has no sources to ask")
        if not self.settings["ARCHIVE"] or not self.settings["LEDGER"]:
            raise UsageError("there is nothing to audit: ARCHIVE or LEDGER is empty")

    def execute(self, args: list[str], opts: Namespace) -> Outcome:
        from narayacrawl.archive.images import ImageRegister
        from narayacrawl.archive.segments import archive_folder, portal_folder
        from narayacrawl.audit.audited_portal import AuditedPortal, sources_read, summary
        from narayacrawl.audit.image_check import ImageCheck
        from narayacrawl.audit.repair import repair
        from narayacrawl.audit.source_names import SourceListRun
        from narayacrawl.downloader.address_rule import AddressRule
        from narayacrawl.downloader.downloader import RETRY_AFTER
        from narayacrawl.ledger.database import LedgerError, check, ledger_url
        from narayacrawl.ledger.portals import PortalWaits, keep_retry_after, refuse_before_retry_after

        assert self.settings is not None
        archive = archive_folder(self.settings)
        assert archive is not None
        spider = self.loader.load(args[0])(**opts.spargs)
        portal: str = spider.portal  # type: ignore[attr-defined]
        store, keeps_pages = self.images_folder(), self.settings.getbool("WARC")
        rule = AddressRule.of(spider, self.settings)
        audited = AuditedPortal(portal, portal_folder(archive, portal), ledger_url(self.settings["LEDGER"], archive))
        if portal not in (known := audited.known_portals()):
            raise LedgerError(f"the ledger knows no portal {portal!r}{usage.suggestion(portal, known)}")
        with audited.locked() as connection:
            check(connection)
            try:
                refuse_before_retry_after(connection, portal)
            except PortalWaits as error:  # nothing is known of the archive then
                return Outcome(FAILED, str(error))
            crawler, result = self._ask_sources(args[0], portal, opts.spargs, audited.listings(connection))
            if moment := crawler.stats.get_value(RETRY_AFTER):
                keep_retry_after(connection, portal, moment)
            sources = sources_read(crawler)
            if result.status == INTERRUPTED:
                return result
            if all(is_whole is None for is_whole in sources.values()):
                return Outcome(FAILED, result.reason or "no source could be read")
            names = SourceListRun.of(crawler).ledger.connection
            images = ImageCheck(ImageRegister(store, portal), rule) if store else None
            work = Work("")
            with self.shown.progress(portal, lambda: work):
                archived, found = audited.compare(connection, names, sources, images, work, keeps_pages=keeps_pages)
            for finding in found.findings:
                print(finding, flush=True)
            self.shown.note_on_terminal("archive", str(audited.folder))
            if found.findings and not opts.fetch:
                self.shown.note_on_terminal("next", "the same with --fetch mends what is found")
            if not opts.fetch or not found.findings:
                return Outcome(FAILED if found.findings else GOOD, summary(found))
            repair(connection, portal, audited.folder, archived, found.findings)
        self.tell(f"{summary(found)}; fetching")
        status = _crawl(args[0], opts)
        with audited.locked() as connection:
            images = ImageCheck(ImageRegister(store, portal), rule) if store else None
            with self.shown.progress(portal, lambda: work):
                _, left = audited.compare(connection, names, sources, images, work)
        for finding in left.findings:
            self.tell(f"left: {finding}")
        return Outcome(status or (FAILED if left.findings else GOOD), f"after the crawl: {summary(left)}")

    def _ask_sources(
        self, spider: str, portal: str, arguments: Mapping[str, str], stray_listings: list[str]
    ) -> tuple[Crawler, Outcome]:
        """Have every source list what it has; the ledger of the crawl then knows it. `stray_listings` are listings that
        were taken for articles: only fetching them shows what they are."""
        assert self.settings is not None
        settings = self.settings.copy()
        self.loader.load(spider).update_settings(settings)
        extensions = settings.getdict("EXTENSIONS") | {RUN: None}
        extensions["narayacrawl.audit.source_names.SourceListRun"] = 0
        # At this priority the spider adds nothing to them.
        self.settings.setdict({**NAMES_SETTINGS, "EXTENSIONS": extensions}, priority="cmdline")
        crawler = self._create_crawler(spider)

        def tell(spider: Any) -> None:  # noqa: ANN401 - a WordPressSpider
            spider.discovery.stray_listings += stray_listings

        crawler.signals.connect(tell, signal=signals.spider_opened)
        with self.shown.progress(portal, lambda: SourceFigures.of(stats_of(crawler))):
            return crawler, self.crawl(crawler, {"source": ",".join(SOURCES), **arguments})


def _crawl(spider: str, options: Namespace) -> int:
    """Run the crawl that fetches what waits, and return its exit status."""
    # Another process: Twisted's reactor runs once in each.
    command = [sys.executable, "-m", "narayacrawl", "crawl", spider, "-s", "LOG_LEVEL=WARNING"]
    for name, value in options.spargs.items():
        command += ["-a", f"{name}={value}"]
    for setting in options.set:
        command += ["-s", setting]
    for name in ("loglevel", "logfile"):
        if value := getattr(options, name):
            command += [f"--{name}", value]
    command += ["--nolog"] if options.nolog else []
    with subprocess.Popen(command, stdout=sys.stderr) as child:
        # What a terminal sends comes to the crawl, too, which ends in its own time.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, lambda *_: child.send_signal(signal.SIGTERM))
        return child.wait()
