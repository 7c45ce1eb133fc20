"""Pages of every theme and size: CI tries a part of them, `pytest -m slow tests/pages` all."""

from pathlib import Path

import pytest

from tests.slow import leave_to_long


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave the rest to the long tests."""
    leave_to_long(items, Path(__file__).parent, 5)
