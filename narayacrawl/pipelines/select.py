"""Keep the articles that were asked for: inside the window of `since` and `until`."""

from datetime import datetime, tzinfo
from typing import Self
from zoneinfo import ZoneInfo

from scrapy.crawler import Crawler

from narayacrawl.archive.run import Run
from narayacrawl.items import Article
from narayacrawl.ledger.scope import Scope
from narayacrawl.pipelines.dropped import Dropped


class SelectArticlePipeline:
    """Pass the articles inside the window."""

    def __init__(self, scope: Scope, timezone: tzinfo) -> None:
        self.since, self.until = scope.window(timezone)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(Run.of(crawler).scope, ZoneInfo(crawler.spidercls.timezone))  # type: ignore[attr-defined]

    def process_item(self, item: Article) -> Article:
        published = datetime.fromisoformat(item.date or "")
        if (self.since and published < self.since) or (self.until and published >= self.until):
            raise Dropped("outside window", item.url, log_level="DEBUG")
        return item
