"""Crawl with plain Scrapy, as a baseline: default settings and spiders of a few lines.

python benchmarks/plain.py empty SITE ARTICLES [SETTING=value …]    fetch every article, do nothing with it
python benchmarks/plain.py follow SITE [SETTING=value …]            follow a listing, yield a Request for each link
"""

import sys
from collections.abc import AsyncIterator, Iterator
from typing import Any

from scrapy import Request, Spider, signals
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import HtmlResponse

from benchmarks.articles import article

SETTINGS: dict[str, Any] = {"LOG_LEVEL": "INFO", "TELNETCONSOLE_ENABLED": False, "REMOTE_CONTROL_ENABLED": False}


class EmptySpider(Spider):
    """Fetch every article; requests are generated only when the scheduler needs more, so memory stays small."""

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
        """Do nothing with the page."""


class FollowSpider(Spider):
    """Follow a listing to its last page, then fetch the articles found there."""

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
        """Do nothing with the page."""


def main() -> None:
    arguments = [word for word in sys.argv[2:] if "=" not in word]
    process = AsyncCrawlerProcess(SETTINGS | dict(word.split("=", 1) for word in sys.argv[2:] if "=" in word))
    spider, names = {"empty": (EmptySpider, ("site", "articles")), "follow": (FollowSpider, ("site",))}[sys.argv[1]]
    process.crawl(spider, **dict(zip(names, arguments, strict=True)))
    process.start()


if __name__ == "__main__":
    main()
