"""Compare what was found with the text by the word of the page's own metadata (`articleBody`,
https://schema.org/articleBody): where it stands if much less was found, what rules left out of it, where it ends."""

from typing import Final

from narayacrawl.language.lengths import MAX_COUNTED_LENGTH, is_much_less, strip_tags
from narayacrawl.pages.fields.metadata import Metadata, texts
from narayacrawl.pages.outline.blocks import Container, PageBlock, fold
from narayacrawl.pages.outline.inline import SENTENCE_END
from narayacrawl.pages.outline.outline import Outline

MIN_BLOCK_LENGTH, SAMPLE_LENGTH = 40, 50
"""A block is looked for by its first letters, if it is so long."""
DOUBTFUL_REGIONS: Final = frozenset({"promo", "related", "newsletter", "popup", "sidebar", "tags", "meta", "header"})
"""Regions that may hold the article's sentences by mistake."""
MAX_UNSTATED_SHARE: Final = 0.25
MIN_TIMES: Final = 2
"""So many times more of the text must stand elsewhere."""


def stated_body(metadata: Metadata) -> str:
    """Return the text that the metadata repeats (`articleBody`); "" if none."""
    return " ".join(strip_tags(" ".join(texts(metadata.article.get("articleBody")))[:MAX_COUNTED_LENGTH]).split())


def keep_stated(outline: Outline, container: Container, stated: str) -> Container:
    """Keep the sentences in a container that the metadata repeats, whatever region they stand in, and lengthen it to
    the last block that it repeats."""
    letters = fold(stated)
    last = container.end
    for i in range(container.start, len(outline.blocks)):
        block = outline.blocks[i]
        if (block.rule in DOUBTFUL_REGIONS or (i >= container.end and block.rule is None)) and _is_stated(
            block, letters
        ):
            if block.rule is not None:
                outline.overruled[block.element] = block.rule
                block.rule = None
            last = max(last, i + 1)
    if last == container.end:
        return container
    around = [c for c in outline.containers if c.start <= container.start and last <= c.end]
    return Container(around[-1].element, container.start, container.is_body, end=last) if around else container


def drop_unstated(blocks: list[PageBlock], stated: str) -> None:
    """Drop what stands below the block that the metadata's text ends with, if that is little."""
    if len(stated) >= MAX_COUNTED_LENGTH or stated.endswith(("…", "...", "]")):
        return  # it has the beginning alone
    end = fold(stated)[-SAMPLE_LENGTH:]
    kept = [block for block in blocks if block.rule is None and block.text]
    ends = [i for i, block in enumerate(kept) if len(end) == SAMPLE_LENGTH and fold(block.text).endswith(end)]
    if not ends:
        return
    last = ends[-1]
    below = sum(len(block.text) for block in kept[last + 1 :])
    if below <= MAX_UNSTATED_SHARE * sum(len(block.text) for block in kept):
        for block in kept[last + 1 :]:
            block.rule = "box"


def _is_stated(block: PageBlock, letters: str) -> bool:
    """True if a paragraph of sentences is repeated by the metadata."""
    return (
        len(block.text) >= MIN_BLOCK_LENGTH
        and block.kind in ("p", "blockquote")
        and 2 * block.linked_chars < len(block.text)
        and block.text.endswith(SENTENCE_END)
        and fold(block.text[: 2 * SAMPLE_LENGTH])[:SAMPLE_LENGTH] in letters
    )


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
