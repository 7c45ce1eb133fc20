"""The standfirst: the sentence or two between the headline and the body that many themes set apart."""

import re

from narayacrawl.language.indonesian import is_blurb, is_placeholder
from narayacrawl.pages.body.container import is_caption
from narayacrawl.pages.body.header_lines import is_header_line
from narayacrawl.pages.outline.blocks import Container, PageBlock, fold
from narayacrawl.pages.outline.inline import SENTENCE_END
from narayacrawl.pages.outline.outline import Outline

# What themes call it: WordPress' excerpt, the subtitle of JNews, Newspaper and Jannah, the words of the press.
NAME = re.compile(
    r"(?:^|[\s_-])(?:lead|lede|teaser|excerpt|summary|standfirst|subtitle|sub-?title|sub-?head(?:line|ing)?|dek|deck"
    r"|intro|abstract|chapo|strapline|sinopsis|ringkasan)(?:$|[\s_-])",
    re.IGNORECASE,
)
# What else may stand there.
OTHER_NAME = re.compile(r"caption|copyright|(?:^|[\s_-])(?:time|date|meta|bio|login|author)(?:$|[\s_-])", re.IGNORECASE)
KINDS = frozenset({"p", "h2", "h3", "h4"})
# How long it is where it is named, where nothing names it, and at most.
NAMED, UNNAMED, LONGEST = 30, 80, 1200
LINES = 4


def standfirst(outline: Outline, title_position: int, container: Container, opening: str) -> list[PageBlock]:
    """The blocks between the title and the body that are the article's text; [] where there is none.

    A theme may print the body's own first words there, as WordPress' automatic excerpt does: what `opening`, the body's
    first text, begins with is no standfirst.
    """
    if not title_position or container.start <= title_position:
        return []
    headline = outline.blocks[title_position - 1].element
    between = [
        p
        for p in outline.blocks[title_position : container.start]
        if p.rule is None and _may_be(p) and (outline.lists.hold(headline) or not outline.lists.hold(p.element))
    ]
    known = fold(opening)
    found = [p for p in between if not known.startswith(fold(p.text.rstrip(" .…[]"))[:60])]
    return found if 0 < len(found) <= LINES and sum(len(p.text) for p in found) <= LONGEST else []


def _may_be(block: PageBlock) -> bool:
    if block.kind not in KINDS or 3 * block.linked > len(block.text) or len(block.text) < NAMED:
        return False
    box = block.element.getparent()
    names = " ".join(element.get("class") or "" for element in (block.element, box) if element is not None)
    if not NAME.search(names) and (
        len(block.text) < UNNAMED or not block.text.endswith(SENTENCE_END) or OTHER_NAME.search(names)
    ):
        return False
    return not (is_header_line(block) or is_caption(block) or is_placeholder(block.text) or is_blurb(block.text))
