"""Why articles were dropped, counted."""

from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem
from scrapy.statscollectors import StatsCollector


class DropReasons:
    """Counts dropped articles as `narayacrawl/dropped/<reason>`; Scrapy counts them by the exception's class alone."""

    def __init__(self, stats: StatsCollector) -> None:
        self.stats = stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        extension = cls(crawler.stats)
        crawler.signals.connect(extension.item_dropped, signal=signals.item_dropped)
        return extension

    def item_dropped(self, exception: DropItem) -> None:
        self.stats.inc_value(f"narayacrawl/dropped/{getattr(exception, 'reason', 'other')}")
