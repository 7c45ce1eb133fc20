"""Compare two texts: what they have in common, and whether one is a copy of the other.

Words in common alone do not make a copy. A report that goes on with a story repeats its background in whole
paragraphs; the prices of today are yesterday's sentences with other numbers. So a copy has most of its text in common
with the other one, in sentences that tell the same facts.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from math import log
from typing import Final, NamedTuple

from narayacrawl.duplicates.signature import shingles_of, words_of
from narayacrawl.language.text import normalize

MIN_SHARED: Final = 12
"""Shingles in common; fewer are a phrase."""
MIN_JACCARD: Final = 0.4
MIN_CONTAINED: Final = 0.6
MIN_COVERED: Final = 0.45
"""Texts are alike with this Jaccard similarity, or if the shorter has this share of its shingles in the longer, and the
longer this share of its in the shorter: a report that repeats a third of another's text has less."""
DOUBTFUL_JACCARD: Final = 0.17
"""Texts with less are not alike. Between this and `MIN_JACCARD`, sentences decide."""
MIN_SENTENCES: Final = 0.6
"""Texts are alike if so much of either stands in sentences that the other has, words replaced here and there."""
SAME_SENTENCE: Final = 0.6
"""Two sentences that share this much of their words are one that was edited."""
MAX_OTHER_FACTS: Final = 0.35
"""Of the sentences with numbers or names that both texts have, so many may tell others: of two in a series nearly all
do."""
SENTENCE_END: Final = re.compile(r"(?<=[.!?…])[\"'”’)\]]*\s+|\n+")
TOKEN: Final = re.compile(r"\d+(?:[.,:/]\d+)*|[^\W\d_]+(?:[’'][^\W\d_]+)*")
RARE: Final = 10
"""A shingle that so few of the sampled texts have counts fully."""


class Weights:
    """Weighs a shingle by how few texts have it: 1 for a rare one, towards 0 for one that most have."""

    def __init__(self, counts: Mapping[int, int], texts: int) -> None:
        """`counts` tells in how many of a sample of `texts` a shingle is."""
        self.weights = {
            shingle: weight
            for shingle, count in counts.items()
            if count > RARE and (weight := log(texts / count) / log(100)) < 1
        }

    def of(self, shingles: Set[int]) -> float:
        weights = self.weights
        if not weights:
            return float(len(shingles))
        known = [weights[shingle] for shingle in shingles if shingle in weights]
        return len(shingles) - len(known) + sum(known)


class Sentence(NamedTuple):
    """A sentence, without case."""

    words: tuple[str, ...]
    frame: frozenset[str]
    """Its words but numbers and names."""
    numbers: frozenset[str]
    names: frozenset[str]
    """Words with a capital, but its first one: names, months, days."""

    def tells_others(self, other: "Sentence") -> bool:
        """True if each has a number, or a name, that the other lacks."""
        return any(own - its and its - own for own, its in ((self.numbers, other.numbers), (self.names, other.names)))


class Text:
    """A text as it is compared."""

    def __init__(self, body: str) -> None:
        self.body = body

    @cached_property
    def words(self) -> list[str]:
        return words_of(self.body)

    @cached_property
    def shingles(self) -> set[int]:
        return set(shingles_of(self.words))

    @cached_property
    def sentences(self) -> list[Sentence]:
        return [sentence for part in SENTENCE_END.split(normalize(self.body, "NFKC")) if (sentence := _sentence(part))]


def _sentence(part: str) -> Sentence | None:
    tokens = TOKEN.findall(part)
    if len(tokens) < 2:
        return None
    numbers = frozenset(token.replace(".", "").replace(",", "") for token in tokens if token[0].isdecimal())
    names = frozenset(token.casefold() for token in tokens[1:] if token[0].isupper())
    words = tuple(token.casefold() for token in tokens)
    frame = frozenset(word for word in words if not word[0].isdecimal() and word not in names)
    return Sentence(words, frame, numbers, names)


@dataclass(frozen=True, slots=True)
class Similarity:
    """What two texts have in common, in shares from 0 to 1."""

    jaccard: float
    """Of all shingles that either has."""
    containment: float
    """Of the shingles of the text that has fewer."""


def compare(first: Text, second: Text, weights: Weights) -> Similarity | None:
    """Return what two texts have in common; None if neither is a copy of the other."""
    common = first.shingles & second.shingles
    if len(common) < MIN_SHARED:
        return None
    shared, sizes = weights.of(common), sorted((weights.of(first.shingles), weights.of(second.shingles)))
    jaccard = shared / (sum(sizes) - shared)
    if jaccard < DOUBTFUL_JACCARD:
        return None
    matched = _match_sentences(first.sentences, second.sentences)
    if matched.other_facts > max(1, MAX_OTHER_FACTS * matched.facts):
        return None
    is_alike = jaccard >= MIN_JACCARD or (shared >= MIN_CONTAINED * sizes[0] and shared >= MIN_COVERED * sizes[1])
    if not (is_alike or matched.covered >= MIN_SENTENCES):
        return None
    least = min(len(first.shingles), len(second.shingles))
    union = len(first.shingles) + len(second.shingles) - len(common)
    return Similarity(len(common) / union, len(common) / least)


class Matched(NamedTuple):
    """How the sentences of two texts match."""

    covered: float
    """The share of words in matching sentences that tell the same, of the text that has the smaller one."""
    facts: int
    """How many matching sentences have numbers or names."""
    other_facts: int
    """How many of these tell others."""


def _match_sentences(first: Sequence[Sentence], second: Sequence[Sentence]) -> Matched:
    """Match each sentence with the other text's equal one, else with the one whose words are most like it."""
    places: dict[tuple[str, ...], list[int]] = {}
    for place, sentence in enumerate(second):
        places.setdefault(sentence.words, []).append(place)
    open_places = set(range(len(second)))
    pairs: list[tuple[Sentence, Sentence]] = []
    left: list[Sentence] = []
    for sentence in first:
        if equal := places.get(sentence.words):
            open_places.remove(place := equal.pop(0))
            pairs.append((sentence, second[place]))
        else:
            left.append(sentence)
    pairs += _match_edited(left, [second[place] for place in sorted(open_places)])
    told = [(own, other) for own, other in pairs if own.numbers | own.names | other.numbers | other.names]
    others = [(own, other) for own, other in told if own.tells_others(other)]
    covered = []
    for side, sentences in enumerate((first, second)):
        same = sum(len(pair[side].words) for pair in pairs) - sum(len(pair[side].words) for pair in others)
        covered.append(same / max(1, sum(len(sentence.words) for sentence in sentences)))
    return Matched(min(covered), len(told), len(others))


def _match_edited(first: Sequence[Sentence], second: Sequence[Sentence]) -> Iterator[tuple[Sentence, Sentence]]:
    """Yield pairs of sentences that share most of their words, the most alike first; each sentence once."""
    index: dict[str, list[int]] = {}
    for place, sentence in enumerate(second):
        for word in sentence.frame:
            index.setdefault(word, []).append(place)
    alike = []
    for place, sentence in enumerate(first):
        shared = Counter(other for word in sentence.frame for other in index.get(word, ()))
        for other, count in shared.items():
            share = 2 * count / (len(sentence.frame) + len(second[other].frame))
            if share >= SAME_SENTENCE:
                facts = len(sentence.numbers & second[other].numbers) + len(sentence.names & second[other].names)
                alike.append((-share, -facts, place, other))
    used_first: set[int] = set()
    used_second: set[int] = set()
    for _, _, place, other in sorted(alike):
        if place not in used_first and other not in used_second:
            used_first.add(place)
            used_second.add(other)
            yield first[place], second[other]


def sample_weights(texts: Sequence[set[int]]) -> tuple[Weights, frozenset[int]]:
    """Return the weights of shingles, and those that more than a twentieth of the sampled texts have."""
    counts: Counter[int] = Counter()
    for shingles in texts:
        counts.update(shingles)
    limit = max(2 * RARE, len(texts) / 20)
    return Weights(counts, len(texts)), frozenset(shingle for shingle, count in counts.items() if count > limit)


def word_changes_of(first: Text, second: Text) -> tuple[int, int]:
    """Return how many words of the first text the second lacks, and how many it adds, wherever they stand."""
    own, other = Counter(first.words), Counter(second.words)
    return (own - other).total(), (other - own).total()
