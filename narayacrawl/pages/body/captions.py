"""Captions that no markup names: the line below a picture, and the line that is nothing but a picture's credit."""

import re

from narayacrawl.language.credits import is_of_picture, split_credit
from narayacrawl.pages.outline.blocks import PageBlock
from narayacrawl.pages.outline.inline import SENTENCE_END, End, Start

# A caption that is neither named nor credited is short, and no sentence.
MAY_BE_CREDIT = re.compile(r"[:/©([]|\bby\b|\boleh\b|^(?:dok|ist|ilustrasi|tangkapan|screenshot)", re.IGNORECASE)
# Scripts whose sentences end without a mark: Thai, Lao, Khmer.
UNMARKED = re.compile("[\u0e00-\u0eff\u1780-\u17ff]")
LONGEST, LONGEST_CREDITED, LONGEST_CREDIT = 150, 300, 120


def name_captions(blocks: list[PageBlock]) -> None:
    """Make captions of the lines of a body that are some."""
    after_picture = False
    for block in blocks:
        if block.kind == "image":
            after_picture = block.rule is None
        elif block.text and block.rule is None:
            if block.kind == "p" and (_is_credit(block) or (after_picture and _is_caption(block))):
                block.kind, block.rule = "caption", "caption"
            after_picture = False


def _is_credit(block: PageBlock) -> bool:
    """Whether a line is a credit and nothing else: `Foto: Sari`, `© Antara`."""
    return (
        len(block.text) <= LONGEST_CREDIT
        and MAY_BE_CREDIT.search(block.text) is not None
        and (is_of_picture(block.text.replace("\u00ad", "")) or _credited(block.text) == (None, True))
    )


def _credited(text: str) -> tuple[str | None, bool]:
    caption, credit = split_credit(text.replace("\u00ad", ""))
    return caption, credit is not None


def _is_caption(block: PageBlock) -> bool:
    if len(block.text) > LONGEST_CREDITED or is_bold(block):
        return False
    if _credited(block.text)[1]:
        return True
    is_sentence = block.text.endswith(SENTENCE_END) or UNMARKED.search(block.text) is not None
    return len(block.text) <= LONGEST and not block.linked and not is_sentence


def is_bold(block: PageBlock) -> bool:
    """Whether a line is bold from end to end: a heading in all but its tag."""
    shown = [part for part in block.parts if type(part) is not str or not part.isspace()]
    return len(shown) > 2 and shown[0] == Start("strong") and shown[-1] == End("strong")
