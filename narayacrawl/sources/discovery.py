"""Read a portal's sources and record what they list: what each asks for, and which of them is asked next."""

import json
import logging
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final, Protocol
from urllib.parse import urljoin, urlsplit

from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.http import HtmlResponse, Response

from narayacrawl.downloader.fetch import MAX_XML_SIZE, Interrupted, conditional_headers, fetch, header
from narayacrawl.language.dates import local
from narayacrawl.ledger.database import timestamp
from narayacrawl.ledger.discovered import LISTING, DiscoveredArticle, DiscoveryResult, Source
from narayacrawl.ledger.ledger import Ledger
from narayacrawl.ledger.portal_timezone import PortalTimezone
from narayacrawl.ledger.scope import Scope
from narayacrawl.ledger.source_coverage import count_not_gone, find_unlisted, highest_article
from narayacrawl.ledger.source_state import SourceState, read_source_state, read_source_states, save_source_state
from narayacrawl.pages import ListingPage
from narayacrawl.sources.portal import Portal
from narayacrawl.sources.rest_posts import RestPosts

logger = logging.getLogger(__name__)

ENOUGH_KNOWN_PAGES: Final = 3
"""Pages in a row that list nothing new or changed, after which a source is read no further that was once read to its
end: what was pinned, dated back or pushed on may hide what is new behind what is known."""
MAX_SITES: Final = 100
"""A multisite has fewer; of a page that names another, the portal's own API is asked."""
MIN_DOUBTFUL_DELISTED: Final = 50
DOUBTFUL_DELISTED_SHARE: Final = 0.5
"""A source that delists more than so many articles, and a larger share of what it listed, is broken."""


@dataclass(slots=True)
class AskedSections:
    """What the sources know of the sections that a run asks for."""

    found: set[str] = field(default_factory=set)
    """Those that a source has."""
    denied: set[str] = field(default_factory=set)
    """Those that a source has not."""
    known: set[str] = field(default_factory=set)
    """The last part of the address of each that the portal has, as far as a source tells."""

    def see(self, page: ListingPage, asked: Iterable[str]) -> None:
        """Note the sections that a page's menus lead to."""
        slugs = {urlsplit(url).path.rstrip("/").rpartition("/")[2]: name for url, name in page.sections.items()}
        names = {name.casefold() for pair in slugs.items() for name in pair}
        self.known |= slugs.keys() - {""}
        self.found |= {name for name in asked if name.casefold() in names}


class SourceError(Exception):
    """A source is blocked, broken, or not there: one line."""


class Frontier(Protocol):
    """What hands out due articles, as sources see it."""

    def look_again(self, result: DiscoveryResult) -> None:
        """Look again for due articles after a source has been recorded."""

    def trust_changes_from(self, sources: Sequence[str]) -> None:
        """Recheck, from now on, what none of these sources tells the changes of."""

    async def wait_until_empty(self) -> None:
        """Wait until no article is due."""

    async def wait_until_idle(self) -> None:
        """Wait until no article is due and none is under way."""


class Discovery:
    """Ask a portal's sources, and record in the ledger what they list: the one place where they do either."""

    def __init__(
        self, crawler: Crawler, portal: Portal, ledger: Ledger, scope: Scope, frontier: Frontier, rest_posts: RestPosts
    ) -> None:
        self.crawler = crawler
        self.portal = portal
        self.ledger = ledger
        self.scope = scope
        self.frontier = frontier
        self.rest_posts = rest_posts
        self._posts_of_sites: dict[str, RestPosts] = {}
        self.front_page: HtmlResponse | None = None
        """The front page, as it was answered in this run; None if it was not."""
        self.sections = AskedSections()
        self.stray_listings: list[str] = []
        """Listings that were taken for articles."""
        narrowing = {"section": scope.sections, "since": scope.since, "until": scope.until}
        narrowing = {name: value for name, value in narrowing.items() if value}
        self.narrowing = json.dumps(narrowing, default=str) if narrowing else ""
        """The arguments that narrow what a source lists, JSON; empty if none does."""
        self._last_known = highest_article(ledger.connection)

    @property
    def timezone(self) -> PortalTimezone:
        """What is known of the portal's time zone."""
        return self.portal.own_timezone

    @property
    def since(self) -> datetime | None:
        """The window's first moment; None if it has none."""
        return self.scope.window(self.portal.timezone)[0]

    @property
    def until(self) -> datetime | None:
        """The first moment after the window; None if it has no end."""
        return self.scope.window(self.portal.timezone)[1]

    def count(self, what: str, count: int = 1) -> None:
        """Add to the stat `narayacrawl/<what>`."""
        self.crawler.stats.inc_value(f"narayacrawl/{what}", count)

    def tell_total(self, total: int) -> None:
        """Record as the stat `narayacrawl/portal/total` how many articles the portal has, by the word of a source."""
        self.crawler.stats.set_value("narayacrawl/portal/total", total)

    def posts_of(self, folder: str | None) -> RestPosts:
        """Return what looks up the posts of the WordPress site with this path: of a multisite, each has its own REST
        API."""
        is_portals = folder is None or urlsplit(self.portal.base).path.startswith(folder)
        if is_portals or (folder not in self._posts_of_sites and len(self._posts_of_sites) >= MAX_SITES):
            return self.rest_posts
        return self._posts_of_sites.setdefault(folder or "", RestPosts(self.rest_posts.fetch, lambda _: []))

    # Ask

    async def fetch(
        self, url: str, state: SourceState | None = None, *, obey_robots: bool = True, max_size: int = MAX_XML_SIZE
    ) -> Response:
        """Return what a source answers, whatever its status; 304 if it is the answer that its state was saved with.

        Raises `SourceError` if nothing came, `Interrupted` if the crawl ends.
        """
        response = await self.fetch_page(url, state, obey_robots=obey_robots, max_size=max_size)
        self.count(f"source/response_status_count/{response.status}")
        return response

    async def fetch_page(
        self, url: str, state: SourceState | None = None, *, obey_robots: bool = True, max_size: int | None = None
    ) -> Response:
        """Do the same for a page that a reader may ask for, too: a refusal of it tells more than that of a source."""
        headers = conditional_headers(state.etag, state.last_modified) if state and not self.scope.is_full else None
        address = self.portal.localise(urljoin(self.portal.base, url))
        response = await fetch(self.crawler, address, headers, obey_robots=obey_robots, max_size=max_size)
        if response is None:
            raise SourceError(f"no answer: {address}")
        return response

    # Remember

    def state_of(self, name: str) -> SourceState:
        """Return the state of a source, a file or a series, for this run's arguments."""
        return read_source_state(self.ledger.connection, self.ledger.portal, name, self.narrowing)

    def states_of(self, kind: str) -> list[SourceState]:
        """Return the states of all files or series of a kind."""
        return read_source_states(self.ledger.connection, self.ledger.portal, kind, self.narrowing)

    def save_state(self, state: SourceState, response: Response | None = None, **values: Any) -> None:
        """Save a source's state, once all it listed is recorded; with the answer, its validators are kept."""
        if response is not None and response.status == 200:
            values |= {"etag": header(response, "ETag"), "last_modified": header(response, "Last-Modified")}
        save_source_state(self.ledger.connection, state, last_read=timestamp(), **values)

    # Record

    def record(self, discovered: Sequence[DiscoveredArticle], source: Source = LISTING) -> DiscoveryResult:
        """Record which of the portal's articles a source lists; another site's are passed over."""
        own = [self._localised(article) for article in discovered if self.portal.owns(article.url)]
        result = self.ledger.record_discovered(own, source)
        self.count("ledger/new", result.new)
        self.count("ledger/known", result.written)
        self.count("ledger/changed", result.changed)
        self.count("ledger/removed", result.removed)
        self.count(f"source/{source.name}/listed", len(own))
        if not result.is_believed:
            self.count(f"source/{source.name}/disbelieved")
            logger.warning("%s tells that nearly all it lists has changed: not believed", source.name)
        self.frontier.look_again(result)
        return result

    def count_read(self, source: Source) -> int:
        """Return how many articles a source has listed in this run, an answer that nothing has changed counted as one
        of them."""
        names = (f"source/{source.name}/listed", "source/response_status_count/304")
        return sum(self.crawler.stats.get_value(f"narayacrawl/{name}", 0) for name in names)

    def found_earlier(self, result: DiscoveryResult) -> frozenset[int]:
        """Return the ledger ids of those that another source, or another page, has found first in this run."""
        return frozenset(article for article in result.known_ids if article > self._last_known)

    def _localised(self, article: DiscoveredArticle) -> DiscoveredArticle:
        """Return it as the crawled base answers it, its day that of the portal."""
        published = article.published
        if published is not None:
            published = local(datetime.fromisoformat(published), self.portal.timezone).isoformat()
        return replace(article, url=self.portal.localise(article.url), published=published)

    def record_delisted(self, absent: Collection[int], listed: int, source: Source) -> bool:
        """Make articles due that a source lists no more, of so many that it listed; return False if it is not believed.
        Of those that are gone it tells the truth."""
        present = count_not_gone(self.ledger.connection, sorted(absent))
        if present > max(MIN_DOUBTFUL_DELISTED, (listed - len(absent) + present) * DOUBTFUL_DELISTED_SHARE):
            self.count(f"source/{source.name}/disbelieved")
            logger.warning("%s lists %d of %d articles no more: not believed", source.name, present, listed)
            return False
        result = self.ledger.mark_delisted(sorted(absent), source)
        self.count(f"source/{source.name}/delisted", result.changed)
        self.frontier.look_again(result)
        return True

    def is_older(self, published: str | None) -> bool:
        """True if a moment that a source tells lies before the window; False if it tells none."""
        return bool(self.since and published and datetime.fromisoformat(published) < self.since)


ReadSource = Callable[[], Awaitable[bool]]
"""Reads one source to its end; returns True if it has listed every article. Raises `SourceError` if it cannot."""


async def read_sources(
    discovery: Discovery, sources: Mapping[str, ReadSource], record_front_page: Callable[[], None] | None
) -> None:
    """Read the sources in their order: all of them, or with `record_front_page` until one has listed every article.

    `record_front_page` records what the front page shows. It is called after the first source was asked: what the REST
    API tells of an article is known then before the article's page.
    """
    failed = []
    trusted = []
    for name, read in sources.items():
        state = discovery.state_of(name)
        if record_front_page and state.is_backed_off(state.failures):
            discovery.count(f"source/{name}/backed_off")
            continue
        try:
            is_complete = await read()
        except SourceError as error:
            failed.append(name)
            discovery.count(f"source/{name}/failed")
            logger.warning("source %s: %s", name, error)
            discovery.save_state(state, failures=state.failures + 1)
            continue
        except (CloseSpider, Interrupted):
            raise
        except Exception as error:  # the fault is ours; what the others list is not to be lost for it
            failed.append(name)
            discovery.count(f"source/{name}/failed")
            discovery.crawler.stats.inc_value(f"spider_exceptions/{type(error).__name__}")
            logger.exception("source %s", name)
            continue
        finally:
            if record_front_page:
                record_front_page()
        if state.failures:
            discovery.save_state(state, failures=0)
        discovery.count(f"source/{name}/{'complete' if is_complete else 'partial'}")
        logger.info("source %s: %s", name, "complete" if is_complete else "partial")
        # Of what is gone, only reading everything tells.
        trusted += [name] if is_complete and not discovery.narrowing and name in ("rest", "sitemap") else []
        if record_front_page and is_complete and not await _lacks_an_article(discovery, name):
            break
    if failed and len(failed) == len(sources):
        discovery.count("source/all_failed")
    discovery.frontier.trust_changes_from(trusted)


async def _lacks_an_article(discovery: Discovery, name: str) -> bool:
    """True if the portal has shown an article that a source should have listed."""
    if discovery.narrowing or name == "listing":
        return False
    await discovery.frontier.wait_until_idle()
    if missing := find_unlisted(discovery.ledger.connection, discovery.ledger.portal, name):
        discovery.count(f"source/{name}/lacking")
        logger.warning("source %s does not list %s", name, missing)
    return missing is not None
