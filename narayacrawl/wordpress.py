"""A WordPress news portal, walked: from its listings to its articles, each once and whole."""

from collections.abc import AsyncIterator, Iterable, Iterator
from datetime import datetime
from typing import Any, Self
from urllib.parse import urljoin, urlsplit
from zoneinfo import ZoneInfo

from parsel import Selector
from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http import HtmlResponse, Response
from twisted.python.failure import Failure

from narayacrawl.addresses import clean_url, key, moved, same_site
from narayacrawl.arguments import Arguments
from narayacrawl.dates import parse_date
from narayacrawl.drawing import Drawing
from narayacrawl.due import Drawn
from narayacrawl.extensions.runledger import RunLedger
from narayacrawl.fetching import Interrupted, fetch, header, is_given_up, status_of
from narayacrawl.fixtures import fetched_at
from narayacrawl.items import PublishedArticle
from narayacrawl.ledger import Ledger
from narayacrawl.pages import ArticlePage, ListingPage, parse_html
from narayacrawl.pages.paging import article_page_url, listing_page, next_listing_url
from narayacrawl.sources.posts import Post, Posts, completed

GONE = (404, 410)
MOST_PAGES = 100
MOST_REPEATED = 3
ARTICLE_FIRST = 10  # what is found is fetched before more is looked for, so a `limit` asks for little


class PageMissing(Exception):
    """A page of a split article did not come: the article is not whole and is not written."""


class WordPressSpider(Spider):
    """A portal. A subclass names `name`, `allowed_domains` and `start_urls`, and what its theme changes:
    `article_page`, `listing_page`, `timezone`.

    Arguments are those of `Arguments`. Yields `PublishedArticle`.
    """

    start_urls: list[str]
    allowed_domains: list[str]
    timezone = "Asia/Jakarta"
    """IANA name of the portal's time zone: dates that tell none are in it."""
    article_page: type[ArticlePage] = ArticlePage
    listing_page: type[ListingPage] = ListingPage

    def __init__(self, name: str | None = None, **arguments: Any) -> None:
        super().__init__(name)
        self.given = arguments
        self.arguments = Arguments.parse(arguments)
        self.own_sites = [f"https://{domain}/" for domain in getattr(self, "allowed_domains", [])]
        if self.arguments.url:
            self.start_urls = [self.arguments.url]
        elif self.arguments.urls and not self.own_sites:
            self.start_urls = [urljoin(self.arguments.urls[0], "/")]
        self.base = self.start_urls[0]
        """An address of the portal; its scheme and host are those of every request."""
        if self.arguments.url or not self.own_sites:
            self.allowed_domains = [urlsplit(self.base).hostname or ""]
        self.sections: set[str] = set()
        """The listings that menus led to, asked for already."""
        self.posts = Posts(self._fetch)

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        if spider.arguments.limit:
            crawler.settings.set("CLOSESPIDER_ITEMCOUNT", spider.arguments.limit, priority="spider")
        return spider

    @classmethod
    def check_arguments(cls, arguments: dict[str, str]) -> None:
        """ValueError, one line, for arguments that no crawl can be made of."""
        Arguments.parse(arguments)

    @property
    def portal(self) -> str:
        """What the record's `portal` says."""
        return self.name

    def count(self, what: str) -> None:
        self.crawler.stats.inc_value(f"narayacrawl/{what}")

    def is_own(self, url: str) -> bool:
        """Whether an address is the portal's, where it is crawled or, on a mirror, where it comes from."""
        return any(same_site(url, site) for site in (self.base, *self.own_sites))

    def localise(self, url: str) -> str:
        """An address of the portal as the crawled base answers it: a mirror's pages may link to the original."""
        return moved(clean_url(url), self.base) if self.is_own(url) else clean_url(url)

    def selector(self, response: HtmlResponse) -> Selector:
        """The page of an answer; a mirror's links to the original lead to the mirror."""
        if self.own_sites and not any(same_site(site, self.base) for site in self.own_sites):
            response.selector.root.rewrite_links(self.moved_link)
            return response.selector
        return parse_html(response.text)

    def moved_link(self, link: str) -> str:
        """A link as a page writes it; one to the portal, as the crawled base answers it."""
        try:
            return moved(link, self.base) if self.is_own(link) else link
        except ValueError:  # no address: `http://[`
            return link

    # Listings

    async def start(self) -> AsyncIterator[Request]:
        self.ledger: Ledger = RunLedger.of(self.crawler).ledger
        self.drawing = Drawing(self.crawler, self.ledger)
        if self.arguments.urls:
            self.found(self.arguments.urls)
        else:
            for url in self.start_urls:
                yield self.listing_request(url, first=True)
        async for drawn in self.drawing.articles():
            yield self.article_request(drawn)

    def found(self, urls: Iterable[str]) -> None:
        """Put the addresses of articles into the ledger, from where the new ones are drawn."""
        seen = self.ledger.add([self.localise(url) for url in urls])
        self.crawler.stats.inc_value("narayacrawl/ledger/new", seen.new)
        self.crawler.stats.inc_value("narayacrawl/ledger/known", seen.known)
        self.drawing.look()

    def listing_request(self, url: str, **told: Any) -> Request:
        return Request(self.localise(url), self.parse, errback=self.listing_failed, cb_kwargs=told)

    def article_request(self, drawn: Drawn) -> Request:
        told = {"article": drawn.article}
        return Request(
            drawn.url, self.parse_article, errback=self.article_failed, priority=ARTICLE_FIRST, cb_kwargs=told
        )

    async def parse(
        self,
        response: Response,
        *,
        first: bool = False,
        previous: frozenset[str] = frozenset(),
        repeated: int = 0,
        guessed: bool = False,
    ) -> AsyncIterator[PublishedArticle | Request]:
        """A page of a listing. `previous` holds the entries of the page before, `repeated` counts the pages in a row
        that showed nothing else; `guessed`: no link led here."""
        if not isinstance(response, HtmlResponse):
            self.logger.info("no listing (%s): %s", response.headers.get("Content-Type"), response.url)
            return
        if first and same_site(response.url, self.base):
            self.base = response.url  # where the portal itself sends its visitors: https, www
        page = self.listing_page(self.selector(response), response.url)
        if page.is_article:
            async for found in self.parse_article(response):
                yield found
            return
        entries = frozenset(key(entry.url) for entry in page.entries)
        repeated = repeated + 1 if entries <= previous else 0
        # New posts may push a whole page on to the next one; a listing that goes on like that has no end.
        if repeated >= (1 if guessed else MOST_REPEATED):
            return
        self.count("listing/read")
        if not entries and first:
            self.count("listing/empty")
            self.logger.error("no article link on %s: not a news portal, or its listings have changed", response.url)
        if self.arguments.section and first:
            for name in self.arguments.section:
                yield self.listing_request(page.section_url(name))
            return
        since, _ = self.arguments.window(ZoneInfo(self.timezone))
        older = [self.is_before(entry.shown_date, since) for entry in page.entries]
        # What is beside a list stands there on every page.
        listed = [is_older for entry, is_older in zip(page.entries, older, strict=True) if not entry.aside]
        self.crawler.stats.inc_value("narayacrawl/listing/older_entries", sum(listed))
        self.found(
            entry.url
            for entry, is_older in zip(page.entries, older, strict=True)
            # What stands beside a section's list may be of any section.
            if not is_older and not (entry.aside and self.arguments.section)
        )
        if not self.arguments.section:
            # Every page's menus lead to all sections.
            new = [url for url in page.sections if url not in self.sections]
            self.sections.update(new)
            for url in new:
                yield self.listing_request(url)
        if listed and all(listed):
            return
        for url in page.next_urls:
            yield self.listing_request(url, previous=entries, repeated=repeated)
        if page.unlinked_next_url and (guessed or page.number == 1):
            yield self.listing_request(page.unlinked_next_url, previous=entries, guessed=True)

    def is_before(self, shown_date: str | None, since: datetime | None) -> bool:
        """Whether a listing shows that an entry is older than the window: what it shows is the publish date or a later
        one."""
        if since is None or shown_date is None:
            return False
        try:
            return parse_date(shown_date, ZoneInfo(self.timezone)) < since
        except ValueError:
            return False

    def listing_failed(self, failure: Failure) -> Iterator[Request]:
        """One broken page does not end its listing: the page after it is tried, once."""
        request, status = failure.request, status_of(failure)  # type: ignore[attr-defined]
        if is_given_up(failure):
            return
        if status in GONE and not request.cb_kwargs.get("first"):
            self.count("listing/past_end" if request.cb_kwargs.get("guessed") else "listing/gone")
            return
        self.count("listing/failed")
        self.logger.error("listing not read (%s): %s", status or failure.getErrorMessage(), request.url)
        is_second_try = request.cb_kwargs.get("guessed") and not request.cb_kwargs.get("previous")
        if status and status >= 500 and listing_page(request.url)[2] > 1 and not is_second_try:
            yield self.listing_request(next_listing_url(request.url), guessed=True)

    # Articles

    async def parse_article(
        self, response: Response, *, article: int | None = None
    ) -> AsyncIterator[PublishedArticle | Request]:
        """A page that may be an article; `article` is its id in the ledger, None where a listing was expected here."""
        number = self.ledger.article_of(response.url) if article is None else article
        if not isinstance(response, HtmlResponse):
            self.reject("no HTML", response.url, number)
            return
        page = self.read_page(response)
        if reason := page.rejection:
            self.reject(reason, response.url, number)
            if reason == "listing":
                async for found in self.parse(response):
                    yield found
            return
        if page.number > 1:
            self.ledger.same(number, page.first_url)
            self.drawing.look()
            return
        asked = response.request.url if response.request else response.url
        claim = self.ledger.claim(number, page.id, self.canonical(page), asked, clean_url(response.url))
        if claim is None:
            self.count("article/double")
            self.logger.debug("another address of a known article: %s", response.url)
            return
        claim.etag, claim.last_modified = header(response, "ETag"), header(response, "Last-Modified")
        root = page.metadata.link("https://api.w.org/") or urljoin(self.base, "/wp-json/")
        try:
            post = await self.posts.find(self.localise(root), page.id, page.url)
            following = await self.following_pages(page, post)
        except PageMissing as error:
            self.ledger.drop_claim(claim.article)
            self.article_lost(claim.article, "not whole", str(error), response.url)
            return
        except Interrupted:
            self.ledger.drop_claim(claim.article)
            return
        self.count("article/read")
        published = page.published(following, portal=self.portal)
        published.url = claim.url
        published = completed(published, post) if post else published
        self.count(f"date/{published.date_source or 'none'}")
        yield published

    def canonical(self, page: ArticlePage) -> str:
        """The address that a page gives itself; another site's is the crawled one's, of a mirror."""
        return page.url if same_site(page.url, self.base) else self.localise(page.url)

    def read_page(self, response: HtmlResponse) -> ArticlePage:
        return self.article_page(
            self.selector(response), response.url, fetched_at=fetched_at(response), timezone=ZoneInfo(self.timezone)
        )

    def reject(self, reason: str, url: str, article: int) -> None:
        self.ledger.reject(article, reason)
        self.count(f"article/rejected/{reason.replace(' ', '_')}")
        self.logger.info("no article (%s): %s", reason, url)

    async def following_pages(self, page: ArticlePage, post: Post | None) -> list[ArticlePage]:
        """The other pages of a split article, in order. PageMissing where one that must be there does not come.

        Where neither the page nor the API tells how many there are, a second page is asked for only on a theme that may
        hide its link.
        """
        count: int | None = max(page.page_count, post.pages if post else 1)
        if count == 1 and post is None and page.may_hide_pages:
            count = None
        following: list[ArticlePage] = []
        for number in range(2, (count or MOST_PAGES) + 1):
            url = self.localise(article_page_url(page.url, number))
            response = await self._fetch(url)
            # Past the last page WordPress answers with a redirect to the first, or 404.
            own = None
            if isinstance(response, HtmlResponse) and response.status == 200 and key(response.url) == key(url):
                own = self.read_page(response)
                own.follow(page)
            if own is None or own.body.blocks == page.body.blocks:
                if count is None:
                    break
                raise PageMissing(f"page {number} of {count}: {response.status if response else 'no answer'}")
            following.append(own)
        return following

    async def _fetch(self, url: str) -> Response | None:
        return await fetch(self.crawler, url, 2 * ARTICLE_FIRST)

    def article_failed(self, failure: Failure) -> None:
        request, status = failure.request, status_of(failure)  # type: ignore[attr-defined]
        if is_given_up(failure):
            return  # the crawl ends, and the article still waits
        article: int = request.cb_kwargs["article"]
        if status in GONE:
            self.ledger.gone(article)
            self.count("article/gone")
            self.logger.info("article gone (%s): %s", status, request.url)
            return
        self.article_lost(article, "not read", str(status or failure.getErrorMessage()), request.url)

    def article_lost(self, article: int, how: str, why: str, url: str) -> None:
        self.ledger.fail(article, f"{how}: {why}")
        self.count("article/failed")
        self.logger.error("article %s (%s): %s", how, why, url)
