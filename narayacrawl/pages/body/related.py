"""Links to other articles inside a body: related lines (`BACA JUGA: …`), headlines that stand alone as a link, the
theme's blocks of them."""

import re
from itertools import groupby

from narayacrawl.items import RelatedLink
from narayacrawl.language.credits import credit_names
from narayacrawl.language.indonesian import is_placeholder, related_label
from narayacrawl.pages.body.captions import is_bold
from narayacrawl.pages.outline.blocks import PageBlock
from narayacrawl.urls import absolute, clean_url, same_site

# A related line that is not all link is a headline, not a paragraph that opens with the same words.
LONGEST = 220
HEADINGS = frozenset({"h2", "h3", "h4"})
SEPARATORS = " :-–—|»›>"
# What may stand before a headline that is a link: a few words in any language, set off (`MORE:`, `Lesen Sie auch:`,
# `REGIONAL |`).
LABEL = re.compile(r"^\W{0,5}(?:[^\s:|»›]+\s+){0,4}[^\s:|»›]+\s?[:|»›]\s*$")
FEW_WORDS = 4
LONGEST_LABEL = 80
ASKED_FOR = frozenset({"share", "newsletter", "form", "promo"})
# What comment plugins print above the form that a script brings.
COMMENTS = re.compile(r"\W*(?:comments?|komentar|kommentare|commentaires|comentarios|commenti)\W*", re.IGNORECASE)
# A list of links that is more of the text than this is the article.
MOST_LINKS = 0.4


def drop_related(blocks: list[PageBlock], url: str, last_text: int, below: str | None) -> list[RelatedLink]:
    """Drop related lines from the blocks of a body, and return their links.

    A line that opens with a related label is one when it is short and mostly link. A label alone on its line speaks for
    the links that follow it at once. Where it is a heading and no text comes after it (`last_text` is the index of the
    last block of running text), all that does is the theme's block below the body: dropped, not kept. So is the theme's
    block above the text. `below` is the rule of the block that follows the body, None for none.
    """
    found: dict[str, RelatedLink] = {}
    first_text = next(
        (i for i, p in enumerate(blocks) if p.text and p.rule is None and p.kind in ("p", "blockquote")), 0
    )
    following = keeping = False
    for position, block in enumerate(blocks):
        if not block.text or block.kind == "caption" or block.rule not in (None, "related"):
            continue
        if is_placeholder(block.text):
            block.rule = block.rule or "placeholder"
            continue
        own_rule, label = block.rule, related_label(block.text)
        rest = block.text[label:].strip(SEPARATORS)
        if label and not rest:
            block.rule = "related"
            above = own_rule == "related" and block.kind in HEADINGS and position < first_text
            keeping = not above and not (block.kind in HEADINGS and position > last_text)
            following = not above
        elif following and not keeping and credit_names(block.text) is None:
            block.rule = "related"
        elif label and block.links and block.linked >= (0.5 if len(block.text) <= LONGEST else 0.9) * len(rest):
            block.rule, following, keeping = "related", block.kind in ("ul", "ol"), True
            keep(block, found, url)
        elif (following and block.linked >= 0.9 * len(block.text)) or (
            own_rule is None and is_headline_link(block, url)
        ):
            block.rule = "related"
            keep(block, found, url)
        elif label and not block.links and len(rest) <= 120 and ":" in block.text[: label + 2]:
            block.rule, following = "related", False  # its link was lost in a paste
        else:
            following = following and own_rule == "related"
    _drop_lists(blocks, url, last_text, found)
    _drop_last_links(blocks, last_text)
    _drop_labels(blocks)
    _drop_orphans(blocks, below if below == "related" else None)
    return list(found.values())


def is_headline_link(block: PageBlock, url: str) -> bool:
    """Whether a paragraph is nothing but the headline of another article of the portal, with or without a label before
    it."""
    if len(block.links) != 1 or len(block.text) > LONGEST or block.kind not in ("p", "h2", "h3", "h4", "blockquote"):
        return False
    href, text = block.links[0]
    if text.count(" ") < FEW_WORDS - 1 or not same_site(absolute(href, url) or "", url):
        return False
    before, _, after = block.text.partition(text)
    return not after.strip(" .)»>") and (not before.strip(" (•>»-–") or LABEL.match(before) is not None)


def keep(block: PageBlock, found: dict[str, RelatedLink], base: str) -> None:
    """Add the links of a related line to those found, each address once."""
    for href, text in block.links:
        title = text[related_label(text) :].strip(SEPARATORS)
        address = absolute(href, base)
        if title and address:
            url = clean_url(address)
            found.setdefault(url, RelatedLink(title, url))


def _drop_lists(blocks: list[PageBlock], url: str, last_text: int, found: dict[str, RelatedLink]) -> None:
    """Drop the lists that are nothing but links into the portal: below the text, or below a label; those within the
    text are related lines."""
    if not has_text(blocks):
        return  # the links may be the text
    text = sum(len(p.text) for p in blocks if p.rule is None)
    shown = [(i, p) for i, p in enumerate(blocks) if p.text and p.rule is None]
    label = False
    for is_list, run in groupby(shown, key=lambda own: is_link_line(own[1], url)):
        lines = list(run)
        if not is_list:
            label = is_label(lines[-1][1])
        elif (label or lines[0][0] > last_text) and sum(len(p.text) for _, p in lines) < MOST_LINKS * text:
            for position, block in lines:
                block.rule = "related"
                if position < last_text:
                    keep(block, found, url)


def is_link_line(block: PageBlock, url: str) -> bool:
    """Whether a line is nothing but a link into the portal."""
    return (
        len(block.links) == 1
        and block.kind != "table"
        and block.linked >= 0.9 * len(block.text)
        and same_site(absolute(block.links[0][0], url) or "", url)
    )


def is_label(block: PageBlock) -> bool:
    """Whether a short line may introduce links: it ends in a colon or a question mark, or is a heading."""
    return (
        len(block.text) <= LONGEST_LABEL
        and not block.linked
        and (block.text.endswith((":", "?")) or block.kind in HEADINGS or is_bold(block))
    )


def _drop_labels(blocks: list[PageBlock]) -> None:
    """Drop what introduces related lines that have no label of their own."""
    shown = [p for p in blocks if p.text and p.rule in (None, "related")]
    for position, block in enumerate(shown):
        if block.rule is not None or not is_label(block):
            continue
        first = end = position + 1
        while end < len(shown) and shown[end].rule == "related":
            end += 1
        if end == first or related_label(shown[first].text):
            continue
        sure = block.kind not in HEADINGS and block.text.endswith((":", "?"))
        if sure or end - first > 1 or end == len(shown) or shown[end].kind in HEADINGS:
            block.rule = "related"


def has_text(blocks: list[PageBlock]) -> bool:
    """Whether there is a text that links could stand below: a paragraph that is longer than a label."""
    return any(block.rule is None and len(block.text) - block.linked > LONGEST_LABEL for block in blocks)


def _drop_last_links(blocks: list[PageBlock], last_text: int) -> None:
    """Drop the lines below the text that are nothing but a link in words: `Galeri foto`; a bare address is a source."""
    if not has_text(blocks):
        return  # the links may be the text
    for block in blocks[last_text + 1 :]:
        if (
            block.rule is None
            and block.kind == "p"
            and len(block.links) == 1
            and block.linked == len(block.text) <= LONGEST_LABEL
            and not re.match(r"https?:|www\.", block.text)
        ):
            block.rule = "related"


def _drop_orphans(blocks: list[PageBlock], below: str | None) -> None:
    """Drop what ends a body and is about something that was left out: a heading of related links, of comments, of a
    form, a question above share links."""
    for block in reversed(blocks):
        if block.rule is None and block.text:
            is_sentence = block.text[-1] in ".!”" and not block.text.endswith("...")
            heads = block.kind in HEADINGS and len(block.text) <= LONGEST_LABEL and not is_sentence
            asks = below in ASKED_FOR and is_label(block) and block.text.endswith("?")
            if not (below and (heads or asks)) and not COMMENTS.fullmatch(block.text):
                return
            block.rule = below if asks else "related"
        below = block.rule or below
