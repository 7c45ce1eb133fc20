"""What the ledger remembers of sources between runs."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection

from narayacrawl.ledger.source_state import Visit, note_visit, visit_of, visits_of
from narayacrawl.ledger.tables import moment, open_ledger

DAY = "2026-01-05T02:00:00+00:00"


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    connection = open_ledger(f"sqlite:///{tmp_path / 'ledger.db'}")
    yield connection
    connection.close()


def test_source_that_was_never_visited_has_nothing(connection: Connection) -> None:
    visit = visit_of(connection, "portal", "rest", "")
    assert visit == Visit(visit.id, "rest", None, None, None, None, None, 0, 0, None, None, None)


def test_what_is_noted_is_remembered_and_the_rest_left(connection: Connection) -> None:
    visit = visit_of(connection, "portal", "rest", "")
    note_visit(connection, visit, cursor="7", etag='"7"')
    note_visit(connection, visit, cursor=None, completed=DAY, failures=2)
    expected = replace(visit, cursor=None, completed=DAY, failures=2, etag='"7"')
    assert visit_of(connection, "portal", "rest", "") == expected == visit


@pytest.mark.parametrize(
    ("portal", "name", "scope"), [("other", "rest", ""), ("portal", "feed", ""), ("portal", "rest", "{}")]
)
def test_visits_of_portals_sources_and_arguments_are_apart(
    connection: Connection, portal: str, name: str, scope: str
) -> None:
    note_visit(connection, visit_of(connection, "portal", "rest", ""), cursor="7")
    assert visit_of(connection, portal, name, scope).cursor is None


def test_two_who_note_one_visit_keep_what_the_other_noted(connection: Connection) -> None:
    first, second = (visit_of(connection, "portal", "rest", "") for _ in range(2))
    note_visit(connection, first, watermark=DAY)
    note_visit(connection, second, failures=1)
    visit = visit_of(connection, "portal", "rest", "")
    assert (visit.watermark, visit.failures) == (DAY, 1)


def test_visits_of_a_kind_are_those_of_the_portal_and_its_arguments(connection: Connection) -> None:
    own = visit_of(connection, "portal", "sitemap portal.example/peta.xml?", "")
    visit_of(connection, "other", "sitemap other.example/peta.xml?", "")
    visit_of(connection, "portal", "sitemap portal.example/berita.xml?", '{"since": "2026-01-01"}')
    visit_of(connection, "portal", "sitemap", "")
    visit_of(connection, "portal", "rest", "")
    assert visits_of(connection, "portal", "sitemap", "") == [own]


@pytest.mark.parametrize(
    ("times", "hours", "left"),
    [(0, 0, False), (1, 0.9, True), (1, 1.1, False), (2, 5.9, True), (2, 6.1, False), (3, 23, True), (9, 25, False)],
)
def test_what_was_read_in_vain_is_left_alone_ever_longer(
    connection: Connection, times: int, hours: float, left: bool
) -> None:
    visit = visit_of(connection, "portal", "rest", "")
    note_visit(connection, visit, visited=moment(timedelta(hours=-hours)))
    assert visit.is_left_alone(times) is left
