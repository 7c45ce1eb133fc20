"""What the ledger knows of an article's text, and how soon it asks again for one that is not believed."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from narayacrawl.ledger.database import timestamp, transaction
from narayacrawl.ledger.discovered import FEED, LISTING, REST, DiscoveredArticle, Source
from narayacrawl.ledger.former_lengths import lacks_lengths, record_lengths
from narayacrawl.ledger.former_revision import former_revision
from narayacrawl.ledger.rebuild import forget
from narayacrawl.ledger.rechecks import LISTED_FOR
from narayacrawl.ledger.tables import articles
from tests.ledger.opened import A, B, LedgerRun, opened

SITEMAP = Source("sitemap", 1)


@pytest.fixture
def run(tmp_path: Path) -> Iterator[LedgerRun]:
    with opened(tmp_path / "ledger.db") as run:
        yield run


def change(run: LedgerRun, **values: Any) -> None:
    """Have the ledger know something else of every article."""
    with transaction(run.connection):
        run.connection.execute(update(articles).values(values))


def hours_to_wait(run: LedgerRun) -> float:
    """After how many hours the only article is asked for again."""
    with transaction(run.connection):
        moment = run.connection.execute(select(articles.c.next_check)).scalar_one()
    return round((datetime.fromisoformat(moment) - datetime.fromisoformat(timestamp())).total_seconds() / 3600, 1)


@pytest.mark.parametrize("source", [REST, FEED, SITEMAP, LISTING], ids=lambda source: source.name)
def test_failed_article_that_a_source_lists_is_never_left_alone_for_more_than_six_hours(
    run: LedgerRun, source: Source
) -> None:
    run.discover([A], source)
    waits = []
    for _ in range(6):
        run.ledger.fail(run.article_at(A), "disbelieved")
        waits.append(hours_to_wait(run))
    assert waits == [0, 1, 6, 6, 6, 6]


def test_failed_article_that_no_source_lists_is_asked_for_less_and_less_often(run: LedgerRun) -> None:
    run.discover([A])
    change(run, last_seen=timestamp(-2 * LISTED_FOR), failures=4)
    run.ledger.fail(run.article_at(A), "disbelieved")
    assert hours_to_wait(run) == 7 * 24


def test_failed_article_that_is_listed_again_waits_no_longer_than_six_hours(run: LedgerRun) -> None:
    run.discover([A])
    change(run, state="failed", next_check=timestamp(LISTED_FOR))
    run.discover([A])
    assert hours_to_wait(run) == 6


def test_article_for_subscribers_only_is_asked_for_less_and_less_often(run: LedgerRun) -> None:
    run.discover([A], REST)
    waits = []
    for _ in range(4):
        run.ledger.withhold(run.article_at(A), "subscribers_only")
        waits.append(hours_to_wait(run))
    assert (waits, run.state_of(run.article_at(A))) == ([1, 6, 24, 168], "rejected")


@pytest.mark.parametrize(
    ("source", "as_post", "expected"),
    [
        (REST, True, True),
        (FEED, True, True),
        (SITEMAP, True, False),
        (SITEMAP, False, True),
        (LISTING, False, False),
    ],
)
def test_tells_whether_an_article_is_listed(run: LedgerRun, source: Source, as_post: bool, expected: bool) -> None:
    run.discover([A], source)
    assert run.ledger.is_listed(run.article_at(A), as_post=as_post) is expected


def test_feed_tells_how_long_a_text_is_and_no_other_source_forgets_it(run: LedgerRun) -> None:
    run.discover([DiscoveredArticle(A, length=900)], FEED)
    run.discover([DiscoveredArticle(A)], REST)
    former = former_revision(run.connection, run.article_at(A))
    assert (former.revision, former.body_length, former.source_length) == (0, 0, 900)


def test_lengths_of_a_former_schema_are_looked_up_in_the_archive_once(run: LedgerRun) -> None:
    run.write(A, 7)
    run.write(B)
    change(run, body_length=None)
    lines = [{"url": A, "id": 7, "revision": 2, "body": "lain"}, {"url": A, "id": 7, "revision": 1, "body": "teks"}]
    assert lacks_lengths(run.connection, "portal")
    record_lengths(run.connection, "portal", lines)
    assert [former_revision(run.connection, run.article_at(url)).body_length for url in (A, B)] == [4, 0]
    assert not lacks_lengths(run.connection, "portal")


def test_forgotten_article_may_be_shorter_than_it_was(run: LedgerRun) -> None:
    run.write(A)
    change(run, body_length=900)
    forget(run.connection, run.article_at(A))
    assert former_revision(run.connection, run.article_at(A)).body_length == 0
    assert not lacks_lengths(run.connection, "portal")
