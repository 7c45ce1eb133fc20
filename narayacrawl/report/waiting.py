"""Read what of a portal waits, failed or was rejected, and how its sources do."""

import sqlite3
from dataclasses import dataclass
from typing import Final

LAST_FAILURES: Final = 20
REASONS: Final = 12
SOURCES: Final = 12

# `state != 'done'` as in the index.
_FAILURES: Final = """
SELECT url, reason, failures, last_fetched, next_check FROM articles
WHERE portal = :portal AND state != 'done' AND state = 'failed' ORDER BY last_fetched DESC, id DESC LIMIT :limit
"""
_REASONS: Final = """
SELECT state, reason, count(*) FROM articles
WHERE portal = :portal AND state != 'done' AND state IN ('failed', 'rejected')
GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2
"""
_DUE: Final = """
SELECT count(*) FROM articles WHERE portal = :portal AND state = 'done' AND next_check <= :now
"""
_SOURCES: Final = """
SELECT name, scope, completed, visited, failures FROM sources WHERE portal = :portal
ORDER BY failures DESC, visited DESC, name, scope LIMIT :limit
"""
_COUNT_SOURCES: Final = "SELECT count(*) FROM sources WHERE portal = :portal"
_PORTAL: Final = "SELECT retry_after, timezone FROM portals WHERE portal = :portal"


@dataclass(frozen=True, slots=True)
class FailedArticle:
    """An article that could not be fetched, or was not believed. Moments are ISO 8601 in UTC."""

    url: str
    reason: str | None
    failures: int
    """In a row."""
    last_fetched: str | None
    next_check: str | None


@dataclass(frozen=True, slots=True)
class SourceFigures:
    """A source, or a file of one, and how reading it went."""

    name: str
    scope: str
    """JSON of the arguments that narrow what it lists; empty if none does."""
    completed: str | None
    visited: str | None
    failures: int
    """In a row."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits and what went wrong, as of now."""

    failures: list[FailedArticle]
    """The last ones, the latest first."""
    reasons: list[tuple[str, str, int]]
    """State, reason and number of the articles that failed or were rejected, the most frequent first."""
    other_reasons: int
    """How many articles have other reasons than those."""
    due: int
    """How many articles that are written are to be looked at again by the next run."""
    sources: list[SourceFigures]
    """Those that fail first, then those that were read last."""
    source_count: int
    retry_after: str | None
    """Before when the portal wants no request; None if it told nothing."""
    timezone: str | None
    """Of the portal's dates; None if not known."""


def read_waiting(connection: sqlite3.Connection, portal: str, now: str) -> Waiting:
    """Read what waits and what went wrong; `now` is ISO 8601 in UTC."""
    own = {"portal": portal}
    failures = [FailedArticle(*row) for row in connection.execute(_FAILURES, own | {"limit": LAST_FAILURES})]
    reasons = [(state, reason or "", count) for state, reason, count in connection.execute(_REASONS, own)]
    [due] = connection.execute(_DUE, own | {"now": now}).fetchone()
    sources = [SourceFigures(*row) for row in connection.execute(_SOURCES, own | {"limit": SOURCES})]
    [source_count] = connection.execute(_COUNT_SOURCES, own).fetchone()
    retry_after, timezone = connection.execute(_PORTAL, own).fetchone() or (None, None)
    return Waiting(
        failures,
        reasons[:REASONS],
        sum(count for *_, count in reasons[REASONS:]),
        due,
        sources,
        source_count,
        retry_after if retry_after and retry_after > now else None,
        timezone,
    )
