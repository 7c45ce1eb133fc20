"""Make up texts of other ones: copies that an editor has touched, and reports that share some of a text, no copies."""

import random
import re
from collections.abc import Callable, Mapping
from itertools import chain
from typing import Final, TypeAlias

from benchmarks.articles import CITIES
from benchmarks.made_up_news import NAMES, WORDS, Text, free_sentence

Edit: TypeAlias = Callable[[random.Random, Text], Text]


def _synonyms(share: float) -> Edit:
    def edit(chance: random.Random, text: Text) -> Text:
        def other(match: re.Match[str]) -> str:
            if chance.random() >= share:
                return match[0]
            return f"kata{chance.randint(1, 3_000)}" if match[0][-1].isdecimal() else chance.choice(WORDS[60:4_000])

        return [[re.sub(r"(?<=\s)[a-z]{3,}\d*", other, sentence) for sentence in paragraph] for paragraph in text]

    return edit


def _careless(share: float) -> Edit:
    """With words left out, doubled, and misspelt."""

    def edit(chance: random.Random, text: Text) -> Text:
        def other(match: re.Match[str]) -> str:
            if chance.random() >= share:
                return match[0]
            return chance.choice(("", f"{match[0]} {match[0]}", match[0][1:], f"{match[0][:-1]}h"))

        return [[re.sub(r"(?<=\s)[a-z]{3,}", other, sentence) for sentence in paragraph] for paragraph in text]

    return edit


def _sentences_shuffled(chance: random.Random, text: Text) -> Text:
    sentences = [sentence for paragraph in text for sentence in paragraph]
    return [[sentence] for sentence in chance.sample(sentences, len(sentences))]


def _shuffled(chance: random.Random, text: Text) -> Text:
    return chance.sample(text, len(text))


def _cut(count: int) -> Edit:
    def edit(chance: random.Random, text: Text) -> Text:
        left = list(text)
        for _ in range(min(count, len(left) - 2)):
            del left[chance.randrange(len(left))]
        return left

    return edit


def _added(chance: random.Random, text: Text) -> Text:
    place = chance.randint(0, len(text))
    return [*text[:place], [free_sentence(chance) for _ in range(2)], *text[place:]]


def _framed(chance: random.Random, text: Text) -> Text:
    """With a dateline and a closing credit."""
    city, name = chance.choice(CITIES), chance.choice(NAMES)
    first = [f"{city.upper()}, Kabar {name} — {text[0][0]}", *text[0][1:]]
    closing = [f"Artikel ini telah tayang di Kabar {name}.", f"Pewarta: {name} Editor: {chance.choice(NAMES)}"]
    return [first, *text[1:], closing]


def _corrected(chance: random.Random, text: Text) -> Text:
    """With one figure put right."""
    for paragraph, sentences in enumerate(text):
        for place, sentence in enumerate(sentences):
            if re.search(r"\d", sentence):
                own = [list(each) for each in text]
                own[paragraph][place] = re.sub(r"\d+", str(chance.randint(2, 98)), sentence, count=1)
                return own
    return text


def _restyled(chance: random.Random, text: Text) -> Text:
    """With other quotation marks, dashes and spaces, and all in fewer paragraphs."""
    own = [[s.replace("“", '"').replace("”", '"').replace("Rp", "Rp ") for s in paragraph] for paragraph in text]
    return [[*chain(*own[start : start + 3])] for start in range(0, len(own), 3)]


def _after(*edits: Edit) -> Edit:
    def edit(chance: random.Random, text: Text) -> Text:
        for own in edits:
            text = own(chance, text)
        return text

    return edit


COPIES: Final[Mapping[str, Edit]] = {
    "as it was": lambda chance, text: text,
    "dateline and credit": _framed,
    "paragraphs in another order": _shuffled,
    "sentences in another order": _sentences_shuffled,
    "a paragraph cut": _cut(1),
    "three paragraphs cut": _cut(3),
    "the first six tenths": lambda chance, text: text[: max(2, round(len(text) * 0.6))],
    "a paragraph added": _added,
    "a figure put right": _corrected,
    "other marks, longer paragraphs": _restyled,
    "synonyms, 5 %": _synonyms(0.05),
    "synonyms, 10 %": _synonyms(0.10),
    "synonyms, 15 %": _synonyms(0.15),
    "careless, 8 %": _careless(0.08),
    "in capitals": lambda chance, text: [[sentence.upper() for sentence in paragraph] for paragraph in text],
    "credit, order, a cut": _after(_cut(1), _shuffled, _framed),
    "credit, 6 % synonyms, a cut, one added": _after(_cut(1), _added, _synonyms(0.06), _framed),
    "10 % synonyms, order, a cut": _after(_synonyms(0.10), _cut(1), _shuffled),
}


def _follow_up(share: float, length: float) -> Edit:
    """A report whose text is for this share that of the other one, its background; `length`: how long it is."""

    def edit(chance: random.Random, text: Text) -> Text:
        words = length * sum(len(s.split()) for paragraph in text for s in paragraph)
        background: Text = []
        for paragraph in chance.sample(text, len(text)):
            size = sum(len(s.split()) for kept in [*background, paragraph] for s in kept)
            if size <= share * words:
                background.append(paragraph)
        new: Text = []
        while sum(len(s.split()) for paragraph in new for s in paragraph) < (1 - share) * words:
            new.append([free_sentence(chance) for _ in range(2)])
        return [*new, *background]

    return edit


def _retelling(chance: random.Random, text: Text) -> Text:
    """A follow-up with a third of the other one's sentences strewn over it."""
    sentences = [sentence for paragraph in text for sentence in paragraph]
    kept = set(chance.sample(range(len(sentences)), len(sentences) // 3))
    return [[own if place in kept else free_sentence(chance)] for place, own in enumerate(sentences)]


def _quoting(chance: random.Random, text: Text) -> Text:
    """Another report of the same event: two sentences are the same."""
    own = [[free_sentence(chance) for _ in range(2)] for _ in range(len(text))]
    for sentence in chance.sample([s for paragraph in text for s in paragraph], 2):
        chance.choice(own).append(sentence)
    return own


RELATED: Final[Mapping[str, Edit]] = {
    "follow-up, a third shared": _follow_up(1 / 3, 1),
    "follow-up, a third shared, half as long": _follow_up(1 / 3, 0.5),
    "follow-up, a third shared, twice as long": _follow_up(1 / 3, 2),
    "follow-up, with all of the first": _follow_up(1 / 3, 3),
    "a third of the sentences, strewn": _retelling,
    "another report with two quotes": _quoting,
}
"""Texts that share some of another one, and are no copies."""
