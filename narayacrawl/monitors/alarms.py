"""Raise alarms of a run: each is a stat, `narayacrawl/alarm/NAME`, whose value is the line that says what is wrong."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from scrapy.statscollectors import StatsCollector

from narayacrawl.monitors.stats import Stats

ALARM: Final = "narayacrawl/alarm/"
EXAMPLES: Final = 2
"""So many articles are shown for each alarm."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """Tells that a run is not like those before it."""

    name: str
    """What is watched, one word or a path: `structure`, `field/authors`, `http`."""
    line: str
    """What is wrong, one line without addresses."""
    examples: Sequence[str] = ()
    """Addresses of articles to look at, two of which are shown."""

    def __str__(self) -> str:
        """Return the line, and the two articles at its end."""
        return f"{self.line}: {' '.join(self.examples[:EXAMPLES])}" if self.examples else self.line


def raise_alarm(stats: StatsCollector, alarm: Alarm) -> None:
    """Set the alarm's stat: the run ends with the status of one that is not to be trusted, unless it has failed."""
    stats.set_value(f"{ALARM}{alarm.name}", str(alarm))


def alarms(stats: Stats) -> dict[str, str]:
    """Return the lines of a run's alarms by their names, in alphabetical order."""
    return {name.removeprefix(ALARM): str(stats[name]) for name in sorted(stats) if name.startswith(ALARM)}
