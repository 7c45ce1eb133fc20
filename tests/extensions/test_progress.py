"""How far a piece of work is, told while it goes on."""

import threading
from pathlib import Path

import pytest

from narayacrawl.extensions.progress import Progress, Work
from tests.archived import article, write_segment
from tests.conftest import Scrapy
from tests.terminal import on_terminal


def test_line_is_told_every_so_often_while_the_work_goes_on() -> None:
    told: list[str] = []
    is_told = threading.Event()

    def say(line: str) -> None:
        told.append(line)
        is_told.set()

    work = Work("segments read", fetched=3, total=12)
    with Progress("export portal.example", lambda: work, say, interval=0.01, is_live=False):
        assert is_told.wait(60)
    assert told[0].startswith("3 of 12 segments read")
    assert not any(thread.name == "progress" for thread in threading.enumerate())


@pytest.mark.parametrize(("interval", "has_say"), [(0.0, True), (0.01, False)])
def test_nothing_runs_where_nobody_is_to_be_told(interval: float, has_say: bool) -> None:
    told: list[str] = []
    say = told.append if has_say else None
    with Progress("export portal.example", lambda: Work("x"), say, interval=interval, is_live=False):
        assert not any(thread.name == "progress" for thread in threading.enumerate())


def test_work_is_counted_as_it_is_passed_on() -> None:
    work = Work("months merged")
    passed = work.each(["a", "b"])
    assert (next(passed), work.share, work.text(None)) == ("a", 0.0, "0 of 2 months merged")
    assert (next(passed), work.share, work.text(2.0)) == ("b", 0.5, "1 of 2 months merged, 120/min, 0 s left")
    assert (list(passed), work.text(2.0)) == ([], "2 of 2 months merged")


def test_things_that_are_counted_as_one_are_one() -> None:
    work = Work("segments read")
    assert (list(work.counted_as_one("abc")), work.fetched) == (["a", "b", "c"], 1)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """An archive with one portal of two articles in two segments."""
    for run in (1, 2):
        write_segment(tmp_path / "data" / "portal.example", run, [article(run, title=f"Judul {run}")])
    return tmp_path / "data"


def test_export_is_shown_on_a_terminal_and_stdout_holds_its_lines(
    archive: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    words = ("export", "portal.example", "-O", "-", "--compact", "-s", f"ARCHIVE={archive}", "-s", "LEDGER=")
    done = on_terminal(words, environment | {"TERM": "xterm"}, tmp_path)
    assert (done.status, done.stdout.count("\n"), done.stdout.startswith("{")) == (0, 2, True)
    assert "\x1b[?25l" in done.stderr
    for line in (
        "export portal.example, ",
        "2 segments of 2025-11 merged into ",
        "2 articles of 1 segment written to stdout",
    ):
        assert line in done.stderr


@pytest.mark.slow
def test_rebuild_of_a_ledger_is_shown_on_a_terminal(archive: Path, environment: dict[str, str], tmp_path: Path) -> None:
    words = ("ledger", "rebuild", "portal.example", "-s", f"ARCHIVE={archive}")
    done = on_terminal(words, environment | {"TERM": "xterm"}, tmp_path)
    assert (done.status, done.stdout) == (0, "portal.example: 2 articles from 2 segments\n")
    assert "ledger portal.example, " in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize(("args", "is_told"), [((), True), (("-L", "WARNING"), False), (("--nolog",), False)])
def test_export_tells_how_far_it_is_unless_only_warnings_are_wanted(
    args: tuple[str, ...], is_told: bool, scrapy: Scrapy, tmp_path: Path
) -> None:
    many = [article(number, title=f"Judul {number}") for number in range(2_000)]
    write_segment(tmp_path / "data" / "portal.example", 1, many)
    settings = ("-s", f"ARCHIVE={tmp_path}/data", "-s", "LEDGER=", "-s", "LOGSTATS_INTERVAL=0.001")
    done = scrapy("export", "portal.example", "-O", "-", *settings, *args)
    lines = done.stderr.splitlines()
    assert (done.returncode, lines[-1]) == (0, "scrapy export: 2000 articles of 1 segment written to stdout")
    assert any(line.startswith("scrapy export: portal.example: ") for line in lines) == is_told
