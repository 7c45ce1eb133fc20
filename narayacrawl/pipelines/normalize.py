"""Make the record of what a page says, without a crawl: what the pipelines do, one after the other."""

from datetime import tzinfo

from narayacrawl.items import Article, PublishedArticle
from narayacrawl.pipelines.body import normalize_body
from narayacrawl.pipelines.date import normalize_date
from narayacrawl.pipelines.record import record
from narayacrawl.pipelines.title import normalize_title


def normalize(published: PublishedArticle, timezone: tzinfo | None = None) -> Article:
    """Make the record; `timezone` is the portal's own, None takes it from the page's language."""
    return record(normalize_body(normalize_date(normalize_title(published), timezone)))
