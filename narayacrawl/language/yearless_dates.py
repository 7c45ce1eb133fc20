"""Read dates that a page writes without their year: `24 Juni, 11.30 WIB`. The year is the caller's to find."""

import re
from calendar import monthrange
from datetime import date
from typing import NamedTuple, Self

from narayacrawl.language.month_names import MONTHS, WEEKDAYS
from narayacrawl.language.text import normalize

_DAY_AND_MONTH = re.compile(
    r"(?<![\d.,:/-])(?:"
    r"(\d{1,2})(?:st|nd|rd|th)?[\s.-]{1,3}([^\W\d_]{3,14})(?!\w)"
    r"|(?<!\w)([^\W\d_]{3,14})\.?\s(\d{1,2})(?:st|nd|rd|th)?(?![\w:]|\.\d)"
    r"|(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일])"
)
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)|(?<!\d)\d{1,2}([/.-])\d{1,2}\1\d{2}(?!\d)")
_WORD = re.compile(r"[^\W\d_]+")
_LEAP_YEAR = 2024
_MAX_LENGTH = 100


class YearlessDate(NamedTuple):
    """A day and a month, the weekday (Monday 0) if the text tells one, and the text before and after them."""

    month: int
    day: int
    weekday: int | None
    before: str
    after: str

    @classmethod
    def read(cls, text: str) -> Self | None:
        """Read the day and month in a text that names no year; None if it has none, or several."""
        if len(text) > _MAX_LENGTH or _YEAR.search(text):
            return None
        line = normalize(text, "NFKC").lower()
        found = [(match, *_month_and_day(match)) for match in _DAY_AND_MONTH.finditer(line)]
        found = [
            (match, month, day) for match, month, day in found if 1 <= day <= monthrange(_LEAP_YEAR, month or 1)[1]
        ]
        dates = [(match, month, day) for match, month, day in found if month]
        if len(dates) != 1:
            return None
        match, month, day = dates[0]
        weekday = next((WEEKDAYS[word] for word in _WORD.findall(line[: match.start()]) if word in WEEKDAYS), None)
        return cls(month, day, weekday, line[: match.start()], line[match.end() :])

    def day_in(self, year: int) -> date | None:
        """Return the day in a year; None if the year has no such day, or it is another weekday there."""
        if self.day > monthrange(year, self.month)[1]:
            return None
        day = date(year, self.month, self.day)
        return day if self.weekday in (None, day.weekday()) else None

    def text_in(self, year: int) -> str:
        """Return the text with the date of a year in it, as `parse_date` reads it."""
        return f"{self.before}{year}-{self.month:02}-{self.day:02} {self.after.lstrip(' ,.')}".strip()


def _month_and_day(match: re.Match[str]) -> tuple[int, int]:
    """Return the month, 0 if there is none of that name, and the day of a match."""
    if match[5]:
        month = int(match[5])
        return month if 1 <= month <= 12 else 0, int(match[6])
    return MONTHS.get(match[2] or match[3], 0), int(match[1] or match[4])
