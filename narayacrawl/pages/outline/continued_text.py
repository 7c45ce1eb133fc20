"""Find the regions that hold a part of the article's own text: a box that the page forgot to close, the rows of a page
builder that are called widgets.

A name says what a region is for, not what stands in it. What reads like the article (several paragraphs of running
sentences, side by side, where the article stands, and no small part of it) ends the region.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from lxml.etree import _Element as Element

from narayacrawl.pages.outline.blocks import Container, PageBlock, Region, is_shorter_than, linked_length, text_of
from narayacrawl.pages.outline.inline import SENTENCE_END
from narayacrawl.pages.outline.tags import ARTICLE_TAGS

OTHER_VOICES: Final = frozenset({"comments", "author", "tags"})
"""Regions whose sentences are others': readers', the author's own story."""
OWN_TERMS: Final = frozenset({"hidden", "popup", "footer"})
"""Regions that may hold the site's terms at length: only what stands below their forms and buttons is another text."""
SPEECHLESS: Final = frozenset({"ad", "share", "embed", "navigation", "sidebar"})
"""Regions that hold no sentences of their own."""
MIN_PARAGRAPH_LENGTH: Final = 60
MAX_PARAGRAPH_LENGTH: Final = 20_000
MIN_LENGTH: Final = 200
MIN_SHARE: Final = 0.15
"""The share of all running text that a region must hold to be a part of it."""
MIN_PARAGRAPHS, MIN_SHARE_OF_FEW = 3, 0.35
"""Fewer paragraphs must be this share of it, if the region may have such of its own."""
MAX_PARAGRAPHS: Final = 400
OWN_TAGS: Final = frozenset({"form", "input", "button", "select", "textarea"})
BUTTON_REGIONS: Final = frozenset({"promo", "newsletter"})
"""Regions whose own link, beside their paragraphs, is their button."""
LIST_TAGS: Final = frozenset({"ul", "ol", "table", "nav", "aside", "footer", "article", "iframe"})


class ContinuedText(NamedTuple):
    """A region's part that is the article's text."""

    region: Region
    first: Element
    """The paragraph that begins it."""
    length: int
    paragraphs: int
    is_below_own: bool
    """True if a form, buttons or a list stand above it: what the region is for."""


def find_continued_text(
    blocks: Sequence[PageBlock], regions: Sequence[Region], containers: Sequence[Container]
) -> list[ContinuedText]:
    """Return the parts of regions that are the article's text, in order."""
    candidates = [
        region
        for region in regions
        if region.rule not in OTHER_VOICES
        and next(region.element.iter("p"), None) is not None
        and region.length >= MIN_PARAGRAPH_LENGTH
    ]
    outside = [block for block in blocks if block.rule is None and _is_running(block)] if candidates else []
    length_outside = sum(len(block.text) for block in outside)
    lengths: Counter[tuple[str, str]] = Counter()
    for region in candidates:
        lengths[_names(region)] += region.length
    enough = max(MIN_LENGTH, MIN_SHARE * length_outside)
    candidates = [region for region in candidates if lengths[_names(region)] >= enough]
    if not candidates:
        return []
    text_parents = {block.element.getparent() for block in outside}
    beside = _TextBeside(text_parents)
    first_text = blocks.index(outside[0]) if outside else 0
    headline = next((i for i, block in enumerate(blocks) if block.kind == "h1"), 0)
    articles = {c.element for c in containers if c.is_body or c.is_post or c.element.tag in ARTICLE_TAGS}
    bodies = {c.element for c in containers if c.is_body}
    groups: dict[tuple[str, str], list[ContinuedText]] = {}
    for region in candidates:
        parent = region.element.getparent()
        around = {*region.element.iterancestors()}
        in_body = not bodies.isdisjoint(around) or (
            length_outside < MIN_LENGTH and region.start > headline and not articles.isdisjoint(around)
        )
        if not in_body and (region.start < first_text or parent not in text_parents):
            continue
        part = None if beside.goes_on_after(region.element) else text_in(region)
        if part and (part.is_below_own or region.rule not in OWN_TERMS):
            groups.setdefault(_names(region) if in_body else (region.rule, str(region.start)), []).append(part)
    found = [part for parts in groups.values() if _are_part_of_text(parts, length_outside) for part in parts]
    return sorted(found, key=lambda part: part.region.start)


def _names(region: Region) -> tuple[str, str]:
    """Return what regions of one kind share: their rule and class."""
    return region.rule, region.element.get("class") or ""


def _are_part_of_text(parts: list[ContinuedText], length_outside: int) -> bool:
    """True if the running text in regions of one name is no small part of all."""
    length, paragraphs = sum(part.length for part in parts), sum(part.paragraphs for part in parts)
    is_certain = all(part.is_below_own or part.region.rule in SPEECHLESS for part in parts) and paragraphs > 1
    min_share = MIN_SHARE if is_certain or paragraphs >= MIN_PARAGRAPHS else MIN_SHARE_OF_FEW
    return length >= MIN_LENGTH and length >= min_share * (length + length_outside)


def _is_running(block: PageBlock) -> bool:
    """True if a block is a paragraph of running sentences."""
    return (
        block.kind in ("p", "blockquote")
        and len(block.text) - block.linked_chars >= MIN_PARAGRAPH_LENGTH
        and 2 * block.linked_chars < len(block.text)
        and block.text.endswith(SENTENCE_END)
    )


class _TextBeside:
    """Tells whether the article's text goes on beside a region after it: such a region was closed. The children of an
    element are looked at once, however many regions stand among them."""

    def __init__(self, text_parents: set[Element | None]) -> None:
        self.text_parents = text_parents
        self._before_text: dict[Element, set[Element]] = {}

    def goes_on_after(self, element: Element) -> bool:
        """True if a paragraph of running sentences stands after an element in the same one."""
        parent = element.getparent()
        if parent is None or parent not in self.text_parents:
            return False
        if parent not in self._before_text:
            last = next(filter(_is_paragraph, parent.iterchildren("p", reversed=True)), None)
            before = [] if last is None else [*last.itersiblings(preceding=True)]
            self._before_text[parent] = set(before)
        return element in self._before_text[parent]


def text_in(region: Region) -> ContinuedText | None:
    """Return the part of a region that reads like the article: from the first of its paragraphs below its own list,
    form or buttons; None if there is none, or where each paragraph has a box of its own, as in a list of cards."""
    first: Element | None = None
    length = paragraphs = 0
    boxes: set[Element | None] = set()
    is_below_own = False
    for element in _elements(region.element, has_button=region.rule in BUTTON_REGIONS):
        if element.tag != "p":
            if paragraphs < (MIN_PARAGRAPHS if element.tag in OWN_TAGS else 2):  # what stands above is its own
                first, length, paragraphs, is_below_own = None, 0, 0, True
                boxes.clear()
        elif _is_paragraph(element):
            first = element if first is None else first
            length += len(text_of(element))
            paragraphs += 1
            boxes.add(element.getparent())
            if paragraphs == MAX_PARAGRAPHS:
                break
    if first is None or 1 < paragraphs == len(boxes):
        return None
    return ContinuedText(region, first, length, paragraphs, is_below_own)


def _elements(region: Element, *, has_button: bool) -> Iterator[Element]:
    """Yield the paragraphs of a region that stand in no list, and what else tells its own content: with `has_button`, a
    link on its own in the region, too."""
    for element in region.iter("p", "a", *OWN_TAGS, *LIST_TAGS):
        if element is region or (element.tag == "a" and not (has_button and element.getparent() is region)):
            continue
        if element.tag == "p" and any(outer.tag in LIST_TAGS for outer in _up_to(element, region)):
            continue
        yield element


def _up_to(element: Element, end: Element) -> Iterator[Element]:
    """Yield the elements around one, up to `end`."""
    for outer in element.iterancestors():
        if outer is end:
            return
        yield outer


def _is_paragraph(element: Element) -> bool:
    """True if an element is a paragraph of running sentences."""
    if is_shorter_than(element, MIN_PARAGRAPH_LENGTH) or not is_shorter_than(element, MAX_PARAGRAPH_LENGTH):
        return False
    text = text_of(element)
    return len(text) >= MIN_PARAGRAPH_LENGTH and text.endswith(SENTENCE_END) and 3 * linked_length(element) < len(text)
