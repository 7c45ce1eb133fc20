"""A portal of one listing: enough of a spider to judge commands by."""

from collections.abc import AsyncIterator, Iterator
from email.utils import parsedate_to_datetime
from typing import Any

from scrapy import Request, Spider
from scrapy.http import Response
from scrapy.settings import BaseSettings
from twisted.python.failure import Failure

from narayacrawl.addon import update_spider_settings


class StandinSpider(Spider):
    name = "standin"
    custom_settings = {"HTTPCACHE_ENABLED": False, "CONCURRENT_REQUESTS": 4}  # noqa: RUF012

    def __init__(self, url: str = "https://portal.example/", limit: str | None = None, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(**kwargs)
        if url == "unthinkable":
            raise RuntimeError("no such url")
        self.url = url
        self.limit = int(limit) if limit else None

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        super().update_settings(settings)
        update_spider_settings(settings)

    @classmethod
    def check_arguments(cls, arguments: dict[str, str]) -> None:
        if unknown := sorted(arguments.keys() - {"url", "limit"}):
            raise ValueError(f"unknown argument {unknown[0]!r}")

    async def start(self) -> AsyncIterator[Request]:
        yield Request(self.url, errback=self.listing_failed)

    def parse(self, response: Response) -> Iterator[Request]:
        links = response.css("a::attr(href)").getall()[: self.limit]
        self.crawler.stats.inc_value("narayacrawl/listing/read")
        if not links:
            self.crawler.stats.inc_value("narayacrawl/listing/empty")
        for link in links:
            yield response.follow(link, self.parse_article, errback=self.article_failed)

    def parse_article(self, response: Response) -> dict[str, Any]:
        self.crawler.stats.inc_value("narayacrawl/article/read")
        title = response.css("h1::text").get()
        if title == "Crash the spider":
            raise RuntimeError("asked for")
        return {
            "url": response.url,
            "title": title,
            "date": "2026-01-05T09:00:00+07:00",
            "section": "Ekonomi",
            "fetched_at": fetched_at(response),
        }

    def listing_failed(self, failure: Failure) -> None:
        self.crawler.stats.inc_value("narayacrawl/listing/failed")

    def article_failed(self, failure: Failure) -> None:
        self.crawler.stats.inc_value("narayacrawl/article/failed")


class WordPressStandinSpider(StandinSpider):
    name = "wordpress"


def fetched_at(response: Response) -> str | None:
    if "cached" not in response.flags:
        return None
    return parsedate_to_datetime((response.headers["Date"] or b"").decode()).isoformat()
