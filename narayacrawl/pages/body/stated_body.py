"""Find the article's text by the word of its own metadata (`articleBody`, https://schema.org/articleBody), where much
less than that was found."""

from typing import Final

from narayacrawl.language.lengths import is_much_less, strip_tags
from narayacrawl.pages.fields.metadata import Metadata, texts
from narayacrawl.pages.outline.blocks import Container, fold
from narayacrawl.pages.outline.outline import Outline

MAX_COUNTED_LENGTH: Final = 20_000
"""Of a longer text the beginning is counted: it is enough to tell much from little."""
MIN_BLOCK_LENGTH, SAMPLE_LENGTH = 40, 50
"""A block is looked for by its first letters, if it is so long."""
MIN_TIMES: Final = 2
"""So many times more of the text must stand elsewhere."""


def stated_body(metadata: Metadata) -> str:
    """Return the text that the metadata repeats (`articleBody`); "" if none."""
    return " ".join(strip_tags(" ".join(texts(metadata.article.get("articleBody")))[:MAX_COUNTED_LENGTH]).split())


def find_stated_text(outline: Outline, chosen: Container | None, stated: str) -> Container | None:
    """Return where the text stands that the metadata repeats, if `chosen` holds much less of it; else None. What rules
    have left out of it is kept."""
    blocks = outline.blocks
    own = blocks[chosen.start : chosen.end] if chosen else []
    length = sum(len(block.text) for block in own if block.rule is None)
    if not is_much_less(length, len(stated)):
        return None
    letters = fold(stated)
    found = [
        i
        for i, block in enumerate(blocks)
        if len(block.text) >= MIN_BLOCK_LENGTH
        and block.kind != "caption"
        and fold(block.text[: 2 * SAMPLE_LENGTH])[:SAMPLE_LENGTH] in letters
    ]
    if not found or sum(len(blocks[i].text) for i in found) < max(MIN_TIMES * length, len(stated) // MIN_TIMES):
        return None
    for block in (blocks[i] for i in found):
        if block.rule is not None:
            outline.overruled[block.element] = block.rule
            block.rule = None
    around = [c for c in outline.containers if c.start <= found[0] and found[-1] < c.end]
    return Container(around[-1].element, found[0], is_body=True, end=found[-1] + 1) if around else None
