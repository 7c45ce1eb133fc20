"""Which articles were asked for: the window of `since` and `until`, and the `limit`."""

from datetime import datetime
from typing import TYPE_CHECKING, Self, cast
from zoneinfo import ZoneInfo

from scrapy.crawler import Crawler

from narayacrawl.items import Article
from narayacrawl.pipelines.dropped import Dropped

if TYPE_CHECKING:
    from narayacrawl.wordpress import WordPressSpider


class SelectArticlePipeline:
    """Let pass the articles inside the window, at most `limit` of them: those under way when the limit is reached
    go."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.passed = 0

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def open_spider(self) -> None:
        spider = cast("WordPressSpider", self.crawler.spider)
        self.since, self.until = spider.arguments.window(ZoneInfo(spider.timezone))
        self.limit = spider.arguments.limit

    def process_item(self, item: Article) -> Article:
        published = datetime.fromisoformat(item.date or "")
        if (self.since and published < self.since) or (self.until and published >= self.until):
            raise Dropped("outside window", item.url, log_level="DEBUG")
        if self.limit is not None and self.passed >= self.limit:
            raise Dropped("over limit", item.url, log_level="DEBUG")
        self.passed += 1
        return item
