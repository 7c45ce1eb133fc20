"""Parse dates relative to the present: `2 jam yang lalu`, `kemarin 13:05`. The present is an argument."""

import re
from calendar import monthrange
from datetime import datetime, timedelta, tzinfo

from narayacrawl.language.month_names import DATE_LABELS
from narayacrawl.language.times import DAY_PARTS, TIME, ZONES, clock_time

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
        "hours": "jam hour hours hr hrs h", "days": "hari day days d", "weeks": "minggu pekan week weeks w",
        "months": "bulan month months", "years": "tahun year years",
    }.items()
    for word in words.split()
}  # fmt: skip
_AGO = re.compile(
    rf"(?:(?P<number>\d{{1,4}}|{'|'.join(_NUMBERS)})\s?|se)(?P<unit>{'|'.join(sorted(_UNITS, key=len, reverse=True))})"
    r"\s(?:yang\s|yg\s)?(?:lalu|ago)"
)
# Before a number that was rounded: date-fns' and WordPress' words.
_ROUNDED = re.compile(
    r"^(?:kurang lebih|kurang dari|lebih dari|sekitar|hampir|about|almost|over|nearly|less than|more than)\s"
)
_HALF_AN_HOUR = frozenset({"setengah jam yang lalu", "setengah jam lalu", "half an hour ago"})
_JUST_NOW = re.compile(
    r"baru saja|barusan|just now|(?:beberapa (?:detik|saat)|a few seconds|a moment|moments) (?:yang )?(?:lalu|ago)"
)
_DAYS_AGO = {"hari ini": 0, "today": 0, "kemarin": 1, "yesterday": 1, "kemarin lusa": 2}
_OTHER_WORDS = (DATE_LABELS - {"hari", "jam"}) | DAY_PARTS
_RELATIVE = re.compile(
    r"\b(?:lalu|ago|kemarin|yesterday|hari ini|today|baru saja|barusan|baru-baru ini|just now|beberapa saat)\b"
)
_YEAR = re.compile(r"(?<!\d)(?:19|20|21)\d\d(?!\d)")
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?|\d+")


def is_relative(text: str) -> bool:
    """True if a date is relative to the present (`kemarin`, `2 jam lalu`), and so imprecise."""
    return _RELATIVE.search(text.lower()) is not None and not _YEAR.search(text)


def counts_days(text: str) -> bool:
    """True if a relative date counts days or longer (`kemarin`, `3 minggu lalu`), and so tells no time of day."""
    line = text.lower()
    if any(phrase in line for phrase in _DAYS_AGO):
        return True
    match = _AGO.search(line)
    return match is not None and _UNITS[match["unit"]] in ("days", "weeks", "months", "years")


def parse_relative(line: str, timezone: tzinfo, now: datetime | None) -> datetime | None:
    """Parse a date relative to `now` in one of the known forms; None for any other.

    ValueError if `now` is None or naive, or if there are two times.
    """
    if not is_relative(line):
        return None
    if now is None or now.tzinfo is None:
        raise ValueError("a relative date needs an aware now")
    moment = now.astimezone(timezone)
    times = {clock_time(time) for time in TIME.finditer(line)}
    words = [word for word in _WORD.findall(TIME.sub(" ", line)) if word not in _OTHER_WORDS]
    zone = next((ZONES[word] for word in words if word in ZONES), timezone)
    phrase = " ".join(word for word in words if word not in ZONES).removesuffix(" jam")
    phrase = _ROUNDED.sub("", phrase)
    if len(times) > 1:
        raise ValueError("two different times")
    if _JUST_NOW.fullmatch(phrase):
        return moment
    if phrase in _HALF_AN_HOUR and not times:
        return moment - timedelta(minutes=30)
    if phrase in _DAYS_AGO:
        moment = moment.astimezone(zone) - timedelta(days=_DAYS_AGO[phrase])
        hour, minute, second = times.pop() if times else (0, 0, 0)
        return moment.replace(hour=hour, minute=minute, second=second)
    match = _AGO.fullmatch(phrase)
    if match is None or (times and _UNITS[match["unit"]] != "days"):
        return None
    moment = _subtract(
        moment.astimezone(zone), _NUMBERS.get(match["number"] or "satu") or int(match["number"]), _UNITS[match["unit"]]
    )
    if times:
        hour, minute, second = times.pop()
        moment = moment.replace(hour=hour, minute=minute, second=second)
    return moment


def _subtract(moment: datetime, count: int, unit: str) -> datetime:
    """Return the moment `count` units earlier."""
    if unit not in ("months", "years"):
        return moment - timedelta(**{unit: count})
    year, month = divmod(moment.year * 12 + moment.month - 1 - count * (12 if unit == "years" else 1), 12)
    return moment.replace(year=year, month=month + 1, day=min(moment.day, monthrange(year, month + 1)[1]))
