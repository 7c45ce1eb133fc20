"""A listing: front page, section or archive page. Which articles it links to, which sections, and where it goes on.

No theme's class names are needed: an article's link stands in a heading or a card, or reads like a headline; a page's
successor is known by its address (`/page/3/`, `?paged=3`, `?query-5-page=3`).
"""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple
from urllib.parse import parse_qsl, urljoin, urlsplit

from lxml.etree import _Element as Element
from parsel import Selector

from narayacrawl.pages.outline.blocks import SECTION_ADDRESS, text_of
from narayacrawl.pages.outline.regions import role
from narayacrawl.pages.paging import listing_page, next_listing_url
from narayacrawl.urls import absolute, clean_url, key, may_be_article, same_site

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
TITLE = re.compile(
    r"\b(?:entry|post|article|news|td-module|jeg_post|wp-block-(?:post|latest-posts__post))[-_]*(?:title|headline)",
    re.IGNORECASE,
)
TERM = re.compile(
    r"(?:^|[\s_-])(?:cat|category|categories|tag|tags|kategori|kanal|rubrik|author|breadcrumbs?|byline)(?:$|[\s_-])",
    re.IGNORECASE,
)
ASIDE = frozenset({"sidebar", "related", "footer"})
OUTSIDE = frozenset({"navigation", "footer", "comments", "share"})


@dataclass(frozen=True, slots=True)
class ListingEntry:
    """An article as a listing shows it."""

    url: str
    shown_date: str | None
    """Its `time[datetime]`: a publish date or a later one; None where it shows none."""
    aside: bool
    """Whether it stands beside the list: in a sidebar, the footer, a list of what is most read."""


class Around(NamedTuple):
    """What an element of a page and those around it, up to the page's main parts, say of a link inside."""

    region: str | None
    """The region of `OUTSIDE` that it stands in, unless a heading or card comes first, inside out: a menu holds no
    cards, a wrapper named after its pagination does."""
    aside: bool
    box: Element | None
    """The nearest card or list item."""
    kind: str | None
    """What comes first, inside out: `heading`, `card`, or `term`, a place of sections, tags and names."""


NOTHING = Around(None, aside=False, box=None, kind=None)


class Link(NamedTuple):
    """A link into the portal: its clean absolute address, what its spellings share, which listing's page it may be."""

    url: str
    key: str
    series: str
    counter: str
    number: int
    element: Element


class ListingPage:
    """One page of a listing. `selector` holds the whole page, `url` is where it was answered."""

    def __init__(self, selector: Selector, url: str) -> None:
        self.selector = selector
        self.url = url
        self._around: dict[Element, Around] = {}
        self.names = frozenset((selector.xpath("string(//body/@class)").get() or "").split())

    @property
    def is_cover(self) -> bool:
        """Whether this is a portal's front page that lists nothing of itself: a static page, by WordPress' body
        classes."""
        return {"home", "page"} <= self.names

    @property
    def is_main(self) -> bool:
        """Whether this lists all posts, by WordPress' body class: the front page, or another where that is static."""
        return "blog" in self.names

    @property
    def is_article(self) -> bool:
        """Whether this is no listing but an article: WordPress' body class `single`."""
        return "single" in self.names

    @property
    def number(self) -> int:
        """Which page of its listing this is, from 1."""
        return listing_page(self.url)[2]

    @cached_property
    def links(self) -> list[Link]:
        """Every link into the portal."""
        found: list[Link] = []
        known: dict[str, Link | None] = {}
        for element in self.selector.root.iter("a"):
            href = element.get("href") or ""
            if href not in known:
                known[href] = self._read_link(href, element)
            if (link := known[href]) is not None:
                found.append(link if link.element is element else link._replace(element=element))
        return found

    def _read_link(self, href: str, element: Element) -> Link | None:
        address = absolute(href, self.url)
        if not address or not same_site(address, self.url):
            return None
        url = clean_url(address)
        return Link(url, key(url), *listing_page(url), element)

    def around(self, element: Element) -> Around:
        """What the elements say that a link stands in."""
        path: list[Element] = []
        above = element.getparent()
        while above is not None and above not in self._around and above.tag not in ("body", "main"):
            path.append(above)
            above = above.getparent()
        found = NOTHING if above is None else self._around.get(above, NOTHING)
        for own in reversed(path):
            found = self._around[own] = self._within(own, found)
        return found

    @staticmethod
    def _within(element: Element, outer: Around) -> Around:
        """What an element says, within another."""
        tag, names, identity = element.tag, element.get("class") or "", element.get("id")
        own = role(tag, names)
        is_card, is_heading = own.card, tag in HEADINGS
        if identity:
            own = role(tag, f"{names} {identity}".strip())
        region = None if is_card or is_heading else own.region if own.region in OUTSIDE else outer.region
        kind = "heading" if is_heading else "card" if is_card else "term" if TERM.search(names) else outer.kind
        box = element if is_card or tag == "li" else outer.box
        return Around(region, own.region in ASIDE or outer.aside, box, kind)

    @cached_property
    def menus(self) -> list[str]:
        """Addresses in the page's menus, in order."""
        found: dict[str, None] = {}
        for link in self.links:
            if link.url not in found and self.around(link.element).region == "navigation":
                parts = urlsplit(link.url)
                if parts.path.strip("/") + parts.query:
                    found[link.url] = None
        return list(found)

    @cached_property
    def entries(self) -> list[ListingEntry]:
        """The articles that the page links to, in order, each once: in headings, in cards, or by a text that reads like
        a headline."""
        others = {key(url) for url in self.menus} | {key(self.url)}
        found: dict[str, ListingEntry] = {}
        for link in self.links:
            if link.key in others or link.number > 1 or not may_be_article(link.url):
                continue
            around = self.around(link.element)
            if self._is_entry(link.element, around):
                entry = ListingEntry(link.url, self._shown_date(around), around.aside)
                known = found.get(link.key)
                if known is None or (known.aside, known.shown_date is None) > (entry.aside, entry.shown_date is None):
                    found[link.key] = entry
        return list(found.values())

    @staticmethod
    def _is_entry(element: Element, around: Around) -> bool:
        rel = set((element.get("rel") or "").lower().split())
        names = element.get("class") or ""
        if rel & {"category", "tag", "author", "next", "prev", "home"} or TERM.search(names):
            return False
        if "bookmark" in rel or TITLE.search(names):
            return True
        if next(element.iter(*HEADINGS), None) is not None:
            return around.region not in ("navigation", "comments")
        if around.kind is not None:
            return around.kind == "heading" or (around.kind == "card" and around.region is None)
        words = text_of(element)
        pictured = next(element.iter("img"), None) is not None
        return around.region is None and (pictured or (len(words) >= 25 and words.count(" ") >= 3))

    @staticmethod
    def _shown_date(around: Around) -> str | None:
        time = next(around.box.iter("time"), None) if around.box is not None else None
        return time.get("datetime") if time is not None else None

    @cached_property
    def sections(self) -> dict[str, str]:
        """Address and name of each section: category links, and what else the menus lead to that may be a list."""
        found: dict[str, str] = {}
        menus = set(self.menus)
        for link in self.links:
            if link.url in found or link.number != 1:
                continue
            parts = urlsplit(link.url)
            parameters = {name for name, _ in parse_qsl(parts.query)} if parts.query else set()
            rel = (link.element.get("rel") or "").split()
            category = SECTION_ADDRESS.search(parts.path) or parameters & {"cat", "category_name"} or "category" in rel
            is_feed = parts.path.rstrip("/").endswith("/feed")
            if (category or (link.url in menus and may_be_article(link.url))) and not is_feed:
                found[link.url] = text_of(link.element)
        return found

    def section_url(self, name: str) -> str:
        """The address of a section, by its name or the last part of its address: as this page links to it, else under
        WordPress' own category base."""
        for url, text in self.sections.items():
            if name.casefold() in (text.casefold(), urlsplit(url).path.rstrip("/").rpartition("/")[2].casefold()):
                return url
        return urljoin(self.url, f"/category/{name}/")

    @cached_property
    def next_urls(self) -> list[str]:
        """Addresses of the next page: by `rel=next`, or a link to this listing with the next number; one for each list
        that the page counts."""
        series, counter, number = listing_page(self.url)
        series = key(series)
        found: dict[str, None] = {}
        for link in self.links:
            if not link.counter or key(link.series) != series:
                continue
            own = number if counter in ("", link.counter) else 1
            if link.number == own + 1 or (link.number > own and "next" in (link.element.get("rel") or "").split()):
                found.setdefault(link.url)
        return list(found)

    @cached_property
    def counts_pages(self) -> bool:
        """Whether the page links to any other page of this listing."""
        series = key(listing_page(self.url)[0])
        return any(link.counter and key(link.series) == series for link in self.links)

    @property
    def unlinked_next_url(self) -> str | None:
        """Where WordPress would answer the next page of a listing that shows no page links (it loads more by script).

        None where it shows some, where nothing is listed, and on a static page (body class `page`).
        """
        if self.counts_pages or not self.entries or {"page", "single"} & self.names:
            return None
        return next_listing_url(self.url)
