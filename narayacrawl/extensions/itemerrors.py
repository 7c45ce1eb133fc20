"""Crashes in the item pipelines, counted."""

from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.statscollectors import StatsCollector


class ItemErrorCount:
    """Counts items that crashed a pipeline as the stat `item_error_count`; Scrapy only logs them."""

    def __init__(self, stats: StatsCollector) -> None:
        self.stats = stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        extension = cls(crawler.stats)
        crawler.signals.connect(extension.item_error, signal=signals.item_error)
        return extension

    def item_error(self) -> None:
        self.stats.inc_value("item_error_count")
