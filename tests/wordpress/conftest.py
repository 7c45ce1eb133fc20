"""A portal of a few articles, and an archive that has them all."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.desk import Newsroom, Reader, newsroom

KNOWN: Final = 12
"""How many articles the portal has before anything changes."""


@pytest.fixture
def room() -> Iterator[Newsroom]:
    with newsroom(KNOWN) as room:
        yield room


@pytest.fixture
def reader(room: Newsroom, tmp_path: Path) -> Reader:
    """Has crawled the portal once."""
    reader = Reader(room.url, tmp_path, room)
    crawl = reader.crawl()
    assert (crawl.status, len(crawl.articles)) == (0, KNOWN)
    return reader
