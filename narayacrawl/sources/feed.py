"""Read feeds: the newest articles, and page by page all others."""

import logging
from typing import Final
from urllib.parse import urljoin

from scrapy.http import Response

from narayacrawl.ledger.database import timestamp
from narayacrawl.ledger.discovered import FEED, DiscoveredArticle
from narayacrawl.sources.discovery import ENOUGH_KNOWN_PAGES, Discovery, SourceError
from narayacrawl.sources.feed_parser import atom_url, feed_page_url, feed_urls, read_feed, section_feed_url
from narayacrawl.sources.seen_keys import SeenKeys
from narayacrawl.sources.timezone import see_offsets
from narayacrawl.urls import key

logger = logging.getLogger(__name__)

FULL_PAGE: Final = 10
"""WordPress' own number of entries a page: a feed of one page that has as many may be cut there."""


async def read_feeds(discovery: Discovery) -> bool:
    """Read the portal's feed, or those of the sections; return True if each lists all articles, page by page.

    Raises `SourceError` if there is none.
    """
    complete = []
    asked = discovery.scope.sections or [""]
    for name, urls in zip(asked, _feed_addresses(discovery), strict=True):
        before = discovery.count_read(FEED)
        complete.append(await _read_first_answering(discovery, urls))
        # WordPress answers an empty feed for a section that it does not have.
        (discovery.sections.denied if discovery.count_read(FEED) == before else discovery.sections.found).add(name)
    return bool(complete) and all(complete)


def _feed_addresses(discovery: Discovery) -> list[list[str]]:
    """Return the addresses at which each feed may be, best first: as Atom it tells of edits."""
    front, portal = discovery.front_page, discovery.portal
    if not discovery.scope.sections:
        linked = (
            feed_urls(portal.selector(front), front.url)
            if front is not None
            else [discovery.state_of("feed").url or "/feed/"]
        )
        own = [url for url in linked if portal.owns(urljoin(portal.base, url))]
        return [[*dict.fromkeys(form for url in (*own[:1], "/feed/") for form in _forms(url))]]
    if front is None:
        raise SourceError("no front page to find the sections on")
    page = portal.read_listing(front)
    return [_forms(section_feed_url(page.section_url(name))) for name in discovery.scope.sections]


def _forms(url: str) -> list[str]:
    return [form for form in (atom_url(url), url) if form]


async def _read_first_answering(discovery: Discovery, urls: list[str]) -> bool:
    """Read a feed at the first of these addresses that has one; return True if it lists all articles."""
    refusals = []
    for url in urls:
        feed = Feed(discovery, urljoin(discovery.portal.base, url))
        try:
            is_complete = await feed.read()
        except (SourceError, ValueError) as error:
            if feed.is_found:
                raise SourceError(str(error)) from error
            refusals.append(str(error))
        else:
            discovery.save_state(discovery.state_of("feed"), url=feed.url)
            return is_complete
    raise SourceError(f"no feed ({'; '.join(refusals)})")


class Feed:
    """Read one feed, page by page."""

    def __init__(self, discovery: Discovery, url: str) -> None:
        self.discovery = discovery
        self.url = url
        self.state = discovery.state_of(f"feed {key(discovery.portal.localise(url))}")
        self.is_found = False

    async def read(self) -> bool:
        """Read on until the feed ends, or as far as new entries may be; return True if it lists all articles."""
        discovery = self.discovery
        was_completed = self.state.completed is not None and not discovery.scope.is_full
        resume_at = int(self.state.cursor) if self.state.cursor and not discovery.scope.is_full else 0
        # One that was not read to its end is asked for whatever it answered before.
        first = await discovery.fetch(self.url, self.state if was_completed else None)
        if first.status == 304:
            discovery.count("source/read")
            return True
        response, number, known_pages = first, 1, 0
        previous: frozenset[str] = frozenset()
        seen = SeenKeys()
        while entries := self.entries(response, number):
            keys = frozenset(key(entry.url) for entry in entries)
            if not seen.add(keys):
                logger.info("feed gives known entries only on page %d: %s", number, self.url)
                return False
            previous = keys
            inside = [entry for entry in entries if not discovery.is_older(entry.published)]
            result = discovery.record(inside, FEED)
            # What the front page has listed a moment ago may stand before what it does not show.
            is_known = result.added_no_work and not discovery.found_earlier(result)
            known_pages = known_pages + 1 if is_known else 0
            if not inside or (was_completed and known_pages >= ENOUGH_KNOWN_PAGES):
                break
            if not was_completed:
                discovery.save_state(self.state, cursor=str(max(number, resume_at)))
            number += 1
            if known_pages >= ENOUGH_KNOWN_PAGES and resume_at > number:
                number = resume_at - 1  # what was deleted since has pulled what comes after to the front
            if known_pages >= ENOUGH_KNOWN_PAGES:
                resume_at = 0
            await discovery.frontier.wait_until_empty()
            response = await discovery.fetch(feed_page_url(self.url, number))
        else:
            if number == 2 and len(previous) >= FULL_PAGE and not was_completed:
                logger.info("feed has but one page: %s", self.url)
                return False
        # Not earlier: what an interrupted run has not listed is not to be called unchanged.
        completed = {} if was_completed else {"completed": timestamp()}
        discovery.save_state(self.state, first, cursor=None, **completed)
        return True

    def entries(self, response: Response, number: int) -> list[DiscoveredArticle]:
        """Return what a page lists; nothing past the last one. Raises `ValueError`, one line, if it is no feed."""
        if response.status == 404 and number > 1:
            return []
        if response.status != 200:
            raise ValueError(f"{response.status} at {response.url}")
        entries = read_feed(response.body, response.url)
        self.is_found = True
        self.discovery.count("source/read")
        see_offsets(self.discovery, (entry.published for entry in entries), "feed")
        return entries
