"""An end within seconds when a signal asks for it."""

from typing import Final, Self, cast

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.utils.asyncio import create_looping_call

from narayacrawl.downloader.downloader import Downloader

LOOKS: Final = 0.25
"""Seconds between two looks: nothing tells that the engine is stopping before it has stopped."""
GRACE: Final = 4.0
"""Seconds that an answer under way is waited for."""


class Shutdown:
    """Ends the downloads when SIGTERM or SIGINT has stopped the engine: what waits for its turn at once, what waits for
    an answer after `GRACE`."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.waited = 0.0
        self._looking = create_looping_call(self.look)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        extension = cls(crawler)
        crawler.signals.connect(extension.start, signal=signals.engine_started)
        crawler.signals.connect(extension.stop, signal=signals.engine_stopped)
        return extension

    def start(self) -> None:
        self._looking.start(LOOKS, now=False)

    def stop(self) -> None:
        if self._looking.running:
            self._looking.stop()

    def look(self) -> None:
        if self.crawler.engine.running:
            return
        self.waited += LOOKS
        cast("Downloader", self.crawler.engine.downloader).give_up(sent=self.waited > GRACE)
