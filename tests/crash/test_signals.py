"""A polite crawl ends when it is told to, whatever it waits for, and keeps what it was sent."""

import pytest

from tests.crash.conftest import Interruptions
from tests.crash.interrupting import SIGNALS

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", SIGNALS)
def test_polite_crawl_waits_for_nothing_and_loses_nothing(name: str, interruptions: Interruptions) -> None:
    ended = interruptions[name].result()
    assert not ended.verdict, ended.log


def test_crawl_that_is_told_to_end_has_written_before(interruptions: Interruptions) -> None:
    assert interruptions["SIGTERM"].result().written > 0
