"""Find the standfirst: the sentence or two between the headline and the body that many themes set apart.

One theme prints it and the next does not, so it is no part of the body.
"""

import re
from collections.abc import Sequence
from itertools import dropwhile, takewhile

from lxml.etree import _Element as Element

from narayacrawl.language.indonesian import is_blurb, is_placeholder, split_dateline
from narayacrawl.pages.body.container import SHORT_ARTICLE_LENGTH, is_caption, running_text_length
from narayacrawl.pages.body.header_lines import is_header_line, tells_author_or_date
from narayacrawl.pages.outline.blocks import Container, PageBlock, fold
from narayacrawl.pages.outline.inline import SENTENCE_END, EndTag, StartTag, bold_opening
from narayacrawl.pages.outline.outline import Outline

# Its classes: WordPress' excerpt, the subtitle of JNews, Newspaper and Jannah, the words of the press.
STANDFIRST_CLASS = re.compile(
    r"(?:^|[\s_-])(?:lead|lede|teaser|excerpt|summary|standfirst|subtitle|sub-?title|sub-?head(?:line|ing)?|dek|deck"
    r"|intro|abstract|chapo|strapline|sinopsis|ringkasan|sub-?judul|anak-?judul)(?:$|[\s_-])",
    re.IGNORECASE,
)
# Of these, the classes that a theme writes and no editor: they name it inside the text's own element, too.
THEME_CLASS = re.compile(
    r"(?:^|[\s_-])(?:(?:post|entry|article|single|news)[_-](?:excerpt|summary|subtitle|sub-?title|sub-?heading|lead|lede"
    r"|intro|teaser)|excerpt|subtitle|sub-?title|standfirst|strapline|dek|deck|chapo)(?:$|[\s_-])",
    re.IGNORECASE,
)
# The same by microdata.
DESCRIPTIONS = frozenset({"description", "alternativeHeadline"})
# Classes of what else may stand there.
OTHER_CLASS = re.compile(
    r"caption|copyright|(?:^|[\s_-])(?:time|date|meta|bio|login|author)(?:$|[\s_-])", re.IGNORECASE
)
STANDFIRST_KINDS = frozenset({"p", "h2", "h3", "h4"})
# Its least length with such a class and without one, and its greatest length in all.
MIN_NAMED_LENGTH, MIN_UNNAMED_LENGTH, MAX_LENGTH = 30, 80, 1200
MAX_BLOCKS = 4
# Blocks at the beginning of a text, pictures and links included, among which its header stands.
MAX_HEADER_BLOCKS = 12
# So many letters that are those of the text tell that it repeats the text.
REPEATED_LETTERS = 60


def text_beside_standfirst(
    outline: Outline, container: Container, headline_end: int, site_names: Sequence[str]
) -> Container:
    """Return the element with the text alone where a container that no class names holds the standfirst beside it; else
    the container."""
    if container.is_body or not headline_end:
        return container
    blocks = outline.blocks
    bodies = {other.element for other in outline.containers if other.is_body}
    below = range(max(container.start, headline_end), container.end)
    texts = [i for i in below if running_text_length(blocks[i]) and not is_header_line(blocks[i])]
    for count, first in enumerate(texts[1 : MAX_BLOCKS + 1], 1):
        before = [blocks[i] for i in texts[:count]]
        if not _may_be_all(before) or any(_has_dateline(block, site_names) for block in before):
            return container
        if any(block.element.getparent() in bodies for block in before):
            return container
        rest = blocks[first : texts[-1] + 1]
        if count > 1 and not all(STANDFIRST_CLASS.search(_names(block)) or _is_set_off(block) for block in before):
            return container  # several paragraphs are the text's beginning
        inner = next((c for c in outline.containers if texts[count - 1] < c.start <= first and c.end > texts[-1]), None)
        if inner is None or sum(map(running_text_length, rest)) < SHORT_ARTICLE_LENGTH:
            continue
        around = {*inner.element.iterancestors()}
        if all(_stands_in(block, around) for block in before):
            return Container(inner.element, inner.start, end=min(inner.end, container.end))
    return container


def _stands_in(block: PageBlock, around: set[Element]) -> bool:
    """True if a block stands directly in one of the elements around the text, or a class says what it is."""
    return block.element.getparent() in around or STANDFIRST_CLASS.search(_names(block)) is not None


def find_standfirst(
    outline: Outline, headline_end: int, container: Container, blocks: list[PageBlock], site_names: Sequence[str]
) -> tuple[list[PageBlock], list[PageBlock]]:
    """Return the blocks of the standfirst, and blocks above the container that are the text itself; the container's own
    are marked.

    `blocks` are the container's. A theme may repeat the text's first words, as WordPress' automatic excerpt does: that
    is no standfirst. What opens with a dateline is the text.
    """
    above = _above(outline, headline_end, container)
    datelines = [i for i, block in enumerate(above) if _has_dateline(block, site_names)]
    above, text = (above[: datelines[0]], above[datelines[0] :]) if datelines else (above, [])
    inside = [] if text else _inside(blocks, site_names, is_named=container.is_body)
    if not (above or inside or text):
        return [], []
    for block in inside:
        block.rule = "standfirst"
    kept = [block for block in blocks if block.rule is None and block.text]
    rest = [block for block in blocks if block.rule != "standfirst"]
    # The automatic excerpt has the words of the one or the other: it takes captions and related lines along.
    openings = [_opening("".join(block.text[:MAX_LENGTH] for block in group)) for group in (kept[:3], rest[:8])]
    return [block for block in (*above, *inside) if not _repeats(block, openings)], [
        block for block in text if not _repeats(block, openings)
    ]


def _above(outline: Outline, headline_end: int, container: Container) -> list[PageBlock]:
    """Return the blocks between the headline and the body that may be a standfirst; [] if they are too many."""
    if not headline_end or container.start <= headline_end:
        return []
    headline = outline.blocks[headline_end - 1].element
    between = outline.blocks[headline_end : container.start]
    found = [
        block
        for block in between
        if block.rule is None
        and (may_be_standfirst(block) or _is_above_byline(block, between, in_text=False))
        and (outline.link_cards.contain(headline) or not outline.link_cards.contain(block.element))
    ]
    return found if len(found) <= MAX_BLOCKS and sum(len(block.text) for block in found) <= MAX_LENGTH else []


def _inside(blocks: list[PageBlock], site_names: Sequence[str], *, is_named: bool) -> list[PageBlock]:
    """Return the first blocks of the text's own element that are no text: what stands before the dateline; what a class
    calls so that themes give to it; in an element that no class names, what its type sets off above the picture."""
    lines = [block for block in blocks if block.rule is None and block.text and block.kind != "caption"]
    opening = [*takewhile(lambda block: not _has_dateline(block, site_names), lines[: MAX_BLOCKS + 1])]
    if len(opening) < len(lines[: MAX_BLOCKS + 1]):  # nothing may stand before the dateline but a standfirst
        may_be = (
            may_be_standfirst(own) or _is_set_off(own) or _is_above_byline(own, blocks, in_text=True) for own in opening
        )
        found = opening if all(may_be) else []
    else:
        named = THEME_CLASS if is_named else STANDFIRST_CLASS
        found = [*takewhile(lambda block: named.search(_names(block)) and may_be_standfirst(block), opening)]
        # The class of an element that holds the text, too, says nothing of these.
        while found and not named.search(found[-1].element.get("class") or ""):
            following = lines[len(found) : len(found) + 1]
            if not following or following[0].element.getparent() is not found[-1].element.getparent():
                break
            found.pop()
        if not found and opening and _is_above_byline(opening[0], blocks, in_text=True):
            found = opening[:1]
        if not found and not is_named and any(block.kind == "image" for block in blocks):
            above_picture = {id(block) for block in takewhile(lambda block: block.kind != "image", blocks)}
            found = [block for block in opening if id(block) in above_picture]
            found = found if all(map(_is_set_off, found)) and _may_be_all(found) else []
    rest = sum(map(running_text_length, lines[len(found) :]))
    is_short = len(found) <= MAX_BLOCKS and sum(len(block.text) for block in found) <= min(MAX_LENGTH, rest)
    return found if is_short else []


def _has_dateline(block: PageBlock, site_names: Sequence[str]) -> bool:
    return split_dateline(block.text, site_names, bold_opening(block.tokens))[0] is not None


def _is_set_off(block: PageBlock) -> bool:
    """True if a block is a heading, or all of it in italics or bold, and long enough for a standfirst."""
    is_own = block.kind in STANDFIRST_KINDS and (block.kind != "p" or _is_emphasised(block))
    return is_own and len(block.text) >= MIN_NAMED_LENGTH and not is_header_line(block)


def _is_above_byline(block: PageBlock, blocks: list[PageBlock], *, in_text: bool) -> bool:
    """True if a sentence is the first of these blocks below the headline, and author or date stand on the next line;
    `in_text` if the blocks are the text's own, where only a header that was found counts."""
    lines = [own for own in blocks[:MAX_HEADER_BLOCKS] if own.text]
    lines = [*dropwhile(lambda own: own.rule in ("title", "header"), lines)]
    if len(block.text) < MIN_NAMED_LENGTH or len(lines) < 2 or lines[0] is not block:
        return False
    following = lines[1]
    return (
        block.kind in STANDFIRST_KINDS
        and 3 * block.linked_chars <= len(block.text)
        and block.text.endswith(SENTENCE_END)
        and not (is_header_line(block) or is_placeholder(block.text) or is_blurb(block.text))
        and (
            following.rule == "header"
            or (not in_text and following.rule in (None, "meta", "author") and tells_author_or_date(following))
        )
    )


def _repeats(block: PageBlock, openings: list[str]) -> bool:
    """True if a block has the words that the text begins with."""
    words = _opening(block.text.rstrip(" .…[]"))
    return any(opening.startswith(words) for opening in openings)


def _opening(text: str) -> str:
    """Return the first letters of a text, by which a repetition of it is known."""
    return fold(text[:MAX_LENGTH])[:REPEATED_LETTERS]


def _names(block: PageBlock) -> str:
    """Return the classes of a block's element and of the one around it, one for a description in microdata, too."""
    parent = block.element.getparent()
    names = " ".join(element.get("class") or "" for element in (block.element, parent) if element is not None)
    return f"{names} summary" if block.element.get("itemprop") in DESCRIPTIONS else names


def _is_emphasised(block: PageBlock) -> bool:
    """True if all of a block's text is in italics or bold."""
    depth = 0
    for token in block.tokens:
        if isinstance(token, StartTag):
            depth += token.name in ("em", "strong")
        elif isinstance(token, EndTag):
            depth -= token.name in ("em", "strong")
        elif isinstance(token, str) and token.strip() and not depth:
            return False
    return depth == 0 and bool(block.text)


def _may_be_all(blocks: list[PageBlock]) -> bool:
    """True if these are few and each may be a standfirst."""
    total = sum(len(block.text) for block in blocks)
    return 0 < len(blocks) <= MAX_BLOCKS and total <= MAX_LENGTH and all(map(may_be_standfirst, blocks))


def may_be_standfirst(block: PageBlock) -> bool:
    """True if a block may be a standfirst, by its class, length and end."""
    if (
        block.kind not in STANDFIRST_KINDS
        or 3 * block.linked_chars > len(block.text)
        or len(block.text) < MIN_NAMED_LENGTH
    ):
        return False
    names = _names(block)
    if not STANDFIRST_CLASS.search(names) and (
        len(block.text) < MIN_UNNAMED_LENGTH or not block.text.endswith(SENTENCE_END) or OTHER_CLASS.search(names)
    ):
        return False
    return not (is_header_line(block) or is_caption(block) or is_placeholder(block.text) or is_blurb(block.text))
