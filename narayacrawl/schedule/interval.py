"""How often a portal is crawled, as systemd's calendar and as cron's five fields."""

import re
from dataclasses import dataclass
from typing import Final, Self

WRITTEN: Final = re.compile(r"(?P<number>[0-9]{1,6})(?P<unit>[mhd])")
MINUTES: Final = {"m": 1, "h": 60, "d": 24 * 60}
HOUR, DAY, WEEK = 60, 24 * 60, 7 * 24 * 60
POSSIBLE: Final = (
    *(minutes for minutes in range(1, HOUR) if HOUR % minutes == 0),
    *(hours * HOUR for hours in range(1, 24) if 24 % hours == 0),
    DAY,
    WEEK,
)
"""Minutes between two runs that are always the same: cron and calendars begin anew with every hour and every day."""


@dataclass(frozen=True, slots=True)
class Interval:
    """The minutes from one run to the next; one of `POSSIBLE`."""

    minutes: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `15m`, `1h` or `1d`. Raises `ValueError` of one line, with the nearest that is possible."""
        match = WRITTEN.fullmatch(text.strip().lower())
        if match is None or not int(match["number"]):
            raise ValueError(f"{text!r} is no interval: write 15m, 1h or 1d")
        minutes = int(match["number"]) * MINUTES[match["unit"]]
        if minutes not in POSSIBLE:
            below = [cls(possible) for possible in POSSIBLE if possible < minutes][-1]
            above = [cls(possible) for possible in POSSIBLE if possible > minutes][:1]
            near = " or ".join(map(str, [below, *above]))
            raise ValueError(f"{text} does not divide an hour, a day or a week into equal parts: take {near}")
        return cls(minutes)

    def __str__(self) -> str:
        unit = next(unit for unit in "dhm" if self.minutes % MINUTES[unit] == 0)
        return f"{self.minutes // MINUTES[unit]}{unit}"

    @property
    def calendar(self) -> str:
        """What `OnCalendar=` takes, in the machine's time zone."""
        if self.minutes < HOUR:
            return f"*:0/{self.minutes}"
        if self.minutes < DAY:
            return f"0/{self.minutes // HOUR}:00"
        return "Mon *-*-* 00:00" if self.minutes == WEEK else "*-*-* 00:00"

    @property
    def random_delay(self) -> int:
        """The seconds by which systemd may start later, so that not all portals are crawled at the same second."""
        return min(self.minutes * 4, 15 * 60)

    def cron(self, offset: int) -> str:
        """Cron's five fields, moved by so many minutes: cron cannot wait for a random time."""
        offset %= self.minutes
        minute, hour = str(offset % HOUR), str(offset // HOUR % 24)
        if self.minutes < HOUR:
            return f"{_every(offset, self.minutes, 59)} * * * *"
        if self.minutes < DAY:
            return f"{minute} {_every(offset // HOUR, self.minutes // HOUR, 23)} * * *"
        return f"{minute} {hour} * * {offset // DAY if self.minutes == WEEK else '*'}"


def _every(first: int, step: int, last: int) -> str:
    if step == 1:
        return "*"
    return f"{first}-{last}/{step}" if first else f"*/{step}"
