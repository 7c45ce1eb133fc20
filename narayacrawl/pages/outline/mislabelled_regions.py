"""Regions that are named wrongly: wrappers of the article that carry the name of one of their parts, such as
`div.right-sidebar` around all of a page.
"""

from collections.abc import Callable

from lxml.etree import XPath
from lxml.etree import _Element as Element

from narayacrawl.pages.outline.blocks import (
    Container,
    PageBlock,
    Region,
    linked_length,
    seen_text,
    text_length,
    text_of,
)
from narayacrawl.pages.outline.regions import role

# No theme names a wrapper after these; comments stand below the headline, however long.
SMALL_PARTS = frozenset({"caption", "meta", "tags", "share", "author", "comments"})
NO_WRAPPER = SMALL_PARTS - {"share"} | {"ad"}
WIDGETS = XPath(
    "(self::aside or descendant-or-self::*[contains(concat(' ', @class, ' '), ' widget ')])"
    " and not(descendant::main or descendant::article"
    " or descendant::*[contains(@class, 'post') or contains(@class, 'entry')])"
)
# A region that holds so many times the text of all the rest is named wrongly.
MOST = 1.5
# Where so much text stands in no region, a closed one is not asked for more.
ENOUGH = 3000
SHORT = 1000


def holds_headline(region: Region, is_headline: Callable[[str], bool]) -> bool:
    """Whether an element named like a region holds the headline and much text: it is a wrapper, named after one of its
    parts, or one that the page forgot to close."""
    if region.rule in SMALL_PARTS or not len(region.element):
        return False
    headings = region.element.iter("h1", "h2")
    return any(h.tag == "h1" or is_headline(text_of(h)) for h in headings) and region.length > SHORT


def first_misnamed(
    blocks: list[PageBlock], regions: list[Region], containers: list[Container], is_headline: Callable[[str], bool]
) -> Element | None:
    """The first region that holds most of the page's text, and so is named wrongly; None where there is none."""
    free = [len(p.text) - p.linked if p.rule is None else 0 for p in blocks]
    outside = sum(free)
    title = next((i for i, p in enumerate(blocks) if p.kind == "h1"), 0)
    enough = outside > ENOUGH
    for region in regions:
        element, rule = region.element, region.rule
        if region.end <= title or rule in NO_WRAPPER:
            continue  # a menu may be longer than the article, but stands above it
        inside = blocks[region.start : region.end]
        others = outside - sum(free[region.start : region.end])
        own, linked = sum(len(p.text) for p in inside), sum(p.linked for p in inside)
        if not own and enough:
            continue
        if not own and region.length > MOST * others:  # it was closed: look inside
            own, linked = len(seen_text(element)), linked_length(element)
        own -= linked
        if own <= MOST * others or own < linked:
            continue
        # Few articles are shorter than what their theme recommends below them.
        if any(p.kind == "h1" or (p.kind == "h2" and is_headline(p.text)) for p in inside) or (
            own + others > SHORT
            and rule not in ("related", "popup")
            and not holds_widgets(element)
            and not stands_beside_text(region, title, containers)
        ):
            return element
    return None


def holds_widgets(element: Element) -> bool:
    """Whether a region is made of WordPress' widgets, without a post among them: the sidebar that it is called, however
    long."""
    return WIDGETS(element) is True


def stands_beside_text(region: Region, title: int, containers: list[Container]) -> bool:
    """Whether the article's text is outside of a region: below the title, in an element named like a body, and longer
    than what the region has in such."""
    named = (c for c in containers if c.body and title < c.start and not region.start <= c.start < region.end)
    inside = (e for e in region.element.iter("div", "section") if role("div", e.get("class") or "").body)
    outside = max((text_length(c.element) for c in named), default=0)
    return outside > max(map(text_length, inside), default=0)
