"""The older pages of a listing: how they are counted, and what they have shown so far."""

from dataclasses import dataclass, field

from narayacrawl.ledger.source_state import SourceState
from narayacrawl.pages import ListingPage
from narayacrawl.pages.page_counter import PageCounter
from narayacrawl.pages.paging import listing_page, listing_page_url
from narayacrawl.sources.seen_keys import SeenKeys


@dataclass(slots=True)
class Series:
    """The older pages of a listing, by one way of counting them."""

    state: SourceState
    previous: frozenset[str]
    """Entries of the page before."""
    is_guessed: bool
    """True if no link leads to its next page."""
    counter: PageCounter | None = None
    """How its pages are counted; None if it is one of WordPress' ways."""
    known_pages: int = 0
    """Pages in a row that listed nothing new."""
    found_earlier: frozenset[int] = frozenset()
    """What its pages show that this run has found elsewhere: it may stand beside the list of every page."""
    repeated: int = 0
    """Pages in a row that showed nothing else than the one before, or nothing that is not in `seen`."""
    seen: SeenKeys = field(default_factory=SeenKeys)
    """What its pages have shown so far, but for the first one: a long front page shows what its next pages do."""

    def number(self, url: str) -> int:
        """Return which page an address is, from 1."""
        return listing_page(url)[2] if self.counter is None else self.counter.number(url) or 1

    def address(self, url: str, number: int) -> str:
        """Return the address of a page, from 2, of the series that has one at `url`."""
        return listing_page_url(url, number) if self.counter is None else self.counter.address(number)

    def next_page(self, page: ListingPage) -> str | None:
        """Return the next page that a page leads to, counted as it is itself; None if there is none."""
        if self.counter is not None:
            return page.next_counted(self.counter)
        counter = listing_page(page.url)[1]
        for url in page.next_urls:
            if listing_page(url)[1] == counter:
                return url
        return page.unlinked_next_url if self.is_guessed else None
