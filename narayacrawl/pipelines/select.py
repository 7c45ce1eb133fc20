"""Keep the articles that were asked for: inside the window of `since` and `until`."""

from datetime import datetime
from typing import Self

from scrapy.crawler import Crawler

from narayacrawl.archive.run import Run
from narayacrawl.items import Article
from narayacrawl.ledger.portal_timezone import PortalTimezone
from narayacrawl.ledger.scope import Scope
from narayacrawl.pipelines.dropped import Dropped


class SelectArticlePipeline:
    """Pass the articles inside the window."""

    def __init__(self, scope: Scope, timezone: PortalTimezone) -> None:
        self.scope = scope
        self.timezone = timezone

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        run = Run.of(crawler)
        return cls(run.scope, run.timezone)

    def process_item(self, item: Article) -> Article:
        since, until = self.scope.window(self.timezone.zone)
        published = datetime.fromisoformat(item.date or "")
        if (since and published < since) or (until and published >= until):
            raise Dropped("outside window", item.url, log_level="DEBUG")
        return item
