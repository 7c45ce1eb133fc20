"""What the exit status of the real spider says of a crawl, by the whole way from the server to the shell."""

import os
from pathlib import Path

import pytest

from tests.conftest import ROOT, Portal, Scrapy
from tests.portals import Post, WordPress, crawl

BROKEN_PORTAL = """
from narayacrawl.pages import ArticlePage
from narayacrawl.wordpress import WordPressSpider


class BrokenArticlePage(ArticlePage):
    @property
    def title(self):
        raise LookupError("tema berubah")


class BrokenSpider(WordPressSpider):
    name = "broken"
    article_page = BrokenArticlePage
"""


@pytest.fixture
def site(portal: Portal) -> WordPress:
    """A portal of three posts."""
    site = WordPress(portal)
    site.open([Post(3), Post(2)], [Post(1)])
    return site


def test_good_crawl_ends_with_status_0(scrapy: Scrapy, site: WordPress) -> None:
    assert crawl(scrapy, site.server.url).status == 0


def test_empty_window_ends_with_status_0(scrapy: Scrapy, site: WordPress) -> None:
    done = crawl(scrapy, site.server.url, "until=2001-01-01")
    assert (done.status, done.articles) == (0, [])


@pytest.mark.slow
def test_window_newer_than_every_post_ends_with_status_0(scrapy: Scrapy, site: WordPress) -> None:
    done = crawl(scrapy, site.server.url, "since=2030-01-01")
    assert (done.status, done.articles) == (0, [])


def test_one_article_of_thirty_that_fails_is_logged_and_good(scrapy: Scrapy, site: WordPress) -> None:
    site.open([Post(number) for number in range(1, 31)])
    site.server.add(Post(7).path, "Galat", status=500)
    done = crawl(scrapy, site.server.url)
    assert (done.status, len(done.articles)) == (0, 29)
    assert f"ERROR: article not read (500): {site.at(Post(7).path)}" in done.log


def failing(scrapy: Scrapy, url: str, *args: str) -> str:
    """Why a crawl that ends with status 1 says it failed."""
    done = crawl(scrapy, url, *args)
    assert done.status == 1
    return done.last_line.removeprefix("scrapy crawl: ")


def test_unreachable_portal_fails(scrapy: Scrapy) -> None:
    assert failing(scrapy, "http://127.0.0.1:9/").startswith("unreachable: no page was answered")


def test_portal_that_refuses_every_page_fails(scrapy: Scrapy, site: WordPress) -> None:
    for path in site.server.pages:
        site.server.add(path, "Ditolak", status=403)
    assert failing(scrapy, site.server.url).startswith("blocked: 1 of 1 answers were 403: set NARAYACRAWL_CONTACT")


@pytest.mark.slow
def test_portal_that_refuses_after_the_first_pages_fails(scrapy: Scrapy, site: WordPress) -> None:
    for path in (Post(1).path, Post(2).path, "/page/2/"):
        site.server.add(path, "Ditolak", status=403)
    assert failing(scrapy, site.server.url).startswith("1 listing could not be fetched (")


def test_portal_that_refuses_its_articles_fails(scrapy: Scrapy, site: WordPress) -> None:
    for post in (Post(1), Post(2), Post(3)):
        site.server.add(post.path, "Ditolak", status=403)
    assert failing(scrapy, site.server.url).startswith("3 of 3 articles lost: 3 failed (3 status 403")


def test_portal_that_robots_txt_forbids_fails(scrapy: Scrapy, site: WordPress) -> None:
    site.server.add("/robots.txt", "User-agent: *\nDisallow: /\n")
    assert failing(scrapy, site.server.url) == "blocked by robots.txt: it forbids all of 1 page asked for"


def test_front_page_without_article_links_fails(scrapy: Scrapy, site: WordPress) -> None:
    site.server.add("/", site.page("home blog", "<p>Situs sedang dirawat.</p>"))
    assert failing(scrapy, site.server.url) == "listing without links: 1"


@pytest.mark.slow
def test_page_class_that_crashes_fails(scrapy: Scrapy, site: WordPress, tmp_path: Path) -> None:
    (tmp_path / "broken_portal.py").write_text(BROKEN_PORTAL, encoding="utf-8")
    path = {"PYTHONPATH": f"{ROOT}{os.pathsep}{tmp_path}"}
    done = crawl(scrapy, site.server.url, "SPIDER_MODULES=broken_portal", spider="broken", env=path)
    assert (done.status, done.last_line) == (1, "scrapy crawl: the spider raised 3 errors (3 LookupError): see the log")


# Output


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
def test_full_disk_fails(scrapy: Scrapy, site: WordPress) -> None:
    done = crawl(scrapy, site.server.url, output="/dev/full")
    assert (done.status, done.last_line) == (1, "scrapy crawl: output failed: No space left on device: /dev/full")


@pytest.mark.slow
def test_output_path_that_is_a_folder_fails(scrapy: Scrapy, site: WordPress, tmp_path: Path) -> None:
    done = crawl(scrapy, site.server.url, output=str(tmp_path))
    assert (done.status, done.last_line) == (1, f"scrapy crawl: output failed: Is a directory: {tmp_path}")
