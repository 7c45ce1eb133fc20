"""Retry what failed as Scrapy does; what a host refuses for a while, more often and not at once."""

from typing import Final, cast

from scrapy import Request, Spider
from scrapy.downloadermiddlewares import retry
from scrapy.http import Response
from scrapy.utils.response import response_status_message

from narayacrawl.downloader.downloader import Downloader
from narayacrawl.downloader.politeness import REFUSALS, is_article, read_retry_after

TOLD_FACTOR: Final = 3
"""A request that its host refuses for a told time is retried so many times RETRY_TIMES: it may be another's turn again
and again."""


class RetryMiddleware(retry.RetryMiddleware):
    """Retries refused requests; the waits between are the downloader's, which also ends a crawl whose host refuses for
    long."""

    def process_response(
        self, request: Request, response: Response, spider: Spider | None = None
    ) -> Request | Response:
        if response.status not in REFUSALS or request.meta.get("dont_retry", False):
            result: Request | Response = super().process_response(request, response)
            return result
        downloader = cast("Downloader", self.crawler.engine.downloader)
        if downloader.is_ended:
            # It is not asked for again in this run, and so has not failed.
            return request.replace(dont_filter=True)
        # A source may be all that is refused, but where the host has answered nothing else.
        is_of_all = is_article(request) or not downloader.host(request).has_answered
        factor = TOLD_FACTOR if is_of_all and read_retry_after(response) else 1
        assert self.crawler.spider
        retried = retry.get_retry_request(
            request,
            spider=self.crawler.spider,
            reason=response_status_message(response.status),
            max_retry_times=self.max_retry_times * factor,
            priority_adjust=self.priority_adjust,
            give_up_log_level=self.give_up_log_level,
        )
        return retried or response
