"""Ask for the page to explain, as the crawl of its portal would."""

from collections.abc import AsyncIterator
from typing import Any

from scrapy import Request, Spider
from scrapy.exceptions import IgnoreRequest
from scrapy.http import HtmlResponse, Response
from scrapy.settings import BaseSettings
from scrapy.utils.datatypes import SequenceExclude
from twisted.python.failure import Failure

from narayacrawl.addon import RUN
from narayacrawl.downloader.downloader import RETRY_AFTER
from narayacrawl.downloader.fetch import fetched_at, header
from narayacrawl.explain.page import Page
from narayacrawl.pages.encoding import decode_html


class PageSpider(Spider):
    """Asks for one page with the settings of a portal's spider, and keeps its answer or why there is none."""

    name = "explain"
    read_by: type[Spider] = Spider

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url
        self.start_urls = [url]
        self.page: Page | None = None
        self.trouble = "no answer"

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        cls.read_by.update_settings(settings)
        # One page is no run of its portal.
        settings.set("EXTENSIONS", settings.getdict("EXTENSIONS") | {RUN: None}, priority="spider")

    async def start(self) -> AsyncIterator[Any]:
        # Redirects are followed, any other answer is reported.
        meta = {"handle_httpstatus_list": SequenceExclude(range(300, 400))}
        yield Request(self.url, errback=self.failed, meta=meta)

    def parse(self, response: Response) -> None:
        if response.status != 200:
            self.trouble = f"status {response.status}"
        elif not isinstance(response, HtmlResponse):
            kind = (response.headers.get("Content-Type") or b"no content type").decode("latin-1")
            self.trouble = f"no HTML but {kind}"
        else:
            html = decode_html(response.body, header(response, "Content-Type"))
            self.page = Page(html, response.url, fetched_at(response))

    def failed(self, failure: Failure) -> None:
        if moment := self.crawler.stats.get_value(RETRY_AFTER):
            self.trouble = f"the portal wants no request before {moment} (its Retry-After)"
            return
        message = failure.getErrorMessage().partition("\n")[0]
        forbidden = isinstance(failure.value, IgnoreRequest)
        self.trouble = message if forbidden else f"not fetched ({type(failure.value).__name__}: {message})"
