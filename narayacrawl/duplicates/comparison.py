"""Compare two texts: what they have in common, and whether one is a copy of the other.

Words in common alone do not make a copy. A report that goes on with a story repeats its background in whole
paragraphs; the prices of today are yesterday's sentences with other numbers. So a copy has most of its text in common
with the other one, in sentences that tell the same facts.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
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
MAX_OTHER_FACTS: Final = 0.3
"""In sentences that both texts have, so many of the figures, or of the names, may be others: in a series most are."""
MIN_NAMES: Final = 3
"""Fewer names tell nothing: one is written in two ways."""
MIN_SAME: Final = 3
"""So many facts that are the same outweigh a single other figure."""
SENTENCE_END: Final = re.compile(r"(?<=[.!?…])[\"'”’)\]]*\s+|\n+")
RUPIAH: Final = re.compile(r"\b[Rr]p\.?\s?(?=\d)")
TOKEN: Final = re.compile(r"\d+(?:[.,:]\d+)*(?![^\W_])|[^\W_]+(?:[’'][^\W_]+)*")
"""A figure with its separators, or a word, also one like `covid19`."""
SEPARATORS: Final = str.maketrans("", "", ".,:")
RARE: Final = 50
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


class Facts(NamedTuple):
    """How many of the figures, or of the names, of matching sentences are the same, and how many are others."""

    same: int
    others: int

    @property
    def are_others(self) -> bool:
        """True if too many are others."""
        return self.others > MAX_OTHER_FACTS * (self.same + self.others)


def compare_facts(own: Set[str], its: Set[str]) -> Facts:
    """Compare the figures, or names, of two sentences; what only one of them tells is no other fact."""
    return Facts(len(own & its), min(len(own - its), len(its - own)))


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
    tokens = TOKEN.findall(RUPIAH.sub(" ", part))
    if len(tokens) < 2:
        return None
    numbers = frozenset(token.translate(SEPARATORS) for token in tokens if token[0].isdecimal())
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
    if first.body == second.body:
        return Similarity(1.0, 1.0)
    common = first.shingles & second.shingles
    if len(common) < MIN_SHARED:
        return None
    shared, sizes = weights.of(common), sorted((weights.of(first.shingles), weights.of(second.shingles)))
    jaccard = shared / (sum(sizes) - shared)
    if jaccard < DOUBTFUL_JACCARD:
        return None
    matched = _match_sentences(first.sentences, second.sentences)
    if matched.tell_others:
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
    numbers: Facts
    names: Facts

    @property
    def tell_others(self) -> bool:
        """True if the sentences are those of a series. A single other figure beside facts that are the same was put
        right."""
        numbers, names = self.numbers, self.names
        is_put_right = numbers.others == 1 and not names.others and numbers.same + names.same >= MIN_SAME
        is_of_others = names.are_others and sum(names) >= MIN_NAMES
        return is_of_others or (numbers.are_others and not is_put_right)


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
    numbers = [compare_facts(own.numbers, other.numbers) for own, other in pairs]
    names = [compare_facts(own.names, other.names) for own, other in pairs]
    same = [
        pair for pair, own, its in zip(pairs, numbers, names, strict=True) if not own.others and its.others <= its.same
    ]
    covered = min(
        sum(len(pair[side].words) for pair in same) / max(1, sum(len(sentence.words) for sentence in sentences))
        for side, sentences in enumerate((first, second))
    )
    return Matched(covered, _sum(numbers), _sum(names))


def _sum(facts: Iterable[Facts]) -> Facts:
    return Facts(*map(sum, zip(Facts(0, 0), *facts, strict=True)))


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


def sample_weights(texts: Iterable[set[int]]) -> tuple[Weights, frozenset[int]]:
    """Return the weights of shingles, and those that more than a twentieth of the sampled texts have."""
    counts: Counter[int] = Counter()
    sampled = 0
    for shingles in texts:
        counts.update(shingles)
        sampled += 1
    limit = max(2 * RARE, sampled / 20)
    return Weights(counts, sampled), frozenset(shingle for shingle, count in counts.items() if count > limit)


def word_changes_of(first: Text, second: Text) -> tuple[int, int]:
    """Return how many words of the first text the second lacks, and how many it adds, wherever they stand."""
    own, other = Counter(first.words), Counter(second.words)
    return (own - other).total(), (other - own).total()
