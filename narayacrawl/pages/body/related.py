"""Find links to other articles inside a body: related lines (`BACA JUGA: …`), linked headlines on a line of their own,
the theme's lists of them."""

import re
from itertools import groupby

from narayacrawl.items import RelatedLink
from narayacrawl.language.credits import credit_names
from narayacrawl.language.indonesian import is_placeholder, related_label
from narayacrawl.pages.body.captions import is_bold
from narayacrawl.pages.outline.blocks import PageBlock
from narayacrawl.pages.outline.tags import SUBHEADING_KINDS
from narayacrawl.urls import absolute, clean_url, same_site

# A longer line that is not all link is a paragraph that opens with the same words.
MAX_RELATED_LENGTH = 220
SEPARATORS = " :-–—|»›>"
# A label before a linked headline: a few words in any language, set off (`MORE:`, `Lesen Sie auch:`, `REGIONAL |`).
SHORT_LABEL = re.compile(r"^\W{0,5}(?:[^\s:|»›]+\s+){0,4}[^\s:|»›]+\s?[:|»›]\s*$")
MIN_HEADLINE_WORDS = 4
MAX_LABEL_LENGTH = 80
FORM_REGIONS = frozenset({"share", "newsletter", "form", "promo"})
# The heading that comment plugins print above a form loaded by script.
COMMENTS_HEADING = re.compile(
    r"\W*(?:comments?|komentar|kommentare|commentaires|comentarios|commenti)\W*", re.IGNORECASE
)
# A list of links that is a larger share of the text is the article itself.
MAX_LINK_SHARE = 0.4


def drop_related(blocks: list[PageBlock], url: str, last_text: int, following_rule: str | None) -> list[RelatedLink]:
    """Drop related lines from the blocks of a body and return their links.

    A line that opens with a related label is one if it is short and mostly link. A label alone on its line applies to
    the links that follow at once. If such a label is a heading with no text after it (`last_text` is the index of the
    last block of running text), all that follows is the theme's block below the body: dropped without its links. So is
    the theme's block above the text. `following_rule` is the rule of the block after the body, None for none.
    """
    links_by_url: dict[str, RelatedLink] = {}
    paragraphs = (i for i, p in enumerate(blocks) if p.text and p.rule is None and p.kind in ("p", "blockquote"))
    first_text = next(paragraphs, 0)
    after_label = keeps_links = False
    for position, block in enumerate(blocks):
        if not block.text or block.kind == "caption" or block.rule not in (None, "related"):
            continue
        if is_placeholder(block.text):
            block.rule = block.rule or "placeholder"
            continue
        region_rule, label_length = block.rule, related_label(block.text)
        rest = block.text[label_length:].strip(SEPARATORS)
        min_link_share = 0.5 if len(block.text) <= MAX_RELATED_LENGTH else 0.9
        if label_length and not rest:
            block.rule = "related"
            is_above_text = region_rule == "related" and block.kind in SUBHEADING_KINDS and position < first_text
            keeps_links = not is_above_text and not (block.kind in SUBHEADING_KINDS and position > last_text)
            after_label = not is_above_text
        elif after_label and not keeps_links and credit_names(block.text) is None:
            block.rule = "related"
        elif label_length and block.links and block.linked_chars >= min_link_share * len(rest):
            block.rule, after_label, keeps_links = "related", block.kind in ("ul", "ol"), True
            add_links(block, links_by_url, url)
        elif (after_label and block.linked_chars >= 0.9 * len(block.text)) or (
            region_rule is None and is_headline_link(block, url)
        ):
            block.rule = "related"
            add_links(block, links_by_url, url)
        elif label_length and not block.links and len(rest) <= 120 and ":" in block.text[: label_length + 2]:
            block.rule, after_label = "related", False  # its link was lost in a paste
        else:
            after_label = after_label and region_rule == "related"
    _drop_link_lists(blocks, url, last_text, links_by_url)
    _drop_last_links(blocks, last_text)
    _drop_labels(blocks)
    _drop_dangling_headings(blocks, following_rule if following_rule == "related" else None)
    return list(links_by_url.values())


def is_headline_link(block: PageBlock, url: str) -> bool:
    """True if a paragraph is nothing but the headline of another article of the portal, with or without a label before
    it."""
    if (
        len(block.links) != 1
        or len(block.text) > MAX_RELATED_LENGTH
        or block.kind not in ("p", "h2", "h3", "h4", "blockquote")
    ):
        return False
    href, text = block.links[0]
    if text.count(" ") < MIN_HEADLINE_WORDS - 1 or not same_site(absolute(href, url) or "", url):
        return False
    before, _, after = block.text.partition(text)
    return not after.strip(" .)»>") and (not before.strip(" (•>»-–") or SHORT_LABEL.match(before) is not None)


def add_links(block: PageBlock, links_by_url: dict[str, RelatedLink], base: str) -> None:
    """Add the links of a related line, each address once."""
    for href, text in block.links:
        title = text[related_label(text) :].strip(SEPARATORS)
        address = absolute(href, base)
        if title and address:
            url = clean_url(address)
            links_by_url.setdefault(url, RelatedLink(title, url))


def _drop_link_lists(blocks: list[PageBlock], url: str, last_text: int, links_by_url: dict[str, RelatedLink]) -> None:
    """Drop lists of nothing but links into the portal, below the text or below a label; those inside the text count as
    related lines."""
    if not has_text(blocks):
        return  # the links may be the text
    text_length = sum(len(block.text) for block in blocks if block.rule is None)
    lines = [(i, block) for i, block in enumerate(blocks) if block.text and block.rule is None]
    after_label_line = False
    for is_list, run in groupby(lines, key=lambda line: is_link_line(line[1], url)):
        run_lines = list(run)
        if not is_list:
            after_label_line = is_label(run_lines[-1][1])
            continue
        run_length = sum(len(block.text) for _, block in run_lines)
        if (after_label_line or run_lines[0][0] > last_text) and run_length < MAX_LINK_SHARE * text_length:
            for position, block in run_lines:
                block.rule = "related"
                if position < last_text:
                    add_links(block, links_by_url, url)


def is_link_line(block: PageBlock, url: str) -> bool:
    """True if a line is nothing but a link into the portal."""
    return (
        len(block.links) == 1
        and block.kind != "table"
        and block.linked_chars >= 0.9 * len(block.text)
        and same_site(absolute(block.links[0][0], url) or "", url)
    )


def is_label(block: PageBlock) -> bool:
    """True if a short line may introduce links: it ends in a colon or a question mark, or is a heading."""
    return (
        len(block.text) <= MAX_LABEL_LENGTH
        and not block.linked_chars
        and (block.text.endswith((":", "?")) or block.kind in SUBHEADING_KINDS or is_bold(block))
    )


def _drop_labels(blocks: list[PageBlock]) -> None:
    """Drop the line that introduces related lines without a label of their own."""
    lines = [block for block in blocks if block.text and block.rule in (None, "related")]
    for position, block in enumerate(lines):
        if block.rule is not None or not is_label(block):
            continue
        first = end = position + 1
        while end < len(lines) and lines[end].rule == "related":
            end += 1
        if end == first or related_label(lines[first].text):
            continue
        is_certain = block.kind not in SUBHEADING_KINDS and block.text.endswith((":", "?"))
        if is_certain or end - first > 1 or end == len(lines) or lines[end].kind in SUBHEADING_KINDS:
            block.rule = "related"


def has_text(blocks: list[PageBlock]) -> bool:
    """True if there is a paragraph longer than a label: a text that links could stand below."""
    return any(block.rule is None and len(block.text) - block.linked_chars > MAX_LABEL_LENGTH for block in blocks)


def _drop_last_links(blocks: list[PageBlock], last_text: int) -> None:
    """Drop the lines below the text that are nothing but a link in words: `Galeri foto`; a bare address is a source."""
    if not has_text(blocks):
        return  # the links may be the text
    for block in blocks[last_text + 1 :]:
        if (
            block.rule is None
            and block.kind == "p"
            and len(block.links) == 1
            and block.linked_chars == len(block.text) <= MAX_LABEL_LENGTH
            and not re.match(r"https?:|www\.", block.text)
        ):
            block.rule = "related"


def _drop_dangling_headings(blocks: list[PageBlock], following_rule: str | None) -> None:
    """Drop the end of a body that refers to something left out: a heading of related links, comments or a form, a
    question above share links."""
    for block in reversed(blocks):
        if block.rule is None and block.text:
            is_sentence = block.text[-1] in ".!”" and not block.text.endswith("...")
            is_heading = block.kind in SUBHEADING_KINDS and len(block.text) <= MAX_LABEL_LENGTH and not is_sentence
            is_question = following_rule in FORM_REGIONS and is_label(block) and block.text.endswith("?")
            if not (following_rule and (is_heading or is_question)) and not COMMENTS_HEADING.fullmatch(block.text):
                return
            block.rule = following_rule if is_question else "related"
        following_rule = block.rule or following_rule
