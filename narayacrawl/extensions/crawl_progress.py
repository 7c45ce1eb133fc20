"""Show how far a crawl is: the extension that stands in place of Scrapy's LogStats."""

import logging
import sys
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from narayacrawl.extensions.progress import Progress, can_draw
from narayacrawl.monitors.crawl_figures import CrawlFigures

logger = logging.getLogger(__name__)


class CrawlProgress:
    """Shows the figures of a crawl while it goes on: live on a terminal, elsewhere, and in a log file, as a line every
    LOGSTATS_INTERVAL seconds; 0 turns both off."""

    def __init__(self, crawler: Crawler, interval: float) -> None:
        self.crawler = crawler
        is_live = can_draw() and not _writes_to_terminal(crawler)
        is_logged = not is_live or bool(crawler.settings.get("LOG_FILE"))
        self.name: str = getattr(crawler.spider, "portal", None) or crawler.spidercls.name
        self._has_run = False
        """False until the engine, which a signal stops, runs."""
        say = self.log if is_logged else None
        self.progress = Progress(self.name, self.figures, say, interval=interval, is_live=is_live)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        if (interval := crawler.settings.getfloat("LOGSTATS_INTERVAL")) <= 0:
            raise NotConfigured
        extension = cls(crawler, interval)
        # Of a spider that was opened no signal tells that the engine did not start after all.
        crawler.signals.connect(extension.engine_started, signal=signals.engine_started)
        crawler.signals.connect(extension.engine_stopped, signal=signals.engine_stopped)
        return extension

    def engine_started(self) -> None:
        self.progress.start()

    def engine_stopped(self) -> None:
        self.progress.stop()

    def figures(self) -> CrawlFigures:
        is_running = self.crawler.engine.running
        if self._has_run and not is_running:
            self.progress.title = f"{self.name} is ending"
        self._has_run |= is_running
        # A copy: the crawl goes on in another thread.
        return CrawlFigures.of(dict(self.crawler.stats.get_stats()), _limit(self.crawler))

    def log(self, line: str) -> None:
        logger.info("%s: %s", self.name, line, extra={"spider": self.crawler.spider})


def _limit(crawler: Crawler) -> int | None:
    return crawler.settings.getint("CLOSESPIDER_ITEMCOUNT") or None


def _writes_to_terminal(crawler: Crawler) -> bool:
    """True if the articles themselves go to the terminal (`-o -:jsonl`): a display would stand among them."""
    feeds = crawler.settings.getdict("FEEDS")
    return sys.stdout.isatty() and any(str(uri).startswith(("stdout:", "-")) for uri in feeds)
