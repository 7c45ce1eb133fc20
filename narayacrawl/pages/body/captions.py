"""Find captions without a caption's markup: the line below a picture, and the line that is nothing but a picture's
credit."""

import re

from narayacrawl.language.credits import credit_names
from narayacrawl.language.picture_credits import is_by_name, is_picture_credit, split_credit
from narayacrawl.pages.outline.blocks import PageBlock
from narayacrawl.pages.outline.inline import SENTENCE_END, EndTag, StartTag

# Words and signs of a credit.
CREDIT_HINT = re.compile(r"[:/©([]|\bby\b|\boleh\b|^(?:dok|ist|ilustrasi|tangkapan|screenshot)", re.IGNORECASE)
# Scripts whose sentences end without a mark: Thai, Lao, Khmer.
UNPUNCTUATED_SCRIPT = re.compile("[\u0e00-\u0eff\u1780-\u17ff]")
MAX_CAPTION_LENGTH, MAX_CREDITED_LENGTH, MAX_CREDIT_LENGTH, MAX_SECOND_LENGTH = 150, 300, 120, 60


def mark_captions(blocks: list[PageBlock]) -> None:
    """Turn the lines of a body that are captions into captions."""
    after_picture = has_caption = False
    captions = {block.text for block in blocks if block.kind == "caption"}
    for block in blocks:
        if block.kind == "image":
            after_picture, has_caption = block.rule is None, False
        elif block.kind == "caption":
            has_caption = True
        elif block.text and block.rule is None:
            if block.kind == "p" and (
                block.text in captions or _reads_as_caption(block, after_picture=after_picture, has_caption=has_caption)
            ):
                block.kind, block.rule = "caption", "caption"
            after_picture = has_caption = False


def _reads_as_caption(block: PageBlock, *, after_picture: bool, has_caption: bool) -> bool:
    """True if a line is a caption: by its words, or as the line below a picture. A byline is one only below a picture
    that has no other, and such a picture is followed by its credit at most."""
    if is_by_name(block.text):
        return after_picture and not has_caption
    may_be_caption = after_picture and not (has_caption and len(block.text) > MAX_SECOND_LENGTH)
    return _is_credit(block) or (may_be_caption and _is_caption(block))


def _is_credit(block: PageBlock) -> bool:
    """True if a line is a credit and nothing else: `Foto: Sari`, `© Antara`."""
    return (
        len(block.text) <= MAX_CREDIT_LENGTH
        and CREDIT_HINT.search(block.text) is not None
        and (is_picture_credit(block.text.replace("\u00ad", "")) or _split_credit(block.text) == (None, True))
    )


def _split_credit(text: str) -> tuple[str | None, bool]:
    """Return the caption without its credit, and True if there is a credit."""
    caption, credit = split_credit(text.replace("\u00ad", ""))
    return caption, credit is not None


def _is_caption(block: PageBlock) -> bool:
    """True if the line below a picture is its caption."""
    if len(block.text) > MAX_CREDITED_LENGTH or is_bold(block) or _names_writers(block.text):
        return False
    if _split_credit(block.text)[1]:
        return True
    is_sentence = block.text.endswith(SENTENCE_END) or UNPUNCTUATED_SCRIPT.search(block.text) is not None
    return len(block.text) <= MAX_CAPTION_LENGTH and not block.linked_chars and not is_sentence


def _names_writers(text: str) -> bool:
    """True if a line names who wrote or edited the text: `Penulis: Sari | Editor: Budi`."""
    return any(credit_names(text) or ())


def is_bold(block: PageBlock) -> bool:
    """True if a line is bold from end to end: a heading in all but its tag."""
    tokens = [token for token in block.tokens if type(token) is not str or not token.isspace()]
    return len(tokens) > 2 and tokens[0] == StartTag("strong") and tokens[-1] == EndTag("strong")
