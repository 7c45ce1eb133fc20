"""Read an article from its pages as they were kept, as the crawl reads it that fetched them: bytes in, article out.

The reading is the crawl's own, see `sources.portal`; here stands what of a crawl's answers goes into it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from narayacrawl import settings
from narayacrawl.downloader.answer_parser import BadAnswer
from narayacrawl.downloader.compression import decompress
from narayacrawl.downloader.fetch import MAX_REST_SIZE
from narayacrawl.items import Article, PublishedArticle
from narayacrawl.language.dates import is_relative
from narayacrawl.ledger.portal_timezone import PortalTimezone
from narayacrawl.pages import ArticlePage, PageRefused
from narayacrawl.pages.encoding import decode_html
from narayacrawl.pages.split_article import FollowingPage
from narayacrawl.pipelines.normalize import normalize
from narayacrawl.pipelines.record import flaw
from narayacrawl.reread.reading import NotRead, bounded
from narayacrawl.sources.portal import Portal
from narayacrawl.sources.rest_parser import RestPost, read_posts

MAX_REST_ANSWERS: Final = 4
"""An answer of the REST API tells of up to a hundred articles, which are read one after the other."""


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """An answer as it was kept: its body as sent, without chunks."""

    url: str
    """Where it was answered."""
    body: bytes = field(repr=False)
    content_type: str | None = None
    encodings: tuple[bytes, ...] = ()
    """The values of its `Content-Encoding`."""

    def content(self, max_size: int = settings.DOWNLOAD_MAXSIZE) -> bytes:
        """Return the body decompressed, within the bounds of a crawl. Raises `NotRead`."""
        try:
            body, _ = decompress(self.body, self.encodings, max_size) if any(self.encodings) else (self.body, [])
        except BadAnswer as error:
            raise NotRead(f"bad answer: {error.reason}", str(error)) from error
        if len(body) > max_size:
            raise NotRead("bad answer: size", f"more than {max_size} bytes")
        return body


@dataclass(frozen=True, slots=True)
class KeptArticle:
    """An article's pages as one run kept them, and what it knew when it read them."""

    portal: str
    url: str
    """That of its record."""
    id: int | None
    fetched_at: str
    """When its first page was answered, ISO 8601 in UTC."""
    timezone: str | None
    """IANA name or offset; None where the portal had told none."""
    base: str
    """Where the portal was crawled: a mirror has its own."""
    pages: Sequence[KeptAnswer]
    """The first one, then the following ones of a split article, in order."""
    rest: KeptAnswer | None = None
    """The answer of the REST API that its post is in."""
    post: int | None = None
    """The id of that post."""


@dataclass(frozen=True, slots=True)
class PortalRules:
    """What a portal's spider sets of how its pages are read."""

    article_page: type[ArticlePage] | None = None
    own_sites: tuple[str, ...] = ()
    """Addresses of the portal's own sites: the pages of a mirror link to them."""
    timezone: str | None = None
    """The spider's, for an article whose run knew none."""

    def portal(self, kept: KeptArticle) -> Portal:
        """Return the portal as the crawl saw it that kept an article."""
        return Portal(
            name=kept.portal,
            base=kept.base,
            start_urls=[kept.base],
            own_sites=[*self.own_sites],
            own_timezone=PortalTimezone(kept.timezone or self.timezone),
            article_page=self.article_page,
        )


@dataclass(slots=True)
class ReadPages:
    """Holds what the pages of an article say, and the REST API beside them."""

    page: ArticlePage
    html: str
    """Of the first page."""
    following: Sequence[FollowingPage]
    post: RestPost | None
    published: PublishedArticle
    portal: Portal
    has_relative_date: bool
    """True if its date is told relative to the moment of the fetch."""

    def article(self) -> Article:
        """Return the article, once: its published strings are used up. Raises `NotRead` if it is none."""
        article = normalize(self.published, self.portal.timezone)
        if reason := flaw(article):
            raise NotRead(reason)
        return article


def read_pages(kept: KeptArticle, rules: PortalRules = PortalRules()) -> ReadPages:  # noqa: B008 - it is frozen
    """Read an article's pages. Raises `NotRead`."""
    portal = rules.portal(kept)
    first, *others = kept.pages
    html, page = _read(portal, first, kept)
    if page.rejection:
        raise NotRead(f"no article: {page.rejection}")
    following = [_read_following(portal, other, kept, page) for other in others]
    post = _find_post(kept.rest, kept.post) if kept.rest and kept.post is not None else None
    published = portal.published(page, following, post, url=kept.url, post_id=kept.id)
    return ReadPages(page, html, following, post, published, portal, is_relative(published.date or ""))


def read_article(kept: KeptArticle, rules: PortalRules = PortalRules()) -> Article:  # noqa: B008
    """Read an article, within the bounds of a crawl. Raises `NotRead`."""
    return bounded(lambda: read_pages(kept, rules).article())


def _read(portal: Portal, answer: KeptAnswer, kept: KeptArticle) -> tuple[str, ArticlePage]:
    html = decode_html(answer.content(), answer.content_type)
    try:
        return html, portal.read_page(html, answer.url, kept.fetched_at)
    except PageRefused as error:
        raise NotRead("not readable", str(error)) from error


def _read_following(portal: Portal, answer: KeptAnswer, kept: KeptArticle, first: ArticlePage) -> FollowingPage:
    _, page = _read(portal, answer, kept)
    page.follow(first)
    return page.as_following()


def _find_post(answer: KeptAnswer, post: int) -> RestPost | None:
    """Return the post that an answer of the REST API tells of."""
    try:
        return _posts(answer).get(post)
    except ValueError as error:
        raise NotRead("bad answer: REST API", str(error)) from error


@lru_cache(MAX_REST_ANSWERS)
def _posts(answer: KeptAnswer) -> dict[int, RestPost]:
    posts, _ = read_posts(answer.content(MAX_REST_SIZE))
    return {post.id: post for post in posts}
