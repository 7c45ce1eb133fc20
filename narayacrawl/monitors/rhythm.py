"""Tell a portal that has gone silent from one whose newsroom sleeps: by its own longest silences.

The days around Idul Fitri and the turn of the year count a third: whole newsrooms are on leave then.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Final

from narayacrawl.language.english import counted
from narayacrawl.monitors.alarms import Alarm

MIN_GAPS: Final = 10
"""A portal that brought articles less often has no rhythm yet."""
LEAST_SILENCE: Final = timedelta(days=1)
YOUNG: Final = timedelta(days=28)
YOUNG_SILENCE: Final = timedelta(hours=100)
"""What is known for less than four weeks may have its first long weekend, Friday evening to Tuesday morning."""
FACTOR: Final = 2
"""So many times the longest silence is no rhythm any more."""
HOLIDAY_WEIGHT: Final = 3
STEP: Final = timedelta(hours=1)
BEFORE_LEBARAN, AFTER_LEBARAN = timedelta(days=4), timedelta(days=8)
ISLAMIC_EPOCH: Final = 227_015
"""1 Muharram 1 of the tabular Islamic calendar, as Python counts days."""


def silence(moments: Sequence[datetime], now: datetime, *, accepted: datetime | None = None) -> Alarm | None:
    """Return an alarm if a portal whose runs brought articles at these moments, the latest first, is silent for longer
    than its own rhythm; None if it is not, or has none yet."""
    gaps = [weighed(earlier, later) for later, earlier in pairwise(moments)]
    if len(gaps) < MIN_GAPS:
        return None
    last = max(moments[0], accepted) if accepted else moments[0]
    is_young = moments[0] - moments[-1] < YOUNG
    allowed = max(FACTOR * max(gaps), YOUNG_SILENCE if is_young else LEAST_SILENCE)
    if weighed(last, now) <= allowed:
        return None
    line = f"no new article for {told(now - moments[0])} (longest silence before: {told(max(gaps))})"
    return Alarm("rhythm", line)


def weighed(start: datetime, end: datetime) -> timedelta:
    """Return the time between two moments, that on holidays counted a third."""
    if end - start < LEAST_SILENCE:
        return end - start
    total = timedelta()
    moment = start
    while moment < end:
        step = min(STEP, end - moment)
        total += step / HOLIDAY_WEIGHT if is_holiday(moment) else step
        moment += step
    return total


def is_holiday(moment: datetime) -> bool:
    """True around Idul Fitri, and from 24 December to 2 January."""
    day = moment.astimezone(UTC).date()
    if (day.month, day.day) >= (12, 24) or (day.month, day.day) <= (1, 2):
        return True
    return any(fitr - BEFORE_LEBARAN <= day <= fitr + AFTER_LEBARAN for fitr in idul_fitri(day.year))


def idul_fitri(year: int) -> list[date]:
    """Return the days of Idul Fitri in a year, 1 Syawal of the tabular calendar: a day off at most."""
    first = int((year - 622) * 33 / 32)
    days = (date.fromordinal(_syawal(hijri)) for hijri in (first - 1, first, first + 1, first + 2))
    return [day for day in days if day.year == year]


def _syawal(hijri: int) -> int:
    months = 266  # nine months of 30 and 29 days in turn
    return ISLAMIC_EPOCH + 354 * (hijri - 1) + (3 + 11 * hijri) // 30 + months


def told(time: timedelta) -> str:
    """Return a time in hours, or in days from two on."""
    hours = round(time.total_seconds() / 3600)
    return counted(hours, "hour") if hours < 48 else counted(hours // 24, "day")
