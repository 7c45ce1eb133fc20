"""Read listings: the front page, the sections its menus lead to, and the older pages of each."""

import logging
from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

from scrapy.http import HtmlResponse, Response

from narayacrawl.downloader.fetch import GONE
from narayacrawl.ledger.database import timestamp
from narayacrawl.ledger.source_state import SourceState
from narayacrawl.pages import ListingPage, PageRefused
from narayacrawl.pages.front_page import other_site
from narayacrawl.pages.paging import listing_page
from narayacrawl.sources.discovery import ENOUGH_KNOWN_PAGES, Discovery, SourceError
from narayacrawl.sources.listing_budget import ListingBudget, is_doubtful
from narayacrawl.sources.recorded_page import RecordedPage, record_page
from narayacrawl.sources.series import Series
from narayacrawl.urls import key, same_site

logger = logging.getLogger(__name__)

FRONT_PAGE: Final = "front page"
ASKS_TO_WAIT: Final = (429, 503)
MAX_REPEATED_PAGES: Final = 3
MAX_QUEUED: Final = 20_000
REREAD_INTERVAL: Final = timedelta(days=30)
"""A series is read to its end again after so long, whatever is known."""


class ListingWatch(Protocol):
    """What compares the first pages of listings with how they were built; the front page is called `FRONT_PAGE`."""

    def see(self, name: str, page: ListingPage) -> None:
        """Compare a page that was answered."""

    def see_unchanged(self, name: str) -> None:
        """Take a page for what it was: it was not answered anew."""


@dataclass
class Listings:
    """Read the listings of a portal, each once in a run."""

    discovery: Discovery
    watch: ListingWatch
    queue: deque[str] = field(default_factory=deque)
    """Addresses of listings that are to be read."""
    doubtful: deque[str] = field(default_factory=deque)
    """Those that may be one of endlessly many: they are read last."""
    queued: set[str] = field(default_factory=set)
    """Keys of all that were ever in either."""
    fetched: set[str] = field(default_factory=set)
    """Keys of every page that was fetched."""
    front_answer: Response | None = None
    """What the front page answered, until it is recorded."""
    front: RecordedPage | None = None
    """The front page; None until it is recorded."""
    is_front_unchanged: bool = False
    """True if the front page is as it was when it was last recorded."""
    section_names: dict[str, str] = field(default_factory=dict)
    """The sections that are asked for, by the keys of their addresses."""
    is_complete: bool = True
    """False once a page of any listing could not be read."""
    is_listing_complete: bool = True
    """False once a page of the listing could not be read that is being read."""

    def __post_init__(self) -> None:
        self.budget = ListingBudget(self.discovery)

    async def fetch_front_page(self) -> int:
        """Fetch the front page, from where the other sources are found; return its status. Raises `SourceError` if
        nothing came."""
        discovery = self.discovery
        url = discovery.portal.start_urls[0]
        state = discovery.state_of("front")
        is_known = state.completed and not discovery.scope.sections
        response = self.front_answer = await discovery.fetch_page(url, state if is_known else None)
        if response.status == 304:
            self.front_answer, self.is_front_unchanged = None, True
            self.watch.see_unchanged(FRONT_PAGE)
            return response.status
        if response.status != 200 or not isinstance(response, HtmlResponse):
            logger.warning("front page not read (%s): %s", response.status, url)
            if state.completed and response.status not in ASKS_TO_WAIT:
                told = f"the front page, which was read before, is answered with {response.status}: {url}"
                discovery.crawler.stats.set_value("narayacrawl/alarm/front_page", told)
            return response.status
        try:
            selector = discovery.portal.selector(response)
        except PageRefused as error:
            logger.warning("front page not read (%s): %s", error, url)
            self.front_answer = None
            return response.status
        if (other := other_site(selector, response.url)) and not discovery.portal.owns(other):
            discovery.crawler.stats.set_value("narayacrawl/portal/named", other)
        if same_site(response.url, discovery.portal.base):
            discovery.portal.base = response.url  # where the portal itself sends its visitors: https, www
        discovery.front_page = response
        return response.status

    def record_front_page(self) -> None:
        """Record what the front page shows, unless that was done."""
        discovery = self.discovery
        if discovery.front_page is None or self.front_answer is None:
            return
        self.front_answer = None
        self.fetched |= {key(discovery.portal.start_urls[0]), key(discovery.front_page.url)}
        self.front = self.record(discovery.front_page, is_front=True)
        discovery.save_state(discovery.state_of("front"), discovery.front_page, completed=timestamp())

    async def read(self) -> bool:
        """Read the listings, and those that were taken for articles; return True if all were read to their end, now or
        before."""
        for url in self.discovery.portal.start_urls:
            await self.read_listing(url, is_front=True)
        while True:
            while self.queue or self.doubtful:
                await self.read_section(self.queue.popleft() if self.queue else self.doubtful.popleft())
            await self.discovery.frontier.wait_until_idle()
            self.enqueue(self.discovery.stray_listings, are_strays=True)
            self.discovery.stray_listings.clear()
            if not self.doubtful:
                return self.is_complete

    def enqueue(self, urls: Iterable[str], *, are_strays: bool = False) -> None:
        """Queue listings, each once; of more than can be read in a run, those that come first."""
        for url in urls:
            if key(url) in self.fetched or key(url) in self.queued:
                continue
            if len(self.queued) >= MAX_QUEUED:
                self.is_complete = False
                return
            self.queued.add(key(url))
            (self.doubtful if are_strays or is_doubtful(url) else self.queue).append(url)

    async def read_section(self, url: str) -> None:
        """Read a listing, unless it was read lately and had nothing of its own."""
        if key(url) in self.fetched:
            return
        if self.budget.is_spent:
            self.leave()
            return
        state = self.discovery.state_of(f"listing {key(url)}")
        may_wait = not self.discovery.scope.is_full and not self.discovery.narrowing
        if state.completed and state.is_backed_off(state.empty_reads) and may_wait:
            self.fetched.add(key(url))
            self.settle_section(url)
            self.discovery.count("listing/backed_off")
            return
        await self.read_listing(url)

    async def read_listing(self, url: str, *, is_front: bool = False) -> None:
        """Read a listing from its first page on."""
        discovery, sections = self.discovery, self.discovery.scope.sections
        state = discovery.state_of(f"listing {key(url)}")
        before = self._count_new()
        self.is_listing_complete = True
        if is_front and self.is_front_unchanged and state.completed:
            self.enqueue(own.url for own in discovery.states_of("listing") if own.url)
            return
        first = (is_front and self.front) or await self.fetch(url, None if is_front else state, is_front=is_front)
        if first is None:
            return
        if not is_front:
            self.watch.see(key(url), first.page)
        if is_front and sections:
            discovery.sections.see(first.page, sections)
            self.section_names = {key(first.page.section_url(name)): name for name in sections}
            self.enqueue(first.page.section_url(name) for name in sections)
            return
        if not sections:
            self.enqueue(first.page.sections)
        await self.read_older_pages(first)
        is_empty = self._count_new() == before and not first.page.is_main
        discovery.save_state(
            state,
            first.response,
            url=url,
            empty_reads=state.empty_reads + 1 if is_empty else 0,
            completed=timestamp() if self.is_listing_complete else state.completed,
        )

    def _count_new(self) -> int:
        count: int = self.discovery.crawler.stats.get_value("narayacrawl/ledger/new", 0)
        return count

    async def fetch(
        self,
        url: str,
        state: SourceState | None = None,
        *,
        is_front: bool = False,
        is_guessed: bool = False,
        following: str | None = None,
    ) -> RecordedPage | None:
        """Fetch a page of a listing and record it, or the `following` one if the portal fails at it; None, counted, if
        it is none, does not come, or is as it was when the listing was last read to its end: what follows is, too."""
        discovery = self.discovery
        if self.budget.is_spent:
            self.leave()
            return None
        self.fetched.add(key(url))
        self.budget.pages += 1
        await discovery.frontier.wait_until_empty()
        try:
            response = self.front_answer or await discovery.fetch_page(
                url, state if state and state.completed else None
            )
        except SourceError as error:
            self.fail(str(error))
            return None
        self.front_answer = None
        if response.status == 304 and state is not None:
            self.settle_section(url)
            discovery.count("listing/unchanged")
            discovery.save_state(state, empty_reads=state.empty_reads + 1, completed=timestamp())
            return None
        if response.status in GONE and not is_front:
            discovery.count("listing/past_end" if is_guessed else "listing/gone")
            self.settle_section(url, is_there=False)
            return None
        if response.status != 200:
            self.fail(f"listing not read ({response.status}): {url}")
            if response.status >= 500 and following is not None:
                return await self.fetch(following, is_guessed=True)
            return None
        if not isinstance(response, HtmlResponse):
            logger.info("no listing (%s): %s", response.headers.get("Content-Type"), response.url)
            return None
        if key(response.url) != key(url):
            if key(response.url) in self.fetched:
                return None
            self.fetched.add(key(response.url))
        recorded = self.record(response, is_front=is_front)
        if recorded is not None and recorded.entries:
            self.settle_section(url)
        return recorded

    def settle_section(self, url: str, *, is_there: bool = True) -> None:
        """Note whether the section with this address is there, if one is asked for that has it."""
        if name := self.section_names.get(key(url)):
            (self.discovery.sections.found if is_there else self.discovery.sections.denied).add(name)

    def leave(self) -> None:
        """Count a listing, or the rest of one, that is left because listings have brought too little."""
        self.is_complete = self.is_listing_complete = False
        self.discovery.count("listing/left")

    def fail(self, why: str) -> None:
        """Count and log a page of a listing that could not be read."""
        self.is_complete = self.is_listing_complete = False
        self.discovery.count("listing/failed")
        logger.error("%s", why)

    def record(self, response: HtmlResponse, *, is_front: bool) -> RecordedPage | None:
        """Record a page that came; None if it is an article, which is due then, or nobody may read it."""
        try:
            recorded = record_page(self.discovery, response, self.fetched, is_front=is_front)
        except PageRefused as error:
            self.fail(f"listing not read ({error}): {response.url}")
            return None
        if recorded is not None and response is self.discovery.front_page:
            self.watch.see(FRONT_PAGE, recorded.page)
        return recorded

    def compare_front_page(self) -> None:
        """Compare the front page also where nothing that it shows is to be recorded."""
        discovery = self.discovery
        if discovery.front_page is not None and self.front_answer is not None:
            with suppress(PageRefused):  # `fetch_front_page` has told
                self.watch.see(FRONT_PAGE, discovery.portal.read_listing(discovery.front_page))

    async def read_older_pages(self, first: RecordedPage) -> None:
        """Read the pages after the first one, by every way that it counts them."""
        if first.is_older:
            return
        page, known_pages = first.page, int(first.added_no_work)
        guess = page.unlinked_next_url if not page.next_urls else None
        for url in page.next_urls or [*page.moved_next_urls, *([guess] if guess else [])]:
            listing, counter, _ = listing_page(url)
            state = self.discovery.state_of(f"listing {key(listing)} {counter}")
            series = Series(state, first.entries, is_guessed=url == guess, known_pages=known_pages)
            await self.read_series(series, url)
        for own in page.counters:
            state = self.discovery.state_of(f"listing {key(page.url)} {own.name}")
            series = Series(state, first.entries, is_guessed=False, counter=own, known_pages=known_pages)
            await self.read_series(series, page.next_counted(own))

    async def read_series(self, series: Series, url: str | None) -> None:
        """Read on until a listing ends, or as far as new entries may be."""
        state, scope = series.state, self.discovery.scope
        is_due = state.completed is None or datetime.fromisoformat(state.completed) + REREAD_INTERVAL < datetime.now(
            UTC
        )
        was_completed = not is_due and not scope.is_full
        resume_at = int(state.cursor) if state.cursor and not scope.is_full else 0
        while url is not None and key(url) not in self.fetched:
            number = series.number(url)
            if series.known_pages >= ENOUGH_KNOWN_PAGES and was_completed:
                return
            if series.known_pages >= ENOUGH_KNOWN_PAGES and resume_at > number + 1:
                # What was deleted since has pulled what comes after to the front, by less than a page.
                url, resume_at = series.address(url, resume_at - 1), 0
            following = None if series.is_guessed else series.address(url, number + 1)
            recorded = await self.fetch(url, is_guessed=series.is_guessed, following=following)
            if recorded is None:
                break
            number = series.number(recorded.page.url)
            is_repeated = not series.seen.add(recorded.entries) or recorded.entries <= series.previous
            series.repeated = series.repeated + 1 if is_repeated else 0
            series.previous = recorded.entries
            # New posts may push a whole page on to the next one; a listing that goes on like that has no end.
            if series.repeated >= (1 if series.is_guessed else MAX_REPEATED_PAGES):
                break
            # What a long front page has listed a moment ago may stand before what it does not show.
            is_known = recorded.added_no_work and recorded.found_earlier <= series.found_earlier
            series.known_pages = series.known_pages + 1 if is_known else 0
            series.found_earlier |= recorded.found_earlier
            if not was_completed and self.is_listing_complete:
                self.discovery.save_state(state, cursor=str(max(number, resume_at)))
            if recorded.is_older:
                break
            url = series.next_page(recorded.page)
        if self.is_listing_complete:
            self.discovery.save_state(state, cursor=None, completed=timestamp())
