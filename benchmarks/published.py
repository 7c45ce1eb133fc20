"""Keep track of a portal's published articles, and add, edit and delete some between and during crawls.

Unchanged articles are derived from their number and not stored, so that 100,000 of them cost nothing. Their numbers are
a `range` until one is deleted, then a list; both can be sliced and bisected.
"""

import random
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from datetime import datetime

from benchmarks.articles import BETWEEN, FIRST, FIRST_ID, SECTIONS, ZONE, Article, article, number_of

_SLUGS = [*SECTIONS]


def now() -> datetime:
    """Return the time by the portal's clock: WordPress stores whole seconds."""
    return datetime.now(ZONE).replace(microsecond=0)


class PublishedArticles:
    """The published articles of a portal. Sequences of numbers are ascending: the newest, or the one edited last, is at
    the end."""

    def __init__(self, articles: int, clock: Callable[[], datetime] = now) -> None:
        self.last = articles
        """The highest number that was ever published."""
        self.clock = clock
        self.deleted: set[int] = set()
        self._added: dict[int, datetime] = {}
        self._edited: dict[int, list[datetime]] = {}
        self._sequences: dict[tuple[frozenset[str], bool], Sequence[int]] = {}

    def article(self, number: int) -> Article:
        """Return the article of this number as it is now."""
        current = article(number)
        if number in self._added:
            current = current._replace(date=self._added[number])
        if number in self._edited:
            current = current._replace(edits=len(self._edited[number]), edited=self._edited[number][-1])
        return current

    def is_published(self, number: int) -> bool:
        return 0 < number <= self.last and number not in self.deleted

    def find(self, path: str) -> Article | None:
        """Return the published article at a path; None if there is none."""
        number = number_of(path)
        if number is None or not self.is_published(number):
            return None
        found = self.article(number)
        return found if found.path == path else None

    def was_at(self, path: str) -> bool:
        """True if a deleted article was at this path."""
        number = number_of(path)
        return number in self.deleted and article(number).path == path

    def by_id(self, post_id: int) -> int | None:
        """Return the number of the published article with this id; None if there is none."""
        number, remainder = divmod(post_id - FIRST_ID, 3)
        return number if not remainder and self.is_published(number) else None

    def date(self, number: int) -> datetime:
        return self._added.get(number) or FIRST + number * BETWEEN

    def modified(self, number: int) -> datetime:
        """Return when it was last edited; its publish date if it never was."""
        return self._edited[number][-1] if number in self._edited else self.date(number)

    def numbers(self, *sections: str, by_modified: bool = False) -> Sequence[int]:
        """Return the numbers of the published articles of these sections, or of all: sorted by date, which is also by
        id, or by last edit and then by id."""
        key = (frozenset(sections), by_modified)
        if key not in self._sequences:
            self._sequences[key] = self._numbers(*key)
        return self._sequences[key]

    def _numbers(self, sections: frozenset[str], by_modified: bool) -> Sequence[int]:
        if by_modified:
            dated = self.numbers(*sections)
            return sorted(dated, key=self.modified) if self._edited else dated
        numbers: Sequence[int] = range(1, self.last + 1)
        if len(sections) == 1:
            [section], step = sections, len(_SLUGS)
            numbers = range(_SLUGS.index(section) or step, self.last + 1, step)
        elif sections:
            numbers = [number for number in numbers if _SLUGS[number % len(_SLUGS)] in sections]
        return [number for number in numbers if number not in self.deleted] if self.deleted else numbers

    def at_or_before(self, number: int) -> int:
        """Return the newest published article that is not newer than this one; the oldest if all are newer."""
        numbers = self.numbers()
        return numbers[max(0, bisect_right(numbers, number) - 1)]

    def last_modified(self) -> datetime:
        """Return the latest publish date or edit of the published articles; a deletion may make it earlier."""
        numbers = self.numbers(by_modified=True)
        return self.modified(numbers[-1]) if numbers else FIRST

    def add(self, count: int) -> list[int]:
        """Publish new articles at once; return their numbers."""
        date = max(self.clock(), self.date(self.last))
        added = [*range(self.last + 1, self.last + count + 1)]
        self._added |= dict.fromkeys(added, date)
        self.last += count
        self._sequences.clear()
        return added

    def edit(self, count: int, seed: int = 1) -> list[int]:
        """Add a paragraph to articles chosen by the seed; return their numbers."""
        chosen = self._choose("edit", count, seed)
        for number in chosen:
            self._edited.setdefault(number, []).append(max(self.clock(), self.date(number)))
        self._sequences.clear()
        return chosen

    def delete(self, count: int, seed: int = 1) -> list[int]:
        """Delete articles chosen by the seed for good; return their numbers."""
        chosen = self._choose("delete", count, seed)
        self.deleted.update(chosen)
        self._sequences.clear()
        return chosen

    def _choose(self, action: str, count: int, seed: int) -> list[int]:
        numbers = self.numbers()
        # The action is part of the seed: otherwise one seed would delete what it has just edited.
        return sorted(random.Random(f"{action} {seed}").sample(numbers, min(count, len(numbers))))


def between(
    numbers: Sequence[int],
    key: Callable[[int], datetime],
    after: datetime | None = None,
    before: datetime | None = None,
) -> Sequence[int]:
    """Return the numbers, ascending by `key`, that are later than `after` and earlier than `before`."""
    start = bisect_right(numbers, after, key=key) if after else 0
    end = bisect_left(numbers, before, key=key) if before else len(numbers)
    return numbers[start : max(start, end)]
