"""A WordPress news portal, walked: from its listings to its articles, each once and whole."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from typing import Any, Self
from urllib.parse import urljoin, urlsplit
from zoneinfo import ZoneInfo

from parsel import Selector
from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http import HtmlResponse, Response
from scrapy.settings import BaseSettings
from twisted.python.failure import Failure

from narayacrawl.addon import update_spider_settings
from narayacrawl.archive.run import RunLedger
from narayacrawl.downloader.fetch import (
    GONE,
    Interrupted,
    conditions,
    fetch,
    fetched_at,
    header,
    is_given_up,
    made_at,
    status_of,
)
from narayacrawl.items import PublishedArticle
from narayacrawl.ledger.discovered import Named
from narayacrawl.ledger.ledger import Ledger
from narayacrawl.ledger.rechecks import Drawn
from narayacrawl.pages import ArticlePage, ListingPage, parse_html
from narayacrawl.pages.paging import article_page_url
from narayacrawl.sources.discovery import Reading, SourceError, Walk, through
from narayacrawl.sources.feed import read_feeds
from narayacrawl.sources.listing import Listings
from narayacrawl.sources.rest import read_rest
from narayacrawl.sources.rest_posts import Post, Posts, completed
from narayacrawl.sources.sitemap import read_sitemaps
from narayacrawl.urls import clean_url, key, moved, same_site
from narayacrawl.wordpress.arguments import Arguments
from narayacrawl.wordpress.frontier import Drawing
from narayacrawl.wordpress.portal_health import Standing

OWN_REASONS = ("protected", "attachment")
"""Why a page is rejected that only a portal's own post can be."""
MOST_PAGES = 100


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
        self.strayed: list[str] = []
        """Listings that were taken for articles."""

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        if spider.arguments.limit:
            crawler.settings.set("CLOSESPIDER_ITEMCOUNT", spider.arguments.limit, priority="spider")
        return spider

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Bring pipelines, extensions and settings of a portal's crawl into whatever project this is."""
        super().update_settings(settings)
        update_spider_settings(settings)

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

    # Sources

    async def start(self) -> AsyncIterator[Request]:
        self.ledger: Ledger = RunLedger.of(self.crawler).ledger
        self.drawing = Drawing(self.crawler, self.ledger)
        self.posts = Posts(self._fetch, self.ledger.waiting_posts)
        self.standing = Standing(self.ledger, self.is_article)
        walk = asyncio.create_task(self.walk())
        async for drawn in self.drawing.articles(walk):
            yield self.article_request(drawn)

    async def walk(self) -> None:
        """Have the sources name the portal's articles, for the ledger, from where they are drawn."""
        walk = Walk(self, self.ledger, self.drawing)
        if self.arguments.urls:
            walk.note([Named(url) for url in self.arguments.urls])
            return
        wanted = self.arguments.source
        is_auto = "auto" in wanted
        listings = Listings(walk)
        readings: dict[str, Reading] = {
            "rest": partial(read_rest, walk),
            "sitemap": partial(read_sitemaps, walk),
            "feed": partial(read_feeds, walk),
            "listing": listings.read,
        }
        if self.arguments.section:
            del readings["sitemap"]  # it does not tell sections
        try:
            await listings.read_front()
            chosen = {name: reading for name, reading in readings.items() if is_auto or name in wanted}
            await through(walk, chosen, listings.show if is_auto else None)
        except SourceError as error:
            self.count("listing/failed")
            self.logger.error("portal not read: %s", error)
        except Interrupted:
            return

    def article_request(self, drawn: Drawn) -> Request:
        return Request(
            drawn.url,
            self.parse_article,
            errback=self.article_failed,
            headers=conditions(drawn.etag, drawn.last_modified),
            # The ledger gives each once; a redirect may lead to one that was asked for.
            dont_filter=True,
            cb_kwargs={"article": drawn.article},
        )

    # Articles

    async def parse_article(self, response: Response, *, article: int) -> AsyncIterator[PublishedArticle]:
        """A page that may be an article; `article` is its id in the ledger."""
        asked: str = response.meta.get("redirect_urls", [response.url])[0]
        if key(response.url) == key(self.base) != key(asked):
            await self.gone(article, asked, "leads to the front page")
            return
        if not isinstance(response, HtmlResponse):
            await self.reject("no HTML", response.url, article)
            return
        page = self.read_page(response)
        if page.rejection == "listing":
            self.strayed.append(response.url)
            if key(response.url) != key(asked):
                await self.gone(article, asked, f"leads to {response.url}")
                return
        if reason := page.rejection:
            await self.reject(reason, response.url, article)
            return
        self.standing.proved()
        if page.number > 1:
            self.ledger.same(article, page.first_url)
            self.drawing.look()
            return
        claim = self.ledger.claim(article, page.id, self.canonical(page), asked, clean_url(response.url))
        if (claim is None or claim.article != article) and self.ledger.is_gone(article):
            self.count_gone(asked, f"another article: {response.url}")
        if claim is None:
            self.count("article/double")
            self.logger.debug("another address of a known article: %s", response.url)
            return
        claim.as_of = made_at(response)
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

    async def is_article(self, url: str) -> bool:
        response = await self._fetch(url)
        if not isinstance(response, HtmlResponse) or response.status != 200 or key(response.url) == key(self.base):
            return False
        return self.read_page(response).rejection is None

    async def is_doubtful(self, article: int, how: str, url: str) -> bool:
        """Whether that an article is none is the portal's failure: then it has failed, too."""
        try:
            if await self.standing.holds(article):
                return False
        except Interrupted:
            return True
        self.article_lost(article, "not believed", f"{how}, and so are others", url)
        return True

    async def reject(self, reason: str, url: str, article: int) -> None:
        if reason not in OWN_REASONS and await self.is_doubtful(article, reason, url):
            return
        self.ledger.reject(article, reason)
        self.count(f"article/rejected/{reason.replace(' ', '_')}")
        self.logger.info("no article (%s): %s", reason, url)

    async def following_pages(self, page: ArticlePage, post: Post | None) -> list[ArticlePage]:
        """The other pages of a split article, in order. PageMissing where one that must be there does not come.

        Where neither the page nor the API tells how many there are, a second page is asked for only on a theme that may
        hide its link.
        """
        count: int | None = max(page.page_count, (post and post.pages) or 1)
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
        return await fetch(self.crawler, url)

    async def article_failed(self, failure: Failure) -> None:
        request, status = failure.request, status_of(failure)  # type: ignore[attr-defined]
        if is_given_up(failure):
            return  # the crawl ends, and the article still waits
        article: int = request.cb_kwargs["article"]
        if status in GONE:
            await self.gone(article, request.url, str(status))
            return
        if status == 304:
            self.standing.proved()
            self.ledger.unchanged(article)
            self.count("article/unchanged")
            return
        self.article_lost(article, "not read", str(status or failure.getErrorMessage()), request.url)

    async def gone(self, article: int, url: str, how: str) -> None:
        if await self.is_doubtful(article, how, url):
            return
        self.ledger.gone(article)
        self.count_gone(url, how)

    def count_gone(self, url: str, how: str) -> None:
        self.count("article/gone")
        self.logger.info("article gone (%s): %s", how, url)

    def article_lost(self, article: int, how: str, why: str, url: str) -> None:
        self.ledger.fail(article, f"{how}: {why}")
        self.count("article/failed")
        self.logger.error("article %s (%s): %s", how, why, url)
