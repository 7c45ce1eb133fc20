"""Number the revision of an article."""

from typing import Self

from scrapy.crawler import Crawler

from narayacrawl.archive.run import Run
from narayacrawl.items import Article, digest
from narayacrawl.ledger.database import to_utc
from narayacrawl.ledger.identity import FetchedArticles


class ReviseArticlePipeline:
    """Count a revision if title, date or body are others than those of the last one."""

    def __init__(self, fetched: FetchedArticles) -> None:
        self.fetched = fetched

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(Run.of(crawler).fetched)

    def process_item(self, item: Article) -> Article:
        if fetched := self.fetched.get(item.url):
            own = digest(item.title, item.date, item.body)
            fetched.is_changed = own != fetched.hash
            fetched.hash, fetched.published, fetched.modified = own, item.date, to_utc(item.modified)
            fetched.body_length = len(item.body)
            fetched.revision += fetched.is_changed
            item.revision = fetched.revision
        return item
