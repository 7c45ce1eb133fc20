"""Keep the articles that were asked for: inside the window of `since` and `until`, at most `limit` of them."""

from datetime import datetime, tzinfo
from typing import Self
from zoneinfo import ZoneInfo

from scrapy.crawler import Crawler

from narayacrawl.archive.run import Run
from narayacrawl.items import Article
from narayacrawl.ledger.scope import Scope
from narayacrawl.pipelines.dropped import Dropped


class SelectArticlePipeline:
    """Pass the articles inside the window, at most `limit` of them: those under way when the limit is reached are
    dropped."""

    def __init__(self, scope: Scope, timezone: tzinfo) -> None:
        self.since, self.until = scope.window(timezone)
        self.limit = scope.limit
        self.passed = 0

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(Run.of(crawler).scope, ZoneInfo(crawler.spidercls.timezone))  # type: ignore[attr-defined]

    def process_item(self, item: Article) -> Article:
        published = datetime.fromisoformat(item.date or "")
        if (self.since and published < self.since) or (self.until and published >= self.until):
            raise Dropped("outside window", item.url, log_level="DEBUG")
        if self.limit is not None and self.passed >= self.limit:
            raise Dropped("over limit", item.url, log_level="DEBUG")
        self.passed += 1
        return item
