"""Tell a portal that fails from articles that are gone.

Under repair, behind a wall or set up wrongly, a portal answers each article as if it were gone, or with no article."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from narayacrawl.ledger.due import has_written, written_urls
from narayacrawl.ledger.ledger import Ledger

MAX_LOST_IN_A_ROW: Final = 10
"""After so many articles in a row that are none, a written one must show that others are still served."""
WITNESSES: Final = 3
"""So many written ones are asked for: one or the other may be gone, too."""


class PortalHealth:
    """Remember in one run whether the portal still serves articles.

    `is_article` asks an address and tells whether an article is answered there.
    """

    def __init__(self, ledger: Ledger, is_article: Callable[[str], Awaitable[bool]]) -> None:
        self.ledger = ledger
        self.is_article = is_article
        # The first one is doubted: no article was read yet.
        self.lost_in_a_row = MAX_LOST_IN_A_ROW
        self.has_served = has_written(ledger)
        """True if an article was ever read."""
        self.has_failed = False
        self._lock = asyncio.Lock()

    def record_article(self) -> None:
        """Record that an article was read, or is as it was."""
        self.lost_in_a_row, self.has_failed, self.has_served = 0, False, True

    async def still_serves_articles(self, article: int) -> bool:
        """True if it is to be believed that an article, by its id in the ledger, is none: a source has delisted it,
        others are still served, or nothing was ever written."""
        if article in self.ledger.delisted:
            return True
        async with self._lock:
            self.lost_in_a_row += 1
            if self.lost_in_a_row <= MAX_LOST_IN_A_ROW:
                return True
            if self.has_failed:
                return False
            witnesses = written_urls(self.ledger, other_than=article, limit=WITNESSES)
            for url in witnesses:
                if await self.is_article(url):
                    self.record_article()
                    return True
            self.has_failed = bool(witnesses)
            return not witnesses
