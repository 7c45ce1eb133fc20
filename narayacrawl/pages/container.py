"""Which element of a page holds the article's text: by its name where that is believable, else by where the text is."""

from itertools import accumulate

from lxml.etree import _Element as Element

from narayacrawl.pages.header import is_header_line
from narayacrawl.pages.outline import Outline
from narayacrawl.pages.pieces import Container, Piece, text_of

# How much of the page's text a container named like a body must hold to be believed, and how much is enough anyway.
NAMED_SHARE, NAMED_ENOUGH = 0.35, 400
# The share of the text that the body holds, where its container has no name.
MOST = 0.8
CARD_TAGS = frozenset({"article", "div", "li", "section"})
CAPTION_LENGTH = 300


def weight(piece: Piece) -> int:
    """How much a piece speaks for its container: the text outside links of a paragraph, not of a label."""
    if piece.rule is not None or piece.kind in ("caption", "h1"):
        return 0
    own = len(piece.text) - piece.linked
    return own if own >= 25 else 0


def text_weight(piece: Piece) -> int:
    """The weight of a piece that is neither header nor caption nor another article's card, whatever they are called."""
    own = weight(piece)
    return 0 if own and (is_header_line(piece) or is_caption(piece) or in_list_of_links(piece.element)) else own


def is_caption(piece: Piece) -> bool:
    """Whether a line is all the text of the box that it shares with a picture: a caption that nothing calls one."""
    box = piece.element.getparent()
    return (
        box is not None
        and len(piece.text) <= CAPTION_LENGTH
        and next(box.iter("img"), None) is not None
        and text_of(box) == piece.text
    )


def in_list_of_links(element: Element) -> bool:
    """Whether an element stands in one of three or more siblings of the same tag and class that all link somewhere: the
    cards of a list, whatever the theme calls them."""
    for own in (element, *element.iterancestors()):
        parent, names = own.getparent(), own.get("class")
        if parent is None or own.tag in ("body", "main"):
            return False
        if own.tag in CARD_TAGS and names:
            alike = [e for e in parent.iterchildren(own.tag) if e.get("class") == names]
            if len(alike) > 2 and all(next(e.iter("a"), None) is not None for e in alike):
                return True
    return False


def find_container(outline: Outline) -> Container | None:
    """The element that holds the article's text; None for a page without text.

    A container with a body's name wins when it holds a fair share of the page's running text. Where none does, the text
    decides: from the top down, the smallest element that still holds nearly all of it.
    """
    if not outline.containers:
        return None
    weights = [*map(weight, outline.pieces)]
    return _named(outline.containers, weights) or _by_text(outline, weights)


def _named(containers: list[Container], weights: list[int]) -> Container | None:
    sums = [0, *accumulate(weights)]

    def held(container: Container) -> int:
        return sums[container.end] - sums[container.start]

    named = [c for c in containers if c.body]
    if not named:
        return None
    best = max(named, key=held)
    inner = [c for c in named if best.start <= c.start and c.end <= best.end and held(c) >= 0.9 * held(best)]
    believable = held(best) >= min(NAMED_ENOUGH, NAMED_SHARE * sums[-1]) or sums[-1] < NAMED_ENOUGH
    return inner[-1] if believable else None


def _by_text(outline: Outline, weights: list[int]) -> Container | None:
    texts = [*map(text_weight, outline.pieces)]
    sums = [0, *accumulate(texts if any(texts) else weights)]

    def held(container: Container) -> int:
        return sums[container.end] - sums[container.start]

    found = outline.containers[0]
    for container in outline.containers:
        if found.start <= container.start and container.end <= found.end and held(container) >= MOST * held(found):
            found = container
    return found if sums[-1] else None
