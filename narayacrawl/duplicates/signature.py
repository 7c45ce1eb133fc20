"""Compute the MinHash bands of a text: texts that share a band are worth a comparison.

Pure functions of a text, the same on every machine: a pool's worker and a Spark executor call them alike. They need
rensa (`.[duplicates]`).
"""

import re
import zlib
from array import array
from collections.abc import Iterable, Sequence, Set
from typing import Final

from rensa import RMinHash

from narayacrawl.language.text import normalize

SHINGLE: Final = 4
"""How many words in a row are one shingle."""
MIN_WORDS: Final = 25
"""A shorter text is not compared: a caption or a greeting is like many others."""
ROWS: Final = 3
BANDS: Final = 42
"""42 bands of 3 rows propose 94 % of the pairs whose Jaccard similarity is 0.4, and 0.1 % of those with 0.03."""
PERMUTATIONS: Final = 128
SEED: Final = 17
WORD: Final = re.compile(r"[^\W_]+")
RUPIAH: Final = re.compile(r"rp\.?(?=\d)")
"""`Rp13.500` and `Rp 13.500` are the same words."""
MARKS: Final = "“”‘’–—"
"""What news has beside ASCII: without them most texts are split in half the time."""
SPACED: Final = "".join(chr(code) if chr(code).isalnum() else " " for code in range(128))


def words_of(text: str) -> list[str]:
    """Return the words and numbers of a text, without case, punctuation and ligatures."""
    text = normalize(text, "NFKC").casefold()
    for mark in MARKS:
        text = text.replace(mark, " ")
    text = RUPIAH.sub("rp ", text)
    return text.translate(SPACED).split() if text.isascii() else WORD.findall(text)


def shingles_of(words: list[str]) -> list[int]:
    """Return the 64-bit hashes of all runs of `SHINGLE` words; of a text with fewer there are none."""
    runs = list(map(" ".join, zip(*(words[start:] for start in range(SHINGLE)), strict=False)))
    hashes: list[int] = RMinHash.hash_token_sets([runs])[0]
    return hashes


def signature(text: str, common: Set[int] = frozenset()) -> list[int]:
    """Return the `BANDS` bands of a text as 32-bit numbers, in order; [] of a text too short to be compared.

    `common` are shingles that say nothing, since many of the compared texts have them (`frequent_shingles`); a text of
    hardly any others keeps them. Texts are worth a comparison if they have an equal number in the same place.
    """
    words = words_of(text)
    return bands_of([shingles_of(words)], common)[0] if len(words) >= MIN_WORDS else []


def bands_of(texts: Iterable[Sequence[int]], common: Set[int]) -> list[list[int]]:
    """Return the bands of texts, given by their shingles: of many at once in a third of the time."""
    rows = RMinHash.digest_matrix_from_token_hash_sets([_telling(own, common) for own in texts], PERMUTATIONS, SEED)
    digests = (array("I", row).tobytes() for row in rows.to_rows())
    size = ROWS * 4
    return [[zlib.crc32(digest[start : start + size]) for start in range(0, BANDS * size, size)] for digest in digests]


def _telling(shingles: Sequence[int], common: Set[int]) -> Sequence[int]:
    """Return the shingles that are not common; all of them where hardly any is left."""
    telling = [shingle for shingle in shingles if shingle not in common] if common else shingles
    return telling if len(telling) * 10 >= len(shingles) else shingles
