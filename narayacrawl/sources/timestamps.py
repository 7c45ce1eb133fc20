"""The dates of feeds and sitemaps, which machines write. Pure: no clock."""

import re
from calendar import monthrange
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from narayacrawl.language.times import ZONES

__all__ = ["stated", "to_timestamp"]

# https://www.w3.org/TR/NOTE-datetime, with MySQL's space for its T and ISO 8601's offsets without a colon.
_W3C = re.compile(
    r"(?P<day>[0-9]{4}(?:-[0-9]{2}){0,2})"
    r"(?:(?<=-[0-9]{2}-[0-9]{2})(?:[Tt]|\s+)(?P<time>[0-9]{2}:[0-9]{2}(?::[0-9]{2})?)(?:[.,][0-9]+)?"
    r"\s?(?P<zone>[Zz]|[+-][0-9]{2}(?::?[0-9]{2})?)?)?"
)
_TIME = re.compile(r"\d:\d\d")
_LONGEST = 60


def to_timestamp(text: str) -> str | None:
    """The moment that a date names, in UTC to the second (`2025-12-14T14:35:12+00:00`); None where nobody can read it.

    Read are W3C's dates, those of RFC 822 and RFC 9110, and MySQL's `2025-12-14 14:35:12`. One without a zone is taken
    as UTC; a day, month or year alone is its last second. Unreadable: years before 1990 or after 2100, days that do
    not exist, `0000-00-00`.
    """
    read = _read(text)
    if read is None:
        return None
    return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC).isoformat()


def stated(text: str) -> str | None:
    """The same moment with the offset that the text states (`2025-12-14T21:35:12+07:00`); None where it states no time
    or no offset: a portal's own clock is not known here."""
    read = _read(text)
    return read.isoformat() if read and read.tzinfo else None


def _read(text: str) -> datetime | None:
    """The moment to the second, naive where no zone is told."""
    text = text.strip()
    if len(text) > _LONGEST:
        return None
    try:
        match = _W3C.fullmatch(text)
        read = _w3c(match) if match else _worded(text)
    except (ValueError, TypeError, IndexError, OverflowError):  # the standard library's, of a malformed date
        return None
    return read if read and 1990 <= read.year <= 2100 else None


def _w3c(match: re.Match[str]) -> datetime:
    day, time, zone = match.group("day", "time", "zone")
    if time:
        return datetime.fromisoformat(f"{day}T{time}{(zone or '').upper()}")
    year, month = int(day[:4]), int(day[5:7] or 12)
    return datetime(year, month, int(day[8:] or monthrange(year, month)[1]), 23, 59, 59)


def _worded(text: str) -> datetime | None:
    """Dates of RFC 822 and RFC 9110, also with an Indonesian zone; None without a time."""
    if not _TIME.search(text):
        return None
    read = parsedate_to_datetime(text)
    return read if read.tzinfo else read.replace(tzinfo=ZONES.get(text.split()[-1].lower()))
