"""Articles drawn from the ledger as fast as the crawl takes them, and no faster: what waits there costs no memory."""

import asyncio
from collections.abc import AsyncIterator
from typing import Final

from scrapy import Request, signals
from scrapy.crawler import Crawler

from narayacrawl.ledger.ledger import Ledger
from narayacrawl.ledger.rechecks import Drawn

AHEAD: Final = 4
"""So many requests wait in Scrapy's scheduler, where they come before listings: what is found is fetched before more is
looked for."""


class Drawing:
    """Draws until the walk through the sources has ended, nothing waits and nothing is under way that could find more.

    Made once for a crawl; `look` tells that the ledger may hold something new.
    """

    def __init__(self, crawler: Crawler, ledger: Ledger) -> None:
        self.crawler = crawler
        self.ledger = ledger
        self.ahead: set[int] = set()
        """Ids of articles whose requests wait in the scheduler."""
        self._awake = asyncio.Event()
        self._dry = asyncio.Event()
        self._settled = asyncio.Event()
        self._walk: asyncio.Task[None] | None = None
        crawler.signals.connect(self.reached, signal=signals.request_reached_downloader)
        crawler.signals.connect(self.emptied, signal=signals.scheduler_empty)
        crawler.signals.connect(self.closed, signal=signals.spider_closed)

    def look(self) -> None:
        self._awake.set()

    async def dried(self) -> None:
        """Wait until the ledger has nothing to draw: whoever names more only then lets a `limit` ask for little, and
        little wait."""
        await self._told(self._dry)

    async def settled(self) -> None:
        """Wait until the ledger has nothing to draw and nothing is under way: whatever was found is noted."""
        await self._told(self._settled)

    async def _told(self, event: asyncio.Event) -> None:
        event.clear()
        self.look()
        await event.wait()

    def reached(self, request: Request) -> None:
        self.ahead.discard(request.cb_kwargs.get("article", 0))
        self.look()

    def emptied(self) -> None:
        # A request that a middleware has stopped on its way is not ahead any more, either.
        self.ahead.clear()
        self.look()

    def closed(self) -> None:
        # Scrapy does not end what `start` has not come to the end of.
        if self._walk is not None:
            self._walk.cancel()

    def is_quiet(self) -> bool:
        """Whether nothing is waited for that could name more addresses."""
        engine = self.crawler.engine
        assert engine.scraper.slot is not None
        assert engine.scheduler is not None
        is_waiting = engine.downloader.active or engine.scheduler.has_pending_requests()
        return not is_waiting and engine.scraper.slot.is_idle()

    async def articles(self, walk: "asyncio.Task[None]") -> AsyncIterator[Drawn]:
        """What is to be fetched; what ends the walk with an exception ends this, too."""
        walk.add_done_callback(lambda _: self.look())
        self._walk = walk
        while True:
            if walk.done():
                walk.result()
            self._awake.clear()
            has_room = len(self.ahead) < AHEAD
            drawn = self.ledger.draw() if has_room else None
            if drawn is not None:
                self.ahead.add(drawn.article)
                yield drawn
                continue
            if has_room:
                self._dry.set()
            if self.is_quiet():
                if self.ahead:
                    self.ahead.clear()
                    continue
                self._settled.set()
                if walk.done():
                    return
            await self._awake.wait()
