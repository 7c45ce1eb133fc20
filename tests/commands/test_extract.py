import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT, Scrapy

PAGES = ROOT / "fixtures" / "narayapost" / "pages"
PAGE = """<!doctype html><html lang="id"><head>{head}</head><body class="single"><h1>{title}</h1>
<time datetime="2025-12-14T14:35:12+00:00"></time><div class="entry-content"><p>Pedagang mulai berjualan pagi.</p></div>
</body></html>"""
CANONICAL = '<link rel="canonical" href="https://portal.example/{path}/">'


def page(title: str, *, head: str | None = None) -> str:
    return PAGE.format(title=title, head=CANONICAL.format(path=title.lower()) if head is None else head)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three pages, one of them further down, beside files that are none."""
    pages = tmp_path / "pages"
    (pages / "b").mkdir(parents=True)
    (pages / "c.htm").write_text(page("Tiga"), encoding="utf-8")
    (pages / "a.html").write_text(page("Satu"), encoding="utf-8")
    (pages / "b" / "b.xhtml").write_text(page("Dua"), encoding="utf-8")
    (pages / "gambar.jpg").write_bytes(b"\xff\xd8")
    (pages / "catatan.txt").write_text("bukan laman", encoding="utf-8")
    return pages


def titles(lines: str) -> list[str]:
    return [json.loads(line)["title"] for line in lines.splitlines()]


def test_a_page_is_a_line_of_json(scrapy: Scrapy, folder: Path) -> None:
    done = scrapy("extract", str(folder / "a.html"))
    record = json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (0, "")
    assert (record["url"], record["title"]) == ("https://portal.example/satu/", "Satu")
    assert (record["date"], record["body"]) == ("2025-12-14T21:35:12+07:00", "Pedagang mulai berjualan pagi.")


def test_a_folder_is_read_with_its_folders_in_order(scrapy: Scrapy, folder: Path) -> None:
    assert titles(scrapy("extract", str(folder)).stdout) == ["Satu", "Dua", "Tiga"]


@pytest.mark.slow
def test_a_page_comes_from_stdin(folder: Path, environment: dict[str, str]) -> None:
    command = [sys.executable, "-m", "narayacrawl", "extract", "-"]
    done = subprocess.run(
        command, input=page("Satu").encode(), env=environment, cwd=folder, capture_output=True, check=True
    )
    assert titles(done.stdout.decode()) == ["Satu"]


def test_url_is_the_address_of_a_page_that_names_none(scrapy: Scrapy, folder: Path) -> None:
    (folder / "a.html").write_text(page("Satu", head=""), encoding="utf-8")
    done = scrapy("extract", str(folder / "a.html"), "--url", "https://portal.example/lain/")
    assert json.loads(done.stdout)["url"] == "https://portal.example/lain/"


def test_a_recorded_page_has_the_address_and_time_it_was_recorded_with(scrapy: Scrapy) -> None:
    record = json.loads(scrapy("extract", str(PAGES / "olahraga-pamit.html")).stdout)
    golden = (PAGES.parent / "articles.jsonl").read_text(encoding="utf-8").splitlines()
    [expected] = [own for own in map(json.loads, golden) if own["url"] == record["url"]]
    assert record == expected | {"portal": "narayapost.com"}


def test_a_page_that_cannot_be_read_costs_itself(scrapy: Scrapy, folder: Path) -> None:
    (folder / "a.html").write_text(page("Satu", head=""), encoding="utf-8")
    done = scrapy("extract", str(folder))
    assert (done.returncode, titles(done.stdout)) == (1, ["Dua", "Tiga"])
    assert done.stderr.splitlines() == [
        f"scrapy extract: {folder / 'a.html'} names no canonical address: give it with --url",
        "scrapy extract: 2 articles written, 1 page not read",
    ]


def test_output_goes_to_a_file(scrapy: Scrapy, folder: Path, tmp_path: Path) -> None:
    done = scrapy("extract", str(folder), "-O", str(tmp_path / "articles.jsonl.gz"))
    assert (done.returncode, done.stdout) == (0, "")
    with gzip.open(tmp_path / "articles.jsonl.gz", "rt", encoding="utf-8") as lines:
        assert titles(lines.read()) == ["Satu", "Dua", "Tiga"]


def test_a_folder_without_pages_is_one_line(scrapy: Scrapy, tmp_path: Path) -> None:
    (tmp_path / "kosong").mkdir()
    done = scrapy("extract", str(tmp_path / "kosong"))
    told = "scrapy extract: no saved page: files end in .html, .htm or .xhtml\n"
    assert (done.returncode, done.stderr) == (1, told)


@pytest.mark.parametrize(
    ("args", "line"),
    [
        ([], "name a saved page, a folder of some, or - for stdin"),
        (["tiada.html"], "no such file or folder: tiada.html"),
        ([".", "--url", "https://portal.example/"], "--url is for one page"),
        (["-", "--url", "tiada"], "no address: tiada"),
    ],
)
def test_wrong_call_is_one_line_and_status_2(args: list[str], line: str, scrapy: Scrapy) -> None:
    done = scrapy("extract", *args)
    assert (done.returncode, done.stderr) == (2, f"scrapy extract: {line}\n")


def test_empty_file_is_one_line_and_status_1(scrapy: Scrapy, tmp_path: Path) -> None:
    (tmp_path / "kosong.html").write_text("\n")
    done = scrapy("extract", str(tmp_path / "kosong.html"), "--url", "https://portal.example/a/")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines()[0] == f"scrapy extract: {tmp_path / 'kosong.html'} is empty"
