"""Propose pairs of texts by their MinHash bands, one band at a time: memory holds one table of a band's values."""

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations
from typing import Final, TypeAlias

Pair: TypeAlias = tuple[int, int]
"""Numbers of two texts, the smaller first."""
MAX_ALL_PAIRS: Final = 24
"""Of so many texts with the same band all pairs are proposed."""
NEXT: Final = 4
"""Of more, a series most likely, each text is paired with as many that follow it, and with the first ones."""


def candidate_pairs(
    bands: Sequence["array[int]"],
    numbers: Sequence[int],
    show: Callable[[Sequence["array[int]"]], Iterable["array[int]"]],
) -> list[Pair]:
    """Return the pairs that share a band, sorted. `bands` has an array a band, in each a value a text; `numbers` the
    texts' numbers. `show` passes the bands on and sees how far it is."""
    count = max(numbers, default=0) + 1
    found: set[int] = set()
    for band in show(bands):
        for bucket in _buckets(band, numbers):
            found.update(first * count + second for first, second in _pairs(bucket))
    return [divmod(pair, count) for pair in sorted(found)]


def _buckets(band: Iterable[int], numbers: Iterable[int]) -> Iterable[list[int]]:
    """Return the texts that share a value of the band, each list ascending."""
    first: dict[int, int] = {}
    buckets: dict[int, list[int]] = {}
    for number, value in zip(numbers, band, strict=True):
        if (earlier := first.setdefault(value, number)) != number:
            buckets.setdefault(value, [earlier]).append(number)
    return buckets.values()


def _pairs(bucket: list[int]) -> Iterator[Pair]:
    if len(bucket) <= MAX_ALL_PAIRS:
        yield from combinations(bucket, 2)
        return
    for place, number in enumerate(bucket):
        yield from ((number, following) for following in bucket[place + 1 : place + 1 + NEXT])
        yield from ((leading, number) for leading in bucket[: min(NEXT, place)])
