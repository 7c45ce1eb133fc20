"""The header of an article where no name tells it: what comes before the title, the byline and date below it."""

from collections.abc import Callable
from itertools import takewhile

from narayacrawl.language.credits import byline_text
from narayacrawl.language.dates import dated_part
from narayacrawl.pages.outline.blocks import AUTHOR_ADDRESS, PageBlock
from narayacrawl.pages.outline.inline import SENTENCE_END

# The lines of a header below the title: how many, how long each, and how long one that is but a name.
HEADER_LINES, HEADER_LENGTH, NAME_LENGTH = 6, 120, 60


def is_header_line(block: PageBlock) -> bool:
    """Whether a line tells who wrote an article and when, or is nothing but links."""
    return len(block.text) <= HEADER_LENGTH and (
        block.linked >= 0.9 * len(block.text)
        or dated_part(block.text) is not None
        or any(AUTHOR_ADDRESS.search(href) for href, _ in block.links)
        or byline_text(block.text) is not None
    )


def drop_header(
    blocks: list[PageBlock], is_title: Callable[[PageBlock], bool], weight: Callable[[PageBlock], int]
) -> None:
    """Drop the article's header where it stands inside the body's container: what comes before the title, and the
    byline, date and links right after it."""
    titles = [i for i, block in enumerate(blocks) if block.text and is_title(block)]
    if not titles:
        return
    above = [block for block in blocks[: titles[0]] if weight(block)]
    if sum(map(weight, above)) > HEADER_LENGTH or any(block.text.endswith(SENTENCE_END) for block in above):
        return
    for block in blocks[: titles[0]]:
        if block.kind != "image":
            block.rule = block.rule or "header"
    below = [p for p in blocks[titles[0] + 1 :] if p.text and p.rule is None and p.kind != "caption"][:HEADER_LINES]
    header = [
        *takewhile(lambda p: len(p.text) <= NAME_LENGTH or (len(p.text) <= HEADER_LENGTH and is_header_line(p)), below)
    ]
    while header and not is_header_line(header[-1]):
        header.pop()
    for block in header:
        block.rule = "header"
