"""`scrapy duplicates`: what is printed and written, and what is refused."""

import csv
import json
import random
import subprocess
from pathlib import Path

import pytest
from pyarrow import parquet

from benchmarks.made_up_copies import COPIES
from benchmarks.made_up_news import ARTICLES, body
from narayacrawl.items import Article
from tests.archived import article, write_part, write_segment
from tests.conftest import ROOT, Scrapy

EDITS = ("as it was", "a paragraph cut", "a figure put right")


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Two portals: of the three articles of the first one, the second has copies, an hour later."""
    folder = tmp_path / "data"
    texts = [ARTICLES["free"](random.Random(seed)) for seed in range(len(EDITS))]
    copies = [COPIES[kind](random.Random(5), text) for kind, text in zip(EDITS, texts, strict=True)]
    former = _article("dua.example", 1, 9, "Teks yang diganti.")
    own = [_article("dua.example", number, 9, body(text), revision=2) for number, text in enumerate(copies, 1)]
    write_segment(folder / "satu.example", 1, [_article("satu.example", n, 8, body(t)) for n, t in enumerate(texts, 1)])
    write_segment(folder / "dua.example", 2, [former])
    # Of a crawl that goes on.
    write_part(folder / "dua.example", 3, own)
    return folder


def _article(portal: str, number: int, hour: int, text: str, revision: int = 1) -> Article:
    return article(
        number,
        portal=portal,
        url=f"https://{portal}/{number}/",
        title=f"{portal} {number}",
        date=f"2025-11-0{number}T0{hour}:00:00+07:00",
        body=text,
        revision=revision,
    )


def run(scrapy: Scrapy, archive: Path, *args: str) -> subprocess.CompletedProcess[str]:
    return scrapy("duplicates", *args, "-s", f"ARCHIVE={archive}", "-s", "LEDGER=")


def test_prints_groups_and_tells_how_many(scrapy: Scrapy, archive: Path) -> None:
    done = run(scrapy, archive, "all")
    assert done.returncode == 0
    assert done.stderr == "scrapy duplicates: 3 groups with 3 copies among 6 articles of 2 portals\n"
    groups = [group.splitlines() for group in done.stdout.split("\n\n")]
    assert groups[0][1:] == [
        "first 2025-11-01T08:00:00+07:00 satu.example: satu.example 1 https://satu.example/1/",
        "copy  2025-11-01T09:00:00+07:00 dua.example: dua.example 1 https://dua.example/1/",
        "  100% in common (Jaccard 1.00), lacks 0 words, adds 0",
    ]
    assert {line[:3] for line in groups[1][4:]} == {"  -"}
    assert [line[:3] for line in groups[2][4:]] == ["  ~"]


def test_rows_are_written_in_every_format(scrapy: Scrapy, archive: Path, tmp_path: Path) -> None:
    lines, columns = tmp_path / "copies.jsonl", tmp_path / "copies.parquet"
    done = run(scrapy, archive, "dua.example", "satu.example", "-O", str(lines), "--parquet", str(columns))
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.endswith(f"among 6 articles of 2 portals written to {lines} and {columns}\n")
    rows = [json.loads(line) for line in lines.read_bytes().splitlines()]
    assert parquet.read_table(columns).select(list(rows[0])).to_pylist() == rows
    assert [(row["rank"], row["portal"], row["id"]) for row in rows[:3]] == [
        (1, "satu.example", 1), (2, "dua.example", 1), (1, "satu.example", 2),
    ]  # fmt: skip
    assert run(scrapy, archive, "all", "-O", str(tmp_path / "copies.csv")).returncode == 0
    with (tmp_path / "copies.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["group"] for row in csv.DictReader(file)] == [row["group"] for row in rows]


def test_portal_without_copies_ends_well(scrapy: Scrapy, archive: Path) -> None:
    done = run(scrapy, archive, "satu.example", "-O", "-")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "scrapy duplicates: no copies among 3 articles of 1 portal written to stdout\n"


@pytest.mark.parametrize(
    ("args", "line"),
    [
        ([], "name one or more portals, or all (there are: dua.example, satu.example)"),
        (["satu.example", "https://satu.example/"], "satu.example is named twice"),
        (["tiga.example"], "no portal 'tiga.example' in "),
        (["all", "satu.example"], "no portal 'all' in "),
        (["all", "-O", "copies.xlsx"], "-O copies.xlsx: nothing is written as .xlsx"),
        (["all", "--parquet", "-"], "--parquet needs a file of its own"),
        (["all", "-O", "none/copies.jsonl"], "no such folder: "),
    ],
)
def test_wrong_call_is_one_line(scrapy: Scrapy, archive: Path, args: list[str], line: str) -> None:
    done = run(scrapy, archive, *args)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.startswith(f"scrapy duplicates: {line}")


@pytest.mark.parametrize(
    ("package", "what", "extra"), [("rensa", "duplicates", "duplicates"), ("pyarrow", "--parquet", "parquet")]
)
def test_missing_package_is_one_line(
    scrapy: Scrapy, archive: Path, tmp_path: Path, environment: dict[str, str], package: str, what: str, extra: str
) -> None:
    (tmp_path / f"{package}.py").write_text("raise ImportError")
    settings = ("-s", f"ARCHIVE={archive}", "-s", "LEDGER=")
    path = f"{tmp_path}:{environment['PYTHONPATH']}"
    done = scrapy("duplicates", "all", "--parquet", "a", *settings, env={"PYTHONPATH": path})
    line = f"{what} needs {package}: pip install -e '{ROOT}[{extra}]'"
    assert (done.returncode, done.stderr) == (2, f"scrapy duplicates: {line}\n")
