"""Find mislabelled regions: wrappers of the article that carry the name of one of their parts, such as
`div.right-sidebar` around the whole page."""

from collections.abc import Callable

from lxml.etree import XPath
from lxml.etree import _Element as Element

from narayacrawl.pages.outline.blocks import (
    Container,
    PageBlock,
    Region,
    text_length,
    text_of,
    visible_text,
)
from narayacrawl.pages.outline.continued_text import MIN_PARAGRAPHS, text_in
from narayacrawl.pages.outline.regions import classify

# No theme names a wrapper after these; comments stand below the headline, however long.
SMALL_PARTS = frozenset({"caption", "meta", "tags", "share", "author", "comments"})
NEVER_WRAPPERS = SMALL_PARTS - {"share"} | {"ad"}
IS_WIDGET_AREA = XPath(
    "(self::aside or descendant-or-self::*[contains(concat(' ', @class, ' '), ' widget ')])"
    " and not(descendant::main or descendant::article"
    " or descendant::*[contains(@class, 'post') or contains(@class, 'entry')])"
)
# A region with this many times the text of the rest of the page is mislabelled.
MIN_TEXT_RATIO = 1.5
# With this much text outside regions, the text of skipped regions is not measured.
MIN_OUTSIDE_LENGTH = 3000
SHORT_REGION_LENGTH = 1000


def contains_headline(region: Region, is_headline: Callable[[str], bool]) -> bool:
    """True if a region holds the headline and much text, or, named after its share links, the headline and a body: it
    is a wrapper named after one of its parts, or an element that the page forgot to close."""
    if region.rule == "share":
        return holds_headline(region) and any(
            classify("div", element.get("class") or "").is_body for element in region.element.iter("div", "section")
        )
    if region.rule in SMALL_PARTS or not len(region.element):
        return False
    headings = region.element.iter("h1", "h2")
    return any(h.tag == "h1" or is_headline(text_of(h)) for h in headings) and region.length > SHORT_REGION_LENGTH


def holds_headline(region: Region) -> bool:
    """True if a region holds an `h1`."""
    return next(region.element.iter("h1"), None) is not None


def find_mislabelled_region(
    blocks: list[PageBlock], regions: list[Region], containers: list[Container], is_headline: Callable[[str], bool]
) -> Region | None:
    """Return the first region that holds most of the page's text, and so is mislabelled; None if there is none."""
    unruled_chars = [len(block.text) - block.linked_chars if block.rule is None else 0 for block in blocks]
    outside = sum(unruled_chars)
    headline = next((i for i, block in enumerate(blocks) if block.kind == "h1"), 0)
    has_enough_outside = outside > MIN_OUTSIDE_LENGTH
    for region in regions:
        element, rule = region.element, region.rule
        if region.end <= headline or rule in NEVER_WRAPPERS:
            continue  # a menu may be longer than the article, but stands above it
        inside = blocks[region.start : region.end]
        elsewhere = outside - sum(unruled_chars[region.start : region.end])
        unlinked, linked = sum(len(block.text) for block in inside), sum(block.linked_chars for block in inside)
        if not unlinked and has_enough_outside:
            continue
        if not unlinked and region.length > MIN_TEXT_RATIO * elsewhere:  # a skipped region: measure its element
            unlinked, linked = len(visible_text(element)), sum(len(visible_text(a)) for a in element.iter("a"))
        unlinked -= linked
        if unlinked <= MIN_TEXT_RATIO * elsewhere or unlinked < linked:
            continue
        # Few articles are shorter than the related links below them.
        if any(block.kind == "h1" or (block.kind == "h2" and is_headline(block.text)) for block in inside) or (
            unlinked + elsewhere > SHORT_REGION_LENGTH
            and rule != "popup"
            and (reads_like_article(region, elsewhere) or (rule != "related" and not is_widget_area(element)))
            and not stands_beside_text(region, headline, containers)
        ):
            return region
    return None


def reads_like_article(region: Region, elsewhere: int) -> bool:
    """True if a region has several paragraphs of running sentences, and in them most of the page's text; `elsewhere`
    are the characters outside it."""
    text = text_in(region)
    return text is not None and text.paragraphs >= MIN_PARAGRAPHS and text.length > MIN_TEXT_RATIO * elsewhere


def is_widget_area(element: Element) -> bool:
    """True if a region consists of WordPress widgets without a post among them: a real sidebar, however long."""
    return IS_WIDGET_AREA(element) is True


def stands_beside_text(region: Region, headline: int, containers: list[Container]) -> bool:
    """True if the article's text is outside a region: below the headline, in a container with a body's name, and longer
    than any such container inside the region."""
    bodies = (
        body
        for body in containers
        if body.is_body and headline < body.start and not region.start <= body.start < region.end
    )
    inside = (
        element
        for element in region.element.iter("div", "section")
        if classify("div", element.get("class") or "").is_body
    )
    outside = max((text_length(body.element) for body in bodies), default=0)
    return outside > max(map(text_length, inside), default=0)
