"""Return what a portal's past runs were like: the memory that a run is judged by."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, or_, select

from narayacrawl.ledger.database import timestamp, transaction
from narayacrawl.ledger.days import NO_CRAWLS
from narayacrawl.ledger.portals import remember
from narayacrawl.ledger.tables import HAS_WRITTEN, portals, runs

MAX_RECENT: Final = 60
MAX_WRITTEN: Final = 60
MAX_GAPS: Final = 300
ALARM_AGE: Final = timedelta(days=14)
"""After so long, what a run raised an alarm about counts as the portal's past like any other."""
NARROWING: Final = frozenset({"section", "since", "until", "limit", "urls", "source", "full"})
"""Arguments of a run whose articles are not like those of any run."""
_IS_CRAWL: Final = runs.c.spider.not_in(NO_CRAWLS)


@dataclass(frozen=True)
class PastRun:
    """One run that has ended."""

    id: int
    arguments: str
    as_json: str

    @cached_property
    def stats(self) -> dict[str, Any]:
        """Return its stats."""
        stats: dict[str, Any] = json.loads(self.as_json)
        return stats

    @property
    def is_whole(self) -> bool:
        """True if it looked for all that is new, and for nothing else."""
        return NARROWING.isdisjoint(json.loads(self.arguments))


def recent_runs(connection: Connection, portal: str, *, since: int = 0) -> list[PastRun]:
    """Return the last runs of a portal that have ended, the latest first; none before the run `since`."""
    return _read(connection, portal, limit=MAX_RECENT, since=since)


def trusted_runs(connection: Connection, portal: str, *, since: int = 0) -> list[PastRun]:
    """Do the same for those that wrote articles and raised no alarm, or raised it long ago."""
    is_trusted = or_(
        runs.c.stats.not_like('%"narayacrawl/alarm/%'),
        runs.c.started < timestamp(-ALARM_AGE),
    )
    return _read(connection, portal, HAS_WRITTEN, is_trusted, limit=MAX_WRITTEN, since=since)


def accept_run(connection: Connection, portal: str, run: int) -> None:
    """Record that this run took the portal's pages as they were: what was before it tells nothing any more."""
    with transaction(connection):
        remember(connection, portal, accepted_run=run)


def accepted_run(connection: Connection, portal: str) -> tuple[int, datetime | None]:
    """Return the last run that took the portal's pages as they were, and when it began; 0 and None if none has."""
    query = select(runs.c.id, runs.c.started).join(portals, portals.c.accepted_run == runs.c.id)
    with transaction(connection):
        found = connection.execute(query.where(portals.c.portal == portal)).first()
    return (found.id, datetime.fromisoformat(found.started)) if found else (0, None)


def written_moments(connection: Connection, portal: str, limit: int = MAX_GAPS) -> list[datetime]:
    """Return when the last runs that wrote articles began, the latest first."""
    query = select(runs.c.started).where(runs.c.portal == portal, HAS_WRITTEN, _IS_CRAWL)
    with transaction(connection):
        found = connection.execute(query.order_by(runs.c.id.desc()).limit(limit)).scalars()
        return [datetime.fromisoformat(moment) for moment in found]


def _read(
    connection: Connection, portal: str, *conditions: ColumnElement[bool], limit: int, since: int
) -> list[PastRun]:
    query = (
        select(runs.c.id, runs.c.arguments, runs.c.stats)
        .where(runs.c.portal == portal, runs.c.stats.is_not(None), _IS_CRAWL, *conditions)
        .order_by(runs.c.id.desc())
        .limit(limit)
    )
    with transaction(connection):
        # Not among the conditions: SQLite would look through all runs since then for those that are meant.
        return [PastRun(*row) for row in connection.execute(query) if row.id >= since]
