"""Read a page within the bounds of a crawl, or say why it yields no article."""

import gc
from collections.abc import Callable
from functools import cache
from typing import TypeVar

from narayacrawl.archive.page_guard import PageGuard, PageTooSlow

T = TypeVar("T")


class NotRead(Exception):
    """A kept page yields no article; `reason` is what it is counted under, the text says in one line why."""

    def __init__(self, reason: str, why: str = "") -> None:
        super().__init__(why or reason)
        self.reason = reason


def bounded(reading: Callable[[], T]) -> T:
    """Return what a page's reading gives. Raises `NotRead` if it takes longer than a crawl lets it."""
    # A page's reading makes up to a million objects and hardly a cycle: looking for some takes longer than the reading.
    is_collecting = gc.isenabled()
    gc.disable()
    try:
        return _guard().run(reading)
    except PageTooSlow as error:
        raise NotRead("too slow", str(error)) from error
    finally:
        if is_collecting:
            gc.enable()


@cache
def _guard() -> PageGuard:
    return PageGuard(None)
