"""Drop the header of an article where no class marks it: what stands above the headline, and the byline and date below
it."""

import re
from collections.abc import Callable
from itertools import takewhile

from narayacrawl.language.credits import is_full_name, name_in_byline
from narayacrawl.language.dates import date_in_line
from narayacrawl.language.picture_credits import is_by_name
from narayacrawl.pages.fields.images import stands_with_picture
from narayacrawl.pages.outline.blocks import AUTHOR_ADDRESS, PageBlock
from narayacrawl.pages.outline.inline import SENTENCE_END

# `Sari Wulandari - Kabar Muara`, `Sari Wulandari | Wartawan`.
NAME_END = re.compile(r"\s[-–—|]\s|,")
HANDLE = re.compile(r"(?:^|\s)@\w{2,}")
# Header lines below the headline: their number, the length of each, and of one that may be only a name.
MAX_HEADER_LINES, MAX_HEADER_LINE_LENGTH, MAX_NAME_LENGTH = 6, 120, 60
MIN_SENTENCE_LENGTH = 30
# Lines that open a text: its byline may follow a lead and the caption of a picture.
MAX_OPENING_LINES = 3


def is_header_line(block: PageBlock) -> bool:
    """True if a line says who wrote an article and when, or is nothing but links."""
    return len(block.text) <= MAX_HEADER_LINE_LENGTH and (
        block.linked_chars >= 0.9 * len(block.text) or tells_author_or_date(block)
    )


def tells_author_or_date(block: PageBlock) -> bool:
    """True if a line says who wrote an article or when."""
    return len(block.text) <= MAX_HEADER_LINE_LENGTH and (
        date_in_line(block.text) is not None
        or any(AUTHOR_ADDRESS.search(href) for href, _ in block.links)
        or name_in_byline(block.text) is not None
    )


def may_be_header_line(block: PageBlock) -> bool:
    """True if a line below the headline is short enough for a name, or a header line."""
    return len(block.text) <= MAX_NAME_LENGTH or is_header_line(block)


def drop_header(
    blocks: list[PageBlock], is_headline: Callable[[PageBlock], bool], text_length: Callable[[PageBlock], int]
) -> None:
    """Drop the article's header inside the body's container: what stands above the headline, and the byline, date and
    links directly below it."""
    headlines = [i for i, block in enumerate(blocks) if block.text and is_headline(block)]
    if not headlines:
        _drop_opening_byline(blocks)
        return
    above = [block for block in blocks[: headlines[0]] if text_length(block)]
    has_sentence = any(block.text.endswith(SENTENCE_END) for block in above)
    if has_sentence or sum(map(text_length, above)) > MAX_HEADER_LINE_LENGTH:
        return
    for block in blocks[: headlines[0]]:
        if block.kind != "image":
            block.rule = block.rule or "header"
    following = blocks[headlines[0] + 1 :]
    below = [block for block in following if block.text and block.rule is None and block.kind != "caption"]
    header = [*takewhile(may_be_header_line, below[:MAX_HEADER_LINES])]
    if not header:
        header = _byline_below_standfirst(below)
    elif _is_sentence(header[0]):
        del header[0]  # a standfirst
    while header and not is_header_line(header[-1]):
        header.pop()
    for block in header:
        block.rule = "header"


def _is_sentence(block: PageBlock) -> bool:
    is_long = len(block.text) >= MIN_SENTENCE_LENGTH and block.text.endswith(SENTENCE_END)
    return is_long and not is_header_line(block)


def _byline_below_standfirst(lines: list[PageBlock]) -> list[PageBlock]:
    """Return the lines that tell author and date below the first one, a standfirst; [] if they do not tell both."""
    byline = [*takewhile(lambda block: len(block.text) <= MAX_NAME_LENGTH, lines[1:MAX_HEADER_LINES])]
    while byline and date_in_line(byline[-1].text) is None:
        byline.pop()
    names_author = any(
        name_in_byline(block.text)
        or is_full_name(NAME_END.split(block.text, maxsplit=1)[0])
        or any(AUTHOR_ADDRESS.search(href) for href, _ in block.links)
        for block in byline
    )
    return byline if names_author else []


def _drop_opening_byline(blocks: list[PageBlock]) -> None:
    """Drop the byline that opens the text inside its own element: a line of nothing but names after `Oleh`, or one that
    names somebody and tells a date, or a handle to follow. One in a picture's element, or below a picture that follows
    a sentence, is that picture's credit."""
    has_text = after_picture = False
    lines = 0
    for block in blocks:
        if lines == MAX_OPENING_LINES:
            break
        if block.kind in ("image", "caption"):
            after_picture = block.kind == "image"
        elif block.text and block.rule is None:
            has_more = lines == 0 and (HANDLE.search(block.text) or date_in_line(block.text)) is not None
            if _is_byline(block, has_more=has_more) and not (has_text and after_picture):
                block.rule = "header"
            has_text = has_text or (block.kind == "p" and block.text.endswith(SENTENCE_END))
            after_picture = False
            lines += 1


def _is_byline(block: PageBlock, *, has_more: bool) -> bool:
    """True if a line of the text is a byline, of names and more if it `has_more`, in no picture's element."""
    if block.kind != "p" or len(block.text) > MAX_HEADER_LINE_LENGTH:
        return False
    is_named = is_by_name(block.text) or (has_more and name_in_byline(block.text))
    return bool(is_named) and not stands_with_picture(block)
