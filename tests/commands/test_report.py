"""`scrapy report`, as it is typed."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from narayacrawl.ledger.database import open_ledger
from tests.conftest import ROOT, Scrapy
from tests.report.written import PORTAL, WrittenLedger


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """An archive whose ledger knows two portals, one with a port."""
    folder = tmp_path / "data"
    with closing(open_ledger(f"sqlite:///{folder}/ledger.db")) as connection:
        ledger = WrittenLedger(connection)
        ledger.run()
        ledger.run(portal="127.0.0.1:8088")
        ledger.article()
    return folder


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """A folder with the project's settings, in which nothing else is."""
    folder = tmp_path / "here"
    folder.mkdir()
    (folder / "scrapy.cfg").write_text((ROOT / "scrapy.cfg").read_text())
    return folder


@pytest.mark.parametrize(("portal", "file"), [(PORTAL, "kabar.html"), ("127.0.0.1:8088", "127.0.0.1_8088.html")])
def test_page_is_written_beside_under_the_portal_s_name(
    scrapy: Scrapy, archive: Path, here: Path, portal: str, file: str
) -> None:
    done = scrapy("report", portal, "-s", f"ARCHIVE={archive}", cwd=here)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", f"scrapy report: written to {file}\n")
    assert (here / file).read_text(encoding="utf-8").startswith("<!doctype html>")


def test_page_goes_where_it_is_said_and_takes_the_place_of_the_last_one(
    scrapy: Scrapy, archive: Path, tmp_path: Path
) -> None:
    file = tmp_path / "laporan.html"
    file.write_text("lama")
    done = scrapy("report", PORTAL, "-O", str(file), "-s", f"ARCHIVE={archive}", cwd=ROOT)
    assert (done.returncode, file.read_text(encoding="utf-8")[-8:]) == (0, "</html>\n")
    assert sorted(path.name for path in tmp_path.glob("laporan*")) == ["laporan.html"]


def test_stdout_is_only_the_page(scrapy: Scrapy, archive: Path) -> None:
    done = scrapy("report", PORTAL, "-O", "-", "-s", f"ARCHIVE={archive}", cwd=ROOT)
    assert (done.returncode, done.stderr) == (0, "")
    assert (done.stdout[:15], done.stdout[-8:]) == ("<!doctype html>", "</html>\n")


def test_ledger_is_read_while_another_process_writes(scrapy: Scrapy, archive: Path) -> None:
    before = {path.name: path.stat().st_size for path in archive.glob("ledger.db")}
    with closing(sqlite3.connect(archive / "ledger.db", isolation_level=None)) as other:
        other.execute("PRAGMA wal_autocheckpoint=0")
        other.execute("INSERT INTO portals (portal, accepted) VALUES ('lain', 0)")
        done = scrapy("report", PORTAL, "-O", "-", "-s", f"ARCHIVE={archive}", cwd=ROOT)
    assert done.returncode == 0
    assert {path.name: path.stat().st_size for path in archive.glob("ledger.db")} == before


@pytest.mark.parametrize(
    ("args", "status", "complaint"),
    [
        ([], 2, "name a portal"),
        (["kabar", "lain"], 2, "name one portal, not kabar lain"),
        (["kabr"], 2, "the ledger knows no portal 'kabr' (did you mean kabar?)"),
        (["../kabar"], 2, "the ledger knows no portal '../kabar' (did you mean kabar?)"),
        (["kabar", "-O", "."], 2, "a folder: ."),
        (["kabar", "-O", "tidak/ada.html"], 2, "no such folder: tidak/ada.html"),
        (["kabar", "-O", "laporan.pdf"], 2, "-O laporan.pdf: it is an HTML page: end its name in .html"),
        (["kabar", "-s", "LEDGER="], 2, "there is no ledger: ARCHIVE or LEDGER is empty"),
    ],
)
def test_wrong_call_is_one_line(
    scrapy: Scrapy, archive: Path, here: Path, args: list[str], status: int, complaint: str
) -> None:
    done = scrapy("report", "-s", f"ARCHIVE={archive}", *args, cwd=here)
    assert (done.returncode, done.stdout, done.stderr) == (status, "", f"scrapy report: {complaint}\n")
    assert [path.name for path in here.iterdir()] == ["scrapy.cfg"]


def test_page_stands_in_no_portal_s_archive(scrapy: Scrapy, archive: Path) -> None:
    folder = archive / PORTAL
    folder.mkdir()
    done = scrapy("report", PORTAL, "-O", str(folder / "a.html"), "-s", f"ARCHIVE={archive}", cwd=ROOT)
    assert (done.returncode, [*folder.iterdir()]) == (2, [])
    assert done.stderr == f"scrapy report: {folder / 'a.html'} would stand in the archive: write elsewhere\n"


def test_ledger_that_is_not_there_is_not_made(scrapy: Scrapy, tmp_path: Path, here: Path) -> None:
    done = scrapy("report", PORTAL, "-s", f"ARCHIVE={tmp_path}/kosong", cwd=here)
    assert (done.returncode, (tmp_path / "kosong").exists()) == (1, False)
    assert done.stderr.startswith(f"scrapy report: no ledger at {tmp_path}/kosong/ledger.db: nothing was crawled")


@pytest.mark.slow
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
def test_output_that_takes_nothing_is_one_line(scrapy: Scrapy, archive: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = scrapy("report", PORTAL, "-O", "-", "-s", f"ARCHIVE={archive}", cwd=ROOT, stdout=full)
    assert (done.returncode, done.stderr) == (1, "scrapy report: stdout: No space left on device\n")


@pytest.fixture
def locked(tmp_path: Path) -> Iterator[Path]:
    """A folder in which nothing can be made."""
    folder = tmp_path / "terkunci"
    folder.mkdir()
    folder.chmod(0o500)
    yield folder
    folder.chmod(0o700)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_page_that_cannot_be_written_is_one_line(scrapy: Scrapy, archive: Path, locked: Path) -> None:
    done = scrapy("report", PORTAL, "-O", str(locked / "a.html"), "-s", f"ARCHIVE={archive}", cwd=ROOT)
    assert (done.returncode, done.stderr) == (1, f"scrapy report: {locked / 'a.html'}: Permission denied\n")
