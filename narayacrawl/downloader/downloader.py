"""Scrapy's downloader, which asks for nothing but the portal's addresses, no host more often than it may be asked, and
can give up what it has begun."""

import asyncio
import logging
import re
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any, Final
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.core import downloader
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.utils.httpobj import urlparse_cached
from twisted.internet.defer import CancelledError, Deferred, fail

from narayacrawl.downloader.address_rule import AddressRule, Refused
from narayacrawl.downloader.challenge import recognise_wall
from narayacrawl.downloader.ending import close_crawl
from narayacrawl.downloader.fetch import IMAGE, NEEDED, is_redirected_for_good
from narayacrawl.downloader.handler import OTHER_SCHEME, other_scheme
from narayacrawl.downloader.politeness import HostSlot, ImagesLast, Refusal
from narayacrawl.downloader.public_address import is_ip_address
from narayacrawl.urls import key, without_userinfo

logger = logging.getLogger(__name__)

RETRY_AFTER: Final = "narayacrawl/retry_after"
"""Stat with the moment, ISO 8601 in UTC, before which the portal wants no further request; it has ended the run."""
WALL: Final = "narayacrawl/wall/"
"""Prefix of the stats that count the answers of walls before the portal, by whose they are."""
ASKS_FOR_HTTPS: Final = re.compile(rb"plain HTTP request was sent to HTTPS port|speaking plain HTTP to an SSL-enabled")
"""What nginx and Apache write where http is asked of a port of https."""
MAX_ERROR_PAGE: Final = 2_000
MAX_RESERVE: Final = 10


class Ended(CancelledError, IgnoreRequest):
    """The crawl asks for nothing more."""


class Downloader(downloader.Downloader):
    """The one way to every host: whatever asks, its requests, redirects and retries wait here for their turn.

    What would leave the portal is refused before anything is asked for it, robots.txt included.

    A host that refuses for long ends the crawl: what is under way comes to its end; what waits, or comes later, reaches
    its errback as a `CancelledError`, as what is given up does. A REQUEST_BUDGET that is spent ends it more gently.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.is_ended = False
        """True if no further request is sent."""
        self.is_finishing = False
        """True if only those are sent that what was read already needs."""
        self._budget = crawler.settings.getint("REQUEST_BUDGET")
        self._requests = 0
        self._under_way: dict[Request, Deferred[Response | Request]] = {}

    @cached_property
    def rule(self) -> AddressRule:
        assert self.crawler.spider is not None
        return AddressRule.of(self.crawler.spider, self.crawler.settings)

    def fetch(self, request: Request, spider: Spider | None = None) -> Deferred[Response | Request]:
        if self.is_ended:
            return fail(Ended())
        if (twin := self.rule.own_twin(request.url)) and twin not in request.meta.get("redirect_urls", ()):
            request = request.replace(url=twin)
        try:
            self.rule.check(request.url)
        except Refused as error:
            self._record_refused(request, error)
            return fail(error)
        fetching: Deferred[Response | Request] = super().fetch(request)
        self._under_way[request] = fetching

        def ended(result: Any) -> Any:  # noqa: ANN401 - an answer or a failure, passed on
            self._under_way.pop(request, None)
            return result

        return fetching.addBoth(ended)

    def _record_refused(self, request: Request, refused: Refused) -> None:
        """Count a request that is not made; whoever has made it logs it, but for Scrapy's robots.txt. The front page of
        a portal that has moved leads to where it is now."""
        stats = self.crawler.stats
        stats.inc_value(f"narayacrawl/refused/{refused.reason}")
        asked = request.meta.get("redirect_urls", [request.url])[0]
        if request.callback is NO_CALLBACK and IMAGE not in request.meta:
            logger.warning("not asked for (%s): %s", refused, without_userinfo(asked))
        is_front = key(asked) in map(key, self.rule.base_urls)
        if refused.reason == "host" and is_front and not is_ip_address(urlsplit(request.url).hostname or ""):
            stats.set_value(f"narayacrawl/portal/{'moved' if is_redirected_for_good(request) else 'away'}", request.url)

    def needs_backout(self) -> bool:
        """True if no further page is to be sent; images wait behind all pages, and keep none back."""
        return 0 < self.total_concurrency <= self.pages_active

    @property
    def pages_active(self) -> int:
        """How many requests wait or are under way, but those for images."""
        return sum(IMAGE not in request.meta for request in self.active)

    def give_up(self, *, sent: bool, images_only: bool = False) -> None:
        """End the downloads that wait for their turn; with `sent`, those that wait for an answer, too; with
        `images_only`, of images alone."""
        transferring = {request for slot in self.slots.values() for request in slot.transferring}
        for slot in self.slots.values():
            slot.queue = ImagesLast(own for own in slot.queue if images_only and IMAGE not in own[0].meta)
        for request, fetching in list(self._under_way.items()):
            if (sent or request not in transferring) and (IMAGE in request.meta or not images_only):
                fetching.cancel()

    def end(self, reason: str) -> None:
        """Send no further request, and close the crawl when what was sent has been answered."""
        if not self.is_ended:
            self.is_ended = True
            close_crawl(self.crawler, reason)
            # Not within the answer that has led here: it is to be read.
            asyncio.get_running_loop().call_soon(lambda: self.give_up(sent=False))

    def get_slot_key(self, request: Request) -> str:
        key: str = super().get_slot_key(request)
        return key.removeprefix("www.")

    def _get_slot(self, request: Request, spider: Spider | None = None) -> tuple[str, HostSlot]:
        key, slot = super()._get_slot(request)
        if not isinstance(slot, HostSlot):
            slot = self.slots[key] = HostSlot(slot.concurrency, slot.delay, slot.jitter)
        return key, slot

    def _slot_gc(self, age: float = 60) -> None:
        """Keep every slot: each knows what its host has asked for, and a portal has few hosts."""

    def host(self, request: Request) -> HostSlot:
        """Return what is known of the host that a request is for."""
        return self._get_slot(request)[1]

    async def _enqueue_request(self, request: Request) -> Response:
        if self.is_ended:
            raise Ended
        if self._budget and self._requests >= self._budget - (0 if _is_needed(request) else self._reserve):
            if not self.is_finishing:
                self.is_finishing = True
                self.crawler.stats.set_value("narayacrawl/request_budget", self._budget)
                close_crawl(self.crawler, "request_budget")
            raise Ended
        self._requests += 1
        response: Response = await super()._enqueue_request(request)
        return response

    @property
    def _reserve(self) -> int:
        """How many requests of the budget nothing new is asked with: an article that lacks a page in the end would be
        read for nothing, in this run and in each that follows."""
        return min(MAX_RESERVE, -(-self._budget // 5))

    def _wait_for_download(
        self, slot: downloader.Slot, request: Request, queue_dfd: Deferred[Response]
    ) -> Coroutine[Any, Any, None]:
        assert isinstance(slot, HostSlot)
        slot.record_begin(request)  # at once: the coroutine begins only when Scrapy has looked at the rest of the queue
        return super()._wait_for_download(slot, request, queue_dfd)

    async def _download(self, slot: downloader.Slot, request: Request) -> Response:
        assert isinstance(slot, HostSlot)
        try:
            response = await super()._download(slot, request)
        except BaseException:
            slot.record_end(request)
            self._process_queue(slot)
            raise
        if wall := recognise_wall(response):
            self.crawler.stats.inc_value(f"{WALL}{wall}")
        elif response.status == 400 and ASKS_FOR_HTTPS.search(response.body[:MAX_ERROR_PAGE]):
            self.crawler.stats.set_value(OTHER_SCHEME, other_scheme(request.url))
        if refusal := slot.record_answer(request, response):
            self._heed(refusal, response)
        # Scrapy's own look at the queue, a moment ago, has found no room: the answer counts as under way until here.
        self._process_queue(slot)
        return response

    def _heed(self, refusal: Refusal, response: Response) -> None:
        """Tell of a host's refusal; end the crawl if it is not to be waited for."""
        stats = self.crawler.stats
        stats.inc_value(f"narayacrawl/throttled/{response.status}")
        if self.is_ended:
            return
        host = urlparse_cached(response).hostname
        if not refusal.is_final:
            stats.max_value("narayacrawl/throttled/longest_wait", round(refusal.wait, 1))
            logger.info("%s answers %d: asked nothing for %.0f s", host, response.status, refusal.wait)
        elif refusal.is_told:
            until = (datetime.now(UTC) + timedelta(seconds=refusal.wait)).isoformat(timespec="seconds")
            stats.set_value(RETRY_AFTER, until)
            logger.warning("%s answers %d: asked nothing before %s, and the run ends", host, response.status, until)
            self.end("retry_after")
        else:
            logger.error("%s answers %d again and again: the run ends", host, response.status)
            self.end("refused")


def _is_needed(request: Request) -> bool:
    """True if a request goes on with what was begun: another page of an article, a redirect, a retry, robots.txt."""
    if IMAGE in request.meta:
        return False
    begun = request.meta.keys() & {NEEDED, "redirect_times", "retry_times"}
    return bool(begun) or request.callback is NO_CALLBACK
