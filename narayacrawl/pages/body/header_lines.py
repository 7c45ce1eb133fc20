"""Drop the header of an article where no class marks it: what stands above the headline, and the byline and date below
it."""

from collections.abc import Callable
from itertools import takewhile

from narayacrawl.language.credits import name_in_byline
from narayacrawl.language.dates import date_in_line
from narayacrawl.pages.outline.blocks import AUTHOR_ADDRESS, PageBlock
from narayacrawl.pages.outline.inline import SENTENCE_END

# Header lines below the headline: their number, the length of each, and of one that may be only a name.
MAX_HEADER_LINES, MAX_HEADER_LINE_LENGTH, MAX_NAME_LENGTH = 6, 120, 60


def is_header_line(block: PageBlock) -> bool:
    """True if a line says who wrote an article and when, or is nothing but links."""
    return len(block.text) <= MAX_HEADER_LINE_LENGTH and (
        block.linked_chars >= 0.9 * len(block.text)
        or date_in_line(block.text) is not None
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
    while header and not is_header_line(header[-1]):
        header.pop()
    for block in header:
        block.rule = "header"
