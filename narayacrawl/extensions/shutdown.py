"""End a crawl within seconds when a signal asks for it."""

from typing import Final, Self, cast

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.utils.asyncio import create_looping_call

from narayacrawl.downloader.downloader import Downloader

CHECK_INTERVAL: Final = 0.25
"""Seconds between two checks: no signal tells that the engine is stopping before it has stopped."""
GRACE: Final = 4.0
"""Seconds to wait for an answer under way."""


class Shutdown:
    """Ends the downloads when SIGTERM or SIGINT has stopped the engine: those that wait for their turn at once, those
    that wait for an answer after `GRACE`."""

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
        """Give up downloads where the engine is stopping."""
        if self.crawler.engine.running:
            return
        self.waited += CHECK_INTERVAL
        cast("Downloader", self.crawler.engine.downloader).give_up(sent=self.waited > GRACE)
