"""When an article is fetched again: after a look that found no change, after a failure, after it was gone or
rejected."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from narayacrawl.ledger.database import timestamp

RECHECK_INTERVALS: Final = (
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(days=1),
    timedelta(days=7),
    timedelta(days=30),
)
"""How long after a fetch an article is rechecked whose changes no source tells: longer after each that found none."""
RETRY_INTERVALS: Final = (
    timedelta(),
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(days=1),
    timedelta(days=7),
)
"""After the first failure the next run tries again, after the second one in an hour, …"""
MAX_RETRY_INTERVAL: Final = timedelta(hours=6)
"""No longer apart while a source lists the article: it may be repaired at any time."""
ONE_RUN: Final = timedelta(minutes=5)
"""What is no longer ago was met by this run, or by one that a user has started just before."""
LISTED_FOR: Final = timedelta(days=7)
"""An article counts as listed for so long after a listing has shown it: older pages are not read in every run."""
GONE_RECHECK_INTERVAL: Final = timedelta(days=7)
REJECTED_RECHECK_INTERVAL: Final = timedelta(days=30)
"""A protected post may be opened, and a removed one may come back, though its address never changes."""

DUE_AGAIN: Final[Mapping[str, Any]] = {
    "state": "pending",
    "reason": None,
    "failures": 0,
    "code": None,
    "next_check": None,
}
"""Column values that make an article due, whatever became of it before."""


def next_recheck(unchanged: int, checked_at: datetime | None = None) -> str:
    """Return when an article is rechecked after so many fetches in a row that found no change, the last at `checked_at`
    or now."""
    return timestamp(RECHECK_INTERVALS[min(unchanged, len(RECHECK_INTERVALS) - 1)], checked_at)


def next_retry(failures: int, *, is_listed: bool = False) -> str:
    """Return when an article is tried again that has failed so many times before this one; `is_listed` if a source
    lists it."""
    interval = RETRY_INTERVALS[min(failures, len(RETRY_INTERVALS) - 1)]
    return timestamp(min(interval, MAX_RETRY_INTERVAL) if is_listed else interval)


def next_look(since: str) -> str:
    """Return when the pages of a redesign that was met at a moment are looked at again: by the next run, then after as
    long as it has lasted, but soon enough after the user has mended what reads them."""
    lasted = datetime.now(UTC) - datetime.fromisoformat(since)
    return timestamp(min(lasted, MAX_RETRY_INTERVAL) if lasted > ONE_RUN else timedelta())
