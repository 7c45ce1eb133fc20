"""Write counts in plain English, for log lines and messages."""

from collections.abc import Mapping


def counted(count: int, noun: str) -> str:
    """Return a count with its noun: `1 article`, `2 articles`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def worded(counts: Mapping[str, int]) -> str:
    """List counts with their names: `3 no_date, 1 no_title`."""
    return ", ".join(f"{count} {name}" for name, count in counts.items())
