"""Run the pipelines of an item, guarded against its text."""

from typing import Any, Self

from scrapy.crawler import Crawler
from scrapy.pipelines import ItemPipelineManager

from narayacrawl.archive.page_guard import PageTooSlow
from narayacrawl.archive.run import Run
from narayacrawl.pipelines.dropped import Dropped


class GuardedPipelineManager(ItemPipelineManager):
    """Scrapy's own, as ITEM_PROCESSOR: an article whose text takes the pipelines too long is dropped as `too slow`."""

    async def process_item_async(self, item: Any) -> Any:  # noqa: ANN401 - whatever Scrapy takes for an item
        processing = super().process_item_async(item)
        run = self.crawler.get_extension(Run) if self.crawler else None
        fetched = run.fetched.get(getattr(item, "url", "")) if run else None
        if run is None or fetched is None:
            return await processing
        try:
            return await run.guard.read(processing, fetched.article)
        except PageTooSlow as error:
            raise Dropped("too slow", item.url) from error


class EndGuardPipeline:
    """End the guard: what follows writes, for other articles, too."""

    def __init__(self, run: Run | None) -> None:
        self.run = run

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler.get_extension(Run))

    def process_item(self, item: Any) -> Any:  # noqa: ANN401
        if self.run is not None:
            self.run.guard.pause()
        return item
