import json
from collections.abc import Iterator, Mapping
from datetime import timedelta

import pytest
from sqlalchemy import Connection, insert

from narayacrawl.ledger.database import IN_MEMORY, open_ledger, timestamp
from narayacrawl.ledger.past_runs import (
    ALARM_AGE,
    MAX_RECENT,
    accept_run,
    accepted_run,
    recent_runs,
    trusted_runs,
    written_moments,
)
from narayacrawl.ledger.tables import runs

PORTAL = "narayapost"
ALARM = {"narayacrawl/alarm/http": "15 of 40 requests failed"}


@pytest.fixture
def connection() -> Iterator[Connection]:
    own = open_ledger(IN_MEMORY)
    yield own
    own.close()


def add(
    connection: Connection,
    *,
    articles: int = 3,
    stats: Mapping[str, object] | None = None,
    ago: timedelta = timedelta(hours=1),
    arguments: str = "{}",
    is_over: bool = True,
    portal: str = PORTAL,
    spider: str = PORTAL,
) -> int:
    told = json.dumps(stats or {}) if is_over else None
    row = {"portal": portal, "spider": spider, "arguments": arguments, "started": timestamp(-ago), "stats": told}
    with connection.begin():
        run: int = connection.execute(
            insert(runs).values({**row, "articles": articles}).returning(runs.c.id)
        ).scalar_one()
    return run


def test_runs_that_raised_an_alarm_are_no_past_until_it_is_old(connection: Connection) -> None:
    old = add(connection, stats=ALARM, ago=ALARM_AGE + timedelta(hours=1))
    good, alarmed = add(connection), add(connection, stats=ALARM)
    nothing_new = add(connection, articles=0)
    add(connection, is_over=False)
    add(connection, portal="radar")
    assert [run.id for run in recent_runs(connection, PORTAL)] == [nothing_new, alarmed, good, old]
    assert [run.id for run in trusted_runs(connection, PORTAL)] == [good, old]


@pytest.mark.parametrize("spider", ["audit", "rebuild", "reread"])
def test_what_crawled_nothing_is_no_past_run(spider: str, connection: Connection) -> None:
    add(connection, spider=spider)
    assert recent_runs(connection, PORTAL) == trusted_runs(connection, PORTAL) == []
    assert written_moments(connection, PORTAL) == []


def test_no_more_runs_are_read_than_tell_something(connection: Connection) -> None:
    for _ in range(MAX_RECENT + 5):
        add(connection)
    assert len(recent_runs(connection, PORTAL)) == MAX_RECENT


def test_what_was_before_an_accepted_run_is_no_past(connection: Connection) -> None:
    assert accepted_run(connection, PORTAL) == (0, None)
    add(connection)
    accepted, later = add(connection), add(connection)
    accept_run(connection, PORTAL, accepted)
    since, moment = accepted_run(connection, PORTAL)
    assert since == accepted
    assert moment is not None
    assert [run.id for run in trusted_runs(connection, PORTAL, since=since)] == [later, accepted]


@pytest.mark.parametrize(
    ("arguments", "is_whole"),
    [({}, True), ({"url": "https://narayapost.com/"}, True), ({"section": "ekonomi"}, False), ({"limit": "9"}, False)],
)
def test_a_run_of_a_part_of_the_portal_is_told(
    connection: Connection, arguments: dict[str, str], is_whole: bool
) -> None:
    add(connection, arguments=json.dumps(arguments))
    [run] = recent_runs(connection, PORTAL)
    assert run.is_whole is is_whole


def test_the_moments_of_runs_that_wrote_are_told_the_latest_first(connection: Connection) -> None:
    for hours, articles in ((9, 2), (5, 0), (3, 1)):
        add(connection, articles=articles, ago=timedelta(hours=hours))
    later, earlier = written_moments(connection, PORTAL)
    assert later - earlier == timedelta(hours=6)
