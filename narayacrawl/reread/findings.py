"""Sum up what reading again would change, or has changed: how many articles, which fields, and examples."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any, Final

import orjson
from rich.console import Console

from narayacrawl.archive.diff_terminal import print_history
from narayacrawl.archive.revisions import History
from narayacrawl.language.english import counted
from narayacrawl.reread.comparison import COMPARED, Reread, Result, Unread
from narayacrawl.reread.kept_pages import BROKEN

MAX_EXAMPLES: Final = 20
EXAMPLES_A_FIELD: Final = 2
"""So many examples of each field come first: what changes everywhere would take all places."""
DAMAGED: Final = frozenset({BROKEN, "missing WARC", "reader died", "not readable", "too slow"})
"""Reasons that no rule of reading gives: something is wrong with the file, or with this program."""


@dataclass
class Findings:
    """What was found, in the order in which it was read."""

    same: int = 0
    changed: int = 0
    fields: Counter[str] = field(default_factory=Counter)
    """Of how many articles each field differs."""
    unread: Counter[str] = field(default_factory=Counter)
    """How many pages yield no article that is to be believed, by reason."""
    places: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    """The first addresses of each reason."""
    _first: list[tuple[int, Reread]] = field(default_factory=list)
    _by_field: list[tuple[int, Reread]] = field(default_factory=list)
    _shown: Counter[str] = field(default_factory=Counter)

    @property
    def read(self) -> int:
        """How many articles were read."""
        return self.same + self.changed

    @property
    def damaged(self) -> int:
        """How many were not, for which no rule of reading is the reason."""
        return sum(count for reason, count in self.unread.items() if reason in DAMAGED)

    def add(self, result: Result) -> None:
        """Take one article in."""
        if isinstance(result, Unread):
            self.unread[result.reason] += 1
            if len(self.places[result.reason]) < EXAMPLES_A_FIELD:
                self.places[result.reason].append(result.url)
        elif not result.fields:
            self.same += 1
        else:
            self.changed += 1
            self.fields.update(result.fields)
            self._keep_example(result)

    def _keep_example(self, result: Reread) -> None:
        own = (self.changed, result)
        is_rare = any(self._shown[name] < EXAMPLES_A_FIELD for name in result.fields)
        if is_rare and len(self._by_field) < MAX_EXAMPLES:
            self._by_field.append(own)
            self._shown.update(result.fields)
        elif len(self._first) < MAX_EXAMPLES:
            self._first.append(own)

    def examples(self) -> list[Reread]:
        """Return the examples, in the order in which they were read."""
        chosen = (self._by_field + self._first)[:MAX_EXAMPLES]
        return [result for _, result in sorted(chosen, key=lambda own: own[0])]

    def counts(self) -> list[tuple[str, int]]:
        """Return how many articles differ in each field that any does, in the record's order."""
        return [(name, self.fields[name]) for name in COMPARED if self.fields[name]]


def print_findings(console: Console, findings: Findings, *, examples: bool) -> None:
    """Print of how many articles each field differs, then examples as `diff` shows revisions."""
    for name, count in findings.counts():
        print(f"{name:<16}{count:>9,}" if console.is_terminal else f"{name}\t{count}")
    for result in findings.examples() if examples else ():
        assert result.new is not None
        old, new = orjson.loads(result.old), orjson.loads(result.new)
        console.print()
        # Of an older record a field that it lacks is shown as empty.
        print_history(console, History(new["portal"].replace(":", "_"), [_completed(old, new), new]))


def _completed(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    return {name: old.get(name) for name in new} | old


def summary(findings: Findings, passed: Counter[str], *, is_written: bool) -> str:
    """Tell in one line what was found."""
    words = [f"{counted(findings.read, 'article')} read"]
    fields = ", ".join(f"{name} {count:,}" for name, count in findings.counts())
    how = "written anew" if is_written else "would change"
    words.append(f"{findings.changed:,} {how} ({fields})" if findings.changed else f"none {how}")
    words += [f"{count:,} {reason}" for reason, count in passed.items()]
    line = "; ".join(words)
    if not findings.unread:
        return line
    left = ", ".join(
        f"{count:,} {reason} ({findings.places[reason][0]})" for reason, count in findings.unread.most_common()
    )
    return f"{line}; left as they are: {left}"
