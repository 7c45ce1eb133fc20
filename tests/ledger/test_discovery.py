"""What the ledger makes of what sources name: new, known, changed, back, moved."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from narayacrawl.ledger.discovered import Named
from narayacrawl.ledger.discovery import FEED, LISTING, REST, Seen, Source
from narayacrawl.ledger.ledger import Ledger
from narayacrawl.ledger.tables import articles, moment, transaction
from tests.ledger.test_ledger import A, B, drawn, run, write

EARLY, LATE = "2025-12-14T14:35:12+00:00", "2099-01-01T00:00:00+00:00"
MAP = Source("sitemap", 7)
NEWS = Source("sitemap")


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """One in which nothing was ever named."""
    with run(tmp_path / "ledger.db") as ledger:
        yield ledger


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.db"


def row(ledger: Ledger, url: str) -> Any:
    """What the ledger holds of the article at an address."""
    asked = select(articles).where(articles.c.id == ledger.article_of(url))
    with transaction(ledger.connection):
        return ledger.connection.execute(asked).one()


def change(ledger: Ledger, **values: object) -> None:
    """Have the ledger hold this of all its articles."""
    with transaction(ledger.connection):
        ledger.connection.execute(update(articles).values(values))


def counts(seen: Seen) -> tuple[int, int, int]:
    return seen.new, seen.known, seen.changed


def gone(ledger: Ledger, source: Source, hours: int = 0) -> None:
    """Have a source name A, and A be gone for so long."""
    write(ledger, A, post_id=7)
    ledger.note([Named(A, 7)], source)
    ledger.gone(ledger.article_of(A))
    change(ledger, last_fetched=f"2025-01-01T{hours:02}:00:00+00:00" if hours else moment())


# New, known, changed


@pytest.mark.parametrize("source", [LISTING, FEED, REST, MAP, NEWS])
def test_article_that_nobody_knew_waits(ledger: Ledger, source: Source) -> None:
    assert counts(ledger.note([Named(A, None, None, EARLY)], source)) == (1, 0, 0)
    assert drawn(ledger) == [A]


@pytest.mark.parametrize("source", [LISTING, FEED, REST, MAP, NEWS])
def test_article_that_is_written_is_known(path: Path, source: Source) -> None:
    with run(path) as ledger:
        write(ledger, A)
    with run(path) as ledger:
        assert counts(ledger.note([Named(A)], source)) == (0, 1, 0)
        assert drawn(ledger) == []


@pytest.mark.parametrize("spellings", [(A, f"{A}amp/"), (f"{A}amp/", A), (A, A)])
@pytest.mark.parametrize("told", [(None, LATE), (LATE, None), (EARLY, LATE), (LATE, EARLY)])
def test_of_an_article_that_is_named_twice_the_latest_change_counts(
    path: Path, spellings: tuple[str, str], told: tuple[str | None, str | None]
) -> None:
    with run(path) as ledger:
        write(ledger, A)
    with run(path) as ledger:
        named = [Named(url, None, None, lastmod) for url, lastmod in zip(spellings, told, strict=True)]
        assert counts(ledger.note(named, MAP)) == (0, 1, 1)


@pytest.mark.parametrize(
    ("before", "told", "waits"),
    [
        (None, EARLY, False),
        (None, LATE, True),
        (EARLY, EARLY, False),
        (EARLY, "2025-12-14T14:35:13+00:00", True),
        (EARLY, "2025-12-13T00:00:00+00:00", False),
        (EARLY, None, False),
    ],
)
def test_article_waits_where_its_last_change_is_later(
    path: Path, before: str | None, told: str | None, waits: bool
) -> None:
    with run(path) as ledger:
        ledger.note([Named(A, 7, None, before)], REST)
        write(ledger, A, post_id=7)
    with run(path) as ledger:
        assert ledger.note([Named(A, 7, None, told)], REST).changed == waits
        assert drawn(ledger) == ([A] if waits else [])


def test_change_of_an_article_that_was_just_drawn_is_drawn_again_by_the_next_run(path: Path) -> None:
    with run(path) as ledger:
        ledger.note([Named(A, 7, None, EARLY)], REST)
        write(ledger, A, post_id=7)
        ledger.note([Named(A, 7, None, LATE)], REST)
        drawn(ledger)
    with run(path) as ledger:
        assert drawn(ledger) == [A]


@pytest.mark.parametrize(("told", "waits"), [(LATE, True), (EARLY, False), (None, False)])
def test_rejected_article_waits_where_its_last_change_is_later(path: Path, told: str | None, waits: bool) -> None:
    with run(path, code="1") as ledger:
        ledger.note([Named(A, 7, None, EARLY)], REST)
        ledger.reject(ledger.article_of(A), "protected")
    with run(path, code="1") as ledger:
        ledger.note([Named(A, 7, None, told)], REST)
        assert drawn(ledger) == ([A] if waits else [])


def test_last_change_never_moves_back(ledger: Ledger) -> None:
    for told in (LATE, EARLY, None):
        ledger.note([Named(A, 7, None, told)], REST)
    assert row(ledger, A).lastmod == LATE


def test_one_article_named_twice_at_once_is_one(ledger: Ledger) -> None:
    assert ledger.note([Named(A, 7), Named(f"{A}?utm_source=wa", 7), Named(B, 7)], REST).new == 1


def test_hundreds_at_once_are_all_noted(ledger: Ledger) -> None:
    named = [Named(f"https://portal.example/daerah/berita-{number}/", number) for number in range(1, 1_203)]
    assert (ledger.note(named, MAP).new, ledger.note(named, MAP).new) == (1_202, 0)


def test_what_a_source_tells_beside_the_address_is_kept(ledger: Ledger) -> None:
    ledger.note([Named(A)], LISTING)
    ledger.note([Named(A, 7, "2025-12-14T21:35:12+07:00", EARLY)], REST)
    own = row(ledger, A)
    assert (own.post_id, own.published, own.lastmod, own.rest, own.feed, own.sitemap) == (
        7, "2025-12-14T21:35:12+07:00", EARLY, 1, 0, None,
    )  # fmt: skip


@pytest.mark.parametrize(("source", "claimed"), [(MAP, 7), (NEWS, None)])
def test_sitemap_for_news_does_not_claim_what_it_names(ledger: Ledger, source: Source, claimed: int | None) -> None:
    ledger.note([Named(A)], source)
    assert row(ledger, A).sitemap == claimed


def test_sitemap_for_news_leaves_the_file_that_an_article_is_in(ledger: Ledger) -> None:
    ledger.note([Named(A)], MAP)
    ledger.note([Named(A)], NEWS)
    assert row(ledger, A).sitemap == 7


# What is back


@pytest.mark.parametrize("source", [REST, MAP])
def test_gone_article_waits_where_it_is_named_by_what_had_ceased_to(ledger: Ledger, source: Source) -> None:
    gone(ledger, source)
    ledger.no_longer_named([ledger.article_of(A)], source)
    assert ledger.note([Named(A, 7)], source).changed == 1
    assert row(ledger, A).state == "pending"


@pytest.mark.parametrize("source", [REST, MAP])
def test_gone_article_stays_gone_while_it_is_named_still(ledger: Ledger, source: Source) -> None:
    gone(ledger, source, hours=2)
    assert ledger.note([Named(A, 7)], source).changed == 0


@pytest.mark.parametrize("source", [LISTING, FEED, NEWS])
@pytest.mark.parametrize(("hours", "waits"), [(0, False), (2, True)])
def test_gone_article_waits_an_hour_before_a_page_or_feed_is_believed(
    ledger: Ledger, source: Source, hours: int, waits: bool
) -> None:
    gone(ledger, source, hours)
    assert ledger.note([Named(A, 7)], source).changed == waits


# What has moved


def test_new_slug_is_known_by_the_id_of_its_post(ledger: Ledger) -> None:
    write(ledger, A, post_id=7)
    assert counts(ledger.note([Named(B, 7)], REST)) == (0, 1, 0)
    assert ledger.article_of(B) == ledger.article_of(A)


def test_new_slug_that_is_told_changed_waits_at_its_new_address(path: Path) -> None:
    with run(path) as ledger:
        write(ledger, A, post_id=7)
    with run(path) as ledger:
        ledger.note([Named(B, 7, None, LATE)], REST)
        assert drawn(ledger) == [B]


def test_new_slug_that_a_listing_found_first_is_the_same_article_once_read(path: Path) -> None:
    with run(path) as ledger:
        write(ledger, A, post_id=7)
        ledger.note([Named(B)], LISTING)
        ledger.note([Named(B, 7)], REST)
        assert drawn(ledger)[-1] == B
        claim = ledger.claim(ledger.article_of(B), 7, B, B, B)
        assert claim is None or claim.revision == 1
        with transaction(ledger.connection):
            told = ledger.connection.execute(select(articles.c.post_id).where(articles.c.post_id == 7)).all()
        assert len(told) == 1


def test_address_of_a_gone_post_that_leads_to_another_stays_its_own(path: Path) -> None:
    with run(path) as ledger:
        write(ledger, A, post_id=7)
        write(ledger, B, post_id=8)
    with run(path) as ledger:
        former = ledger.article_of(A)
        claim = ledger.claim(former, 8, B, A, B)
        assert claim is not None
        ledger.acknowledge([claim])
        assert (ledger.is_gone(former), ledger.article_of(A), claim.article) == (True, former, ledger.article_of(B))


def test_address_that_is_another_posts_now_leads_to_a_new_article(ledger: Ledger) -> None:
    write(ledger, A, post_id=7)
    former = ledger.article_of(A)
    assert counts(ledger.note([Named(A, 8)], REST)) == (1, 0, 0)
    assert (ledger.article_of(A) != former, row(ledger, A).post_id) == (True, 8)


def test_address_without_a_post_takes_the_id_that_is_named(ledger: Ledger) -> None:
    ledger.note([Named(A)], LISTING)
    assert ledger.note([Named(A, 7)], REST).new == 0
    assert row(ledger, A).post_id == 7


# What is not believed


@pytest.mark.parametrize(
    ("count", "changed", "believed"), [(49, 49, True), (50, 50, False), (100, 89, True), (100, 90, False)]
)
def test_file_that_tells_of_nearly_all_as_changed_is_not_believed(
    path: Path, count: int, changed: int, believed: bool
) -> None:
    def named(lastmod: str, first: int, last: int) -> list[Named]:
        return [Named(f"https://portal.example/daerah/berita-{own}/", own, None, lastmod) for own in range(first, last)]

    with run(path) as ledger:
        ledger.note(named(EARLY, 0, count), MAP)
        for one in named(EARLY, 0, count):
            write(ledger, one.url, one.id)
    with run(path) as ledger:
        seen = ledger.note(named(LATE, 0, changed) + named(EARLY, changed, count), MAP)
        assert (seen.is_believed, seen.changed) == (believed, changed if believed else 0)
        with transaction(ledger.connection):
            kept = ledger.connection.execute(select(articles.c.lastmod).where(articles.c.lastmod.is_not(None))).all()
        assert len(kept) == (count if believed else 0)
        assert len(drawn(ledger)) == (changed if believed else 0)


def test_api_is_believed_whatever_it_tells(path: Path) -> None:
    named = [Named(f"https://portal.example/daerah/berita-{own}/", own, None, EARLY) for own in range(60)]
    with run(path) as ledger:
        ledger.note(named, REST)
        for one in named:
            write(ledger, one.url, one.id)
        assert ledger.note([Named(one.url, one.id, None, LATE) for one in named], REST).changed == 60


# What is named no longer


@pytest.mark.parametrize("source", [REST, MAP])
def test_article_that_is_named_no_longer_is_looked_at_once(path: Path, source: Source) -> None:
    with run(path) as ledger:
        write(ledger, A, post_id=7)
        ledger.note([Named(A, 7)], source)
    with run(path) as ledger:
        assert ledger.no_longer_named([ledger.article_of(A)], source) == 1
        assert drawn(ledger) == [A]
        own = row(ledger, A)
        assert (own.rest, own.sitemap) == (0, None)


def test_article_that_is_gone_and_named_no_longer_is_not_asked_for(path: Path) -> None:
    with run(path) as ledger:
        gone(ledger, REST)
    with run(path) as ledger:
        assert ledger.no_longer_named([ledger.article_of(A)], REST) == 0
        assert (drawn(ledger), row(ledger, A).rest) == ([], 0)
