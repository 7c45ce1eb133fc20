"""How runs that are long over are folded into daily figures."""

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, func, insert, select

from narayacrawl.ledger import days as folding
from narayacrawl.ledger.database import open_ledger, timestamp, transaction
from narayacrawl.ledger.days import fold_old_runs
from narayacrawl.ledger.runs import portals_of, segments_of
from narayacrawl.ledger.tables import days, runs

OLD = timestamp(-timedelta(days=400))


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    with closing(open_ledger(f"sqlite:///{tmp_path / 'ledger.db'}")) as own:
        yield own


def add_run(connection: Connection, started: str = OLD, stats: dict[str, Any] | None = None, **values: Any) -> None:
    row: dict[str, Any] = {"portal": "portal", "spider": "portal", "arguments": "{}", "started": started}
    row |= {"ended": started, "reason": "finished", "articles": 3}
    row["stats"] = json.dumps(stats or {"item_scraped_count": 3})
    with transaction(connection):
        connection.execute(insert(runs).values(row | values))


def folded(connection: Connection) -> list[tuple[str, int, int, dict[str, Any]]]:
    with transaction(connection):
        rows = connection.execute(select(days).order_by(days.c.day)).all()
    return [(row.day, row.runs, row.articles, json.loads(row.stats)) for row in rows]


def test_runs_of_a_day_are_summed_up_and_keep_their_rows_without_stats(connection: Connection) -> None:
    for number in (1, 2):
        add_run(connection, segment=f"20241001T000000Z-{number:06d}", acknowledged=70, sealed=1)
    add_run(connection, timestamp(-timedelta(days=364)))
    assert fold_old_runs(connection, "portal") == 2
    assert folded(connection) == [(OLD[:10], 2, 6, {"item_scraped_count": 6})]
    with transaction(connection):
        assert connection.execute(select(func.count(), func.count(runs.c.stats))).one() == (3, 1)
    assert [(row.id, row.acknowledged) for row in segments_of(connection, "portal")] == [(1, 70), (2, 70)]
    assert portals_of(connection) == ["portal"]


def test_no_run_is_folded_twice_and_each_time_some_are(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folding, "MAX_FOLDED", 2)
    for _ in range(5):
        add_run(connection)
    assert [fold_old_runs(connection, "portal") for _ in range(4)] == [2, 2, 1, 0]
    assert folded(connection) == [(OLD[:10], 5, 15, {"item_scraped_count": 15})]


def test_levels_are_not_summed_and_words_are_left_out(connection: Connection) -> None:
    first = {"memusage/max": 90, "narayacrawl/ledger/done": 7, "finish_reason": "finished", "responses_per_minute": 4.0}
    add_run(connection, stats={**first, "elapsed_time_seconds": 1.5, "is_good": True})
    add_run(connection, stats={"memusage/max": 80, "narayacrawl/ledger/done": 9, "elapsed_time_seconds": 2.0})
    fold_old_runs(connection, "portal")
    [(_, _, _, stats)] = folded(connection)
    assert stats == {"memusage/max": 90, "narayacrawl/ledger/done": 9, "elapsed_time_seconds": 3.5}


def test_repairs_and_other_portals_and_killed_runs_are_in_no_figure(connection: Connection) -> None:
    add_run(connection, spider="audit")
    add_run(connection, portal="lain")
    with transaction(connection):
        killed = {"portal": "portal", "spider": "portal", "arguments": "{}", "started": OLD, "reason": "killed"}
        connection.execute(insert(runs).values(killed))
    assert fold_old_runs(connection, "portal") == 1
    assert folded(connection) == []


def test_a_reread_counts_what_it_wrote_and_as_no_run(connection: Connection) -> None:
    add_run(connection)
    add_run(connection, spider="reread", stats={"narayacrawl/written/reread": 3})
    fold_old_runs(connection, "portal")
    assert folded(connection) == [(OLD[:10], 1, 6, {"item_scraped_count": 3, "narayacrawl/written/reread": 3})]
