"""Read an article that is split into several pages: which page this is, how many there are, and all of them as one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from lxml.etree import XPath
from lxml.etree import _Element as Element

from narayacrawl.items import Block, Image, Media, RelatedLink
from narayacrawl.language.numbers import read_number
from narayacrawl.pages.body.body import Body
from narayacrawl.pages.fields.images import picture_key
from narayacrawl.pages.fields.media import media_key
from narayacrawl.pages.outline.blocks import Container
from narayacrawl.pages.paging import article_page_number
from narayacrawl.urls import absolute

HREFS = XPath("descendant::a/@href", smart_strings=False)
# wp_link_pages() (WordPress 5.1) makes the current page's number a span.
CURRENT_PAGE = XPath(
    "normalize-space(descendant::span[contains(@class, 'post-page-numbers') and contains(@class, 'current')])",
    smart_strings=False,
)
# The element that WordPress makes of a block template (5.8).
BLOCK_THEME_CLASSES = XPath("descendant::div[contains(@class, 'wp-site-blocks')]/@class", smart_strings=False)
PAGED_CLASS = re.compile(r"(?:single|page)-paged-(\d+)")
# A link such as /slug/2025/ is no page number.
MAX_PAGES = 100
MAX_NUMBER_OF_A_PAGE = 10_000
PAGE_LINK = re.compile(r"(?:^|/)\d{1,2}/?(?:[?#]|$)|[?&]page=\d")


@dataclass(frozen=True, slots=True)
class FollowingPage:
    """What is kept of a later page of an article, not the page itself: a hundred of those take a gigabyte."""

    body: Body
    """Without its container and standfirst, which hold the page's tree."""
    has_own_content: bool
    """True if it has text, pictures or players of its own."""

    @property
    def length(self) -> int:
        """Count the characters that it adds."""
        return sum(len(block.text) + len(block.html) for block in self.body.blocks)


def page_number(root: Element, body_classes: frozenset[str]) -> int:
    """Return which page of a split article this is, from 1: body class `single-paged-2`, else the current page link."""
    for name in body_classes:
        if (match := PAGED_CLASS.fullmatch(name)) and (number := read_number(match[1], most=MAX_NUMBER_OF_A_PAGE)):
            return number
    match = re.search(r"\d+$", cast("str", CURRENT_PAGE(root)))
    return (read_number(match[0], most=MAX_NUMBER_OF_A_PAGE) if match else None) or 1


def linked_page_count(root: Element, response_url: str, first_url: str, number: int) -> int:
    """Return how many pages the article has by the links on its page `number`; 1 if it shows none."""
    hrefs = {*cast("list[str]", HREFS(root))}
    # Most addresses end in a word: looking at the last character is enough.
    links = [h for h in hrefs if (h.rstrip("/")[-1:].isdigit() or "?" in h or "#" in h) and PAGE_LINK.search(h)]
    addresses = [absolute(href, response_url) or "" for href in links]
    numbers = [article_page_number(address, first_url) for address in addresses]
    return max([number, *(n for n in numbers if n is not None and n < MAX_PAGES)])


def is_block_theme(root: Element) -> bool:
    """True if the page is made by a block theme, where the links to other pages are a block that may be missing."""
    return any("wp-site-blocks" in classes.split() for classes in cast("list[str]", BLOCK_THEME_CLASSES(root)))


def select_same_container(containers: list[Container], first: Container | None) -> None:
    """Mark as the body the one container with the class of the first page's container, if there is exactly one."""
    classes = first.element.get("class") if first else None
    alike = [container for container in containers if classes and container.element.get("class") == classes]
    if len(alike) == 1:
        for container in containers:
            container.is_body = container is alike[0]


def join_bodies(bodies: Sequence[Body], images: list[Image]) -> Body:
    """Join the bodies of all pages, in order: blocks numbered by page; names, links, images and media once.

    `images` are those of the first page, its lead image included.
    """
    joined, known = list(images), {picture_key(image.url) for image in images}
    for image in (image for body in bodies[1:] for image in body.images):
        if (picture := picture_key(image.url)) not in known:
            known.add(picture)
            joined.append(image)
    related: dict[str, RelatedLink] = {}
    for link in (link for body in bodies for link in body.related):
        related.setdefault(link.url, link)
    media: dict[str, Media] = {}
    for own in (own for body in bodies for own in body.media):
        media.setdefault(media_key(own), own)
    return Body(
        blocks=[Block(b.kind, b.text, b.html, number) for number, body in enumerate(bodies, 1) for b in body.blocks],
        related=list(related.values()),
        authors=list(dict.fromkeys(name for body in bodies for name in body.authors)),
        editors=list(dict.fromkeys(name for body in bodies for name in body.editors)),
        images=joined,
        media=list(media.values()),
    )
