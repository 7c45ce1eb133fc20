"""What changed from one revision of an article to the next: plain data, for whoever shows it."""

import difflib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from narayacrawl.language.text import clean_text

FIRST: Final = ("title", "date", "body")
"""Fields whose change makes a revision."""
TEXTS: Final = ("body", "body_html")
UNTOLD: Final = ("fetched_at", "revision", "modified")
"""Fields that a revision's head tells."""
CONTEXT: Final = 1
"""So many paragraphs around a changed one are told."""
ALIKE: Final = 0.4
"""Two paragraphs of which so much is the same are one that was changed."""
MOST_WORDS: Final = 2_000
MOST_PAIRS: Final = 1_000
"""What is longer is told as removed and added: finding likenesses takes the square of the time."""
WORD: Final = re.compile(r"\w+(?:[.,:]\w+)*|[^\w\s]|\s+")

Mark: TypeAlias = Literal[" ", "-", "+", "@"]
Words: TypeAlias = Sequence[tuple[str, bool]]
"""A text in pieces, each with whether it is changed."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a change: what stayed, went, came, or where in the text the next ones stand (`@`)."""

    mark: Mark
    words: Words
    edits: Sequence[tuple[str, str]] = ()
    """Of a changed paragraph's new text: what each changed place said before and says now, "" for nothing."""


@dataclass(frozen=True, slots=True)
class Change:
    """A field that is another now: its lines; of a scalar, and of a list in another order, what it was and is."""

    field: str
    old: Words = ()
    new: Words = ()
    lines: Sequence[Line] = ()


def changes(old: dict[str, Any], new: dict[str, Any]) -> list[Change]:
    """What changed from one record to the next: title, date and body, then the other fields in the record's order.

    `body_html` is left out where the body says it already. Texts are without control characters.
    """
    names = dict.fromkeys([*FIRST, *new, *old])
    changed = [name for name in names if name not in UNTOLD and old.get(name) != new.get(name)]
    if "body" in changed and "body_html" in changed:
        changed.remove("body_html")
    return [_change(name, old.get(name), new.get(name)) for name in changed]


def _change(name: str, old: Any, new: Any) -> Change:
    if name in TEXTS:
        lines = list(text_lines(_paragraphs(old), _paragraphs(new)))
    elif isinstance(old, list) or isinstance(new, list):
        before, after = [shown(value) for value in old or []], [shown(value) for value in new or []]
        lines = list(_list_lines(before, after))
        if not lines and before != after:
            return Change(name, [(", ".join(before), True)], [(", ".join(after), True)])
    else:
        lines = []
        if shown(old) != shown(new):
            words, others, _ = word_changes(shown(old), shown(new))
            return Change(name, words, others)
    # Two that look the same differ in what no reader sees, or in where paragraphs end.
    return Change(name, lines=lines or [Line("@", [("no visible difference", False)])])


def shown(value: Any) -> str:
    """A value as one line: `–` for none, of an image or a link what it holds."""
    if isinstance(value, dict):
        return " · ".join(clean_text(str(part)) for part in value.values() if part)
    return "–" if value in (None, "") else clean_text(str(value))


def _paragraphs(text: str | None) -> list[str]:
    return [clean for line in (text or "").split("\n") if (clean := clean_text(line))]


# Lists


def _list_lines(old: Sequence[str], new: Sequence[str]) -> Iterator[Line]:
    """What went, then what came."""
    yield from (Line("-", [(value, True)]) for value in (Counter(old) - Counter(new)).elements())
    yield from (Line("+", [(value, True)]) for value in (Counter(new) - Counter(old)).elements())


# Texts


def text_lines(old: Sequence[str], new: Sequence[str]) -> Iterator[Line]:
    """A unified diff of paragraphs; a changed one is followed at once by what it is now."""
    for group in difflib.SequenceMatcher(None, old, new).get_grouped_opcodes(CONTEXT):
        (_, old_start, *_), (_, _, old_end, _, _) = group[0], group[-1]
        new_start, new_end = group[0][3], group[-1][4]
        place = f"@@ -{_range(old_start, old_end)} +{_range(new_start, new_end)} @@"
        yield Line("@", [(place, False)])
        for kind, i, j, k, m in group:
            if kind == "equal":
                yield from (Line(" ", [(text, False)]) for text in old[i:j])
            else:
                yield from _replaced(old[i:j], new[k:m])


def _range(start: int, end: int) -> str:
    """As in a unified diff: from 1, the count unless it is 1; of nothing the place before it."""
    count = end - start
    return str(start + 1) if count == 1 else f"{start + bool(count)},{count}"


def _replaced(old: Sequence[str], new: Sequence[str]) -> Iterator[Line]:
    """Paragraphs that went, came or were changed; those that are alike stand beside each other."""
    done = 0
    for text, like in zip(old, _likenesses(old, new), strict=True):
        if like is None:
            yield Line("-", [(text, True)])
            continue
        yield from (Line("+", [(own, True)]) for own in new[done:like])
        before, after, edits = word_changes(text, new[like])
        yield Line("-", before)
        yield Line("+", after, edits)
        done = like + 1
    yield from (Line("+", [(own, True)]) for own in new[done:])


def _likenesses(old: Sequence[str], new: Sequence[str]) -> list[int | None]:
    """For each old paragraph the new one that it became, in order; None where it went."""
    if len(old) * len(new) > MOST_PAIRS:
        return [None] * len(old)
    likes: list[int | None] = []
    done = 0
    for text in old:
        ratios = [(_ratio(text, new[place]), -place) for place in range(done, len(new))]
        ratio, place = max(ratios, default=(0.0, 0))
        likes.append(-place if ratio >= ALIKE else None)
        done = 1 - place if ratio >= ALIKE else done
    return likes


def _ratio(old: str, new: str) -> float:
    words, others = old.split(), new.split()
    if max(len(words), len(others)) > MOST_WORDS:
        return 0.0
    matcher = difflib.SequenceMatcher(None, words, others, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= ALIKE else 0.0


# Words


def word_changes(old: str, new: str) -> tuple[Words, Words, list[tuple[str, str]]]:
    """Both texts in pieces, and each place where they differ: what it said and what it says."""
    words, others = WORD.findall(old), WORD.findall(new)
    if max(len(words), len(others)) > MOST_WORDS:
        return [(old, True)], [(new, True)], []
    opcodes = difflib.SequenceMatcher(None, words, others, autojunk=False).get_opcodes()
    places = list(_joined(opcodes, words))
    before = [("".join(words[i:j]), is_changed) for is_changed, i, j, _, _ in places if i < j]
    after = [("".join(others[k:m]), is_changed) for is_changed, _, _, k, m in places if k < m]
    edits = [
        ("".join(words[i:j]).strip(), "".join(others[k:m]).strip()) for is_changed, i, j, k, m in places if is_changed
    ]
    return before, after, edits


Place: TypeAlias = tuple[bool, int, int, int, int]


def _joined(opcodes: Iterable[tuple[str, int, int, int, int]], words: Sequence[str]) -> Iterator[Place]:
    """The opcodes with changed places as one that only a space parts."""
    last: Place | None = None
    gap: Place | None = None
    for kind, i, j, k, m in opcodes:
        own = (kind != "equal", i, j, k, m)
        if last and last[0] and not own[0] and "".join(words[i:j]).isspace():
            gap = own
        elif last and gap:
            last, gap = (True, last[1], j, last[3], m), None
        else:
            if last:
                yield last
            last = own
    yield from (place for place in (last, gap) if place)
