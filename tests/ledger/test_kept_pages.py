"""The newest kept page of each article, in the ledger."""

from pathlib import Path

from narayacrawl.ledger.identity import merge_articles
from narayacrawl.ledger.kept_pages import KeptPage, newest_page
from narayacrawl.ledger.rebuild import forget
from narayacrawl.ledger.runs import acknowledge_warc, mark_warc_sealed, name_warc, unsealed_warcs
from tests.ledger.opened import A, B, LedgerRun, opened


def page_of(article: int, digest: str = "sha1:A") -> KeptPage:
    return KeptPage(article, 250, A, "2026-01-05T02:00:00.000001Z", "<urn:uuid:1>", digest)


def keep(run: LedgerRun, url: str, digest: str = "sha1:A") -> KeptPage:
    """Have an article written, its page kept."""
    run.discover([url])
    fetched = run.identify(run.article_at(url), None, url, url, url)
    assert fetched is not None
    kept = page_of(fetched.article, digest)
    run.ledger.acknowledge([fetched], warc=1000, kept=[kept])
    run.fetched.discard(fetched.article)
    return kept


def test_a_page_is_acknowledged_with_its_article(tmp_path: Path) -> None:
    with opened(tmp_path / "ledger.db") as run:
        name_warc(run.connection, run.ledger.run, "20260105T020000Z-000001")
        kept = keep(run, A)
        assert newest_page(run.connection, kept.article) == kept
        assert [(row.segment, row.warc) for row in unsealed_warcs(run.connection, "portal")] == [
            ("20260105T020000Z-000001", 1000)
        ]


def test_a_later_page_takes_the_place_of_the_former(tmp_path: Path) -> None:
    with opened(tmp_path / "ledger.db") as run:
        keep(run, A)
    with opened(tmp_path / "ledger.db") as run:
        kept = keep(run, A, "sha1:B")
        assert newest_page(run.connection, kept.article) == kept


def test_two_articles_that_are_one_have_one_page(tmp_path: Path) -> None:
    with opened(tmp_path / "ledger.db") as run:
        first = keep(run, A)
        run.discover([B])
        second = run.article_at(B)
        merge_articles(run.ledger, first.article, second, url=None)
        assert newest_page(run.connection, first.article) is None
        assert newest_page(run.connection, second) == first._replace(article=second)


def test_an_article_that_is_forgotten_has_none(tmp_path: Path) -> None:
    with opened(tmp_path / "ledger.db") as run:
        kept = keep(run, A)
        forget(run.connection, kept.article)
        assert newest_page(run.connection, kept.article) is None


def test_a_sealed_file_is_looked_at_no_more(tmp_path: Path) -> None:
    with opened(tmp_path / "ledger.db") as run:
        name_warc(run.connection, run.ledger.run, "20260105T020000Z-000001")
        acknowledge_warc(run.connection, run.ledger.run, 70)
        mark_warc_sealed(run.connection, run.ledger.run)
        assert unsealed_warcs(run.connection, "portal") == []
