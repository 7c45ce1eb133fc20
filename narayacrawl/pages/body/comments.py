"""Find where readers' comments begin if no class says so: by the heading that repeats the article's title, and by the
links that each comment has to itself."""

import re
from typing import Final
from urllib.parse import urlsplit

from narayacrawl.pages.outline.blocks import PageBlock, fold
from narayacrawl.pages.outline.tags import SUBHEADING_KINDS

COMMENT_ADDRESS: Final = re.compile(r"#comment-\d+$|[?&]replytocom=\d")
"""WordPress' own, in any theme (get_comment_link, get_comment_reply_link)."""
CLOSING_QUOTES: Final = tuple("”\"“»'’")
MIN_TITLE_LETTERS: Final = 12
MAX_AROUND_TITLE: Final = 60
"""What a heading says beside the title, at most: `3 thoughts on “…”`."""


def find_comments(blocks: list[PageBlock], url: str, title: str, first: int) -> int:
    """Return the index of the block, from `first` on, with which the comments begin; the number of blocks if there are
    none."""
    letters, path = fold(title), urlsplit(url).path.rstrip("/")
    for position in range(first, len(blocks)):
        block = blocks[position]
        if block.kind in SUBHEADING_KINDS:
            if _counts_comments(block, letters):
                return position
        elif block.links and any(_leads_to_comment(href, path) for href, _ in block.links):
            return _first_of_list(blocks, position, first)
    return len(blocks)


def _counts_comments(block: PageBlock, title: str) -> bool:
    """True if a heading has the title in quotes and a number, as WordPress writes it in every language."""
    text = block.text
    is_quoted = len(title) >= MIN_TITLE_LETTERS and text.endswith(CLOSING_QUOTES)
    if not is_quoted or not any(character.isdigit() for character in text):
        return False
    own = fold(text)
    return title in own and 0 < len(own) - len(title) <= MAX_AROUND_TITLE


def _leads_to_comment(href: str, path: str) -> bool:
    """True if a link leads to one comment on this article."""
    if "comment" not in href and "replytocom" not in href:
        return False
    page = urlsplit(href).path
    return (not page or page.rstrip("/").startswith(path)) and COMMENT_ADDRESS.search(href) is not None


def _first_of_list(blocks: list[PageBlock], position: int, first: int) -> int:
    """Return the index of the first block of the list that a comment stands in, with its heading; of one that stands in
    no list, of the short line above it."""
    lists = [*blocks[position].element.iterancestors("ol", "ul")]
    while position > first and (
        lists[-1] in blocks[position - 1].element.iterancestors() if lists else not blocks[position - 1].text
    ):
        position -= 1
    above = blocks[position - 1] if position > first else None
    if above is not None and (above.kind in SUBHEADING_KINDS if lists else len(above.text) <= MAX_AROUND_TITLE):
        position -= 1
    return position
