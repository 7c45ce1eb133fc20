"""Tell whether a page's text is believed to be the article's: whole, its own, and not much less than there was."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Final, Literal

from scrapy.http import HtmlResponse, Response

from narayacrawl.archive.run import Run
from narayacrawl.downloader.fetch import asked_url
from narayacrawl.items import PublishedArticle
from narayacrawl.language.lengths import is_less, is_most, is_much_less, strip_tags
from narayacrawl.ledger.database import to_utc
from narayacrawl.ledger.former_revision import FormerRevision, former_revision
from narayacrawl.ledger.ledger import FetchedArticle
from narayacrawl.pages import ArticlePage
from narayacrawl.pages.body.stated_body import stated_body
from narayacrawl.pages.broken_page import error_in, is_closed
from narayacrawl.pages.fields.images import picture_key
from narayacrawl.pages.fragment import fragment_blocks
from narayacrawl.pages.outline.blocks import fold, visible_text
from narayacrawl.pages.split_article import FollowingPage
from narayacrawl.pages.stated_text import is_teaser, missing_text, stated_words
from narayacrawl.sources.discovery import Discovery
from narayacrawl.sources.rest_parser import RestPost
from narayacrawl.sources.timestamps import to_local_timestamp
from narayacrawl.urls import key
from narayacrawl.wordpress.repetition import Repetitions

MAX_NOTICE_LENGTH: Final = 400
"""A notice in place of an article's text is no longer."""
SAMPLE_LENGTH: Final = 60
"""So many letters of a block's beginning show whether it stands on a page."""
MIN_EDIT: Final = timedelta(minutes=1)
"""Two places tell one edit by moments that are no further apart."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a page's text is not written."""

    state: Literal["disbelieved", "subscribers_only"]
    witness: str
    """What speaks against it, and how."""


class Belief:
    """Hold what was read of each article against what else tells of it, in one run."""

    def __init__(self, run: Run, discovery: Discovery) -> None:
        self.run = run
        self.discovery = discovery
        self.portal = discovery.portal
        self.repetitions = Repetitions(discovery.crawler)
        self.are_closed = False
        """True if pages of the portal come to the end of their HTML: one that does not was broken off."""

    def see(self, html: str) -> None:
        """Note whether a page comes to its end."""
        self.are_closed = self.are_closed or is_closed(html)

    def names_itself(self, page: ArticlePage, response: Response) -> bool:
        """True if a page gives itself the address that it was asked for or answered at."""
        own = {key(asked_url(response)), key(response.url)}
        return any(key(self.portal.localise(url)) in own for url in page.stated_addresses)

    async def doubt(
        self,
        page: ArticlePage,
        following: Sequence[FollowingPage],
        published: PublishedArticle,
        post: RestPost | None,
        fetched: FetchedArticle,
        response: HtmlResponse,
    ) -> Doubt | None:
        """Return why the text of an article's pages is not believed to be the article's; None if it is. Raises
        `Interrupted` if the crawl ends meanwhile."""
        former = former_revision(self.run.ledger.connection, fetched.article)
        text = PageText(page, following, published, post, former, self._breakage(self.portal.text(response)))
        if doubt := text.doubt():
            return doubt
        mark = text.doubtful_mark(names_itself=self.names_itself(page, response))
        if mark is not None and await self.repetitions.is_repeated(mark, fetched.article):
            return Doubt("disbelieved", "another article's page has the same")
        return None

    def _breakage(self, html: str) -> str | None:
        """Return how a page was broken off; None if it was not."""
        if error := error_in(html):
            return error
        if is_closed(html):
            return None
        front_page = self.discovery.front_page
        are_others_closed = self.are_closed or (front_page is not None and is_closed(self.portal.text(front_page)))
        return "the page ends before its end" if are_others_closed else None


class PageText:
    """What was read of an article's pages as its text, beside what else tells how much there must be."""

    def __init__(
        self,
        page: ArticlePage,
        following: Sequence[FollowingPage],
        published: PublishedArticle,
        post: RestPost | None,
        former: FormerRevision,
        breakage: str | None,
    ) -> None:
        self.page = page
        self.following = following
        self.post = post
        self.former = former
        self.breakage = breakage
        """How the HTML shows that it was broken off; None if it does not."""
        self.images = published.images
        self.text = "\n\n".join(block.text for block in published.blocks)

    @cached_property
    def post_blocks(self) -> list[str]:
        """The text that the API gives; empty if it gives none."""
        return fragment_blocks(self.post.content, self.page.url) if self.post and self.post.content else []

    @property
    def post_length(self) -> int:
        """Count the characters of text that the API gives; 0 if it gives none."""
        return sum(map(len, self.post_blocks))

    def doubt(self) -> Doubt | None:
        """Return why the text is not believed to be the article's; None if it is."""
        missing = self.missing()
        if is_teaser(self.page, self.text, missing):
            return Doubt("subscribers_only", missing or f"{len(self.text)} characters before a wall")
        if missing:
            return Doubt("disbelieved", f"{missing}, the page has {len(self.text)}")
        if not self.page.has_own_content and not any(own.has_own_content for own in self.following):
            return Doubt("disbelieved", "the page has neither text nor pictures or players of its own")
        if self.breakage and not self.is_confirmed:
            return Doubt("disbelieved", self.breakage)
        return None

    def missing(self) -> str | None:
        """Return who says that there is much more text than was read; None if nobody does."""
        length, post = len(self.text), self.post
        if self.lacks_of_post():
            return f"REST API: {self.post_length} characters"
        if (post is None or post.content is None) and is_much_less(length, self.former.source_length):
            return f"feed: {self.former.source_length} characters"
        if stated := missing_text(self.page, self.text):
            return stated
        has_proof = self.is_edited and (self.text or (post and post.content is not None))
        if is_much_less(length, self.former.body_length) and not has_proof:
            return f"revision {self.former.revision}: {self.former.body_length} characters"
        return None

    def lacks_of_post(self) -> bool:
        """True if there is much less text than the API gives, or less, and what is missing stands nowhere on the page.

        A theme may print a part of it as a box; of a page that was cut, the part is nowhere.
        """
        length = len(self.text)
        # What a reader sees of its HTML is never more than this, which costs little to count.
        if not (self.post and self.post.content and is_less(length, len(strip_tags(self.post.content)))):
            return False
        if is_much_less(length, self.post_length):
            return True
        if not is_less(length, self.post_length):
            return False
        shown = fold(visible_text(self.page.selector.root)) + fold(self.text)
        standing = sum(len(block) for block in self.post_blocks if fold(block)[:SAMPLE_LENGTH] in shown)
        return is_less(standing, self.post_length)

    @property
    def is_confirmed(self) -> bool:
        """True if somebody tells of a text, and this is most of it."""
        others = (
            self.post_length,
            len(stated_body(self.page.metadata)),
            self.former.source_length,
            self.former.body_length,
        )
        return any(is_most(len(self.text), other) for other in others)

    @property
    def is_edited(self) -> bool:
        """True if the page, the API or a source tells of an edit since the last revision was read."""
        former = self.former
        if former.as_of is None:
            return True
        if any(edit > former.as_of for edit in self._edits()):
            return True
        if former.modified is None:
            return False
        later = (datetime.fromisoformat(former.modified) + MIN_EDIT).isoformat(timespec="seconds")
        return any(edit > later for edit in self._edits())

    @property
    def is_unwitnessed(self) -> bool:
        """True if nobody but the page tells of the article's text, and it does once only."""
        former, metadata = self.former, self.page.metadata
        has_post = self.post is not None and self.post.content is not None
        return not (
            has_post or former.body_length or former.source_length or stated_words(metadata) or stated_body(metadata)
        )

    def doubtful_mark(self, *, names_itself: bool) -> str | None:
        """Return what another article's page must not have, too: the title of a page that does not say which article it
        is, a short text that nobody else tells of, or a picture without a text; None if there is no such thing."""
        page = self.page
        if not page.is_identified and not names_itself:
            return fold(page.title or "")
        if not self.is_unwitnessed or len(self.text) > MAX_NOTICE_LENGTH or page.has_player:
            return None
        return fold(self.text) or next((picture_key(image.url) for image in self.images), None)

    def _edits(self) -> Iterator[str]:
        """Yield the moments of the last edit, in UTC, by whoever tells one."""
        by_page = to_local_timestamp(self.page.dates.modified or "")
        told = (by_page, self.post.modified if self.post else None, self.former.lastmod)
        yield from (edit for moment in told if (edit := to_utc(moment)))
