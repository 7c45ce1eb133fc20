"""Export feeds, and end the crawl where one cannot be written."""

from typing import Any

from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider, NotConfigured, UsageError
from scrapy.extensions import feedexport

from narayacrawl.archive.failure import output_failed
from narayacrawl.downloader.ending import close_crawl


class FeedExporter(feedexport.FeedExporter):
    """Exports feeds as Scrapy does, but stops the crawl where one cannot be written (`output_failed`).

    Scrapy logs such an error and crawls on. Here the first one becomes the stat `narayacrawl/output/failed`: a line
    that says what went wrong and where. A feed is opened before the first request, so that a wrong path costs nothing;
    one without `store_empty` at its first item. `UsageError` where FEEDS names a storage or format that is unknown.
    """

    def __init__(self, crawler: Crawler) -> None:
        try:
            super().__init__(crawler)
        except NotConfigured:
            if feeds := crawler.settings.getdict("FEEDS"):
                raise UsageError(f"no feed storage or format for {', '.join(map(str, feeds))}") from None
            raise

    def open_spider(self, spider: Spider) -> None:
        try:
            super().open_spider(spider)
            for slot in self.slots:
                if slot.store_empty:
                    slot.start_exporting()
        except Exception as error:
            self._fail(error)
            raise CloseSpider("output_failed") from error

    def item_scraped(self, item: Any, spider: Spider) -> None:  # noqa: ANN401 - whatever Scrapy takes for an item
        try:
            super().item_scraped(item, spider)
        except Exception as error:
            self._fail(error)
            close_crawl(self.crawler, "output_failed")

    async def _close_slot(self, slot: feedexport.FeedSlot, spider: Spider) -> None:
        # Overridden though private: Scrapy runs it as a task whose exception nobody reads.
        try:
            await super()._close_slot(slot, spider)
        except Exception as error:
            self._fail(error)

    def _fail(self, error: Exception) -> None:
        if isinstance(error, OSError):
            output_failed(self.crawler, f"{error.strerror or error}: {error.filename or ', '.join(self.feeds)}")
        else:
            output_failed(self.crawler, f"{type(error).__name__}: {error}", error=error)
