"""The article's body: which of the blocks in its container belong to the article.

All that is dropped from a body is dropped here, by a named rule; a block keeps the name of the rule that dropped it.
"""

import re
from dataclasses import dataclass, field, replace
from itertools import accumulate, groupby, pairwise
from typing import cast

from narayacrawl.items import Block, BlockKind, Image, RelatedLink
from narayacrawl.language.credits import credit_names, split_credit
from narayacrawl.language.indonesian import is_blurb, is_page_links
from narayacrawl.pages.body.boilerplate import drop_extras
from narayacrawl.pages.body.captions import name_captions
from narayacrawl.pages.body.container import CARD_LENGTH, find_container, is_caption, weight
from narayacrawl.pages.body.header_lines import drop_header
from narayacrawl.pages.body.related import drop_related
from narayacrawl.pages.body.standfirst import standfirst
from narayacrawl.pages.fields.images import captioned, image_url, is_lead, leads_elsewhere, same_picture
from narayacrawl.pages.outline.blocks import Container, PageBlock, fold, lists_tags
from narayacrawl.pages.outline.inline import SENTENCE_END, html_of_parts
from narayacrawl.pages.outline.outline import Outline

TAGS_LABEL = re.compile(r"\W*(?:tags?|tagged|topik|label|kata kunci)(?:\s(?:terkait|berita))?\W*", re.IGNORECASE)
# A short line with a link that asks to subscribe, in the languages of the press: most of it, or what a sentence opens
# with. Others tell of a newsletter.
INVITING = (
    r"(?:newsletter|subscri(?:be|ption)|sign up\b|abonn(?:ier|e[zr]|ement)|suscr[ií]b|iscriviti|abbonati|inscrivez"
    r"|berlangganan)"
)
INVITATION = re.compile(INVITING, re.IGNORECASE)
OPENING_INVITATION = re.compile(rf"(?:^|[.?!:]\s)\W{{0,5}}{INVITING}", re.IGNORECASE)
INVITATION_LENGTH, BUTTON_LENGTH = 120, 40
PICTURE = frozenset({"image", "caption"})
KINDS = frozenset({"p", "h2", "h3", "h4", "ul", "ol", "blockquote", "table"})


@dataclass(slots=True)
class Body:
    """What was read of one page's body."""

    blocks: list[Block] = field(default_factory=list)
    related: list[RelatedLink] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    editors: list[str] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    container: Container | None = None
    """The element that holds it; None on a page without text."""

    @property
    def start(self) -> int:
        """Index of the container's first block in the outline."""
        return self.container.start if self.container else 0


def read_body(outline: Outline, title: str | None, title_position: int = 0) -> Body:
    """The body of a page: its blocks in order, and what its related and credit lines told before they were dropped.

    `title_position` counts the blocks up to the headline, 0 where it is none of them.
    """
    container = find_container(outline, title_position)
    if container is None:
        return Body()
    blocks = outline.blocks[container.start : container.end]
    body = Body(container=container)
    folded = fold(title or "")
    last_text = max((i for i, block in enumerate(blocks) if weight(block)), default=0)

    def is_title(block: PageBlock) -> bool:
        return block.kind in ("h1", "h2", "h3") and bool(folded) and fold(block.text) == folded

    drop_header(blocks, is_title, weight)
    if not container.body:  # its end is not known, and the theme's list of other articles may be inside
        short = (p for p in blocks if p.rule is None and len(p.text) <= CARD_LENGTH)
        held = [p for p in short if outline.lists.hold(p.element)]
        if sum(map(weight, held)) < sum(map(weight, blocks)):  # else they are the article
            for block in held:
                block.rule = "related"
    _drop_cards(blocks, container, outline.containers)
    name_captions(blocks)
    below = outline.blocks[container.end].rule if container.end < len(outline.blocks) else None
    body.related = drop_related(blocks, outline.url, last_text, below)
    _drop_credits(blocks, body)
    _drop_page_links(blocks)
    _drop_tags(blocks)
    drop_extras(blocks)
    for block in blocks:
        if block.rule is None and block.text:
            if is_blurb(block.text) or is_invitation(block):
                block.rule = "blurb"
            elif is_title(block):
                block.rule = "title"
    kept = [p for p in blocks if p.rule is None and p.text and (p.kind in KINDS or p.kind == "h1")]
    opening = "".join(p.text for p in kept[:2])
    above = standfirst(outline, title_position, container, opening) if kept else []
    for block in above + kept:
        kind = "p" if block in above else "h2" if block.kind == "h1" else block.kind
        body.blocks.append(Block(cast("BlockKind", kind), block.text, html_of_parts(block.parts, outline.url)))
    pictures = (p for p in blocks if p.rule is None or (p.rule == "caption" and p.kind in PICTURE))
    body.images = captioned(pictures, outline.url)
    return body


def is_invitation(block: PageBlock) -> bool:
    """Whether a short line asks to subscribe: with a link, or in the few words above a button."""
    if not block.links:
        return (
            len(block.text) <= BUTTON_LENGTH
            and not block.text.endswith(SENTENCE_END)
            and INVITATION.search(block.text) is not None
        )
    pattern = INVITATION if 2 * block.linked >= len(block.text) else OPENING_INVITATION
    return len(block.text) <= INVITATION_LENGTH and pattern.search(block.text) is not None


def _drop_cards(blocks: list[PageBlock], container: Container, containers: list[Container]) -> None:
    """Drop the other articles that stand inside the body: an `article` of its own that has a line of links and tells
    little. One that has links in its sentences alone is an entry of a live blog."""
    own_to = [0, *accumulate(len(p.text) - p.linked for p in blocks)]
    links_to = [0, *accumulate(p.rule is None and 0 < len(p.text) <= 2 * p.linked for p in blocks)]
    done = 0
    for card in containers:
        if (
            card.element.tag != "article"
            or card is container
            or card.start < container.start
            or card.end > container.end
        ):
            continue
        start, end = card.start - container.start, card.end - container.start
        if end > done and links_to[end] > links_to[start] and own_to[end] - own_to[start] <= CARD_LENGTH:
            for block in blocks[start:end]:
                block.rule = block.rule or "related"
            done = end


def _drop_credits(blocks: list[PageBlock], body: Body) -> None:
    """Drop credit lines (`Penulis: A | Editor: B`) at either end of the body, and keep their names."""
    text = [p for p in blocks if p.text and p.rule in (None, "meta", "author", "header")]
    for block in {id(p): p for p in (*text[:3], *text[-8:])}.values():
        names = credit_names(block.text)
        if names is None:
            continue
        authors, editors = names
        body.authors += [n for n in authors if n not in body.authors]
        body.editors += [n for n in editors if n not in body.editors]
        block.rule = "credit line"


def _drop_page_links(blocks: list[PageBlock]) -> None:
    """Drop the lines that only lead through a split article (`Halaman 1 2 Selanjutnya`), in one block or several."""
    for are_page_links, run in groupby((p for p in blocks if p.text), key=lambda p: is_page_links(p.text)):
        line = list(run)
        if are_page_links and any(p.links for p in line):
            for block in line:
                block.rule = block.rule or "navigation"


def _drop_tags(blocks: list[PageBlock]) -> None:
    """Drop lines of nothing but links to tags, and their label."""
    for block in blocks:
        if block.rule is None and lists_tags(block):
            block.rule = "tags"
    for label, following in pairwise(p for p in blocks if p.text):
        if following.rule == "tags" and TAGS_LABEL.fullmatch(label.text):
            label.rule = label.rule or "tags"


def lead_image(outline: Outline, body: Body, title_position: int, known: list[str]) -> Image | None:
    """The picture above the body: one that is marked as the post's own, else the first below the title; None where
    there is none.

    `known` are the addresses that the page's metadata gives for it.
    """
    above = {
        i: url
        for i, p in enumerate(outline.blocks[: body.start])
        if p.kind == "image" and p.rule in (None, "meta", "caption") and (url := image_url(p.element, outline.url))
    }
    same = {same_picture(url) for url in known}
    marked = [
        i
        for i, url in above.items()
        if same_picture(url) in same
        or (
            is_lead(own := outline.blocks[i].element) and not (i < title_position and leads_elsewhere(own, outline.url))
        )
    ]
    below = [i for i in above if i >= title_position]
    if not marked and not below:
        return None
    first = (marked or below)[0]
    shown = [p for p in outline.blocks[first : body.start] if p.kind == "image" or p.text]
    if len(shown) > 1 and shown[1].kind == "p" and shown[1].rule in (None, "meta", "header"):
        below_picture = shown[1].element in shown[0].element.iterancestors("p") and split_credit(shown[1].text)[1]
        if below_picture or is_caption(shown[1]):
            shown[1] = replace(shown[1], kind="caption")
    return captioned(shown, outline.url)[0]
