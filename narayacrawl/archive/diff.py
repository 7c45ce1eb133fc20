"""Compare two revisions of an article: plain data, which a command or a page can print."""

import difflib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from narayacrawl.language.text import clean_text

REVISION_FIELDS: Final = ("title", "date", "body")
"""Fields whose change makes a revision; their changes come first."""
TEXTS: Final = ("body", "body_html")
"""Fields that are compared paragraph by paragraph."""
ADDED_FIELDS: Final = ("site_name", "standfirst", "date_precision", "sections", "words", "media", "free")
"""Fields that older records lack: nothing is known of what they would say."""
FOLLOWS_BODY: Final = ("body_html", "words")
"""Fields that change with the body."""
HEADING_FIELDS: Final = ("fetched_at", "revision", "change", "modified")
"""Fields that are printed in the heading of a revision, so that they are no changes of their own."""
CONTEXT: Final = 1
"""How many unchanged paragraphs are shown before and after a changed one."""
MIN_SIMILARITY: Final = 0.4
"""Two paragraphs that share this much of their words are one paragraph that was edited."""
MAX_WORDS: Final = 2_000
MAX_PAIRS: Final = 1_000
"""Longer texts are shown as removed and added: comparing words takes quadratic time."""
WORD: Final = re.compile(r"\w+(?:[.,:]\w+)*|[^\w\s]|\s+")

Mark: TypeAlias = Literal[" ", "-", "+", "@"]
Words: TypeAlias = Sequence[tuple[str, bool]]
"""A text in pieces; True for each piece that changed."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a diff: unchanged (` `), removed (`-`), added (`+`), or the position of the next lines (`@`)."""

    mark: Mark
    words: Words
    edits: Sequence[tuple[str, str]] = ()
    """For the new text of an edited paragraph: each edit's old and new words, "" if there are none."""


@dataclass(frozen=True, slots=True)
class Change:
    """A changed field: the diff of a text or list in `lines`; the two values of a scalar or reordered list in `old` and
    `new`."""

    field: str
    old: Words = ()
    new: Words = ()
    lines: Sequence[Line] = ()


def changes(old: dict[str, Any], new: dict[str, Any]) -> list[Change]:
    """Return the changes from one record to the next: title, date and body, then the other fields in the record's
    order.

    `body_html` and `words` are left out if `body` changed, too. Control characters are removed from all texts.
    """
    names = dict.fromkeys([*REVISION_FIELDS, *new, *old])
    told = [name for name in names if name not in HEADING_FIELDS and (name in old or name not in ADDED_FIELDS)]
    changed = [name for name in told if old.get(name) != new.get(name)]
    if "body" in changed:
        changed = [name for name in changed if name not in FOLLOWS_BODY]
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
    # Two values that print alike differ in invisible characters or in paragraph breaks.
    return Change(name, lines=lines or [Line("@", [("no visible difference", False)])])


def shown(value: Any) -> str:
    """Format a value as one line: `–` for an empty one, the parts of an image or a link joined by ` · `."""
    if isinstance(value, dict):
        return " · ".join(clean_text(str(part)) for part in value.values() if part)
    return "–" if value in (None, "") else clean_text(str(value))


def _paragraphs(text: str | None) -> list[str]:
    return [clean for line in (text or "").split("\n") if (clean := clean_text(line))]


# Lists


def _list_lines(old: Sequence[str], new: Sequence[str]) -> Iterator[Line]:
    """Yield the removed values, then the added ones."""
    yield from (Line("-", [(value, True)]) for value in (Counter(old) - Counter(new)).elements())
    yield from (Line("+", [(value, True)]) for value in (Counter(new) - Counter(old)).elements())


# Texts


def text_lines(old: Sequence[str], new: Sequence[str]) -> Iterator[Line]:
    """Yield a unified diff of paragraphs, an edited one followed at once by its new text."""
    for group in difflib.SequenceMatcher(None, old, new).get_grouped_opcodes(CONTEXT):
        (_, old_start, *_), (_, _, old_end, _, _) = group[0], group[-1]
        new_start, new_end = group[0][3], group[-1][4]
        position = f"@@ -{_range(old_start, old_end)} +{_range(new_start, new_end)} @@"
        yield Line("@", [(position, False)])
        for kind, i, j, k, m in group:
            if kind == "equal":
                yield from (Line(" ", [(text, False)]) for text in old[i:j])
            else:
                yield from _replaced_paragraphs(old[i:j], new[k:m])


def _range(start: int, end: int) -> str:
    """Format a range as a unified diff does: counted from 1, with a count unless it is 1; an empty range is given by
    the paragraph before it."""
    count = end - start
    return str(start + 1) if count == 1 else f"{start + bool(count)},{count}"


def _replaced_paragraphs(old: Sequence[str], new: Sequence[str]) -> Iterator[Line]:
    """Yield removed, added and edited paragraphs; the two texts of an edited one stand beside each other."""
    start = 0
    for text, match in zip(old, _match_paragraphs(old, new), strict=True):
        if match is None:
            yield Line("-", [(text, True)])
            continue
        yield from (Line("+", [(added, True)]) for added in new[start:match])
        before, after, edits = word_changes(text, new[match])
        yield Line("-", before)
        yield Line("+", after, edits)
        start = match + 1
    yield from (Line("+", [(added, True)]) for added in new[start:])


def _match_paragraphs(old: Sequence[str], new: Sequence[str]) -> list[int | None]:
    """Return, for each old paragraph, the index of its edited text, ascending; None if it was removed."""
    if len(old) * len(new) > MAX_PAIRS:
        return [None] * len(old)
    matches: list[int | None] = []
    start = 0
    for text in old:
        similarities = [(_similarity(text, new[index]), -index) for index in range(start, len(new))]
        similarity, negative_index = max(similarities, default=(0.0, 0))  # of equals the first
        is_match = similarity >= MIN_SIMILARITY
        matches.append(-negative_index if is_match else None)
        start = 1 - negative_index if is_match else start
    return matches


def _similarity(old: str, new: str) -> float:
    """Return the share of words that two paragraphs have in common; 0 if it is small or they are long."""
    old_words, new_words = old.split(), new.split()
    if max(len(old_words), len(new_words)) > MAX_WORDS:
        return 0.0
    matcher = difflib.SequenceMatcher(None, old_words, new_words, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= MIN_SIMILARITY else 0.0


# Words


def word_changes(old: str, new: str) -> tuple[Words, Words, list[tuple[str, str]]]:
    """Return both texts in pieces, and each edit: its old and its new words."""
    old_words, new_words = WORD.findall(old), WORD.findall(new)
    if max(len(old_words), len(new_words)) > MAX_WORDS:
        return [(old, True)], [(new, True)], []
    opcodes = difflib.SequenceMatcher(None, old_words, new_words, autojunk=False).get_opcodes()
    ranges = list(_join_edits(opcodes, old_words))
    before = [("".join(old_words[i:j]), is_changed) for is_changed, i, j, _, _ in ranges if i < j]
    after = [("".join(new_words[k:m]), is_changed) for is_changed, _, _, k, m in ranges if k < m]
    edits = [
        ("".join(old_words[i:j]).strip(), "".join(new_words[k:m]).strip())
        for is_changed, i, j, k, m in ranges
        if is_changed
    ]
    return before, after, edits


WordRange: TypeAlias = tuple[bool, int, int, int, int]
"""True if it changed; its start and end in the old words, its start and end in the new ones."""


def _join_edits(opcodes: Iterable[tuple[str, int, int, int, int]], words: Sequence[str]) -> Iterator[WordRange]:
    """Yield the ranges of difflib's opcodes, edits that only a space separates joined into one."""
    last: WordRange | None = None
    space: WordRange | None = None
    for kind, i, j, k, m in opcodes:
        current = (kind != "equal", i, j, k, m)
        if last and last[0] and not current[0] and "".join(words[i:j]).isspace():
            space = current
        elif last and space:
            last, space = (True, last[1], j, last[3], m), None
        else:
            if last:
                yield last
            last = current
    yield from (word_range for word_range in (last, space) if word_range)
