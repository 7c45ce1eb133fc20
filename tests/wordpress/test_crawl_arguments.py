"""The spider's arguments through the real engine: what is written, and what is asked for."""

from pathlib import Path

import pytest

from tests.conftest import Portal, Scrapy
from tests.portals import SECTIONS, Post, WordPress, crawl


@pytest.fixture
def site(portal: Portal) -> WordPress:
    return WordPress(portal)


def articles_asked(site: WordPress) -> list[str]:
    """The paths of articles that were asked for, and of their other pages."""
    return [path for path in site.server.asked if "/perahu-sayur-" in path]


def test_limit_is_met_exactly_and_nothing_else_is_read(scrapy: Scrapy, site: WordPress) -> None:
    site.open(*[[Post(number + 1), Post(number)] for number in range(1, 60, 2)])
    done = crawl(scrapy, site.server.url, "limit=3", "CONCURRENT_REQUESTS_PER_DOMAIN=8")
    pages = [path for path in site.server.asked if path in site.server.pages]
    assert (done.status, len(done.articles), len(articles_asked(site))) == (0, 3, 3)
    assert len(pages) < 15


@pytest.mark.slow
def test_article_that_is_not_written_is_replaced_by_the_next(scrapy: Scrapy, site: WordPress) -> None:
    site.open([Post(number) for number in range(1, 21)])
    for number in (1, 2):
        site.server.add(Post(number).path, "Galat", status=500)
    site.server.add(Post(3).path, site.page("page", "<h1>Tentang Kami</h1><p>Kami menulis dari dermaga.</p>"))
    site.server.add(Post(4).path, site.article(Post(4, date="2020-01-05T09:00:00+07:00")))
    done = crawl(scrapy, site.server.url, "limit=5", "since=2025-01-01", "CONCURRENT_REQUESTS_PER_DOMAIN=8")
    assert len(done.articles) == 5
    assert len(articles_asked(site)) == 5 + len({*articles_asked(site)} & {Post(number).path for number in range(1, 5)})


@pytest.mark.slow
def test_pages_of_a_split_article_count_as_one(scrapy: Scrapy, site: WordPress) -> None:
    def parts(post: int) -> tuple[str, ...]:
        return tuple(f"Bagian {number} dari tulisan nomor {post} tentang dermaga." for number in range(1, 5))

    site.open([Post(number, parts=parts(number)) for number in range(1, 13)])
    done = crawl(scrapy, site.server.url, "limit=3")
    assert (len(done.articles), len(articles_asked(site))) == (3, 12)


# since and until


def test_window_includes_its_first_and_last_day(scrapy: Scrapy, site: WordPress) -> None:
    dates = {
        1: "2026-01-04T23:59:59+07:00",
        2: "2026-01-05T00:00:00+07:00",
        3: "2026-01-06T16:59:00+00:00",  # 23:59 in Jakarta
        4: "2026-01-06T23:59:59+07:00",
        5: "2026-01-07T00:00:00+07:00",
        6: "2026-01-06T17:00:00+00:00",
    }
    site.open([Post(number, date=date) for number, date in dates.items()])
    assert crawl(scrapy, site.server.url, "since=2026-01-05", "until=2026-01-06").ids == [2, 3, 4]


def aging(site: WordPress) -> None:
    """Four pages of posts, a day each from 2 February backwards; beside all of them stands the newest."""
    days = ["2026-02-02", "2026-02-01", "2026-01-31", "2026-01-30", "2026-01-29", "2026-01-28"]
    posts = [Post(number, date=f"{day}T10:00:00+07:00") for number, day in enumerate(days, 1)]
    pages = posts[:2], posts[2:4], posts[4:5], posts[5:]
    site.open(*pages)
    site.list_posts("/", *pages, beside=posts[:1])


def test_since_stops_at_a_listing_of_older_entries(scrapy: Scrapy, site: WordPress) -> None:
    aging(site)
    crawl(scrapy, site.server.url, "since=2026-01-31")
    asked = sorted(path for path in site.server.asked if path.startswith(("/page/", "/ekonomi/")))
    assert asked == [*(Post(number).path for number in (1, 2, 3)), "/page/2/", "/page/3/"]


def test_until_walks_past_newer_entries(scrapy: Scrapy, site: WordPress) -> None:
    aging(site)
    assert crawl(scrapy, site.server.url, "until=2026-01-29").ids == [5, 6]


# section


@pytest.mark.parametrize("section", ["ekonomi", SECTIONS["ekonomi"].upper()], ids=["slug", "name"])
def test_section_is_written_without_what_stands_beside_it(section: str, scrapy: Scrapy, site: WordPress) -> None:
    own, other = [Post(3), Post(2)], Post(9, "daerah")
    site.open([*own, other])
    site.list_posts("/category/daerah/", [other])
    site.list_posts("/category/ekonomi/", own, [Post(1)], beside=[other])
    site.publish(Post(1))
    assert crawl(scrapy, site.server.url, f"section={section}").ids == [1, 2, 3]


# urls


@pytest.mark.slow
@pytest.mark.parametrize("ids", [[1], [1, 3]], ids=["one", "several"])
def test_urls_are_all_that_is_asked_for(ids: list[int], scrapy: Scrapy, site: WordPress) -> None:
    site.open([Post(1), Post(2), Post(3)])
    paths = [Post(number).path for number in ids]
    done = crawl(scrapy, "", f"urls={','.join(map(site.at, paths))}")
    pages = [path for path in site.server.asked if not path.startswith(("/robots.txt", "/wp-json/"))]
    assert (done.ids, sorted(pages)) == (ids, paths)


def test_urls_are_read_from_a_file(scrapy: Scrapy, site: WordPress, tmp_path: Path) -> None:
    site.open([Post(1), Post(2), Post(3)])
    file = tmp_path / "alamat.txt"
    file.write_text(f"# dua berita\n{site.at(Post(1).path)}\n\n{site.at(Post(2).path)}\n", encoding="utf-8")
    assert crawl(scrapy, "", f"urls={file}").ids == [1, 2]


# The rest


def test_job_of_scrapyd_is_taken(scrapy: Scrapy, site: WordPress) -> None:
    site.open([Post(1)])
    assert crawl(scrapy, site.server.url, "_job=6487ec79947edab326d6db28a2d86511e8247444").ids == [1]


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (
            ["sejak=2026-01-05"],
            "unknown argument 'sejak' (known: url, section, since, until, limit, urls, source, full)",
        ),
        (["since=05/01/2026"], "since: '05/01/2026' is no date (YYYY-MM-DD)"),
        (["since=2026-01-06", "until=2026-01-05"], "since=2026-01-06 is after until=2026-01-05"),
        (["limit=0"], "limit: '0' is no number above 0"),
        (["urls=tidak-ada.txt"], "urls: 'tidak-ada.txt' is neither an address nor a readable file"),
        (["url=narayapost.com"], "url: 'narayapost.com' is no http or https address"),
    ],
)
def test_wrong_argument_is_one_line_and_status_2(
    arguments: list[str], line: str, scrapy: Scrapy, site: WordPress
) -> None:
    site.open([Post(1)])
    url = "" if arguments[0].startswith("url=") else site.server.url
    done = crawl(scrapy, url, *arguments, "LOG_LEVEL=ERROR")
    assert (done.status, done.log.count("\n"), site.server.asked) == (2, 1, [])
    assert done.log.startswith(f"scrapy crawl: {line}")


def test_any_portal_spider_needs_an_address(scrapy: Scrapy) -> None:
    done = crawl(scrapy, "", "LOG_LEVEL=ERROR")
    assert (done.status, done.log) == (2, "scrapy crawl: url is missing: -a url=https://portal.example/\n")


# What the portal does not have


@pytest.mark.parametrize("section", ["ekonmi", pytest.param("Kabar Daerah,ekonmi", marks=pytest.mark.slow)])
def test_section_that_is_not_there_is_told_with_those_that_are(section: str, scrapy: Scrapy, site: WordPress) -> None:
    site.open([Post(1)])
    site.list_posts("/category/daerah/", [Post(1)])
    done = crawl(scrapy, site.server.url, f"section={section}")
    line = "section: the portal has no 'ekonmi' (did you mean ekonomi?); there are: daerah, ekonomi"
    assert (done.status, done.last_line) == (2, f"scrapy crawl: {line}")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "told"),
    [
        (Post(1).path, "an article of a portal: crawl the portal with -a url={site}, this article with -a urls={url}"),
        ("/ekonomi/", "a part of a portal: crawl the portal with -a url={site} -a section=ekonomi"),
    ],
)
def test_part_of_a_portal_is_not_crawled_as_the_portal(path: str, told: str, scrapy: Scrapy, site: WordPress) -> None:
    site.open([Post(1)])
    site.server.add("/ekonomi/", site.page("archive category", site.card(Post(1))))
    done = crawl(scrapy, site.at(path))
    line = f"scrapy crawl: url: {site.at(path)} is {told.format(site=site.server.url, url=site.at(path))}"
    assert (done.status, done.last_line, done.articles) == (2, line, [])
    assert site.server.asked == ["/robots.txt", path]


@pytest.mark.slow
def test_portal_in_a_folder_is_crawled(scrapy: Scrapy, portal: Portal) -> None:
    site = WordPress(portal, url=f"{portal.url}berita/", menu=())
    post = Post(1)
    portal.add("/berita/", site.page("home blog", f'<h2><a href="{portal.url}berita{post.path}">{post.title}</a></h2>'))
    portal.add(f"/berita{post.path}", site.article(post, canonical=f"{portal.url}berita{post.path}"))
    done = crawl(scrapy, f"{portal.url}berita/")
    assert (done.status, done.ids) == (0, [1])


@pytest.mark.slow
def test_portal_that_calls_itself_otherwise_is_told_where_to_be_crawled(scrapy: Scrapy, portal: Portal) -> None:
    WordPress(portal).open([Post(1)])
    done = crawl(scrapy, portal.url.replace("127.0.0.1", "localhost"))
    line = f"scrapy crawl: the portal's own links lead to {portal.url}: crawl it with -a url={portal.url}"
    assert (done.status, done.last_line) == (1, line)


@pytest.mark.slow
def test_https_of_an_http_port_is_one_line_without_a_traceback(scrapy: Scrapy, portal: Portal) -> None:
    done = crawl(scrapy, portal.url.replace("http:", "https:"))
    line = f"https is asked of a port that answers http: crawl it with -a url={portal.url}"
    assert (done.status, done.last_line) == (1, f"scrapy crawl: {line}")
    assert "Traceback" not in done.log
