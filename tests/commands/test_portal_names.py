from collections.abc import Collection
from pathlib import Path

import pytest
from scrapy.settings import Settings
from scrapy.spiderloader import SpiderLoader

from narayacrawl.commands.portal_names import find_portal, portal_url, spider_at
from narayacrawl.ledger.database import open_ledger
from narayacrawl.ledger.runs import begin_run

LOADER = SpiderLoader(Settings({"SPIDER_MODULES": ["narayacrawl.spiders"]}))
KNOWN = ("narayapost", "warta-hulu.example", "127.0.0.1:8088")


@pytest.mark.parametrize(
    ("named", "found"),
    [
        ("narayapost", "narayapost"),
        (" narayapost ", "narayapost"),
        ("narayapost.com", "narayapost"),
        ("www.narayapost.com", "narayapost"),
        ("https://narayapost.com/", "narayapost"),
        ("https://www.narayapost.com/ekonomi/harga/", "narayapost"),
        ("warta-hulu.example", "warta-hulu.example"),
        ("http://www.warta-hulu.example", "warta-hulu.example"),
        ("WARTA-HULU.example", "warta-hulu.example"),
        ("http://127.0.0.1:8088/", "127.0.0.1:8088"),
        ("warta-hulu", None),
        ("lain.example", None),
        ("http://127.0.0.1:9/", None),
        ("wordpress", None),  # of two portals
    ],
)
def test_portal_is_found_by_any_of_its_names(named: str, found: str | None) -> None:
    assert find_portal(named, KNOWN, LOADER) == found


@pytest.mark.parametrize(
    ("named", "known", "found"),
    [
        ("127.0.0.1:8088", ["127.0.0.1_8088"], "127.0.0.1_8088"),
        ("narayapost", ["narayapost.com"], "narayapost.com"),
        ("wordpress", ["narayapost", "warta-hulu.example"], "warta-hulu.example"),
    ],
)
def test_portal_that_was_crawled_under_another_name_is_found(
    named: str, known: Collection[str], found: str | None
) -> None:
    assert find_portal(named, known, LOADER) == found


def test_spider_of_a_host_is_found() -> None:
    assert (spider_at("narayapost.com", LOADER), spider_at("warta-hulu.example", LOADER)) == ("narayapost", None)


@pytest.mark.parametrize(
    ("named", "url"),
    [
        ("http://warta-hulu.example/berita/", "http://warta-hulu.example/berita/"),
        ("baru.example", "https://baru.example/"),
        ("localhost:8000", "http://localhost:8000/"),
        ("warta-hulu.example", "http://warta-hulu.example/berita/"),
    ],
)
def test_host_is_crawled_where_its_last_run_was(named: str, url: str, tmp_path: Path) -> None:
    connection = open_ledger(f"sqlite:///{tmp_path}/ledger.db")
    begin_run(connection, "warta-hulu.example", "wordpress", {"url": "http://warta-hulu.example/berita/"})
    connection.close()
    settings = Settings({"ARCHIVE": str(tmp_path), "LEDGER": "sqlite:///%(archive)s/ledger.db"})
    assert portal_url(named, settings) == url
