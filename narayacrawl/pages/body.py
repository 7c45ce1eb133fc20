"""The article's body: which container of the page holds it, and which of its blocks belong to the article.

All that is dropped from a body is dropped here, by a named rule; a piece keeps the name of the rule that dropped it.
"""

import re
from dataclasses import dataclass, field, replace
from itertools import accumulate, groupby, pairwise, takewhile

from lxml.etree import _Element as Element

from narayacrawl.addresses import clean_url
from narayacrawl.credits import byline_text, credit_names
from narayacrawl.dates import dated_part
from narayacrawl.indonesian import is_blurb, is_page_links, is_placeholder, related_label
from narayacrawl.items import Block, Image, RelatedLink
from narayacrawl.pages.images import captioned, is_lead, same_picture
from narayacrawl.pages.outline import AUTHOR_ADDRESS, Container, Outline, Piece, lists_tags, text_of

HEADINGS = frozenset({"h2", "h3", "h4"})
KINDS = frozenset({"p", "h2", "h3", "h4", "ul", "ol", "blockquote", "table"})
CARD_TAGS = frozenset({"article", "div", "li", "section"})
# A related line that is not all link is a headline, not a paragraph that opens with the same words.
RELATED_LENGTH = 220
# The lines of an article's header below its title: how many, how long each, and how long one that is but a name.
HEADER_LINES, HEADER_LENGTH, NAME_LENGTH = 6, 120, 60
TAGS_LABEL = re.compile(r"\W*(?:tags?|tagged|topik|label|kata kunci)(?:\s(?:terkait|berita))?\W*", re.IGNORECASE)
CAPTION_LENGTH = 300
# How much of the page's text a container named like a body must hold to be believed, and how many characters are enough
# anyway.
NAMED_SHARE, NAMED_ENOUGH = 0.35, 400


@dataclass(slots=True)
class Body:
    """What was read of one page's body."""

    blocks: list[Block] = field(default_factory=list)
    related: list[RelatedLink] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    editors: list[str] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    start: int = 0
    """Index of the container's first piece in the outline."""


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
    sums = [0, *accumulate(map(text_weight, outline.pieces))]
    if not sums[-1]:
        sums = [0, *accumulate(map(weight, outline.pieces))]

    def held(container: Container) -> int:
        return sums[container.end] - sums[container.start]

    if not outline.containers:
        return None
    found = outline.containers[0]
    page = held(found)
    named = [c for c in outline.containers if c.body]
    if named:
        best = max(named, key=held)
        inner = [c for c in named if best.start <= c.start and c.end <= best.end and held(c) >= 0.9 * held(best)]
        best = inner[-1]
        if held(best) >= min(NAMED_ENOUGH, NAMED_SHARE * page) or page < NAMED_ENOUGH:
            return best
    for container in outline.containers:
        if found.start <= container.start and container.end <= found.end and held(container) >= 0.8 * held(found):
            found = container
    return found if page else None


def read_body(outline: Outline, title: str | None, site_name: str | None) -> Body:
    """The body of a page: its blocks in order, and what its related and credit lines told before they were dropped."""
    container = find_container(outline)
    if container is None:
        return Body()
    pieces = outline.pieces[container.start : container.end]
    body = Body(start=container.start)
    folded = fold(title or "")
    _drop_header(pieces, folded)
    if not container.body:  # its end is not known, and the theme's list of other articles may be inside
        for piece in pieces:
            if piece.rule is None and in_list_of_links(piece.element):
                piece.rule = "related"
    _drop_related(pieces, body)
    _drop_credits(pieces, body)
    for are_page_links, run in groupby((p for p in pieces if p.text), key=lambda p: is_page_links(p.text)):
        line = list(run)
        if are_page_links and any(p.links for p in line):
            for piece in line:
                piece.rule = piece.rule or "navigation"
    for label, following in pairwise(p for p in pieces if p.text):
        if TAGS_LABEL.fullmatch(label.text) and (following.rule == "tags" or lists_tags(following)):
            label.rule = label.rule or "tags"
    for piece in pieces:
        if piece.rule is None and piece.text:
            if is_blurb(piece.text):
                piece.rule = "blurb"
            elif lists_tags(piece):
                piece.rule = "tags"
            elif piece.kind in ("h1", "h2", "h3") and folded and fold(piece.text) == folded:
                piece.rule = "title"
    kept = [p for p in pieces if p.rule is None and p.text]
    body.blocks = [Block(kind, p.text, p.html) for p in kept if (kind := "h2" if p.kind == "h1" else p.kind) in KINDS]  # type: ignore[arg-type]
    shown = [p for p in pieces if p.kind in ("image", "caption") and p.rule in (None, "caption")]
    body.images = captioned(p for p in pieces if p in shown or (p.rule is None and p.text))
    return body


def fold(text: str) -> str:
    """Letters and digits of a text, lower case: what two spellings of one headline share."""
    return "".join(c for c in text.casefold() if c.isalnum())


def _drop_header(pieces: list[Piece], folded_title: str) -> None:
    """Drop the article's header where it stands inside the container: what comes before the title, and the byline,
    date and links right after it."""
    titled = [i for i, p in enumerate(pieces) if p.kind in ("h1", "h2") and p.text and fold(p.text) == folded_title]
    if not titled or sum(map(weight, pieces[: titled[0]])) > HEADER_LENGTH:
        return
    for piece in pieces[: titled[0]]:
        if piece.kind != "image":
            piece.rule = piece.rule or "header"
    below = [p for p in pieces[titled[0] + 1 :] if p.text and p.rule is None and p.kind != "caption"][:HEADER_LINES]
    header = [*takewhile(lambda p: len(p.text) <= HEADER_LENGTH, below)]
    while header and not is_header_line(header[-1]):
        header.pop()
    if all(is_header_line(p) or len(p.text) <= NAME_LENGTH for p in header):
        for piece in header:
            piece.rule = "header"


def is_header_line(piece: Piece) -> bool:
    """Whether a line tells who wrote an article and when, or is nothing but links."""
    return len(piece.text) <= HEADER_LENGTH and (
        piece.linked >= 0.9 * len(piece.text)
        or dated_part(piece.text) is not None
        or any(AUTHOR_ADDRESS.search(href) for href, _ in piece.links)
        or byline_text(piece.text) is not None
    )


def _drop_related(pieces: list[Piece], body: Body) -> None:
    """Drop related lines, and keep their links.

    A line that opens with a related label is one when it is short and mostly link. A label alone on its line speaks for
    the links that follow it at once. Where it is a heading and no text comes after them, or one that opens a theme's
    box of related articles, they are dropped, not kept.
    """
    last_text = max((i for i, piece in enumerate(pieces) if weight(piece)), default=0)
    following = keeping = False
    for position, piece in enumerate(pieces):
        if not piece.text or piece.kind == "caption" or piece.rule not in (None, "related"):
            continue
        if is_placeholder(piece.text):
            piece.rule = piece.rule or "placeholder"
            continue
        own_rule, label = piece.rule, related_label(piece.text)
        rest = piece.text[label:].strip(" :-–»>")
        is_link = bool(piece.links) and piece.linked >= 0.9 * len(piece.text)
        if label and not rest:
            piece.rule = "related"
            themed = piece.kind in HEADINGS and own_rule == "related"
            keeping = not themed and not (piece.kind in HEADINGS and position > last_text)
            following = not themed
        elif following and not keeping and credit_names(piece.text) is None:
            piece.rule = "related"
        elif label and piece.links and piece.linked >= (0.5 if len(piece.text) <= RELATED_LENGTH else 0.9) * len(rest):
            piece.rule, following, keeping = "related", piece.kind in ("ul", "ol"), True
            _keep_links(piece, body)
        elif following and is_link:
            piece.rule = "related"
            _keep_links(piece, body)
        elif label and not piece.links and len(rest) <= 120 and ":" in piece.text[: label + 2]:
            piece.rule, following = "related", False  # its link was lost in a paste
        else:
            following = False


def _keep_links(piece: Piece, body: Body) -> None:
    for href, text in piece.links:
        title = text[related_label(text) :].strip(" :-–»>")
        address = clean_url(href)
        if title and all(link.url != address for link in body.related):
            body.related.append(RelatedLink(title, address))


def _drop_credits(pieces: list[Piece], body: Body) -> None:
    """Drop credit lines (`Penulis: A | Editor: B`) at either end of the body, and keep their names."""
    text = [p for p in pieces if p.text and p.rule in (None, "meta", "author")]
    for piece in {id(p): p for p in (*text[:3], *text[-8:])}.values():
        names = credit_names(piece.text)
        if names is None:
            continue
        authors, editors = names
        body.authors += [n for n in authors if n not in body.authors]
        body.editors += [n for n in editors if n not in body.editors]
        piece.rule = "credit line"


def lead_image(outline: Outline, body: Body, title_position: int, known: list[str]) -> Image | None:
    """The picture above the body: one that is marked as the post's own, else the first below the title; None where
    there is none.

    `known` are the addresses that the page's metadata gives for it.
    """
    above = [
        i
        for i, p in enumerate(outline.pieces[: body.start])
        if p.kind == "image" and p.rule in (None, "meta", "caption")
    ]
    same = {same_picture(url) for url in known}
    marked = [
        i for i in above if is_lead(outline.pieces[i].element) or same_picture(outline.pieces[i].links[0][0]) in same
    ]
    below = [i for i in above if i >= title_position]
    if not marked and not below:
        return None
    first = (marked or below)[0]
    shown = [p for p in outline.pieces[first : body.start] if p.kind == "image" or p.text]
    if len(shown) > 1 and shown[1].kind == "p" and shown[1].rule in (None, "meta", "header") and is_caption(shown[1]):
        shown[1] = replace(shown[1], kind="caption")
    return captioned(shown)[0]
