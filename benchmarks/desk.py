"""The newsroom at work: what it has published, and what it adds, edits and deletes while a crawl comes and goes.

Articles that nobody touched follow from their number and are not stored, so a desk of 100,000 is made in no time. What
is published is a `range` until something is deleted, then a list; both are sliced and bisected alike.
"""

import random
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from datetime import datetime

from benchmarks.newsroom import BETWEEN, FIRST, FIRST_ID, SECTIONS, ZONE, Article, article, number_of

_SECTIONS = [*SECTIONS]


def now() -> datetime:
    """The portal's clock: WordPress keeps whole seconds."""
    return datetime.now(ZONE).replace(microsecond=0)


class Desk:
    """The articles of a portal. Sequences of numbers are ascending: the newest, or the last one edited, is at the
    end."""

    def __init__(self, articles: int, clock: Callable[[], datetime] = now) -> None:
        self.last = articles
        """The highest number there ever was."""
        self.clock = clock
        self.deleted: set[int] = set()
        self._added: dict[int, datetime] = {}
        self._edited: dict[int, list[datetime]] = {}
        self._sequences: dict[tuple[frozenset[str], bool], Sequence[int]] = {}

    # What is published

    def article(self, number: int) -> Article:
        """The article of this number as it is now."""
        own = article(number)
        if number in self._added:
            own = own._replace(date=self._added[number])
        if number in self._edited:
            own = own._replace(edits=len(self._edited[number]), edited=self._edited[number][-1])
        return own

    def published(self, number: int) -> bool:
        return 0 < number <= self.last and number not in self.deleted

    def find(self, path: str) -> Article | None:
        """The published article at a path; None where there is none."""
        number = number_of(path)
        if number is None or not self.published(number):
            return None
        own = self.article(number)
        return own if own.path == path else None

    def was_at(self, path: str) -> bool:
        """Whether a deleted article was at this path."""
        number = number_of(path)
        return number in self.deleted and article(number).path == path

    def by_id(self, post: int) -> int | None:
        """The number of a published post; None where there is none of this id."""
        number, rest = divmod(post - FIRST_ID, 3)
        return number if not rest and self.published(number) else None

    def date(self, number: int) -> datetime:
        return self._added.get(number) or FIRST + number * BETWEEN

    def modified(self, number: int) -> datetime:
        """When it was edited last; its date where it never was."""
        return self._edited[number][-1] if number in self._edited else self.date(number)

    def numbers(self, *sections: str, by_modified: bool = False) -> Sequence[int]:
        """Every published article of these sections, of all where none is named: by date, which is by id too, or by
        last edit and then by id."""
        wanted = frozenset(sections)
        if (wanted, by_modified) not in self._sequences:
            self._sequences[wanted, by_modified] = self._numbers(wanted, by_modified)
        return self._sequences[wanted, by_modified]

    def _numbers(self, sections: frozenset[str], by_modified: bool) -> Sequence[int]:
        if by_modified:
            dated = self.numbers(*sections)
            return sorted(dated, key=self.modified) if self._edited else dated
        found: Sequence[int] = range(1, self.last + 1)
        if len(sections) == 1:
            step = len(_SECTIONS)
            found = range(_SECTIONS.index(*sections) or step, self.last + 1, step)
        elif sections:
            found = [number for number in found if _SECTIONS[number % len(_SECTIONS)] in sections]
        return [number for number in found if number not in self.deleted] if self.deleted else found

    def at_or_before(self, number: int) -> int:
        """The newest published article that is not newer than this number; the oldest where all are."""
        numbers = self.numbers()
        return numbers[max(0, bisect_right(numbers, number) - 1)]

    def last_modified(self) -> datetime:
        """The newest date or edit of what is published: a deletion may take it back, and is not told otherwise."""
        numbers = self.numbers(by_modified=True)
        return self.modified(numbers[-1]) if numbers else FIRST

    # Work

    def add(self, count: int) -> list[int]:
        """Publish so many articles at once: their numbers."""
        date = max(self.clock(), self.date(self.last))
        added = [*range(self.last + 1, self.last + count + 1)]
        self._added |= dict.fromkeys(added, date)
        self.last += count
        self._sequences.clear()
        return added

    def edit(self, count: int, seed: int = 1) -> list[int]:
        """Give so many articles, chosen by the seed, a paragraph more: their numbers."""
        chosen = self._chosen("edit", count, seed)
        for number in chosen:
            self._edited.setdefault(number, []).append(max(self.clock(), self.date(number)))
        self._sequences.clear()
        return chosen

    def delete(self, count: int, seed: int = 1) -> list[int]:
        """Take so many articles, chosen by the seed, away for good: their numbers."""
        chosen = self._chosen("delete", count, seed)
        self.deleted.update(chosen)
        self._sequences.clear()
        return chosen

    def _chosen(self, what: str, count: int, seed: int) -> list[int]:
        numbers = self.numbers()
        # By the work too: the same seed would delete what it has just edited.
        return sorted(random.Random(f"{what} {seed}").sample(numbers, min(count, len(numbers))))


def between(
    numbers: Sequence[int],
    key: Callable[[int], datetime],
    after: datetime | None = None,
    before: datetime | None = None,
) -> Sequence[int]:
    """Those of a sequence, ascending by `key`, that are later than `after` and earlier than `before`."""
    start = bisect_right(numbers, after, key=key) if after else 0
    end = bisect_left(numbers, before, key=key) if before else len(numbers)
    return numbers[start : max(start, end)]
