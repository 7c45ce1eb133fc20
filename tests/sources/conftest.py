"""A portal that is at work, and one who crawls it again and again: CI tries a part of these crawls,
`pytest -m slow tests/sources` all."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desk import Newsroom, Reader, newsroom
from tests.slow import leave_to_long


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave the rest to the long tests."""
    leave_to_long(items, Path(__file__).parent, 4)


@pytest.fixture
def room(request: pytest.FixtureRequest) -> Iterator[Newsroom]:
    """A portal of so many articles as the module's ARTICLES says."""
    with newsroom(request.module.ARTICLES) as room:
        yield room


@pytest.fixture
def reader(room: Newsroom, tmp_path: Path) -> Reader:
    return Reader(room.url, tmp_path, room)


@pytest.fixture
def known(request: pytest.FixtureRequest, reader: Reader) -> Reader:
    """One that has read the whole portal."""
    assert len(reader.crawl().articles) == request.module.ARTICLES
    return reader
