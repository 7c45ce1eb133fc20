"""Write dates as ISO 8601 with the portal's local offset."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Self
from zoneinfo import ZoneInfo

from narayacrawl.items import Article, PublishedArticle
from narayacrawl.language.dates import date_precision, local, parse_date, timezone_of
from narayacrawl.language.same_date import keep_finer, shown_precision

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)


def normalize_date(article: PublishedArticle, timezone: tzinfo | None = None) -> PublishedArticle:
    """Rewrite `date` and `modified` as ISO 8601 to the second, and tell how exact `date` is; None where nobody can read
    them.

    `timezone` is the portal's own; None takes it from the page's language, and a page in another language keeps UTC.
    """
    zone = timezone or timezone_of(article.language)
    now = datetime.fromisoformat(article.fetched_at) if article.fetched_at else None
    moments = {}
    for name in ("date", "modified"):
        words = getattr(article, name)
        try:
            moments[name] = local(parse_date(words, zone or ZoneInfo("UTC"), now=now), zone) if words else None
        except ValueError:
            logger.warning("%s %r unreadable: %s", name, words, article.url)
            moments[name] = None
    published, modified = moments["date"], moments["modified"]
    if published and modified:
        modified = modified.astimezone(published.tzinfo) if modified > published else None
    article.date_precision = date_precision(article.date) if published and article.date else None
    article.date = published.isoformat() if published else None
    article.modified = modified.isoformat() if modified else None
    return article


def keep_date(
    item: Article, former: tuple[str | None, str | None], *, is_relative: bool, is_exact: bool = False
) -> None:
    """Take the date that is known, with its precision, where the page tells the same one coarser, or relative to the
    moment of the fetch."""
    published, precision = former
    if item.date is None or published is None:
        return
    known = published, precision or shown_precision(datetime.fromisoformat(published))
    if is_relative:
        item.date, item.date_precision = known
    else:
        item.date, item.date_precision = keep_finer((item.date, item.date_precision), known, is_exact=is_exact)
    if item.modified and datetime.fromisoformat(item.modified) == datetime.fromisoformat(item.date):
        item.modified = None


class NormalizeDatePipeline:
    """Rewrite the dates as ISO 8601 with the portal's offset. An article whose date nobody can read is dropped by
    validation."""

    def __init__(self, timezone: Callable[[], tzinfo | None]) -> None:
        self.timezone = timezone

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        from narayacrawl.archive.run import Run  # Scrapy, which `extract` does without

        if own := getattr(crawler.spidercls, "timezone", None):
            zone = ZoneInfo(own)
            return cls(lambda: zone)
        run = crawler.get_extension(Run)
        # The portal may tell it while the crawl is under way.
        return cls(lambda: run.timezone.zone if run else None)

    def process_item(self, item: PublishedArticle) -> PublishedArticle:
        return normalize_date(item, self.timezone())
