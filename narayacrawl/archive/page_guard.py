"""Guard a run against the page that it reads: note which it is, for the process may die at it, and bound the
processor's time that it takes."""

import os
import signal
import threading
from collections.abc import Callable, Coroutine, Generator
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any, Final, Generic, TypeVar

from narayacrawl.archive.segment_files import NO_LINK

T = TypeVar("T")

READING: Final = ".reading"
"""Name of the file, in a portal's folder, that tells which article is being read, by its id in the ledger; 0 for
none."""
MAX_SECONDS: Final = 20.0
"""Of the processor for one page; the largest that is read takes a fifth of it."""
TOO_SLOW: Final = f"takes more than {MAX_SECONDS:.0f} s of the processor"
REPEATED_AFTER: Final = 0.2
"""Seconds until a page is told again to stop that has caught it the first time."""

_is_armed = False


class _OutOfTime(BaseException):
    """Stops a page's reading; no `except Exception` catches it."""


class PageTooSlow(Exception):
    """A page takes too much of the processor's time; the text says so, in one line."""


class PageGuard:
    """Guards the steps of a page's reading, each from one wait to the next: nothing else runs meanwhile.

    Without a folder nothing is noted. Time is bounded in the main thread only, where signals arrive, and not on
    Windows, which has no such timer.
    """

    def __init__(self, folder: Path | None) -> None:
        self._file = None if folder is None else os.open(folder / READING, os.O_RDWR | os.O_CREAT | NO_LINK, 0o644)
        self.left_behind = self._read_note()
        """The article at which the last run's process died; None if it did not."""
        self._has_timer = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
        if self._has_timer:
            signal.signal(signal.SIGVTALRM, _stop)

    def read(self, reading: Coroutine[Any, Any, T], article: int) -> "GuardedReading[T]":
        """Return what a page's reading gives, to be awaited. Raises `PageTooSlow` if it takes too long, waits apart."""
        return GuardedReading(self, reading, article)

    def run(self, reading: Callable[[], T]) -> T:
        """Return what a page's reading gives that waits for nothing. Raises `PageTooSlow` if it takes too long."""
        try:
            return self.step(reading, 0, MAX_SECONDS)[0]
        except _OutOfTime:
            self.pause()
            raise PageTooSlow(TOO_SLOW) from None

    def step(self, advance: Callable[[], T], article: int, seconds: float) -> tuple[T, float]:
        """Take a step of a page's reading; return what it gives, and the seconds that are left for the next."""
        left = seconds
        try:
            self._note(article)
            if self._has_timer:
                _arm(seconds)
            awaited = advance()
        finally:
            if self._has_timer:
                left = max(_disarm(), REPEATED_AFTER)
            self._note(0)
        return awaited, left

    def pause(self) -> None:
        """End the guard of the step that is being taken: what follows is no reading."""
        if self._has_timer:
            _disarm()
        self._note(0)

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _note(self, article: int) -> None:
        # Not synced: where the process dies, the system still has it.
        if self._file is not None:
            os.lseek(self._file, 0, os.SEEK_SET)
            os.write(self._file, b"%20d\n" % article)

    def _read_note(self) -> int | None:
        note = b"" if self._file is None else os.read(self._file, 100).strip()
        return (int(note) or None) if note.isdigit() and len(note) < 20 else None


class GuardedReading(Generic[T]):
    """A page's reading, to be awaited."""

    def __init__(self, guard: PageGuard, reading: Coroutine[Any, Any, T], article: int) -> None:
        self.guard, self.reading, self.article = guard, reading, article

    def __await__(self) -> Generator[Any, Any, T]:
        left = MAX_SECONDS
        advance: Callable[[], Any] = partial(self.reading.send, None)
        while True:
            try:
                awaited, left = self.guard.step(advance, self.article, left)
            except StopIteration as end:
                result: T = end.value
                return result
            except _OutOfTime:
                self.guard.pause()
                raise PageTooSlow(TOO_SLOW) from None
            try:
                advance = partial(self.reading.send, (yield awaited))
            except GeneratorExit:
                self.reading.close()
                raise
            except BaseException as error:  # noqa: BLE001 - passed on
                advance = partial(self.reading.throw, error)


def _arm(seconds: float) -> None:
    global _is_armed  # noqa: PLW0603 - a process has one timer
    _is_armed = True
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds, REPEATED_AFTER)


def _disarm() -> float:
    """Stop the timer; return the seconds that were left."""
    global _is_armed  # noqa: PLW0603
    _is_armed = False
    return signal.setitimer(signal.ITIMER_VIRTUAL, 0)[0]


def _stop(number: int, frame: FrameType | None) -> None:
    if _is_armed:  # it may arrive when the step has ended
        raise _OutOfTime
