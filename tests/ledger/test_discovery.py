"""What the ledger makes of what sources name: new, known, changed, back, moved."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from narayacrawl.ledger.database import timestamp, transaction
from narayacrawl.ledger.discovered import FEED, LISTING, REST, DiscoveredArticle, DiscoveryResult, Source
from narayacrawl.ledger.tables import articles
from tests.ledger.opened import A, B, LedgerRun, opened

EARLY, LATE = "2025-12-14T14:35:12+00:00", "2099-01-01T00:00:00+00:00"
MAP = Source("sitemap", 7)
NEWS = Source("sitemap")


@pytest.fixture
def run(tmp_path: Path) -> Iterator[LedgerRun]:
    """One in which nothing was ever named."""
    with opened(tmp_path / "ledger.db") as run:
        yield run


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.db"


def row(run: LedgerRun, url: str) -> Any:
    """What the ledger holds of the article at an address."""
    asked = select(articles).where(articles.c.id == run.article_at(url))
    with transaction(run.connection):
        return run.connection.execute(asked).one()


def change(run: LedgerRun, **values: object) -> None:
    """Have the ledger hold this of all its articles."""
    with transaction(run.connection):
        run.connection.execute(update(articles).values(values))


def counts(seen: DiscoveryResult) -> tuple[int, int, int]:
    return seen.new, seen.written, seen.changed


def gone(run: LedgerRun, source: Source, hours: int = 0) -> None:
    """Have a source name A, and A be gone for so long."""
    run.write(A, post_id=7)
    run.discover([DiscoveredArticle(A, 7)], source)
    run.ledger.mark_gone(run.article_at(A))
    change(run, last_fetched=f"2025-01-01T{hours:02}:00:00+00:00" if hours else timestamp())


# New, known, changed


@pytest.mark.parametrize("source", [LISTING, FEED, REST, MAP, NEWS])
def test_article_that_nobody_knew_waits(run: LedgerRun, source: Source) -> None:
    assert counts(run.discover([DiscoveredArticle(A, None, None, EARLY)], source)) == (1, 0, 0)
    assert run.due_urls() == [A]


@pytest.mark.parametrize("source", [LISTING, FEED, REST, MAP, NEWS])
def test_article_that_is_written_is_known(path: Path, source: Source) -> None:
    with opened(path) as run:
        run.write(A)
    with opened(path) as run:
        assert counts(run.discover([DiscoveredArticle(A)], source)) == (0, 1, 0)
        assert run.due_urls() == []


@pytest.mark.parametrize("spellings", [(A, f"{A}amp/"), (f"{A}amp/", A), (A, A)])
@pytest.mark.parametrize("told", [(None, LATE), (LATE, None), (EARLY, LATE), (LATE, EARLY)])
def test_of_an_article_that_is_named_twice_the_latest_change_counts(
    path: Path, spellings: tuple[str, str], told: tuple[str | None, str | None]
) -> None:
    with opened(path) as run:
        run.write(A)
    with opened(path) as run:
        named = [DiscoveredArticle(url, None, None, lastmod) for url, lastmod in zip(spellings, told, strict=True)]
        assert counts(run.discover(named, MAP)) == (0, 1, 1)


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
    with opened(path) as run:
        run.discover([DiscoveredArticle(A, 7, None, before)], REST)
        run.write(A, post_id=7)
    with opened(path) as run:
        assert run.discover([DiscoveredArticle(A, 7, None, told)], REST).changed == waits
        assert run.due_urls() == ([A] if waits else [])


def test_change_of_an_article_that_was_just_drawn_is_drawn_again_by_the_next_run(path: Path) -> None:
    with opened(path) as run:
        run.discover([DiscoveredArticle(A, 7, None, EARLY)], REST)
        run.write(A, post_id=7)
        run.discover([DiscoveredArticle(A, 7, None, LATE)], REST)
        run.due_urls()
    with opened(path) as run:
        assert run.due_urls() == [A]


@pytest.mark.parametrize(("told", "waits"), [(LATE, True), (EARLY, False), (None, False)])
def test_rejected_article_waits_where_its_last_change_is_later(path: Path, told: str | None, waits: bool) -> None:
    with opened(path, code="1") as run:
        run.discover([DiscoveredArticle(A, 7, None, EARLY)], REST)
        run.ledger.reject(run.article_at(A), "protected")
    with opened(path, code="1") as run:
        run.discover([DiscoveredArticle(A, 7, None, told)], REST)
        assert run.due_urls() == ([A] if waits else [])


def test_last_change_never_moves_back(run: LedgerRun) -> None:
    for told in (LATE, EARLY, None):
        run.discover([DiscoveredArticle(A, 7, None, told)], REST)
    assert row(run, A).lastmod == LATE


def test_one_article_named_twice_at_once_is_one(run: LedgerRun) -> None:
    assert (
        run.discover(
            [DiscoveredArticle(A, 7), DiscoveredArticle(f"{A}?utm_source=wa", 7), DiscoveredArticle(B, 7)], REST
        ).new
        == 1
    )


def test_hundreds_at_once_are_all_noted(run: LedgerRun) -> None:
    named = [DiscoveredArticle(f"https://portal.example/daerah/berita-{number}/", number) for number in range(1, 1_203)]
    assert (run.discover(named, MAP).new, run.discover(named, MAP).new) == (1_202, 0)


def test_what_a_source_tells_beside_the_address_is_kept(run: LedgerRun) -> None:
    run.discover([DiscoveredArticle(A)], LISTING)
    run.discover([DiscoveredArticle(A, 7, "2025-12-14T21:35:12+07:00", EARLY)], REST)
    own = row(run, A)
    assert (own.post_id, own.published, own.lastmod, own.rest, own.feed, own.sitemap) == (
        7, "2025-12-14T21:35:12+07:00", EARLY, 1, 0, None,
    )  # fmt: skip


@pytest.mark.parametrize(("source", "claimed"), [(MAP, 7), (NEWS, None)])
def test_sitemap_for_news_does_not_claim_what_it_names(run: LedgerRun, source: Source, claimed: int | None) -> None:
    run.discover([DiscoveredArticle(A)], source)
    assert row(run, A).sitemap == claimed


def test_sitemap_for_news_leaves_the_file_that_an_article_is_in(run: LedgerRun) -> None:
    run.discover([DiscoveredArticle(A)], MAP)
    run.discover([DiscoveredArticle(A)], NEWS)
    assert row(run, A).sitemap == 7


# What is back


@pytest.mark.parametrize("source", [REST, MAP])
def test_gone_article_waits_where_it_is_named_by_what_had_ceased_to(run: LedgerRun, source: Source) -> None:
    gone(run, source)
    run.delist([run.article_at(A)], source)
    assert run.discover([DiscoveredArticle(A, 7)], source).changed == 1
    assert row(run, A).state == "pending"


@pytest.mark.parametrize("source", [REST, MAP])
def test_gone_article_stays_gone_while_it_is_named_still(run: LedgerRun, source: Source) -> None:
    gone(run, source, hours=2)
    assert run.discover([DiscoveredArticle(A, 7)], source).changed == 0


@pytest.mark.parametrize("source", [LISTING, FEED, NEWS])
@pytest.mark.parametrize(("hours", "waits"), [(0, False), (2, True)])
def test_gone_article_waits_an_hour_before_a_page_or_feed_is_believed(
    run: LedgerRun, source: Source, hours: int, waits: bool
) -> None:
    gone(run, source, hours)
    assert run.discover([DiscoveredArticle(A, 7)], source).changed == waits


# What has moved


def test_new_slug_is_known_by_the_id_of_its_post(run: LedgerRun) -> None:
    run.write(A, post_id=7)
    run.discover([DiscoveredArticle(A, 7)], REST)
    assert counts(run.discover([DiscoveredArticle(B, 7)], REST)) == (0, 1, 0)
    assert run.article_at(B) == run.article_at(A)


@pytest.mark.parametrize("source", [REST, FEED, MAP])
def test_id_at_an_address_that_its_source_never_listed_waits_for_its_page(run: LedgerRun, source: Source) -> None:
    run.write(A, post_id=7)
    assert counts(run.discover([DiscoveredArticle(B, 7)], source)) == (1, 0, 0)
    assert (row(run, A).post_id, row(run, B).post_id, row(run, B).state) == (7, None, "pending")


@pytest.mark.parametrize("source", [FEED, MAP])
def test_two_sites_that_number_their_posts_alike_are_both_listed(run: LedgerRun, source: Source) -> None:
    for _ in range(2):
        run.discover([DiscoveredArticle(A, 7), DiscoveredArticle(B, 7)], source)
    assert (row(run, A).post_id, row(run, B).post_id) == (7, None)


def test_new_slug_that_is_told_changed_waits_at_its_new_address(path: Path) -> None:
    with opened(path) as run:
        run.write(A, post_id=7)
        run.discover([DiscoveredArticle(A, 7)], REST)
    with opened(path) as run:
        run.discover([DiscoveredArticle(B, 7, None, LATE)], REST)
        assert run.due_urls() == [B]


def test_new_slug_that_a_listing_found_first_is_the_same_article_once_read(path: Path) -> None:
    with opened(path) as run:
        run.write(A, post_id=7)
        run.discover([DiscoveredArticle(B)], LISTING)
        run.discover([DiscoveredArticle(B, 7)], REST)
        assert run.due_urls()[-1] == B
        claim = run.identify(run.article_at(B), 7, B, B, B)
        assert claim is None or claim.revision == 1
        with transaction(run.connection):
            told = run.connection.execute(select(articles.c.post_id).where(articles.c.post_id == 7)).all()
        assert len(told) == 1


def test_address_of_a_gone_post_that_leads_to_another_stays_its_own(path: Path) -> None:
    with opened(path) as run:
        run.write(A, post_id=7)
        run.write(B, post_id=8)
    with opened(path) as run:
        former = run.article_at(A)
        claim = run.identify(former, 8, B, A, B)
        assert claim is not None
        run.acknowledge(claim)
        assert (run.state_of(former) == "gone", run.article_at(A), claim.article) == (True, former, run.article_at(B))


def test_address_that_is_another_posts_now_leads_to_a_new_article(run: LedgerRun) -> None:
    run.write(A, post_id=7)
    former = run.article_at(A)
    assert counts(run.discover([DiscoveredArticle(A, 8)], REST)) == (1, 0, 0)
    assert (run.article_at(A) != former, row(run, A).post_id) == (True, 8)


def test_address_without_a_post_takes_the_id_that_is_named(run: LedgerRun) -> None:
    run.discover([DiscoveredArticle(A)], LISTING)
    assert run.discover([DiscoveredArticle(A, 7)], REST).new == 0
    assert row(run, A).post_id == 7


# What is not believed


@pytest.mark.parametrize(
    ("count", "changed", "believed"), [(49, 49, True), (50, 50, False), (100, 89, True), (100, 90, False)]
)
def test_file_that_tells_of_nearly_all_as_changed_is_not_believed(
    path: Path, count: int, changed: int, believed: bool
) -> None:
    def named(lastmod: str, first: int, last: int) -> list[DiscoveredArticle]:
        return [
            DiscoveredArticle(f"https://portal.example/daerah/berita-{own}/", own, None, lastmod)
            for own in range(first, last)
        ]

    with opened(path) as run:
        run.discover(named(EARLY, 0, count), MAP)
        for one in named(EARLY, 0, count):
            run.write(one.url, one.id)
    with opened(path) as run:
        seen = run.discover(named(LATE, 0, changed) + named(EARLY, changed, count), MAP)
        assert (seen.is_believed, seen.changed) == (believed, changed if believed else 0)
        with transaction(run.connection):
            kept = run.connection.execute(select(articles.c.lastmod).where(articles.c.lastmod.is_not(None))).all()
        assert len(kept) == (count if believed else 0)
        assert len(run.due_urls()) == (changed if believed else 0)


def test_api_is_believed_whatever_it_tells(path: Path) -> None:
    named = [DiscoveredArticle(f"https://portal.example/daerah/berita-{own}/", own, None, EARLY) for own in range(60)]
    with opened(path) as run:
        run.discover(named, REST)
        for one in named:
            run.write(one.url, one.id)
        assert run.discover([DiscoveredArticle(one.url, one.id, None, LATE) for one in named], REST).changed == 60


# What is named no longer


@pytest.mark.parametrize("source", [REST, MAP])
def test_article_that_is_named_no_longer_is_looked_at_once(path: Path, source: Source) -> None:
    with opened(path) as run:
        run.write(A, post_id=7)
        run.discover([DiscoveredArticle(A, 7)], source)
    with opened(path) as run:
        assert run.delist([run.article_at(A)], source).changed == 1
        assert run.due_urls() == [A]
        own = row(run, A)
        assert (own.rest, own.sitemap) == (0, None)


def test_article_that_is_gone_and_named_no_longer_is_not_asked_for(path: Path) -> None:
    with opened(path) as run:
        gone(run, REST)
    with opened(path) as run:
        assert run.delist([run.article_at(A)], REST).changed == 0
        assert (run.due_urls(), row(run, A).rest) == ([], 0)
