"""A portal as its sources and pages see it: where it is crawled, what is its own, how its pages are read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import TYPE_CHECKING

from parsel import Selector
from scrapy.http import HtmlResponse, Response

from narayacrawl.downloader.fetch import fetched_at, header
from narayacrawl.items import PublishedArticle
from narayacrawl.ledger.portal_timezone import PortalTimezone
from narayacrawl.pages import ListingPage, parse_html
from narayacrawl.pages.encoding import decode_html
from narayacrawl.pages.html_parser import REWRITABLE
from narayacrawl.urls import clean_url, moved, same_site

if TYPE_CHECKING:
    from narayacrawl.pages import ArticlePage
    from narayacrawl.pages.split_article import FollowingPage
    from narayacrawl.sources.rest_parser import RestPost


@dataclass
class Portal:
    """One portal in one run."""

    name: str
    """What the record's `portal` says."""
    base: str
    """An address of the portal; its scheme and host are those of every request."""
    start_urls: list[str]
    own_sites: list[str]
    """Addresses of its sites other than the crawled one: a mirror's pages link to the original."""
    own_timezone: PortalTimezone
    article_page: "type[ArticlePage] | None" = None
    """How its articles are read; None: as `ArticlePage` reads them."""
    listing_page: type[ListingPage] = ListingPage

    @property
    def timezone(self) -> tzinfo:
        """The zone of its dates that tell none, as far as it is known."""
        return self.own_timezone.zone

    def owns(self, url: str) -> bool:
        """True if an address is the portal's, where it is crawled or, on a mirror, where it comes from."""
        return any(same_site(url, site) for site in (self.base, *self.own_sites))

    def localise(self, url: str) -> str:
        """Return an address as the crawled base answers it: a mirror's pages may link to the original."""
        return moved(clean_url(url), self.base) if self.owns(url) else clean_url(url)

    def canonical(self, page: "ArticlePage") -> str:
        """Return the address that a page gives itself; of a mirror's page, the crawled one."""
        return page.url if same_site(page.url, self.base) else self.localise(page.url)

    def read_article(self, response: HtmlResponse) -> "ArticlePage":
        """Read an answer as an article. Raises `PageRefused`."""
        return self.read_page(self.text(response), response.url, fetched_at(response))

    def read_page(self, html: str, url: str, fetched_at: str) -> "ArticlePage":
        """Read a page as an article that was answered at an address at a moment. Raises `PageRefused`."""
        from narayacrawl.pages import ArticlePage

        article_page = self.article_page or ArticlePage
        return article_page(self._parse(html), url, fetched_at=fetched_at, timezone=self.timezone)

    def published(
        self,
        page: "ArticlePage",
        following: "Sequence[FollowingPage]",
        post: "RestPost | None",
        *,
        url: str,
        post_id: int | None,
    ) -> PublishedArticle:
        """Return the article that its first page, the following ones and the REST API tell of; `url` and `post_id` are
        those that it is known by."""
        from narayacrawl.sources.rest_details import add_rest_details

        published = page.published(following, portal=self.name)
        published.url, published.id = url, post_id
        return add_rest_details(published, post) if post else published

    def read_listing(self, response: HtmlResponse) -> ListingPage:
        """Read a page as a listing. Raises `PageRefused`."""
        return self.listing_page(self.selector(response), response.url)

    def selector(self, response: HtmlResponse) -> Selector:
        """Parse a page; a mirror's links to the original lead to the mirror. Raises `PageRefused`."""
        return self._parse(self.text(response))

    def _parse(self, text: str) -> Selector:
        if self.own_sites and not any(same_site(site, self.base) for site in self.own_sites):
            selector = parse_html(text, REWRITABLE)
            selector.root.rewrite_links(self._localise_link)
            return selector
        return parse_html(text)

    @staticmethod
    def text(response: Response) -> str:
        """Decode an answer, whatever it declares."""
        return decode_html(response.body, header(response, "Content-Type"))

    def _localise_link(self, link: str) -> str:
        try:
            return moved(link, self.base) if self.owns(link) else link
        except ValueError:  # no address: `http://[`
            return link
