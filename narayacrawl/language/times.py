"""Read times of day as news pages write them, with zone or offset."""

import re
from datetime import UTC, timedelta, tzinfo
from datetime import timezone as fixed_offset

from narayacrawl.language import indonesian

# Hours from UTC of the zones that the press of other countries writes after a time. `IST` is India's.
_ABROAD = {
    "bst": 1, "cet": 1, "mez": 1, "cest": 2, "mesz": 2, "eet": 2, "sast": 2, "eest": 3, "msk": 3, "pkt": 5, "ist": 5.5,
    "sgt": 8, "myt": 8, "hkt": 8, "jst": 9, "kst": 9, "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13,
    "edt": -4, "est": -5, "cdt": -5, "cst": -6, "mdt": -6, "mst": -7, "pdt": -7, "pst": -8,
}  # fmt: skip
ZONES: dict[str, tzinfo] = {
    **{name: fixed_offset(timedelta(hours=hours), name.upper()) for name, hours in _ABROAD.items()},
    **indonesian.ZONES, "utc": UTC, "gmt": UTC, "z": UTC,
}  # fmt: skip
"""Zones by their names in lower case."""

_OFFSET = r"((?:gmt|utc)\s?[+-]\d{1,2}(?::?\d{2})?|\+\d{1,2}(?::?\d{2})?|-\d{4})(?!\d)"
TIME = re.compile(
    rf"""(?<![\d.:+])(?:(午前|上午|午後|下午|오전|오후)\s?)?
    (?:(\d{{1,2}})\s?(?:[:.]|h(?=\s?\d\d)|[時时点시])\s?(\d{{2}})(?:[:.](\d{{2}})(?:[.,]\d{{1,9}})?)?(?!\d)[分분]?
      |(\d{{1,2}})(?=\s?[ap]\.?m))
    (?:\s?([ap])\.?m\b\.?)?(?:\s?[(\[]?{_OFFSET})?""",
    re.VERBOSE,
)
"""A time in lower case: `21:35`, `21.35`, `9:35 pm`, `21h35`, `오후 9시 35분`, and the offset that follows."""
DAY_PARTS = frozenset({"pagi", "siang", "sore", "petang", "malam", "dini", "dinihari", "subuh"})
"""The parts of the day that Indonesian writes after a time of twelve hours, in lower case."""
_DAY_PART = re.compile(r"pagi|siang|sore|petang|malam|dini|subuh")
_TIME_AND_DAY_PART = re.compile(
    r"(?<![\d.:/-])(\d{1,2})(?:\s?[.:]\s?(\d\d))?(\s(?:wib|wita|wit))?,?\s"
    r"(pagi|siang|sore|petang|malam|dini\s?hari|subuh)\b(?:\shari\b)?"
)
# A full hour: `pukul 20 WIB`.
_HOUR_AND_ZONE = re.compile(r"((?:\b(?:pukul|jam|pkl\.?)\s|[,|]\s?))([01]?\d|2[0-3])(?=\s[(\[]?(?:wib|wita|wit)\b)")
LONE_OFFSET = re.compile(r"((?:gmt|utc)\s?[+-]\d{1,2}(?::?\d{2})?|\+\d\d:?\d\d)(?!\d)")


def clock_time(time: re.Match[str]) -> tuple[int, int, int]:
    """Return hour, minute and second of a match of `TIME`, without checking that they exist."""
    hour = int(time[2] or time[5])
    half_of_day = {"a": "a", "p": "p", "午前": "a", "上午": "a", "오전": "a"}.get(time[6] or time[1], "p")
    if (time[6] or time[1]) and hour <= 12:
        hour = hour % 12 + (12 if half_of_day == "p" else 0)
    return hour, int(time[3] or 0), int(time[4] or 0)


def with_24_hours(line: str) -> str:
    """Return a line in lower case with its times of twelve hours and part of the day as times of 24: `3.15 sore` as
    `15:15`, `jam 8 malam` as `jam 20:00`. A full hour before a zone gets its minutes:
    `pukul 20 wib` is `pukul 20:00 wib`."""
    if "wi" in line:
        line = _HOUR_AND_ZONE.sub(r"\1\2:00", line)
    return _TIME_AND_DAY_PART.sub(_of_24_hours, line) if _DAY_PART.search(line) else line


def _of_24_hours(time: re.Match[str]) -> str:
    """Return a time with its part of the day as one of 24 hours; as it stands if no clock shows it."""
    hour, part = int(time[1]), time[4]
    if hour > 23:
        return time[0]
    match part:
        case "sore" | "petang":
            is_after_noon = True
        case "siang":  # from eleven to three
            is_after_noon = hour < 9
        case "malam":  # one in the night is after midnight
            is_after_noon = hour > 4
        case _:
            is_after_noon = False
    is_midnight = hour == 12 and part not in ("siang", "sore", "petang")
    hour = 0 if is_midnight else hour + 12 if is_after_noon and hour < 12 else hour
    return f"{hour:02}:{time[2] or '00'}{time[3] or ''}"


def offset_of(time: re.Match[str]) -> str | None:
    """Return the offset that follows a time, as written; None if none does."""
    return time[7]


def zone_of_offset(offset: str) -> tzinfo:
    """Return the zone of an offset as written: `+07:00`, `gmt+7`, `-0500`; ValueError for one that no place has."""
    offset = offset.lstrip("gmtuc ")
    digits = offset[1:].replace(":", "")
    hours, minutes = (int(digits), 0) if len(digits) <= 2 else (int(digits[:-2]), int(digits[-2:]))
    if hours > 14 or minutes > 59:
        raise ValueError(f"offset {offset}")
    return fixed_offset(timedelta(hours=hours, minutes=minutes) * (-1 if offset[0] == "-" else 1))
