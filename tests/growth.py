"""Time in proportion to size: ratios of the processor's seconds within one run, for the machine is shared."""

from collections.abc import Callable
from time import process_time
from typing import Final, TypeVar

T = TypeVar("T")

TIMES: Final = 4
FACTOR, FLOOR = 10, 0.02
"""Nothing is any but linear where four times the size takes so many times longer; what takes less of the processor's
seconds is not judged."""
ATTEMPTS: Final = 5


def grows_in_proportion(make: Callable[[int], T], read: Callable[[T], object], size: int) -> bool:
    """True if `read` takes about four times as long for what `make` gives of four times the size."""
    short, long = make(size), make(TIMES * size)
    return any(_seconds(read, long) < max(FLOOR, FACTOR * _seconds(read, short)) for _ in range(ATTEMPTS))


def _seconds(read: Callable[[T], object], what: T) -> float:
    start = process_time()
    read(what)
    return process_time() - start
