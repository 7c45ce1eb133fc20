"""What a run asks of a large ledger is answered by indexes that hold little, however many articles are done."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event

from narayacrawl.ledger.days import fold_old_runs
from narayacrawl.ledger.discovered import REST, DiscoveredArticle
from narayacrawl.ledger.due import has_written, pending_post_ids
from narayacrawl.ledger.former_lengths import lacks_lengths
from narayacrawl.ledger.redesign import count_held
from narayacrawl.ledger.runs import begin_run, segments_of, unsealed_warcs
from narayacrawl.ledger.source_coverage import articles_in_sitemap, find_unlisted
from tests.ledger.opened import A, B, LedgerRun, opened


def due(run: LedgerRun) -> None:
    run.due_urls()
    run.due.trust_changes_from(["rest"])
    run.due_urls()
    run.due.next_deadly()


QUESTIONS: dict[str, tuple[Callable[[LedgerRun], object], set[str]]] = {
    "what is due": (due, {"articles_open", "articles_stale", "articles_not_in_rest", "articles_edited_later"}),
    "what is held": (lambda run: count_held(run.ledger), {"articles_open"}),
    "what is pending": (lambda run: pending_post_ids(run.ledger, 9), {"articles_open"}),
    "what REST lacks": (lambda run: find_unlisted(run.connection, "portal", "rest"), {"articles_not_in_rest"}),
    "what sitemaps lack": (lambda run: find_unlisted(run.connection, "portal", "sitemap"), {"articles_not_in_sitemap"}),
    "what a file lists": (lambda run: articles_in_sitemap(run.connection, 1, [7]), {"articles_in_sitemap"}),
    "what has no length": (lambda run: lacks_lengths(run.connection, "portal"), {"articles_unmeasured"}),
    "what is old": (lambda run: fold_old_runs(run.connection, "portal"), {"runs_with_stats"}),
    "what was sealed": (lambda run: segments_of(run.connection, "portal"), {"runs_segments"}),
    "what WARC is not sealed": (lambda run: unsealed_warcs(run.connection, "portal"), {"runs_unsealed_warc"}),
    "what goes on": (lambda run: begin_run(run.connection, "portal", "portal", {}), {"runs_going_on"}),
}


def plans(connection: Connection, ask: Callable[[], object]) -> list[str]:
    """Return how SQLite answers each statement that is executed."""
    asked: list[tuple[str, Any]] = []

    def note(_: object, __: object, statement: str, parameters: Any, *___: object) -> None:  # noqa: ANN401
        asked.append((statement, parameters))

    event.listen(connection, "before_cursor_execute", note)
    ask()
    event.remove(connection, "before_cursor_execute", note)
    explained = [(f"EXPLAIN QUERY PLAN {statement}", parameters) for statement, parameters in asked]
    return [row[3] for own in explained for row in connection.exec_driver_sql(*own)]


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_question_looks_at_every_article_or_run(question: str, tmp_path: Path) -> None:
    ask, indexes = QUESTIONS[question]
    with opened(tmp_path / "ledger.db") as run:
        run.discover([DiscoveredArticle(url) for url in (A, B)], REST)
        run.write(A)
    with opened(tmp_path / "ledger.db") as run:
        told = plans(run.connection, lambda: ask(run))
    assert {index for index in indexes if any(f"INDEX {index} " in line for line in told)} == indexes
    tables = ("SCAN articles", "SCAN runs", "articles_all")
    assert [line for line in told if any(table in line for table in tables)] == []


def test_first_written_article_tells_that_the_portal_has_served(tmp_path: Path) -> None:
    with opened(tmp_path / "ledger.db") as run:
        run.discover([A])
        assert not has_written(run.ledger)
        run.write(A)
        assert has_written(run.ledger)
        assert "USE TEMP B-TREE FOR ORDER BY" not in plans(run.connection, lambda: has_written(run.ledger))


def test_what_is_done_is_counted_beside_what_is_open(tmp_path: Path) -> None:
    with opened(tmp_path / "ledger.db") as run:
        run.discover([A, B])
        run.write(A)
        assert [run.ledger.count(state) for state in ("done", "pending", "gone")] == [1, 1, 0]
