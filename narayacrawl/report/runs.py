"""Sum up a portal's runs in the ledger, by the day they began on, those of more than a year ago as they were folded."""

import sqlite3
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import orjson

ALARM: Final = "narayacrawl/alarm/"
FIELD: Final = "narayacrawl/field/"
FIELD_ARTICLES: Final = "narayacrawl/field_articles"
"""How many articles of a run were looked at for their fields."""
LAST_RUNS: Final = 50
"""So many runs are shown one by one."""
LAST_ALARMS: Final = 20

_SUMMED: Final = ("downloader/request_count", "downloader/response_bytes", FIELD_ARTICLES, "item_scraped_count")
_SUMMED_PREFIXES: Final = (
    "narayacrawl/article/",
    "narayacrawl/dropped/",
    "narayacrawl/written/",
    FIELD,
    "downloader/response_status_count/",
    "downloader/exception_type_count/",
    "narayacrawl/source/response_status_count/",
    "robotstxt/response_status_count/",
)
_LEVELS: Final = frozenset({"narayacrawl/article/held"})
"""Stats that tell how things stand: the sum of several runs means nothing."""

# Repairs and rebuilds are recorded as runs, too, one for every segment.
_RUNS: Final = """
SELECT id, spider, started, ended, reason, articles, stats FROM runs
WHERE portal = :portal AND spider NOT IN ('audit', 'rebuild') ORDER BY id
"""
_DAYS: Final = "SELECT day, runs, articles, stats FROM days WHERE portal = :portal"


@dataclass(slots=True)
class DayFigures:
    """The runs that began on one day, in UTC, summed up."""

    runs: int = 0
    lines: int = 0
    """That they wrote to the archive."""
    stats: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class RunFigures:
    """One run. `ended` and `stats` are None and empty if it goes on or was killed."""

    id: int
    spider: str
    started: str
    ended: str | None
    reason: str | None
    lines: int
    stats: Mapping[str, Any]

    @property
    def alarms(self) -> dict[str, str]:
        """The alarms of its monitors: what each says, by its name."""
        return {name.removeprefix(ALARM): str(text) for name, text in self.stats.items() if name.startswith(ALARM)}


@dataclass(slots=True)
class Runs:
    """All runs of a portal."""

    count: int = 0
    first: str | None = None
    """When the first one began, or the first day of those that were folded."""
    by_day: dict[date, DayFigures] = field(default_factory=dict)
    last: deque[RunFigures] = field(default_factory=lambda: deque(maxlen=LAST_RUNS))
    """Oldest first, here and below."""
    with_fields: deque[RunFigures] = field(default_factory=lambda: deque(maxlen=LAST_RUNS))
    """The last of those that counted which fields their articles have."""
    with_alarms: deque[RunFigures] = field(default_factory=lambda: deque(maxlen=LAST_ALARMS))
    alarms: Counter[str] = field(default_factory=Counter)
    """How many of the runs that are not folded gave which alarm."""


def read_runs(connection: sqlite3.Connection, portal: str) -> Runs:
    """Sum up the runs of a portal."""
    runs = Runs()
    is_summed = _Summed()
    for day, count, lines, stats in connection.execute(_DAYS, {"portal": portal}):
        runs.count += count
        runs.first = min(runs.first or day, day)
        folded = runs.by_day[date.fromisoformat(day)] = DayFigures(count, lines)
        _add(folded.stats, orjson.loads(stats), is_summed)
    for row in connection.execute(_RUNS, {"portal": portal}):
        run = RunFigures(*row[:6], orjson.loads(row[6]) if row[6] else {})
        runs.count += 1
        runs.first = min(runs.first or run.started, run.started)
        began = runs.by_day.setdefault(date.fromisoformat(run.started[:10]), DayFigures())
        began.runs += 1
        began.lines += run.lines
        _add(began.stats, run.stats, is_summed)
        runs.last.append(run)
        if run.stats.get(FIELD_ARTICLES):
            runs.with_fields.append(run)
        if alarms := run.alarms:
            runs.with_alarms.append(run)
            runs.alarms.update(alarms)
    return runs


class _Summed(dict[str, bool]):
    """Whether a stat is summed up, by its name; each is looked at once."""

    def __missing__(self, name: str) -> bool:
        is_summed = (name in _SUMMED or name.startswith(_SUMMED_PREFIXES)) and name not in _LEVELS
        self[name] = is_summed
        return is_summed


def _add(sums: Counter[str], stats: Mapping[str, Any], is_summed: _Summed) -> None:
    for name, value in stats.items():
        if is_summed[name] and isinstance(value, int):
            sums[name] += value
