"""`scrapy ledger`, as it is typed."""

from pathlib import Path

import pytest

from narayacrawl.ledger.database import open_ledger
from narayacrawl.ledger.discovered import LISTING, DiscoveredArticle
from narayacrawl.ledger.identity import FetchedArticles, article_at
from narayacrawl.ledger.ledger import Ledger
from narayacrawl.ledger.runs import begin_run
from tests.archived import article, write_segment
from tests.conftest import ROOT, Scrapy
from tests.warcs import Warc

HOST = "https://narayapost.com/ekonomi"


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """An archive whose ledger knows an article in each state."""
    folder = tmp_path / "data"
    connection = open_ledger(f"sqlite:///{folder}/ledger.db")
    ledger = Ledger(connection, "narayapost", run=begin_run(connection, "narayapost", "narayapost", {}), code="1")
    urls = [f"{HOST}/{name}/" for name in ("menunggu", "selesai", "tertolak", "hilang", "gagal")]
    ledger.record_discovered([DiscoveredArticle(url) for url in urls], LISTING)
    _, written, rejected, gone, failed = (article_at(ledger, url) for url in urls)
    fetched = FetchedArticles(ledger).identify(written, 7, *[urls[1]] * 3).fetched
    assert fetched is not None
    fetched.revision = 1
    ledger.acknowledge([fetched])
    ledger.reject(rejected, "protected")
    ledger.mark_gone(gone)
    ledger.fail(failed, "not read: 500")
    connection.close()
    return folder


@pytest.mark.parametrize(
    ("action", "told"),
    [
        ("pending", f"{HOST}/menunggu/\n"),
        ("gone", f"{HOST}/hilang/\n"),
        ("rejected", f"{HOST}/tertolak/\tprotected\n"),
        ("failed", f"{HOST}/gagal/\tnot read: 500, 1 time, again from "),
    ],
)
def test_articles_in_a_state_are_listed_a_line_each(scrapy: Scrapy, archive: Path, action: str, told: str) -> None:
    done = scrapy("ledger", action, "narayapost", "-s", f"ARCHIVE={archive}", cwd=ROOT)
    assert (done.returncode, done.stdout[: len(told)], done.stdout.count("\n")) == (0, told, 1)


@pytest.mark.parametrize("args", [(), ("status",), ("status", "narayapost")])
def test_status_counts_the_articles_of_each_state(scrapy: Scrapy, archive: Path, args: tuple[str, ...]) -> None:
    done = scrapy("ledger", *args, "-s", f"ARCHIVE={archive}", cwd=ROOT)
    assert done.stdout.splitlines()[1].split()[:6] == ["narayapost", "1", "1", "1", "1", "1"]


def test_forgotten_article_waits_to_be_fetched(scrapy: Scrapy, archive: Path) -> None:
    done = scrapy("ledger", "forget", f"{HOST}/selesai/?utm_source=wa", "-s", f"ARCHIVE={archive}", cwd=ROOT)
    listed = scrapy("ledger", "pending", "-s", f"ARCHIVE={archive}", cwd=ROOT)
    assert (done.returncode, listed.stdout.splitlines()) == (0, [f"{HOST}/menunggu/", f"{HOST}/selesai/"])


def test_removed_article_is_listed_with_its_reason_and_cannot_be_forgotten(scrapy: Scrapy, archive: Path) -> None:
    url, option = f"{HOST}/menunggu/", ("-s", f"ARCHIVE={archive}")
    done = scrapy("ledger", "remove", url, "--why", "diminta  keluarga", *option, cwd=ROOT)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"narayapost: {url} is removed (0 revisions in 0 segments) and will not come back")
    listed = scrapy("ledger", "removed", *option, cwd=ROOT)
    assert listed.stdout.startswith(f"{HOST}/menunggu\tdiminta keluarga, 20")
    forgotten = scrapy("ledger", "forget", url, *option, cwd=ROOT)
    assert (forgotten.returncode, forgotten.stderr) == (1, f"scrapy ledger: {url} was removed for good\n")


@pytest.mark.parametrize(
    ("args", "status", "complaint"),
    [
        (["pendng"], 2, "no such action: pendng (did you mean pending?)"),
        (["gone", "narayapos"], 2, "the ledger knows no portal 'narayapos' (did you mean narayapost?)"),
        (["gone", "a", "b"], 2, "name one portal, not a b"),
        (["forget"], 2, "forget wants one address"),
        (["rebuild"], 2, "rebuild wants one portal"),
        (["remove"], 2, "remove wants one address"),
        (["remove", f"{HOST}/selesai/"], 2, "remove wants a reason: --why REASON"),
        (["remove", "selesai", "--why", "diminta"], 2, "'selesai' is no http or https address"),
        (
            ["remove", "https://lain.example/a/", "--why", "diminta"],
            1,
            "the ledger knows no portal at https://lain.example/a/: crawl one article of it first",
        ),
        (["forget", f"{HOST}/tidak-ada/"], 1, f"the ledger does not know {HOST}/tidak-ada/"),
        (["gone", "-s", "LEDGER="], 2, "there is no ledger: ARCHIVE or LEDGER is empty"),
    ],
)
def test_wrong_call_is_one_line(scrapy: Scrapy, archive: Path, args: list[str], status: int, complaint: str) -> None:
    done = scrapy("ledger", "-s", f"ARCHIVE={archive}", *args, cwd=ROOT)
    assert (done.returncode, done.stderr) == (status, f"scrapy ledger: {complaint}\n")


def test_ledger_that_is_not_there_is_not_made(scrapy: Scrapy, tmp_path: Path) -> None:
    done = scrapy("ledger", "status", "-s", f"ARCHIVE={tmp_path}/kosong", cwd=ROOT)
    assert (done.returncode, (tmp_path / "kosong").exists()) == (1, False)
    assert done.stderr == (
        f"scrapy ledger: no ledger at {tmp_path}/kosong/ledger.db: nothing was crawled with it yet, or -s LEDGER= is"
        " another\n"
    )


def test_rebuilt_ledger_tells_of_kept_pages_and_of_damaged_ones(scrapy: Scrapy, tmp_path: Path) -> None:
    folder = tmp_path / "portal.example"
    write_segment(folder, 1, [article(1), article(2)])
    warc = Warc(folder, 1)
    warc.page(1)
    warc.page(2)
    path = warc.close()  # the run was killed, and its ledger is lost
    path.write_bytes(path.read_bytes() + b"\x1f\x8b\x08")
    words = ("ledger", "rebuild", "portal.example", "-s", f"ARCHIVE={tmp_path}")
    done = scrapy(*words, cwd=ROOT)
    assert (done.returncode, done.stdout) == (
        0,
        "portal.example: 2 articles from 1 segment, their pages from 1 file\n",
    ), done.stderr
    [sealed] = (folder / "warc").glob("*.warc.gz")
    sealed.write_bytes(sealed.read_bytes()[:-9])
    for own in tmp_path.glob("ledger.db*"):
        own.unlink()
    done = scrapy(*words, cwd=ROOT)
    assert done.returncode == 1
    assert f"damaged, and their pages not in the ledger: {sealed}:{warc.offsets[-1]}: scrapy audit" in done.stderr


def test_files_of_kept_pages_that_no_article_needs_are_deleted(scrapy: Scrapy, archive: Path) -> None:
    done = scrapy("ledger", "prune", "narayapost", "-s", f"ARCHIVE={archive}", cwd=ROOT)
    line = "narayapost: 0 files of kept pages deleted; 0 files with the newest page of an article left\n"
    assert (done.returncode, done.stdout) == (0, line)
