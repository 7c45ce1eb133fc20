"""Scrapy's downloader, which can give up what it has begun."""

from typing import Any

from scrapy import Request, Spider
from scrapy.core import downloader
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.internet.defer import Deferred


class Downloader(downloader.Downloader):
    """Knows every download under way, to end it: Scrapy waits for each, delays between them and all.

    What is given up reaches its errback as a `CancelledError`.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._under_way: dict[Request, Deferred[Response | Request]] = {}

    def fetch(self, request: Request, spider: Spider | None = None) -> Deferred[Response | Request]:
        fetching: Deferred[Response | Request] = super().fetch(request)
        self._under_way[request] = fetching

        def ended(result: Any) -> Any:  # noqa: ANN401 - an answer or a failure, passed on
            self._under_way.pop(request, None)
            return result

        return fetching.addBoth(ended)

    def give_up(self, *, sent: bool) -> None:
        """End the downloads that wait for their turn; with `sent`, those that wait for an answer, too."""
        transferring = {request for slot in self.slots.values() for request in slot.transferring}
        for request, fetching in list(self._under_way.items()):
            if sent or request not in transferring:
                fetching.cancel()
