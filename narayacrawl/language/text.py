"""Clean text as the record holds it: Unicode NFC, nothing invisible, one line."""

import re
import unicodedata

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


def clean_text(text: str) -> str:
    """Return a text in NFC without invisible and control characters, its white space (no-break spaces too) collapsed to
    single spaces."""
    text = unicodedata.normalize("NFC", text)
    if INVISIBLE_OR_CONTROL.search(text):
        text = CONTROL.sub("", INVISIBLE.sub("", text))
    return " ".join(text.split())
