"""Make up news for a search for duplicates: articles that have nothing to do with each other.

Each is derived from a seed. An article is a list of paragraphs, a paragraph a list of sentences.
"""

import random
from collections.abc import Callable, Mapping
from functools import cache
from typing import Final, TypeAlias

from benchmarks.articles import _PEOPLE, _PLACE, _SENTENCES, _THINGS

Text: TypeAlias = list[list[str]]
Make: TypeAlias = Callable[[random.Random], Text]

_LINKS: Final = """
yang dan di itu dengan untuk tidak ini dari dalam akan pada juga ke karena tersebut ada bisa oleh mereka lebih kata
tahun sudah atau saat kami telah satu hari bagi para seperti dua sebagai setelah hanya masih warga secara bahwa menjadi
hingga antara belum dapat sejak namun agar sebelum selama melalui terhadap
"""
_START: Final = ("", "", "", "me", "ber", "pe", "ter", "di", "ke", "mem", "men")
_ONSET: Final = ("b", "c", "d", "g", "h", "j", "k", "l", "m", "n", "p", "r", "s", "t", "w", "ng", "ny")
_END: Final = ("", "", "", "", "n", "ng", "r", "s", "k", "t", "h", "kan", "an", "nya", "i")


def _vocabulary(count: int) -> list[str]:
    """Make up words as Indonesian has them, the frequent ones first."""
    chance = random.Random(11)
    made = dict.fromkeys(_LINKS.split())
    while len(made) < count:
        syllables = "".join(chance.choice(_ONSET) + chance.choice("aaaiueo") for _ in range(chance.randint(2, 3)))
        made[chance.choice(_START) + syllables + chance.choice(_END)] = None
    return list(made)


WORDS: Final = _vocabulary(9_000)
_RANKS: Final = [1 / (rank + 8) for rank in range(len(WORDS))]
_CUMULATIVE: Final = [sum(_RANKS[:1])]
for _rank in _RANKS[1:]:
    _CUMULATIVE.append(_CUMULATIVE[-1] + _rank)
NAMES: Final = [word.title() for word in WORDS[3_000:4_500]]


def number(chance: random.Random) -> str:
    """Return a figure as news has them."""
    kind = chance.randrange(4)
    if kind == 0:
        return str(chance.randint(2, 98))
    if kind == 1:
        return f"Rp{chance.randint(2, 98)}.{chance.randint(0, 9)}00"
    return f"{chance.randint(2, 98)},{chance.randint(1, 9)} persen" if kind == 2 else f"{chance.randint(101, 990)}"


# Articles


def free_sentence(chance: random.Random) -> str:
    """Return a sentence of made-up words, some with a name or a figure."""
    words = chance.choices(WORDS, cum_weights=_CUMULATIVE, k=chance.randint(7, 22))
    if chance.random() < 0.4:
        words.insert(chance.randint(1, len(words)), f"{chance.choice(NAMES)} {chance.choice(NAMES)}")
    if chance.random() < 0.3:
        words.insert(chance.randint(1, len(words)), number(chance))
    text = " ".join(words)
    return f"{text[0].upper()}{text[1:]}."


def template_sentence(chance: random.Random) -> str:
    """Return one of a few sentences with others' words in its gaps: all articles are built of the same ones."""
    return chance.choice(_SENTENCES).format(
        people=chance.choice(_PEOPLE),
        thing=f"{chance.choice(_THINGS)} {chance.choice(_PLACE)}",
        number=chance.randint(12, 480),
    )


def numbered_sentence(chance: random.Random) -> str:
    """Return a sentence of words that have a number at their end."""
    return f"Kata{' '.join(f'kata{chance.randint(1, 3_000)}' for _ in range(chance.randint(8, 18)))}."[4:]


@cache
def _sentences() -> list[str]:
    """Make up a set of sentences."""
    chance = random.Random(3)
    return [free_sentence(chance) for _ in range(200_000)]


def known_sentence(chance: random.Random) -> str:
    """Return one of a set of sentences."""
    return chance.choice(_sentences())


def _article(sentence: Callable[[random.Random], str], least: int, most: int) -> Make:
    def make(chance: random.Random) -> Text:
        return [[sentence(chance) for _ in range(chance.randint(1, 3))] for _ in range(chance.randint(least, most))]

    return make


ARTICLES: Final[Mapping[str, Make]] = {
    "free": _article(free_sentence, 7, 18),
    "free, short": _article(free_sentence, 3, 4),
    "templates": _article(template_sentence, 7, 18),
    "numbered": _article(numbered_sentence, 7, 18),
    "sentences": _article(known_sentence, 7, 18),
}


def body(text: Text) -> str:
    """Return the text as a record has it."""
    return "\n\n".join(" ".join(paragraph) for paragraph in text)
