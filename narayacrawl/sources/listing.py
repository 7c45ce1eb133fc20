"""Listings: the front page, what its menus lead to, and the pages that each of them goes on with."""

import logging
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from scrapy.http import HtmlResponse, Response

from narayacrawl.downloader.fetch import GONE
from narayacrawl.language.dates import parse_date
from narayacrawl.ledger.discovered import Named
from narayacrawl.ledger.source_state import Visit
from narayacrawl.ledger.tables import moment
from narayacrawl.pages import ListingPage
from narayacrawl.pages.paging import listing_page, listing_page_url, next_listing_url
from narayacrawl.sources.discovery import ENOUGH, SourceError, Walk
from narayacrawl.urls import key, same_site

logger = logging.getLogger(__name__)

MOST_REPEATED: Final = 3
WHOLE_AGAIN: Final = timedelta(days=30)
"""A series is read to its end again after so long, whatever is known."""


@dataclass(slots=True)
class Read:
    """A page of a listing, read and noted."""

    response: HtmlResponse
    page: ListingPage
    entries: frozenset[str]
    """Keys of the articles that it links to."""
    is_quiet: bool
    """Whether none of them waits because of it."""
    fresh: frozenset[int]
    """Ids of those that this run has found before, elsewhere."""
    is_older: bool
    """Whether all that it lists is older than the window."""


@dataclass(slots=True)
class Chain:
    """The pages that follow the first one of a listing, by one way of counting them."""

    visit: Visit
    previous: frozenset[str]
    """Entries of the page before."""
    is_guessed: bool
    """Whether no link leads to its next page."""
    quiet: int = 0
    """Pages in a row that named nothing new."""
    fresh: frozenset[int] = frozenset()
    """What pages after the first one show that was found in this run: it may stand beside the list of every page."""
    repeated: int = 0
    """Pages in a row that showed nothing else than the one before."""


@dataclass
class Listings:
    """A walk through the listings of a portal."""

    walk: Walk
    waiting: deque[str] = field(default_factory=deque)
    """Addresses of listings that are to be read."""
    asked: set[str] = field(default_factory=set)
    """Keys of every page that was asked for."""
    first: Response | None = None
    """What the portal's first page answered."""
    front: Read | None = None
    """The portal's first page; None where it was not noted."""
    is_front_same: bool = False
    """Whether the portal's first page is as it was when it was last noted."""
    is_whole: bool = True
    is_series_whole: bool = True

    async def read_front(self) -> None:
        """Ask for the front page, from where the other sources are found. `SourceError` where nothing came."""
        url = self.walk.spider.start_urls[0]
        visit = self.walk.visit("front")
        is_known = visit.completed and not self.walk.spider.arguments.section
        response = self.first = await self.walk.page(url, visit if is_known else None)
        if response.status == 304:
            self.first, self.is_front_same = None, True
            return
        if response.status != 200 or not isinstance(response, HtmlResponse):
            logger.warning("front page not read (%s): %s", response.status, url)
            return
        if same_site(response.url, self.walk.spider.base):
            self.walk.spider.base = response.url  # where the portal itself sends its visitors: https, www
        self.walk.front = response

    def show(self) -> None:
        """Name what the front page shows, unless that was done."""
        if self.walk.front is None or self.first is None:
            return
        self.first = None
        self.asked |= {key(self.walk.spider.start_urls[0]), key(self.walk.front.url)}
        self.front = self.entered(self.walk.front, is_first=True)
        self.walk.visited(self.walk.visit("front"), self.walk.front, completed=moment())

    async def read(self) -> bool:
        """Read the listings, and what articles' addresses turn out to be some; whether all were read to their end, now
        or before."""
        spider = self.walk.spider
        for url in spider.start_urls:
            await self.series(url, is_first=True)
        while True:
            while self.waiting:
                await self.section(self.waiting.popleft())
            await self.walk.drawing.settled()
            self.offer(spider.strayed)
            spider.strayed.clear()
            if not self.waiting:
                return self.is_whole

    def offer(self, urls: Iterable[str]) -> None:
        """Listings to be read, each once."""
        self.waiting.extend(
            url for url in dict.fromkeys(urls) if key(url) not in self.asked and url not in self.waiting
        )

    async def section(self, url: str) -> None:
        """Read a listing, unless it was and had nothing of its own lately."""
        if key(url) in self.asked:
            return
        visit = self.walk.visit(f"listing {key(url)}")
        if visit.completed and visit.is_left_alone(visit.quiet) and not self.walk.is_full and not self.walk.scope:
            self.asked.add(key(url))
            self.walk.spider.count("listing/left")
            return
        await self.series(url)

    async def series(self, url: str, *, is_first: bool = False) -> None:
        """Read a listing from its first page on."""
        visit = self.walk.visit(f"listing {key(url)}")
        before = self.walk.spider.crawler.stats.get_value("narayacrawl/ledger/new", 0)
        self.is_series_whole = True
        if is_first and self.is_front_same and visit.completed:
            self.offer(own.url for own in self.walk.visits("listing") if own.url)
            return
        first = (is_first and self.front) or await self.ask(url, None if is_first else visit, is_first=is_first)
        if first is None:
            return
        if is_first and self.walk.spider.arguments.section:
            self.offer(first.page.section_url(name) for name in self.walk.spider.arguments.section)
            return
        if not self.walk.spider.arguments.section:
            self.offer(first.page.sections)
        await self.follow(first)
        new = self.walk.spider.crawler.stats.get_value("narayacrawl/ledger/new", 0) - before
        quiet = 0 if new or first.page.is_main else visit.quiet + 1
        completed = moment() if self.is_series_whole else visit.completed
        self.walk.visited(visit, first.response, url=url, quiet=quiet, completed=completed)

    async def ask(
        self, url: str, visit: Visit | None = None, *, is_first: bool = False, is_guessed: bool = False
    ) -> Read | None:
        """Ask for a page of a listing and note it; None, counted, where it is none, does not come, or is as it was when
        the listing was last read to its end: what follows is, too."""
        self.asked.add(key(url))
        await self.walk.drawing.dried()
        try:
            response = self.first or await self.walk.page(url, visit if visit and visit.completed else None)
        except SourceError as error:
            self.failed(str(error))
            return None
        self.first = None
        if response.status == 304 and visit is not None:
            self.walk.spider.count("listing/unchanged")
            self.walk.visited(visit, quiet=visit.quiet + 1, completed=moment())
            return None
        if response.status in GONE and not is_first:
            self.walk.spider.count("listing/past_end" if is_guessed else "listing/gone")
            return None
        if response.status != 200:
            self.failed(f"listing not read ({response.status}): {url}")
            if response.status >= 500 and listing_page(url)[2] > 1 and not is_guessed:
                return await self.ask(next_listing_url(url), is_guessed=True)
            return None
        if not isinstance(response, HtmlResponse):
            logger.info("no listing (%s): %s", response.headers.get("Content-Type"), response.url)
            return None
        if key(response.url) != key(url):
            if key(response.url) in self.asked:
                return None
            self.asked.add(key(response.url))
        return self.entered(response, is_first=is_first)

    def failed(self, why: str) -> None:
        self.is_whole = self.is_series_whole = False
        self.walk.spider.count("listing/failed")
        logger.error("%s", why)

    def entered(self, response: HtmlResponse, *, is_first: bool) -> Read | None:
        """A page that came, noted; None where it is an article, which waits then."""
        spider = self.walk.spider
        page = spider.listing_page(spider.selector(response), response.url)
        if page.is_article:
            self.walk.note([Named(response.url)])
            return None
        spider.count("listing/read")
        if not page.entries and is_first and not page.is_cover:
            spider.count("listing/empty")
            logger.error("no article link on %s: not a news portal, or its listings have changed", response.url)
        return self.note(response, page, is_front=is_first)

    def note(self, response: HtmlResponse, page: ListingPage, *, is_front: bool) -> Read:
        """Note what a page shows, but for what is older than the window; of a section's, only what it lists."""
        has_section = bool(self.walk.spider.arguments.section)
        entries = frozenset(key(entry.url) for entry in page.entries)
        older = [self.is_before(entry.shown_date) for entry in page.entries]
        # What is beside a list stands there on every page.
        listed = [is_older for entry, is_older in zip(page.entries, older, strict=True) if not entry.aside]
        self.walk.spider.crawler.stats.inc_value("narayacrawl/listing/older_entries", sum(listed))
        shown = [
            Named(entry.url)
            for entry, is_older in zip(page.entries, older, strict=True)
            # What stands beside a section's list may be of any section.
            if not is_older and not (has_section and (is_front or entry.aside)) and key(entry.url) not in self.asked
        ]
        seen = self.walk.note(shown)
        return Read(response, page, entries, seen.is_quiet, seen.fresh, is_older=bool(listed) and all(listed))

    def is_before(self, shown_date: str | None) -> bool:
        """Whether a listing shows that an entry is older than the window: what it shows is the publish date or a later
        one."""
        if self.walk.since is None or shown_date is None:
            return False
        try:
            return parse_date(shown_date, self.walk.zone) < self.walk.since
        except ValueError:
            return False

    async def follow(self, first: Read) -> None:
        """Read the pages after the first one, by every way that it counts them."""
        if first.is_older:
            return
        links = first.page.next_urls
        guess = first.page.unlinked_next_url if not links else None
        for url in links or ([guess] if guess else []):
            series, counter, _ = listing_page(url)
            visit = self.walk.visit(f"listing {key(series)} {counter}")
            chain = Chain(visit, first.entries, is_guessed=guess is not None, quiet=int(first.is_quiet))
            await self.chain(chain, url)

    async def chain(self, chain: Chain, url: str | None) -> None:
        """Read on until a listing ends, or as far as what is new may be."""
        visit = chain.visit
        due = visit.completed is None or datetime.fromisoformat(visit.completed) + WHOLE_AGAIN < datetime.now(UTC)
        is_known = not due and not self.walk.is_full
        goes_on = int(visit.cursor) if visit.cursor and not self.walk.is_full else 0
        while url is not None and key(url) not in self.asked:
            number = listing_page(url)[2]
            if chain.quiet >= ENOUGH and is_known:
                return
            if chain.quiet >= ENOUGH and goes_on > number + 1:
                # What was deleted since has pulled what comes after to the front, by less than a page.
                url, goes_on = listing_page_url(url, goes_on - 1), 0
            read = await self.ask(url, is_guessed=chain.is_guessed)
            if read is None:
                break
            number = read.page.number
            chain.repeated = chain.repeated + 1 if read.entries <= chain.previous else 0
            # New posts may push a whole page on to the next one; a listing that goes on like that has no end.
            if chain.repeated >= (1 if chain.is_guessed else MOST_REPEATED):
                break
            chain.previous = read.entries
            # What a long front page has named a moment ago may stand before what it does not show.
            chain.quiet = chain.quiet + 1 if read.is_quiet and read.fresh <= chain.fresh else 0
            chain.fresh |= read.fresh
            if not is_known and self.is_series_whole:
                self.walk.visited(visit, cursor=str(max(number, goes_on)))
            if read.is_older:
                break
            url = self.next_of(chain, read.page)
        if self.is_series_whole:
            self.walk.visited(visit, cursor=None, completed=moment())

    def next_of(self, chain: Chain, page: ListingPage) -> str | None:
        """The next page that a page leads to, counted as it is itself."""
        counter = listing_page(page.url)[1]
        for url in page.next_urls:
            if listing_page(url)[1] == counter:
                return url
        return page.unlinked_next_url if chain.is_guessed else None
