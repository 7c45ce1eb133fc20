"""Count what became of the items that were not written."""

from typing import Any, Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem
from scrapy.statscollectors import StatsCollector

from narayacrawl.monitors.outcome import FILTERS


class ItemCounts:
    """Counts dropped articles as `narayacrawl/dropped/<reason>`, those that crashed a pipeline as `item_error_count`.

    Scrapy counts what is dropped by the exception's class alone, and only logs what crashes.
    """

    def __init__(self, stats: StatsCollector) -> None:
        self.stats = stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        extension = cls(crawler.stats)
        crawler.signals.connect(extension.item_dropped, signal=signals.item_dropped)
        crawler.signals.connect(extension.item_error, signal=signals.item_error)
        return extension

    def item_dropped(self, item: Any, exception: DropItem) -> None:  # noqa: ANN401 - whatever Scrapy takes for an item
        reason = getattr(exception, "reason", "other")
        self.stats.inc_value(f"narayacrawl/dropped/{reason}")
        if reason not in FILTERS and not self.stats.get_value("narayacrawl/example/dropped"):
            self.stats.set_value("narayacrawl/example/dropped", getattr(item, "url", None))

    def item_error(self) -> None:
        self.stats.inc_value("item_error_count")
