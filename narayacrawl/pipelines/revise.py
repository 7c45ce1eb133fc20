"""Which revision of an article a record is."""

from typing import Self

from scrapy.crawler import Crawler

from narayacrawl.archive.run import RunLedger
from narayacrawl.items import Article, digest
from narayacrawl.ledger.tables import utc


class ReviseArticlePipeline:
    """Number the revision, and find out whether title, date or body are others than those of the last one."""

    def __init__(self, run_ledger: RunLedger) -> None:
        self.run_ledger = run_ledger

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(RunLedger.of(crawler))

    def process_item(self, item: Article) -> Article:
        if claim := self.run_ledger.claim_of(item):
            found = digest(item.title, item.date, item.body)
            claim.is_changed = found != claim.hash
            claim.hash, claim.published, claim.modified = found, item.date, utc(item.modified)
            claim.revision += claim.is_changed
            item.revision = claim.revision
        return item
