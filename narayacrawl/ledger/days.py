"""Fold runs that are long over into daily figures: the stats of thirty thousand runs would be most of a ledger."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

import orjson
from sqlalchemy import Connection, Row, insert, select, update

from narayacrawl.ledger.database import timestamp, transaction
from narayacrawl.ledger.tables import HAS_STATS, days, runs

KEPT_FOR: Final = timedelta(days=365)
"""A run's own stats are kept for so long."""
MAX_FOLDED: Final = 100
"""At the end of one run: it takes 0.02 s, and a run a day or every minute catches up in time."""
REPAIRS: Final = ("audit", "rebuild")
"""Recorded as runs, but none of a portal's: they are in no daily figure."""
REREAD: Final = "reread"
"""A run that read kept pages again: of a day it counts what it wrote, and as no run."""
NO_CRAWLS: Final = (*REPAIRS, REREAD)
"""What the ledger calls the spiders of runs that fetched nothing."""
LEVELS: Final = frozenset({"narayacrawl/article/held", "narayacrawl/ledger/done", "narayacrawl/archive/compact_due"})
"""Stats that tell how things stand: of these, as of every `…max`, a day has the highest."""
NOT_SUMMED: Final = ("memusage/startup", "items_per_minute", "responses_per_minute")


def fold_old_runs(connection: Connection, portal: str) -> int:
    """Add the oldest runs that ended a year ago to the figures of the days on which they began, a bounded number of
    them; return how many. The rows stay, for recovery and for what later runs of the same scope ask: see `runs`."""
    old = (runs.c.portal == portal, HAS_STATS, runs.c.started < timestamp(-KEPT_FOR))
    columns = [runs.c.id, runs.c.spider, runs.c.started, runs.c.articles, runs.c.stats]
    with transaction(connection):
        found = connection.execute(select(*columns).where(*old).order_by(runs.c.started).limit(MAX_FOLDED)).all()
        by_day: dict[str, list[Row[Any]]] = {}
        for row in found:
            if row.spider not in REPAIRS:
                by_day.setdefault(row.started[:10], []).append(row)
        for day, own in by_day.items():
            _fold(connection, portal, day, own)
        if found:
            these = runs.c.id.in_([row.id for row in found])
            connection.execute(update(runs).where(these).values(stats=None))
    return len(found)


def _fold(connection: Connection, portal: str, day: str, rows: Sequence[Row[Any]]) -> None:
    is_day = (days.c.portal == portal, days.c.day == day)
    known = connection.execute(select(days).where(*is_day)).one_or_none()
    sums: dict[str, Any] = orjson.loads(known.stats) if known else {}
    for row in rows:
        _add(sums, orjson.loads(row.stats))
    values = {
        "runs": sum(row.spider != REREAD for row in rows) + (known.runs if known else 0),
        "articles": sum(row.articles for row in rows) + (known.articles if known else 0),
        "stats": orjson.dumps(sums, option=orjson.OPT_SORT_KEYS).decode(),
    }
    if known:
        connection.execute(update(days).where(*is_day).values(values))
    else:
        connection.execute(insert(days).values(portal=portal, day=day, **values))


def _add(sums: dict[str, Any], stats: Mapping[str, Any]) -> None:
    """Add a run's stats to those of a day; words and moments are left out."""
    for name, value in stats.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or name in NOT_SUMMED:
            continue
        if name in LEVELS or name.endswith("max"):
            sums[name] = max(sums.get(name, value), value)
        else:
            sums[name] = sums.get(name, 0) + value
