"""What listings may cost beside what they bring."""

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from narayacrawl.sources.discovery import Discovery
from narayacrawl.sources.listing_budget import FREE, PER_ARTICLE, ListingBudget, is_doubtful
from narayacrawl.sources.seen_keys import SeenKeys
from tests.ledger.opened import HOST, LedgerRun, opened


def budget(run: LedgerRun, stats: dict[str, int]) -> ListingBudget:
    crawler = SimpleNamespace(stats=SimpleNamespace(get_stats=lambda: stats))
    return ListingBudget(cast("Discovery", SimpleNamespace(crawler=crawler, ledger=run.ledger)))


@pytest.mark.parametrize("articles", [0, 7])
def test_budget_grows_with_the_articles_that_were_listed(articles: int, tmp_path: Path) -> None:
    with opened(tmp_path / "ledger.db") as run:
        for number in range(articles):
            url = f"{HOST}/kabar-{number}/"
            run.discover([url])
            run.write(url, number + 1)
        own = budget(run, {})
        own.pages = FREE + PER_ARTICLE * articles - 1
        assert not own.is_spent
        own.pages += 1
        assert own.is_spent


@pytest.mark.parametrize(
    "stat", ["article/rejected/listing", "article/rejected/no_article", "article/duplicate", "article/disbelieved"]
)
def test_addresses_that_were_no_new_article_are_spent_too(stat: str, tmp_path: Path) -> None:
    stats = {f"narayacrawl/{stat}": 30}
    with opened(tmp_path / "ledger.db") as run:
        own = budget(run, stats)
        stats[f"narayacrawl/{stat}"] += FREE - 1
        assert not own.is_spent
        stats[f"narayacrawl/{stat}"] += 1
        assert own.is_spent


def test_addresses_that_wait_to_be_read_have_brought_nothing_yet(tmp_path: Path) -> None:
    with opened(tmp_path / "ledger.db") as run:
        run.discover([f"{HOST}/kabar-{number}/" for number in range(50)])
        own = budget(run, {})
        own.pages = FREE
        assert own.is_spent


@pytest.mark.parametrize(
    ("path", "doubtful"),
    [
        ("/category/ekonomi/", False),
        ("/kanal/daerah/kota/", False),
        ("/ekonomi/ekonomi/", False),
        ("/category/ekonomi/?urut=baru", True),
        ("/?cat=3", True),
        ("/daerah/daerah/daerah/", True),
        ("/a/b/a/b/a/b/", True),
        ("/a/b/c/d/e/f/g/h/i/", True),
        ("", False),
    ],
)
def test_listing_that_may_be_one_of_endlessly_many_is_read_last(path: str, doubtful: bool) -> None:
    assert is_doubtful(f"{HOST}{path}") is doubtful


def test_seen_keys_are_known_and_others_nearly_always_new() -> None:
    seen = SeenKeys()
    assert seen.add(f"portal.example/{number}?" for number in range(10_000)) > 9_900
    assert seen.add(f"portal.example/{number}?" for number in range(10_000)) == 0
    assert seen.add(f"lain.example/{number}?" for number in range(1_000)) > 990
