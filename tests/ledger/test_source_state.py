"""What the ledger remembers of sources between runs."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection

from narayacrawl.ledger.database import open_ledger, timestamp
from narayacrawl.ledger.source_state import SourceState, read_source_state, read_source_states, save_source_state

DAY = "2026-01-05T02:00:00+00:00"


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    connection = open_ledger(f"sqlite:///{tmp_path / 'ledger.db'}")
    yield connection
    connection.close()


def test_source_that_was_never_read_has_nothing(connection: Connection) -> None:
    state = read_source_state(connection, "portal", "rest", "")
    assert state == SourceState(state.id, "rest", None, None, None, None, None, 0, 0, None, None, None)


def test_what_is_noted_is_remembered_and_the_rest_left(connection: Connection) -> None:
    state = read_source_state(connection, "portal", "rest", "")
    save_source_state(connection, state, cursor="7", etag='"7"')
    save_source_state(connection, state, cursor=None, completed=DAY, failures=2)
    expected = replace(state, cursor=None, completed=DAY, failures=2, etag='"7"')
    assert read_source_state(connection, "portal", "rest", "") == expected == state


@pytest.mark.parametrize(
    ("portal", "name", "scope"), [("other", "rest", ""), ("portal", "feed", ""), ("portal", "rest", "{}")]
)
def test_states_of_portals_sources_and_arguments_are_apart(
    connection: Connection, portal: str, name: str, scope: str
) -> None:
    save_source_state(connection, read_source_state(connection, "portal", "rest", ""), cursor="7")
    assert read_source_state(connection, portal, name, scope).cursor is None


def test_two_who_note_one_state_keep_what_the_other_noted(connection: Connection) -> None:
    first, second = (read_source_state(connection, "portal", "rest", "") for _ in range(2))
    save_source_state(connection, first, watermark=DAY)
    save_source_state(connection, second, failures=1)
    state = read_source_state(connection, "portal", "rest", "")
    assert (state.watermark, state.failures) == (DAY, 1)


def test_states_of_a_kind_are_those_of_the_portal_and_its_arguments(connection: Connection) -> None:
    own = read_source_state(connection, "portal", "sitemap portal.example/peta.xml?", "")
    read_source_state(connection, "other", "sitemap other.example/peta.xml?", "")
    read_source_state(connection, "portal", "sitemap portal.example/berita.xml?", '{"since": "2026-01-01"}')
    read_source_state(connection, "portal", "sitemap", "")
    read_source_state(connection, "portal", "rest", "")
    assert read_source_states(connection, "portal", "sitemap", "") == [own]


@pytest.mark.parametrize(
    ("times", "hours", "left"),
    [(0, 0, False), (1, 0.9, True), (1, 1.1, False), (2, 5.9, True), (2, 6.1, False), (3, 23, True), (9, 25, False)],
)
def test_what_was_read_in_vain_is_backed_off_ever_longer(
    connection: Connection, times: int, hours: float, left: bool
) -> None:
    state = read_source_state(connection, "portal", "rest", "")
    save_source_state(connection, state, last_read=timestamp(timedelta(hours=-hours)))
    assert state.is_backed_off(times) is left
