"""Scrapy as it comes, to measure against: `scrapy startproject` and a spider of a few lines.

python benchmarks/plain.py empty SITE ARTICLES [SETTING=value …]    every article asked for, nothing done with it
python benchmarks/plain.py follow SITE [SETTING=value …]            a Request for each link of a list, as it is found
"""

import sys
from collections.abc import AsyncIterator, Iterator
from typing import Any

from scrapy import Request, Spider, signals
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import HtmlResponse

from benchmarks.newsroom import article

SETTINGS: dict[str, Any] = {"LOG_LEVEL": "INFO", "TELNETCONSOLE_ENABLED": False, "REMOTE_CONTROL_ENABLED": False}


class EmptySpider(Spider):
    """Asks for every article; addresses are drawn as they are needed, as no crawl holds all of them in memory."""

    name = "empty"

    def __init__(self, site: str, articles: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.site, self.articles = site.rstrip("/"), int(articles)

    async def start(self) -> AsyncIterator[Request]:
        assert self.crawler.engine is not None
        for number in range(self.articles, 0, -1):
            if self.crawler.engine.needs_backout():
                await self.crawler.signals.wait_for(signals.scheduler_empty)
            yield Request(f"{self.site}{article(number).path}")

    def parse(self, response: HtmlResponse) -> None:
        """Nothing."""


class FollowSpider(Spider):
    """Follows a list to its end, and asks for each article that it finds there after that."""

    name = "follow"

    def __init__(self, site: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.start_urls = [site]

    def parse(self, response: HtmlResponse) -> Iterator[Request]:
        for link in response.css("h2.entry-title a::attr(href)").getall():
            yield Request(link, self.parse_article, priority=-1)
        if following := response.css("a.next::attr(href)").get():
            yield Request(following)

    def parse_article(self, response: HtmlResponse) -> None:
        """Nothing."""


def main() -> None:
    words = [word for word in sys.argv[2:] if "=" not in word]
    process = AsyncCrawlerProcess(SETTINGS | dict(word.split("=", 1) for word in sys.argv[2:] if "=" in word))
    spider, names = {"empty": (EmptySpider, ("site", "articles")), "follow": (FollowSpider, ("site",))}[sys.argv[1]]
    process.crawl(spider, **dict(zip(names, words, strict=True)))
    process.start()


if __name__ == "__main__":
    main()
