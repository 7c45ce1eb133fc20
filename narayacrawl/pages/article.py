"""Read an article's page: every field as published, each from several independent places.

The order of the places is the order of trust. What a reader sees comes first where themes agree on its markup
(headline, names, tags); metadata comes first where the page shows less (the time of publication). No field depends on
one theme or one plugin.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import tzinfo
from functools import cached_property
from urllib.parse import urlsplit

from parsel import Selector

from narayacrawl.items import Block, Image, PublishedArticle
from narayacrawl.language.dates import timezone_of
from narayacrawl.pages.body.body import Body, read_body
from narayacrawl.pages.body.lead_image import article_images
from narayacrawl.pages.body.stated_body import stated_body
from narayacrawl.pages.body_classes import read_body_classes, rejection_by_class
from narayacrawl.pages.fields.access import Access
from narayacrawl.pages.fields.authors import Byline, read_byline
from narayacrawl.pages.fields.dates import PublicationDates
from narayacrawl.pages.fields.headline import Headline
from narayacrawl.pages.fields.metadata import Metadata, texts
from narayacrawl.pages.fields.page_names import PageNames
from narayacrawl.pages.fields.sections import Sections
from narayacrawl.pages.fields.site_name import bare_site_names, read_site_name
from narayacrawl.pages.identity import canonical_url, post_id, site_folder
from narayacrawl.pages.outline.blocks import fold
from narayacrawl.pages.outline.outline import Outline
from narayacrawl.pages.page_kind import (
    has_own_content,
    has_player,
    is_declared_article,
    is_in_slug,
    needs_password,
    stated_addresses,
)
from narayacrawl.pages.paging import first_page_url
from narayacrawl.pages.split_article import (
    FollowingPage,
    is_block_theme,
    join_bodies,
    linked_page_count,
    page_number,
    select_same_container,
)

MAX_CLOSING_LINE_LENGTH = 120
LANGUAGE_TAG = re.compile(r"[a-z]{2,8}(?:-[a-z0-9]{1,8}){0,9}", re.IGNORECASE | re.ASCII)
DATE_TEXT = "string((@datetime | self::*[not(@datetime)])[1])"


class ArticlePage:
    """One page, read as an article.

    `selector` holds the whole page, `url` is the address that answered, `fetched_at` the time of the answer (ISO 8601,
    UTC; relative dates need it), `timezone` the portal's own (None: by the page's language). A portal whose theme hides
    a field sets one of the `*_css` selectors in a subclass; they come before every other place.
    """

    title_css: str | None = None
    date_css: str | None = None
    authors_css: str | None = None
    section_css: str | None = None
    tags_css: str | None = None
    body_css: str | None = None

    def __init__(
        self, selector: Selector, url: str, *, fetched_at: str | None = None, timezone: tzinfo | None = None
    ) -> None:
        self.selector = selector
        self.response_url = url
        self.fetched_at = fetched_at
        self.metadata = Metadata(selector.root, url)
        self.timezone = timezone or timezone_of(self.language)
        self.outline = Outline(selector.root, url)
        self.body_classes = read_body_classes(selector)
        if self.body_css:
            selected = {element.root for element in selector.css(self.body_css)}
            for container in self.outline.containers:
                container.is_body = container.element in selected

    def _first_text(self, css: str | None) -> str | None:
        """Return the text of the first element that a portal's own selector matches; None without a selector."""
        return self.selector.css(css).xpath("normalize-space()").get() if css else None

    def _all_texts(self, css: str | None) -> list[str]:
        """Return the texts that a portal's own selector matches, without empty ones."""
        return [text for text in self.selector.css(css).xpath("normalize-space()").getall() if text] if css else []

    # Identity

    @cached_property
    def url(self) -> str:
        """Return the canonical address if it is this portal's, else the address that answered."""
        return canonical_url(self.metadata, self.response_url)

    @cached_property
    def id(self) -> int | None:
        """Return the id of the post; None if the page does not give it."""
        return post_id(self.selector, self.metadata, self.body_classes)

    @property
    def site_folder(self) -> str | None:
        """Return the path of the WordPress site that made the page; None if it does not tell."""
        return site_folder(self.metadata, self.response_url)

    @cached_property
    def rejection(self) -> str | None:
        """Return the reason why this page is no public article; None if it is one."""
        if reason := rejection_by_class(self.body_classes):
            return reason
        if self.outline.has_password_form and needs_password(self.selector, self.id, self.body):
            return "protected"
        if not self.title:
            return "no title"
        if is_declared_article(self.body_classes, self.metadata) or (self.body.blocks and self.dates.published):
            return None
        return "no article"

    @property
    def stated_addresses(self) -> list[str]:
        """Return the addresses that the page gives itself."""
        return stated_addresses(self.metadata, self.response_url)

    @property
    def is_identified(self) -> bool:
        """True if the page calls itself an article, or shows which one it is: an error page or a wall does neither."""
        if self.id is not None or is_declared_article(self.body_classes, self.metadata):
            return True
        return is_in_slug(self.title or "", self.response_url)

    @cached_property
    def has_own_content(self) -> bool:
        """True if the page has text, pictures or players of its own, not only its metadata's."""
        return has_own_content(self.outline, self.body, self.headline.end)

    @property
    def has_player(self) -> bool:
        """True if a video, a sound or an embed stands in the article."""
        posts = (container for container in self.outline.containers if container.is_post or container.is_body)
        return any(has_player(self.outline, post) for post in posts)

    # Fields

    @cached_property
    def headline(self) -> Headline:
        """Return the headline with its place on the page."""
        return Headline(self.metadata, self.outline)

    @cached_property
    def title(self) -> str | None:
        """Return the headline's text."""
        return self._first_text(self.title_css) or self.headline.title

    @cached_property
    def site_name(self) -> str | None:
        """Return the portal's name: metadata, else the link home, else the end of the document's title."""
        return read_site_name(self.metadata, self.outline)

    @cached_property
    def language(self) -> str | None:
        """Return the language that the page declares, as a BCP 47 tag."""
        tags = [
            self.metadata.language,
            self.metadata.first("og:locale"),
            *texts(self.metadata.article.get("inLanguage")),
        ]
        well_formed = (own for tag in tags if tag and LANGUAGE_TAG.fullmatch(own := tag.strip().replace("_", "-")))
        return next(well_formed, None)

    @cached_property
    def description(self) -> str | None:
        """Return the portal's own summary."""
        return self.metadata.first("description", "og:description") or next(
            iter(texts(self.metadata.article.get("description"))), None
        )

    @cached_property
    def body(self) -> Body:
        """Return the body of this page alone."""
        host = (urlsplit(self.response_url).hostname or "").removeprefix("www.")
        site_names = [name for name in (self.site_name, host) if name]
        stated = "" if self.body_css else stated_body(self.metadata)
        return read_body(self.outline, self.title, self.headline.end, site_names, stated, self.description or "")

    @cached_property
    def dates(self) -> PublicationDates:
        """Return the publication and modification date."""
        css_dates = self.selector.css(self.date_css).xpath(DATE_TEXT).getall() if self.date_css else []
        container = self.body.container
        return PublicationDates(
            self.metadata, self.outline, self.headline.end, container, self.timezone, self.fetched_at, css_dates
        )

    @cached_property
    def _site_names(self) -> frozenset[str]:
        return bare_site_names(self.site_name, self.url)

    @cached_property
    def _byline(self) -> Byline:
        if names := self._all_texts(self.authors_css):
            return Byline(names, "own", [])
        page_names = PageNames(self._site_names, fold(self.title or ""), self.metadata, self.outline)
        return read_byline(self.outline, self.metadata, self.headline.end, page_names, self._closing_blocks)

    def _closing_blocks(self) -> list[Block]:
        return [block for block in self.body.blocks[-2:] if len(block.text) <= MAX_CLOSING_LINE_LENGTH]

    @property
    def byline(self) -> list[str]:
        """Return the names in the byline, else in the metadata, else in the text."""
        return self._byline.names

    @property
    def byline_source(self) -> str | None:
        """Return where the authors were read: `own`, `byline`, `json-ld`, `meta`, `text`, `credit line`; None for
        nowhere."""
        names, source, _ = self._byline
        is_credited = source in (None, "text") and bool(self.body.authors) and {*names} <= {*self.body.authors}
        return "credit line" if is_credited else source

    @cached_property
    def access(self) -> Access:
        """Return whether the text is for all or for subscribers."""
        return Access(self.selector, self.metadata, self.outline, self.body.container, self.body_classes)

    @cached_property
    def sections(self) -> Sections:
        """Return the section and tags that the page gives."""
        return Sections(self.metadata, self.outline, self.url)

    @cached_property
    def section(self) -> str | None:
        """Return the primary category."""
        return self._first_text(self.section_css) or self.sections.primary

    @cached_property
    def section_path(self) -> list[str]:
        """Return the path to the section, the parent first; [] where there is none."""
        return [*self.sections.parents_of(self.section), self.section] if self.section else []

    @cached_property
    def tags(self) -> list[str]:
        """Return the tags in the page's order."""
        return self._all_texts(self.tags_css) or self.sections.tags

    @cached_property
    def images(self) -> list[Image]:
        """Return the lead image, then the body's."""
        metadata = self.metadata
        return article_images(self.outline, self.body, self.headline.end, metadata.images, metadata.site_images)

    # Split articles

    @cached_property
    def number(self) -> int:
        """Return which page of a split article this is, from 1."""
        return page_number(self.selector.root, self.body_classes)

    @cached_property
    def page_count(self) -> int:
        """Return how many pages the article has, by the links on this one; 1 if it shows none."""
        return linked_page_count(self.selector.root, self.response_url, self.first_url, self.number)

    @property
    def first_url(self) -> str:
        """Return the address of the article's first page."""
        return self.url if self.number == 1 else first_page_url(self.url, self.number)

    @property
    def may_hide_pages(self) -> bool:
        """True if the theme may show no link to a second page."""
        return is_block_theme(self.selector.root)

    def follow(self, first: "ArticlePage") -> None:
        """Read the body from the same container as the first page's: the text of a short last page may not be enough to
        find it."""
        select_same_container(self.outline.containers, first.body.container)

    def as_following(self) -> FollowingPage:
        """Return what is kept of this page as a later one of a split article."""
        return FollowingPage(replace(self.body, container=None, standfirst=[]), self.has_own_content)

    def published(self, following: Sequence[FollowingPage] = (), *, portal: str | None = None) -> PublishedArticle:
        """Return all fields of the article as found; `following` are the other pages of a split article, in order."""
        body = join_bodies([self.body, *(page.body for page in following)], self.images)
        authors = dict.fromkeys([*self.byline, *body.authors])
        return PublishedArticle(
            url=self.url,
            fetched_at=self.fetched_at,
            id=self.id,
            title=self.title,
            description=self.description,
            standfirst="\n\n".join(block.text for block in self.body.standfirst) or None,
            date=self.dates.published,
            date_source=self.dates.source,
            modified=self.dates.modified,
            authors=[name for name in authors if fold(name) not in self._site_names],
            editors=list(dict.fromkeys([*self._byline.editors, *body.editors])),
            section=self.section,
            sections=self.section_path,
            tags=self.tags,
            blocks=body.blocks,
            images=body.images,
            media=body.media,
            related=body.related,
            language=self.language,
            free=self.access.free,
            portal=portal,
            site_name=self.site_name,
        )
