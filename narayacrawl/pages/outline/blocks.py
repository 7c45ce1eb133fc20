"""Define what an outline is made of: blocks, containers, regions, and elements that may hold a field."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

from lxml.etree import XPath
from lxml.etree import _Element as Element

from narayacrawl.language.text import one_line
from narayacrawl.pages.outline.inline import InlineToken

# WordPress' tag, category and author archives, with and without pretty permalinks (WP_Rewrite).
TAG_ADDRESS = re.compile(r"/(?:tags?|topik|topics?|label|tema|isu|keywords?)/[^/]|[?&]tag=", re.IGNORECASE)
SECTION_ADDRESS = re.compile(r"/(?:category|kategori|kanal|rubrik|section)/[^/]", re.IGNORECASE)
AUTHOR_ADDRESS = re.compile(r"/author/[^/]|[?&]author=\d")
TEXT_LENGTH = XPath("string-length()")
MAX_CACHED_LENGTH = 1000
# White space counts. Elements may nest: the text of each of them would be read again and again.
MAX_FIELD_LENGTH = 20_000
VISIBLE_TEXT = XPath(".//text()[not(parent::script or parent::style or parent::noscript)]", smart_strings=False)


@dataclass(slots=True)
class PageBlock:
    """One block of the page. `kind` is a `BlockKind`, or `h1`, `caption`, `image`.

    `rule` names the rule that keeps it out of the body: the region it stands in, or a rule of `pages.body`; None while
    it may be body text. `linked_chars` counts the characters of `text` inside links; `links` are their (address, text),
    with the address as the page writes it; `tokens` are the inline tokens that `text` was made from.
    """

    kind: str
    text: str
    rule: str | None
    element: Element
    linked_chars: int = 0
    links: Sequence[tuple[str, str]] = ()
    tokens: Sequence[InlineToken] = ()


@dataclass(slots=True)
class Container:
    """An element that may hold the body: its blocks are those from `start` to `end` (exclusive)."""

    element: Element
    start: int
    is_body: bool = False
    """True if its class or id is one that themes give to the container of an article's text."""
    end: int = -1
    """-1 until the element ends."""
    is_post: bool = False
    """True if it has the classes of a post."""


@dataclass(slots=True)
class Region:
    """An element that a rule of `regions.py` names as no article text; its blocks are those from `start` to `end`."""

    element: Element
    rule: str
    start: int
    end: int = 0
    _length: int | None = None

    @property
    def length(self) -> int:
        """Count the characters of text inside, scripts and white space included."""
        if self._length is None:
            self._length = text_length(self.element)
        return self._length


@dataclass(slots=True)
class FieldElement:
    """An element that may hold a field, with the region it stands in; `position` is the number of blocks before it."""

    element: Element
    class_and_id: str
    region: str | None
    position: int
    _text: str | None = None

    @property
    def text(self) -> str:
        """Return its text on one line; "" if it is longer than any field."""
        if self._text is None:
            self._text = text_of(self.element) if is_shorter_than(self.element, MAX_FIELD_LENGTH) else ""
        return self._text


def text_of(element: Element) -> str:
    """Return all text inside an element on one line."""
    return one_line("".join(map(str, element.itertext())))


def text_length(element: Element) -> int:
    """Count the characters of text inside an element, scripts and white space included."""
    return int(cast("float", TEXT_LENGTH(element)))


def is_shorter_than(element: Element, length: int) -> bool:
    """True if an element holds fewer characters of text than `length`; it stops reading at that length."""
    total = 0
    for text in element.itertext():
        total += len(text)
        if total >= length:
            return False
    return True


def linked_length(element: Element) -> int:
    """Count the characters of an element's text that are inside links."""
    return sum(text_length(link) for link in element.iter("a"))


def visible_text(element: Element) -> str:
    """Return the text inside an element on one line, without scripts and styles."""
    if next(element.iter("script", "style", "noscript"), None) is None:
        return text_of(element)
    return one_line("".join(map(str, cast("list[str]", VISIBLE_TEXT(element)))))


def is_tag_list(block: PageBlock) -> bool:
    """True if a line holds nothing but links to tags."""
    return (
        bool(block.links)
        and block.linked_chars >= 0.6 * len(block.text)
        and all(TAG_ADDRESS.search(href) for href, _ in block.links)
    )


def fold(text: str) -> str:
    """Reduce a text to its letters and digits in lower case, to compare two spellings of one headline or name."""
    return _fold(text) if len(text) <= MAX_CACHED_LENGTH else _fold.__wrapped__(text)


@lru_cache(maxsize=1_000)
def _fold(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
