"""`scrapy ledger remove` between crawls of the real spider, an audit, a search and an export."""

import json
from pathlib import Path

import pytest

from tests.conftest import ROOT, Portal, Scrapy
from tests.portals import Post, WordPress, crawl

pytestmark = pytest.mark.slow


def test_removed_article_does_not_come_back(scrapy: Scrapy, portal: Portal, tmp_path: Path) -> None:
    site = WordPress(portal)
    posts = [Post(number) for number in (3, 2, 1)]
    site.open(posts)
    archive, folder = f"ARCHIVE={tmp_path / 'data'}", tmp_path / "data" / "narayapost"

    def run(*args: str) -> list[int]:
        portal.asked.clear()
        done = crawl(scrapy, portal.url, archive, *args, spider="narayapost")
        assert done.status == 0, done.log
        return done.ids

    def found() -> list[str]:
        done = scrapy("search", "narayapost", f'"{posts[1].title}"', "-O", "-", "-s", archive, cwd=ROOT)
        return [json.loads(line)["title"] for line in done.stdout.splitlines()]

    assert run() == [1, 2, 3]
    assert found() == [posts[1].title]
    address = site.at(posts[1].path)
    done = scrapy("ledger", "remove", address, "--why", "diminta", "-s", archive, cwd=ROOT)
    assert "(1 revision in 1 segment)" in done.stdout, done.stderr
    assert found() == []
    assert (run(), run("full=1")) == ([], [1, 3])
    assert posts[1].path not in portal.asked
    # Nor by an address that nobody knew, by which the page tells the same id and canonical address.
    portal.add("/daerah/perahu-sayur-2/", site.article(posts[1]))
    cards = [*map(site.card, posts), site.card(posts[1], "/daerah/perahu-sayur-2/")]
    portal.add("/", site.listing(cards))
    assert (run(), run("full=1")) == ([], [1, 3])
    told = scrapy("audit", "narayapost", "-a", f"url={portal.url}", "-s", archive, "-s", "DOWNLOAD_DELAY=0", cwd=ROOT)
    assert (told.returncode, told.stdout) == (0, "")
    output = tmp_path / "articles.jsonl"
    scrapy("export", "narayapost", "-O", str(output), "-s", archive, cwd=ROOT)
    assert output.read_text().count("\n") == 2
    assert posts[1].title not in output.read_text()
    assert found() == []
    for path in (tmp_path / "data").glob("ledger.db*"):
        path.unlink()
    scrapy("ledger", "rebuild", "narayapost", "-s", archive, cwd=ROOT)
    assert (run(), run("full=1")) == ([], [1, 3])
    assert not [path for path in folder.iterdir() if path.name != "removed.json" and b"nomor 2" in path.read_bytes()]
