"""Cut the time that a plot shows into columns of a day, a week or longer, and place the dates below them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, TypeAlias

RECENT_DAYS: Final = 90
LEAST_DAYS: Final = 28
"""A plot of a new portal is so wide all the same."""
MAX_COLUMNS: Final = 260
"""So many can be told apart on a screen."""
SIZES: Final = (1, 7, 28, 91, 364)
MAX_TICKS: Final = 5
DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Column:
    """The days that one column of a plot stands for, both ends included."""

    first: date
    last: date

    @property
    def days(self) -> list[date]:
        return [self.first + DAY * number for number in range((self.last - self.first).days + 1)]

    def __str__(self) -> str:
        return f"{self.first}" if self.first == self.last else f"{self.first} – {self.last}"


Periods: TypeAlias = list[tuple[str, list[Column]]]
"""What a plot shows at choice: the class of what is shown, and its columns; the last weeks first."""


def recent_columns(first: date, last: date) -> list[Column]:
    """Return a column for each of the last `RECENT_DAYS`, fewer where there was nothing before `first`."""
    start = min(max(first, last - DAY * (RECENT_DAYS - 1)), last - DAY * (LEAST_DAYS - 1))
    return columns(start, last)


def columns(first: date, last: date) -> list[Column]:
    """Cut the days from `first` to `last` into at most `MAX_COLUMNS` columns; the last ones are whole."""
    count = (last - first).days + 1
    size = next((size for size in SIZES if count <= size * MAX_COLUMNS), SIZES[-1])
    ends = [last - DAY * back for back in range(0, count, size)]
    return [Column(max(end - DAY * (size - 1), first), end) for end in reversed(ends)]


def size_name(own: Sequence[Column]) -> str:
    """Return what the columns show of a figure: `per day`, `per day, mean of 7 days`."""
    size = (own[-1].last - own[-1].first).days + 1
    return "per day" if size == 1 else f"per day, mean of {size} days"


def ticks(own: Sequence[Column]) -> list[tuple[float, str]]:
    """Return the dates to write below columns, each with its place as a share of the width: the first of months,
    quarters or years, a few of them."""
    first, last = own[0].first, own[-1].last
    months = [date(year, month, 1) for year in range(first.year, last.year + 1) for month in range(1, 13)]
    inside = [day for day in months if first <= day <= last]
    for step, form in ((1, "{0.day} {0:%b}"), (3, "{0:%b %Y}"), (12, "{0:%Y}"), (24, "{0:%Y}"), (60, "{0:%Y}")):
        chosen = [day for day in inside if (day.year * 12 + day.month - 1) % step == 0]
        if 2 <= len(chosen) <= MAX_TICKS:
            return [(_place(day, first, last), form.format(day)) for day in chosen]
    spread = [first + (last - first) * number / (MAX_TICKS - 2) for number in range(MAX_TICKS - 1)]
    form = "{0:%b %Y}" if (last - first).days > 364 else "{0.day} {0:%b}"
    return [(_place(day, first, last), form.format(day)) for day in spread]


def _place(day: date, first: date, last: date) -> float:
    """Return where the middle of a day is."""
    return ((day - first).days + 0.5) / ((last - first).days + 1)
