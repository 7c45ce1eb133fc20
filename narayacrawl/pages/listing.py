"""Read a listing: the front page, a section or an archive page. Its articles, its sections, and its next page.

No theme's class names are needed: an article's link stands in a heading or a card, or reads like a headline; the next
page is known by its address (`/page/3/`, `?paged=3`, `?query-5-page=3`).
"""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple
from urllib.parse import parse_qsl, urljoin, urlsplit

from lxml.etree import _Element as Element
from parsel import Selector

from narayacrawl.pages.outline.blocks import SECTION_ADDRESS, text_of
from narayacrawl.pages.outline.regions import classify
from narayacrawl.pages.paging import listing_page, next_listing_url
from narayacrawl.urls import absolute, clean_url, key, may_be_article, may_be_numbered, same_site

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
TITLE_CLASS = re.compile(
    r"\b(?:entry|post|article|news|td-module|jeg_post|wp-block-(?:post|latest-posts__post))[-_]*(?:title|headline)",
    re.IGNORECASE,
)
TERM_CLASS = re.compile(
    r"(?:^|[\s_-])(?:cat|category|categories|tag|tags|kategori|kanal|rubrik|author|breadcrumbs?|byline)(?:$|[\s_-])",
    re.IGNORECASE,
)
ASIDE_REGIONS = frozenset({"sidebar", "related", "footer"})
MIN_HEADLINE_LENGTH = 25
UNLISTED_REGIONS = frozenset({"navigation", "footer", "comments", "share"})


@dataclass(frozen=True, slots=True)
class ListingEntry:
    """An article as a listing shows it."""

    url: str
    shown_date: str | None
    """Its `time[datetime]`: the publication date or a later one; None if it shows none."""
    aside: bool
    """True if it stands beside the list: in a sidebar, the footer, a list of the most read."""


class LinkContext(NamedTuple):
    """What the ancestors of a link, up to the page's main parts, say about it."""

    region: str | None
    """The region of `UNLISTED_REGIONS` it stands in, unless a heading or card is nearer: a menu holds no cards, but a
    wrapper may be named after the pagination inside it."""
    aside: bool
    box: Element | None
    """The nearest card or list item."""
    kind: str | None
    """The nearest of `heading`, `card`, and `term`, a place of sections, tags and names."""


NO_CONTEXT = LinkContext(None, aside=False, box=None, kind=None)


class Link(NamedTuple):
    """A link into the portal: its clean absolute address, that address' key, and the listing page it may lead to."""

    url: str
    key: str
    series: str
    parameter: str
    number: int
    element: Element


class ListingPage:
    """One page of a listing. `selector` holds the whole page, `url` is the address that answered."""

    def __init__(self, selector: Selector, url: str) -> None:
        self.selector = selector
        self.url = url
        self._contexts: dict[Element, LinkContext] = {}
        self.body_classes = frozenset((selector.xpath("string(//body/@class)").get() or "").split())

    @property
    def is_cover(self) -> bool:
        """True if this is a front page that is static and lists no articles of its own, by WordPress' body classes."""
        return {"home", "page"} <= self.body_classes

    @property
    def is_main(self) -> bool:
        """True if this page lists all posts, by WordPress' body class: the front page, or another page if that is
        static."""
        return "blog" in self.body_classes

    @property
    def is_article(self) -> bool:
        """True if this is an article and no listing: WordPress' body class `single`."""
        return "single" in self.body_classes

    @property
    def number(self) -> int:
        """Return which page of its listing this is, from 1."""
        return listing_page(self.url)[2]

    @cached_property
    def links(self) -> list[Link]:
        """Return every link into the portal."""
        links: list[Link] = []
        link_of_href: dict[str, Link | None] = {}
        for element in self.selector.root.iter("a"):
            href = element.get("href") or ""
            if href not in link_of_href:
                link_of_href[href] = self._read_link(href, element)
            if (link := link_of_href[href]) is not None:
                links.append(link if link.element is element else link._replace(element=element))
        return links

    def _read_link(self, href: str, element: Element) -> Link | None:
        """Read one address; None if it leads out of the portal."""
        address = absolute(href, self.url)
        if not address or not same_site(address, self.url):
            return None
        url = clean_url(address)
        return Link(url, key(url), *listing_page(url), element)

    def context_of(self, element: Element) -> LinkContext:
        """Return the context of a link from its ancestors."""
        path: list[Element] = []
        ancestor = element.getparent()
        while ancestor is not None and ancestor not in self._contexts and ancestor.tag not in ("body", "main"):
            path.append(ancestor)
            ancestor = ancestor.getparent()
        context = NO_CONTEXT if ancestor is None else self._contexts.get(ancestor, NO_CONTEXT)
        for ancestor in reversed(path):
            context = self._contexts[ancestor] = self._within(ancestor, context)
        return context

    @staticmethod
    def _within(element: Element, outer: LinkContext) -> LinkContext:
        """Return the context inside an element, given the context around it."""
        tag, classes, identity = element.tag, element.get("class") or "", element.get("id")
        classification = classify(tag, classes)
        is_card, is_heading = classification.is_card, tag in HEADINGS
        if identity:
            classification = classify(tag, f"{classes} {identity}".strip())
        region = classification.region if classification.region in UNLISTED_REGIONS else outer.region
        if is_card or is_heading:
            region = None
        kind = "heading" if is_heading else "card" if is_card else "term" if TERM_CLASS.search(classes) else outer.kind
        box = element if is_card or tag == "li" else outer.box
        return LinkContext(region, classification.region in ASIDE_REGIONS or outer.aside, box, kind)

    @cached_property
    def menu_urls(self) -> list[str]:
        """Return the addresses in the page's menus, in order."""
        urls: dict[str, None] = {}
        for link in self.links:
            if link.url not in urls and self.context_of(link.element).region == "navigation":
                parts = urlsplit(link.url)
                if parts.path.strip("/") + parts.query:
                    urls[link.url] = None
        return list(urls)

    @cached_property
    def entries(self) -> list[ListingEntry]:
        """Return the articles that the page links to, in order, each once: links in headings or cards, or with a text
        that reads like a headline."""
        other_keys = {key(url) for url in self.menu_urls} | {key(self.url)}
        entries: dict[str, ListingEntry] = {}
        for link in self.links:
            if link.key in other_keys or link.number > 1:
                continue
            if not may_be_article(link.url) and not self._is_numbered_article(link):
                continue
            context = self.context_of(link.element)
            if self._is_entry(link.element, context):
                entry = ListingEntry(link.url, self._shown_date(context), context.aside)
                known = entries.get(link.key)
                if known is None or (known.aside, known.shown_date is None) > (entry.aside, entry.shown_date is None):
                    entries[link.key] = entry
        return list(entries.values())

    @staticmethod
    def _is_numbered_article(link: Link) -> bool:
        """True if an address that may be a year's archive is an article's: its card has the number as a post's class,
        or its text is as long as a headline."""
        if not may_be_numbered(link.url):
            return False
        number = urlsplit(link.url).path.strip("/")
        cards = (ancestor for ancestor in link.element.iterancestors("article", "div", "li"))
        if any(f"post-{number}" in f"{card.get('class')} {card.get('id')}".split() for card in cards):
            return True
        return len(text_of(link.element)) >= MIN_HEADLINE_LENGTH

    @staticmethod
    def _is_entry(element: Element, context: LinkContext) -> bool:
        """True if a link leads to an article of the list."""
        rel = set((element.get("rel") or "").lower().split())
        classes = element.get("class") or ""
        if rel & {"category", "tag", "author", "next", "prev", "home"} or TERM_CLASS.search(classes):
            return False
        if "bookmark" in rel or TITLE_CLASS.search(classes):
            return True
        if next(element.iter(*HEADINGS), None) is not None:
            return context.region not in ("navigation", "comments")
        if context.kind is not None:
            return context.kind == "heading" or (context.kind == "card" and context.region is None)
        words = text_of(element)
        has_image = next(element.iter("img"), None) is not None
        return context.region is None and (has_image or (len(words) >= MIN_HEADLINE_LENGTH and words.count(" ") >= 3))

    @staticmethod
    def _shown_date(context: LinkContext) -> str | None:
        """Return the date that a link's card shows."""
        time = next(context.box.iter("time"), None) if context.box is not None else None
        return time.get("datetime") if time is not None else None

    @cached_property
    def sections(self) -> dict[str, str]:
        """Return address and name of each section: category links, and other menu links that may lead to a list."""
        sections: dict[str, str] = {}
        menu_urls = set(self.menu_urls)
        for link in self.links:
            if link.url in sections or link.number != 1:
                continue
            parts = urlsplit(link.url)
            parameters = {name for name, _ in parse_qsl(parts.query)} if parts.query else set()
            rel = (link.element.get("rel") or "").split()
            category = SECTION_ADDRESS.search(parts.path) or parameters & {"cat", "category_name"} or "category" in rel
            is_feed = parts.path.rstrip("/").endswith("/feed")
            if (category or (link.url in menu_urls and may_be_article(link.url))) and not is_feed:
                sections[link.url] = text_of(link.element)
        return sections

    def section_url(self, name: str) -> str:
        """Return the address of a section by its name or the last part of its address: as this page links to it, else
        under WordPress' default category base."""
        for url, text in self.sections.items():
            if name.casefold() in (text.casefold(), urlsplit(url).path.rstrip("/").rpartition("/")[2].casefold()):
                return url
        return urljoin(self.url, f"/category/{name}/")

    @cached_property
    def next_urls(self) -> list[str]:
        """Return the addresses of the next page: links with `rel=next` or with the next page number of this listing;
        one for each list that the page numbers."""
        series, parameter, number = listing_page(self.url)
        series = key(series)
        urls: dict[str, None] = {}
        for link in self.links:
            if not link.parameter or key(link.series) != series:
                continue
            current = number if parameter in ("", link.parameter) else 1
            is_marked_next = "next" in (link.element.get("rel") or "").split()
            if link.number == current + 1 or (link.number > current and is_marked_next):
                urls.setdefault(link.url)
        return list(urls)

    @cached_property
    def counts_pages(self) -> bool:
        """True if the page links to any other page of this listing."""
        series = key(listing_page(self.url)[0])
        return any(link.parameter and key(link.series) == series for link in self.links)

    @property
    def unlinked_next_url(self) -> str | None:
        """Return the address at which WordPress would answer the next page of a listing without page links (one that
        loads more by script).

        None if there are page links, if nothing is listed, and on a static page (body class `page`).
        """
        if self.counts_pages or not self.entries or {"page", "single"} & self.body_classes:
            return None
        return next_listing_url(self.url)
