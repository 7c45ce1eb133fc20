"""What a crawl does with a ledger that is locked, damaged, another's or lost."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from tests.crash.faults import be_impatient, lock_ledger_at
from tests.crash.test_faults import kept, line
from tests.crash.trial import Trial
from tests.slow import first_quick

REBUILD = "scrapy ledger rebuild"


# Locked


@pytest.mark.slow
def test_locked_ledger_is_an_error_and_the_next_run_is_right(trial: Trial) -> None:
    trial.run(point="acknowledged", last=2)
    with closing(sqlite3.connect(trial.ledger, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        told = line(trial.run(prepare=be_impatient))
        assert told.startswith(f"ledger {trial.ledger}: database is locked: another process holds it")
    assert not trial.finish()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("function", "time"),
    [
        ("narayacrawl.ledger.ledger.Ledger.record_discovered", 1),
        ("narayacrawl.ledger.ledger.Ledger.record_discovered", 3),
        ("narayacrawl.ledger.due.DueArticles.next", 2),
        ("narayacrawl.ledger.identity.FetchedArticles.identify", 2),
        ("narayacrawl.ledger.ledger.Ledger.acknowledge", 3),
        ("narayacrawl.pipelines.archive.name_segment", 1),
        ("narayacrawl.ledger.ledger.Ledger.count", 1),
        ("narayacrawl.archive.run.mark_sealed", 1),
        ("narayacrawl.archive.run.end_run", 1),
    ],
)
def test_ledger_that_is_locked_in_the_middle_ends_the_crawl(function: str, time: int, trial: Trial) -> None:
    ended = trial.run(prepare=partial(lock_ledger_at, function, time, trial.ledger))
    assert line(ended).startswith(f"output failed: ledger {trial.ledger}: database is locked")
    assert not kept(trial)
    assert not trial.finish()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("function", "argument"),
    [
        ("narayacrawl.ledger.ledger.Ledger.record_discovered", "urls={}ekonomi/perahu-sayur-1/"),
        ("narayacrawl.ledger.due.DueArticles.next", "urls={}ekonomi/perahu-sayur-1/"),
        # Nothing is believed to be gone before an article was served.
        ("narayacrawl.ledger.ledger.Ledger.mark_gone", "urls={0}ekonomi/perahu-sayur-1/,{0}ekonomi/hilang/"),
        ("narayacrawl.ledger.ledger.Ledger.reject", "urls={}ekonomi/foto-dermaga/"),
        ("narayacrawl.ledger.ledger.Ledger.release", "until=2026-01-20"),
    ],
)
def test_ledger_that_cannot_note_what_is_not_written_ends_the_crawl(function: str, argument: str, trial: Trial) -> None:
    words = [*trial.words("crawl"), "-a", argument.format(trial.portal.url)]
    ended = trial.end(trial.begin(words, prepare=partial(lock_ledger_at, function, 1, trial.ledger)))
    assert line(ended).startswith(f"output failed: ledger {trial.ledger}: database is locked")
    assert not kept(trial)
    assert not trial.finish()


# Damaged


def overwrite_the_middle(path: Path) -> None:
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle - 6000 : middle + 6000] = b"\xa5" * 12000
    path.write_bytes(content)


def cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def replace(path: Path) -> None:
    path.write_text("Catatan pasar.\n" * 1000)


def empty(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize("damage", first_quick(overwrite_the_middle, cut_off, replace, empty))
def test_damaged_ledger_is_an_error_that_names_the_way_out(damage: Callable[[Path], None], trial: Trial) -> None:
    trial.run()
    damage(trial.ledger)
    assert REBUILD in line(trial.run())
    rebuild_and_finish(trial)


def rebuild_and_finish(trial: Trial) -> None:
    """Do what the line says."""
    trial.lose_ledger()
    assert trial.run("rebuild").status == 0
    assert not trial.finish()


@pytest.mark.slow
def test_ledger_that_lost_its_journal_is_an_error_or_harmless(trial: Trial) -> None:
    trial.run(point="acknowledged", last=3)
    for ending in ("-wal", "-shm"):
        trial.ledger.with_name(trial.ledger.name + ending).unlink(missing_ok=True)
    ended = trial.run()
    if ended.status:
        assert REBUILD in line(ended)
        rebuild_and_finish(trial)
    assert not trial.finish()


@pytest.mark.parametrize("table", first_quick("addresses", "schema", "runs"))
def test_ledger_without_a_table_is_an_error(table: str, trial: Trial) -> None:
    trial.run()
    with closing(sqlite3.connect(trial.ledger)) as connection:
        connection.execute(f"DROP TABLE {table}")
    assert line(trial.run()) == f"{trial.ledger} is no ledger: name another with -s LEDGER="


@pytest.mark.slow
def test_ledger_of_another_schema_is_an_error(trial: Trial) -> None:
    trial.run()
    with closing(sqlite3.connect(trial.ledger)) as connection, connection:
        connection.execute("UPDATE schema SET version = 99")
    assert line(trial.run()).startswith(f"ledger {trial.ledger} has schema 99, this narayacrawl knows ")


# Lost


@pytest.mark.slow
@pytest.mark.parametrize("point", first_quick("", "acknowledged", "before rename"))
def test_lost_ledger_is_an_error_that_names_the_way_out(point: str, trial: Trial) -> None:
    trial.run(point=point, last=1)
    trial.lose_ledger()
    assert REBUILD in line(trial.run())
    rebuild_and_finish(trial)


@pytest.mark.slow
def test_ledger_from_a_backup_is_an_error_that_names_the_way_out(trial: Trial) -> None:
    trial.run(point="acknowledged", last=1)
    backup = {path: path.read_bytes() for path in trial.ledger.parent.glob(f"{trial.ledger.name}*")}
    trial.run()
    for path, content in backup.items():
        path.write_bytes(content)
    assert REBUILD in line(trial.run())
    rebuild_and_finish(trial)


@pytest.mark.slow
def test_run_ids_of_killed_runs_are_not_used_again(trial: Trial) -> None:
    trial.run(point="acknowledged", last=1)
    trial.run(point="acknowledged", last=1)
    assert not trial.finish()
    names = sorted(path.name.split(".")[0] for path in trial.segments.glob("*.jsonl"))
    assert [name.rpartition("-")[2] for name in names] == ["000001", "000002", "000003"]
