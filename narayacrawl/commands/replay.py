"""`scrapy replay`: run a crawl again from its saved pages, and compare its articles with the expected ones."""

import os
from argparse import SUPPRESS, ArgumentParser, Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from scrapy import signals
from scrapy.exceptions import UsageError

from narayacrawl.commands import crawl, usage
from narayacrawl.language.english import counted, worded
from narayacrawl.monitors.outcome import FAILED, GOOD, Outcome
from narayacrawl.monitors.stats import Stats, below

REPLAY_SETTINGS: Final[Mapping[str, Any]] = {
    # Every article counts, whatever was crawled before.
    "ARCHIVE": "",
    "IMAGES_STORE": "",
    "WARC": False,
    "HTTPCACHE_ENABLED": True,
    "HTTPCACHE_STORAGE": "narayacrawl.replay.cache_storage.FixtureCacheStorage",
    "HTTPCACHE_IGNORE_MISSING": True,
    "DOWNLOAD_DELAY": 0,
    "AUTOTHROTTLE_ENABLED": False,
    "RETRY_ENABLED": False,
    # Pages come in the order they were recorded in, and a limit cuts off the same ones.
    "CONCURRENT_REQUESTS": 1,
}
COMPLETE_SETTINGS: Final[Mapping[str, Any]] = {
    # What was recorded is answered, and the portal asked for the rest, which is saved: politely, and not compressed.
    **{
        name: REPLAY_SETTINGS[name]
        for name in ("ARCHIVE", "IMAGES_STORE", "WARC", "HTTPCACHE_ENABLED", "HTTPCACHE_STORAGE")
    },
    "HTTPCACHE_IGNORE_MISSING": False,
    "FIXTURES_COMPLETE": True,
    "COMPRESSION_ENABLED": False,
    "CONCURRENT_REQUESTS": 1,
}


class Command(crawl.Command):
    """Replay a saved portal with the spider and arguments it was recorded with, without a network.

    Fails where a page has no fixture, the crawl itself fails, or the articles are not those of the golden. With spider
    arguments on top nothing is compared. What was found is told on stderr; stdout is for `-o -:jsonl`.
    """

    log_level = "WARNING"

    def syntax(self) -> str:
        return "[options] <portal>"

    def short_desc(self) -> str:
        return "Crawl a saved portal again and compare its articles with the expected ones"

    def add_options(self, parser: ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--accept", action="store_true", help="make the articles found the expected ones")
        # For `record`, which does so until nothing is missing.
        parser.add_argument("--complete", action="store_true", help=SUPPRESS)

    def check(self, args: list[str], opts: Namespace) -> None:
        if opts.accept:
            refuse_in_ci("--accept")
            if opts.spargs:
                raise UsageError("--accept is for the recorded arguments: leave out -a")
        self._portal_folder(usage.one_argument(args, "portal"))

    def execute(self, args: list[str], opts: Namespace) -> Outcome:
        from itemadapter import ItemAdapter
        from rich.console import Console

        from narayacrawl.replay.cache_storage import FixtureError, read_recording
        from narayacrawl.replay.golden import GOLDEN, Record
        from narayacrawl.replay.report import accept, print_differences, print_summary

        assert self.settings is not None
        folder = self._portal_folder(args[0])
        console = Console(stderr=True, highlight=False, soft_wrap=True)
        try:
            recording = read_recording(folder)
            arguments = recording.arguments | opts.spargs
            self.check_spider(recording.spider, arguments)
            # At this priority: a spider's own settings would win over a lower one.
            settings = COMPLETE_SETTINGS if opts.complete else REPLAY_SETTINGS
            self.settings.setdict({**settings, "HTTPCACHE_DIR": str(folder)}, priority="cmdline")
            crawler = self._create_crawler(recording.spider)
            articles: list[Record] = []

            def keep(item: Any) -> None:  # noqa: ANN401 - whatever Scrapy takes for an item
                articles.append(ItemAdapter(item).asdict())

            crawler.signals.connect(keep, signal=signals.item_scraped)
            result = self.crawl(crawler, arguments)
            if opts.complete:
                return result
            print_summary(console, folder.name, articles)
            for line in left_out(crawler.stats.get_stats()):
                console.print(line, markup=False)
            for uri in crawler.settings.getdict("FEEDS"):
                console.print(f"written to {uri}", markup=False)
            if result.status != GOOD or opts.spargs:
                return result
            if opts.accept:
                accept(console, folder, articles)
                return Outcome(GOOD)
            if not (folder / GOLDEN).exists():
                return Outcome(FAILED, f"no {GOLDEN} to compare with: read what was found, then --accept")
            if found := print_differences(console, folder, articles):
                return Outcome(FAILED, f"{counted(found, 'difference')} from {GOLDEN}")
            return Outcome(GOOD)
        except FixtureError as error:
            return Outcome(FAILED, str(error))

    def _portal_folder(self, portal: str) -> Path:
        from narayacrawl.replay.cache_storage import RECORDING, fixtures_folder

        assert self.settings is not None
        fixtures = fixtures_folder(self.settings)
        portals = {path.parent.name: path.parent for path in fixtures.glob(f"*/{RECORDING}")}
        return portals[self.find_portal(portal, portals, "no saved portal {}")]


def refuse_in_ci(what: str) -> None:
    """`UsageError` where CI runs this: what is expected is a person's decision."""
    if os.environ.get("CI"):
        raise UsageError(f"{what} is not for CI: it decides what is expected")


def left_out(stats: Stats) -> list[str]:
    """List what the crawl did not keep, and why: a line each for dropped, rejected and failed articles."""
    counts = {
        "dropped": below(stats, "narayacrawl/dropped/"),
        "no article": below(stats, "narayacrawl/article/rejected/"),
        "passed over": {word: stats.get(f"narayacrawl/article/{word}", 0) for word in ("gone", "failed", "duplicate")},
    }
    return [f"{what}: {worded(reasons)}" for what, reasons in counts.items() if any(reasons.values())]
