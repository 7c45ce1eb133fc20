"""An interval is the same in systemd's calendar and in cron's fields, and never longer or shorter than it says."""

import re
import shutil
import subprocess
from datetime import datetime
from itertools import pairwise

import pytest

from narayacrawl.schedule.interval import POSSIBLE, WEEK, Interval

NEAREST = "does not divide an hour, a day or a week into equal parts: take"


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("15m", 15), (" 15M ", 15), ("1m", 1), ("60m", 60), ("1h", 60), ("120m", 120), ("24h", 1440), ("1d", 1440)],
)
def test_reads_an_interval(text: str, minutes: int) -> None:
    assert Interval.parse(text).minutes == minutes


@pytest.mark.parametrize(
    "text", ["", "15", "m", "0m", "-5m", "1.5h", "15 minutes", "30s", "1h30m", "*/15", "١٥m", "9" * 9]
)
def test_refuses_what_is_no_interval(text: str) -> None:
    with pytest.raises(ValueError, match="is no interval: write 15m, 1h or 1d"):
        Interval.parse(text)


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("7m", "6m or 10m"),
        ("45m", "30m or 1h"),
        ("90m", "1h or 2h"),
        ("5h", "4h or 6h"),
        ("36h", "1d or 7d"),
        ("2d", "1d or 7d"),
        ("30d", "7d"),
        ("999999d", "7d"),
    ],
)
def test_names_the_nearest_of_what_would_drift(text: str, near: str) -> None:
    with pytest.raises(ValueError, match=f"{text} {NEAREST} {near}$"):
        Interval.parse(text)


@pytest.mark.parametrize(
    ("text", "calendar", "fields"),
    [
        ("1m", "*:0/1", "* * * * *"),
        ("15m", "*:0/15", "7-59/15 * * * *"),
        ("30m", "*:0/30", "7-59/30 * * * *"),
        ("1h", "0/1:00", "37 * * * *"),
        ("6h", "0/6:00", "37 3-23/6 * * *"),
        ("1d", "*-*-* 00:00", "37 3 * * *"),
        ("7d", "Mon *-*-* 00:00", "37 3 * * 2"),
    ],
)
def test_interval_as_systemd_and_cron_write_it(text: str, calendar: str, fields: str) -> None:
    interval = Interval.parse(text)
    assert (str(interval), interval.calendar) == (text, calendar)
    assert interval.cron(2 * 1440 + 3 * 60 + 37) == fields


def starts(fields: str) -> list[int]:
    """The minutes of a week in which cron starts what has these fields."""
    minute, hour, day, month, weekday = (
        _values(field, last) for field, last in zip(fields.split(), (59, 23, 31, 12, 6), strict=True)
    )
    assert (day, month) == (list(range(32)), list(range(13)))
    return [(d * 24 + h) * 60 + m for d in weekday for h in hour for m in minute]


def _values(field: str, last: int) -> list[int]:
    match = re.fullmatch(r"(?:\*|(?P<first>\d+)(?:-(?P<last>\d+))?)(?:/(?P<step>\d+))?", field)
    assert match is not None
    first = int(match["first"] or 0)
    until = last if match["first"] is None else int(match["last"] or first)
    assert until <= last
    return list(range(first, until + 1, int(match["step"] or 1)))


@pytest.mark.parametrize("minutes", POSSIBLE)
def test_cron_starts_at_equal_distances(minutes: int) -> None:
    for offset in (0, 1, 59, 60, 1439, 1440, WEEK - 1, WEEK, 5 * WEEK + 77):
        found = starts(Interval(minutes).cron(offset))
        assert found[0] == offset % minutes
        assert {later - earlier for earlier, later in pairwise([*found, found[0] + WEEK])} == {minutes}


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd-analyze")
def test_systemd_starts_at_equal_distances() -> None:
    calendars = [Interval(minutes).calendar for minutes in POSSIBLE]
    done = subprocess.run(
        ["systemd-analyze", "calendar", "--iterations=30", *calendars],
        env={"TZ": "UTC", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    told = done.stdout.split("Original form: ")[1:]
    for minutes, text in zip(POSSIBLE, told, strict=True):
        times = [
            datetime.fromisoformat(moment) for moment in re.findall(r"\w{3} (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) UTC", text)
        ]
        assert len(times) == 30
        assert {(later - earlier).total_seconds() for earlier, later in pairwise(times)} == {minutes * 60}


@pytest.mark.parametrize("minutes", POSSIBLE)
def test_random_delay_is_a_small_part(minutes: int) -> None:
    assert 0 < Interval(minutes).random_delay <= minutes * 60 / 10
