"""Whole crawls of hostile portals: CI tries a part of them, `pytest -m slow tests/hostile` all."""

from pathlib import Path
from typing import Final

import pytest

HERE: Final = Path(__file__).parent
TRIED_IN_CI: Final = 5
"""One in so many of each file's slow tests."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark as `long` what CI leaves out, the same tests in every run."""
    seen: dict[Path, int] = {}
    for item in items:
        if item.path.is_relative_to(HERE) and item.get_closest_marker("slow"):
            seen[item.path] = seen.get(item.path, 0) + 1
            if seen[item.path] % TRIED_IN_CI != 1:
                item.add_marker(pytest.mark.long)
