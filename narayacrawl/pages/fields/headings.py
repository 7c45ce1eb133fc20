"""Find the headings of a page that may be its headline, and what stands in them beside it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import cast

from lxml.etree import _Element as Element
from lxml.etree import iterwalk

from narayacrawl.pages.outline.blocks import PageBlock, fold, is_shorter_than
from narayacrawl.pages.outline.outline import Outline
from narayacrawl.pages.outline.tags import HEADING_KINDS

# An `h1` here is the headline only if it equals a metadata title: the region is mislabelled.
UNRELATED_REGIONS = frozenset({"related", "comments", "sidebar", "ad", "author", "popup", "footer"})
# Regions whose headings repeat the headline, or are no headline at all.
REPEATING_REGIONS = frozenset({"navigation", "hidden", "newsletter", "form", "promo", "share", "embed"})
# Parts of a heading beside the headline: a kicker above it, a line below it, Bootstrap's `small`.
KICKER = re.compile(
    r".*(?:kicker|(?:top|over|roof|pre|sub|sur|super|anti)[-_]?(?:title|line|head)|dach-?zeile|eyebrow|tag-?line|badge).*"
    r"|.*small|(?:.*[-_])?(?:comments?[-_](?:links?|count|number|bubble)|edit[-_]?link|share|btn|button)|label|screen-reader-text|sr-only|visually-hidden",
    re.IGNORECASE,
)
MAX_CLASS_NAME_LENGTH = 80
# White space counts. Where headings are never closed, each would hold the rest of the page.
MAX_HEADING_LENGTH = 5_000


@dataclass(slots=True)
class Heading:
    """A heading of the page, which may be several of its blocks."""

    blocks: list[PageBlock]
    end: int
    """Index of the block after it."""
    element: Element

    @property
    def kind(self) -> str:
        """Return the kind of its blocks: `h1`, `h2` or `h3`."""
        return self.blocks[0].kind

    @property
    def text(self) -> str:
        """Return its text on one line."""
        return " ".join(block.text for block in self.blocks)


def headings_of(outline: Outline) -> list[Heading]:
    """Return the headings of the page that may be the headline."""
    headings: list[Heading] = []
    for index, block in enumerate(outline.blocks):
        if block.kind not in ("h1", "h2", "h3") or not block.text:
            continue
        if block.rule in UNRELATED_REGIONS and block.kind != "h1":
            continue
        element = enclosing_heading(block.element)
        if not is_shorter_than(element, MAX_HEADING_LENGTH):
            continue
        if headings and headings[-1].element is element:
            headings[-1].end = index + 1
            if headings[-1].blocks[0].rule in REPEATING_REGIONS:
                headings[-1].blocks = [block]
            elif block.rule not in REPEATING_REGIONS:
                headings[-1].blocks.append(block)
        else:
            headings.append(Heading([block], index + 1, element))
    return headings


def enclosing_heading(element: Element) -> Element:
    """Return the heading that an element stands in, else the element itself."""
    current: Element | None = element
    for _ in range(5):
        if current is None or current.tag in HEADING_KINDS:
            break
        current = current.getparent()
    return element if current is None or current.tag not in HEADING_KINDS else current


def without_kicker(heading: Heading) -> str:
    """Return a heading's text without its kicker."""
    if not len(heading.element) or heading.element.tag not in HEADING_KINDS:
        return heading.text
    bare = " ".join(text_without_kicker(heading.element).split())
    return bare if fold(bare) and fold(bare) != fold(heading.text) else heading.text


def text_without_kicker(heading: Element) -> str:
    """Return the text of a heading without its kicker and the line below it."""
    return _text_without(heading, _is_beside_headline)


def without_links(heading: Heading) -> str:
    """Return a heading's text without the links and buttons in it, such as one to its comments."""
    return " ".join(_text_without(heading.element, lambda element: element.tag in ("a", "button")).split())


def _text_without(heading: Element, is_left_out: Callable[[Element], bool]) -> str:
    """Return the text of a heading without the elements in it that are left out."""
    parts: list[str] = []
    walk = iterwalk(heading, events=("start", "end", "comment", "pi"))
    for event, current in cast("Iterator[tuple[str, Element]]", walk):
        if event != "start":
            parts.append((current.tail or "") if current is not heading else "")
        elif current is not heading and is_left_out(current):
            walk.skip_subtree()
        else:
            parts.append(current.text or "")
    return "".join(parts)


def _is_beside_headline(element: Element) -> bool:
    """True if an element of a heading holds a kicker, the line below the headline, or a button."""
    return element.tag in ("small", "button") or any(map(is_kicker, (element.get("class") or "").split()))


def is_kicker(name: str) -> bool:
    """True if a class is of an element that stands in a heading beside the headline."""
    return len(name) <= MAX_CLASS_NAME_LENGTH and KICKER.fullmatch(name) is not None


def has_hidden_text(heading: Heading) -> bool:
    """True if a heading's element holds more text than its blocks show."""
    if not len(heading.element) or heading.element.tag not in HEADING_KINDS:
        return False
    whole = str(heading.element.xpath("string()"))
    return "".join(whole.split()) != "".join(heading.text.split())
