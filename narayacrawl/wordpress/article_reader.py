"""From one answer to a published article, or to a settled one: how a page becomes either stands here, from top to
end."""

import logging
from collections.abc import Sequence
from typing import Final
from urllib.parse import urljoin, urlsplit

from scrapy.http import HtmlResponse, Response
from twisted.python.failure import Failure

from narayacrawl.archive.page_guard import PageTooSlow
from narayacrawl.archive.run import Run
from narayacrawl.downloader.fetch import (
    GONE,
    Interrupted,
    answered_at,
    asked_url,
    failed_status,
    has_left_for_good,
    header,
    is_cancelled,
)
from narayacrawl.downloader.raw_pages import kept_of
from narayacrawl.items import PublishedArticle
from narayacrawl.language.dates import is_relative
from narayacrawl.ledger.kept_pages import ArticleAnswers, KeptAnswer
from narayacrawl.ledger.ledger import FetchedArticle
from narayacrawl.pages import ArticlePage, PageRefused
from narayacrawl.pages.body_classes import NON_ARTICLE_CLASSES
from narayacrawl.pages.paging import article_page_url
from narayacrawl.pages.split_article import FollowingPage
from narayacrawl.sources.discovery import Discovery
from narayacrawl.sources.rest_parser import RestPost
from narayacrawl.sources.rest_posts import Fetch
from narayacrawl.sources.timezone import see_page
from narayacrawl.urls import key, path_key
from narayacrawl.wordpress.belief import Belief
from narayacrawl.wordpress.identification import Identification, Undecided
from narayacrawl.wordpress.page_figures import count_page
from narayacrawl.wordpress.portal_health import PortalHealth
from narayacrawl.wordpress.reservations import Reservations
from narayacrawl.wordpress.settlement import NoArticle, Settlement

logger = logging.getLogger(__name__)

OWN_REASONS: Final = ("protected", "attachment")
"""Why a page is rejected that only a post of the portal's own can be."""
FILE_TYPES: Final = ("image/", "video/", "audio/", "font/", "application/pdf", "application/zip", "application/xml")
"""Content types of what is a file for sure; an error may come as JSON or text."""
MAX_PAGES: Final = 100
MAX_LENGTH: Final = 10_000_000
"""Characters of text and HTML on all later pages of an article."""


class PageMissing(Exception):
    """A page of a split article did not come: the article is not whole and is not written."""


class ArticleReader:
    """Read fetched pages: response → page → identity → published article; settle whatever is none."""

    def __init__(self, run: Run, discovery: Discovery, settlement: Settlement, fetch: Fetch) -> None:
        self.run = run
        self.discovery = discovery
        self.portal = discovery.portal
        self.settlement = settlement
        self.fetch = fetch
        self.identification = Identification(run, discovery, fetch)
        self.health = PortalHealth(run.ledger, self.is_article)
        self.belief = Belief(run, discovery)
        self.reservations = Reservations(discovery, fetch)

    async def read(self, response: Response, article: int) -> PublishedArticle | None:
        """Return the article that was answered for the one with this id in the ledger; None if it was settled
        instead."""
        try:
            return await self.run.guard.read(self._read(response, article), article)
        except PageTooSlow as error:
            self.run.fetched.discard(article)
            self.settlement.settle(NoArticle(article, "failed", response.url, "not readable", str(error)))
            return None

    async def _read(self, response: Response, article: int) -> PublishedArticle | None:
        page = self.judge(response, article)
        if isinstance(page, NoArticle):
            await self.settle_if_believed(page)
            return None
        if page.number > 1:
            self.record_article()
            self.settlement.settle(NoArticle(article, "later_page", page.first_url))
            return None
        try:
            reserved = await self.reservations.forbids(page, response)
        except Interrupted:  # it stays due
            return None
        if reserved:
            self.record_article()
            self.settlement.settle(NoArticle(article, "reserved", response.url, reserved))
            return None
        fetched = await self.identify(page, response, article)
        assert isinstance(response, HtmlResponse)
        return await self.complete(page, fetched, response) if fetched else None

    def judge(self, response: Response, article: int) -> ArticlePage | NoArticle:
        """Tell what was answered: an article's page, or why it is none."""
        asked, answered = asked_url(response), response.url
        if response.status != 200:  # part of a page, or one that something on the way has changed
            return NoArticle(article, "failed", answered, "not read", str(response.status))
        if key(answered) == key(self.portal.base) != key(asked):
            return NoArticle(article, "gone", asked, "leads to the front page")
        if not isinstance(response, HtmlResponse):
            kind = (header(response, "Content-Type") or "nothing").partition(";")[0]
            if kind.startswith(FILE_TYPES):
                return NoArticle(article, "rejected", answered, "no HTML")
            return NoArticle(article, "disbelieved", answered, "no page", kind)
        see_page(self.discovery, self.portal.text(response))
        try:
            page = self.portal.read_article(response)
        except PageRefused as error:
            return NoArticle(article, "failed", answered, "not readable", str(error))
        self.belief.see(self.portal.text(response))
        reason = page.rejection
        if reason in OWN_REASONS:
            return NoArticle(article, "rejected", answered, reason or "")
        if reason is None:
            return page
        is_itself = self.belief.names_itself(page, response)
        if reason == "listing":
            self.discovery.stray_listings.append(answered)
            if key(answered) != key(asked):
                return NoArticle(article, "gone", asked, f"leads to {answered}")
        # Sitemaps list static pages and listings, too, which WordPress names in the body's classes.
        if self.run.ledger.is_listed(article, as_post=reason in NON_ARTICLE_CLASSES.values()):
            return NoArticle(article, "disbelieved", answered, "no article's page", f"{reason}, yet a source lists it")
        is_archive = reason == "listing" and not {"home", "blog"} & page.body_classes
        if not is_itself and not is_archive:
            return NoArticle(article, "disbelieved", answered, "no article's page", reason)
        return NoArticle(article, "rejected", answered, reason)

    async def identify(self, page: ArticlePage, response: Response, article: int) -> FetchedArticle | None:
        """Take the article in hand that a page is; None, settled, if this run has read it at another address, or if
        nobody can tell now."""
        asked = asked_url(response)
        try:
            identity = await self.identification.identify(page, response, article)
        except Undecided as error:
            self.settlement.settle(NoArticle(article, "failed", asked, "identity unclear", str(error)))
            return None
        except Interrupted:  # it stays due
            return None
        if identity.is_displaced:
            self.settlement.settle(NoArticle(article, "displaced", asked, f"another article: {response.url}"))
        if identity.is_removed:
            self.settlement.settle(NoArticle(article, "removed", response.url))
        elif identity.fetched is None:
            self.settlement.settle(NoArticle(article, "duplicate", response.url))
        return identity.fetched

    async def complete(
        self, page: ArticlePage, fetched: FetchedArticle, response: HtmlResponse
    ) -> PublishedArticle | None:
        """Return the article with its other pages and what the REST API adds; None if a page of it did not come, or the
        crawl ends."""
        fetched.as_of = answered_at(response)
        fetched.etag, fetched.last_modified = header(response, "ETag"), header(response, "Last-Modified")
        try:
            post = await self.find_post(page, fetched, response)
            following, answers = await self.following_pages(page, post)
        except PageMissing as error:
            self.run.fetched.discard(fetched.article)
            self.settlement.settle(NoArticle(fetched.article, "failed", response.url, "not whole", str(error)))
            return None
        except Interrupted:  # it stays due
            self.run.fetched.discard(fetched.article)
            return None
        fetched.answers = _answers([kept_of(response), *answers], post)
        fetched.tells_changes = post is not None or page.dates.tells_changes
        published = self.portal.published(page, following, post, url=fetched.url, post_id=fetched.post_id)
        count_page(page, published, self.run.figures)
        try:
            doubt = await self.belief.doubt(page, following, published, post, fetched, response)
        except Interrupted:
            self.run.fetched.discard(fetched.article)
            return None
        if doubt:
            self.run.fetched.discard(fetched.article)
            self.settlement.settle(NoArticle(fetched.article, doubt.state, response.url, doubt.state, doubt.witness))
            return None
        self.record_article()
        fetched.has_relative_date = is_relative(published.date or "")
        self.discovery.count("article/read")
        self.discovery.count(f"date/{published.date_source or 'none'}")
        return published

    def record_article(self) -> None:
        """Record that the portal serves articles."""
        self.health.record_article()
        self.settlement.settle_postponed()

    async def find_post(self, page: ArticlePage, fetched: FetchedArticle, response: Response) -> RestPost | None:
        """Return what the REST API of the page's own site tells of its post; None if it tells nothing, or of a post at
        another address."""
        linked = page.metadata.link("https://api.w.org/")
        root = linked if linked and self.portal.owns(linked) else urljoin(self.portal.base, "/wp-json/")
        posts = self.discovery.posts_of(page.site_folder)
        is_doubted = fetched.post_id is None and posts is self.discovery.rest_posts
        post = await posts.find(self.portal.localise(root), None if is_doubted else page.id, page.url)
        if post is None:
            return None
        own = {path_key(url) for url in (page.url, fetched.url, response.url, asked_url(response))}
        if path_key(post.link) in own or f"p={post.id}" in urlsplit(post.link).query.split("&"):
            return post
        self.discovery.count("identity/contradicted_post")
        logger.info("the REST API has post %d at another address than %s: %s", post.id, fetched.url, post.link)
        return None

    async def following_pages(
        self, page: ArticlePage, post: RestPost | None
    ) -> tuple[list[FollowingPage], list[KeptAnswer | None]]:
        """Return the other pages of a split article, in order, and what the run's WARC keeps of each. Raises
        `PageMissing` if one does not come that must exist, or if they are too much for an article.

        If neither the page nor the API tells how many there are, a second page is asked for only on a theme that may
        hide its link. A number of pages that no article has is not believed.
        """
        told = (post and post.pages) or 1
        if told > MAX_PAGES:
            self.discovery.count("article/too_many_pages")
            logger.warning("the REST API tells of %d pages, which is not believed: %s", told, page.url)
            told = 1
        count: int | None = max(page.page_count, told)
        if count == 1 and post is None and page.may_hide_pages:
            count = None
        following: list[FollowingPage] = []
        answers: list[KeptAnswer | None] = []
        length = 0
        for number in range(2, (count or MAX_PAGES) + 1):
            url = self.portal.localise(article_page_url(page.url, number))
            response = await self.fetch(url)
            # Past the last page WordPress answers with a redirect to the first, or 404.
            own = None
            if isinstance(response, HtmlResponse) and response.status == 200 and key(response.url) == key(url):
                try:
                    own = self.portal.read_article(response)
                except PageRefused as error:
                    raise PageMissing(f"page {number}: {error}") from error
                own.follow(page)
            if response is None or own is None or own.body.blocks == page.body.blocks:
                if count is None:
                    break
                raise PageMissing(f"page {number} of {count}: {response.status if response else 'no answer'}")
            following.append(own.as_following())
            answers.append(kept_of(response))
            length += following[-1].length
            if length > MAX_LENGTH:
                raise PageMissing(f"more than {MAX_LENGTH} characters on {number} pages")
        return following, answers

    # What is no article

    async def settle_failure(self, failure: Failure, article: int, url: str) -> None:
        """Settle an article whose request failed: not changed, gone, or failed."""
        if is_cancelled(failure):
            return  # the crawl ends, and the article stays due
        status = failed_status(failure)
        if has_left_for_good(failure) and not self.portal.owns(failure.request.url):  # type: ignore[attr-defined]
            await self.settle_if_believed(NoArticle(article, "gone", url, "leads off the portal"))
        elif status in GONE:
            await self.settle_if_believed(NoArticle(article, "gone", url, str(status)))
        elif status == 304:
            self.record_article()
            self.settlement.settle(NoArticle(article, "unchanged", url))
        else:
            detail = str(status or failure.getErrorMessage())
            self.settlement.settle(NoArticle(article, "failed", url, "not read", detail))

    async def settle_if_believed(self, none: NoArticle) -> None:
        """Settle what is gone or no article; as failed, if the portal serves none of its articles any more."""
        if none.state in ("failed", "disbelieved"):
            self.settlement.settle(none)
            return
        if not self.health.has_served and none.reason not in OWN_REASONS:
            self.settlement.postponed.append(none)
            return
        try:
            is_believed = none.reason in OWN_REASONS or await self.health.still_serves_articles(none.article)
        except Interrupted:  # it stays due
            return
        if not is_believed:
            detail = f"{none.reason}, and so are others"
            none = NoArticle(none.article, "failed", none.url, "not believed", detail)
        self.settlement.settle(none)

    async def is_article(self, url: str) -> bool:
        """True if an address is answered with an article."""
        response = await self.fetch(url)
        if not isinstance(response, HtmlResponse) or response.status != 200:
            return False
        try:
            page = self.portal.read_article(response)
        except PageRefused:
            return False
        return key(response.url) != key(self.portal.base) and page.rejection is None and page.has_own_content


def _answers(pages: Sequence[KeptAnswer | None], post: RestPost | None) -> ArticleAnswers | None:
    """Return what the run's WARC keeps of an article; None if it lacks one of its pages."""
    kept = [page for page in pages if page is not None]
    if len(kept) < len(pages):
        return None
    return ArticleAnswers(kept, post.answer, post.id) if post and post.answer else ArticleAnswers(kept)
