"""Clean text as the record holds it: Unicode NFC, nothing invisible, one line."""

import re
import unicodedata
from typing import Literal
from urllib.parse import quote

# Soft hyphen, zero width characters, direction marks, word joiner, byte order mark, marks of annotations, of music and
# tags: no reader sees them, and they break search. U+200C and U+200D join or part letters in Persian and Indic scripts
# and emoji, so they go only where neither neighbour is such.
_UNSEEN = (
    "\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U0001d173-\U0001d17a\U000e0000-\U000e007f"
)
# Half a surrogate pair, which JSON-LD may hold, cannot be encoded at all; the last are no characters.
_NO_TEXT = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
# Tags spell the flags of England, Scotland and Wales.
_FLAG = "\U0001f3f4\U000e0067\U000e0062(?:{})\U000e007f".format(
    "|".join("".join(chr(0xE0000 + ord(letter)) for letter in name) for name in ("eng", "sct", "wls"))
)
INVISIBLE = re.compile(
    f"(?P<flag>{_FLAG})|[{_UNSEEN}]"
    "|(?<![\u0600-\u061b\u061d-\u0dff\u1000-\u17ff\U0001f000-\U0001faff\u2600-\u27bf\ufe0f])[\u200c\u200d]"
)
CONTROL = re.compile(f"[{_NO_TEXT}]")
# Any character that either pattern may remove: one search settles most texts, which have none.
INVISIBLE_OR_CONTROL = re.compile(f"[{_NO_TEXT}{_UNSEEN}\u200c\u200d]")
NOT_IN_ADDRESSES = re.compile(f"[{_NO_TEXT}{_UNSEEN}\u200c\u200d\t\n\r\u2028\u2029]")


# Unicode's Stream-Safe Text (UAX #15, 13) has no more marks on a character; no language needs so many.
MAX_MARKS = 30
# Putting marks into order takes quadratic time in the length of their run: in a shorter text that is nothing.
SHORT_TEXT = 2_000
MAX_SPLIT_LENGTH = 50_000


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
    if text.isprintable():  # most are, and this is told in a tenth of the time
        return text
    return CONTROL.sub("", INVISIBLE.sub(r"\g<flag>", text)) if INVISIBLE_OR_CONTROL.search(text) else text


def quote_unseen(url: str) -> str:
    """Return an address with what nobody sees percent-encoded (RFC 3987, 3.1): it leads to the same place."""
    return url if url.isprintable() else NOT_IN_ADDRESSES.sub(lambda match: quote(match[0], errors="replace"), url)


def one_line(text: str) -> str:
    """Return a text on one line, its white space (no-break spaces too) collapsed to single spaces; a long text is split
    piece by piece, since all its words at once take ten times its memory."""
    if len(text) <= MAX_SPLIT_LENGTH:
        text = text.strip()
        # No white space but the space can be printed: most texts need no splitting.
        return text if "  " not in text and text.isprintable() else " ".join(text.split())
    pieces: list[str] = []
    ends_in_space = False
    for start in range(0, len(text), MAX_SPLIT_LENGTH):
        piece = text[start : start + MAX_SPLIT_LENGTH]
        if not piece.isspace():
            if pieces and (ends_in_space or piece[0].isspace()):
                pieces.append(" ")
            pieces.append(" ".join(piece.split()))
        ends_in_space = piece[-1].isspace()
    return "".join(pieces)


def clean_text(text: str) -> str:
    """Return a text in NFC without invisible and control characters, its white space collapsed."""
    return one_line(normalize(without_unseen(text)))
