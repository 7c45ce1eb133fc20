"""Clean text as the record holds it: Unicode NFC, nothing invisible, one line."""

import re
import unicodedata
from typing import Literal
from urllib.parse import quote

# Soft hyphen, zero width characters, direction marks, word joiner, byte order mark: no reader sees them, and they break
# search. U+200C and U+200D join or part letters in Persian and Indic scripts and emoji, so they go only where neither
# neighbour is such.
INVISIBLE = re.compile(
    "[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]|(?<![\u0600-\u0dff\u1000-\u17ff\U0001f000-\U0001faff\u2600-\u27bf\ufe0f])[\u200c\u200d]"
)
# Half a surrogate pair, which JSON-LD may hold, cannot be encoded at all.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
# Any character that either pattern may remove: one search settles most texts, which have none.
INVISIBLE_OR_CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)


# Unicode's Stream-Safe Text (UAX #15, 13) has no more marks on a character; no language needs so many.
MAX_MARKS = 30
# Putting marks into order takes quadratic time in the length of their run: in a shorter text that is nothing.
SHORT_TEXT = 2_000


def normalize(text: str, form: Literal["NFC", "NFKC"] = "NFC") -> str:
    """Put a text in a Unicode normal form, in time that grows with its length; what a character has of marks beyond
    `MAX_MARKS` is left out."""
    if len(text) > SHORT_TEXT and not text.isascii():
        text = _without_long_runs_of_marks(text)
    return unicodedata.normalize(form, text)


def _without_long_runs_of_marks(text: str) -> str:
    kept, run, start = [], 0, 0
    for place, character in enumerate(text):
        if not unicodedata.combining(character):
            if run > MAX_MARKS:
                start = place
            run = 0
            continue
        run += 1
        if run == MAX_MARKS + 1:
            kept.append(text[start:place])
    if run <= MAX_MARKS:
        kept.append(text[start:])
    return "".join(kept)


def without_unseen(text: str) -> str:
    """Return a text without control characters, direction marks and what else nobody sees; its white space stays."""
    return CONTROL.sub("", INVISIBLE.sub("", text)) if INVISIBLE_OR_CONTROL.search(text) else text


def quote_unseen(url: str) -> str:
    """Return an address with what nobody sees percent-encoded (RFC 3987, 3.1): it leads to the same place."""
    return INVISIBLE_OR_CONTROL.sub(lambda match: quote(match[0], errors="replace"), url)


def clean_text(text: str) -> str:
    """Return a text in NFC without invisible and control characters, its white space (no-break spaces too) collapsed to
    single spaces."""
    return " ".join(without_unseen(normalize(text)).split())
