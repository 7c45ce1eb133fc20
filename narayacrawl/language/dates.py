"""Parse a publication date into an aware datetime: exact forms first, then relative ones, then dateparser."""

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

from narayacrawl.items import DatePrecision
from narayacrawl.language.month_names import DATE_LABELS, WEEKDAYS, are_date_words, month_number
from narayacrawl.language.relative_dates import counts_days, is_relative, parse_relative
from narayacrawl.language.text import normalize
from narayacrawl.language.times import (
    DAY_PARTS,
    LONE_OFFSET,
    TIME,
    ZONES,
    clock_time,
    offset_of,
    with_24_hours,
    zone_of_offset,
)

__all__ = ["date_in_line", "date_precision", "is_relative", "parse_date", "timezone_of"]

_KNOWN_WORDS = DATE_LABELS | WEEKDAYS.keys() | ZONES.keys() | DAY_PARTS

# The name is looked up afterwards: an alternation of all spellings is twice as slow. Vietnamese numbers its months.
_MONTH = r"(?:tháng|thg)\s(?:\d{1,2}|mười\s(?:một|hai)|[^\W\d_]{2,4})|[^\W\d_]{3,14}"
# The last group of a match tells its form: the groups of each form end in its number.
_DATE = re.compile(
    rf"""(?<![\d.,:/])(?:
      (?P<y1>\d{{4}})\s?(?P<s1>[-/.])\s?(?P<m1>\d{{1,2}})\s?(?P=s1)\s?(?P<d1>\d{{1,2}})(?!\d)
    | (?P<y2>\d{{4}})\s?[年년]\s?(?P<m2>\d{{1,2}})\s?[月월]\s?(?P<d2>\d{{1,2}})\s?[日일]?
    | (?P<d3>\d{{1,2}})\s?(?P<s3>[-/.])\s?(?P<m3>\d{{1,2}})\s?(?P=s3)\s?(?P<y3>\d{{4}})(?!\d)
    | (?P<d4>\d{{1,2}})(?:\s?(?:st|nd|rd|th|er|o(?=\s)))?[\s./-]{{0,3}}(?:of\s|del?\s|d['’])?
      (?P<w4>{_MONTH})[\s.,/-]{{0,3}}(?:(?:del?|năm)\s)?(?P<y4>\d{{4}})(?!\d)
    | (?<![^\W\d_])(?P<w5>{_MONTH})[\s.-]{{0,3}}(?P<d5>\d{{1,2}})(?:\s?(?:st|nd|rd|th))?
      [\s.,-]{{1,3}}(?P<y5>\d{{4}})(?!\d)
    | (?P<y6>\d{{4}})\.?\s(?P<w6>{_MONTH})\.?\s(?P<d6>\d{{1,2}})(?!\d|[:.]\d)
    )""",
    re.VERBOSE,
)
# Only if there is no other date: `13.05.00` after one is a time, and the 14 of `Des 14 13:05 2025` no year.
_SHORT_DATE = re.compile(
    r"""(?<![\d.,:/-])(?:
      (?P<d7>\d{1,2})\.\s?(?P<m7>0?[1-9]|1[0-2])\.\s?(?P<y7>\d{2})(?!\s?(?:wi|uhr|h\b))
    | (?P<d8>\d{1,2})\s?(?P<s8>[-/])\s?(?P<m8>0?[1-9]|1[0-2])\s?(?P=s8)\s?(?P<y8>\d{2})
    | (?P<d9>\d{1,2})[\s./-]{1,3}(?P<w9>[^\W\d_]{3,14})[\s.,/-]{1,3}'?(?P<y9>\d{2})
      (?=\s?(?:$|[^\w\s]|(?:pukul|jam|at|wib|wita|wit|\d{1,2}[:.]\d\d)\b))
    )(?!\d|[.:]\d|[/-]\d)""",
    re.VERBOSE,
)
_BEFORE_TIME = re.compile(r"[\s,|•·–—-]{0,5}(?:(?:pukul|jam|pkl|at|um|à|às|alle|ore|om|kl|klo|в|о)\b[\s.:]{0,3}){0,2}")
_AFTER_TIME = re.compile(r"(?:\s?[(\[]?(?:wib|wita|wit)\b[)\]]?)?")
_SENTENCE_END = (".", "!", "?", "”", '"', "…")
_AUTHOR = re.compile(r"\b(?:oleh|by)\b[^|•\d]{1,60}")
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?|\d+")
_APOSTROPHES = str.maketrans("’‘`´", "''''")
_MISSING_PLUS = re.compile(r"(T\d\d:\d\d:\d\d) (\d\d:\d\d)$")
_DIGIT, _FOUR_DIGITS = re.compile(r"\d"), re.compile(r"\d{4}")
_YEAR = re.compile(r"(?<!\d)(?:19|20|21)\d\d(?!\d)")
_ISO_TIME = re.compile(r"[T ]\d\d(?::?\d\d(?P<second>:?\d\d)?)?")


def parse_date(text: str, timezone: tzinfo, *, now: datetime | None = None, guess: bool = True) -> datetime:
    """Parse a publication date into an aware datetime, to the second; ValueError with the text if that fails.

    Accepted are ISO 8601, RFC 2822, Unix epochs of 10 or 13 digits, and dates in words or numbers (day first), with
    labels, weekday, separators and `oleh …` around them: `Minggu, 14 Desember 2025 | 13:05 WIB`. Month names may be in
    any of `month_names.LANGUAGES`; a year of two digits (`14/12/25`, `14 Des 25`) is read if no other date stands
    beside it, and a time with a part of the day (`8.15 malam`) in 24 hours. The result keeps the zone or offset of the
    text (`WIB`, `+0700`, `Z`); a text without one, and an epoch, is in `timezone`. A day without a time is its
    midnight. `2025-12-14T21:35:12 07:00` lost its plus in a form and is read as if it had it.

    A weekday only decides that `12/11/2025` is December, if it fits that and not November; otherwise it is ignored.
    Relative dates (`2 jam yang lalu`, `kemarin 13:05`) need `now`, an aware datetime, normally the time of the fetch.
    Text in none of these forms is left to dateparser, which is a hundred times as slow; not if `guess` is False.

    Rejected are texts over 200 characters, two different dates or times, days that do not exist, years before 1990 or
    after 2100, and dates without day, month or year.
    """
    if len(text) > 200:
        raise ValueError(f"unreadable date: {len(text)} characters, {text[:60]!r} …")
    line = _normalize(text)
    try:
        moment = _parse_timestamp(line, timezone)
        line = with_24_hours(line.lower())
        moment = moment or _parse_exact(line, timezone) or parse_relative(line, timezone, now)
        if moment is None and guess:
            moment = _parse_with_dateparser(line, timezone, now)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"unreadable date {text!r}: {error}") from error
    if moment is None:
        raise ValueError(f"unreadable date {text!r}")
    if not 1990 <= moment.year <= 2100:
        raise ValueError(f"unreadable date {text!r}: year {moment.year}")
    return moment.replace(microsecond=0)


def date_precision(text: str) -> DatePrecision:
    """Return how exact a date is that `parse_date` can parse: `second`, `minute` or `day`.

    A number of hours or minutes ago is exact to the minute, one of days or more to the day.
    """
    line = _normalize(text)
    if line.isdecimal():
        return "second" if len(line) in (10, 13) else "day"
    if _parse_timestamp(line, UTC):
        time = _ISO_TIME.search(line)
        return "day" if time is None else "second" if time["second"] else "minute"
    line = with_24_hours(line.lower())
    if is_relative(line) and not TIME.search(line):
        return "day" if counts_days(line) else "minute"
    dates, rest = _cut_matches(_DATE, line)
    if not dates:
        _, rest = _cut_dates_of_short_years(line)
    times = list(TIME.finditer(rest))
    return "day" if not times else "second" if any(time[4] for time in times) else "minute"


def _normalize(text: str) -> str:
    """Return the text on one line with straight apostrophes and half-width digits and colons."""
    line = text.translate(_APOSTROPHES)
    return " ".join((line if line.isascii() else normalize(line, "NFKC")).split())


def date_in_line(text: str) -> str | None:
    """Return the first date in a line that holds other things too, with the time and zone that follow it.

    `Oleh Budi • 14 Des 2025 | 21:35 WIB • 3 menit membaca` gives `14 des 2025 | 21:35 wib`; None if no date is written
    out, and for a sentence: its date, `Minggu (14/12/2025)`, is an event's.
    """
    line = _normalize(text)
    if line.endswith(_SENTENCE_END) or not _DIGIT.search(line):
        return None
    line = with_24_hours(line.lower())
    for date in _dates(line):
        if line[date.start() - 1 : date.start()] != "(":
            time = TIME.match(line, _BEFORE_TIME.match(line, date.end()).end())  # type: ignore[union-attr]
            end = _AFTER_TIME.match(line, time.end()).end() if time else date.end()  # type: ignore[union-attr]
            return line[date.start() : end]
    return None


def _dates(line: str) -> Iterator[re.Match[str]]:
    """Yield the dates written out in a line, those with a two-digit year only if there is no other."""
    found = False
    for date in _DATE.finditer(line) if _FOUR_DIGITS.search(line) else ():
        if _month(date):
            found = True
            yield date
    if not found:
        yield from filter(_month, _SHORT_DATE.finditer(line))


def _month(date: re.Match[str]) -> int | None:
    """Return the month of a match of `_DATE` or `_SHORT_DATE`; None if its word is no month."""
    form = (date.lastgroup or "")[1:]
    return month_number(date["w" + form]) if form in ("4", "5", "6", "9") else int(date["m" + form])


def _parse_timestamp(line: str, timezone: tzinfo) -> datetime | None:
    """Parse ISO 8601 and epochs; None for anything else."""
    if line.isdecimal() and len(line) in (10, 13):
        return datetime.fromtimestamp(int(line[:10]), timezone)
    if not line[:4].isdecimal():
        return None
    try:
        moment = datetime.fromisoformat(_MISSING_PLUS.sub(r"\1+\2", line) if " " in line else line)
    except ValueError:
        return None  # `2026-1-5`, `2026/01/05`: `_parse_exact` reads it or raises
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone)


def _parse_exact(line: str, timezone: tzinfo) -> datetime | None:
    """Parse a date of day, month and year with nothing unknown around it; None for any other form.

    ValueError if the form is known and the day impossible.
    """
    dates, rest = _cut_matches(_DATE, line)
    if not dates:
        dates, rest = _cut_dates_of_short_years(line)
    times, rest = _cut_matches(TIME, rest, " ")
    if not dates:  # asctime: the year follows the time (RFC 9110, 5.6.7)
        dates, rest = _cut_matches(_DATE, rest)
    if not dates:
        return None
    offsets, rest = _cut_matches(LONE_OFFSET, rest)
    words = _WORD.findall(_AUTHOR.sub(" ", rest))
    weekday = next((WEEKDAYS[word] for word in words if word in WEEKDAYS), None)
    months = [_month(date) for date in dates]
    if None in months:
        return None
    days = {_year_month_day(date, month or 0, weekday) for date, month in zip(dates, months, strict=True)}
    clocks = {clock_time(time) for time in times}
    if len(days) > 1 or len(clocks) > 1:
        raise ValueError("two different moments")
    if not _KNOWN_WORDS.issuperset(words) and not are_date_words({*words} - _KNOWN_WORDS):
        return None
    offset = next((value for time in times if (value := offset_of(time))), None) or (offsets[0][1] if offsets else None)
    zone = next((ZONES[word] for word in words if word in ZONES), timezone)
    year, month, day = days.pop()
    hour, minute, second = clocks.pop() if clocks else (0, 0, 0)
    return datetime(year, month, day, hour, minute, second, tzinfo=zone_of_offset(offset) if offset else zone)


def _cut_matches(pattern: re.Pattern[str], line: str, replacement: str = " | ") -> tuple[list[re.Match[str]], str]:
    """Return the matches of a pattern, and the line with a replacement in their places."""
    found: list[re.Match[str]] = []

    def cut(match: re.Match[str]) -> str:
        found.append(match)
        return replacement

    return found, pattern.sub(cut, line)


def _cut_dates_of_short_years(line: str) -> tuple[list[re.Match[str]], str]:
    """Return the dates with years of two digits and the line without them; none if one of them has no month."""
    dates, rest = _cut_matches(_SHORT_DATE, line)
    return (dates, rest) if all(map(_month, dates)) else ([], line)


def _year_month_day(date: re.Match[str], month: int, weekday: int | None) -> tuple[int, int, int]:
    """Return (year, month, day) of a match, with day and month swapped if only that fits the weekday."""
    form = (date.lastgroup or "")[1:]
    year, day = int(date["y" + form]), int(date["d" + form])
    if form in ("7", "8", "9"):
        year += 2000 if year < 90 else 1900
    if (
        form in ("3", "8")
        and weekday is not None
        and _weekday(year, month, day) != weekday == _weekday(year, day, month)
    ):
        return year, day, month
    return year, month, day


def _weekday(year: int, month: int, day: int) -> int | None:
    """Return the weekday of a date, Monday 0; None for a date that does not exist."""
    if not (year and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]):
        return None
    return datetime(year, month, day).weekday()


def _parse_with_dateparser(line: str, timezone: tzinfo, now: datetime | None) -> datetime | None:
    """Parse with dateparser where it cannot guess: with a year of four digits, or relative to `now`."""
    base = now.astimezone(timezone).replace(tzinfo=None) if now and is_relative(line) else None
    if base is None and not _YEAR.search(line):
        return None
    import dateparser  # slow to import, and seldom needed

    moment = dateparser.parse(
        line,
        languages=["id", "en"],
        settings={
            "DATE_ORDER": "DMY",
            "PARSERS": ["relative-time" if base else "absolute-time"],
            "REQUIRE_PARTS": ["day", "month", "year"],
            "STRICT_PARSING": True,
            **({"RELATIVE_BASE": base} if base else {}),
        },
    )
    if moment is None or (base and moment.replace(tzinfo=None) > base):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone)


def timezone_of(language: str | None) -> tzinfo | None:
    """Return the time zone to assume for a page's language: Jakarta's for Indonesian, where most of the press is; None
    for other languages."""
    return ZoneInfo("Asia/Jakarta") if (language or "").lower().split("-", 1)[0] in ("id", "in") else None


def local(moment: datetime, timezone: tzinfo | None) -> datetime:
    """Convert a moment given in UTC to the portal's zone; one with another offset is the portal's own and stays."""
    return moment.astimezone(timezone) if timezone is not None and not moment.utcoffset() else moment
