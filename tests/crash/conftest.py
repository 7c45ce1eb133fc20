"""The portal that every test of this folder crawls, and archives of their own: CI tries a part of the kills and faults,
`pytest -m slow tests/crash` all."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TypeAlias

import pytest

from tests.crash.interrupting import SIGNALS, Interruption, interrupted
from tests.crash.portal import Served, served
from tests.crash.trial import Trial
from tests.slow import leave_to_long

ARTICLES = 16
ANSWERED = 2

Interruptions: TypeAlias = dict[str, Future[Interruption]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave the rest to the long tests."""
    leave_to_long(items, Path(__file__).parent, 3)


@pytest.fixture(scope="session")
def press() -> Iterator[Served]:
    """A small portal that answers at once."""
    with served(ARTICLES) as portal:
        yield portal


@pytest.fixture
def trial(press: Served, tmp_path: Path) -> Trial:
    return Trial(press, tmp_path)


def interrupt(name: str, folder: Path) -> Interruption:
    with served(8, "--hold", str(ANSWERED), "--whole") as portal:
        return interrupted(portal, folder, SIGNALS[name], lambda _: portal.tell("held"), delay=1)


@pytest.fixture(scope="session", autouse=True)
def interruptions(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Interruptions]:
    """How crawls ended that were told to: they mostly wait, so they do beside the other tests."""
    wanted = any("test_signals" in item.nodeid for item in request.session.items)
    with ThreadPoolExecutor(len(SIGNALS)) as threads:
        yield {
            name: threads.submit(interrupt, name, tmp_path_factory.mktemp("interrupted")) for name in SIGNALS if wanted
        }
