"""`scrapy diff`, as it is typed."""

import dataclasses
import io
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from rich.console import Console
from scrapy.settings import Settings

from narayacrawl.archive.diff_terminal import print_history
from narayacrawl.archive.revisions import History, revisions
from tests.archived import article, write_segment
from tests.conftest import Scrapy

OLD, NEW = "https://portal.example/harga-beras/", "https://portal.example/harga-beras-naik/"
FIRST = article(7, url=OLD, title="Harga beras", body="Beras naik Rp500 sejak Senin pagi.\n\nGula tetap.")
SECOND = article(
    7,
    url=NEW,
    title="Harga beras naik",
    body="Beras naik Rp900 sejak Senin pagi.\n\nGula tetap.\n\nHujan turun.",
    tags=["dermaga", "beras"],
    modified="2025-11-25T10:00:00+07:00",
    fetched_at="2025-11-25T08:00:00+00:00",
    revision=2,
)
TOLD = f"""\
{NEW}, portal.example: 2 revisions

revision 1 → 2, fetched 2025-11-25T02:00:00+00:00 → 2025-11-25T08:00:00+00:00, modified – → 2025-11-25T10:00:00+07:00
title: Harga beras → Harga beras naik
body:
@@ -1,2 +1,3 @@
- Beras naik Rp500 sejak Senin pagi.
+ Beras naik Rp900 sejak Senin pagi.
~ Rp500 → Rp900
  Gula tetap.
+ Hujan turun.
url: {OLD} → {NEW}
tags: - muara
tags: + beras
"""


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    write_segment(folder / "portal.example", 1, [FIRST, article(1)])
    write_segment(folder / "portal.example", 2, [SECOND])
    return folder


def run(scrapy: Scrapy, archive: Path, *args: str) -> subprocess.CompletedProcess[str]:
    return scrapy("diff", *args, "-s", f"ARCHIVE={archive}")


def printed(archive: Path, width: int) -> str:
    """What a terminal of that width gets."""
    [history] = revisions(archive, OLD, Settings({"LEDGER": ""}))
    file = io.StringIO()
    print_history(
        Console(file=file, force_terminal=True, color_system="standard", width=width, highlight=False), history
    )
    return file.getvalue()


def test_each_change_is_told(scrapy: Scrapy, archive: Path) -> None:
    done = run(scrapy, archive, OLD)
    assert (done.returncode, done.stdout, done.stderr) == (0, TOLD, "")


def test_line_in_a_pipe_is_whole(scrapy: Scrapy, archive: Path) -> None:
    done = scrapy("diff", NEW, "-s", f"ARCHIVE={archive}", env={"COLUMNS": "20"})
    assert done.stdout == TOLD


def test_changed_words_stand_out_in_a_terminal(archive: Path) -> None:
    told = printed(archive, 100)
    assert "\x1b[1;4;31mRp500\x1b[0m" in told
    assert "\x1b[1;4;32mRp900\x1b[0m" in told
    assert "~" not in told


def test_long_paragraph_goes_on_below_itself_in_a_terminal(archive: Path) -> None:
    record = {"url": NEW, "revision": 1, "title": "a", "body": "satu dua tiga empat lima enam"}
    file = io.StringIO()
    console = Console(file=file, force_terminal=True, color_system=None, width=20)
    print_history(console, History("portal.example", [record, record | {"revision": 2, "body": ""}]))
    lines = [line.rstrip() for line in file.getvalue().splitlines()]
    assert lines[-2:] == ["- satu dua tiga", "  empat lima enam"]


def test_one_revision_is_one_line(scrapy: Scrapy, archive: Path) -> None:
    done = run(scrapy, archive, "https://portal.example/1/")
    line = "https://portal.example/1/, portal.example: revision 1 only, fetched 2025-11-25T02:00:00+00:00\n"
    assert (done.returncode, done.stdout, done.stderr) == (0, line, "")


def test_article_in_two_portals_is_told_twice(scrapy: Scrapy, archive: Path) -> None:
    write_segment(archive / "cermin", 1, [FIRST])
    done = run(scrapy, archive, OLD)
    assert done.stdout == f"{OLD}, cermin: revision 1 only, fetched {FIRST.fetched_at}\n\n{TOLD}"


def test_unknown_address_is_one_line_and_status_1(scrapy: Scrapy, archive: Path) -> None:
    done = run(scrapy, archive, "https://portal.example/tidak-ada/")
    line = f"scrapy diff: no article with the address https://portal.example/tidak-ada/ in {archive}\n"
    assert (done.returncode, done.stdout, done.stderr) == (1, "", line)


def test_revision_that_better_rules_made_is_told_from_an_edit(archive: Path) -> None:
    again = dataclasses.replace(SECOND, revision=3, change="reread", section="Ekonomi")
    write_segment(archive / "portal.example", 3, [again])
    told = printed(archive, 200)
    assert "revision 2 → 3\x1b[0m\x1b[1m, reread\x1b[0m, fetched" in told
    assert "reread" not in told[: told.index("revision 2 → 3")]


@pytest.mark.parametrize(
    ("args", "line"),
    [
        ([], "name a URL"),
        ([OLD, NEW], f"name one URL, not {OLD} {NEW}"),
        (["harga-beras"], "'harga-beras' is no http or https address"),
        (["https://"], "'https://' is no http or https address"),
        ([OLD, "-s", "ARCHIVE="], "there is no archive: the setting ARCHIVE is empty"),
    ],
)
def test_wrong_call_is_one_line_and_status_2(args: Sequence[str], line: str, scrapy: Scrapy) -> None:
    done = scrapy("diff", *args)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"scrapy diff: {line}\n")


def test_damaged_segment_is_one_line_and_status_1(scrapy: Scrapy, archive: Path) -> None:
    [path] = (archive / "portal.example").glob("*000001.jsonl")
    path.write_bytes(path.read_bytes()[:-9])
    done = run(scrapy, archive, OLD)
    [line] = done.stderr.splitlines()
    assert done.returncode == 1
    assert line.startswith(f"scrapy diff: {path}:1: ")
