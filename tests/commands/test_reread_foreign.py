"""`scrapy reread --warc FILE`: the articles of any WARC files in one file."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pyarrow import parquet

from tests.conftest import Scrapy
from tests.reread.warcs import answer, packed, page_record, page_url, record


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two WARC files, one of them further down and broken, beside a file that is none."""
    (tmp_path / "warc" / "b").mkdir(parents=True)
    (tmp_path / "warc" / "a.warc").write_bytes(page_record(0) + record(b"", page_url(0), "request"))
    (tmp_path / "warc" / "b" / "b.warc.gz").write_bytes(
        packed(page_record(1)) + b"rusak" + packed(page_record(2), record(answer(b"", status="404 -"), page_url(3)))
    )
    (tmp_path / "warc" / "catatan.txt").write_bytes(b"bukan WARC")
    return tmp_path / "warc"


MISUSES = {
    "no files": (["-O", "a.jsonl"], "name a portal, or WARC files with --warc"),
    "no output": (["--warc", "{}/a.warc"], "nothing to do: name a file with -O or --parquet"),
    "a file that is not there": (["--warc", "{}/b.warc", "-O", "{}/a.jsonl"], "no such file or folder: {}/b.warc"),
    "a folder without any": (["--warc", "{}/empty", "-O", "{}/a.jsonl"], "no WARC file in {}/empty: they end in .warc"),
    "an output that is read": (["--warc", "{}/a.warc", "--parquet", "{}/a.warc"], "{}/a.warc is read: write elsewhere"),
    "an ending of no format": (["--warc", "{}/a.warc", "-O", "a.txt"], "-O a.txt: nothing is written as .txt"),
}


@pytest.mark.parametrize(("args", "line"), MISUSES.values(), ids=MISUSES)
def test_a_wrong_call_is_one_clear_line(args: list[str], line: str, scrapy: Scrapy, tmp_path: Path) -> None:
    (tmp_path / "a.warc").write_bytes(page_record(0))
    (tmp_path / "empty").mkdir()
    done = scrapy("reread", *(own.format(tmp_path) for own in args))
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert line.format(tmp_path) in done.stderr


@pytest.mark.slow
def test_a_folder_is_read_with_its_folders_in_order(scrapy: Scrapy, folder: Path, tmp_path: Path) -> None:
    lines, table = tmp_path / "a.jsonl", tmp_path / "a.parquet"
    done = scrapy("reread", "--warc", str(folder), str(folder / "a.warc"), "-O", str(lines), "--parquet", str(table))
    assert done.returncode == 0
    records = [json.loads(line) for line in lines.read_bytes().splitlines()]
    assert [record["url"] for record in records] == [page_url(number) for number in range(3)]
    assert parquet.read_table(table)["url"].to_pylist() == [page_url(number) for number in range(3)]
    place = len(packed(page_record(1)))
    assert done.stderr.splitlines() == [
        f"{folder / 'b' / 'b.warc.gz'}, byte {place}: broken record: no gzip member begins there",
        f"scrapy reread: 3 articles of 6 records in 2 files written to {lines} and {table}",
        "scrapy reread: no article: request record 1, broken record 1, status 404 1",
    ]


@pytest.mark.slow
def test_a_file_that_is_no_warc_fails_the_call_and_costs_itself(scrapy: Scrapy, folder: Path, tmp_path: Path) -> None:
    other, lines = folder / "catatan.txt", tmp_path / "a.jsonl"
    done = scrapy("reread", "--warc", str(other), str(folder / "a.warc"), "-O", str(lines))
    assert (done.returncode, len(lines.read_bytes().splitlines())) == (1, 1)
    assert f"{other}: no WARC file: there is no record in it" in done.stderr
    assert done.stderr.splitlines()[-1] == f"scrapy reread: 1 file not read: {other}"


@pytest.mark.slow
def test_ctrl_c_ends_all_and_leaves_nothing(environment: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "a.warc.gz"
    file.write_bytes(b"".join(packed(page_record(number)) for number in range(50)) * 100)
    command = [sys.executable, "-m", "scrapy", "reread", "--warc", str(file), "-O", str(tmp_path / "a.jsonl")]
    command += ["-s", "LOGSTATS_INTERVAL=0.1"]
    with subprocess.Popen(
        command,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # What a shell begins in the background, these tests, too, ignores Ctrl-C, and what that begins.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    ) as process:
        assert process.stderr is not None
        assert any(" article" in line for line in process.stderr)  # the processes are at work
        os.killpg(process.pid, signal.SIGINT)
        told = process.stderr.read()
        assert process.wait(20) != 0
    assert told.splitlines()[-1] == "scrapy reread: interrupted"
    assert [own.name for own in tmp_path.iterdir()] == ["a.warc.gz"]
    for _ in range(200):  # nor is one left of its group
        try:
            os.killpg(process.pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    pytest.fail("a process goes on")
