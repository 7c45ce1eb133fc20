"""Which parameters of a test are quick: some stand for all of them, which `.ci/run` tries; where those are too many for
it, too, it tries a part."""

from collections.abc import Iterable
from pathlib import Path

import pytest


def first_quick(first: object, *others: object) -> list[object]:
    """Parameters of which all but the first are marked as slow."""
    return [first, *map(_slow, others)]


def only_quick(values: Iterable[str], quick: Iterable[str]) -> list[object]:
    """Parameters of which all but these are marked as slow."""
    return [value if value in quick else _slow(value) for value in values]


def leave_to_long(items: Iterable[pytest.Item], folder: Path, one_in: int) -> None:
    """Mark as `long` all slow tests of a folder, or of one file, but one in so many of each file; in every run the same
    ones."""
    seen: dict[Path, int] = {}
    for item in items:
        if item.path.is_relative_to(folder) and item.get_closest_marker("slow"):
            seen[item.path] = seen.get(item.path, 0) + 1
            if seen[item.path] % one_in != 1:
                item.add_marker(pytest.mark.long)


def _slow(value: object) -> object:
    # What is a parameter already keeps its name.
    values, name = (value[0], value[2]) if isinstance(value, type(pytest.param())) else ((value,), None)
    return pytest.param(*values, marks=pytest.mark.slow, id=name)
