"""Any published date → aware datetime: exact forms first, then relative ones, then dateparser. No I/O, no clock."""

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import datetime, tzinfo
from unicodedata import normalize
from zoneinfo import ZoneInfo

from narayacrawl.language.month_names import LABELS, WEEKDAYS, month_number, stands_around
from narayacrawl.language.relative_dates import before, is_relative
from narayacrawl.language.times import LONE_OFFSET, TIME, ZONES, clock, fixed, offset_of

__all__ = ["dated_part", "is_relative", "parse_date", "timezone_of"]

_AROUND = LABELS | WEEKDAYS.keys() | ZONES.keys()

# A name is looked up afterwards: an alternation of all spellings is twice as slow. Vietnamese counts its months.
_MONTH = r"(?:tháng|thg)\s(?:\d{1,2}|mười\s(?:một|hai)|[^\W\d_]{2,4})|[^\W\d_]{3,14}"
# The last group of each form tells which it is; a form's groups bear its number.
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
# Only where no other date stands: `13.05.00` behind one is a time.
_SHORT_DATE = re.compile(
    r"(?<![\d.,:/-])(?P<d>\d{1,2})\.\s?(?P<m>0?[1-9]|1[0-2])\.\s?(?P<y>\d{2})(?!\d|[.:]\d|\s?(?:wi|uhr|h\b))"
)
_BEFORE_TIME = re.compile(r"[\s,|•·–—-]{0,5}(?:(?:pukul|jam|at|um|à|às|alle|ore|om|kl|klo|в|о)\b[\s.:]{0,3}){0,2}")
_AFTER_TIME = re.compile(r"(?:\s?[(\[]?(?:wib|wita|wit)\b[)\]]?)?")
_SENTENCE_END = (".", "!", "?", "”", '"', "…")
_AUTHOR = re.compile(r"\b(?:oleh|by)\b[^|•\d]{1,60}")
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?|\d+")
_APOSTROPHES = str.maketrans("’‘`´", "''''")
_LOST_PLUS = re.compile(r"(T\d\d:\d\d:\d\d) (\d\d:\d\d)$")
_YEAR = re.compile(r"(?<!\d)(?:19|20|21)\d\d(?!\d)")


def parse_date(text: str, timezone: tzinfo, *, now: datetime | None = None, guess: bool = True) -> datetime:
    """The moment that a published date names, aware, to the second; ValueError with the text where nobody can read it.

    Read are ISO 8601, RFC 2822, Unix epochs of 10 or 13 digits, and dates in words or numbers (day first), with labels,
    weekday, separators and `oleh …` around them: `Minggu, 14 Desember 2025 | 13:05 WIB`. Months have their names in any
    of `calendars.LANGUAGES`; `14.12.25` is read where dots part it and no other date stands beside.
    The moment keeps the zone or offset of the text (`WIB`, `+0700`, `Z`); one without, and an epoch, is in
    `timezone`. A day without a time is its midnight. `2025-12-14T21:35:12 07:00` lost its plus in a form and is read
    with it.

    A weekday decides only that `12/11/2025` is December, where it fits that and not November; else it is not looked
    at. Relative dates (`2 jam yang lalu`, `kemarin 13:05`) need `now`, an aware datetime, normally when the page was
    fetched. What has none of these forms is left to dateparser, a hundred times as slow; not where `guess` is False.

    Unreadable: texts over 200 characters, two different dates or times, days that do not exist, years before 1990 or
    after 2100, a date without day, month or year.
    """
    if len(text) > 200:
        raise ValueError(f"unreadable date: {len(text)} characters, {text[:60]!r} …")
    line = _plain(text)
    try:
        moment = _stamp(line, timezone)
        line = line.lower()
        moment = moment or _exact(line, timezone) or before(line, timezone, now)
        if moment is None and guess:
            moment = _worded(line, timezone, now)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"unreadable date {text!r}: {error}") from error
    if moment is None:
        raise ValueError(f"unreadable date {text!r}")
    if not 1990 <= moment.year <= 2100:
        raise ValueError(f"unreadable date {text!r}: year {moment.year}")
    return moment.replace(microsecond=0)


def _plain(text: str) -> str:
    """One line with straight apostrophes and half-width digits and colons."""
    line = text.translate(_APOSTROPHES)
    return " ".join((line if line.isascii() else normalize("NFKC", line)).split())


def dated_part(text: str) -> str | None:
    """The first date in a line that tells other things too, with the time and zone that follow it.

    `Oleh Budi • 14 Des 2025 | 21:35 WIB • 3 menit membaca` gives `14 des 2025 | 21:35 wib`; None where no date is
    written out, and in a sentence: its date, `Minggu (14/12/2025)`, is an event's.
    """
    line = _plain(text).lower()
    if line.endswith(_SENTENCE_END):
        return None
    for date in _dates(line):
        if line[date.start() - 1 : date.start()] != "(":
            time = TIME.match(line, _BEFORE_TIME.match(line, date.end()).end())  # type: ignore[union-attr]
            end = _AFTER_TIME.match(line, time.end()).end() if time else date.end()  # type: ignore[union-attr]
            return line[date.start() : end]
    return None


def _dates(line: str) -> Iterator[re.Match[str]]:
    """The dates written out in a line, those of a short year where there is no other."""
    found = False
    for date in _DATE.finditer(line):
        if _month(date):
            found = True
            yield date
    if not found:
        yield from _SHORT_DATE.finditer(line)


def _month(date: re.Match[str]) -> int | None:
    """The month that a match of `_DATE` or `_SHORT_DATE` names; None where the word is no month's."""
    form = (date.lastgroup or "")[1:]
    return int(date["m" + form]) if form in ("", "1", "2", "3") else month_number(date["w" + form])


def _stamp(line: str, timezone: tzinfo) -> datetime | None:
    """ISO 8601 and epochs; None for anything else."""
    if line.isdecimal() and len(line) in (10, 13):
        return datetime.fromtimestamp(int(line[:10]), timezone)
    if not line[:4].isdecimal():
        return None
    try:
        moment = datetime.fromisoformat(_LOST_PLUS.sub(r"\1+\2", line))
    except ValueError:
        return None  # `2026-1-5`, `2026/01/05`: `_exact` reads it, or says what is wrong
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone)


def _exact(line: str, timezone: tzinfo) -> datetime | None:
    """A date of day, month and year with nothing unknown around it; None for another form.

    ValueError where the form is known and the day impossible.
    """
    dates, rest = _take(_DATE, line)
    if not dates:
        dates, rest = _take(_SHORT_DATE, line)
    times, rest = _take(TIME, rest, " ")
    if not dates:  # asctime: the year stands behind the time (RFC 9110, 5.6.7)
        dates, rest = _take(_DATE, rest)
    if not dates:
        return None
    offsets, rest = _take(LONE_OFFSET, rest)
    words = _WORD.findall(_AUTHOR.sub(" ", rest))
    weekday = next((WEEKDAYS[word] for word in words if word in WEEKDAYS), None)
    months = [_month(date) for date in dates]
    if None in months:
        return None
    days = {_day(date, month or 0, weekday) for date, month in zip(dates, months, strict=True)}
    clocks = {clock(time) for time in times}
    if len(days) > 1 or len(clocks) > 1:
        raise ValueError("two different moments")
    if not _AROUND.issuperset(words) and not stands_around({*words} - _AROUND):
        return None
    offset = next((told for time in times if (told := offset_of(time))), None) or (offsets[0][1] if offsets else None)
    named = next((ZONES[word] for word in words if word in ZONES), timezone)
    year, month, day = days.pop()
    hour, minute, second = clocks.pop() if clocks else (0, 0, 0)
    return datetime(year, month, day, hour, minute, second, tzinfo=fixed(offset) if offset else named)


def _take(pattern: re.Pattern[str], line: str, instead: str = " | ") -> tuple[list[re.Match[str]], str]:
    """What matches, and the line with something else instead of it."""
    found: list[re.Match[str]] = []

    def cut(match: re.Match[str]) -> str:
        found.append(match)
        return instead

    return found, pattern.sub(cut, line)


def _day(date: re.Match[str], month: int, weekday: int | None) -> tuple[int, int, int]:
    form = (date.lastgroup or "")[1:]
    year, day = int(date["y" + form]), int(date["d" + form])
    if not form:
        year += 2000 if year < 90 else 1900
    if form == "3" and weekday is not None and _weekday(year, month, day) != weekday == _weekday(year, day, month):
        return year, day, month
    return year, month, day


def _weekday(year: int, month: int, day: int) -> int | None:
    if not (year and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]):
        return None
    return datetime(year, month, day).weekday()


def _worded(line: str, timezone: tzinfo, now: datetime | None) -> datetime | None:
    """What dateparser makes of the rest, where it cannot guess: with a year of four digits, or relative to `now`."""
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
    """The zone of a page that names none, by its language: Jakarta's for Indonesian, where most of the press is; None
    for others."""
    return ZoneInfo("Asia/Jakarta") if (language or "").lower().split("-", 1)[0] in ("id", "in") else None


def local(moment: datetime, timezone: tzinfo | None) -> datetime:
    """A moment told in UTC, in the portal's zone; one that tells another offset is the portal's own writing and keeps
    it."""
    return moment.astimezone(timezone) if timezone is not None and not moment.utcoffset() else moment
