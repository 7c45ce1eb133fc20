"""The portal's time zone: learned before its first article is read, kept, and never changed by what is told later."""

from pathlib import Path

import pytest
from scrapy.http import XmlResponse

from narayacrawl.ledger.database import open_ledger, transaction
from narayacrawl.ledger.portal_timezone import PortalTimezone, kept_timezone, read_kept_timezone, zone_of
from narayacrawl.sources.timezone import agreed, feed_offset, named_zone, read_setting, stated_offset
from tests.conftest import ROOT, Portal, Scrapy
from tests.portals import Crawl, Post, WordPress, crawl


@pytest.mark.parametrize(
    ("setting", "name"),
    [
        ('{"gmt_offset": 8, "timezone_string": "Asia/Makassar"}', "Asia/Makassar"),
        ('{"gmt_offset": "9", "timezone_string": ""}', "Asia/Jayapura"),
        ('{"gmt_offset": 0, "timezone_string": ""}', "UTC"),
        ('{"gmt_offset": 5.5}', "+05:30"),
        ('{"gmt_offset": -3.5}', "-03:30"),
        ('{"timezone_string": "Europe/Amsterdam"}', "Europe/Amsterdam"),
        ('Notice: x\n{"gmt_offset": 8}', "Asia/Makassar"),
        ('{"timezone_string": "Asia/Atlantis"}', None),
        ('{"gmt_offset": 99}', None),
        ('{"gmt_offset": true}', None),
        ('{"gmt_offset": "Infinity"}', None),
        ('{"name": "Kabar"}', None),
        ("[]", None),
        ("<html>", None),
    ],
)
def test_zone_of_a_setting(setting: str, name: str | None) -> None:
    assert read_setting(setting.encode()) == name


@pytest.mark.parametrize(
    ("html", "name"),
    [
        ('<time datetime="2026-01-05T09:00:00+08:00">', "Asia/Makassar"),
        ('<meta property="article:published_time" content="2026-01-05T09:00:00+09:00">', "Asia/Jayapura"),
        ('{"datePublished": "2026-01-05T09:00:00+0800"}', "Asia/Makassar"),
        ('<time datetime="2026-01-05T09:00:00-05:00">', "-05:00"),
        ('"datePublished":"2026-01-05T01:00:00+00:00" <time datetime="2026-01-05T09:00:00+08:00">', "Asia/Makassar"),
        ('<time datetime="2026-01-05T09:00:00+08:00"><time datetime="2026-01-05T09:00:00+07:00">', None),
        ('<time datetime="2026-01-05T09:00:00+00:00">', None),
        ('<time datetime="2026-01-05">', None),
        ("<p>dibuka 2026-01-05T09:00:00+08:00</p>", None),
    ],
)
def test_zone_of_a_pages_metadata(html: str, name: str | None) -> None:
    assert stated_offset(html) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("5 Januari 2026 | 09:00 WITA", "Asia/Makassar"),
        ("Senin, 05/01/2026, pukul 09.00 WIT", "Asia/Jayapura"),
        ("5 Jan 2026 09:00 WITA 6 Jan 2026 09:00 WITA 6 Jan 2026 08:00 WIB", "Asia/Makassar"),
        ("5 Jan 2026 09:00 WITA 6 Jan 2026 08:00 WIB", None),
        ("Gempa terjadi pukul 09:00 WITA", None),
        ("5 Januari 2026 | 09:00", None),
    ],
)
def test_zone_that_a_page_names(text: str, name: str | None) -> None:
    assert named_zone(text) == name


@pytest.mark.parametrize(
    ("date", "name"),
    [
        ("<lastBuildDate>Mon, 05 Jan 2026 09:00:00 +0800</lastBuildDate>", "Asia/Makassar"),
        ("<pubDate>Mon, 05 Jan 2026 09:00:00 +9</pubDate>", "Asia/Jayapura"),
        ("<pubDate>Sen, 5 Jan 2026 09:00 WITA</pubDate>", "Asia/Makassar"),
        ("<dc:date>2026-01-05T09:00:00+08:00</dc:date>", "Asia/Makassar"),
        ("<pubDate>Mon, 05 Jan 2026 01:00:00 +0000</pubDate>", None),
        ("<pubDate>Mon, 05 Jan 2026 01:00:00 GMT</pubDate>", None),
    ],
)
def test_zone_of_a_feed(date: str, name: str | None) -> None:
    assert feed_offset(XmlResponse("https://portal.example/feed/", body=f"<rss>{date}</rss>".encode())) == name


def test_offsets_that_differ_or_are_none_tell_nothing() -> None:
    assert (agreed(["+08:00", "+09:00"]), agreed(["", "Z", "+99:00"])) == (None, None)


def test_first_zone_told_is_kept_and_a_later_one_changes_nothing(tmp_path: Path) -> None:
    connection = open_ledger(f"sqlite:///{tmp_path / 'ledger.db'}")
    first = PortalTimezone(None, connection, "kabar")
    assert (first.name, first.tell("Asia/Makassar"), first.tell("+08:00")) == (None, "learned", "same")
    again = PortalTimezone(None, connection, "kabar")
    assert (again.tell("Asia/Jayapura"), again.name) == ("other", "Asia/Makassar")
    assert PortalTimezone("Asia/Jakarta", connection, "kabar").name == "Asia/Jakarta"
    assert kept_timezone(connection, "kabar") == "Asia/Makassar"
    assert kept_timezone(connection, "warta") is None


def test_ledger_of_an_earlier_day_keeps_a_zone_too(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    with transaction(open_ledger(url)) as connection:
        connection.exec_driver_sql("ALTER TABLE portals DROP COLUMN timezone")
        connection.exec_driver_sql("UPDATE schema SET version = 3")
    PortalTimezone(None, open_ledger(url), "kabar").tell("Asia/Makassar")
    assert read_kept_timezone(url, "kabar") == "Asia/Makassar"


def test_zone_with_summer_time_has_both_offsets() -> None:
    assert [PortalTimezone("Europe/Amsterdam").tell(name) for name in ("+01:00", "+02:00", "+08:00")] == [
        "same", "same", "other",
    ]  # fmt: skip
    assert zone_of("+05:30").utcoffset(None) is not None


# In a crawl

POSTS = [Post(number, date="2026-01-04T23:30:00+00:00") for number in (1, 2, 3)]
LOCAL = {
    "Asia/Jakarta": "2026-01-05T06:30:00+07:00",
    "Asia/Makassar": "2026-01-05T07:30:00+08:00",
    "Asia/Jayapura": "2026-01-05T08:30:00+09:00",
    "UTC": "2026-01-04T23:30:00+00:00",
}
OFFSETS = {"Asia/Makassar": 8, "Asia/Jayapura": 9, "UTC": 0}


def by_setting(site: WordPress, zone: str) -> None:
    root = f'{{"gmt_offset": {OFFSETS[zone]}, "timezone_string": ""}}'
    site.server.add("/wp-json/?_fields=gmt_offset,timezone_string", root, 200, **{"Content-Type": "application/json"})


def by_feed(site: WordPress, zone: str) -> None:
    date = f"<lastBuildDate>Mon, 05 Jan 2026 09:00:00 +0{OFFSETS[zone]}:00</lastBuildDate>"
    item = f"<item><title>a</title><link>{site.at(POSTS[0].path)}</link></item>"
    site.server.add(
        "/feed/",
        f'<rss version="2.0"><channel>{date}{item}</channel></rss>',
        200,
        **{"Content-Type": "application/rss+xml"},
    )


def by_front_page(site: WordPress, zone: str) -> None:
    name = {8: "WITA", 9: "WIT"}[OFFSETS[zone]]
    page = site.server.pages["/"][2]
    site.server.add("/", page.replace("<main", f"<p>5 Januari 2026, 09.00 {name}</p><main"))


def by_article(site: WordPress, zone: str) -> None:
    for post in POSTS:
        meta = f'<meta property="article:modified_time" content="2026-01-05T08:40:00+0{OFFSETS[zone]}:00"></head>'
        site.server.add(post.path, site.article(post).replace("</head>", meta))


def written(done: Crawl) -> set[str]:
    return {record["date"] for record in done.articles}


@pytest.mark.slow
@pytest.mark.parametrize("source", ["auto", "listing"])
@pytest.mark.parametrize(
    ("witness", "zone"),
    [
        *((by_setting, zone) for zone in OFFSETS),
        *(
            (witness, zone)
            for witness in (by_feed, by_front_page, by_article)
            for zone in ("Asia/Makassar", "Asia/Jayapura")
        ),
        (None, "Asia/Jakarta"),
    ],
)
def test_dates_are_in_the_zone_that_the_portal_tells(
    witness: object, zone: str, source: str, portal: Portal, scrapy: Scrapy, tmp_path: Path
) -> None:
    site = WordPress(portal)
    site.open(POSTS)
    if callable(witness):
        witness(site, zone)
    archive = f"ARCHIVE={tmp_path / 'data'}"
    done = crawl(scrapy, portal.url, archive, f"source={source}")
    assert written(done) == {LOCAL[zone]}
    again = crawl(scrapy, portal.url, archive, f"source={source}", "full=1")
    assert (written(again), {record["revision"] for record in again.articles}) == ({LOCAL[zone]}, {1})


@pytest.mark.slow
def test_zone_that_is_told_later_is_reported_and_changes_nothing(
    portal: Portal, scrapy: Scrapy, tmp_path: Path
) -> None:
    site = WordPress(portal)
    site.open(POSTS)
    by_setting(site, "Asia/Makassar")
    archive = f"ARCHIVE={tmp_path / 'data'}"
    assert written(crawl(scrapy, portal.url, archive)) == {LOCAL["Asia/Makassar"]}
    for post in POSTS[1:]:
        meta = '<meta property="article:published_time" content="2026-01-05T08:30:00+09:00"></head>'
        portal.add(post.path, site.article(post).replace("</head>", meta))
    again = crawl(scrapy, portal.url, archive, "full=1")
    assert again.stat("timezone/other") == len(POSTS) - 1
    assert "tells Asia/Jayapura, but it is kept as Asia/Makassar" in again.log
    told = scrapy("explain", portal.url + POSTS[0].path[1:], "-s", archive, cwd=ROOT).stdout
    assert LOCAL["Asia/Makassar"] in told
    assert "Asia/Makassar" in scrapy("ledger", "-s", archive, cwd=ROOT).stdout
