"""The header of an article where no name tells it: what comes before the title, the byline and date below it."""

from collections.abc import Callable
from itertools import takewhile

from narayacrawl.language.credits import byline_text
from narayacrawl.language.dates import dated_part
from narayacrawl.pages.outline.blocks import AUTHOR_ADDRESS, Piece
from narayacrawl.pages.outline.inline import SENTENCE_END

# The lines of a header below the title: how many, how long each, and how long one that is but a name.
HEADER_LINES, HEADER_LENGTH, NAME_LENGTH = 6, 120, 60


def is_header_line(piece: Piece) -> bool:
    """Whether a line tells who wrote an article and when, or is nothing but links."""
    return len(piece.text) <= HEADER_LENGTH and (
        piece.linked >= 0.9 * len(piece.text)
        or dated_part(piece.text) is not None
        or any(AUTHOR_ADDRESS.search(href) for href, _ in piece.links)
        or byline_text(piece.text) is not None
    )


def drop_header(pieces: list[Piece], is_title: Callable[[Piece], bool], weight: Callable[[Piece], int]) -> None:
    """Drop the article's header where it stands inside the body's container: what comes before the title, and the
    byline, date and links right after it."""
    titles = [i for i, piece in enumerate(pieces) if piece.text and is_title(piece)]
    if not titles:
        return
    above = [piece for piece in pieces[: titles[0]] if weight(piece)]
    if sum(map(weight, above)) > HEADER_LENGTH or any(piece.text.endswith(SENTENCE_END) for piece in above):
        return
    for piece in pieces[: titles[0]]:
        if piece.kind != "image":
            piece.rule = piece.rule or "header"
    below = [p for p in pieces[titles[0] + 1 :] if p.text and p.rule is None and p.kind != "caption"][:HEADER_LINES]
    header = [
        *takewhile(lambda p: len(p.text) <= NAME_LENGTH or (len(p.text) <= HEADER_LENGTH and is_header_line(p)), below)
    ]
    while header and not is_header_line(header[-1]):
        header.pop()
    for piece in header:
        piece.rule = "header"
