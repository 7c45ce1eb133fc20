"""Hand out due articles as fast as the crawl takes them, and no faster: what waits in the ledger costs no memory."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Final

from scrapy import Request, signals
from scrapy.crawler import Crawler

from narayacrawl.ledger.discovered import DiscoveryResult
from narayacrawl.ledger.due import DueArticle, DueArticles
from narayacrawl.ledger.redesign import Redesign

MAX_SCHEDULED: Final = 4
"""So many requests wait in Scrapy's scheduler, where they come before listings: what is found is fetched before more is
looked for."""


class Frontier:
    """Hand out due articles until discovery has ended, none is due, and nothing is under way that could find more.

    With a limit, those that are written and those in hand are never more: for one that is not written the next is
    handed out, and nothing else is fetched that is not wanted.
    """

    def __init__(self, crawler: Crawler, due: DueArticles, redesign: Redesign, limit: int | None = None) -> None:
        self.crawler = crawler
        self.due = due
        self.redesign = redesign
        self.limit = limit
        self._written = 0
        self._in_hand = 0
        """Articles handed out of which is not known yet what becomes of them."""
        self.scheduled: set[int] = set()
        """Ledger ids of articles whose requests wait in the scheduler."""
        self._awake = asyncio.Event()
        self._empty = asyncio.Event()
        self._idle = asyncio.Event()
        self._discovery: asyncio.Task[None] | None = None
        crawler.signals.connect(self.request_reached_downloader, signal=signals.request_reached_downloader)
        crawler.signals.connect(self.scheduler_empty, signal=signals.scheduler_empty)
        crawler.signals.connect(self.spider_closed, signal=signals.spider_closed)
        crawler.signals.connect(self.item_scraped, signal=signals.item_scraped)
        crawler.signals.connect(self.settled, signal=signals.item_dropped)
        crawler.signals.connect(self.settled, signal=signals.item_error)

    def look_again(self, result: DiscoveryResult) -> None:
        """Look again for due articles after a source has been recorded."""
        self.due.look_again(result)
        self._awake.set()

    def trust_changes_from(self, sources: Sequence[str]) -> None:
        """Recheck, from now on, what none of these sources tells the changes of."""
        self.due.trust_changes_from(sources)
        self._awake.set()

    async def wait_until_empty(self) -> None:
        """Wait until no article is due: whoever lists more only then lets a `limit` ask for little, and little wait."""
        await self._wait_for(self._empty)

    async def wait_until_idle(self) -> None:
        """Wait until no article is due and nothing is under way: whatever was found is recorded."""
        await self._wait_for(self._idle)

    async def _wait_for(self, event: asyncio.Event) -> None:
        event.clear()
        self._awake.set()
        await event.wait()

    def request_reached_downloader(self, request: Request) -> None:
        self.scheduled.discard(request.cb_kwargs.get("article", 0))
        self._awake.set()

    def settled(self) -> None:
        """Note that one of the articles handed out is not written in this run."""
        self._in_hand = max(0, self._in_hand - 1)
        self._awake.set()

    def item_scraped(self) -> None:
        self._written += 1
        self.settled()

    def _has_room(self) -> bool:
        """True if another article may be handed out now."""
        is_within_limit = self.limit is None or self._written + self._in_hand < self.limit
        return is_within_limit and len(self.scheduled) < MAX_SCHEDULED

    def scheduler_empty(self) -> None:
        # A request that a middleware has stopped on its way is not scheduled any more, either.
        self.scheduled.clear()
        self._awake.set()

    def spider_closed(self) -> None:
        # Scrapy does not end what `start` has not come to the end of.
        if self._discovery is not None:
            self._discovery.cancel()

    def is_quiet(self) -> bool:
        """True if nothing is under way that could find more addresses."""
        engine = self.crawler.engine
        assert engine.scraper.slot is not None
        assert engine.scheduler is not None
        is_waiting = engine.downloader.active or engine.scheduler.has_pending_requests()
        return not is_waiting and engine.scraper.slot.is_idle()

    async def articles(self, discovery: "asyncio.Task[None]") -> AsyncIterator[DueArticle]:
        """Yield due articles; an exception that ends discovery is raised here, too."""
        discovery.add_done_callback(lambda _: self._awake.set())
        self._discovery = discovery
        while True:
            if discovery.done():
                discovery.result()
            self._awake.clear()
            has_room = self._has_room()
            due = self.due.next() if has_room else None
            if due is not None:
                self.scheduled.add(due.article)
                self._in_hand += 1
                yield due
                continue
            if has_room:
                self._empty.set()
            if self.is_quiet():
                # Whatever became of these, a spider's own middleware may have kept it.
                if self.scheduled or self._in_hand:
                    self.scheduled.clear()
                    self._in_hand = 0
                    continue
                if self._written == self.limit:
                    return
                self._idle.set()
                if discovery.done():
                    # Nothing else is left: what was put aside is held back now, or read again.
                    if self.redesign.settle():
                        self.due.start_over()
                        continue
                    if (deadly := self.due.next_deadly()) is None:
                        return
                    self.scheduled.add(deadly.article)
                    self._in_hand += 1
                    yield deadly
                    continue
            await self._awake.wait()
