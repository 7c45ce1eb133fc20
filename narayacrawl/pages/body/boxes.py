"""Drop what stands in boxes of its own beside the text, told by where and how it stands: lines of buttons, what goes
with a form, a line that is repeated, and what ends the text without anything after it."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Final

from lxml.etree import _Element as Element

from narayacrawl.pages.body.container import running_text_length
from narayacrawl.pages.outline.blocks import PageBlock, is_shorter_than
from narayacrawl.pages.outline.tags import SUBHEADING_KINDS
from narayacrawl.urls import absolute, same_site

TEXT_TAGS: Final = frozenset(
    {"p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "table", "figure", "pre"}
)
INNER_TAGS: Final = frozenset({"li", "ul", "ol", "blockquote"})
CONTENT_KINDS: Final = frozenset({"table", "blockquote"})
FORM_TAGS: Final = ("form", "input", "select", "textarea", "label")
MIN_TEXT_SHARE: Final = 0.6
"""The share of the running text that must stand side by side: else nothing is beside it."""
MAX_BOX_SHARE, MAX_CARD_SHARE = 0.2, 0.3
"""The share of the running text that boxes with forms may have, and a card below the text."""
MAX_LINE_LENGTH, MAX_LABEL_LENGTH, MAX_BOX_LENGTH = 120, 80, 5000
MIN_REPEATED_LENGTH, MIN_TIMES, MIN_ITEMS, MIN_CARD_BLOCKS = 15, 3, 3, 3
MAX_NOTE_LENGTH, MAX_CALL_LENGTH, MAX_CALL_BLOCKS = 200, 320, 4
SUPPORT_ADDRESS: Final = re.compile(
    r"^[^?#]*/(?:(?:newsletter|subscri|abonn|berlangganan|langganan|unterst(?:ue|ü)tz|mitglied|member|support-us|dukung-kami)"
    r"[\w-]{0,25}|donat(?:e|ion)s?|donasi|dukung|spenden?|soutenir|support|abo|stellenanzeigen|jobs|lowongan|karir"
    r"|community)/?(?:[?#]|$)",
    re.IGNORECASE,
)
SUPPORT_HOST: Final = re.compile(
    r"//(?:www\.)?(?:steadyhq|patreon|paypal|ko-fi|trakteer|saweria|buymeacoffee|liberapay)\.", re.IGNORECASE
)
"""Where portals ask for money, members, readers and staff of their own."""
COUNT: Final = re.compile(r"\([^()]{0,40}\d[^()]{0,40}\)")
SENTENCE_MARKS: Final = tuple('.!…。！”"»)')


@dataclass(slots=True)
class _Text:
    """Where the text of a body stands: the element whose children are its paragraphs, those around it, and the index of
    its last block of running text."""

    parent: Element
    around: frozenset[Element]
    last: int

    def box_of(self, block: PageBlock) -> Element | None:
        """Return the outermost element around a block that does not hold the text, too; None for one of the text's own
        paragraphs, lists and headings."""
        box = block.element
        if box in self.around:
            return None
        while (parent := box.getparent()) is not None and parent not in self.around:
            box = parent
        return None if box.tag in TEXT_TAGS and parent is self.parent else box


def drop_boxes(blocks: list[PageBlock], url: str) -> None:
    """Drop what stands in boxes beside the text of a body, and what is left dangling at its end."""
    text = _find_text(blocks)
    if text is not None:
        foreign = [
            (i, block, box)
            for i, block in enumerate(blocks)
            if block.rule is None and block.text and (box := text.box_of(block)) is not None
        ]
        _drop_cards_below([(block, box) for i, block, box in foreign if i > text.last], blocks)
        # A box with a list of its own, as a recipe or a table of facts has, is content.
        items = Counter(box for _, block, box in foreign if block.kind in ("ul", "ol") and not block.links)
        foreign = [(i, block, box) for i, block, box in foreign if items[box] < MIN_ITEMS]
        _drop_repeated([block for _, block, _ in foreign])
        _drop_forms([(block, box) for _, block, box in foreign], blocks)
        _drop_buttons([(block, box) for i, block, box in foreign if i > text.last])
        if blocks[text.last].element.tag == "p":
            _drop_note(blocks[text.last + 1 :], text)
    _drop_calls(blocks, url)
    _drop_dangling(blocks)


def _find_text(blocks: list[PageBlock]) -> _Text | None:
    """Return where most of the running text stands side by side; None if it does not."""
    lengths: Counter[Element] = Counter()
    total = 0
    for block in blocks:
        if (length := running_text_length(block)) and (parent := _outer(block)) is not None:
            lengths[parent] += length
            total += length
    if not lengths:
        return None
    parent, length = lengths.most_common(1)[0]
    if length < MIN_TEXT_SHARE * total:
        return None
    last = max(i for i, block in enumerate(blocks) if running_text_length(block) and _outer(block) is parent)
    return _Text(parent, frozenset({parent, *parent.iterancestors()}), last)


def _outer(block: PageBlock) -> Element | None:
    """Return the element that a paragraph, or the list or quotation around it, stands in."""
    parent = block.element.getparent() if block.element.tag in TEXT_TAGS or block.element.tag == "li" else block.element
    while parent is not None and parent.tag in INNER_TAGS:
        parent = parent.getparent()
    return parent


def _drop_repeated(foreign: Sequence[PageBlock]) -> None:
    """Drop a line that stands in boxes again and again: the words around an advertisement."""
    times = Counter(block.text for block in foreign if MIN_REPEATED_LENGTH <= len(block.text) <= MAX_LINE_LENGTH)
    for block in foreign:
        if times[block.text] >= MIN_TIMES:
            block.rule = "box"


def _drop_forms(foreign: Sequence[tuple[PageBlock, Element]], blocks: list[PageBlock]) -> None:
    """Drop the small boxes that hold a form or a part of one: an invitation, a wall, a consent."""
    boxes = {
        box
        for box in {box for _, box in foreign}
        if is_shorter_than(box, MAX_BOX_LENGTH) and (box.tag == "label" or next(box.iter(*FORM_TAGS), None) is not None)
    }
    if not boxes:
        return
    inside = [block for block, box in foreign if box in boxes]
    if sum(map(running_text_length, inside)) <= MAX_BOX_SHARE * sum(map(running_text_length, blocks)):
        for block in inside:
            block.rule = block.rule or "box"


def _drop_cards_below(foreign: Sequence[tuple[PageBlock, Element]], blocks: list[PageBlock]) -> None:
    """Drop the box below the text that opens with a label in no paragraph and no heading, as cards do, with all that
    stands in it: a small one, and the only one of its class."""

    @cache
    def classes_in(parent: Element | None) -> Counter[str | None]:
        return Counter(child.get("class") for child in parent) if parent is not None else Counter()

    most = MAX_CARD_SHARE * sum(map(running_text_length, blocks)) if foreign else 0
    for box, group in groupby(foreign, key=lambda pair: pair[1]):
        inside = [block for block, _ in group]
        label = inside[0]
        if (
            len(inside) >= MIN_CARD_BLOCKS
            and box.get("class")
            and label.element.tag not in TEXT_TAGS | {"li"}
            and len(label.text) <= MAX_LABEL_LENGTH
            and not label.text.endswith(SENTENCE_MARKS)
            and classes_in(box.getparent())[box.get("class")] == 1
            and sum(map(running_text_length, inside)) <= most
        ):
            for block in inside:
                block.rule = "box"


def _drop_buttons(foreign: Sequence[tuple[PageBlock, Element]]) -> None:
    """Drop the boxes below the text that have short lines alone: buttons, counts, votes. One with a sentence, a table,
    a definition or an item without a link is content."""
    for _, group in groupby((pair for pair in foreign if pair[0].rule is None), key=lambda pair: pair[1]):
        inside = [block for block, _ in group]
        if all(map(_may_be_button, inside)):
            for block in inside:
                block.rule = "box"


def _may_be_button(block: PageBlock) -> bool:
    """True if a line is short and no sentence, fact or item."""
    return (
        len(block.text) <= MAX_LINE_LENGTH
        and (not block.text.endswith(SENTENCE_MARKS) or COUNT.fullmatch(block.text) is not None)
        and block.kind not in CONTENT_KINDS
        and block.element.tag not in ("dt", "dd")
        and (bool(block.links) or block.kind not in ("ul", "ol"))
    )


def _drop_note(below: Sequence[PageBlock], text: _Text) -> None:
    """Drop the theme's note below the text: alone, parted from it by another element, in one with a class and not in a
    paragraph."""
    notes = [block for block in below if block.rule is None and block.text]
    box = text.box_of(notes[0]) if len(notes) == 1 else None
    if box is None or len(notes[0].text) > MAX_NOTE_LENGTH:
        return
    element, above = notes[0].element, box.getprevious()
    is_themes = element.tag == "div" and element.get("class") and element.get("dir") is None
    if is_themes and above is not None and above.tag not in TEXT_TAGS:
        notes[0].rule = "box"


def _drop_calls(blocks: list[PageBlock], url: str) -> None:
    """Drop the paragraphs that end a text by asking for support, membership or work at the portal: the last with its
    link, those above it by the style that the text does not have."""
    lines = [block for block in blocks if block.rule is None and block.text]
    while lines and _is_ruling(lines[-1].text):
        lines.pop()
    if len(lines) <= MAX_CALL_BLOCKS or not _is_call(lines[-1], url):
        return
    style = lines[-1].element.get("class")
    for count, block in enumerate(reversed(lines)):
        if count and (count == MAX_CALL_BLOCKS or not style or block.element.get("class") != style):
            return
        block.rule = "blurb"


def _is_ruling(text: str) -> bool:
    """True if a line is drawn of signs: it parts what stands above from what stands below."""
    return not text.strip(" *+-–—_~∼•·=#")


def _is_call(block: PageBlock, url: str) -> bool:
    """True if a short paragraph leads to where the portal asks for something."""
    return len(block.text) <= MAX_CALL_LENGTH and any(
        SUPPORT_HOST.search(href) or (SUPPORT_ADDRESS.search(href) and same_site(absolute(href, url) or "", url))
        for href, _ in block.links
    )


def _drop_dangling(blocks: list[PageBlock]) -> None:
    """Drop the headings and the lines with a colon that end a body: what they announce was left out."""
    has_text = any(map(running_text_length, blocks))
    for block in reversed(blocks):
        if block.rule is not None or not has_text:
            continue
        if block.kind == "image":
            return
        if block.text:
            is_heading = block.kind in SUBHEADING_KINDS and not block.text.endswith(SENTENCE_MARKS)
            is_dangling = is_heading or block.text.endswith(":") or _is_ruling(block.text)
            if len(block.text) > MAX_LABEL_LENGTH or not is_dangling:
                return
            block.rule = "related"
