"""Which of the slow recordings CI tries: `pytest -m slow tests/commands/test_record.py` tries all."""

from pathlib import Path

import pytest

from tests.slow import leave_to_long


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    leave_to_long(items, Path(__file__).with_name("test_record.py"), 2)
