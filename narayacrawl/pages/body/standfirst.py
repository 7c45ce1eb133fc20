"""Find the standfirst: the sentence or two between the headline and the body that many themes set apart."""

import re

from narayacrawl.language.indonesian import is_blurb, is_placeholder
from narayacrawl.pages.body.container import is_caption
from narayacrawl.pages.body.header_lines import is_header_line
from narayacrawl.pages.outline.blocks import Container, PageBlock, fold
from narayacrawl.pages.outline.inline import SENTENCE_END
from narayacrawl.pages.outline.outline import Outline

# Its classes: WordPress' excerpt, the subtitle of JNews, Newspaper and Jannah, the words of the press.
STANDFIRST_CLASS = re.compile(
    r"(?:^|[\s_-])(?:lead|lede|teaser|excerpt|summary|standfirst|subtitle|sub-?title|sub-?head(?:line|ing)?|dek|deck"
    r"|intro|abstract|chapo|strapline|sinopsis|ringkasan)(?:$|[\s_-])",
    re.IGNORECASE,
)
# Classes of what else may stand there.
OTHER_CLASS = re.compile(
    r"caption|copyright|(?:^|[\s_-])(?:time|date|meta|bio|login|author)(?:$|[\s_-])", re.IGNORECASE
)
STANDFIRST_KINDS = frozenset({"p", "h2", "h3", "h4"})
# Its least length with such a class and without one, and its greatest length in all.
MIN_NAMED_LENGTH, MIN_UNNAMED_LENGTH, MAX_LENGTH = 30, 80, 1200
MAX_BLOCKS = 4


def find_standfirst(outline: Outline, headline_end: int, container: Container, opening: str) -> list[PageBlock]:
    """Return the blocks between the headline and the body that are the article's text; [] if there are none.

    A theme may repeat the body's first words there, as WordPress' automatic excerpt does: what `opening`, the body's
    first text, begins with is no standfirst.
    """
    if not headline_end or container.start <= headline_end:
        return []
    headline = outline.blocks[headline_end - 1].element
    candidates = [
        block
        for block in outline.blocks[headline_end : container.start]
        if block.rule is None
        and _may_be_standfirst(block)
        and (outline.link_cards.contain(headline) or not outline.link_cards.contain(block.element))
    ]
    folded_opening = fold(opening)
    found = [block for block in candidates if not folded_opening.startswith(fold(block.text.rstrip(" .…[]"))[:60])]
    return found if 0 < len(found) <= MAX_BLOCKS and sum(len(block.text) for block in found) <= MAX_LENGTH else []


def _may_be_standfirst(block: PageBlock) -> bool:
    """True if a block may be a standfirst, by its class, length and end."""
    if (
        block.kind not in STANDFIRST_KINDS
        or 3 * block.linked_chars > len(block.text)
        or len(block.text) < MIN_NAMED_LENGTH
    ):
        return False
    parent = block.element.getparent()
    names = " ".join(element.get("class") or "" for element in (block.element, parent) if element is not None)
    if not STANDFIRST_CLASS.search(names) and (
        len(block.text) < MIN_UNNAMED_LENGTH or not block.text.endswith(SENTENCE_END) or OTHER_CLASS.search(names)
    ):
        return False
    return not (is_header_line(block) or is_caption(block) or is_placeholder(block.text) or is_blurb(block.text))
