"""Parse the dates of feeds and sitemaps, which machines write, some of them in Indonesian. Pure: no clock."""

import re
from calendar import monthrange
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

from narayacrawl.language.dates import date_precision, parse_date
from narayacrawl.language.month_names import month_number

__all__ = ["to_local_timestamp", "to_timestamp"]

# https://www.w3.org/TR/NOTE-datetime, with MySQL's space for its T and ISO 8601's offsets without a colon.
_W3C = re.compile(
    r"(?P<day>[0-9]{4}(?:-[0-9]{2}){0,2})"
    r"(?:(?<=-[0-9]{2}-[0-9]{2})(?:[Tt]|\s+)(?P<time>[0-9]{2}:[0-9]{2}(?::[0-9]{2})?)(?:[.,][0-9]+)?"
    r"\s?(?P<zone>[Zz]|[+-][0-9]{2}(?::?[0-9]{2})?)?)?"
)
# The word after the day: weekdays stand before it, zones at the end.
_MONTH = re.compile(r"(?<=\d[\s-])[^\W\d_]{3,12}(?=[\s-]\d)")
_ENGLISH_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_TIME = re.compile(r"[0-9][:.h][0-9]{2}")
# The standard library reads `+07:00` as no offset, and `+7` as seven minutes.
_OFFSET = re.compile(r"(?:GMT|UTC)?([+-])([0-9]{1,2})(?::?([0-9]{2}))?$")
_UNTOLD = timezone(timedelta(), "untold")
"""Stands for a zone that a date does not tell."""
_MAX_LENGTH = 60


def to_timestamp(text: str) -> str | None:
    """Return a date in UTC to the second (`2025-12-14T14:35:12+00:00`); None if it cannot be parsed.

    Accepts W3C dates, those of RFC 822 and RFC 9110, MySQL's `2025-12-14 14:35:12`, and with a time whatever a page's
    date may be (`Sen, 20 Okt 2025 08.15 WIB`), with any spelling of an offset. A date without a time zone is read as
    UTC; a day, month or year without a time as its last second. Years before 1990 or after 2100, days that do not exist
    and `0000-00-00` give None.
    """
    moment = _parse(text)
    if moment is None:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).isoformat()


def to_local_timestamp(text: str) -> str | None:
    """Return a date with the offset that it is written with (`2025-12-14T21:35:12+07:00`); None if it has no time or no
    offset: the portal's time zone is not known here."""
    moment = _parse(text)
    return moment.isoformat() if moment and moment.tzinfo else None


def _parse(text: str) -> datetime | None:
    """Return a date to the second, naive if it has no time zone; None if it cannot be parsed."""
    text = text.strip()
    if len(text) > _MAX_LENGTH:
        return None
    try:
        match = _W3C.fullmatch(text)
        moment = _w3c_date(match) if match else _told_date(text)
    except (ValueError, TypeError, IndexError, OverflowError):  # what the standard library raises for malformed dates
        return None
    return moment if moment and 1990 <= moment.year <= 2100 else None


def _w3c_date(match: re.Match[str]) -> datetime:
    day, time, zone = match.group("day", "time", "zone")
    if time:
        return datetime.fromisoformat(f"{day}T{time}{(zone or '').upper()}")
    year, month = int(day[:4]), int(day[5:7] or 12)
    return datetime(year, month, int(day[8:] or monthrange(year, month)[1]), 23, 59, 59)


def _english_month(match: re.Match[str]) -> str:
    number = month_number(match[0].lower())
    return _ENGLISH_MONTHS[number - 1] if number else match[0]


def _told_date(text: str) -> datetime | None:
    """Parse a date as a page's is read, else as the standard library reads those of RFC 822 and RFC 9110 (`14 Dec 25
    09:35 EST`); None if it has no time."""
    if not _TIME.search(text) or date_precision(text) == "day":
        return None
    try:
        moment = parse_date(text, _UNTOLD, guess=False)
    except ValueError:
        return parsedate_to_datetime(_OFFSET.sub(_mail_offset, _MONTH.sub(_english_month, text)))
    return moment.replace(tzinfo=None) if moment.tzinfo is _UNTOLD else moment


def _mail_offset(match: re.Match[str]) -> str:
    sign, hours, minutes = match.groups(default="00")
    return f"{sign}{hours:0>2}{minutes}"
