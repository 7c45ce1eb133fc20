"""Read the byline of an article from its text where no markup tells it: a line beside the headline, the end of the
text, a box of share links that swallows it."""

from collections.abc import Sequence
from itertools import islice, pairwise

from lxml.etree import Element

from narayacrawl.items import Block
from narayacrawl.language.byline_extras import strip_extras
from narayacrawl.language.credits import (
    clean_name,
    credit_names,
    is_byline_label,
    is_full_name,
    is_newsroom,
    name_in_byline,
    names_inside_line,
    names_of_byline_line,
    split_names,
)
from narayacrawl.language.indonesian import is_place
from narayacrawl.pages.fields.byline_elements import (
    AUTHOR_BOX_LABEL,
    AUTHOR_BOX_TEXT,
    DATE_OR_TIME,
    UNRELATED_REGIONS,
    is_byline,
    is_proven,
    names_of_element,
)
from narayacrawl.pages.fields.page_names import PERSON_ADDRESS, PageNames
from narayacrawl.pages.outline.blocks import SECTION_ADDRESS, FieldElement, PageBlock, fold
from narayacrawl.pages.outline.inline import SENTENCE_END
from narayacrawl.pages.outline.outline import Outline
from narayacrawl.pages.outline.regions import MAX_CLASS_LENGTH

MAX_SHARE_ELEMENTS = 60
MAX_DATE_LINE_LENGTH = 80


def lines_around_headline(outline: Outline, headline_end: int) -> tuple[list[PageBlock], list[PageBlock]]:
    """Return the short lines above and below the headline; none if no heading is the headline."""
    blocks = outline.blocks
    if not headline_end:
        return [], []
    below_headline = blocks[headline_end : headline_end + 6]
    first_sentence = next((i for i, block in enumerate(below_headline) if _is_sentence(block)), len(below_headline))
    # Below the text's first sentence a caption names who took the picture.
    below_headline[first_sentence:] = [b for b in below_headline[first_sentence:] if b.kind != "caption"]
    sides = blocks[max(0, headline_end - 3) : headline_end], below_headline
    above, below = (
        [block for block in side if 0 < len(block.text) <= 200 and may_name_author(block)] for side in sides
    )
    return above, below


def _is_sentence(block: PageBlock) -> bool:
    return block.rule is None and block.kind == "p" and block.text.endswith(SENTENCE_END)


def may_name_author(block: PageBlock) -> bool:
    """True if a line beside the headline may name its author; a caption may not, unless it is a byline laid over the
    picture."""
    return block.rule not in UNRELATED_REGIONS or (block.rule == "caption" and bool(names_of_byline_line(block.text)))


def names_linked_to_profiles(lines: list[PageBlock], page_names: PageNames) -> list[str]:
    """Return the names beside the headline that link to a person's page."""
    names = []
    for href, text in (link for block in lines for link in block.links):
        match = PERSON_ADDRESS.search(href)
        name = clean_name(text) if match and len(text) <= 60 and not AUTHOR_BOX_TEXT.search(text) else None
        if match and name and (is_full_name(name) or fold(name) == fold(match["slug"])):
            names.append(name)
    return page_names.authors_among(names)


def names_in_share_boxes(outline: Outline, headline_end: int, page_names: PageNames) -> list[str]:
    """Return the names of the byline inside a box of share links beside the headline."""
    beside = outline.blocks[max(0, headline_end - 3) : headline_end + 6] if headline_end else []
    for block in beside:
        if block.rule == "share" and not block.text:
            for element in islice(block.element.iter(Element), MAX_SHARE_ELEMENTS):
                names = " ".join(filter(None, map(element.get, ("class", "id"))))
                field_element = FieldElement(element, names[:MAX_CLASS_LENGTH], None, headline_end)
                if is_byline_in_share_box(field_element) and (
                    authors := page_names.authors_among(names_of_element(field_element)[0])
                ):
                    return authors
    return []


def is_byline_in_share_box(field_element: FieldElement) -> bool:
    """True if an element among share links is a byline by its words or by proof of its markup."""
    if is_byline(field_element):
        return is_proven(field_element)
    own_text = field_element.element.text
    line = strip_extras(field_element.text) if own_text and not own_text.isspace() else ""
    return bool(line) and bool(credit_names(line) or names_of_byline_line(line))


def names_after_label(lines: list[PageBlock]) -> list[str]:
    """Return the names of a line that opens with a byline's words (`Oleh Budi • …`), has them inside, or stands below
    them."""
    for index, block in enumerate(lines):
        if (credit := credit_names(block.text)) and credit[0]:
            return credit[0]
        if name := name_in_byline(block.text):
            return split_names(name)
        if names := names_inside_line(block.text):
            return names
        below = lines[index + 1].text if index + 1 < len(lines) else ""
        if is_byline_label(block.text) and is_full_name(below):
            return [below]
    return []


def names_beside_date(lines: list[PageBlock]) -> list[str]:
    """Return the names that stand alone before the date, on one line with it or on the line beside it."""
    for block in lines:
        if name := _name_before_date(block):
            return [name]
    for block, neighbour in [*pairwise(lines), *pairwise(reversed(lines))]:
        names = split_names(block.text)
        beside_date = DATE_OR_TIME.search(neighbour.text) and len(neighbour.text) <= 60 and neighbour.kind == block.kind
        if beside_date and not block.links and all(is_full_name(name) and not is_place(name) for name in names):
            return names
    return []


def _name_before_date(block: PageBlock) -> str | None:
    """Return the person or newsroom that a line names before its date and nothing else; None for any other line."""
    line = block.text
    if len(line) > MAX_DATE_LINE_LENGTH or not DATE_OR_TIME.search(line):
        return None
    shown = strip_extras(line)
    name = clean_name(shown) if shown and line.startswith(shown) and len(shown) < len(line) else None
    if name is None or is_place(name):
        return None
    if any(SECTION_ADDRESS.search(href) and fold(text) in fold(name) for href, text in block.links):
        return None
    is_linked = any(fold(name) in fold(text) for _, text in block.links)
    return name if (is_full_name(name) and not is_linked) or is_newsroom(name) else None


def names_at_end(closing: Sequence[Block]) -> list[str]:
    """Return the names that close a text: `Teks: Budi Santoso`, `(Budi Santoso)`, a name alone in bold or italics."""
    for block in closing:
        line = block.text
        if names := names_of_byline_line(line):
            return names
        if line.startswith("(") and line.endswith(")") and is_full_name(line[1:-1]):
            return [line[1:-1]]
    last = closing[-1] if closing else None
    if last and last.kind == "p" and last.html.startswith(("<strong>", "<em>")) and is_full_name(last.text):
        is_whole = last.html.count("<") == 2 and last.html.endswith(("</strong>", "</em>"))
        return [last.text] if is_whole and not is_place(last.text) else []
    return []


def names_below_label(outline: Outline, headline_end: int) -> list[str]:
    """Return the name below a line like `Tentang Penulis`, in a box that no class marks."""
    for block, below in pairwise(block for block in outline.blocks[headline_end:] if block.text):
        if len(block.text) <= 30 and AUTHOR_BOX_LABEL.fullmatch(block.text) and is_full_name(below.text):
            return [below.text]
    return []
