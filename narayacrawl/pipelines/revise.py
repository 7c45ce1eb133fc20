"""Number the revision of an article: an edit is a change of what the newsroom wrote."""

from functools import partial
from typing import Final, Self

from scrapy.crawler import Crawler
from scrapy.statscollectors import StatsCollector

from narayacrawl.archive.run import Run
from narayacrawl.items import Article, digest
from narayacrawl.language.lengths import is_much_less
from narayacrawl.ledger.database import timestamp, to_utc
from narayacrawl.ledger.discovery import CACHE_LIFETIME
from narayacrawl.ledger.former_revision import FormerRevision, former_revision
from narayacrawl.ledger.ledger import FetchedArticle
from narayacrawl.ledger.shape import Shape, compare_fields, difference, field_marks
from narayacrawl.pages.reading import READING
from narayacrawl.pipelines.date import keep_date
from narayacrawl.pipelines.dropped import Dropped

PUT_ASIDE: Final = "put aside"
"""Why an article is dropped that may be written once the run has seen more."""


class ReviseArticlePipeline:
    """Count a revision if title, date or body are others than those of the last one.

    None are a coarser reading of the same date, what only another version of the reading sees, and what a redesign of
    the portal changes: unless the portal tells of an edit.
    """

    def __init__(self, run: Run, stats: StatsCollector) -> None:
        self.run = run
        self.stats = stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(Run.of(crawler), crawler.stats)

    def process_item(self, item: Article) -> Article:
        fetched = self.run.fetched.get(item.url)
        if fetched is None:
            return item
        marks = field_marks(partial(getattr, item))  # before its date is taken from what is known
        if fetched.hash is None:  # nothing was written, or it is to be written again
            former, is_told = None, False
        else:
            former = former_revision(self.run.ledger.connection, fetched.article)
            is_told = former.tells_edit(item.modified)
            keep_date(
                item,
                (former.published, former.date_precision),
                is_relative=fetched.has_relative_date,
                is_exact=is_told,
            )
        own = digest(item.title, item.date, item.body)
        fetched.is_changed = self._is_edit(item, own, fetched, former, marks, is_told=is_told)
        _remember(item, own, fetched, former)
        fetched.shape = str(Shape.of(item.title, item.body, self._written_marks(fetched, former, marks)))
        item.revision = fetched.revision
        item.change = "first" if fetched.revision == 1 else "edit"
        return item

    def _is_edit(
        self,
        item: Article,
        own: str,
        fetched: FetchedArticle,
        former: FormerRevision | None,
        marks: str,
        *,
        is_told: bool,
    ) -> bool:
        """True if a line is to be written; drops the article that is put aside."""
        if former is None:
            return True
        if own in (former.hash, former.renewed):
            if not is_told:
                self.run.redesign.record_unchanged(fetched.article, item.url, compare_fields(former.shape, marks))
            return False
        if is_told or (item.body and not former.body_length):  # what was written without its text is mended
            return True
        if former.reading != READING:
            if is_much_less(former.body_length, len(item.body)):
                return True
            self.stats.inc_value("narayacrawl/article/renewed")
            return False
        is_date_same = item.date == former.published
        other = difference(former.shape, item.url, item.title, item.body, is_date_same=is_date_same)
        other = other._replace(fields=compare_fields(former.shape, marks))
        if self.run.redesign.is_believed(fetched.article, other):
            return True
        raise Dropped(PUT_ASIDE, item.url, log_level="DEBUG")

    def _written_marks(self, fetched: FetchedArticle, former: FormerRevision | None, marks: str) -> str:
        """Return the marks of the fields as they were written: what a page has lost since is lost still."""
        if fetched.is_changed or former is None or former.shape is None or self.run.redesign.is_accepted:
            return marks
        return Shape.parse(former.shape).fields or marks


def _remember(item: Article, own: str, fetched: FetchedArticle, former: FormerRevision | None) -> None:
    """Put down what the ledger will know of the article from now on."""
    is_same = former is not None and own in (former.hash, former.renewed)
    page_change = item.modified or (item.date if fetched.tells_changes else None)
    fetched.told_change = to_utc(page_change)
    if fetched.is_changed or former is None:
        fetched.hash, fetched.renewed, fetched.modified = own, None, to_utc(item.modified)
        fetched.section = item.section
        fetched.revision += 1
    else:
        fetched.hash, fetched.renewed = former.hash, former.renewed if is_same else own
        fetched.modified = to_utc(item.modified) or former.modified
        fetched.section = former.section
    if is_same and former is not None:
        fetched.published, fetched.date_precision = former.published, former.date_precision
        latest = max(former.lastmod or "", fetched.told_change or "")
        fetched.settles_changes = latest < timestamp(-CACHE_LIFETIME)
    else:
        fetched.published, fetched.date_precision = item.date, item.date_precision
    fetched.reading, fetched.body_length = READING, len(item.body)
