import re
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from narayacrawl.spiders.narayapost import NarayapostSpider
from narayacrawl.spiders.wordpress import WordpressSpider
from narayacrawl.wordpress import WordPressSpider
from narayacrawl.wordpress.arguments import Arguments

JAKARTA = ZoneInfo("Asia/Jakarta")
KNOWN = "url, section, since, until, limit, urls, source, full"
A, B = "https://portal.example/a/", "https://portal.example/b/"


def test_without_arguments_everything_is_wanted() -> None:
    none = Arguments.parse({})
    assert (none.url, none.section, none.since, none.until, none.limit, none.urls) == (None, [], None, None, None, [])
    assert none.source == ["auto"]


@pytest.mark.parametrize(
    ("name", "given", "value"),
    [
        ("url", "https://portal.example", "https://portal.example/"),
        ("url", " http://portal.example/berita/ ", "http://portal.example/berita/"),
        ("url", "http://portal.example/index.php", "http://portal.example/"),
        ("since", " 2025-12-14 ", date(2025, 12, 14)),
        ("section", "ekonomi", ["ekonomi"]),
        ("section", " ekonomi, daerah ,,", ["ekonomi", "daerah"]),
        ("section", "", []),
        ("source", "rest, listing", ["rest", "listing"]),
        ("since", "2025-12-14", date(2025, 12, 14)),
        ("until", "2025-12-14", date(2025, 12, 14)),
        ("limit", "3", 3),
        ("urls", A, [A]),
        ("urls", f"{A}, {B}", [A, B]),
        ("urls", [A], [A]),
        ("_job", "2025-12-14T00_00", "2025-12-14T00_00"),
        ("_version", "1765846800", "1765846800"),
    ],
)
def test_reads_an_argument(name: str, given: object, value: object) -> None:
    assert getattr(Arguments.parse({name: given}), name.removeprefix("_")) == value


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ({"url": "portal.example"}, "url: 'portal.example' is no http or https address"),
        ({"url": "ftp://portal.example/"}, "url: 'ftp://portal.example/' is no http or https address"),
        ({"url": "https://"}, "url: 'https://' is no http or https address"),
        ({"url": "https://../"}, "url: 'https://../' is no http or https address"),
        (
            {"url": "https://portal.example\\..\\"},
            "url: 'https://portal.example\\\\..\\\\' is no http or https address",
        ),
        ({"since": "kemarin"}, "since: 'kemarin' is no date (YYYY-MM-DD)"),
        ({"until": "14/12/2025"}, "until: '14/12/2025' is no date (YYYY-MM-DD)"),
        ({"until": "2025-02-30"}, "until: '2025-02-30' is no date (YYYY-MM-DD)"),
        ({"limit": "0"}, "limit: '0' is no number above 0"),
        ({"limit": "-2"}, "limit: '-2' is no number above 0"),
        ({"limit": "tiga"}, "limit: 'tiga' is no number above 0"),
        ({"source": "api"}, "source: 'api' is none of auto, rest, sitemap, feed, listing"),
        ({"source": ""}, "source names no source"),
        (
            {"source": "sitemap", "section": "a"},
            "source=sitemap cannot tell sections: leave out section, or name another source",
        ),
        ({"limit": "2.5"}, "limit: '2.5' is no number above 0"),
        ({"urls": f"{A},portal"}, "urls: 'portal' is no http or https address"),
        (
            {"sections": "a"},
            "unknown argument 'sections' (known: url, section, since, until, limit, urls, source, full)",
        ),
        ({"since": "2025-12-15", "until": "2025-12-14"}, "since=2025-12-15 is after until=2025-12-14"),
        (
            {"url": "https://portal.example/berita/kategori/pasar/mikro/page/2/"},
            "url: https://portal.example/berita/kategori/pasar/mikro/page/2/ is a part of a portal:"
            " -a url=https://portal.example/berita/ -a section=mikro",
        ),
        (
            {"url": "https://portal.example/2025/12/"},
            "url: https://portal.example/2025/12/ is a part of a portal: -a url=https://portal.example/",
        ),
        (
            {"url": "https://portal.example/feed/"},
            "url: https://portal.example/feed/ is a part of a portal: -a url=https://portal.example/",
        ),
        (
            {"url": "https://portal.example/?p=7"},
            "url: https://portal.example/?p=7 is a page of a portal: give the portal, url=https://portal.example/,"
            " or the page as urls=",
        ),
        ({"limit": "0", "since": "x"}, "since: 'x' is no date (YYYY-MM-DD); limit: '0' is no number above 0"),
    ],
)
def test_a_wrong_argument_is_one_clear_line(arguments: dict[str, str], complaint: str) -> None:
    with pytest.raises(ValueError) as error:  # noqa: PT011 (compared as a whole)
        Arguments.parse(arguments)
    assert str(error.value) == complaint


def test_reads_addresses_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "addresses.txt"
    path.write_text(f"\ufeff{A}\n\n  # old ones\n  {B}  \r\n", encoding="utf-8")
    assert Arguments.parse({"urls": str(path)}).urls == [A, B]


@pytest.mark.parametrize("content", [b"", b"\n# nothing\n", b"\xff\xfe\x00"])
def test_a_file_without_readable_addresses_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "addresses.txt"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"names no address|neither an address nor a readable file"):
        Arguments.parse({"urls": str(path)})


@pytest.mark.parametrize("name", ["missing.txt", ""])
def test_a_file_that_is_not_there_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="neither an address nor a readable file"):
        Arguments.parse({"urls": str(tmp_path / name)})


def test_the_window_begins_and_ends_at_local_midnight_the_last_day_included() -> None:
    start, end = Arguments.parse({"since": "2025-12-13", "until": "2025-12-14"}).scope().window(JAKARTA)
    assert [start and start.isoformat(), end and end.isoformat()] == [
        "2025-12-13T00:00:00+07:00",
        "2025-12-15T00:00:00+07:00",
    ]


def test_the_window_is_open_where_no_day_is_given() -> None:
    assert Arguments.parse({}).scope().window(JAKARTA) == (None, None)


def test_a_window_of_one_day_is_allowed() -> None:
    assert Arguments.parse({"since": "2025-12-14", "until": "2025-12-14"}).since == date(2025, 12, 14)


def test_the_window_may_reach_to_the_end_of_the_calendar() -> None:
    assert Arguments.parse({"until": "9999-12-31"}).scope().window(JAKARTA) == (None, None)


@pytest.mark.parametrize(
    ("spider", "arguments", "host"),
    [
        (NarayapostSpider, {}, "narayapost.com"),
        (NarayapostSpider, {"url": "https://cermin.example/"}, "cermin.example, narayapost.com"),
        (WordpressSpider, {"url": "https://portal.example/"}, "portal.example"),
        (WordpressSpider, {"url": "http://localhost:8000/"}, "localhost:8000"),
    ],
)
def test_articles_of_another_host_are_refused(
    spider: type[WordPressSpider], arguments: dict[str, str], host: str
) -> None:
    complaint = f"urls: http://127.0.0.1:8000/a/ is not of this portal, whose host is {host}"
    with pytest.raises(ValueError, match=f"^{re.escape(complaint)}$"):
        spider.check_arguments(arguments | {"urls": "http://127.0.0.1:8000/a/"})


@pytest.mark.parametrize(
    "arguments",
    [
        {"urls": "https://www.narayapost.com/a/"},
        {"url": "https://cermin.example/", "urls": "https://narayapost.com/a/,http://cermin.example/b/"},
    ],
)
def test_articles_of_the_portal_and_of_its_mirror_are_taken(arguments: dict[str, str]) -> None:
    NarayapostSpider.check_arguments(arguments)


def test_arguments_that_are_scrapyds_own_are_not_described() -> None:
    described = [line.partition("=")[0] for line in Arguments.describe().splitlines() if line.startswith("-a ")]
    assert ", ".join(name.removeprefix("-a ") for name in described) == KNOWN
