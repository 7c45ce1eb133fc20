"""What the ledger remembers of addresses and articles, between calls and between runs."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert, select, update

from narayacrawl.ledger.identity import Claim
from narayacrawl.ledger.ledger import Ledger
from narayacrawl.ledger.runs import begin_run
from narayacrawl.ledger.tables import LedgerError, addresses, articles, open_ledger, runs, transaction

HOST = "https://portal.example"
A, B, C = (f"{HOST}/ekonomi/berita-{name}/" for name in "abc")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "ledger.db"


@contextmanager
def run(path: Path, arguments: dict[str, str] | None = None, **told: object) -> Iterator[Ledger]:
    """A run of the portal with the ledger at `path`; what it is told makes its arguments, where none are given."""
    connection = open_ledger(f"sqlite:///{path}")
    try:
        given = {name: str(value) for name, value in told.items()} if arguments is None else arguments
        number = begin_run(connection, "portal", "portal", given)
        yield Ledger(connection, "portal", run=number, **told)  # type: ignore[arg-type]
    finally:
        connection.close()


def drawn(ledger: Ledger) -> list[str]:
    """The addresses of everything that the ledger gives to be fetched now."""
    return [own.url for own in iter(ledger.draw, None)]


def write(ledger: Ledger, url: str, post_id: int | None = None, digest: str = "x") -> None:
    """Have an article read and written."""
    claim = ledger.claim(ledger.article_of(url), post_id, url, url, url)
    assert claim is not None
    claim.revision, claim.hash = claim.revision + 1, digest
    ledger.acknowledge([claim])


def state(connection: Connection, url: str) -> str | None:
    with transaction(connection):
        return connection.execute(select(articles.c.state).where(articles.c.url == url)).scalar()


# What waits


def test_addresses_are_drawn_once_in_the_order_they_were_found(path: Path) -> None:
    with run(path) as ledger:
        ledger.add([B, A])
        ledger.add([A, C, f"{B}?utm_source=wa"])
        assert drawn(ledger) == [B, A, C]


def test_address_found_after_the_ledger_was_drawn_dry_is_drawn(path: Path) -> None:
    with run(path) as ledger:
        ledger.add([A])
        drawn(ledger)
        ledger.add([B])
        assert drawn(ledger) == [B]


def test_what_a_run_drew_and_did_not_settle_waits_for_the_next(path: Path) -> None:
    with run(path) as ledger:
        ledger.add([A, B])
        drawn(ledger)
    with run(path) as ledger:
        assert drawn(ledger) == [A, B]


def test_written_article_is_known_and_not_drawn(path: Path) -> None:
    with run(path) as ledger:
        ledger.add([A, B])
        write(ledger, A)
    with run(path) as ledger:
        seen = ledger.add([A, B, C])
        assert (seen.new, seen.known, drawn(ledger)) == (1, 1, [B, C])


def test_full_run_draws_what_is_written_once(path: Path) -> None:
    with run(path) as ledger:
        ledger.add([A, B])
        write(ledger, A)
    with run(path, is_full=True) as ledger:
        assert drawn(ledger) == [A, B]
        ledger.add([A, B])
        assert drawn(ledger) == []


def test_partial_run_draws_only_what_its_sources_named(path: Path) -> None:
    with run(path) as ledger:
        ledger.add([A, B])
    with run(path, is_partial=True) as ledger:
        assert drawn(ledger) == []
        ledger.add([C])
        assert drawn(ledger) == [C]
        ledger.add([A])
        assert drawn(ledger) == [A]


@pytest.mark.parametrize(
    ("before", "now", "found"),
    [
        ({"since": "2025-12-01"}, {"since": "2025-12-01"}, [A]),
        ({"since": "2025-12-01", "limit": "20", "source": "rest"}, {"since": "2025-12-01"}, [A]),
        ({"since": "2025-12-01"}, {"since": "2025-12-02"}, []),
        ({}, {"since": "2025-12-01"}, []),
    ],
)
def test_partial_run_draws_what_one_that_wanted_the_same_named_and_left(
    path: Path, before: dict[str, str], now: dict[str, str], found: list[str]
) -> None:
    with run(path, before) as ledger:
        ledger.add([A])
    with run(path, now, is_partial=True) as ledger:
        assert drawn(ledger) == found


@pytest.mark.parametrize(("since", "found"), [("2026-01-01", []), ("2025-12-14", [A])])
def test_article_read_outside_the_window_is_drawn_by_a_run_that_wants_its_day(
    path: Path, since: str, found: list[str]
) -> None:
    with run(path) as ledger:
        ledger.add([A])
        ledger.release(ledger.article_of(A), "2025-12-14T21:35:12+07:00")
    with run(path, is_partial=True, since=since) as ledger:
        ledger.add([A])
        assert drawn(ledger) == found


# What became of it


@pytest.mark.parametrize(("code", "found"), [("1", []), ("2", [A])])
def test_rejected_article_is_drawn_again_by_other_code(path: Path, code: str, found: list[str]) -> None:
    with run(path, code="1") as ledger:
        ledger.add([A])
        ledger.reject(ledger.article_of(A), "protected")
    with run(path, code=code) as ledger:
        assert drawn(ledger) == found


def test_failed_article_is_drawn_by_the_next_run_and_later_each_time(path: Path) -> None:
    found = []
    for _ in range(3):
        with run(path) as ledger:
            ledger.add([A])
            found.append(drawn(ledger))
            ledger.fail(ledger.article_of(A), "status 500")
    assert found == [[A], [A], []]


def test_failed_article_is_drawn_when_its_time_has_come(path: Path) -> None:
    with run(path) as ledger:
        ledger.add([A])
        for _ in range(2):
            ledger.fail(ledger.article_of(A), "status 500")
        with transaction(ledger.connection):
            ledger.connection.execute(update(articles).values(next_check="2020-01-01T00:00:00+00:00"))
    with run(path) as ledger:
        assert drawn(ledger) == [A]


def test_gone_article_is_not_drawn(path: Path) -> None:
    with run(path) as ledger:
        ledger.add([A])
        ledger.gone(ledger.article_of(A))
    with run(path) as ledger:
        ledger.add([A])
        assert drawn(ledger) == []


def test_acknowledgement_notes_what_of_the_segment_counts(path: Path) -> None:
    with run(path) as ledger:
        ledger.add([A])
        claim = ledger.claim(ledger.article_of(A), 7, A, A, A)
        assert claim is not None
        ledger.acknowledge([claim], 1234, 1)
        with transaction(ledger.connection):
            row = ledger.connection.execute(select(runs.c.acknowledged, runs.c.articles)).one()
        assert (row.acknowledged, row.articles, state(ledger.connection, A)) == (1234, 1, "done")


def test_acknowledgement_that_fails_half_way_notes_nothing(path: Path) -> None:
    with run(path) as ledger:
        ledger.add([A, B])
        claims = [ledger.claim(ledger.article_of(url), None, url, url, url) for url in (A, B)]
        with transaction(ledger.connection):  # the second one's number is taken meanwhile
            row = {"portal": "portal", "post_id": 9, "url": C, "state": "done", "first_seen": "", "last_seen": ""}
            ledger.connection.execute(insert(articles).values(row | {"seen_run": 1}))
        with pytest.raises(LedgerError, match="UNIQUE"):
            ledger.acknowledge([own for own in claims if own] + [Claim(2, B, 9, 1, None, frozenset())], 99, 2)
        assert state(ledger.connection, A) == "pending"


# Which article a page is of


def test_partial_run_that_is_led_to_a_later_page_draws_the_first(path: Path) -> None:
    with run(path) as ledger:
        ledger.add([A])
    with run(path, is_partial=True) as ledger:
        ledger.add([f"{A}2/"])
        assert drawn(ledger) == [f"{A}2/"]
        ledger.same(ledger.article_of(f"{A}2/"), A)
        assert drawn(ledger) == [A]


def test_second_address_of_a_post_is_no_article_of_its_own(path: Path) -> None:
    with run(path) as ledger:
        ledger.add([A, B])
        write(ledger, A, post_id=7)
        assert ledger.claim(ledger.article_of(B), 7, A, B, B) is None
        assert ledger.article_of(B) == ledger.article_of(A)


def test_second_address_of_a_post_that_is_not_written_yet_is_known(path: Path) -> None:
    with run(path) as ledger:
        ledger.add([A, B])
        assert ledger.claim(ledger.article_of(A), 7, A, A, A) is not None
        assert ledger.claim(ledger.article_of(B), 7, A, B, B) is None


def test_post_with_a_new_slug_is_the_article_that_it_was(path: Path) -> None:
    with run(path) as ledger:
        ledger.add([A])
        write(ledger, A, post_id=7)
    with run(path) as ledger:
        ledger.add([B])
        claim = ledger.claim(ledger.article_of(B), 7, B, B, B)
        assert claim is not None
        assert (claim.article, claim.revision, claim.url) == (ledger.article_of(A), 1, B)


def test_renamed_post_whose_run_is_killed_waits_at_its_new_address(path: Path) -> None:
    with run(path) as ledger:
        ledger.add([A])
        write(ledger, A, post_id=7)
    with run(path) as ledger:
        ledger.add([B])
        ledger.claim(ledger.article_of(B), 7, B, B, B)
    with run(path) as ledger:
        assert drawn(ledger) == [B]


def test_canonical_address_of_another_post_is_not_believed(path: Path) -> None:
    with run(path) as ledger:
        ledger.add([A, B])
        write(ledger, A, post_id=7)
        claim = ledger.claim(ledger.article_of(B), 8, A, B, B)
        assert claim is not None
        assert (claim.url, list(claim.keys)) == (B, ["portal.example/ekonomi/berita-b?"])


def test_page_without_post_id_is_known_by_its_canonical_address(path: Path) -> None:
    with run(path) as ledger:
        ledger.add([A, B])
        write(ledger, A)
        assert ledger.claim(ledger.article_of(B), None, A, B, B) is None


def test_address_that_another_post_has_taken_leads_to_that_post(path: Path) -> None:
    with run(path) as ledger:
        write(ledger, A, post_id=7)
        write(ledger, B, post_id=8)
    with run(path) as ledger:
        claim = ledger.claim(ledger.article_of(A), 8, A, A, A)
        assert claim is not None
        ledger.acknowledge([claim])
        with transaction(ledger.connection):
            told = dict(ledger.connection.execute(select(articles.c.post_id, articles.c.state)).all())
        assert (told, ledger.article_of(A)) == ({7: "gone", 8: "done"}, claim.article)


# However many articles there are


@pytest.fixture
def plans(path: Path) -> Iterator[list[str]]:
    """How SQLite goes about what a page of a large ledger asks of it."""
    with run(path) as ledger:
        for hundred in range(20):
            ledger.add([f"{HOST}/daerah/berita-{hundred}-{number}/" for number in range(100)])
        plain = ledger.connection.connection.driver_connection
        assert isinstance(plain, sqlite3.Connection)
        asked: list[str] = []
        plain.set_trace_callback(asked.append)
        write(ledger, A, post_id=7)
        ledger.draw()
        plain.set_trace_callback(None)
        statements = [words for words in asked if words.startswith(("SELECT", "UPDATE", "INSERT"))]
        yield [row[3] for words in statements for row in plain.execute(f"EXPLAIN QUERY PLAN {words}")]


def test_no_article_is_found_by_looking_at_all(plans: list[str]) -> None:
    assert [plan for plan in plans if plan.startswith("SCAN") and "CONSTANT" not in plan] == []
    assert [plan for plan in plans if "articles" in plan and plan.endswith("(portal=?)")] == []


def test_ids_of_runs_are_never_used_again(path: Path) -> None:
    with run(path) as ledger, transaction(ledger.connection):
        ledger.connection.execute(runs.delete())
    with run(path) as ledger:
        assert ledger.run == 2


def test_unknown_address_names_one_article(path: Path) -> None:
    with run(path) as ledger:
        ledger.add([A])
        with transaction(ledger.connection):
            keys = ledger.connection.execute(select(addresses.c.key)).scalars().all()
        assert keys == ["portal.example/ekonomi/berita-a?"]
