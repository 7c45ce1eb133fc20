"""The portal that every test of this folder crawls, and archives of their own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crash.portal import Served, served
from tests.crash.trial import Trial

ARTICLES = 24


@pytest.fixture(scope="session")
def press() -> Iterator[Served]:
    """A small portal that answers at once."""
    with served(ARTICLES) as portal:
        yield portal


@pytest.fixture
def trial(press: Served, tmp_path: Path) -> Trial:
    return Trial(press, tmp_path)
