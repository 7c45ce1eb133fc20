"""What the ledger remembers of addresses and articles, between calls and between runs."""

import sqlite3
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert, select, update

from narayacrawl.ledger.database import LedgerError, open_ledger, snapshot, transaction
from narayacrawl.ledger.identity import merge_into_first_page
from narayacrawl.ledger.ledger import FetchedArticle
from narayacrawl.ledger.scope import Scope
from narayacrawl.ledger.tables import addresses, articles, runs
from tests.ledger.opened import HOST, A, B, C, opened


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "ledger.db"


def state(connection: Connection, url: str) -> str | None:
    with transaction(connection):
        return connection.execute(select(articles.c.state).where(articles.c.url == url)).scalar()


# What waits


def test_addresses_are_drawn_once_in_the_order_they_were_found(path: Path) -> None:
    with opened(path) as run:
        run.discover([B, A])
        run.discover([A, C, f"{B}?utm_source=wa"])
        assert run.due_urls() == [B, A, C]


def test_address_found_after_the_ledger_was_drawn_dry_is_drawn(path: Path) -> None:
    with opened(path) as run:
        run.discover([A])
        run.due_urls()
        run.discover([B])
        assert run.due_urls() == [B]


def test_what_a_run_drew_and_did_not_settle_waits_for_the_next(path: Path) -> None:
    with opened(path) as run:
        run.discover([A, B])
        run.due_urls()
    with opened(path) as run:
        assert run.due_urls() == [A, B]


def test_written_article_is_known_and_not_drawn(path: Path) -> None:
    with opened(path) as run:
        run.discover([A, B])
        run.write(A)
    with opened(path) as run:
        seen = run.discover([A, B, C])
        assert (seen.new, seen.written, run.due_urls()) == (1, 1, [B, C])


def test_full_run_draws_what_is_written_once(path: Path) -> None:
    with opened(path) as run:
        run.discover([A, B])
        run.write(A)
    with opened(path, Scope(is_full=True)) as run:
        assert run.due_urls() == [A, B]
        run.discover([A, B])
        assert run.due_urls() == []


def test_partial_run_draws_only_what_its_sources_named(path: Path) -> None:
    with opened(path) as run:
        run.discover([A, B])
    with opened(path, Scope(sections=["ekonomi"]), {"section": "ekonomi"}) as run:
        assert run.due_urls() == []
        run.discover([C])
        assert run.due_urls() == [C]
        run.discover([A])
        assert run.due_urls() == [A]


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
    with opened(path, arguments=before) as run:
        run.discover([A])
    with opened(path, Scope(sections=["ekonomi"]), now) as run:
        assert run.due_urls() == found


@pytest.mark.parametrize(("since", "found"), [("2026-01-01", []), ("2025-12-14", [A])])
def test_article_read_outside_the_window_is_drawn_by_a_run_that_wants_its_day(
    path: Path, since: str, found: list[str]
) -> None:
    with opened(path) as run:
        run.discover([A])
        run.ledger.release(run.article_at(A), "2025-12-14T21:35:12+07:00")
    with opened(path, Scope(since=date.fromisoformat(since)), {"since": since}) as run:
        run.discover([A])
        assert run.due_urls() == found


# What became of it


@pytest.mark.parametrize(("code", "found"), [("1", []), ("2", [A])])
def test_rejected_article_is_drawn_again_by_other_code(path: Path, code: str, found: list[str]) -> None:
    with opened(path, code="1") as run:
        run.discover([A])
        run.ledger.reject(run.article_at(A), "protected")
    with opened(path, code=code) as run:
        assert run.due_urls() == found


def test_failed_article_is_drawn_by_the_next_run_and_later_each_time(path: Path) -> None:
    found = []
    for _ in range(3):
        with opened(path) as run:
            run.discover([A])
            found.append(run.due_urls())
            run.ledger.fail(run.article_at(A), "status 500")
    assert found == [[A], [A], []]


def test_failed_article_is_drawn_when_its_time_has_come(path: Path) -> None:
    with opened(path) as run:
        run.discover([A])
        for _ in range(2):
            run.ledger.fail(run.article_at(A), "status 500")
        with transaction(run.connection):
            run.connection.execute(update(articles).values(next_check="2020-01-01T00:00:00+00:00"))
    with opened(path) as run:
        assert run.due_urls() == [A]


def test_gone_article_is_not_drawn(path: Path) -> None:
    with opened(path) as run:
        run.discover([A])
        run.ledger.mark_gone(run.article_at(A))
    with opened(path) as run:
        run.discover([A])
        assert run.due_urls() == []


def test_acknowledgement_notes_what_of_the_segment_counts(path: Path) -> None:
    with opened(path) as run:
        run.discover([A])
        claim = run.identify(run.article_at(A), 7, A, A, A)
        assert claim is not None
        run.ledger.acknowledge([claim], 1234, 1)
        with transaction(run.connection):
            row = run.connection.execute(select(runs.c.acknowledged, runs.c.articles)).one()
        assert (row.acknowledged, row.articles, state(run.connection, A)) == (1234, 1, "done")


def test_acknowledgement_that_fails_half_way_notes_nothing(path: Path) -> None:
    with opened(path) as run:
        run.discover([A, B])
        claims = [run.identify(run.article_at(url), None, url, url, url) for url in (A, B)]
        with transaction(run.connection):  # the second one's number is taken meanwhile
            row = {"portal": "portal", "post_id": 9, "url": C, "state": "done", "first_seen": "", "last_seen": ""}
            run.connection.execute(insert(articles).values(row | {"seen_run": 1}))
        with pytest.raises(LedgerError, match="UNIQUE"):
            run.ledger.acknowledge(
                [own for own in claims if own] + [FetchedArticle(2, B, 9, 1, None, frozenset())], 99, 2
            )
        assert state(run.connection, A) == "pending"


def test_snapshot_is_as_of_one_moment_and_holds_nobody_up(path: Path) -> None:
    with opened(path) as run:
        run.discover([A])
        other = open_ledger(f"sqlite:///{path}")
        with snapshot(other) as plain:
            count = "SELECT count(*) FROM articles"
            before = plain.execute(count).fetchone()
            run.discover([B])
            assert before == plain.execute(count).fetchone() == (1,)
        with snapshot(other) as plain:
            assert plain.execute(count).fetchone() == (2,)
        other.close()


# Which article a page is of


def test_partial_run_that_is_led_to_a_later_page_draws_the_first(path: Path) -> None:
    with opened(path) as run:
        run.discover([A])
    with opened(path, Scope(sections=["ekonomi"]), {"section": "ekonomi"}) as run:
        run.discover([f"{A}2/"])
        assert run.due_urls() == [f"{A}2/"]
        run.due.look_again(merge_into_first_page(run.ledger, run.article_at(f"{A}2/"), A))
        assert run.due_urls() == [A]


def test_second_address_of_a_post_is_no_article_of_its_own(path: Path) -> None:
    with opened(path) as run:
        run.discover([A, B])
        run.write(A, post_id=7)
        assert run.identify(run.article_at(B), 7, A, B, B) is None
        assert run.article_at(B) == run.article_at(A)


def test_second_address_of_a_post_that_is_not_written_yet_is_known(path: Path) -> None:
    with opened(path) as run:
        run.discover([A, B])
        assert run.identify(run.article_at(A), 7, A, A, A) is not None
        assert run.identify(run.article_at(B), 7, A, B, B) is None


def test_post_with_a_new_slug_is_the_article_that_it_was(path: Path) -> None:
    with opened(path) as run:
        run.discover([A])
        run.write(A, post_id=7)
    with opened(path) as run:
        run.discover([B])
        claim = run.identify(run.article_at(B), 7, B, B, B)
        assert claim is not None
        assert (claim.article, claim.revision, claim.url) == (run.article_at(A), 1, B)


def test_renamed_post_whose_run_is_killed_waits_at_its_new_address(path: Path) -> None:
    with opened(path) as run:
        run.discover([A])
        run.write(A, post_id=7)
    with opened(path) as run:
        run.discover([B])
        run.identify(run.article_at(B), 7, B, B, B)
    with opened(path) as run:
        assert run.due_urls() == [B]


def test_canonical_address_of_another_post_is_not_believed(path: Path) -> None:
    with opened(path) as run:
        run.discover([A, B])
        run.write(A, post_id=7)
        claim = run.identify(run.article_at(B), 8, A, B, B)
        assert claim is not None
        assert (claim.url, list(claim.keys)) == (B, ["portal.example/ekonomi/berita-b?"])


def test_page_without_post_id_is_known_by_its_canonical_address(path: Path) -> None:
    with opened(path) as run:
        run.discover([A, B])
        run.write(A)
        assert run.identify(run.article_at(B), None, A, B, B) is None


def test_address_that_another_post_has_taken_leads_to_that_post(path: Path) -> None:
    with opened(path) as run:
        run.write(A, post_id=7)
        run.write(B, post_id=8)
    with opened(path) as run:
        claim = run.identify(run.article_at(A), 8, A, A, A)
        assert claim is not None
        run.acknowledge(claim)
        with transaction(run.connection):
            told = dict(run.connection.execute(select(articles.c.post_id, articles.c.state)).all())
        assert (told, run.article_at(A)) == ({7: "gone", 8: "done"}, claim.article)


# However many articles there are


@pytest.fixture
def plans(path: Path) -> Iterator[list[str]]:
    """How SQLite goes about what a page of a large ledger asks of it."""
    with opened(path) as run:
        for hundred in range(20):
            run.discover([f"{HOST}/daerah/berita-{hundred}-{number}/" for number in range(100)])
        plain = run.connection.connection.driver_connection
        assert isinstance(plain, sqlite3.Connection)
        asked: list[str] = []
        plain.set_trace_callback(asked.append)
        run.write(A, post_id=7)
        run.due.next()
        plain.set_trace_callback(None)
        statements = [words for words in asked if words.startswith(("SELECT", "UPDATE", "INSERT"))]
        yield [row[3] for words in statements for row in plain.execute(f"EXPLAIN QUERY PLAN {words}")]


def test_no_article_is_found_by_looking_at_all(plans: list[str]) -> None:
    assert [plan for plan in plans if plan.startswith("SCAN") and "CONSTANT" not in plan] == []
    assert [plan for plan in plans if "articles" in plan and plan.endswith("(portal=?)")] == []


def test_ids_of_runs_are_never_used_again(path: Path) -> None:
    with opened(path) as run, transaction(run.connection):
        run.connection.execute(runs.delete())
    with opened(path) as run:
        assert run.ledger.run == 2


def test_unknown_address_names_one_article(path: Path) -> None:
    with opened(path) as run:
        run.discover([A])
        with transaction(run.connection):
            keys = run.connection.execute(select(addresses.c.key)).scalars().all()
        assert keys == ["portal.example/ekonomi/berita-a?"]
