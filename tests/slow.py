"""Which parameters of a test are quick: some stand for all of them, which `.ci/run` tries."""

from collections.abc import Iterable

import pytest


def first_quick(first: object, *others: object) -> list[object]:
    """Parameters of which all but the first are marked as slow."""
    return [first, *map(_slow, others)]


def only_quick(values: Iterable[str], quick: Iterable[str]) -> list[object]:
    """Parameters of which all but these are marked as slow."""
    return [value if value in quick else _slow(value) for value in values]


def _slow(value: object) -> object:
    # What is a parameter already keeps its name.
    values, name = (value[0], value[2]) if isinstance(value, type(pytest.param())) else ((value,), None)
    return pytest.param(*values, marks=pytest.mark.slow, id=name)
