"""The article's body: which container of the page holds it, and which of its blocks belong to the article.

All that is dropped from a body is dropped here, by a named rule; a piece keeps the name of the rule that dropped it.
"""

import re
from dataclasses import dataclass, field
from html import escape, unescape
from itertools import accumulate
from typing import cast

from narayacrawl.addresses import absolute
from narayacrawl.credits import credit_names
from narayacrawl.indonesian import is_blurb
from narayacrawl.items import Block, BlockKind, Image, RelatedLink
from narayacrawl.pages.images import captioned, is_lead, same_picture
from narayacrawl.pages.outline import Container, Outline, Piece
from narayacrawl.pages.related import drop_related

LINK = re.compile(r'<a href="([^"]*)">(.*?)</a>')
PICTURE = frozenset({"image", "caption"})
KINDS = frozenset({"p", "h2", "h3", "h4", "ul", "ol", "blockquote", "table"})
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


def find_container(outline: Outline) -> Container | None:
    """The element that holds the article's text; None for a page without text.

    A container with a body's name wins when it holds a fair share of the page's running text. Where none does, the text
    decides: from the top down, the smallest element that still holds nearly all of it.
    """
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
    last_text = max((i for i, piece in enumerate(pieces) if weight(piece)), default=0)
    body.related = drop_related(pieces, outline.url, last_text)
    _drop_credits(pieces, body)
    folded = fold(title or "")
    for piece in pieces:
        if piece.rule is None and piece.text:
            if is_blurb(piece.text):
                piece.rule = "blurb"
            elif piece.kind in ("h1", "h2", "h3") and folded and fold(piece.text) == folded:
                piece.rule = "title"
    for piece in pieces:
        kind = "h2" if piece.kind == "h1" else piece.kind
        if piece.rule is None and piece.text and kind in KINDS:
            body.blocks.append(Block(cast("BlockKind", kind), piece.text, with_absolute_links(piece.html, outline.url)))
    body.images = captioned(
        p for p in pieces if p.rule is None or (p.rule == "caption" and p.kind in ("image", "caption"))
    )
    return body


def with_absolute_links(html: str, base: str) -> str:
    """Inline HTML with absolute addresses; a link whose address is none is plain text."""
    return LINK.sub(lambda match: _link(match[1], match[2], base), html)


def _link(href: str, inner: str, base: str) -> str:
    url = absolute(unescape(href), base)
    return f'<a href="{escape(url)}">{inner}</a>' if url else inner


def fold(text: str) -> str:
    """Letters and digits of a text, lower case: what two spellings of one headline share."""
    return "".join(c for c in text.casefold() if c.isalnum())


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
    found = captioned(p for p in outline.pieces[first : body.start] if p.kind == "image" or p.text)
    return found[0]
