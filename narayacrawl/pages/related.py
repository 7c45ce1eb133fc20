"""Links to other articles inside a body: related lines (`BACA JUGA: …`), headlines that stand alone as a link, the
theme's blocks of them."""

import re

from narayacrawl.addresses import absolute, clean_url, same_site
from narayacrawl.credits import credit_names
from narayacrawl.indonesian import is_placeholder, related_label
from narayacrawl.items import RelatedLink
from narayacrawl.pages.pieces import Piece

# A related line that is not all link is a headline, not a paragraph that opens with the same words.
LONGEST = 220
HEADINGS = frozenset({"h2", "h3", "h4"})
SEPARATORS = " :-–—|»›>"
# What may stand before a headline that is a link: a few words in any language, set off (`MORE:`, `Lesen Sie auch:`,
# `REGIONAL |`).
LABEL = re.compile(r"^\W*(?:[^\s:|»›]+\s+){0,4}[^\s:|»›]+\s?[:|»›]\s*$")
FEW_WORDS = 4


def drop_related(pieces: list[Piece], url: str, last_text: int) -> list[RelatedLink]:
    """Drop related lines from the pieces of a body, and return their links.

    A line that opens with a related label is one when it is short and mostly link. A label alone on its line speaks for
    the links that follow it at once. Where it is a heading and no text comes after it (`last_text` is the index of the
    last piece of running text), all that does is the theme's block below the body: dropped, not kept.
    """
    found: list[RelatedLink] = []
    following = keeping = False
    for position, piece in enumerate(pieces):
        if not piece.text or piece.kind == "caption" or piece.rule not in (None, "related"):
            continue
        if is_placeholder(piece.text):
            piece.rule = piece.rule or "placeholder"
            continue
        own_rule, label = piece.rule, related_label(piece.text)
        rest = piece.text[label:].strip(SEPARATORS)
        if label and not rest:
            piece.rule = "related"
            themed = piece.kind in HEADINGS and own_rule == "related"
            keeping = not themed and not (piece.kind in HEADINGS and position > last_text)
            following = not themed
        elif following and not keeping and credit_names(piece.text) is None:
            piece.rule = "related"
        elif label and piece.links and piece.linked >= (0.5 if len(piece.text) <= LONGEST else 0.9) * len(rest):
            piece.rule, following, keeping = "related", piece.kind in ("ul", "ol"), True
            keep(piece, found, url)
        elif (following and piece.linked >= 0.9 * len(piece.text)) or (
            own_rule is None and is_headline_link(piece, url)
        ):
            piece.rule = "related"
            keep(piece, found, url)
        elif label and not piece.links and len(rest) <= 120 and ":" in piece.text[: label + 2]:
            piece.rule, following = "related", False  # its link was lost in a paste
        else:
            following = False
    _drop_orphans(pieces, last_text)
    return found


def is_headline_link(piece: Piece, url: str) -> bool:
    """Whether a paragraph is nothing but the headline of another article of the portal, with or without a label before
    it."""
    if len(piece.links) != 1 or len(piece.text) > LONGEST or piece.kind not in ("p", "h2", "h3", "h4", "blockquote"):
        return False
    href, text = piece.links[0]
    if text.count(" ") < FEW_WORDS - 1 or not same_site(absolute(href, url) or "", url):
        return False
    before, _, after = piece.text.partition(text)
    return not after.strip(" .)»>") and (not before.strip(" (•>»-–") or LABEL.match(before) is not None)


def keep(piece: Piece, found: list[RelatedLink], base: str) -> None:
    for href, text in piece.links:
        title = text[related_label(text) :].strip(SEPARATORS)
        address = absolute(href, base)
        if title and address and all(link.url != clean_url(address) for link in found):
            found.append(RelatedLink(title, clean_url(address)))


def _drop_orphans(pieces: list[Piece], last_text: int) -> None:
    """Drop the headings below the text under which nothing is left."""
    dropped = False
    for piece in reversed(pieces[last_text + 1 :]):
        if piece.rule == "related":
            dropped = True
        elif piece.rule is None and piece.text:
            if piece.kind not in HEADINGS or not dropped:
                return
            piece.rule = "related"
