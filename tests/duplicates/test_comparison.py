"""What is a copy of a text, and what only looks like one."""

import random

import pytest

from benchmarks.made_up_copies import COPIES, RELATED
from benchmarks.made_up_news import ARTICLES, body
from benchmarks.made_up_series import SERIES
from narayacrawl.duplicates.comparison import Text, Weights, compare, sample_weights, word_changes_of

UNWEIGHTED = Weights({}, 1)
SEEDS = range(3)


def alike(one: str, other: str, weights: Weights = UNWEIGHTED) -> bool:
    return compare(Text(one), Text(other), weights) is not None


@pytest.mark.parametrize("style", ["free", "templates"])
@pytest.mark.parametrize("kind", [kind for kind in COPIES if "15 %" not in kind])
def test_edited_copy_is_one(kind: str, style: str) -> None:
    for seed in SEEDS:
        article = ARTICLES[style](random.Random(seed))
        copy = COPIES[kind](random.Random(seed), article)
        assert alike(body(article), body(copy)), seed
        assert alike(body(copy), body(article)), seed


@pytest.mark.parametrize("kind", RELATED)
def test_text_that_shares_a_part_is_no_copy(kind: str) -> None:
    for seed in SEEDS:
        article = ARTICLES["free"](random.Random(seed))
        assert not alike(body(article), body(RELATED[kind](random.Random(seed), article))), seed


@pytest.mark.parametrize("kind", SERIES)
def test_another_one_of_a_series_is_no_copy(kind: str) -> None:
    for seed in SEEDS:
        one, other = (body(SERIES[kind](random.Random(10 * seed + each))) for each in range(2))
        assert not alike(one, other), seed


def test_figures_alone_make_another_text_of_short_sentences() -> None:
    first = "Pagi tadi air di pintu Manggarai setinggi {} sentimeter. Di Karet airnya {} sentimeter. Di Pluit {} senti."
    rest = " Petugas berjaga sepanjang malam di semua pintu air dan warga bantaran diminta tidak tidur terlalu lelap."
    assert not alike(first.format(750, 420, 180) + rest, first.format(610, 390, 155) + rest)
    assert alike(first.format(750, 420, 180) + rest, first.format(750, 420, 185) + rest)


def test_what_all_texts_have_counts_little() -> None:
    own = [body(ARTICLES["free, short"](random.Random(seed))) for seed in range(120)]
    phrase = body(ARTICLES["free"](random.Random(99)))
    texts = [f"{text}\n\n{phrase}" for text in own]
    weights, common = sample_weights([Text(text).shingles for text in texts])
    assert common >= Text(phrase).shingles
    assert alike(texts[0], texts[1])
    assert not alike(texts[0], texts[1], weights)


def test_tells_what_is_in_common() -> None:
    article = body(ARTICLES["free"](random.Random(1)))
    similarity = compare(Text(article), Text(article), UNWEIGHTED)
    assert similarity is not None
    assert (similarity.jaccard, similarity.containment) == (1.0, 1.0)


def test_words_that_are_lacked_and_added_are_counted_wherever_they_stand() -> None:
    assert word_changes_of(Text("satu dua dua tiga"), Text("Tiga, dua empat lima")) == (2, 2)
