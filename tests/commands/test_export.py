import csv
import errno
import gzip
import json
import os
import re
import subprocess
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from pyarrow import parquet
from scrapy.settings import Settings

from narayacrawl.archive.compaction import compact
from narayacrawl.archive.reader import Segment, segments_now
from narayacrawl.archive.segment_files import ArchiveError, read_lines
from narayacrawl.archive.segments import seal
from narayacrawl.archive.selection import Selection, select_lines
from narayacrawl.commands import export
from narayacrawl.exporters.files import refuse_ending
from tests.archived import article, name, write_part, write_segment
from tests.conftest import ROOT, Scrapy

RUNS = [
    [article(1, title="a1"), article(2, title="b1", date="2025-11-20T00:10:00+07:00")],
    [article(1, title="a2", revision=2), article(3, title="c1")],
]


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """An archive with one portal, of two sealed segments; `b1`, `a2` and `c1` are last."""
    folder = tmp_path / "data"
    for run, articles in enumerate(RUNS, 1):
        write_segment(folder / "portal.example_8088", run, articles)
    return folder


def run(scrapy: Scrapy, archive: Path, *args: str) -> subprocess.CompletedProcess[str]:
    settings = ("-s", f"ARCHIVE={archive}", "-s", "LEDGER=")
    return scrapy("export", "portal.example:8088", *args, *settings)


def titles(lines: str | bytes) -> list[str]:
    return [json.loads(line)["title"] for line in lines.splitlines()]


def test_writes_the_last_revisions_and_tells_how_many(scrapy: Scrapy, archive: Path, tmp_path: Path) -> None:
    file = tmp_path / "articles.jsonl"
    done = run(scrapy, archive, "-O", str(file))
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == f"scrapy export: 3 articles of 2 segments written to {file}\n"
    assert titles(file.read_bytes()) == ["b1", "a2", "c1"]


def test_stdout_is_only_lines(scrapy: Scrapy, archive: Path) -> None:
    done = run(scrapy, archive, "-O", "-", "--until", "2025-11-20")
    assert titles(done.stdout) == ["b1"]
    assert done.stderr == "scrapy export: 1 article of 2 segments written to stdout\n"


def test_only_what_matches_is_written_and_counted(scrapy: Scrapy, archive: Path, tmp_path: Path) -> None:
    table, columns = tmp_path / "a.csv", tmp_path / "a.parquet"
    done = run(scrapy, archive, "-O", str(table), "--parquet", str(columns), "--match", "^A|^c")
    assert done.stderr == f"scrapy export: 2 articles of 2 segments written to {table} and {columns}\n"
    with table.open(encoding="utf-8-sig", newline="") as file:
        assert [row["title"] for row in csv.DictReader(file)] == ["a2", "c1"]
    assert parquet.read_table(columns)["title"].to_pylist() == ["a2", "c1"]


def test_revisions_of_better_rules_are_left_out(archive: Path, scrapy: Scrapy) -> None:
    write_segment(archive / "portal.example_8088", 3, [article(3, title="c2", revision=2, change="reread")])
    assert titles(run(scrapy, archive, "-O", "-", "--no-reread").stdout) == ["b1", "a2", "c1"]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("a.xlsx", "nothing is written as .xlsx"),
        ("a.json", "nothing is written as .json"),
        ("a.csv.zip", "nothing is written as .zip"),
        ("a.json.gz", "nothing is written as .json.gz"),
        ("a", "its name has no ending"),
    ],
)
def test_ending_that_tells_no_format_is_refused(name: str, told: str) -> None:
    with pytest.raises(ValueError, match=re.escape(f"-O {name}: {told}: end it in .jsonl or .csv, with .gz or .zst")):
        refuse_ending("-O", name)


@pytest.mark.parametrize("name", ["-", "a.jsonl", "a.CSV", "a.csv.zst", "a.b.JL.gz", "a.ndjson", os.devnull])
def test_ending_that_tells_a_format_is_taken(name: str) -> None:
    refuse_ending("-O", name)


def test_all_outputs_are_of_the_same_articles(scrapy: Scrapy, archive: Path, tmp_path: Path) -> None:
    lines, table = tmp_path / "a.jsonl.gz", tmp_path / "a.parquet"
    done = run(scrapy, archive, "-O", str(lines), "--parquet", str(table), "--all-revisions", "--compact")
    assert done.stderr.splitlines() == [
        "scrapy export: 2 segments of 2025-11 merged into 202511-000001-000002.jsonl",
        f"scrapy export: 4 revisions of 1 segment written to {lines} and {table}",
    ]
    assert titles(gzip.decompress(lines.read_bytes())) == ["a1", "b1", "a2", "c1"]
    assert parquet.read_table(table)["title"].to_pylist() == ["a1", "b1", "a2", "c1"]


def test_compaction_takes_the_archives_compression(scrapy: Scrapy, archive: Path) -> None:
    done = run(scrapy, archive, "--compact", "-s", "ARCHIVE_COMPRESSION=zstd")
    assert (done.returncode, done.stdout) == (0, "")
    [segment] = (archive / "portal.example_8088").glob("*.jsonl*")
    assert segment.suffix == ".zst"
    assert titles(b"\n".join(read_lines(segment))) == ["a1", "b1", "a2", "c1"]


def test_whole_lines_of_an_unsealed_segment_are_exported(scrapy: Scrapy, archive: Path) -> None:
    write_part(archive / "portal.example_8088", 3, [article(4, title="d1")])
    assert titles(run(scrapy, archive, "-O", "-").stdout) == ["b1", "a2", "c1", "d1"]


def test_archive_beside_the_project_is_found(scrapy: Scrapy, project: Path) -> None:
    write_segment(project / "files" / "portal", 1, RUNS[0])
    (project / "below").mkdir()
    done = scrapy("export", "portal", "-O", "-", "-s", "ARCHIVE=files", cwd=project / "below")
    assert titles(done.stdout) == ["a1", "b1"]


def test_output_is_written_where_the_command_is_called(scrapy: Scrapy, archive: Path, project: Path) -> None:
    assert run(scrapy, archive, "-O", "articles.jsonl").returncode == 0
    assert (project / "articles.jsonl").exists()


@pytest.mark.slow
def test_reader_that_goes_away_is_one_line(scrapy: Scrapy, archive: Path, environment: dict[str, str]) -> None:
    write_segment(archive / "portal.example_8088", 9, [article(number, body="x" * 9999) for number in range(100)])
    reader = subprocess.Popen(["true"], stdin=subprocess.PIPE)
    reader.wait()
    assert reader.stdin is not None
    settings = ("-s", f"ARCHIVE={archive}", "-s", "LEDGER=")
    done = scrapy("export", "portal.example:8088", "-O", "-", *settings, stdout=reader.stdin.fileno())
    reader.stdin.close()
    assert (done.returncode, done.stderr) == (1, "scrapy export: stdout: Broken pipe\n")


@pytest.mark.parametrize(
    ("args", "line"),
    [
        (
            [],
            "nothing to do: name a file with -O, --parquet or --sqlite, a folder with --markdown, or --compact",
        ),
        (["-O", "a.jsonl", "--since", "kemarin"], "since: 'kemarin' is no date (YYYY-MM-DD)"),
        (
            ["-O", "a.jsonl", "--since", "2025-12-02", "--until", "2025-12-01"],
            "since=2025-12-02 is after until=2025-12-01",
        ),
        (["-O", "a.parquet"], "-O writes JSON Lines or CSV: --parquet writes Parquet"),
        (["-O", "a.db"], "-O writes JSON Lines or CSV: --sqlite writes an SQLite database"),
        (["-O", "a.jsonl", "--parquet", "a.jsonl"], "--parquet needs a file of its own"),
        (["--sqlite", "a", "--parquet", "./a"], "--parquet needs a file of its own"),
        (["--sqlite", "-"], "--sqlite needs a file of its own"),
        (["--sqlite", "/dev/null"], "--sqlite writes a file, and /dev/null is none"),
        (["--sqlite", "/nowhere/a.db"], "no such folder: /nowhere/a.db"),
        (
            ["-O", "a.csv", "--match", "("],
            "'(' is no regular expression: missing ), unterminated subpattern at position 0",
        ),
        (["-O", "a.csv", "--match", ""], "an empty pattern matches every article"),
        (
            ["--compact", "--match", "beras"],
            "--since, --until, --match, --all-revisions and --no-reread say what is written: name a file with -O",
        ),
        (["--parquet", "-"], "--parquet needs a file of its own"),
        (["-O", "/nowhere/a.jsonl"], "no such folder: /nowhere/a.jsonl"),
        (["-O", "/"], "a folder: /"),
        (["--markdown", "/nowhere/a"], "no such folder: /nowhere"),
        (["--markdown", "/dev/null"], "--markdown writes a folder, and /dev/null is none"),
        (["lain", "-O", "-"], "name one portal, not portal.example:8088 lain"),
    ],
)
def test_wrong_call_is_one_line_and_status_2(args: Sequence[str], line: str, scrapy: Scrapy, archive: Path) -> None:
    done = run(scrapy, archive, *args)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"scrapy export: {line}\n")


def test_unknown_portal_is_one_line_and_status_2(scrapy: Scrapy, archive: Path) -> None:
    done = scrapy("export", "portal.exmple", "-O", "-", "-s", f"ARCHIVE={archive}")
    line = f"no portal 'portal.exmple' in {archive} (did you mean portal.example_8088?)"
    assert (done.returncode, done.stderr) == (2, f"scrapy export: {line}\n")


def test_archive_that_is_turned_off_is_one_line_and_status_2(scrapy: Scrapy) -> None:
    done = scrapy("export", "portal", "-O", "-", "-s", "ARCHIVE=")
    line = "there is no archive: the setting ARCHIVE is empty"
    assert (done.returncode, done.stderr) == (2, f"scrapy export: {line}\n")


def test_file_within_the_archive_is_not_written(scrapy: Scrapy, archive: Path) -> None:
    segment = archive / "portal.example_8088" / f"{name(1)}.jsonl"
    before = segment.read_bytes()
    done = run(scrapy, archive, "-O", str(segment))
    assert done.stderr == f"scrapy export: {segment} would stand in the archive: write elsewhere\n"
    assert (done.returncode, segment.read_bytes()) == (2, before)


def test_markdown_is_of_what_is_selected(scrapy: Scrapy, archive: Path, tmp_path: Path) -> None:
    folder = tmp_path / "kabar"
    done = run(scrapy, archive, "--markdown", str(folder), "--match", "b1|a2")
    assert done.stderr == f"scrapy export: 2 articles of 2 segments written to {folder}\n"
    texts = [path.read_text() for path in sorted(folder.glob("*.md"))]
    assert [title for title in ("a2", "b1", "c1") if any(f"\n# {title}\n" in text for text in texts)] == ["a2", "b1"]
    inside = run(scrapy, archive, "--markdown", str(archive / "kabar"))
    assert (inside.returncode, "would stand in the archive" in inside.stderr) == (2, True)


def test_parquet_without_pyarrow_is_one_line_and_status_2(
    scrapy: Scrapy, archive: Path, tmp_path: Path, environment: dict[str, str]
) -> None:
    (tmp_path / "pyarrow.py").write_text("raise ImportError")
    path = f"{tmp_path}:{environment['PYTHONPATH']}"
    settings = ("-s", f"ARCHIVE={archive}")
    done = scrapy("export", "portal.example_8088", "--parquet", "a", *settings, env={"PYTHONPATH": path})
    line = f"--parquet needs pyarrow: pip install -e '{ROOT}[parquet]'"
    assert (done.returncode, done.stderr) == (2, f"scrapy export: {line}\n")


def test_torn_segment_is_one_line_and_status_1(scrapy: Scrapy, archive: Path, tmp_path: Path) -> None:
    path = archive / "portal.example_8088" / f"{name(1)}.jsonl"
    path.write_bytes(path.read_bytes()[:-20])
    (tmp_path / "a.jsonl").write_bytes(b"former")
    done = run(scrapy, archive, "-O", str(tmp_path / "a.jsonl"))
    [line] = done.stderr.splitlines()
    assert done.returncode == 1
    assert line.startswith(f"scrapy export: {path}:1: ")
    assert (tmp_path / "a.jsonl").read_bytes() == b"former"


def test_compaction_beside_a_crawl_is_one_line_and_status_4(scrapy: Scrapy, archive: Path) -> None:
    with FileLock(archive / "portal.example_8088" / ".lock"):
        done = run(scrapy, archive, "--compact")
    line = "a crawl of portal.example_8088 is running: compact when it has ended"
    assert (done.returncode, done.stderr) == (4, f"scrapy export: {line}\n")


# Beside other processes


class Command(export.Command):
    """The command in this process."""

    def __init__(self, archive: Path) -> None:
        super().__init__()
        self.settings = Settings({"ARCHIVE": str(archive), "LEDGER": ""})

    def write(self, file: str, **options: Any) -> Any:
        asked = {
            "file": file,
            "parquet": None,
            "sqlite": None,
            "markdown": None,
            "since": None,
            "until": None,
            "all_revisions": False,
            "no_reread": False,
            "match": None,
            "compact": False,
        }
        return self.execute(["portal.example:8088"], Namespace(**(asked | options)))


@pytest.mark.parametrize("change", [compact, lambda folder: seal(folder, name(1), "zstd")])
@pytest.mark.parametrize("moment", ["listed", "chosen"])
def test_export_starts_over_where_a_segment_goes(
    moment: str, change: Any, archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changes = iter([change])

    def changed(folder: Path) -> None:
        for change in changes:
            change(folder)

    def listed(folder: Path, settings: Any) -> list[Segment]:
        segments = segments_now(folder, settings)
        if moment == "listed":
            changed(folder)
        return segments

    def chosen(*args: Any, **kwargs: Any) -> Selection:
        selection = select_lines(*args, **kwargs)
        if moment == "chosen":
            changed(archive / "portal.example_8088")
        return selection

    monkeypatch.setattr("narayacrawl.archive.reader.segments_now", listed)
    monkeypatch.setattr("narayacrawl.archive.selection.select_lines", chosen)
    assert Command(archive).write(str(tmp_path / "a.jsonl")).status == 0
    assert titles((tmp_path / "a.jsonl").read_bytes()) == ["b1", "a2", "c1"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.jsonl", "data"]


def test_segment_that_goes_again_and_again_is_one_line(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "narayacrawl.archive.reader.segments_now", lambda *_: [Segment(tmp_path / "gone.jsonl", None, None)]
    )
    done = Command(archive).write(str(tmp_path / "a.jsonl"))
    assert (done.status, done.reason) == (1, f"{tmp_path / 'gone.jsonl'} went while it was read: export again")


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (ArchiveError("x.jsonl:3: a torn line"), "x.jsonl:3: a torn line"),
        (OSError(errno.ENOSPC, "No space left on device"), "portal.example_8088: No space left on device"),
    ],
)
def test_error_of_a_compaction_is_one_line(
    error: Exception, line: str, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: object) -> None:
        raise error

    monkeypatch.setattr("narayacrawl.archive.compaction.compact", failing)
    done = Command(archive).write("", compact=True)
    assert done.status == 1
    assert done.reason.endswith(line)
