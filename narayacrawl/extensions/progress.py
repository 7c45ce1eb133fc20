"""Show how far a piece of work is: live on a terminal, elsewhere as a line every so many seconds."""

import os
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final, Protocol, Self, TypeVar

from narayacrawl.extensions.live_display import LiveDisplay
from narayacrawl.language.english import duration

T = TypeVar("T")

INTERVAL: Final = 30.0
"""Seconds between two lines."""
REFRESH: Final = 0.25
"""Seconds between two pictures of a live display."""
RATE_WINDOW: Final = 60.0
"""Seconds by which the rate is measured."""


def is_terminal() -> bool:
    """True if a person may be looking at stderr."""
    return sys.stderr.isatty()


def can_draw() -> bool:
    """True if stderr is a terminal on which a display can be drawn anew."""
    return is_terminal() and os.environ.get("TERM", "").lower() not in ("", "dumb", "unknown")


class Figures(Protocol):
    """Tells how far a piece of work is."""

    @property
    def share(self) -> float | None:
        """The share that is done, 0 to 1; None while nobody can tell."""

    @property
    def fetched(self) -> int:
        """How much is done, for the rate."""

    def text(self, rate: float | None) -> str:
        """Return the figures as one line; `rate` is how much is done in a second."""


@dataclass(slots=True)
class Work:
    """Counts what a command has done of the part of its work that it is at."""

    what: str
    """`segments read`; where nothing is counted, what is being done."""
    fetched: int = 0
    total: int | None = None
    """How much there is to do; None if nobody knows."""

    def begin(self, what: str, total: int | None = None) -> None:
        """Count the next part of the work, from 0."""
        self.what, self.fetched, self.total = what, 0, total

    def each(self, things: Sequence[T]) -> Iterator[T]:
        """Pass on all that there is to do, and count each when it is done with."""
        self.total = len(things)
        return self.counted(things)

    def counted(self, things: Iterable[T]) -> Iterator[T]:
        """Pass things on, and count each when it is done with."""
        for thing in things:
            yield thing
            self.fetched += 1

    def counted_as_one(self, things: Iterable[T]) -> Iterator[T]:
        """Pass things on, and count them as one when all are done with."""
        yield from things
        self.fetched += 1

    @property
    def share(self) -> float | None:
        return min(1.0, self.fetched / self.total) if self.total else None

    def text(self, rate: float | None) -> str:
        if not self.fetched and self.total is None:
            return self.what
        of_all = f" of {self.total:,}" if self.total is not None else ""
        is_going_on = self.total is not None and self.fetched < self.total
        left = ""
        if rate and self.total and is_going_on:
            left = f", {rate * 60:,.0f}/min, {duration((self.total - self.fetched) / rate)} left"
        return f"{self.fetched:,}{of_all} {self.what}{left}"


class Progress:
    """Shows the figures of a piece of work while it goes on, from a thread of its own: the work may keep the other one
    busy for long.

        with Progress("export narayapost", lambda: work, say=print): ...

    On a terminal there is one live display, which log lines scroll above; elsewhere `say` is given a line every
    `interval` seconds, never with an `interval` of 0. Stdout is left alone.
    """

    _shown: ClassVar["Progress | None"] = None
    """The one that is live: a terminal has room for one."""

    def __init__(
        self,
        title: str,
        figures: Callable[[], Figures],
        say: Callable[[str], None] | None,
        *,
        interval: float = INTERVAL,
        is_live: bool | None = None,
    ) -> None:
        self.title = title
        self.figures = figures
        self.say = say
        self.interval = interval
        self._display = LiveDisplay() if interval and (can_draw() if is_live is None else is_live) else None
        self._began = time.monotonic()
        self._samples = deque([(self._began, 0)])
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="progress", daemon=True)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        if not self.interval or (self._display is None and self.say is None):
            return
        self._began = time.monotonic()
        self._samples = deque([(self._began, 0)])
        if self._display is not None:
            Progress._shown = self
            self._display.start()
        self._thread.start()

    def stop(self) -> None:
        """End the display; harmless where it has ended, or never began."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join()
        if self._display is not None:
            self._display.stop()
        if Progress._shown is self:
            Progress._shown = None

    @classmethod
    def stop_shown(cls) -> None:
        """End the display that is live, if there is one: whoever began it had no chance to."""
        if cls._shown is not None:
            cls._shown.stop()

    def _run(self) -> None:
        period = self.interval if self._display is None else min(REFRESH, self.interval)
        next_line = self._began + self.interval
        if self._display is not None:
            self._draw(self._display)
        while not self._ended.wait(period):
            if self._display is not None:
                self._draw(self._display)
            # A display that is drawn needs no lines beside it, but a log file has them.
            if self.say is not None and (now := time.monotonic()) >= next_line - REFRESH / 2:
                next_line = now + self.interval
                self.say(self.figures().text(self._rate()))

    def _draw(self, display: LiveDisplay) -> None:
        figures = self.figures()
        display.draw(self.title, time.monotonic() - self._began, figures.text(self._rate()), figures.share)

    def _rate(self) -> float | None:
        """Return how much was done in a second of late; None while nothing is."""
        now, done = time.monotonic(), self.figures().fetched
        samples = self._samples
        if done < samples[-1][1]:  # another part of the work
            samples.clear()
        samples.append((now, done))
        while len(samples) > 2 and samples[1][0] < now - RATE_WINDOW:
            samples.popleft()
        since, before = samples[0]
        return (done - before) / (now - since) if done > before else None
