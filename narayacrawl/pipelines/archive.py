"""Write an article to the archive, then acknowledge it in the ledger: the last step."""

import asyncio
import sys
from typing import Final, NamedTuple, Self

from scrapy.crawler import Crawler

from narayacrawl.archive.run import Run
from narayacrawl.archive.writer import segment_line
from narayacrawl.items import Article
from narayacrawl.ledger.kept_pages import KeptPage
from narayacrawl.ledger.ledger import FetchedArticle
from narayacrawl.ledger.runs import name_segment
from narayacrawl.pipelines.dropped import Dropped

BATCH_SIZE: Final = 50
MAX_WAIT: Final = 1.0
"""Articles wait for each other, at most so many and so many seconds: one fsync then does for all."""


class Waiting(NamedTuple):
    """An article that waits for its batch."""

    item: Article
    line: bytes | None
    """None if no line is to be written."""
    fetched: FetchedArticle
    written: asyncio.Future[None]


class ArchivePipeline:
    """Write articles to the run's segment and acknowledge them in the ledger, a batch at a time.

    An item passes when its line is on the disk and acknowledged. One that is what the archive holds already is dropped
    as `unchanged`, unless the crawl was asked for all (`-a full=1`). A batch that cannot be written ends the crawl; its
    articles stay due.
    """

    def __init__(self, crawler: Crawler, run: Run) -> None:
        self.crawler = crawler
        self.run = run
        self._batch: list[Waiting] = []
        self._timer: asyncio.TimerHandle | None = None
        self._failed: Exception | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler, Run.of(crawler))

    async def process_item(self, item: Article) -> Article:
        fetched = self.run.fetched.get(item.url)
        if fetched is None:
            return item
        try:
            line = segment_line(item) if fetched.is_changed else None
        except TypeError as error:  # half a surrogate pair: nobody could read it, and no other article is to suffer
            raise Dropped("unwritable", item.url) from error
        loop = asyncio.get_running_loop()
        written: asyncio.Future[None] = loop.create_future()
        self._batch.append(Waiting(item, line, fetched, written))
        # Where no segment is written, there is no disk to wait for together.
        has_segment = self.run.segment is not None
        if not has_segment or len(self._batch) >= min(BATCH_SIZE, self._items_left()) or self._is_last():
            self.flush()
        elif self._timer is None:
            self._timer = loop.call_later(MAX_WAIT, self.flush)
        try:
            await written
        except Exception as error:
            raise Dropped("not written", item.url, log_level="DEBUG") from error
        if not fetched.is_changed and not self.run.scope.includes_written:
            raise Dropped("unchanged", item.url, log_level="DEBUG")
        return item

    def _items_left(self) -> int:
        """Return how many more articles the crawl will take."""
        limit = self.crawler.settings.getint("CLOSESPIDER_ITEMCOUNT") or sys.maxsize
        scraped: int = self.crawler.stats.get_value("item_scraped_count", 0)
        return limit - scraped

    def _is_last(self) -> bool:
        """True if waiting brings no other article: nothing else is under way, or nothing else may be."""
        engine = self.crawler.engine
        slot = engine.scraper.slot
        assert slot is not None
        return slot.needs_backout() or (not engine.downloader.active and len(slot.active) <= len(self._batch))

    def flush(self) -> None:
        """Write and acknowledge the batch."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        batch, self._batch = self._batch, []
        if not batch:
            return
        error: Exception | None = None
        try:
            self._write(batch)
        except Exception as caught:  # every article of the batch waits to be told
            error = self._failed = caught
            self.run.fail(caught)
        for waiting in batch:
            self.run.fetched.discard(waiting.fetched.article)
            if error is None:
                if waiting.line is not None:
                    self.crawler.stats.inc_value(f"narayacrawl/written/{waiting.item.change}")
                waiting.written.set_result(None)
            else:
                waiting.written.set_exception(error)

    def _write(self, batch: list[Waiting]) -> None:
        if self._failed is not None:  # the segment may hold what does not count: nothing may count behind it
            raise self._failed
        ledger, segment, raw_pages = self.run.ledger, self.run.segment, self.run.raw_pages
        lines = [own.line for own in batch if own.line is not None]
        fetched = [own.fetched for own in batch]
        size: int | None = None
        warc: int | None = None
        kept: list[KeptPage] = []
        if raw_pages is not None:  # first: no line is to count whose page is not on the disk
            articles = [(own.fetched, own.item) for own in batch]
            warc, kept = raw_pages.keep_articles(articles, self.run.timezone.name)
        if segment is not None and lines:
            if not segment.size:
                name_segment(ledger.connection, ledger.run, segment.name)
            size = segment.append(lines)
        ledger.acknowledge(fetched, size, len(lines), warc, kept)
