"""Dates told against the present: `2 jam yang lalu`, `kemarin 13:05`. No clock: the present is handed in."""

import re
from calendar import monthrange
from datetime import datetime, timedelta, tzinfo

from narayacrawl.language.month_names import LABELS
from narayacrawl.language.times import TIME, ZONES, clock

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
_YEAR = re.compile(r"(?<!\d)(?:19|20|21)\d\d(?!\d)")
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?|\d+")


def is_relative(text: str) -> bool:
    """Whether a date is told against the present (`kemarin`, `2 jam lalu`), and so is of low precision."""
    return _RELATIVE.search(text.lower()) is not None and not _YEAR.search(text)


def before(line: str, timezone: tzinfo, now: datetime | None) -> datetime | None:
    """A date told against `now` in a form that is exactly known; None for another.

    ValueError where `now` is None or naive, or two times are told.
    """
    if not is_relative(line):
        return None
    if now is None or now.tzinfo is None:
        raise ValueError("a relative date needs an aware now")
    moment = now.astimezone(timezone)
    times = {clock(time) for time in TIME.finditer(line)}
    words = [word for word in _WORD.findall(TIME.sub(" ", line)) if word not in LABELS - {"hari", "jam"}]
    zone = next((ZONES[word] for word in words if word in ZONES), timezone)
    phrase = " ".join(word for word in words if word not in ZONES).removesuffix(" jam")
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
    return _ago(moment, _NUMBERS.get(ago["number"] or "satu") or int(ago["number"]), _UNITS[ago["unit"]])


def _ago(moment: datetime, count: int, unit: str) -> datetime:
    if unit not in ("months", "years"):
        return moment - timedelta(**{unit: count})
    year, month = divmod(moment.year * 12 + moment.month - 1 - count * (12 if unit == "years" else 1), 12)
    return moment.replace(year=year, month=month + 1, day=min(moment.day, monthrange(year, month + 1)[1]))
