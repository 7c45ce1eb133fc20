"""The bands of a text: equal for equal words, and as often shared as two texts are alike."""

import random

import pytest

from benchmarks.made_up_copies import COPIES
from benchmarks.made_up_news import ARTICLES, body
from narayacrawl.duplicates.signature import BANDS, MIN_WORDS, bands_of, shingles_of, signature, words_of

TEXT = body(ARTICLES["free"](random.Random(1)))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("“Harga naik,” kata Ibu Siti.", '"HARGA NAIK" — kata ibu Siti'),
        ("Rp13.500 per kg", "Rp 13.500 per kg"),
        ("ﬁnal di Bandung", "final di Bandung"),
        ("anak-anak\n\nmandi_pagi", "anak anak mandi pagi"),
        ("covid19 ‘kafe’ 3/4", "Covid19, kafe; 3–4"),
    ],
)
def test_words_have_no_case_punctuation_or_ligatures(one: str, other: str) -> None:
    assert words_of(one) == words_of(other)


def test_letters_and_digits_are_words() -> None:
    assert words_of("Rp13.500, pukul 07:30") == ["rp", "13", "500", "pukul", "07", "30"]


def test_short_text_has_no_bands() -> None:
    assert signature("kata " * (MIN_WORDS - 1)) == []
    assert signature("") == []


def test_equal_words_have_equal_bands() -> None:
    bands = signature(TEXT)
    assert len(bands) == BANDS
    assert signature(TEXT.upper().replace(". ", " — ")) == bands


def test_bands_are_the_same_on_every_machine() -> None:
    assert signature(" ".join(f"kata{number}" for number in range(40)))[:2] == [1250839917, 3439457238]


def test_copy_shares_bands_and_another_text_none() -> None:
    bands = signature(TEXT)
    copy = signature(body(COPIES["synonyms, 5 %"](random.Random(3), ARTICLES["free"](random.Random(1)))))
    other = signature(body(ARTICLES["free"](random.Random(2))))
    assert sum(map(int.__eq__, bands, copy)) > 5
    assert sum(map(int.__eq__, bands, other)) == 0


def test_common_shingles_propose_nothing_unless_a_text_has_no_others() -> None:
    shingles = shingles_of(words_of(TEXT))
    some, rest = frozenset(shingles[::2]), shingles[1::2]
    assert bands_of([shingles], some) == bands_of([rest], frozenset())
    assert bands_of([shingles], frozenset(shingles)) == bands_of([shingles], frozenset())


def test_text_with_other_letters_is_split_alike() -> None:
    assert words_of(f"{TEXT} kafé") == [*words_of(TEXT), "kafé"]
