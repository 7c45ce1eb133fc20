"""Count what a run sees of known articles that it reads again because the portal's listings are built otherwise."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final

from narayacrawl.ledger.shape import Difference

MIN_SUSPECTED: Final = 3
"""Of fewer articles nobody can tell a redesign: a portal may have no more."""
MIN_OTHER_TEXTS: Final = 2
MIN_LOST: Final = 2
"""A newsroom changes a section or tags of what it has written, but takes no names and captions away."""


@dataclass(slots=True)
class SuspectedArticles:
    """Known articles that would show a redesign, if there was one."""

    ids: Collection[int] = ()
    read: int = 0
    """How many were read again, and the portal tells of no edit."""
    differing: int = 0
    """How many of them differ in anything."""
    other_texts: int = 0
    """How many differ in title, date or text."""
    untold: int = 0
    """How many of those are listed by a source that tells changes, and told none."""
    had: Counter[str] = field(default_factory=Counter)
    """How many have had each other field,"""
    lost: Counter[str] = field(default_factory=Counter)
    """how many of them have lost it or have less,"""
    others: Counter[str] = field(default_factory=Counter)
    """and how many have another."""

    def record(self, difference: Difference, *, is_listed: bool) -> None:
        """Record one that was read again; `is_listed` if a source that tells changes lists it."""
        self.read += 1
        self.differing += bool(difference.ways or difference.fields.lost or difference.fields.others)
        self.other_texts += bool(difference.ways)
        self.untold += bool(difference.ways and is_listed)
        self.had.update(difference.fields.had)
        self.lost.update(difference.fields.lost)
        self.others.update(difference.fields.lost | difference.fields.others)

    @property
    def are_redesigned(self) -> bool:
        """True if they differ more than a newsroom's edits would have it."""
        if len(self.ids) < MIN_SUSPECTED:
            return False
        are_lost = bool(self.other_texts) and 2 * self.read < len(self.ids)
        return are_lost or self.untold > 0 or self.other_texts >= MIN_OTHER_TEXTS or self.are_mostly_others

    @property
    def are_mostly_others(self) -> bool:
        """True if most of them differ in anything."""
        return 2 * self.differing > len(self.ids) >= MIN_SUSPECTED

    @property
    def lost_field(self) -> str | None:
        """Return a field that two have lost, or that is another in most that had it; None if there is none."""
        if len(self.ids) < MIN_SUSPECTED:
            return None
        if self.lost and self.lost.most_common(1)[0][1] >= MIN_LOST:
            return self.lost.most_common(1)[0][0]
        others = (name for name, count in self.others.most_common() if 2 * count > self.had[name])
        return next((name for name in others if self.others[name] >= MIN_SUSPECTED), None)
