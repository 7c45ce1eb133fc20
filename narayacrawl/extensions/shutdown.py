"""End a crawl within seconds when a signal, or a part of it, asks for it."""

from typing import Final, Self, cast

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.utils.asyncio import create_looping_call

from narayacrawl.downloader.downloader import Downloader
from narayacrawl.downloader.fetch import is_closing

CHECK_INTERVAL: Final = 0.25
"""Seconds between two checks: no signal tells that the engine is stopping before it has stopped."""
GRACE: Final = 4.0
"""Seconds to wait for an answer under way."""


class Shutdown:
    """Ends the downloads of a crawl that is closing, however long they would wait: those that wait for their turn at
    once; those that wait for an answer after `GRACE`, if SIGTERM or SIGINT has stopped the engine."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.waited = 0.0
        self._checks = create_looping_call(self.check)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        extension = cls(crawler)
        crawler.signals.connect(extension.start, signal=signals.engine_started)
        crawler.signals.connect(extension.stop, signal=signals.engine_stopped)
        return extension

    def start(self) -> None:
        self._checks.start(CHECK_INTERVAL, now=False)

    def stop(self) -> None:
        if self._checks.running:
            self._checks.stop()

    def check(self) -> None:
        """Give up downloads where the engine is stopping, or the spider is being closed."""
        downloader = cast("Downloader", self.crawler.engine.downloader)
        is_stopping = not self.crawler.engine.running
        if is_stopping:
            self.waited += CHECK_INTERVAL
        if is_stopping or (is_closing(self.crawler) and not downloader.is_finishing):
            downloader.give_up(sent=self.waited > GRACE)
