"""Group articles with their copies: the earliest first, each other one compared with it itself.

Copies are no chain: where B was made of A and C of B, C may have nothing of A. So a group is a star: all its members
are copies of its first one. An article that is a copy of one, and itself what a third was made of, stands in both
groups.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeAlias

from narayacrawl.duplicates.candidates import Pair
from narayacrawl.duplicates.comparison import Similarity

Order: TypeAlias = tuple[datetime, datetime, str, str]


@dataclass(frozen=True, slots=True)
class Group:
    """An article and its copies, by their numbers."""

    first: int
    copies: Mapping[int, Similarity]
    """What each has in common with the first one, in the order in which they were published."""


def order_of(record: Mapping[str, Any]) -> Order:
    """Return by what articles are sorted: published, then fetched; what has no date comes last."""
    return _moment(record["date"]), _moment(record["fetched_at"]), str(record["portal"]), record["url"]


def _moment(date: str | None) -> datetime:
    latest = datetime.max.replace(tzinfo=UTC)
    try:
        moment = datetime.fromisoformat(date) if date else latest
    except ValueError:
        return latest
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def group_copies(
    similar: Mapping[Pair, Similarity],
    orders: Mapping[int, Order],
    compare: Callable[[int, int], Similarity | None],
    show: Callable[[Sequence[int]], Iterable[int]] = iter,
) -> list[Group]:
    """Return the groups of articles, sorted as their first ones.

    `similar` has the pairs that are alike, `orders` how the articles in them are sorted; `compare` is asked about the
    copies of copies.
    """
    neighbours: dict[int, dict[int, Similarity]] = {}
    for (one, other), similarity in similar.items():
        neighbours.setdefault(one, {})[other] = similarity
        neighbours.setdefault(other, {})[one] = similarity
    groups = []
    copies: set[int] = set()
    begun: set[int] = set()
    for first in show(sorted(neighbours, key=orders.__getitem__)):
        begun.add(first)
        free = neighbours[first].keys() - begun - copies
        own = {number: neighbours[first][number] for number in free}
        if first not in copies:
            further = {number for neighbour in neighbours[first] for number in neighbours[neighbour]}
            for number in sorted(further - begun - copies - own.keys()):
                if found := compare(first, number):
                    own[number] = found
        if own:
            copies.update(own)
            groups.append(Group(first, {number: own[number] for number in sorted(own, key=orders.__getitem__)}))
    return groups


def group_id(record: Mapping[str, Any]) -> str:
    """Return the name of the group that an article begins: the same in every run, whatever copies are found."""
    article = record["url"] if record["id"] is None else record["id"]
    return hashlib.blake2b(f"{record['portal']}\n{article}".encode(), digest_size=8).hexdigest()
