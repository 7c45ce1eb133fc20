"""What an outline is made of: the blocks of a page, the elements that may hold a body or a field, the regions."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

from lxml.etree import XPath
from lxml.etree import _Element as Element

from narayacrawl.pages.outline.inline import Part

# WordPress' tag, category and author archives, with and without pretty permalinks (WP_Rewrite).
TAG_ADDRESS = re.compile(r"/(?:tags?|topik|topics?|label|tema|isu|keywords?)/[^/]|[?&]tag=", re.IGNORECASE)
SECTION_ADDRESS = re.compile(r"/(?:category|kategori|kanal|rubrik|section)/[^/]", re.IGNORECASE)
AUTHOR_ADDRESS = re.compile(r"/author/[^/]|[?&]author=\d")
LENGTH = XPath("string-length()")
# Longer texts are not remembered.
LONGEST_KNOWN = 1000
SEEN_TEXT = XPath(".//text()[not(parent::script or parent::style or parent::noscript)]", smart_strings=False)


@dataclass(slots=True)
class PageBlock:
    """One block of the page. `kind` is a `BlockKind`, or `h1`, `caption`, `image`.

    `rule` names what keeps it out of the body: the region it stands in, later a rule of `body.py`; None while it may
    stay. `linked` counts the characters of `text` inside links; `links` are their (address, text), the address as the
    page has it; `parts` are what the text was made of.
    """

    kind: str
    text: str
    rule: str | None
    element: Element
    linked: int = 0
    links: Sequence[tuple[str, str]] = ()
    parts: Sequence[Part] = ()


@dataclass(slots=True)
class Container:
    """An element that may hold the body: the blocks from `start` to `end` (exclusive) are inside it."""

    element: Element
    start: int
    body: bool = False
    """Whether it is named like the container of an article's text."""
    end: int = -1
    """-1 while it is being read."""
    post: bool = False
    """Whether it has the classes of a post."""


@dataclass(slots=True)
class Region:
    """An element that a rule of `regions.py` names; its blocks are those from `start` to `end`."""

    element: Element
    rule: str
    start: int
    end: int = 0
    _length: int | None = None

    @property
    def length(self) -> int:
        """How many characters of text are inside, scripts and white space too."""
        if self._length is None:
            self._length = text_length(self.element)
        return self._length


@dataclass(slots=True)
class Mark:
    """An element that may hold a field, with its names and the region it stands in; `position` counts the blocks before
    it."""

    element: Element
    names: str
    region: str | None
    position: int
    _text: str | None = None

    @property
    def text(self) -> str:
        """What a reader sees of it, on one line."""
        if self._text is None:
            self._text = text_of(self.element)
        return self._text


def text_of(element: Element) -> str:
    """All text inside an element, on one line."""
    return " ".join("".join(map(str, element.itertext())).split())


def text_length(element: Element) -> int:
    """How many characters of text are inside an element, scripts and white space too."""
    return int(cast("float", LENGTH(element)))


def is_shorter(element: Element, length: int) -> bool:
    """Whether fewer characters of text than this are inside an element; no more of it is looked at."""
    total = 0
    for text in element.itertext():
        total += len(text)
        if total >= length:
            return False
    return True


def linked_length(element: Element) -> int:
    """How many characters inside an element are inside links."""
    return sum(text_length(link) for link in element.iter("a"))


def seen_text(element: Element) -> str:
    """All text inside an element that is no script or style, on one line."""
    return " ".join("".join(map(str, cast("list[str]", SEEN_TEXT(element)))).split())


def lists_tags(block: PageBlock) -> bool:
    """Whether a line is nothing but links to tags."""
    return (
        bool(block.links)
        and block.linked >= 0.6 * len(block.text)
        and all(TAG_ADDRESS.search(href) for href, _ in block.links)
    )


def fold(text: str) -> str:
    """Letters and digits of a text, lower case: what two spellings of one headline share."""
    return _fold(text) if len(text) <= LONGEST_KNOWN else _fold.__wrapped__(text)


@lru_cache(maxsize=1_000)
def _fold(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
