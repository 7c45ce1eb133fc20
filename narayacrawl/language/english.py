"""Write counts, durations and sizes in plain English, for log lines and messages."""

from collections.abc import Mapping
from typing import Final

UNITS: Final = ("kB", "MB", "GB", "TB")


def counted(count: int, noun: str) -> str:
    """Return a count with its noun: `1 article`, `2 articles`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def worded(counts: Mapping[str, int]) -> str:
    """List counts with their names: `3 no_date, 1 no_title`."""
    return ", ".join(f"{count} {name}" for name, count in counts.items())


def duration(seconds: float) -> str:
    """Return a length of time, to the second: `4 s`, `3 min 12 s`, `2 h 05 min`."""
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if minutes else f"{rest} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02} min"


def bytes_worded(size: int) -> str:
    """Return a size: `812 bytes`, `3.4 kB`, `1.2 GB`."""
    if size < 1000:
        return counted(size, "byte")
    power = 1
    while power < len(UNITS) and size >= 999.95 * 1000**power:
        power += 1
    return f"{size / 1000**power:.1f} {UNITS[power - 1]}"
