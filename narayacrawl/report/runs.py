"""Sum up a portal's runs in the ledger, by the day they began on, those of more than a year ago as they were folded."""

import sqlite3
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import orjson

from narayacrawl.ledger.days import LEVELS, REPAIRS, REREAD
from narayacrawl.monitors.alarms import ALARM, alarms

FIELD: Final = "narayacrawl/field/"
READ: Final = "narayacrawl/record/count"
"""How many articles of a run were looked at for their fields."""
PICTURES: Final = "narayacrawl/record/pictures"
"""How many of them show pictures, and were not looked at for a body."""
LAST_RUNS: Final = 50
"""So many runs are shown one by one."""

_SUMMED: Final = ("downloader/request_count", "downloader/response_bytes", READ, PICTURES, "item_scraped_count")
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

_RUNS: Final = """
SELECT id, spider, started, ended, reason, articles, stats FROM runs
WHERE portal = :portal AND (ended IS NULL OR stats IS NOT NULL) ORDER BY id
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


@dataclass(slots=True)
class AlarmFigures:
    """An alarm that runs have raised."""

    runs: int
    first: str
    last: str
    """When the first and the last one began."""
    line: str
    """What the last one said."""


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
    alarms: dict[str, AlarmFigures] = field(default_factory=dict)
    """The alarms of the runs that are not folded, by their names."""


def read_runs(connection: sqlite3.Connection, portal: str) -> Runs:
    """Sum up the runs of a portal."""
    runs = Runs()
    names = _Names()
    for day, count, lines, sums in connection.execute(_DAYS, {"portal": portal}):
        runs.count += count
        runs.first = min(runs.first or day, day)
        folded = runs.by_day[date.fromisoformat(day)] = DayFigures(count, lines)
        names.add(folded.stats, orjson.loads(sums))
    for number, spider, started, ended, reason, lines, stats in connection.execute(_RUNS, {"portal": portal}):
        if spider in REPAIRS:
            continue
        run = RunFigures(number, spider, started, ended, reason, lines, orjson.loads(stats) if stats else {})
        runs.first = min(runs.first or run.started, run.started)
        began = runs.by_day.setdefault(date.fromisoformat(run.started[:10]), DayFigures())
        began.lines += run.lines
        has_alarm = names.add(began.stats, run.stats)
        if spider == REREAD:
            continue
        runs.count += 1
        began.runs += 1
        runs.last.append(run)
        if run.stats.get(READ):
            runs.with_fields.append(run)
        if has_alarm:
            for name, line in alarms(run.stats).items():
                known = runs.alarms.get(name)
                count, first = (known.runs + 1, known.first) if known else (1, started)
                runs.alarms[name] = AlarmFigures(count, first, started, line)
    return runs


class _Names:
    """Names of stats that are looked at, out of all that runs have; each name is read once."""

    def __init__(self) -> None:
        self._read: set[str] = set()
        self._summed: set[str] = set()
        self._alarms: set[str] = set()

    def add(self, sums: Counter[str], stats: Mapping[str, Any]) -> bool:
        """Add the stats of a run, or of a day of them, to sums; True if there is an alarm among them."""
        names = stats.keys()
        for name in names - self._read:
            self._read.add(name)
            if name.startswith(ALARM):
                self._alarms.add(name)
            elif (name in _SUMMED or name.startswith(_SUMMED_PREFIXES)) and name not in LEVELS:
                self._summed.add(name)
        for name in names & self._summed:
            if isinstance(value := stats[name], int):
                sums[name] += value
        return not names.isdisjoint(self._alarms)
