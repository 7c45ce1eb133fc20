import json
from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st
from itemadapter import ItemAdapter
from jsonschema import Draft202012Validator

from narayacrawl import Article, Image, RelatedLink, extract

URL = "https://portal.example/daerah/pasar-terapung/"
TITLE = "Pasar Terapung Pindah Jam"
TEXT = "Pedagang di muara mulai berjualan pukul empat pagi sejak air pasang datang lebih awal."
PAGE = f"""<!doctype html><html lang="id-ID"><head><title>{TITLE} - NarayaPost</title>
<meta property="og:site_name" content="NarayaPost"><meta name="description" content="Jam baru di muara.">
<meta property="article:modified_time" content="2025-12-15T01:00:00+00:00"></head>
<body class="single postid-31"><nav class="breadcrumbs"><a href="/">Beranda</a><a href="/daerah/">Daerah</a></nav>
<article><h1>{TITLE}</h1><time datetime="2025-12-14T14:35:12+00:00"></time><span class="author">Sari Wulandari</span>
<figure><img class="wp-post-image" src="/a.jpg"><figcaption>Perahu merapat. Foto: Bayu</figcaption></figure>
<div class="entry-content"><p><strong>BANJARMASIN, NarayaPost</strong> – {TEXT}</p>
<p>BACA JUGA: <a href="/feri/">Feri Berhenti Sehari</a></p><h2>Jam baru</h2><ul><li>pagi</li><li>siang</li></ul>
<p>Warga <em>senang</em>. (*)</p><p>Editor: Rina</p></div>
<div class="tags-links"><a rel="tag" href="/tag/sungai/">sungai</a></div></article></body></html>"""
SCHEMA = ItemAdapter.get_json_schema(Article)
FRAGMENTS = [
    "<html lang='id'>", "<body class='single'>", "<h1>", "</h1>", "<p>", "</p>", "<div class='entry-content'>",
    "<table>", "</div>", "<td>", "</table>", "<a href='http://[x'>", "<a rel='tag' href='/x'>", "</a>", "<br>",
    "<img src='//['>",
    "<time datetime='2025-13-40'>", "<li>", "<ol>", "<b>", "</b>", "<!--", "-->", "<![CDATA[", "<?php", "kata", "&#0;",
    "<figure>", "<figcaption>", "NarayaPost – ", "(*)", "Baca juga: ", "Editor: ", "14/12/2025", "\x00", "<svg>", "²",
    "<img width='²'>", "<body class='postid-²'>", "<a href='?page=%C2%B2'>2</a>", "<link rel='shortlink' href='/?p=²'>",
    '<link rel="canonical" href="http://[x">', '<meta property="og:image" content="http://[x">', "<title>", "<script>",
    '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "\\ud800", "author": [{}]}</script>',
]  # fmt: skip
MARKUP = st.lists(st.sampled_from(FRAGMENTS)).map("".join)
PLACES = st.integers(0, len(PAGE))
DAMAGED = st.builds(lambda start, markup, end: PAGE[:start] + markup + PAGE[end:], PLACES, MARKUP, PLACES)


def assert_is_a_record(article: Article) -> None:
    """The article fits the schema of the record and can be written."""
    Draft202012Validator(SCHEMA).validate(json.loads(json.dumps(asdict(article), ensure_ascii=False).encode()))


def test_gives_the_whole_record_of_a_page() -> None:
    assert extract(PAGE, f"{URL}?utm_source=x", fetched_at="2025-12-16T00:00:00+00:00") == Article(
        url=URL,
        id=31,
        portal="portal.example",
        site_name="NarayaPost",
        title=TITLE,
        description="Jam baru di muara.",
        standfirst=None,
        date="2025-12-14T21:35:12+07:00",
        date_precision="second",
        modified="2025-12-15T08:00:00+07:00",
        authors=["Sari Wulandari"],
        editors=["Rina"],
        section="Daerah",
        sections=["Daerah"],
        tags=["sungai"],
        dateline="BANJARMASIN, NarayaPost",
        body=f"{TEXT}\n\nJam baru\n\npagi\n\nsiang\n\nWarga senang.",
        body_html=f"<p>{TEXT}</p>\n<h2>Jam baru</h2>\n<ul><li>pagi</li><li>siang</li></ul>\n"
        "<p>Warga <em>senang</em>.</p>",
        words=20,
        images=[Image("https://portal.example/a.jpg", "Perahu merapat.", "Bayu")],
        media=[],
        related=[RelatedLink("Feri Berhenti Sehari", "https://portal.example/feri/")],
        language="id-ID",
        free=None,
        revision=1,
        change="first",
        fetched_at="2025-12-16T00:00:00+00:00",
    )


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-8", ""),
        ("utf-8", '<meta charset="utf-8">'),
        ("utf-8-sig", ""),
        ("utf-16", ""),
        ("windows-1252", '<meta charset="windows-1252">'),
        ("windows-1252", '<meta charset="iso-8859-1">'),
        ("windows-1251", '<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">'),
        ("gb18030", '<meta charset="gb2312">'),
    ],
)
def test_reads_bytes_in_the_encoding_that_they_declare(encoding: str, declared: str) -> None:
    title = {"windows-1251": "Рынок", "gb18030": "水上市场"}.get(encoding, "Kafé Apung")
    html = f"<html><head>{declared}<title>{title}</title></head><body><h1>{title}</h1></body></html>"
    assert extract(html.encode(encoding), URL).title == title


def test_the_encoding_that_is_given_goes_before_the_declared_one() -> None:
    html = '<html><head><meta charset="utf-8"><title>Kafé Apung</title></head><body><h1>Kafé Apung</h1></body></html>'
    assert extract(html.encode("windows-1252"), URL, encoding="windows-1252").title == "Kafé Apung"


@pytest.mark.parametrize(
    "html", ["", b"", " \n", "<!-- -->", "<html></html>", "<?xml version='1.0'?>", "\x00", b"\x89PNG\r\n"]
)
def test_an_empty_page_is_an_empty_record(html: str | bytes) -> None:
    article = extract(html, URL)
    assert (article.url, article.title, article.date, article.body, article.language) == (URL, "", None, "", "und")


def test_a_date_that_nobody_can_read_is_none() -> None:
    assert extract(PAGE.replace("2025-12-14T14:35:12+00:00", "segera"), URL).date is None


@pytest.mark.parametrize(
    ("fetched_at", "date"), [("2025-12-14T15:00:00+00:00", "2025-12-14T20:00:00+07:00"), (None, None)]
)
def test_a_relative_date_needs_the_moment_of_fetching(fetched_at: str | None, date: str | None) -> None:
    html = f"<html lang='id'><h1>{TITLE}</h1><span class='post-date'>2 jam lalu</span><p>{TEXT}</p></html>"
    assert extract(html, URL, fetched_at=fetched_at).date == date


def test_an_article_of_images_only_has_an_empty_body() -> None:
    html = f'<body class="single"><h1>{TITLE}</h1><div class="entry-content"><img src="/a.jpg"><img src="/b.jpg"></div>'
    article = extract(html, URL)
    assert (article.body, article.body_html, len(article.images)) == ("", "", 2)


@pytest.mark.parametrize("html", [PAGE, "", f"<h1>{TITLE}</h1>"])
def test_every_record_fits_the_schema(html: str) -> None:
    assert_is_a_record(extract(html, URL))


def test_the_schema_explains_every_field() -> None:
    assert [name for name, field in SCHEMA["properties"].items() if not field.get("description")] == []


@given(st.binary(max_size=200) | MARKUP | DAMAGED)
def test_any_page_is_a_record(html: str | bytes) -> None:
    assert_is_a_record(extract(html, URL))
