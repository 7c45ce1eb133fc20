"""A ledger whose rows are written by hand: what a portal published, and its runs."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Table, insert

from narayacrawl.ledger.database import IN_MEMORY, open_ledger, timestamp, transaction
from narayacrawl.ledger.tables import articles, days, portals, runs
from narayacrawl.report import PortalFigures, html_report, read_figures

PORTAL = "kabar"
NOW = datetime(2026, 3, 10, 5, tzinfo=UTC)
"""Noon in Jakarta."""
LOCAL = timedelta(hours=7)
FINE: dict[str, Any] = {"finish_reason": "finished", "item_scraped_count": 1, "narayacrawl/article/read": 1}
DONE: dict[str, Any] = {"state": "done", "revision": 1, "date_precision": "second"}


def before(**ago: float) -> str:
    """A moment so long before now, in UTC."""
    return timestamp(start=NOW - timedelta(**ago))


class WrittenLedger:
    """Takes what is to be in the ledger, and reports it."""

    def __init__(self, connection: Connection | None = None) -> None:
        self.connection = connection or open_ledger(IN_MEMORY)
        self._count = 0

    def _insert(self, table: Table, *rows: Mapping[str, Any]) -> None:
        with transaction(self.connection):
            self.connection.execute(insert(table), [*rows])

    def article(self, *, ago: float = 0, delay: float | None = 10, **columns: Any) -> None:
        """An article that was published so many hours ago, and stored so many minutes later; None: nobody knows."""
        self._count += 1
        published = NOW - timedelta(hours=ago)
        row = DONE | {"portal": PORTAL, "url": f"https://kabar.example/berita-{self._count}/", "seen_run": 1}
        row |= {"first_seen": before(hours=ago), "last_seen": before(hours=ago), "last_fetched": before(hours=ago)}
        row |= {"published": (published.replace(tzinfo=None) + LOCAL).isoformat(timespec="seconds") + "+07:00"}
        row |= {"stored": None if delay is None else timestamp(timedelta(minutes=delay), published)}
        self._insert(articles, row | columns)

    def run(self, *, ago: float = 0, seconds: float = 30, unfinished: bool = False, **columns: Any) -> None:
        """A run that began so many hours ago; `stats` are added to those of a good one, an unfinished one has none."""
        stats = FINE | columns.pop("stats", {})
        row: dict[str, Any] = {
            "portal": PORTAL,
            "spider": PORTAL,
            "arguments": "{}",
            "started": before(hours=ago),
            "reason": "finished",
        }
        row |= {"ended": before(hours=ago, seconds=-seconds), "stats": None if unfinished else json.dumps(stats)}
        self._insert(runs, row | columns)

    def day(self, ago: int, runs: int, articles: int, stats: Mapping[str, int]) -> None:
        """The folded runs of a day."""
        day = (NOW - timedelta(days=ago)).date().isoformat()
        row = {"portal": PORTAL, "day": day, "runs": runs, "articles": articles, "stats": json.dumps(dict(stats))}
        self._insert(days, row)

    def portal(self, **columns: Any) -> None:
        self._insert(portals, {"portal": PORTAL} | columns)

    @property
    def figures(self) -> PortalFigures:
        return read_figures(self.connection, PORTAL, NOW)

    @property
    def page(self) -> str:
        return html_report(self.figures)
