"""Find a notice that stands in place of several articles: the same short text, or title, on the page of each."""

import asyncio
from contextlib import suppress
from typing import Final, cast

from scrapy.crawler import Crawler

from narayacrawl.archive.run import Run
from narayacrawl.downloader.downloader import Downloader
from narayacrawl.downloader.fetch import Interrupted, is_closing

PAUSE: Final = 0.1
"""Seconds after which it is looked again whether anything else is under way."""
MAX_PAUSES: Final = 2
"""After so many pauses in a row in which nothing was, nothing else comes."""


class Repetitions:
    """Remember, in one run, which article's page has which short text or title.

    The first article with a text waits for the next one with a short text, or until nothing else is under way: where
    both have the same, it is neither's.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self._articles: dict[str, int] = {}
        """The only article with this mark; 0 if several have it."""
        self._next = asyncio.Event()

    async def is_repeated(self, mark: str, article: int) -> bool:
        """True if another article's page has this mark, too. Raises `Interrupted` if the crawl ends meanwhile."""
        self._next.set()
        if self._articles.setdefault(mark, article) != article:
            self._articles[mark] = 0
            return True
        self._next = asyncio.Event()
        await self._wait(self._next)
        return self._articles[mark] != article

    async def _wait(self, event: asyncio.Event) -> None:
        pauses = 0
        while not event.is_set() and pauses < MAX_PAUSES:
            with suppress(TimeoutError):
                await asyncio.wait_for(event.wait(), PAUSE)
            if is_closing(self.crawler):
                raise Interrupted
            pauses = 0 if self._is_more_under_way() else pauses + 1

    def _is_more_under_way(self) -> bool:
        """True if anything but the article that waits is being fetched or read; of images nothing is read."""
        engine = self.crawler.engine
        slot = engine.scraper.slot
        assert slot is not None
        assert engine.scheduler is not None
        pages = cast("Downloader", engine.downloader).pages_active
        waiting = Run.of(self.crawler).awaiting_images
        return bool(pages or engine.scheduler.has_pending_requests() or len(slot.active) - waiting > 1)
