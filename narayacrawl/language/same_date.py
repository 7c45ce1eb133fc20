"""Tell whether two readings of one date differ, or one of them is only coarser."""

from datetime import datetime, timedelta
from typing import Final

from narayacrawl.items import DatePrecision

_ORDER: Final[tuple[DatePrecision, ...]] = ("second", "minute", "day")


def shown_precision(moment: datetime) -> DatePrecision:
    """Return how exact a moment seems by its zeros: midnight is a day, a whole minute is a minute."""
    return "second" if moment.second else "minute" if moment.hour or moment.minute else "day"


def coarser(one: str | None, other: str | None) -> DatePrecision:
    """Return the coarser of two precisions; None is unknown, and as fine as can be."""
    return max((name for name in _ORDER if name in (one, other)), key=_ORDER.index, default="second")


def is_same_date(one: datetime, other: datetime, precision: DatePrecision) -> bool:
    """True if two dates are the same as far as the coarser of them tells: the same moment, or the same day and time of
    day, each in its own zone.

    A page that tells no zone is read in the portal's, and one that shows a day means the day where it is read.
    """
    other_clocks = (other, other.astimezone(one.tzinfo))
    return any(_cut(one, precision) == _cut(clock, precision) for clock in other_clocks) or _cut(
        one.astimezone(other.tzinfo), precision
    ) == _cut(other, precision)


def _cut(moment: datetime, precision: DatePrecision) -> datetime:
    """Return a moment's clock without zone and without what is finer."""
    clock = moment.replace(tzinfo=None, microsecond=0)
    if precision == "day":
        return clock.replace(hour=0, minute=0, second=0)
    return clock.replace(second=0) if precision == "minute" else clock


def keep_finer(new: tuple[str, str | None], old: tuple[str, str], *, is_exact: bool = False) -> tuple[str, str | None]:
    """Return the finer of two readings of one date, each ISO 8601 with its precision (None if unknown), the old one
    where both are as fine; the new one where they tell two dates.

    A moment of zeros counts as no more than it shows, whatever was told of it, unless `is_exact`.
    """
    new_moment, old_moment = datetime.fromisoformat(new[0]), datetime.fromisoformat(old[0])
    new_told, old_told = (
        coarser(precision, None if is_exact and precision else shown_precision(moment))
        for moment, precision in ((new_moment, new[1]), (old_moment, old[1]))
    )
    if not is_same_date(new_moment, old_moment, coarser(new_told, old_told)):
        return new
    if _ORDER.index(new_told) < _ORDER.index(old_told):
        return new
    return old


def is_offset_apart(one: datetime, other: datetime) -> bool:
    """True if two moments lie apart by just the portal's offset: the same clock time, once called UTC."""
    offset = one.utcoffset() or other.utcoffset() or timedelta()
    return bool(offset) and abs(one - other) == abs(offset)
