"""Whatever reads what strangers wrote, given what nobody would write: no exception but those it tells of."""

import json
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from scrapy import Request
from scrapy.http import Headers, HtmlResponse, Response

import narayacrawl
from narayacrawl.downloader.fetch import answered_at, conditional_headers, read_http_date
from narayacrawl.downloader.politeness import read_retry_after
from narayacrawl.items import article_schema
from narayacrawl.language.dates import parse_date
from narayacrawl.pages import ListingPage
from narayacrawl.sources.feed_parser import read_feed
from narayacrawl.sources.rest_parser import RestPost, local_date, read_posts
from narayacrawl.sources.sitemap_parser import read_sitemap, sitemap_urls
from tests.portals import Post, WordPress

URL: Final = "https://portal.example/ekonomi/perahu-sayur-1/"
UNSEEN: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
VALIDATOR: Final = Draft202012Validator(article_schema())
JAKARTA: Final = ZoneInfo("Asia/Jakarta")

FEW: Final = 15
MANY: Final = 400
PLENTY: Final = pytest.param(MANY, marks=pytest.mark.slow)
amounts = pytest.mark.parametrize("examples", [FEW, PLENTY])

# What readers look at, to be put together wrongly.
TAGS: Final = (
    "<article>",
    "</article>",
    "<p>",
    "</p>",
    "<div class='entry-content'>",
    "</div>",
    "<h1 class='entry-title'>",
    "</h1>",
    "<time datetime='",
    "'>",
    "<time class='entry-date'>",
    "</time>",
    "<script type='application/ld+json'>",
    "</script>",
    "<meta property='article:published_time' content='",
    "<link rel='canonical' href='",
    "<a href='",
    "</a>",
    "<img src='",
    "<figure><figcaption>",
    "</figure>",
    "<table><tr><td>",
    "</table>",
    "<body class='postid-",
    "<ul><li>",
    "</ul>",
    "<base href='",
    "BACA JUGA: ",
    "Editor: ",
    "JAKARTA, Kabar - ",
    "Halaman 1 2",
    "(*)",
    "&nbsp;",
    "&#x202e;",
    "&#0;",
    "&",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "{",
    "}",
    "[",
    "]",
    '"@type":"NewsArticle"',
    '"datePublished":"',
    '"articleBody":',
    ",",
    ":",
    '"',
    "\\ud800",
)
WORDS: Final = (
    "Senin, 5 Januari 2026 | 09:00 WIB",
    "31/02/2025 25:61",
    "2026-01-05T09:00:00+07:00",
    "0000-00-00",
    "9" * 30,
    "-1",
    "1e999",
    "5 menit yang lalu",
    "kemarin",
    "http://[::1]a/",
    "//x",
    "javascript:a",
    "/page/2/",
    "?p=1",
    "utf-7",
    "id-ID",
    "\u202e",
    "\x1b[31m",
    "\x00",
    "\ud800",
    "e\u0301\u0323",
    "١٢",
    "Perahu sayur bersandar sebelum subuh di dermaga lama.",
)
pieces = st.lists(st.one_of(st.sampled_from(TAGS), st.sampled_from(WORDS), st.text(max_size=20)), max_size=60)
texts = pieces.map("".join)
bodies = st.one_of(texts.map(lambda text: text.encode("utf-8", "surrogatepass")), st.binary(max_size=200))
values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.sampled_from(WORDS), st.text(max_size=8)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(("rendered", "id", "name", "source_url", "taxonomy", "caption")), inner, max_size=3
        ),
    ),
    max_leaves=8,
)
FIELDS: Final = (
    "id",
    "link",
    "date",
    "date_gmt",
    "modified",
    "modified_gmt",
    "title",
    "content",
    "excerpt",
    "_embedded",
    "categories",
    "wp:term",
    "wp:featuredmedia",
    "author",
    "type",
    "status",
)
posts = st.lists(st.one_of(values, st.dictionaries(st.sampled_from(FIELDS), values)), max_size=4)


def tried(examples: int, strategy: st.SearchStrategy[Any], read: Callable[[Any], object]) -> None:
    """Read so many examples; a `ValueError` refuses one where the reader tells of it."""

    @settings(max_examples=examples)
    @given(strategy)
    def check(value: Any) -> None:
        with suppress(ValueError):
            read(value)

    check()


def strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    return [text for part in parts for text in strings(part)]


def extracted(page: str | bytes) -> None:
    """A page is read, and what comes out is valid."""
    try:
        record = asdict(narayacrawl.extract(page, URL, fetched_at="2026-01-05T03:00:00+00:00"))
    except ValueError as error:
        raise AssertionError("it never refuses a page") from error
    if record["date"] is None:
        record["date"] = "2026-01-05T03:00:00+00:00"
    VALIDATOR.validate(record)
    assert [text for text in strings(record) if UNSEEN.search(text)] == []


@amounts
def test_extract_reads_anything(examples: int) -> None:
    tried(examples, bodies, extracted)


@amounts
def test_extract_reads_an_article_with_anything_in_it(examples: int) -> None:
    article = WordPress(None, "https://portal.example/").article(Post(1))  # type: ignore[arg-type]
    head, body = article.partition("<h1")[::2]
    tried(examples, texts, lambda text: extracted(f"{head}{text}<h1{body}"))


@amounts
def test_a_listing_reads_anything(examples: int) -> None:
    def read(body: bytes) -> None:
        page = ListingPage(
            HtmlResponse("https://portal.example/", body=body, encoding="utf-8").selector, "https://portal.example/"
        )
        assert [entry.url for entry in page.entries if UNSEEN.search(entry.url)] == []

    tried(examples, bodies, read)


@amounts
def test_dates_are_read_or_refused(examples: int) -> None:
    def read(text: str) -> None:
        assert parse_date(text, JAKARTA, now=datetime(2026, 1, 5, tzinfo=UTC)).tzinfo

    tried(examples, st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=12)), max_size=3).map(" ".join), read)


@amounts
def test_a_feed_reads_anything(examples: int) -> None:
    names = st.sampled_from(
        ("<rss><channel>", "<item>", "</item>", "<link>", "</link>", "<guid>", "<pubDate>", "<feed>", "<entry>")
    )
    told = st.lists(st.one_of(names, st.sampled_from(WORDS)), max_size=20).map("".join)
    tried(
        examples,
        st.one_of(bodies, told.map(lambda text: text.encode("utf-8", "surrogatepass"))),
        lambda body: strings([article.url for article in read_feed(body, "https://portal.example/feed/")]),
    )


@amounts
def test_a_sitemap_reads_anything(examples: int) -> None:
    names = st.sampled_from(
        ("<urlset>", "<url>", "</url>", "<loc>", "</loc>", "<lastmod>", "<sitemapindex>", "<sitemap>", "\n", "#")
    )
    told = st.lists(st.one_of(names, st.sampled_from(WORDS)), max_size=20).map("".join)
    tried(
        examples,
        st.one_of(bodies, told.map(lambda text: text.encode("utf-8", "surrogatepass"))),
        lambda body: read_sitemap(body, "https://portal.example/sitemap.xml"),
    )


@amounts
def test_posts_of_the_api_are_read_or_counted(examples: int) -> None:
    def read(told: Any) -> None:
        body = json.dumps(told).encode()
        found, malformed = read_posts(body)
        assert (all(isinstance(post, RestPost) for post in found), malformed >= 0) == (True, True)

    tried(examples, posts, read)


@amounts
def test_an_api_reads_anything(examples: int) -> None:
    tried(examples, bodies, read_posts)


@amounts
def test_dates_of_the_api_are_read_or_refused(examples: int) -> None:
    tried(examples, st.one_of(st.sampled_from(WORDS), st.text(max_size=30)), local_date)


@amounts
def test_robots_read_anything(examples: int) -> None:
    lines = st.lists(
        st.one_of(
            st.sampled_from(("Sitemap: ", "Sitemap : ", "\r", "\n", "#", " ", "User-agent: *")), st.sampled_from(WORDS)
        ),
        max_size=20,
    ).map("".join)
    tried(
        examples,
        st.one_of(bodies, lines.map(lambda text: text.encode("utf-8", "surrogatepass"))),
        lambda body: sitemap_urls(body, "https://portal.example/"),
    )


@amounts
def test_headers_read_anything(examples: int) -> None:
    texts = st.one_of(
        st.sampled_from(("Fri, 31 Dec 9999 23:59:59 -1200", "9" * 400, "-5", "1e999", "W/", '"a"')),
        st.binary(max_size=30),
    )

    def read(told: tuple[bytes | str, ...]) -> None:
        names = ("Date", "Age", "Retry-After", "ETag", "Last-Modified")
        named = Headers({name: value for name, value in zip(names, told, strict=True) if value})
        response = Response("https://portal.example/", 429, headers=named, request=Request("https://portal.example/"))
        assert datetime.fromisoformat(answered_at(response)).year < 2101
        read_retry_after(response)
        conditional_headers(*(value.decode("latin-1") if isinstance(value, bytes) else value for value in told[3:]))
        read_http_date(told[0].decode("latin-1") if isinstance(told[0], bytes) else told[0])

    tried(examples, st.tuples(*[texts] * 5), read)
