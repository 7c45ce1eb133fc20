"""An article's page: every field as published, each from several independent places.

The order of the places is the order of trust. What a reader sees comes first where themes agree on its markup (title,
names, tags); what machines are told comes first where a reader sees less (the moment of publishing). No field rests on
one theme or one plugin.
"""

import re
from collections.abc import Sequence
from datetime import tzinfo
from functools import cached_property
from typing import cast
from urllib.parse import parse_qs, urlsplit

from lxml.etree import XPath
from parsel import Selector

from narayacrawl.items import Block, Image, PublishedArticle, RelatedLink
from narayacrawl.language.dates import timezone_of
from narayacrawl.pages.body.body import Body, lead_image, read_body
from narayacrawl.pages.fields.authors import Byline, read_byline
from narayacrawl.pages.fields.bylines import Site
from narayacrawl.pages.fields.dates import Moments
from narayacrawl.pages.fields.images import same_picture
from narayacrawl.pages.fields.metadata import Metadata, texts
from narayacrawl.pages.fields.sections import Sections
from narayacrawl.pages.fields.title import Titles
from narayacrawl.pages.outline.blocks import fold
from narayacrawl.pages.outline.outline import Outline
from narayacrawl.pages.paging import article_page_number, first_page_url
from narayacrawl.urls import absolute, clean_url, same_site

# Names of a page that is no article, as WordPress' body_class() writes them (6.1, wp-includes/post-template.php).
NO_ARTICLE = {
    "home": "listing",
    "blog": "listing",
    "archive": "listing",
    "search": "listing",
    "error404": "error page",
    "attachment": "attachment",
    "page": "static page",
}
HREFS = XPath("//a/@href", smart_strings=False)
CURRENT_PAGE = XPath(
    "normalize-space(//@class[contains(., 'post-page-numbers') and contains(., 'current')]/..)", smart_strings=False
)
BLOCK_THEME = XPath("//@class[contains(., 'wp-site-blocks')]", smart_strings=False)
# A link such as /slug/2025/ is no page number.
MOST_PAGES = 100
MAY_BE_PAGE = re.compile(r"(?:^|/)\d{1,2}/?(?:[?#]|$)|[?&]page=\d")


class ArticlePage:
    """One page, read as an article.

    `selector` holds the whole page, `url` is where it was answered, `fetched_at` when (ISO 8601, UTC; relative dates
    need it), `timezone` the portal's own (None: by the page's language). A portal whose theme hides a field names it in
    a subclass: the `*_css` selectors come first.
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
        if self.body_css:
            named = {element.root for element in selector.css(self.body_css)}
            for container in self.outline.containers:
                container.body = container.element in named

    # Identity

    @cached_property
    def body_names(self) -> frozenset[str]:
        body = self.selector.root.find("body")
        return frozenset() if body is None else frozenset((body.get("class") or "").split())

    @cached_property
    def url(self) -> str:
        """The canonical address when it is this portal's, else where the page was answered."""
        stated = [
            self.metadata.link("canonical"),
            self.metadata.first("og:url"),
            *texts(self.metadata.article.get("url")),
        ]
        for href in stated:
            url = absolute(href, self.response_url) if href else None
            if url and same_site(url, self.response_url) and urlsplit(url).path.strip("/") + urlsplit(url).query:
                return clean_url(url)
        return clean_url(self.response_url)

    @cached_property
    def id(self) -> int | None:
        """The post id: body class, shortlink, the link to its REST record, the comment form, the article's own id."""
        for name in self.body_names:
            if name.startswith("postid-") and name[7:].isdecimal():
                return int(name[7:])
        for rel in ("shortlink", "canonical"):
            ids = parse_qs(urlsplit(self.metadata.link(rel) or "").query).get("p")
            if ids and ids[0].isdecimal():
                return int(ids[0])
        rest = re.search(r"/wp/v2/[\w-]+/(\d+)$", self.metadata.link("alternate application/json") or "")
        if rest:
            return int(rest[1])
        stated = self.selector.xpath("//input[@name='comment_post_ID']/@value | //article/@id").getall()
        numbers = [int(m[1]) for s in stated if (m := re.match(r"(?:post-)?(\d+)$", s))]
        return numbers[0] if len(set(numbers)) == 1 else None

    @cached_property
    def rejection(self) -> str | None:
        """Why this page is no public article; None where it is one."""
        names = self.body_names
        single = bool({"single", "single-post"} & names) or any(n.startswith("postid-") for n in names)
        if not single:
            for name, reason in NO_ARTICLE.items():
                if name in names:
                    return reason
        if {"single-attachment", "attachment"} & names:
            return "attachment"
        if self._is_protected:
            return "protected"
        if not self.title:
            return "no title"
        if single or self.metadata.article or self.metadata.first("article:published_time"):
            return None
        if self.metadata.first("og:type") == "article" or (self.body.blocks and self.moments.published):
            return None
        return "no article"

    @property
    def _is_protected(self) -> bool:
        """Whether the article's text stands behind a password form: the form names the post (`pwbox-ID`,
        `get_the_password_form`); on one that does not, a theme may say a sentence beside it."""
        if not self.outline.protected:
            return False
        boxes = self.selector.css("form.post-password-form input[name=post_password]::attr(id)").getall()
        return f"pwbox-{self.id}" in boxes or len(self.body.blocks) <= 2

    # Fields

    @cached_property
    def titles(self) -> Titles:
        return Titles(self.metadata, self.outline)

    @cached_property
    def site_name(self) -> str | None:
        """The portal's name: metadata, else the link home, else the end of the document's title."""
        return self.titles.site_name

    @cached_property
    def language(self) -> str | None:
        inner = texts(self.metadata.article.get("inLanguage"))
        stated = [self.metadata.language, self.metadata.first("og:locale"), *inner]
        return next((tag.replace("_", "-") for tag in stated if tag), None)

    @cached_property
    def title(self) -> str | None:
        own = self.selector.css(self.title_css).xpath("normalize-space()").get() if self.title_css else None
        return own or self.titles.title

    @property
    def title_position(self) -> int:
        """How many blocks stand before the article's header and in its title."""
        return self.titles.position

    @cached_property
    def description(self) -> str | None:
        return self.metadata.first("description", "og:description") or next(
            iter(texts(self.metadata.article.get("description"))), None
        )

    @cached_property
    def body(self) -> Body:
        return read_body(self.outline, self.title, self.title_position)

    @cached_property
    def moments(self) -> Moments:
        """When the article was published and edited."""
        said = "string((@datetime | self::*[not(@datetime)])[1])"
        own = self.selector.css(self.date_css).xpath(said).getall() if self.date_css else []
        return Moments(
            self.metadata, self.outline, self.title_position, self.body.container, self.timezone, self.fetched_at, own
        )

    @cached_property
    def _byline(self) -> Byline:
        own = self.selector.css(self.authors_css).xpath("normalize-space()").getall() if self.authors_css else []
        if names := [n for n in own if n]:
            return Byline(names, "own", [])
        site = Site(self._bare_names, fold(self.title or ""))
        return read_byline(self.outline, self.metadata, self.title_position, site, self._closing_lines)

    def _closing_lines(self) -> list[str]:
        return [block.text for block in self.body.blocks[-2:] if len(block.text) <= 120]

    @property
    def byline(self) -> list[str]:
        """The names in the byline, else in the metadata, else in the text."""
        return self._byline.names

    @property
    def byline_source(self) -> str | None:
        """Where the authors were read: `own`, `byline`, `json-ld`, `meta`, `text`, `credit line`; None for nowhere."""
        names, source, _ = self._byline
        credited = source in (None, "text") and bool(self.body.authors) and {*names} <= {*self.body.authors}
        return "credit line" if credited else source

    @property
    def _bare_names(self) -> frozenset[str]:
        """The site's names, folded, that are no author."""
        host = urlsplit(self.url).hostname or ""
        return frozenset(map(fold, (self.site_name or "", host, host.removeprefix("www."), "")))

    def _named(self, names: list[str]) -> list[str]:
        """The names once each, without the bare name of the site."""
        site = self._bare_names
        return list(dict.fromkeys(name for name in names if fold(name) not in site))

    @cached_property
    def sections(self) -> Sections:
        return Sections(self.metadata, self.outline, self.url)

    @cached_property
    def section(self) -> str | None:
        own = self.selector.css(self.section_css).xpath("normalize-space()").get() if self.section_css else None
        return own or self.sections.primary

    @cached_property
    def tags(self) -> list[str]:
        own = self.selector.css(self.tags_css).xpath("normalize-space()").getall() if self.tags_css else []
        return [t for t in own if t] or self.sections.tags

    @cached_property
    def images(self) -> list[Image]:
        """The lead image, then the body's."""
        hrefs = [self.metadata.first("og:image"), self.metadata.first("twitter:image")]
        stated = [url for href in hrefs if href and (url := absolute(href, self.response_url))]
        lead = lead_image(self.outline, self.body, self.title_position, stated)
        if lead is None and not self.body.images and stated:
            lead = Image(clean_url(stated[0]))
        if lead is None:
            return self.body.images
        return [lead, *(image for image in self.body.images if same_picture(image.url) != same_picture(lead.url))]

    # Split articles

    @cached_property
    def page_count(self) -> int:
        """How many pages the article has, by the links on this one; 1 where it shows none."""
        hrefs = {*cast("list[str]", HREFS(self.selector.root))}
        # Most addresses end in a word: one look tells.
        links = [h for h in hrefs if (h.rstrip("/")[-1:].isdigit() or "?" in h or "#" in h) and MAY_BE_PAGE.search(h)]
        addresses = [absolute(href, self.response_url) or "" for href in links]
        numbers = [article_page_number(address, self.first_url) for address in addresses]
        return max([self.number, *(n for n in numbers if n is not None and n < MOST_PAGES)])

    @cached_property
    def number(self) -> int:
        """Which page of a split article this is, from 1: body class `single-paged-2`, else the page links' current
        one."""
        for name in self.body_names:
            if match := re.fullmatch(r"(?:single|page)-paged-(\d+)", name):
                return int(match[1])
        match = re.search(r"\d+$", cast("str", CURRENT_PAGE(self.selector.root)))
        return int(match[0]) if match else 1

    @property
    def first_url(self) -> str:
        """The address of the article's first page."""
        return self.url if self.number == 1 else first_page_url(self.url, self.number)

    @property
    def may_hide_pages(self) -> bool:
        """Whether the theme may show no link to a second page: in block themes it is a block that may be missing."""
        named = cast("list[str]", BLOCK_THEME(self.selector.root))
        return any("wp-site-blocks" in names.split() for names in named)

    def follow(self, first: "ArticlePage") -> None:
        """Read the body from the same container as the first page's: on the short last page of a split article the text
        alone may not tell it."""
        container = first.body.container
        names = container.element.get("class") if container else None
        alike = [c for c in self.outline.containers if names and c.element.get("class") == names]
        if len(alike) == 1:
            for own in self.outline.containers:
                own.body = own is alike[0]

    def published(self, following: Sequence["ArticlePage"] = (), *, portal: str | None = None) -> PublishedArticle:
        """All that the page says, as found; `following` are the other pages of a split article, in order: their bodies
        are joined to this one's."""
        bodies = [self.body, *(page.body for page in following)]
        credited = [name for body in bodies for name in body.authors]
        images = list(self.images)
        known = {same_picture(image.url) for image in images}
        for image in (image for page in following for image in page.body.images):
            if same_picture(image.url) not in known:
                known.add(same_picture(image.url))
                images.append(image)
        related: dict[str, RelatedLink] = {}
        for link in (link for body in bodies for link in body.related):
            related.setdefault(link.url, link)
        blocks = [Block(b.kind, b.text, b.html, number) for number, body in enumerate(bodies, 1) for b in body.blocks]
        return PublishedArticle(
            url=self.url,
            fetched_at=self.fetched_at,
            id=self.id,
            title=self.title,
            description=self.description,
            date=self.moments.published,
            date_source=self.moments.source,
            modified=self.moments.modified,
            authors=self._named([*self.byline, *credited]),
            editors=[*dict.fromkeys([*self._byline.editors, *(name for body in bodies for name in body.editors)])],
            section=self.section,
            tags=self.tags,
            blocks=blocks,
            images=images,
            related=list(related.values()),
            language=self.language,
            portal=portal,
            site_name=self.site_name,
        )
