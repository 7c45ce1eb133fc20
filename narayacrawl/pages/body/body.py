"""Read the article's body: the blocks in its container that belong to the article.

Everything dropped from a body is dropped here, by a named rule; a block keeps the name of the rule that dropped it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate, groupby, pairwise, takewhile
from typing import cast

from narayacrawl.items import Block, BlockKind, Image, Media, RelatedLink
from narayacrawl.language.credits import credit_names
from narayacrawl.language.indonesian import is_blurb, is_page_links
from narayacrawl.pages.body.boilerplate import drop_plugin_boilerplate
from narayacrawl.pages.body.boxes import drop_boxes
from narayacrawl.pages.body.captions import mark_captions
from narayacrawl.pages.body.container import MAX_CARD_LENGTH, find_container, running_text_length
from narayacrawl.pages.body.header_lines import drop_header
from narayacrawl.pages.body.related import drop_related
from narayacrawl.pages.body.standfirst import find_standfirst, text_beside_standfirst
from narayacrawl.pages.body.stated_body import drop_unstated, find_stated_text, keep_stated
from narayacrawl.pages.fields.images import images_with_captions
from narayacrawl.pages.fields.media import media_among
from narayacrawl.pages.outline.blocks import Container, PageBlock, fold, is_tag_list
from narayacrawl.pages.outline.inline import SENTENCE_END, html_of_tokens
from narayacrawl.pages.outline.outline import Outline

TAGS_LABEL = re.compile(r"\W*(?:tags?|tagged|topik|label|kata kunci)(?:\s(?:terkait|berita))?\W*", re.IGNORECASE)
# Words of a line that asks to subscribe, in the languages of the press. The link is most of the line, or a sentence
# opens with these words; other lines write about a newsletter.
INVITATION_WORDS = (
    r"(?:newsletter|subscri(?:be|ption)|sign up\b|abonn(?:ier|e[zr]|ement)|suscr[ií]b|iscriviti|abbonati|inscrivez"
    r"|berlangganan)"
)
INVITATION = re.compile(INVITATION_WORDS, re.IGNORECASE)
OPENING_INVITATION = re.compile(rf"(?:^|[.?!:]\s)\W{{0,5}}{INVITATION_WORDS}", re.IGNORECASE)
MAX_INVITATION_LENGTH, MAX_BUTTON_LENGTH = 120, 40
# The share of a named element's text that cards of other articles below it may have.
MAX_CARDS_SHARE = 0.35
# A list of other articles stands in one place, or in a few.
MAX_CARD_RUNS = 3
PICTURE_KINDS = frozenset({"image", "caption"})
BODY_KINDS = frozenset({"p", "h2", "h3", "h4", "ul", "ol", "blockquote", "table"})


@dataclass(slots=True)
class Body:
    """The body of one page."""

    blocks: list[Block] = field(default_factory=list)
    related: list[RelatedLink] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    editors: list[str] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    media: list[Media] = field(default_factory=list)
    container: Container | None = None
    """The element that holds it; None on a page without text."""
    standfirst: list[PageBlock] = field(default_factory=list)
    """The blocks set apart above the text; they are none of `blocks`."""

    @property
    def start(self) -> int:
        """Return the index of the container's first block in the outline."""
        return self.container.start if self.container else 0


def read_body(
    outline: Outline,
    title: str | None,
    headline_end: int = 0,
    site_names: Sequence[str] = (),
    stated: str = "",
    description: str = "",
) -> Body:
    """Read the body of a page: its blocks in order, and what its related and credit lines say before they are dropped.

    `headline_end` is the index of the block after the headline, 0 if no block is the headline; `site_names` are the
    portal's own, as datelines carry them; `stated` and `description` are the text and its summary by the word of the
    metadata, "" if it does not tell.
    """
    container = find_container(outline, headline_end, title or "", description)
    container = (stated and find_stated_text(outline, container, stated)) or container
    if container is None:
        return Body(media=_media(outline, None, headline_end))
    if stated:
        container = keep_stated(outline, container, stated)
    container = text_beside_standfirst(outline, container, headline_end, site_names)
    blocks = outline.blocks[container.start : container.end]
    body = Body(container=container)
    folded_title = fold(title or "")
    last_text = max((i for i, block in enumerate(blocks) if running_text_length(block)), default=0)

    def is_headline(block: PageBlock) -> bool:
        return block.kind in ("h1", "h2", "h3") and bool(folded_title) and fold(block.text) == folded_title

    drop_header(blocks, is_headline, running_text_length)
    _drop_link_cards(blocks, outline, is_named=container.is_body)
    _drop_cards(blocks, container, outline.containers)
    mark_captions(blocks)
    following_rule = outline.blocks[container.end].rule if container.end < len(outline.blocks) else None
    body.related = drop_related(blocks, outline.url, last_text, following_rule)
    _drop_credits(blocks, body)
    _drop_page_links(blocks)
    _drop_tags(blocks)
    drop_plugin_boilerplate(blocks, outline.url)
    for block in blocks:
        if block.rule is None and block.text:
            if is_blurb(block.text) or is_invitation(block):
                block.rule = "blurb"
            elif is_headline(block):
                block.rule = "title"
    drop_boxes(blocks, outline.url)
    if stated:
        drop_unstated(blocks, stated)
    body.standfirst, above = find_standfirst(outline, headline_end, container, blocks, site_names)
    kept = [
        block
        for block in blocks
        if block.rule is None and block.text and (block.kind in BODY_KINDS or block.kind == "h1")
    ]
    for block in above + kept:
        kind = "p" if block in above else "h2" if block.kind == "h1" else block.kind
        body.blocks.append(Block(cast("BlockKind", kind), block.text, html_of_tokens(block.tokens, outline.url)))
    pictures = (
        block for block in blocks if block.rule is None or (block.rule == "caption" and block.kind in PICTURE_KINDS)
    )
    body.images = images_with_captions(pictures, outline.url)
    body.media = _media(outline, container, headline_end)
    return body


def _media(outline: Outline, container: Container | None, headline_end: int) -> list[Media]:
    """Return the players and embeds of the article: from its headline, or the beginning of its post, to the end of its
    text; of an article without text, those of its post."""
    own = [post for post in outline.containers if post.is_post and post.start < headline_end <= post.end]
    if container is not None:
        start = min([own[-1].start if own else headline_end, container.start])
        end, frame = container.end, container.element.getparent()
        while end < len(outline.blocks) and outline.blocks[end].rule == "embed":  # players that close the text
            if frame is None or frame not in outline.blocks[end].element.iterancestors():
                break
            end += 1
        return media_among(outline.blocks[start:end], outline.url)
    posts = own[-1:] or [post for post in outline.containers if post.is_body or post.element.tag == "article"][:1]
    return [media for post in posts for media in media_among(outline.blocks[post.start : post.end], outline.url)]


def _drop_link_cards(blocks: list[PageBlock], outline: Outline, *, is_named: bool) -> None:
    """Drop the theme's list of other articles, known by its shape alone. An element that no class names may hold one
    anywhere; in one that is the text's by its name, only a small part below the text is one."""

    def is_in_card(block: PageBlock) -> bool:
        return len(block.text) <= MAX_CARD_LENGTH and outline.link_cards.contain(block.element)

    lines = [block for block in blocks if block.rule is None]
    if is_named:
        below = [*takewhile(lambda block: not running_text_length(block) or is_in_card(block), reversed(lines))]
        cards = [block for block in below if is_in_card(block)]
    else:
        cards = [block for block in lines if is_in_card(block)]
        texts = [is_card for is_card, _ in groupby(map(is_in_card, filter(running_text_length, lines)))]
        if texts.count(True) > MAX_CARD_RUNS:
            return  # what leads elsewhere and what does not take turns: sections of one text
    length, cards_length = sum(map(running_text_length, blocks)), sum(map(running_text_length, cards))
    if cards_length > (MAX_CARDS_SHARE * length if is_named else length - 1):
        return  # it is the article
    for block in cards:
        block.rule = "related"


def is_invitation(block: PageBlock) -> bool:
    """True if a short line asks to subscribe: with a link, or in the few words above a button."""
    if not block.links:
        return (
            len(block.text) <= MAX_BUTTON_LENGTH
            and not block.text.endswith(SENTENCE_END)
            and INVITATION.search(block.text) is not None
        )
    pattern = INVITATION if 2 * block.linked_chars >= len(block.text) else OPENING_INVITATION
    return len(block.text) <= MAX_INVITATION_LENGTH and pattern.search(block.text) is not None


def _drop_cards(blocks: list[PageBlock], container: Container, containers: list[Container]) -> None:
    """Drop other articles inside the body: an `article` element of its own with a line of links and little text. One
    with links only in its sentences is an entry of a live blog."""
    text_before = [0, *accumulate(len(block.text) - block.linked_chars for block in blocks)]
    are_link_lines = (block.rule is None and 0 < len(block.text) <= 2 * block.linked_chars for block in blocks)
    link_lines_before = [0, *accumulate(are_link_lines)]
    dropped_to = 0
    for card in containers:
        if (
            card.element.tag != "article"
            or card is container
            or card.start < container.start
            or card.end > container.end
        ):
            continue
        start, end = card.start - container.start, card.end - container.start
        if (
            end > dropped_to
            and link_lines_before[end] > link_lines_before[start]
            and text_before[end] - text_before[start] <= MAX_CARD_LENGTH
        ):
            for block in blocks[start:end]:
                block.rule = block.rule or "related"
            dropped_to = end


def _drop_credits(blocks: list[PageBlock], body: Body) -> None:
    """Drop credit lines (`Penulis: A | Editor: B`) at either end of the body and keep their names."""
    lines = [block for block in blocks if block.text and block.rule in (None, "meta", "author", "header")]
    for block in {id(block): block for block in (*lines[:3], *lines[-8:])}.values():
        names = credit_names(block.text)
        if names is None:
            continue
        authors, editors = names
        body.authors += [n for n in authors if n not in body.authors]
        body.editors += [n for n in editors if n not in body.editors]
        block.rule = "credit line"


def _drop_page_links(blocks: list[PageBlock]) -> None:
    """Drop lines that only link to the pages of a split article (`Halaman 1 2 Selanjutnya`)."""
    lines = (block for block in blocks if block.text)
    for are_page_links, run in groupby(lines, key=lambda block: is_page_links(block.text)):
        run_blocks = list(run)
        if are_page_links and any(block.links for block in run_blocks):
            for block in run_blocks:
                block.rule = block.rule or "navigation"


def _drop_tags(blocks: list[PageBlock]) -> None:
    """Drop lines of nothing but links to tags, and their label."""
    for block in blocks:
        if block.rule is None and is_tag_list(block):
            block.rule = "tags"
    for label, following in pairwise(block for block in blocks if block.text):
        if following.rule == "tags" and TAGS_LABEL.fullmatch(label.text):
            label.rule = label.rule or "tags"
