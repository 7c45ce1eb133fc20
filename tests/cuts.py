"""A process that is killed at each of its steps on the disk."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any, Final

import pytest

STEPS: Final = ("fsync", "rename", "replace", "unlink", "truncate")


class Cut(BaseException):
    """No exception that a handler of errors takes: nothing is tidied up."""


def cuts(
    monkeypatch: pytest.MonkeyPatch,
    folder: Path,
    prepare: Callable[[Path], object],
    work: Callable[[Path], object],
    error: type[BaseException] = Cut,
) -> Iterator[Path]:
    """For every step of `work`: a folder below `folder` in which it was cut off before, and one in which after it."""
    for step in count(1):
        for place in ("before", "after"):
            own = folder / f"{place}-{step}"
            prepare(own)
            with _cut(monkeypatch, step, place, error) as raised:
                work(own)
            if not raised:
                assert step > 1, "nothing was cut off"
                return
            yield own


@contextmanager
def _cut(
    monkeypatch: pytest.MonkeyPatch, step: int, place: str, error: type[BaseException]
) -> Iterator[list[BaseException]]:
    raised: list[BaseException] = []
    done = 0

    def cutting(function: Callable[..., Any]) -> Callable[..., Any]:
        def cut_off(*args: Any, **kwargs: Any) -> Any:
            nonlocal done
            done += 1
            if done == step:
                raised.append(error(5, "cut off"))
                if place == "after":
                    function(*args, **kwargs)
                raise raised[0]
            return function(*args, **kwargs)

        return cut_off

    with monkeypatch.context() as patch:
        for name in STEPS:
            patch.setattr(os, name, cutting(getattr(os, name)))
        try:
            yield raised
        except error:
            if not raised:
                raise
