"""Read what a person asks for, and say it in SQLite's full-text syntax, where no character of it means anything."""

import re
import unicodedata
from typing import Final

QUOTES: Final = '"“”„«»'
PIECE: Final = re.compile(rf"[{QUOTES}]([^{QUOTES}]*)[{QUOTES}]?|([^\s{QUOTES}]+)")
MAX_WORDS: Final = 200


class QueryError(ValueError):
    """Nothing can be searched for by that: one line."""


def full_text_query(asked: str) -> str:
    """Return the query for articles in which all words occur, one in quotation marks next to the other.

    `beras*` is every word that begins so. What has neither letter nor digit is left out.
    """
    text = unicodedata.normalize("NFC", asked.encode(errors="replace").decode()).replace("\0", " ")
    found = [(match[1], "") if match[2] is None else _word(match[2]) for match in PIECE.finditer(text)]
    pieces = [f'"{piece}"{mark}' for piece, mark in found if any(map(str.isalnum, piece))]
    if not pieces:
        raise QueryError(f"no word to search for: {asked!r}" if asked.strip() else "no word to search for")
    if len(pieces) > MAX_WORDS:
        raise QueryError(f"more than {MAX_WORDS} words to search for")
    return " ".join(pieces)


def _word(word: str) -> tuple[str, str]:
    return word.rstrip("*"), "*" if word.endswith("*") else ""
