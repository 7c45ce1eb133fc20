"""Record one page of a listing: which articles it shows, and what the ledger knew of them."""

import logging
from collections.abc import Container
from dataclasses import dataclass

from scrapy.http import HtmlResponse

from narayacrawl.language.dates import parse_date
from narayacrawl.ledger.discovered import DiscoveredArticle
from narayacrawl.pages import ListingPage
from narayacrawl.sources.discovery import Discovery
from narayacrawl.urls import key

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class RecordedPage:
    """A page of a listing, read and recorded."""

    response: HtmlResponse
    page: ListingPage
    entries: frozenset[str]
    """Keys of the articles that it links to."""
    added_no_work: bool
    """True if none of them is due because of it."""
    found_earlier: frozenset[int]
    """Ledger ids of those that this run has found elsewhere before."""
    is_older: bool
    """True if all that it lists is older than the window."""


def record_page(
    discovery: Discovery, response: HtmlResponse, read: Container[str], *, is_front: bool
) -> RecordedPage | None:
    """Record a page of a listing; None if it is an article, which is due then. `read` has the keys of what was read as
    listings."""
    page = discovery.portal.read_listing(response)
    if page.is_article:
        discovery.record([DiscoveredArticle(response.url)])
        return None
    discovery.count("listing/read")
    if not page.entries and is_front and not page.is_cover:
        discovery.count("listing/empty")
        logger.error("no article link on %s: not a news portal, or its listings have changed", response.url)
    return record_entries(discovery, response, page, read, is_front=is_front)


def record_entries(
    discovery: Discovery, response: HtmlResponse, page: ListingPage, read: Container[str], *, is_front: bool
) -> RecordedPage:
    """Record what a page shows and is not older than the window; of a section, only what it lists."""
    has_section = bool(discovery.scope.sections)
    older = [is_before_window(discovery, entry.shown_date) for entry in page.entries]
    # What is beside a list stands there on every page.
    listed = [is_older for entry, is_older in zip(page.entries, older, strict=True) if not entry.aside]
    discovery.count("listing/older_entries", sum(listed))
    shown = [
        DiscoveredArticle(entry.url)
        for entry, is_older in zip(page.entries, older, strict=True)
        # What stands beside a section's list may be of any section.
        if not is_older and not (has_section and (is_front or entry.aside)) and key(entry.url) not in read
    ]
    result = discovery.record(shown)
    return RecordedPage(
        response,
        page,
        entries=frozenset(key(entry.url) for entry in page.entries),
        added_no_work=result.added_no_work,
        found_earlier=discovery.found_earlier(result),
        is_older=bool(listed) and all(listed),
    )


def is_before_window(discovery: Discovery, shown_date: str | None) -> bool:
    """True if a listing shows that an entry is older than the window: what it shows is the publish date or a later
    one."""
    if discovery.since is None or shown_date is None:
        return False
    try:
        return parse_date(shown_date, discovery.portal.timezone) < discovery.since
    except ValueError:
        return False
