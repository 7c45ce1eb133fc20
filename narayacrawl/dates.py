"""Any published date → aware datetime: exact forms first, then relative ones, then dateparser. No I/O, no clock."""

import re
from calendar import monthrange
from datetime import UTC, datetime, timedelta, tzinfo
from datetime import timezone as fixed_offset
from zoneinfo import ZoneInfo

from narayacrawl.indonesian import MONTHS, WEEKDAYS, ZONES

_ENGLISH_MONTHS = (
    "january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
    "september sep sept", "october oct", "november nov", "december dec",
)  # fmt: skip
_MONTHS = MONTHS | {name: number for number, names in enumerate(_ENGLISH_MONTHS, start=1) for name in names.split()}
_ENGLISH_WEEKDAYS = (
    "monday mon", "tuesday tue tues", "wednesday wed", "thursday thu thurs", "friday fri", "saturday sat", "sunday sun",
)  # fmt: skip
_WEEKDAYS = (
    WEEKDAYS
    | {name: number for number, names in enumerate(_ENGLISH_WEEKDAYS) for name in names.split()}
    | {"sen": 0, "sel": 1, "rab": 2, "kam": 3, "jum": 4, "sab": 5, "min": 6, "mgg": 6}
)
_ZONES: dict[str, tzinfo] = {**ZONES, "utc": UTC, "gmt": UTC, "z": UTC}

_LABELS = frozenset(
    word
    for words in (
        "artikel berita diperbarui diperbaharui dipublikasikan dipublikasi diposting diterbitkan ditayangkan diunggah",
        "dibuat dimuat diupdate hari jam kali pada pertama publikasi pukul rilis tanggal tayang",
        "terakhir terbit tgl waktu",
        "at date last modified on posted pub published publish t the time update updated",
    )
    for word in words.split()
)
"""Words that may stand around a date without telling anything of it; `t` is that of ISO 8601."""

_AROUND = _LABELS | _WEEKDAYS.keys() | _ZONES.keys()

_MONTH = r"([^\W\d_]{3,9})"  # looked up afterwards: an alternation of all spellings is twice as slow
_DATE = re.compile(
    rf"""(?<![\d.,:/])(?:
      (\d{{4}})\s?([-/.])\s?(\d{{1,2}})\s?\2\s?(\d{{1,2}})(?!\d)
    | (\d{{1,2}})\s?([-/.])\s?(\d{{1,2}})\s?\6\s?(\d{{4}})(?!\d)
    | (\d{{1,2}})(?:st|nd|rd|th)?[\s./-]{{0,3}}(?:of\s)?{_MONTH}[\s.,/-]{{0,3}}(\d{{4}})(?!\d)
    | (?<![^\W\d_]){_MONTH}[\s.-]{{0,3}}(\d{{1,2}})(?:st|nd|rd|th)?[\s.,-]{{1,3}}(\d{{4}})(?!\d)
    )""",
    re.VERBOSE,
)
_OFFSET = r"((?:gmt|utc)\s?[+-]\d{1,2}(?::?\d{2})?|\+\d{1,2}(?::?\d{2})?|-\d{4})(?!\d)"
_TIME = re.compile(
    rf"""(?<![\d.:+])(?:(\d{{1,2}})\s?[:.]\s?(\d{{2}})(?:[:.](\d{{2}})(?:[.,]\d{{1,9}})?)?(?!\d)
      |(\d{{1,2}})(?=\s?[ap]\.?m))
    (?:\s?([ap])\.?m\b\.?)?(?:\s?[(\[]?{_OFFSET})?""",
    re.VERBOSE,
)
_BEFORE_TIME = re.compile(r"[\s,|•·–—-]{0,5}(?:(?:pukul|jam|at)\b[\s.:]{0,3})?")
_AFTER_TIME = re.compile(rf"(?:\s?[(\[]?(?:{'|'.join(ZONES)})\b[)\]]?)?")
_SENTENCE_END = (".", "!", "?", "”", '"', "…")
_LONE_OFFSET = re.compile(r"((?:gmt|utc)\s?[+-]\d{1,2}(?::?\d{2})?|\+\d\d:?\d\d)(?!\d)")
_AUTHOR = re.compile(r"\b(?:oleh|by)\b[^|•\d]{1,60}")
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?|\d+")
_APOSTROPHES = str.maketrans("’‘`´", "''''")
_LOST_PLUS = re.compile(r"(T\d\d:\d\d:\d\d) (\d\d:\d\d)$")
_YEAR = re.compile(r"(?<!\d)(?:19|20|21)\d\d(?!\d)")

_NUMBERS = {
    word: number
    for number, words in enumerate(
        ("satu one a an", "dua two", "tiga three", "empat four", "lima five", "enam six", "tujuh seven",
         "delapan eight", "sembilan nine", "sepuluh ten", "sebelas eleven"),
        start=1,
    )
    for word in words.split()
}  # fmt: skip
_UNITS = {
    word: unit
    for unit, words in {
        "seconds": "detik second seconds sec secs", "minutes": "menit mnt minute minutes min mins",
        "hours": "jam hour hours hr hrs", "days": "hari day days", "weeks": "minggu pekan week weeks",
        "months": "bulan month months", "years": "tahun year years",
    }.items()
    for word in words.split()
}  # fmt: skip
_AGO = re.compile(
    rf"(?:(?P<number>\d{{1,4}}|{'|'.join(_NUMBERS)})\s?|se)(?P<unit>{'|'.join(sorted(_UNITS, key=len, reverse=True))})"
    r"\s(?:yang\s|yg\s)?(?:lalu|ago)"
)
_DAYS = {"hari ini": 0, "today": 0, "kemarin": 1, "yesterday": 1, "kemarin lusa": 2}
_RELATIVE = re.compile(
    r"\b(?:lalu|ago|kemarin|yesterday|hari ini|today|baru saja|barusan|baru-baru ini|just now|beberapa saat)\b"
)


def parse_date(text: str, timezone: tzinfo, *, now: datetime | None = None) -> datetime:
    """The moment that a published date names, aware, to the second; ValueError with the text where nobody can read it.

    Read are ISO 8601, RFC 2822, Unix epochs of 10 or 13 digits, and Indonesian and English dates in words or numbers
    (day first), with labels, weekday, separators and `oleh …` around them: `Minggu, 14 Desember 2025 | 13:05 WIB`.
    The moment keeps the zone or offset of the text (`WIB`, `+0700`, `Z`); one without, and an epoch, is in
    `timezone`. A day without a time is its midnight. `2025-12-14T21:35:12 07:00` lost its plus in a form and is read
    with it.

    A weekday decides only that `12/11/2025` is December, where it fits that and not November; else it is not looked
    at. Relative dates (`2 jam yang lalu`, `kemarin 13:05`) need `now`, an aware datetime, normally when the page was
    fetched.

    Unreadable: texts over 200 characters, two different dates or times, days that do not exist, years before 1990 or
    after 2100 or of two digits, a date without day, month or year.
    """
    if len(text) > 200:
        raise ValueError(f"unreadable date: {len(text)} characters, {text[:60]!r} …")
    line = " ".join(text.translate(_APOSTROPHES).split())
    try:
        moment = _stamp(line, timezone)
        line = line.lower()
        moment = moment or _exact(line, timezone) or _relative(line, timezone, now) or _worded(line, timezone, now)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"unreadable date {text!r}: {error}") from error
    if moment is None:
        raise ValueError(f"unreadable date {text!r}")
    if not 1990 <= moment.year <= 2100:
        raise ValueError(f"unreadable date {text!r}: year {moment.year}")
    return moment.replace(microsecond=0)


def dated_part(text: str) -> str | None:
    """The first date in a line that tells other things too, with the time and zone that follow it.

    `Oleh Budi • 14 Des 2025 | 21:35 WIB • 3 menit membaca` gives `14 des 2025 | 21:35 wib`; None where no date is
    written out, and in a sentence: its date, `Minggu (14/12/2025)`, is an event's.
    """
    line = text.translate(_APOSTROPHES).lower()
    if line.rstrip().endswith(_SENTENCE_END):
        return None
    for date in _DATE.finditer(line):
        if line[date.start() - 1 : date.start()] != "(" and (date[10] or date[12] or "jan") in _MONTHS:
            time = _TIME.match(line, _BEFORE_TIME.match(line, date.end()).end())  # type: ignore[union-attr]
            end = _AFTER_TIME.match(line, time.end()).end() if time else date.end()  # type: ignore[union-attr]
            return line[date.start() : end]
    return None


def is_relative(text: str) -> bool:
    """Whether a date is told against the present (`kemarin`, `2 jam lalu`), and so is of low precision."""
    return _RELATIVE.search(text.lower()) is not None and not _YEAR.search(text)


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
        return None
    times, rest = _take(_TIME, rest)
    offsets, rest = _take(_LONE_OFFSET, rest)
    words = _WORD.findall(_AUTHOR.sub(" ", rest))
    weekday = next((_WEEKDAYS[word] for word in words if word in _WEEKDAYS), None)
    if any((date[10] or date[12] or "jan") not in _MONTHS for date in dates):
        return None
    days = {_day(date, weekday) for date in dates}
    clocks = {_clock(time) for time in times}
    if len(days) > 1 or len(clocks) > 1:
        raise ValueError("two different moments")
    if not _AROUND.issuperset(words):
        return None
    offset = next((time[6] for time in times if time[6]), None) or (offsets[0][1] if offsets else None)
    named = next((_ZONES[word] for word in words if word in _ZONES), timezone)
    year, month, day = days.pop()
    hour, minute, second = clocks.pop() if clocks else (0, 0, 0)
    return datetime(year, month, day, hour, minute, second, tzinfo=_offset(offset) if offset else named)


def _take(pattern: re.Pattern[str], line: str) -> tuple[list[re.Match[str]], str]:
    """What matches, and the line without it."""
    found: list[re.Match[str]] = []

    def cut(match: re.Match[str]) -> str:
        found.append(match)
        return " | "

    return found, pattern.sub(cut, line)


def _day(date: re.Match[str], weekday: int | None) -> tuple[int, int, int]:
    if date[1]:
        return int(date[1]), int(date[3]), int(date[4])
    if date[9]:
        return int(date[11]), _MONTHS[date[10]], int(date[9])
    if date[12]:
        return int(date[14]), _MONTHS[date[12]], int(date[13])
    year, month, day = int(date[8]), int(date[7]), int(date[5])
    if weekday is not None and _weekday(year, month, day) != weekday == _weekday(year, day, month):
        return year, day, month
    return year, month, day


def _weekday(year: int, month: int, day: int) -> int | None:
    if not (year and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]):
        return None
    return datetime(year, month, day).weekday()


def _clock(time: re.Match[str]) -> tuple[int, int, int]:
    hour = int(time[1] or time[4])
    if time[5] and hour <= 12:
        hour = hour % 12 + (12 if time[5] == "p" else 0)
    return hour, int(time[2] or 0), int(time[3] or 0)


def _offset(offset: str) -> tzinfo:
    offset = offset.lstrip("gmtuc ")
    digits = offset[1:].replace(":", "")
    hours, minutes = (int(digits), 0) if len(digits) <= 2 else (int(digits[:-2]), int(digits[-2:]))
    if hours > 14 or minutes > 59:
        raise ValueError(f"offset {offset}")
    return fixed_offset(timedelta(hours=hours, minutes=minutes) * (-1 if offset[0] == "-" else 1))


def _relative(line: str, timezone: tzinfo, now: datetime | None) -> datetime | None:
    """A date told against `now` in a form that is exactly known; None for another."""
    if not is_relative(line):
        return None
    if now is None or now.tzinfo is None:
        raise ValueError("a relative date needs an aware now")
    moment = now.astimezone(timezone)
    times = {_clock(time) for time in _TIME.finditer(line)}
    words = [word for word in _WORD.findall(_TIME.sub(" ", line)) if word not in _LABELS - {"hari", "jam"}]
    zone = next((_ZONES[word] for word in words if word in _ZONES), timezone)
    phrase = " ".join(word for word in words if word not in _ZONES).removesuffix(" jam")
    if len(times) > 1:
        raise ValueError("two different times")
    if phrase in ("baru saja", "barusan", "just now"):
        return moment
    if phrase in _DAYS:
        moment = moment.astimezone(zone) - timedelta(days=_DAYS[phrase])
        hour, minute, second = times.pop() if times else (0, 0, 0)
        return moment.replace(hour=hour, minute=minute, second=second)
    ago = _AGO.fullmatch(phrase)
    if ago is None or times:
        return None
    return _before(moment, _NUMBERS.get(ago["number"] or "satu") or int(ago["number"]), _UNITS[ago["unit"]])


def _before(moment: datetime, count: int, unit: str) -> datetime:
    if unit not in ("months", "years"):
        return moment - timedelta(**{unit: count})
    year, month = divmod(moment.year * 12 + moment.month - 1 - count * (12 if unit == "years" else 1), 12)
    return moment.replace(year=year, month=month + 1, day=min(moment.day, monthrange(year, month + 1)[1]))


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
