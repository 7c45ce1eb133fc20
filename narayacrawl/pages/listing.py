"""A listing: front page, section or archive page. Which articles it links to, which sections, and where it goes on.

No theme's class names are needed: an article's link stands in a heading or a card, or reads like a headline; a page's
successor is known by its address (`/page/3/`, `?paged=3`, `?query-5-page=3`).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import parse_qsl, urlsplit

from lxml.etree import _Element as Element
from parsel import Selector

from narayacrawl.addresses import absolute, clean_url, key, may_be_article, same_site
from narayacrawl.pages.paging import listing_page, next_listing_url
from narayacrawl.pages.pieces import SECTION_ADDRESS, text_of
from narayacrawl.pages.regions import role

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


class ListingPage:
    """One page of a listing. `selector` holds the whole page, `url` is where it was answered."""

    def __init__(self, selector: Selector, url: str) -> None:
        self.selector = selector
        self.url = url
        self.names = frozenset((selector.xpath("string(//body/@class)").get() or "").split())

    @property
    def is_article(self) -> bool:
        """Whether this is no listing but an article: WordPress' body class `single`."""
        return "single" in self.names

    @property
    def number(self) -> int:
        """Which page of its listing this is, from 1."""
        return listing_page(self.url)[2]

    @cached_property
    def links(self) -> list[tuple[str, Element]]:
        """Every link into the portal: (clean absolute address, element)."""
        found = []
        for element in self.selector.root.iter("a"):
            url = absolute(element.get("href"), self.url)
            if url and same_site(url, self.url):
                found.append((clean_url(url), element))
        return found

    @staticmethod
    def around(element: Element) -> Iterator[Element]:
        """The elements that a link stands in, inside out, up to the page's main parts."""
        for ancestor in element.iterancestors():
            if ancestor.tag in ("body", "main"):
                return
            yield ancestor

    @staticmethod
    def _is_card(element: Element) -> bool:
        return role(element.tag, element.get("class") or "").card

    @cached_property
    def menus(self) -> list[str]:
        """Addresses in the page's menus, in order."""
        found: dict[str, None] = {}
        for url, element in self.links:
            if urlsplit(url).path.strip("/") + urlsplit(url).query and self._region(element) == "navigation":
                found.setdefault(url)
        return list(found)

    def _region(self, element: Element) -> str | None:
        for ancestor in self.around(element):
            if ancestor.tag in HEADINGS or self._is_card(ancestor):
                return None  # a menu holds no cards; a wrapper named after its pagination does
            region = role(ancestor.tag, f"{ancestor.get('class', '')} {ancestor.get('id', '')}".strip()).region
            if region in OUTSIDE:
                return region
        return None

    @cached_property
    def entries(self) -> list[ListingEntry]:
        """The articles that the page links to, in order, each once: in headings, in cards, or by a text that reads like
        a headline."""
        menus = {key(url) for url in self.menus}
        found: dict[str, ListingEntry] = {}
        for url, element in self.links:
            identity = key(url)
            if identity in menus or identity == key(self.url) or not may_be_article(url) or listing_page(url)[2] > 1:
                continue
            if self._is_entry(element):
                entry = ListingEntry(url, self._shown_date(element), self._is_aside(element))
                known = found.get(identity)
                if known is None or (known.aside, known.shown_date is None) > (entry.aside, entry.shown_date is None):
                    found[identity] = entry
        return list(found.values())

    def _is_entry(self, element: Element) -> bool:
        rel = set((element.get("rel") or "").lower().split())
        names = element.get("class") or ""
        if rel & {"category", "tag", "author", "next", "prev", "home"} or TERM.search(names):
            return False
        if "bookmark" in rel or TITLE.search(names):
            return True
        region = self._region(element)
        if any(child.tag in HEADINGS for child in element.iterdescendants()):
            return region not in ("navigation", "comments")
        for ancestor in self.around(element):
            if ancestor.tag in HEADINGS:
                return True
            if self._is_card(ancestor):
                return region is None
            if TERM.search(ancestor.get("class") or ""):
                return False
        words = text_of(element)
        pictured = next(element.iter("img"), None) is not None
        return region is None and (pictured or (len(words) >= 25 and words.count(" ") >= 3))

    def _is_aside(self, element: Element) -> bool:
        return any(
            role(ancestor.tag, f"{ancestor.get('class', '')} {ancestor.get('id', '')}".strip()).region in ASIDE
            for ancestor in self.around(element)
        )

    def _shown_date(self, element: Element) -> str | None:
        for ancestor in self.around(element):
            if ancestor.tag == "li" or self._is_card(ancestor):
                time = next(ancestor.iter("time"), None)
                return time.get("datetime") if time is not None else None
        return None

    @cached_property
    def sections(self) -> dict[str, str]:
        """Address and name of each section: category links, and what else the menus lead to that may be a list."""
        found: dict[str, str] = {}
        menus = set(self.menus)
        for url, element in self.links:
            parts = urlsplit(url)
            parameters = {name for name, _ in parse_qsl(parts.query)}
            rel = (element.get("rel") or "").split()
            category = SECTION_ADDRESS.search(parts.path) or parameters & {"cat", "category_name"} or "category" in rel
            is_feed = parts.path.rstrip("/").endswith("/feed")
            if (category or (url in menus and may_be_article(url))) and listing_page(url)[2] == 1 and not is_feed:
                found.setdefault(url, text_of(element))
        return found

    @cached_property
    def next_urls(self) -> list[str]:
        """Addresses of the next page: by `rel=next`, or a link to this listing with the next number; one for each list
        that the page counts."""
        series, _, number = listing_page(self.url)
        found: dict[str, None] = {}
        for url, element in self.links:
            its_series, its_name, its_number = listing_page(url)
            if key(its_series) != key(series):
                continue
            own = number if listing_page(self.url)[1] in ("", its_name) else 1
            if its_name and (
                its_number == own + 1 or ("next" in (element.get("rel") or "").split() and its_number > own)
            ):
                found.setdefault(url)
        return list(found)

    @cached_property
    def counts_pages(self) -> bool:
        """Whether the page links to any other page of this listing."""
        series = key(listing_page(self.url)[0])
        return any(listing_page(url)[1] and key(listing_page(url)[0]) == series for url, _ in self.links)

    @property
    def unlinked_next_url(self) -> str | None:
        """Where WordPress would answer the next page of a listing that shows no page links (it loads more by script).

        None where it shows some, where nothing is listed, and on a static page (body class `page`).
        """
        if self.counts_pages or not self.entries or {"page", "single"} & self.names:
            return None
        return next_listing_url(self.url)
