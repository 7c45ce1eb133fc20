"""Obey robots.txt as Scrapy does, its Crawl-delay, too, and read it again after a day."""

import logging
from time import monotonic
from typing import Final, cast

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares import robotstxt
from scrapy.http import Response
from scrapy.robotstxt import RobotParser
from scrapy.utils.httpobj import urlparse_cached
from twisted.internet.defer import Deferred

from narayacrawl.downloader.downloader import Downloader

logger = logging.getLogger(__name__)

MAX_AGE: Final = 86_400
"""Seconds after which robots.txt is read again (RFC 9309, 2.4)."""
MAX_CRAWL_DELAY: Final = 60.0
"""Seconds: a longer Crawl-delay is obeyed as this one."""


def _without_traceback(record: logging.LogRecord) -> bool:
    """Take the traceback from what Scrapy logs of a robots.txt that did not come: why stands in its line."""
    record.exc_info = None
    return True


class RobotsTxtMiddleware(robotstxt.RobotsTxtMiddleware):
    """Lets the downloader keep the Crawl-delay for our user agent; keeps to the last robots.txt where a later one does
    not come."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._user_agent: str = self._robotstxt_useragent or self._default_useragent
        self._read_at: dict[str, float] = {}
        self._former: dict[str, RobotParser | None] = {}
        self._delays: dict[str, float] = {}
        crawler.signals.connect(self.set_crawl_delay, signal=signals.robots_parsed)
        # Adding it again does nothing.
        robotstxt.logger.addFilter(_without_traceback)

    async def robot_parser(self, request: Request) -> RobotParser | None:
        netloc = urlparse_cached(request).netloc
        now = monotonic()
        parser = self._parsers.get(netloc)
        if now - self._read_at.setdefault(netloc, now) > MAX_AGE and not isinstance(parser, Deferred):
            self._read_at[netloc] = now
            self._former[netloc] = parser
            del self._parsers[netloc]
        found: RobotParser | None = await super().robot_parser(request)
        return found

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status >= 500 and netloc in self._former:
            self._robots_error(OSError(f"status {response.status}"), netloc)
            return
        await super()._parse_robots(response, netloc, request)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        waiting = self._parsers[netloc]
        if (former := self._former.get(netloc)) is not None and isinstance(waiting, Deferred):
            logger.warning("robots.txt of %s did not come again (%s): the last one is kept to", netloc, exc)
            self._parsers[netloc] = former
            waiting.callback(former)
            return
        super()._robots_error(exc, netloc)

    def set_crawl_delay(self, robotparser: RobotParser, request: Request) -> None:
        """Have the downloader keep the Crawl-delay that robots.txt asks of us."""
        delay: float = robotparser.crawl_delay(self._user_agent) or 0.0
        if delay > MAX_CRAWL_DELAY:
            logger.warning("robots.txt asks for %.6g s between requests: %.0f s are kept", delay, MAX_CRAWL_DELAY)
        delay = min(delay, MAX_CRAWL_DELAY)
        if delay:
            self.crawler.stats.set_value("narayacrawl/crawl_delay", delay)
        # The names of a host, with and without www, share one line.
        self._delays[urlparse_cached(request).netloc] = delay
        longest = max(self._delays.values())
        cast("Downloader", self.crawler.engine.downloader).host(request).keep_crawl_delay(longest)
