"""Feeds: the newest articles, and page by page all others."""

import logging
from typing import Final
from urllib.parse import urljoin

from scrapy.http import Response

from narayacrawl.ledger.discovered import Named
from narayacrawl.ledger.discovery import FEED
from narayacrawl.ledger.tables import moment
from narayacrawl.sources.discovery import ENOUGH, SourceError, Walk
from narayacrawl.sources.feed_parser import atom_url, feed_page_url, feed_urls, read_feed, section_feed_url
from narayacrawl.urls import key

logger = logging.getLogger(__name__)

FEW: Final = 10
"""WordPress' own number of entries a page: a feed of one page that has as many may be cut there."""


async def read_feeds(walk: Walk) -> bool:
    """Walk the portal's feed, or those of the sections; whether each names all articles, page by page. `SourceError`
    where there is none."""
    whole = [await _first(walk, forms) for forms in _feeds(walk)]
    return bool(whole) and all(whole)


def _feeds(walk: Walk) -> list[list[str]]:
    """The addresses at which each feed may be, best first: as Atom it tells of edits."""
    front = walk.front
    if not (sections := walk.spider.arguments.section):
        told = feed_urls(front.selector, front.url) if front is not None else [walk.visit("feed").url or "/feed/"]
        own = [url for url in told if walk.spider.is_own(urljoin(walk.spider.base, url))]
        return [[*dict.fromkeys(form for url in (*own[:1], "/feed/") for form in _forms(url))]]
    if front is None:
        raise SourceError("no front page to find the sections on")
    page = walk.spider.listing_page(walk.spider.selector(front), front.url)
    return [_forms(section_feed_url(page.section_url(name))) for name in sections]


def _forms(url: str) -> list[str]:
    return [form for form in (atom_url(url), url) if form]


async def _first(walk: Walk, forms: list[str]) -> bool:
    """Read a feed at the first of these addresses where there is one."""
    refusals = []
    for url in forms:
        feed = Feed(walk, urljoin(walk.spider.base, url))
        try:
            is_whole = await feed.read()
        except (SourceError, ValueError) as error:
            if feed.is_found:
                raise SourceError(str(error)) from error
            refusals.append(str(error))
        else:
            walk.visited(walk.visit("feed"), url=feed.url)
            return is_whole
    raise SourceError(f"no feed ({'; '.join(refusals)})")


class Feed:
    """One walk through the pages of a feed."""

    def __init__(self, walk: Walk, url: str) -> None:
        self.walk = walk
        self.url = url
        self.visit = walk.visit(f"feed {key(walk.spider.localise(url))}")
        self.is_found = False

    async def read(self) -> bool:
        """Read on until the feed ends, or as far as what is new may be; whether it names all articles."""
        is_known = self.visit.completed is not None and not self.walk.is_full
        goes_on = int(self.visit.cursor) if self.visit.cursor and not self.walk.is_full else 0
        # One that was not read to its end is asked for whatever it answered before.
        first = await self.walk.fetch(self.url, self.visit if is_known else None)
        if first.status == 304:
            self.walk.spider.count("source/read")
            return True
        response, number, quiet = first, 1, 0
        previous: frozenset[str] = frozenset()
        while entries := self.entries(response, number):
            keys = frozenset(key(one.url) for one in entries)
            if keys <= previous:
                logger.info("feed gives the same entries on page %d: %s", number, self.url)
                return False
            previous = keys
            inside = [one for one in entries if not self.walk.is_older(one.published)]
            seen = self.walk.note(inside, FEED)
            # What the front page has named a moment ago may stand before what it does not show.
            quiet = quiet + 1 if seen.is_quiet and not seen.fresh else 0
            if not inside or (is_known and quiet >= ENOUGH):
                break
            if not is_known:
                self.walk.visited(self.visit, cursor=str(max(number, goes_on)))
            number += 1
            if quiet >= ENOUGH and goes_on > number:
                number = goes_on - 1  # what was deleted since has pulled what comes after to the front
            if quiet >= ENOUGH:
                goes_on = 0
            await self.walk.drawing.dried()
            response = await self.walk.fetch(feed_page_url(self.url, number))
        else:
            if number == 2 and len(previous) >= FEW and not is_known:
                logger.info("feed has but one page: %s", self.url)
                return False
        # Not earlier: what an interrupted run has not named is not to be called unchanged.
        self.walk.visited(self.visit, first, cursor=None, **({} if is_known else {"completed": moment()}))
        return True

    def entries(self, response: Response, number: int) -> list[Named]:
        """What a page names; nothing past the last one. `ValueError`, one line, where it is no feed."""
        if response.status == 404 and number > 1:
            return []
        if response.status != 200:
            raise ValueError(f"{response.status} at {response.url}")
        entries = read_feed(response.body, response.url)
        self.is_found = True
        self.walk.spider.count("source/read")
        return entries
