"""`scrapy audit`: what a portal says there is, held against its ledger and archive; with --fetch, mended."""

import signal
import subprocess
import sys
from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from filelock import FileLock, Timeout
from scrapy import signals
from scrapy.commands import ScrapyCommand
from scrapy.crawler import Crawler
from scrapy.exceptions import UsageError
from scrapy.settings import BaseSettings
from scrapy.spiderloader import get_spider_loader
from sqlalchemy import Connection, select

from narayacrawl.archive.segment_files import LOCK
from narayacrawl.archive.segments import archive_folder, portal_folder
from narayacrawl.audit.archive_check import check_archive
from narayacrawl.audit.findings import KINDS, Audit, compare
from narayacrawl.audit.repair import repair
from narayacrawl.audit.source_names import SourceListRun
from narayacrawl.commands import crawl
from narayacrawl.language.english import counted
from narayacrawl.ledger.database import LedgerError, ledger_url, open_ledger, transaction
from narayacrawl.ledger.runs import portals_of
from narayacrawl.ledger.tables import articles
from narayacrawl.monitors.outcome import FAILED, GOOD, INTERRUPTED, Outcome
from narayacrawl.wordpress import WordPressSpider

SOURCES: Final = ("rest", "sitemap", "listing")
TAKEN: Final = ("url", "source")
"""Arguments of the spider that do not narrow what the sources name."""
NAMES_SETTINGS: Final[Mapping[str, Any]] = {
    # What is named is kept in memory, and no article is fetched that could be written.
    "ARCHIVE": "",
    "FEEDS": {},
}


@dataclass(frozen=True, slots=True)
class _Place:
    """What is audited."""

    portal: str
    folder: Path
    """The portal's in the archive."""
    ledger: str
    """The ledger's address."""

    def check(self) -> None:
        """`LedgerError` where the ledger has never heard of the portal."""
        with closing(open_ledger(self.ledger, create=False)) as connection:
            known = portals_of(connection)
        if self.portal not in known:
            raise LedgerError(f"the ledger knows no portal {self.portal!r}{crawl.suggestion(self.portal, known)}")

    def listings(self, connection: Connection) -> list[str]:
        """Addresses that were taken for an article's and were a listing's."""
        asked = select(articles.c.url).where(articles.c.portal == self.portal, articles.c.reason == "listing")
        with transaction(connection):
            return list(connection.execute(asked).scalars())

    @contextmanager
    def locked(self) -> Iterator[Connection]:
        """The ledger, while no run goes on."""
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(self.folder / LOCK, blocking=False), closing(open_ledger(self.ledger, create=False)) as own:
                yield own
        except Timeout:
            raise LedgerError(f"a run of {self.portal} is going on (it holds {self.folder / LOCK})") from None


class Command(crawl.Command):
    """Ask all of a portal's sources what there is, fetch no article, and print what the archive is missing, what it has
    beside that, what is older than an edit, and what is damaged: a finding a line, for pipes, tabs between kind,
    address and reason.

    The exit status is 1 where anything was found, or no source could be read. No run of the portal may go on meanwhile.
    """

    log_level = "WARNING"

    def syntax(self) -> str:
        return "[options] <spider>"

    def short_desc(self) -> str:
        return "Hold an archive against what its portal's sitemap, REST API and listings say there is"

    def add_options(self, parser: ArgumentParser) -> None:
        ScrapyCommand.add_options(self, parser)
        parser.set_defaults(output=None, overwrite_output=None)  # nothing is written that could go there
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
        super().check(args, opts)
        assert self.settings is not None
        if narrowing := [name for name in opts.spargs if name not in TAKEN]:
            raise UsageError(f"an audit is of the whole portal: leave out {', '.join(narrowing)}")
        if "auto" in opts.spargs.get("source", ""):
            raise UsageError("an audit asks every source that is named: source=auto is for crawls")
        self._place(args[0], opts.spargs)

    def execute(self, args: list[str], opts: Namespace) -> Outcome:
        assert self.settings is not None
        place = self._place(args[0], opts.spargs)
        place.check()
        with place.locked() as connection:
            crawler, result = self._walk(args[0], opts.spargs, place.listings(connection))
            sources = read_sources(crawler)
            if result.status == INTERRUPTED:
                return result
            if all(is_whole is None for is_whole in sources.values()):
                return Outcome(FAILED, result.reason or "no source could be read")
            names = SourceListRun.of(crawler).ledger.connection
            archived = check_archive(connection, place.portal, place.folder)
            found = compare(connection, place.portal, names, archived, sources)
            for finding in found.findings:
                print(finding, flush=True)
            if not opts.fetch or not found.findings:
                return verdict(found)
            repair(connection, place.portal, place.folder, archived, found.findings)
        print(f"scrapy audit: {told(found)}; fetching", file=sys.stderr)
        status = _crawl(args[0], opts)
        with place.locked() as connection:
            left = compare(
                connection, place.portal, names, check_archive(connection, place.portal, place.folder), sources
            )
        for finding in left.findings:
            print(f"scrapy audit: left: {finding}", file=sys.stderr)
        return Outcome(status or verdict(left).status, f"after the crawl: {told(left)}")

    def _place(self, spider: str, arguments: Mapping[str, str]) -> _Place:
        assert self.settings is not None
        archive = archive_folder(self.settings)
        if archive is None or not self.settings["LEDGER"]:
            raise UsageError("there is nothing to audit: ARCHIVE or LEDGER is empty")
        portal = _spider_class(self.settings, spider)(**arguments).portal
        return _Place(portal, portal_folder(archive, portal), ledger_url(self.settings["LEDGER"], archive))

    def _walk(self, spider: str, arguments: Mapping[str, str], strayed: list[str]) -> tuple[Crawler, Outcome]:
        """Have every source name what it has; the ledger of the crawl then knows it. `strayed` are listings that only
        fetching them shows to be some."""
        assert self.settings is not None
        extensions = self.settings.getdict("EXTENSIONS")
        extensions.pop("narayacrawl.archive.run.Run", None)
        extensions["narayacrawl.audit.source_names.SourceListRun"] = 0
        self.settings.setdict({**NAMES_SETTINGS, "EXTENSIONS": extensions}, priority="cmdline")
        crawler = self._create_crawler(spider)

        def tell(spider: WordPressSpider) -> None:
            spider.discovery.stray_listings += strayed

        crawler.signals.connect(tell, signal=signals.spider_opened)
        return crawler, self.crawl(crawler, {"source": ",".join(SOURCES), **arguments})


def _spider_class(settings: BaseSettings, name: str) -> type[WordPressSpider]:
    """`UsageError` where a spider is none that walks sources."""
    found = get_spider_loader(settings).load(name)
    if not issubclass(found, WordPressSpider):
        raise UsageError(f"{name} is no WordPressSpider: it has no sources to ask")
    return found


def read_sources(crawler: Crawler) -> dict[str, bool | None]:
    """The sources that were asked, and whether each was read whole; None of one that could not be read at all."""
    assert isinstance(crawler.spider, WordPressSpider)
    stats = crawler.stats.get_stats()
    sources: dict[str, bool | None] = dict.fromkeys(crawler.spider.arguments.source)
    for name in sources:
        if stats.get(f"narayacrawl/source/{name}/complete"):
            sources[name] = True
        elif stats.get(f"narayacrawl/source/{name}/partial"):
            sources[name] = False
    if "listing" in sources and not stats.get("narayacrawl/listing/read"):
        sources["listing"] = None
    return sources


def told(found: Audit) -> str:
    """What was found, in one line, and on what that rests."""
    counts = Counter(finding.kind for finding in found.findings)
    words = [f"{counts[kind]} {kind}" for kind in KINDS if counts[kind]]
    words = words or [f"{counted(found.good, 'article')} as the portal tells"]
    for is_whole, how in ((True, "read whole"), (False, "read in part"), (None, "not read")):
        if names := [name for name, own in found.sources.items() if own is is_whole]:
            words.append(f"{how}: {', '.join(names)}")
    if found.disbelieved:
        words.append(f"not believed: {counted(found.disbelieved, 'edit')} that a sitemap tells of nearly all it names")
    return "; ".join(words)


def verdict(found: Audit) -> Outcome:
    return Outcome(FAILED if found.findings else GOOD, told(found))


def _crawl(spider: str, options: Namespace) -> int:
    """Run the crawl that fetches what waits; its exit status."""
    # Another process: Twisted's reactor runs once in each.
    command = [sys.executable, "-m", "scrapy", "crawl", spider, "-s", "LOG_LEVEL=WARNING"]
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
