"""Print groups of copies for a reader: the first article, and what each copy has in common with it and has changed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final

from rich.console import Console
from rich.text import Text as Line

from narayacrawl.archive.diff import shown, text_lines
from narayacrawl.duplicates.comparison import SENTENCE_END, Text, word_changes_of
from narayacrawl.duplicates.groups import Group, group_id
from narayacrawl.duplicates.signature import words_of
from narayacrawl.duplicates.text_file import TextFile
from narayacrawl.language.english import counted

MAX_CHANGES: Final = 8
"""So many changes of a copy are shown."""
MAX_SENTENCES: Final = 1_000
"""Of a longer text only the figures are shown: comparing sentences takes quadratic time."""
LENGTH: Final = 120
"""Of a change so many characters are shown."""
SAME_SENTENCE: Final = 0.5
"""Two sentences that share this much of their words are one, wherever it stands."""
STYLES: Final = {"-": "red", "+": "green", "~": "yellow"}


def print_groups(console: Console, groups: Iterable[Group], texts: TextFile) -> None:
    """Print each group: its first article, then its copies."""
    for number, group in enumerate(groups):
        if number:
            console.print()
        record = texts[group.first]
        first = Text(record["body"] or "")
        heading = f"group {group_id(record)}: {counted(len(group.copies) + 1, 'article')}"
        console.print(Line(heading, style="bold"), soft_wrap=True)
        _print_article(console, "first", record)
        for copy_number, similarity in group.copies.items():
            record = texts[copy_number]
            copy = Text(record["body"] or "")
            _print_article(console, "copy", record)
            lacks, adds = word_changes_of(first, copy)
            console.print(
                f"  {similarity.containment:.0%} in common (Jaccard {similarity.jaccard:.2f}), lacks"
                f" {counted(lacks, 'word')}, adds {adds}",
                soft_wrap=True,
            )
            for mark, change in _shown_changes(first, copy):
                console.print(Line.assemble("  ", (f"{mark} {change}", STYLES.get(mark, "dim"))), soft_wrap=True)


def _print_article(console: Console, what: str, record: Mapping[str, Any]) -> None:
    date, portal, title, url = (shown(record[name]) for name in ("date", "portal", "title", "url"))
    line = Line.assemble((f"{what:<5}", "bold cyan"), f" {date} {portal}: {title} ", (url, "dim"))
    console.print(line, soft_wrap=True)


def _shown_changes(first: Text, copy: Text) -> Iterator[tuple[str, str]]:
    changes = _changes(first, copy)
    yield from islice(changes, MAX_CHANGES)
    if more := sum(1 for _ in changes):
        yield "…", f"{counted(more, 'more change')}"


def _changes(first: Text, copy: Text) -> Iterator[tuple[str, str]]:
    """Yield what a copy has changed, sentence by sentence, each with its mark: removed, added, edited words (`~`)."""
    old, new = _sentences(first.body), _sentences(copy.body)
    if max(len(old), len(new)) > MAX_SENTENCES:
        return
    ordered = _in_order_of(old, new)
    if ordered != new:
        yield "…", "in another order"
    lines = [line for line in text_lines(old, ordered) if line.mark in "-+"]
    for place, line in enumerate(lines):
        following = lines[place + 1] if place + 1 < len(lines) else None
        if line.edits:
            edits = "; ".join(f"{_cut(before) or '–'} → {_cut(after) or '–'}" for before, after in line.edits)
            yield "~", edits
        elif not (line.mark == "-" and following and following.edits):  # whose edits follow
            yield line.mark, _cut("".join(words for words, _ in line.words))


def _sentences(body: str) -> list[str]:
    return [" ".join(words) for part in SENTENCE_END.split(body) if (words := shown(part).split())]


def _in_order_of(old: Sequence[str], new: Sequence[str]) -> list[str]:
    """Return the new sentences in the order of the old ones that they are most like; one that is like none stays behind
    the one before it."""
    bags = [frozenset(words_of(sentence)) for sentence in old]
    places: list[int] = []
    for sentence in new:
        words = frozenset(words_of(sentence))
        shares = [(len(words & bag) / max(1, len(words | bag)), -place) for place, bag in enumerate(bags)]
        share, place = max(shares, default=(0.0, 0))
        places.append(-place if share >= SAME_SENTENCE else places[-1] if places else -1)
    return [new[number] for number in sorted(range(len(new)), key=places.__getitem__)]


def _cut(text: str) -> str:
    return text if len(text) <= LENGTH else f"{text[:LENGTH]}…"
