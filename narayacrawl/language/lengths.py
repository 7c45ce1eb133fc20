"""Compare how long texts are: what is read with what a source says there is."""

import re
from typing import Final

from narayacrawl.language.text import MAX_SPLIT_LENGTH

__all__ = ["MAX_COUNTED_LENGTH", "count_words", "is_less", "is_most", "is_much_less", "strip_tags"]

MAX_COUNTED_LENGTH: Final = 20_000
"""Of a longer text the beginning is counted: it is enough to tell much from little."""
MIN_SHARE: Final = 0.6
"""A text of less than this share of another's characters is much less than it."""
LESS: Final = 0.8
"""A text of less than this share of another's characters is less than it."""
MIN_MISSING: Final = 60
"""So many characters are left out of account: a box, a credit or a blurb stands beside a short text, too."""
MOST: Final = 0.9
"""A text of this share of another's characters is most of it."""

_TAG: Final = re.compile(r"<[^<>]*>")
_WORD: Final = re.compile(r"\S+")
# The first bytes of such characters in UTF-8: no curly quotation mark or letter of a Latin script has one.
_FIRST_BYTES: Final = tuple(bytes([first]) for first in (0xE0, *range(0xE3, 0xEE)))
_UNSPACED: Final = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def is_much_less(length: int, other: int) -> bool:
    """True if a text of so many characters is much less than one of `other`: by more than a box or a credit line."""
    return length + MIN_MISSING < MIN_SHARE * other


def is_less(length: int, other: int) -> bool:
    """True if a text of so many characters is less than one of `other`: what is missing must be looked at."""
    return length + MIN_MISSING < LESS * other


def is_most(length: int, other: int) -> bool:
    """True if a text of so many characters is most of one of `other`, which is more than a line."""
    return other > 2 * MIN_MISSING and length >= MOST * other


def count_words(text: str) -> int:
    """Count the words of a text; of a script without spaces between them, its characters, too."""
    words = len(text.split()) if len(text) <= MAX_SPLIT_LENGTH else sum(1 for _ in _WORD.finditer(text))
    if text.isascii():
        return words
    encoded = text.encode("utf-8", "replace")
    return words + (len(_UNSPACED.findall(text)) if any(first in encoded for first in _FIRST_BYTES) else 0)


def strip_tags(html: str) -> str:
    """Return HTML without its tags: never less than a reader sees."""
    return _TAG.sub("", html)
