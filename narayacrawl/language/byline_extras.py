"""Take off a byline what stands beside the name: a date, a relative time, a count."""

import re

from narayacrawl.language.credits import is_full_name
from narayacrawl.language.indonesian import WEEKDAYS

MAX_LINE_LENGTH = 120
# `Oleh Sari | Minggu, 14 Desember 2025`, in one element: a name has no digit.
_TRAILING_DATE = re.compile(
    r"\s{0,3}(?:(?:[|•·]|\s[–—-])[^|•·]{0,120}?\d|,\s*(?:\w+,?\s+)?\d"
    r"|\s(?:\d{1,2}[./-]\d{1,2}[./-]\d\d|\w{3,9}\s\d{1,2},?\s\d{4}|\d{1,2}\.?\s\w{3,9}\s\d{4})).*$"
)
_NAME_AFTER_DATE = re.compile(r"\d.{0,40}?\s(?:oleh|by|von|par|por|door)\s(?P<name>[^\d|•·]{2,60})$", re.IGNORECASE)
# `Sari Wulandari 3 hours ago`, `… 3 menit baca`, `… dan 2 lainnya`: anything counted.
_TRAILING_COUNT = re.compile(r"\s[(+]?\d[\d.,:]*[^\W\d_]?\s.*$")
# Relative times in words alone.
_TRAILING_TIME = re.compile(
    r"\s{0,3}(?:[,|•·]|\s[–—-])?\s{1,3}(?:(?:se|setengah\s|beberapa\s)(?:saat|detik|menit|jam|hari|minggu|pekan|bulan|tahun)\s(?:yang\s|yg\s)?lalu"
    r"|kemarin|hari\sini|baru\s(?:saja|ini)|just\snow|yesterday|today|an?\s(?:minute|hour|day|week|month|year)\sago"
    r"|gestern|heute|vor\s(?:einer?m?)\s\w{3,8}|hier|aujourd.hui|ayer|hoy)$",
    re.IGNORECASE,
)
# What is left of a date whose digits were cut off.
_WEEKDAY_NAMES = WEEKDAYS.keys() | {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}
# What opens the part with digits that was cut off.
_OPENING_WORDS = re.compile(
    r"\s(?:vor|hace|il\sy\sa|dan|and|und|et|y|pada|on|at|am|um|dibaca|dilihat|views?"
    r"|(?:(?:last|terakhir|zuletzt)\s)?(?:updated?|modified|published|posted|diperbar(?:ui|harui)|diubah|diterbitkan|aktualisiert)"
    r"(?:\s(?:on|at|pada|am))?)$",
    re.IGNORECASE,
)

_EDGES = " |,•·–—-+&"


def strip_extras(line: str) -> str:
    """Return a line of a byline without its date, time and counts: what stands before them, or the name after a date;
    "" for a line that is too long for one."""
    if len(line) > MAX_LINE_LENGTH:
        return ""
    match = _NAME_AFTER_DATE.search(line)
    name = match["name"] if match else _TRAILING_DATE.sub("", _TRAILING_TIME.sub("", line))
    if match is None and name != line:
        name = _without_opening_words(name)
    if count := _TRAILING_COUNT.search(name):
        before = _without_opening_words(name[: count.start()])
        name = before if is_full_name(before) else name
    words = name.split()
    if words and words[-1].strip(",.").lower() in _WEEKDAY_NAMES:
        words.pop()
    return " ".join(words)


def _without_opening_words(text: str) -> str:
    """Return a text without the words that open what was cut off behind it."""
    while (shorter := _OPENING_WORDS.sub("", text.rstrip(_EDGES))) != text:
        text = shorter
    return text
