"""Bound what listings may cost that bring nothing: calendars, facets, sort orders, session ids, pages without end."""

import logging
import re
from typing import Final
from urllib.parse import urlsplit

from narayacrawl.ledger.source_coverage import count_listed
from narayacrawl.sources.discovery import Discovery

logger = logging.getLogger(__name__)

FREE: Final = 100
"""So many pages and addresses that are no article may come before an article is listed."""
PER_ARTICLE: Final = 2
"""So many more for each article: it stands in the front page's list, in sections and tags, and at other addresses."""
MAX_DEPTH: Final = 8
REPEATED_PART: Final = re.compile(r"/([^/]+)(?=/).*/\1(?=/).*/\1(?:/|$)")


class ListingBudget:
    """Count in one run what is asked for because of listings, and compare it with the articles that they have shown."""

    def __init__(self, discovery: Discovery) -> None:
        self.discovery = discovery
        self.pages = 0
        """How many pages of listings were asked for."""
        self._allowed = 0
        self._wasted_before = self._wasted()
        self._is_spent = False

    @property
    def is_spent(self) -> bool:
        """True if listings have cost more than what they have brought is worth: the rest is left."""
        if self._is_spent:
            return True
        spent = self.pages + self._wasted() - self._wasted_before
        if spent >= self._allowed:  # counting takes time that grows with the ledger: it is done when it may matter
            self._allowed = FREE + PER_ARTICLE * self._count_articles()
            self._is_spent = spent >= self._allowed
        if self._is_spent:
            logger.warning(
                "listings left: %d pages of them and addresses that were no new article, for %d articles",
                *(spent, self._count_articles()),
            )
        return self._is_spent

    def _count_articles(self) -> int:
        ledger = self.discovery.ledger
        return count_listed(ledger.connection, ledger.portal, ledger.run)

    def _wasted(self) -> int:
        """Count the addresses that were answered with no article, or with one that is known by another address."""
        stats = self.discovery.crawler.stats.get_stats()
        names = tuple(f"narayacrawl/article/{what}" for what in ("rejected/", "disbelieved", "duplicate"))
        return sum(int(count) for name, count in stats.items() if name.startswith(names))


def is_doubtful(url: str) -> bool:
    """True if a listing may be one of endlessly many: its address has a query, is very deep or repeats itself."""
    parts = urlsplit(url)
    depth = parts.path.strip("/").count("/")
    return bool(parts.query) or depth >= MAX_DEPTH or REPEATED_PART.search(f"{parts.path}/") is not None
