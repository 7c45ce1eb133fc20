import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from narayacrawl.archive.search_files import INDEX
from tests.archived import article, write_part, write_segment
from tests.conftest import Scrapy

PORTAL = "portal.example_8088"


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """An archive with two portals; one of them is being crawled."""
    folder = tmp_path / "data"
    write_segment(folder / PORTAL, 1, [article(1, title="Harga Beras Naik"), article(2, title="Panen Gabah")])
    write_part(folder / PORTAL, 2, [article(3, title="Lumbung", body="Harga beras tetap, kata \x1b[31mpetani.")])
    write_segment(
        folder / "lain.example", 1, [article(4, portal="lain.example", title="Beras: Harga Beras", section=None)]
    )
    return folder


def run(scrapy: Scrapy, archive: Path, *args: str) -> subprocess.CompletedProcess[str]:
    return scrapy("search", *args, "-s", f"ARCHIVE={archive}", "-s", "LEDGER=")


def test_shows_what_is_found_with_what_was_asked_for_marked(scrapy: Scrapy, archive: Path) -> None:
    done = run(scrapy, archive, "portal.example:8088", "harga beras")
    assert (done.returncode, done.stderr) == (0, "scrapy search: 2 articles\n")
    assert done.stdout.split("\n\n") == [
        "*Harga* *Beras* Naik\n2025-11-24 23:30 · Daerah · portal.example\nhttps://portal.example/1/\n"
        "Tukang perahu pindah ke hulu. Tiang ditanam di muara.",
        "Lumbung\n2025-11-24 23:30 · Daerah · portal.example\nhttps://portal.example/3/\n"
        "*Harga* *beras* tetap, kata [31mpetani.\n",
    ]


def test_several_portals_are_ranked_together(scrapy: Scrapy, archive: Path) -> None:
    done = run(scrapy, archive, "lain.example", PORTAL, "beras", "--limit", "2")
    assert (done.returncode, done.stderr) == (0, "scrapy search: the best 2 of 3 articles\n")
    assert done.stdout.startswith("*Beras*: Harga *Beras*\n2025-11-24 23:30 · lain.example\n")


def test_records_are_written_as_they_are_archived(scrapy: Scrapy, archive: Path, tmp_path: Path) -> None:
    file = tmp_path / "beras.jsonl"
    done = run(scrapy, archive, PORTAL, "beras", "-O", str(file))
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == f"scrapy search: 2 articles written to {file}\n"
    archived = [line for path in (archive / PORTAL).glob("*.jsonl*") for line in path.read_bytes().splitlines()]
    assert {*file.read_bytes().splitlines()} < {*archived}
    printed = run(scrapy, archive, PORTAL, "gabah", "-O", "-").stdout
    assert [json.loads(line)["title"] for line in printed.splitlines()] == ["Panen Gabah"]


def test_nothing_found_is_one_line_and_status_1(scrapy: Scrapy, archive: Path) -> None:
    done = run(scrapy, archive, PORTAL, "lain.example", "jagung")
    line = f"no article of lain.example or {PORTAL} has 'jagung'"
    assert (done.returncode, done.stdout, done.stderr) == (1, "", f"scrapy search: {line}\n")
    done = run(scrapy, archive, PORTAL, "beras", "--since", "2026-01-01")
    assert (done.returncode, done.stderr) == (1, f"scrapy search: no article of {PORTAL} has 'beras'\n")


@pytest.mark.parametrize("words", ["-beras", "-x"])
def test_words_behind_two_dashes_are_no_options(words: str, scrapy: Scrapy, archive: Path) -> None:
    settings = ("-s", f"ARCHIVE={archive}", "-s", "LEDGER=")
    done = scrapy("search", *settings, PORTAL, "--", words)
    assert (done.returncode, "has '-x'" in done.stderr) == ((0, False) if words == "-beras" else (1, True))


@pytest.mark.parametrize(
    ("args", "line"),
    [
        ([], 'name a portal, and the words to search for: scrapy search narayapost "harga beras"'),
        ([PORTAL], 'name a portal, and the words to search for: scrapy search narayapost "harga beras"'),
        ([PORTAL, " "], "no word to search for"),
        ([PORTAL, "*-"], "no word to search for: '*-'"),
        ([PORTAL, "beras", "--limit", "0"], "limit: '0' is no number above 0"),
        ([PORTAL, "beras", "--since", "kemarin"], "since: 'kemarin' is no date (YYYY-MM-DD)"),
        ([PORTAL, "beras", "--newest"], "no such option: --newest (scrapy search -h lists them)"),
        ([PORTAL, "beras", "-O", "a.txt"], "-O a.txt: nothing is written as .txt: end it in .jsonl or .csv"),
        ([PORTAL, "beras", "-O", "/nowhere/a.jsonl"], "no such folder: /nowhere/a.jsonl"),
        (["portal.exmple", "beras"], "no portal 'portal.exmple' in {archive} (did you mean portal.example_8088"),
        (
            [PORTAL, "harga", "beras"],
            "no portal 'harga' in {archive}; words stand in one pair of quotation marks: search narayapost"
            ' "harga beras" (there are: lain.example, portal.example_8088)',
        ),
    ],
)
def test_wrong_call_is_one_line_and_status_2(args: Sequence[str], line: str, scrapy: Scrapy, archive: Path) -> None:
    done = run(scrapy, archive, *args)
    [told] = done.stderr.splitlines()
    assert (done.returncode, done.stdout) == (2, "")
    assert told.startswith(f"scrapy search: {line.format(archive=archive)}")
    assert not (archive / PORTAL / INDEX).exists()


def test_archive_that_is_turned_off_is_one_line_and_status_2(scrapy: Scrapy) -> None:
    done = scrapy("search", "portal", "beras", "-s", "ARCHIVE=")
    line = "there is no archive: the setting ARCHIVE is empty"
    assert (done.returncode, done.stderr) == (2, f"scrapy search: {line}\n")


def test_torn_segment_is_one_line_and_status_1(scrapy: Scrapy, archive: Path) -> None:
    [path] = (archive / PORTAL).glob("*.jsonl")
    path.write_bytes(path.read_bytes()[:-20])
    done = run(scrapy, archive, PORTAL, "beras")
    [line] = done.stderr.splitlines()
    assert (done.returncode, line.startswith(f"scrapy search: {path}:")) == (1, True)


@pytest.mark.slow
def test_searches_at_once_find_the_same(
    archive: Path, environment: dict[str, str], scrapy: Scrapy, project: Path
) -> None:
    many = [article(number, title=f"Beras {number}") for number in range(10, 1500)]
    write_segment(archive / PORTAL, 3, many)
    words = ["search", PORTAL, "beras", "-O", "-", "-s", f"ARCHIVE={archive}", "-s", "LEDGER="]
    command = [sys.executable, "-m", "scrapy", *words]
    searches = [subprocess.Popen(command, cwd=project, env=environment, stdout=subprocess.PIPE) for _ in range(3)]
    outputs = [search.communicate()[0] for search in searches]
    assert [search.returncode for search in searches] == [0, 0, 0]
    assert [len(output.splitlines()) for output in outputs] == [1492] * 3
    assert len({*outputs}) == 1
