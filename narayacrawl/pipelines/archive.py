"""The last step: an article is written, then acknowledged."""

import asyncio
import sys
from typing import Final, Self

from scrapy.crawler import Crawler

from narayacrawl.archive.run import RunLedger
from narayacrawl.archive.writer import segment_line
from narayacrawl.items import Article
from narayacrawl.ledger.identity import Claim
from narayacrawl.ledger.runs import name_segment
from narayacrawl.pipelines.dropped import Dropped

MOST: Final = 50
LONGEST: Final = 1.0
"""Articles wait for each other, at most so many and so many seconds: one wait for the disk then does for all."""


class ArchivePipeline:
    """Write articles to the run's segment and acknowledge them in the ledger, a batch at a time.

    An item passes when its line is on the disk and the ledger says so. One that is what the archive holds already is
    dropped as `unchanged`, unless the crawl was asked for all (`-a full=1`). A batch that cannot be written ends the
    crawl; its articles still wait in the ledger.
    """

    def __init__(self, crawler: Crawler, run_ledger: RunLedger) -> None:
        self.crawler = crawler
        self.run_ledger = run_ledger
        self._batch: list[tuple[bytes | None, Claim, asyncio.Future[None]]] = []
        """The line of each article that waits, None where none is due; and who waits for it."""
        self._timer: asyncio.TimerHandle | None = None
        self._failed: Exception | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler, RunLedger.of(crawler))

    async def process_item(self, item: Article) -> Article:
        claim = self.run_ledger.claim_of(item)
        if claim is None:
            return item
        try:
            line = segment_line(item) if claim.is_changed else None
        except TypeError as error:  # half a surrogate pair: nobody could read it, and no other article is to suffer
            raise Dropped("unwritable", item.url) from error
        loop = asyncio.get_running_loop()
        written: asyncio.Future[None] = loop.create_future()
        self._batch.append((line, claim, written))
        # Where no segment is written, there is no disk to wait for together.
        if self.run_ledger.segment is None or len(self._batch) >= min(MOST, self._wanted()) or self._is_all():
            self.flush()
        elif self._timer is None:
            self._timer = loop.call_later(LONGEST, self.flush)
        try:
            await written
        except Exception as error:
            raise Dropped("not written", item.url, log_level="DEBUG") from error
        if not claim.is_changed and not self.run_ledger.ledger.is_full:
            raise Dropped("unchanged", item.url, log_level="DEBUG")
        return item

    def _wanted(self) -> int:
        """How many more articles the crawl will take."""
        most = self.crawler.settings.getint("CLOSESPIDER_ITEMCOUNT") or sys.maxsize
        passed: int = self.crawler.stats.get_value("item_scraped_count", 0)
        return most - passed

    def _is_all(self) -> bool:
        """Whether waiting brings no other article: nothing else is under way, or nothing else may be."""
        engine = self.crawler.engine
        slot = engine.scraper.slot
        assert slot is not None
        return slot.needs_backout() or (not engine.downloader.active and len(slot.active) <= len(self._batch))

    def flush(self) -> None:
        """Write and acknowledge what waits."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        batch, self._batch = self._batch, []
        if not batch:
            return
        try:
            self._write([line for line, _, _ in batch if line is not None], [claim for _, claim, _ in batch])
        except Exception as error:  # every article of the batch waits to be told
            self._failed = error
            self.run_ledger.fail(error)
            for _, claim, written in batch:
                self.run_ledger.ledger.claims.pop(claim.url, None)
                written.set_exception(error)
        else:
            for _, _, written in batch:
                written.set_result(None)

    def _write(self, lines: list[bytes], claims: list[Claim]) -> None:
        if self._failed is not None:  # the segment may hold what does not count: nothing may count behind it
            raise self._failed
        ledger, segment = self.run_ledger.ledger, self.run_ledger.segment
        if segment is None or not lines:
            ledger.acknowledge(claims)
            return
        if not segment.size:
            name_segment(ledger.connection, ledger.run, segment.name)
        ledger.acknowledge(claims, segment.export_lines(lines), len(lines))
