"""Choose articles by a regular expression over title and text."""

import re
import signal
import threading
import unicodedata
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

import orjson

MAX_SECONDS: Final = 5.0
"""Of the processor for one article: a pattern may take longer than the world has been there."""


class PatternError(ValueError):
    """A pattern that is no regular expression, or takes too long: one line."""


class Match:
    """Chooses the articles in whose title or text a regular expression is found, in small letters or capitals."""

    def __init__(self, pattern: str) -> None:
        if not pattern.strip():
            raise PatternError("an empty pattern matches every article")
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of `[[`, which may mean something else one day
                # As the record has it.
                self._search = re.compile(unicodedata.normalize("NFC", pattern), re.IGNORECASE | re.MULTILINE).search
        except (re.error, OverflowError, RecursionError) as error:
            raise PatternError(f"{pattern!r} is no regular expression: {error}") from error
        self.pattern = pattern
        self.count = 0
        """How many articles were chosen so far."""

    def among(self, lines: Iterable[bytes]) -> Iterator[bytes]:
        """Yield the lines of those that match. Raises `PatternError` if one takes too long; in the main thread only,
        where signals arrive."""
        with self._bounded() as begin:
            for line in lines:
                record = orjson.loads(line)
                begin(MAX_SECONDS)
                found = any(self._search(str(record.get(name) or "")) for name in ("title", "body"))
                begin(0)
                if found:
                    self.count += 1
                    yield line

    @contextmanager
    def _bounded(self) -> Iterator[Callable[[float], object]]:
        """Have this processor's time end a search; gives what begins the time for one, and with 0 ends it."""
        if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
            yield lambda _: None
            return

        def stop(number: int, frame: FrameType | None) -> None:
            raise PatternError(
                f"{self.pattern!r} takes more than {MAX_SECONDS:.0f} s for one article: repeat nothing that repeats"
                " itself, like (a+)+"
            )

        former = signal.signal(signal.SIGVTALRM, stop)
        try:
            yield lambda seconds: signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            signal.signal(signal.SIGVTALRM, former)
