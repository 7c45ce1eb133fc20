"""Whether a portal still answers its articles: one that is under repair, behind a wall or set up wrongly answers each
as if it were gone, or no article at all."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from narayacrawl.ledger import rechecks
from narayacrawl.ledger.ledger import Ledger

MOST_DOUBTS: Final = 10
"""After so many articles in a row that are none, one that is written must show that others are."""
WITNESSES: Final = 3
"""So many of them are asked: one or the other may be gone, too."""


class Standing:
    """What a run knows of it. `is_article` asks an address and tells whether an article is answered there."""

    def __init__(self, ledger: Ledger, is_article: Callable[[str], Awaitable[bool]]) -> None:
        self.ledger = ledger
        self.is_article = is_article
        self.doubts = MOST_DOUBTS
        self.has_fallen = False
        self._turn = asyncio.Lock()

    def proved(self) -> None:
        """Note that an article has been read, or is as it was."""
        self.doubts, self.has_fallen = 0, False

    async def holds(self, article: int) -> bool:
        """Whether it is to be believed that an article, by its id in the ledger, is none: where a source has ceased to
        name it, others are articles, or nothing was ever written."""
        if article in self.ledger.ceased:
            return True
        async with self._turn:
            self.doubts += 1
            if self.doubts <= MOST_DOUBTS:
                return True
            if self.has_fallen:
                return False
            witnesses = rechecks.witnesses(self.ledger.connection, self.ledger.portal, article, WITNESSES)
            for url in witnesses:
                if await self.is_article(url):
                    self.proved()
                    return True
            self.has_fallen = bool(witnesses)
            return not witnesses
