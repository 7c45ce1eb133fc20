"""The spider of a WordPress news portal: discover its articles, fetch each that is due, yield what its page says."""

import asyncio
from collections.abc import AsyncIterator
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urljoin, urlsplit

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http import HtmlResponse, Response
from scrapy.settings import BaseSettings
from twisted.python.failure import Failure

from narayacrawl.addon import update_spider_settings
from narayacrawl.archive.run import Run
from narayacrawl.downloader.fetch import MAX_REST_SIZE, Interrupted, conditional_headers, fetch
from narayacrawl.items import PublishedArticle
from narayacrawl.ledger.discovered import DiscoveredArticle
from narayacrawl.ledger.due import DueArticle, DueArticles, pending_post_ids
from narayacrawl.ledger.portal_timezone import PortalTimezone
from narayacrawl.ledger.scope import Scope
from narayacrawl.pages import ListingPage
from narayacrawl.sources.asked_part import refuse_part, tell_unknown_sections
from narayacrawl.sources.discovery import Discovery, ReadSource, SourceError, read_sources
from narayacrawl.sources.feed import read_feeds
from narayacrawl.sources.listing import Listings
from narayacrawl.sources.portal import Portal
from narayacrawl.sources.rest import read_rest
from narayacrawl.sources.rest_posts import RestPosts
from narayacrawl.sources.sitemap import read_sitemaps
from narayacrawl.sources.timezone import learn_timezone
from narayacrawl.wordpress.arguments import Arguments
from narayacrawl.wordpress.frontier import Frontier
from narayacrawl.wordpress.structure_watch import StructureWatch

if TYPE_CHECKING:
    from narayacrawl.pages import ArticlePage
    from narayacrawl.wordpress.article_reader import ArticleReader


class WordPressSpider(Spider):
    """A portal. A subclass names `name`, `allowed_domains` and `start_urls`, and what its theme changes:
    `article_page`, `listing_page`, `timezone`.

    Arguments are those of `Arguments`. Yields `PublishedArticle`.
    """

    start_urls: list[str]
    allowed_domains: list[str]
    timezone: str | None = None
    """IANA name of the portal's time zone: dates that tell none are in it; None: the portal tells it, and its ledger
    keeps it."""
    article_page: "type[ArticlePage] | None" = None
    """A subclass of `ArticlePage` for a theme that it misreads; None: `ArticlePage`."""
    listing_page: type[ListingPage] = ListingPage

    def __init__(self, name: str | None = None, **arguments: Any) -> None:
        super().__init__(name)
        self.given_arguments = arguments
        self.arguments = self.parse_arguments(arguments)
        own_sites = [f"https://{domain}/" for domain in getattr(self, "allowed_domains", [])]
        if self.arguments.url:
            self.start_urls = [self.arguments.url]
        elif self.arguments.urls and not own_sites:
            self.start_urls = [urljoin(self.arguments.urls[0], "/")]
        if self.arguments.url or not own_sites:
            self.allowed_domains = [urlsplit(self.start_urls[0]).hostname or ""]
        self.site = Portal(
            name=self.portal,
            base=self.start_urls[0],
            start_urls=self.start_urls,
            own_sites=own_sites,
            own_timezone=PortalTimezone(self.timezone),
            article_page=self.article_page,
            listing_page=self.listing_page,
        )

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
        """Raise `ValueError`, one line, for arguments that no crawl can be made of."""
        cls.parse_arguments(arguments)

    @classmethod
    def parse_arguments(cls, arguments: dict[str, Any]) -> Arguments:
        """Return the arguments, checked. Raises `ValueError`, one line, for some that no crawl can be made of."""
        given = Arguments.parse(arguments)
        own = [f"https://{domain}/" for domain in getattr(cls, "allowed_domains", [])]
        bases = [given.url] if given.url else getattr(cls, "start_urls", [])[:1]
        given.refuse_other_hosts([*bases, *own])
        return given

    @classmethod
    def describe_arguments(cls) -> str:
        """Return the arguments as help shows them."""
        return Arguments.describe()

    @property
    def portal(self) -> str:
        """What the record's `portal` says."""
        return self.name

    @property
    def scope(self) -> Scope:
        """Which of the portal's articles this run wants."""
        return self.arguments.scope()

    # The parts of a run, each built when it is first needed: the run is open by then.

    @cached_property
    def frontier(self) -> Frontier:
        run = Run.of(self.crawler)
        due = DueArticles(run.ledger, run.scope)
        return Frontier(self.crawler, due, run.redesign, run.scope.limit)

    @cached_property
    def discovery(self) -> Discovery:
        run = Run.of(self.crawler)
        self.site.own_timezone = run.timezone
        ask = partial(fetch, self.crawler, is_needed=True, max_size=MAX_REST_SIZE)
        rest_posts = RestPosts(ask, partial(pending_post_ids, run.ledger))
        return Discovery(self.crawler, self.site, run.ledger, run.scope, self.frontier, rest_posts)

    @cached_property
    def reader(self) -> "ArticleReader":
        # Most runs of a schedule read no article: they are spared the import.
        from narayacrawl.wordpress.article_reader import ArticleReader
        from narayacrawl.wordpress.settlement import Settlement

        run = Run.of(self.crawler)
        settlement = Settlement(self.crawler, run, self.frontier)
        return ArticleReader(run, self.discovery, settlement, partial(fetch, self.crawler, is_needed=True))

    @cached_property
    def structure_watch(self) -> StructureWatch:
        return StructureWatch(self.crawler, Run.of(self.crawler), self.frontier)

    # Discover

    async def start(self) -> AsyncIterator[Request]:
        discovery = asyncio.create_task(self.discover())
        async for due in self.frontier.articles(discovery):
            yield self.article_request(due)

    async def discover(self) -> None:
        """Have the sources list the portal's articles, for the ledger, from where the frontier hands them out."""
        if self.arguments.urls:
            await learn_timezone(self.discovery)
            self.discovery.record([DiscoveredArticle(url) for url in self.arguments.urls])
            return
        wanted = self.arguments.source
        is_auto = "auto" in wanted
        listings = Listings(self.discovery, self.structure_watch)
        sources: dict[str, ReadSource] = {
            "rest": partial(read_rest, self.discovery),
            "sitemap": partial(read_sitemaps, self.discovery),
            "feed": partial(read_feeds, self.discovery),
            "listing": listings.read,
        }
        if self.arguments.section:
            del sources["sitemap"]  # it does not tell sections
        chosen = {name: read for name, read in sources.items() if is_auto or name in wanted}
        try:
            status = await listings.fetch_front_page()
            if self.arguments.url:
                refuse_part(self.discovery, self.arguments.url, status)
            if self.discovery.front_page is not None or listings.is_front_unchanged:
                await learn_timezone(self.discovery)
            await read_sources(self.discovery, chosen, listings.record_front_page if is_auto else None)
            listings.compare_front_page()
        except SourceError as error:
            self.discovery.count("listing/failed")
            self.logger.error("portal not read: %s", error)
        except Interrupted:
            return
        tell_unknown_sections(self.discovery)

    def article_request(self, due: DueArticle) -> Request:
        return Request(
            due.url,
            self.parse_article,
            errback=self.article_failed,
            headers=conditional_headers(due.etag, due.last_modified),
            # The frontier hands out each once; a redirect may lead to one that was asked for.
            dont_filter=True,
            cb_kwargs={"article": due.article},
        )

    # Read

    async def parse(self, response: Response) -> AsyncIterator[PublishedArticle]:
        """Read one page by itself, for `scrapy parse` and `scrapy shell`: no ledger, no other pages, no REST API."""
        if run := self.crawler.get_extension(Run):  # not in `scrapy shell`
            self.site.own_timezone = run.timezone
        if isinstance(response, HtmlResponse):
            yield self.site.read_article(response).published(portal=self.portal)

    async def parse_article(self, response: Response, *, article: int | None = None) -> AsyncIterator[PublishedArticle]:
        """Read the answer for an article, by its id in the ledger: yield it, or settle why there is none. Without an
        id, `scrapy parse` asks."""
        if article is None:
            async for page in self.parse(response):
                yield page
            return
        published = None
        try:
            published = await self.reader.read(response, article)
        finally:
            if published is None:
                self.frontier.settled()
        if published is not None:
            yield published

    async def article_failed(self, failure: Failure) -> None:
        """Settle an article whose request failed."""
        request: Request = failure.request  # type: ignore[attr-defined]
        [asked, *_] = request.meta.get("redirect_urls", [request.url])
        try:
            await self.reader.settle_failure(failure, request.cb_kwargs["article"], asked)
        finally:
            self.frontier.settled()
