"""Read a listing: the front page, a section or an archive page. Its articles, its sections, and its next page.

No theme's class names are needed: an article's link stands in a heading or a card, or reads like a headline; the next
page is known by its address (`/page/3/`, `?paged=3`, `?query-5-page=3`).
"""

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple
from urllib.parse import parse_qsl, urljoin, urlsplit

from lxml.etree import _Element as Element
from parsel import Selector

from narayacrawl.pages.link_context import HEADINGS, TERM_CLASS, LinkContext, LinkContexts
from narayacrawl.pages.outline.blocks import SECTION_ADDRESS, text_of
from narayacrawl.pages.outline.regions import POST_CLASS
from narayacrawl.pages.page_counter import PageCounter, page_counters, page_words
from narayacrawl.pages.paging import listing_page, next_listing_url
from narayacrawl.urls import absolute, clean_url, key, may_be_article, may_be_numbered, same_site

TITLE_CLASS = re.compile(
    r"\b(?:entry|post|article|news|td-module|jeg_post|wp-block-(?:post|latest-posts__post))[-_]*(?:title|headline)",
    re.IGNORECASE,
)
MENU_ITEM_CLASS = re.compile(
    r"(?:^|\s)(?:menu-item|menu-link|page[_-]item|nav-item|nav-link|wp-block-(?:navigation-(?:item|link)|pages-list))",
    re.IGNORECASE,
)
NO_PAGE = re.compile(r"(?:^|\s)type-page(?:$|\s)")
MIN_HEADLINE_LENGTH = 25
NEXT_ATTRIBUTES = ("href", "data-next-url", "data-next-page", "data-next", "data-url", "data-href")
UNLINKED_NEXT = "//link[@rel='next'] | //*[@data-next-url or @data-next-page or @data-next or @data-url or @data-href]"
"""What may name the next page besides links: the head, and the buttons that load more by script."""


@dataclass(frozen=True, slots=True)
class ListingEntry:
    """An article as a listing shows it."""

    url: str
    shown_date: str | None
    """Its `time[datetime]`: the publication date or a later one; None if it shows none."""
    aside: bool
    """True if it stands beside the list: in a sidebar, the footer, a list of the most read."""
    element: Element | None = field(default=None, compare=False, repr=False)
    """The link that names it; None if a portal's own rule names none."""


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
        self._contexts = LinkContexts()
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

    @cached_property
    def menu_urls(self) -> list[str]:
        """Return the addresses that the page's menus name, in order: not those of headlines and page numbers, which
        may stand in an element of that name, too."""
        urls: dict[str, None] = {}
        for link in self.links:
            if link.url not in urls and self._contexts.of(link.element).region == "navigation":
                parts = urlsplit(link.url)
                if parts.path.strip("/") + parts.query and self._is_label(link.element):
                    urls[link.url] = None
        return list(urls)

    @staticmethod
    def _is_label(element: Element) -> bool:
        """True if a link in a menu says what a menu does: it is one of its items, or neither headline nor number."""
        parent = element.getparent()
        if MENU_ITEM_CLASS.search(f"{element.get('class')} {parent.get('class') if parent is not None else ''}"):
            return True
        return not is_headline(text_of(element)) and page_words(element) is None

    @cached_property
    def entries(self) -> list[ListingEntry]:
        """Return the articles that the page links to, in order, each once: links in headings or cards, or with a text
        that reads like a headline."""
        other_keys = {key(url) for url in self.menu_urls} | {key(self.url)}
        entries: dict[str, ListingEntry] = {}
        for link in self.links:
            if link.number > 1 or link.key in self.page_keys:
                continue
            if link.key in other_keys and (link.key == key(self.url) or not self._names_post(link.element)):
                continue
            if not may_be_article(link.url) and not self._is_numbered_article(link):
                continue
            context = self._contexts.of(link.element)
            if self._is_entry(link.element, context):
                entry = ListingEntry(link.url, self._shown_date(context), context.aside, link.element)
                known = entries.get(link.key)
                if known is None or (known.aside, known.shown_date is None) > (entry.aside, entry.shown_date is None):
                    entries[link.key] = entry
        return list(entries.values())

    def _names_post(self, element: Element) -> bool:
        """True if a link is the title of a post's card: what a menu leads to, too."""
        box = self._contexts.of(element).box
        names = (box.get("class") or "") if box is not None else ""
        if not POST_CLASS.search(names) or NO_PAGE.search(names):
            return False
        rel, classes = (element.get("rel") or "").lower().split(), element.get("class") or ""
        return "bookmark" in rel or bool(TITLE_CLASS.search(classes)) or is_headline(text_of(element))

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
            return context.region != "comments" and (context.region != "navigation" or is_headline(text_of(element)))
        if context.kind is not None:
            return context.kind == "heading" or (context.kind == "card" and context.region is None)
        if context.region == "navigation":  # a ticker: the items of a menu were left out
            return is_headline(text_of(element))
        has_image = next(element.iter("img"), None) is not None
        return context.region is None and (has_image or is_headline(text_of(element)))

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
            if link.url in sections or link.number != 1 or link.key in self.page_keys:
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
    def moved_next_urls(self) -> list[str]:
        """Return the second pages that the page's links number at another address than its own: `/berita/page/2/` on
        the front page."""
        if self.counts_pages or self.number > 1:
            return []
        urls = {link.url: None for link in self.links if link.number == 2 and page_words(link.element) in (0, 2)}
        return list(urls)

    @cached_property
    def counters(self) -> list[PageCounter]:
        """Return the ways in which the page counts the pages of its listing, where that is none of WordPress'."""
        return page_counters(self._unnumbered_links, self.url)

    @cached_property
    def _unnumbered_links(self) -> list[tuple[str, Element]]:
        """Return address and element of what may lead to a page that is not counted in one of WordPress' ways; nothing
        where the page counts so."""
        if self.counts_pages:
            return []
        links = [(link.url, link.element) for link in self.links if not link.parameter]
        for element in self.selector.root.xpath(UNLINKED_NEXT):
            for name in NEXT_ATTRIBUTES:
                link = self._read_link(element.get(name) or "", element)
                if link and not link.parameter:
                    links.append((link.url, element))
        return links

    def next_counted(self, counter: PageCounter) -> str | None:
        """Return the next page of the listing, counted so; None if nothing leads to it."""
        following = (counter.number(self.url) or 1) + 1
        return next((url for url, _ in self._unnumbered_links if counter.number(url) == following), None)

    @cached_property
    def page_keys(self) -> frozenset[str]:
        """Return the keys of the pages that the page's links number in another way than WordPress'."""
        counted, titled = set(), set()
        for url, element in self._unnumbered_links if self.counters else []:
            if any(counter.number(url) is not None for counter in self.counters):
                if page_words(element) is not None:
                    counted.add(key(url))
                elif is_headline(text_of(element)):
                    titled.add(key(url))
        return frozenset(counted - titled)

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


def is_headline(words: str) -> bool:
    """True if a link's text reads like a headline."""
    return len(words) >= MIN_HEADLINE_LENGTH and words.count(" ") >= 3
