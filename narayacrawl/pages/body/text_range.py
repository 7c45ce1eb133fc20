"""Find the range of a page's blocks that holds the article's text where no class names it: much text and little else,
from the words that the metadata's description has."""

from narayacrawl.pages.outline.blocks import PageBlock, fold
from narayacrawl.pages.outline.tags import SUBHEADING_KINDS

# How much a block without running text counts against the text going on: a line of links, a short line, a region.
LINK_LINE_COST, SHORT_LINE_COST, REGION_COST = 40, 10, 15
# Regions that hardly ever stand inside a text.
REGION_COSTS = {"comments": 400, "footer": 200, "sidebar": 100, "navigation": 60, "form": 60}
# So many letters tell that a block begins with the description.
OPENING_LETTERS = 40


def find_text_range(blocks: list[PageBlock], text_lengths: list[int], first: int) -> tuple[int, int]:
    """Return start and end of the range of blocks, from `first` on, that holds much text and little else.

    Ranges are the maximum subsequences of Pasternack and Roth (Extracting Article Text from the Web, 2009); the first
    with at least half the best score is taken, since an article stands right below its headline, above the page's other
    texts; where no headline is known (`first` is 0), the best.
    """
    ranges = [(0, first, len(blocks))]
    total, start = 0, first
    best = (0, first, first)
    for position in range(first, len(blocks)):
        total += text_lengths[position] or -_cost(blocks[position])
        if total <= 0:
            ranges.append(best)
            total, start, best = 0, position + 1, (0, first, first)
        elif total > best[0]:
            best = total, start, position + 1
    ranges.append(best)
    highest = max(ranges)[0]
    share = 2 if first else 1
    return next((start, end) for total, start, end in ranges if share * total >= highest and (total or not highest))


def _cost(block: PageBlock) -> int:
    """Return how much a block without running text counts against the text going on after it."""
    if block.rule is not None:
        return REGION_COSTS.get(block.rule, REGION_COST)
    if not block.text or block.kind == "caption" or block.kind in SUBHEADING_KINDS:
        return 0
    return LINK_LINE_COST if 2 * block.linked_chars >= len(block.text) else SHORT_LINE_COST


def find_opening(blocks: list[PageBlock], description: str, first: int) -> int | None:
    """Return the index of the block, from `first` on, that begins with the words of the description; None if none
    does."""
    words = " ".join(description.split()[:3])
    letters = fold(description[: 2 * OPENING_LETTERS])[:OPENING_LETTERS]
    if len(letters) < OPENING_LETTERS:
        return None
    for position in range(first, len(blocks)):
        block = blocks[position]
        if block.rule is None and words in block.text and letters in fold(block.text[: 6 * OPENING_LETTERS]):
            return position
    return None
