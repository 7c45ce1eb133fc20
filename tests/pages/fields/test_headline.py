"""The headline among headings and metadata that say other things, and the names of site and section around it."""

import json

import pytest
from parsel import Selector

from narayacrawl.pages.article import ArticlePage

URL = "https://www.portal.example/daerah/dermaga-kayu/"
TITLE = "Dermaga Kayu Sungai Kapuas Diperbaiki"
TEXT = "Tukang kayu mengganti papan dermaga yang lapuk sejak awal pekan, dibantu anak buah kapal yang menunggu muatan."


def read(body: str, head: str = "") -> ArticlePage:
    page = f"<html lang='id'><head>{head}</head><body class='single'>{body}<div><p>{TEXT}</p></div></body></html>"
    return ArticlePage(Selector(text=page, type="html"), URL)


def og(title: str) -> str:
    return f'<meta property="og:title" content="{title}">'


def headline(title: str) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", "headline": title})}</script>'


@pytest.mark.parametrize(
    "heading",
    [
        f'<h1><span class="kicker">Daerah</span> {TITLE}</h1>',
        f'<h1><span class="entry-title__toptitle">Daerah</span>{TITLE}</h1>',
        f'<h1><div class="post-topline">Daerah</div><div>{TITLE}</div></h1>',
        f'<h1>{TITLE} <span class="entry-subtitle">Warga menunggu</span></h1>',
        f"<h1>{TITLE} <small>Warga menunggu</small></h1>",
        f'<h1><span class="screen-reader-text">Berita:</span> {TITLE}</h1>',
        f'<h1><a href="/daerah/dermaga-kayu/"><span class="badge">Baru</span> {TITLE}</a></h1>',
        f'<h1>{TITLE} <a class="comments-link" href="#respond">Tiga tanggapan</a></h1>',
        f'<h1>{TITLE}<span class="comment-count">12</span></h1>',
        f'<h1>{TITLE} <a class="post-edit-link" href="/wp-admin/post.php?post=3">Sunting</a></h1>',
        f"<h1>{TITLE} <button>Simpan</button></h1>",
    ],
)
def test_what_stands_beside_the_headline_in_its_heading_is_none_of_it(heading: str) -> None:
    assert read(heading).title == TITLE


@pytest.mark.parametrize("first", ["<span>Daerah</span>", "<div>Daerah</div>"])
def test_metadata_tells_which_part_of_a_heading_is_the_headline(first: str) -> None:
    assert read(f"<h1>{first} <span>{TITLE}</span></h1>", og(TITLE)).title == TITLE


def test_metadata_tells_what_stands_between_kicker_and_headline() -> None:
    heading = f'<h1><span class="kicker">Kapuas</span><span class="visually-hidden">:</span> {TITLE}</h1>'
    assert read(heading, og(f"Kapuas: {TITLE}")).title == f"Kapuas: {TITLE}"


@pytest.mark.parametrize("count", ["(3 Komentar)", "<span>12 Comments</span>", "1 tanggapan"])
def test_metadata_tells_a_count_of_comments_from_the_headline(count: str) -> None:
    assert read(f"<h1>{TITLE} {count}</h1>", og(TITLE)).title == TITLE


def test_a_count_of_comments_that_metadata_names_too_is_headline() -> None:
    assert read(f"<h1>{TITLE} 12 Komentar</h1>", og(f"{TITLE} 12 Komentar")).title == f"{TITLE} 12 Komentar"


@pytest.mark.parametrize("action", ['<a href="#tanggapan">4 Tanggapan</a>', '<a class="x" href="/simpan/3">Simpan</a>'])
def test_metadata_tells_a_link_in_the_heading_from_the_headline(action: str) -> None:
    assert read(f"<h1>{TITLE} {action}</h1>", og(TITLE)).title == TITLE


def test_a_link_in_the_heading_that_metadata_names_too_is_headline() -> None:
    assert read(f'<h1>{TITLE} <a href="/tag/hujan/">Saat Hujan</a></h1>', og(f"{TITLE} Saat Hujan")).title == (
        f"{TITLE} Saat Hujan"
    )


@pytest.mark.parametrize("separator", [" - ", " | ", " – ", " » "])
def test_a_line_before_a_name_that_nobody_tells_is_headline(separator: str) -> None:
    title = f"{TITLE}{separator}Kabar Muara"
    assert read(f"<div>{TITLE}</div>", og(title) + f"<title>{title}</title>").title == TITLE


def test_a_line_that_no_metadata_names_is_no_headline() -> None:
    assert read("<div>Warga menunggu perahu di muara</div>", og(TITLE)).title == TITLE


def test_metadata_tells_what_a_hidden_part_of_the_heading_says() -> None:
    heading = f"<h1>Kapuas<span hidden>:</span> {TITLE}</h1>"
    assert read(heading, og(f"Kapuas: {TITLE}")).title == f"Kapuas: {TITLE}"


def test_a_span_for_emphasis_is_headline() -> None:
    assert (
        read("<h1>Dermaga <span>Kayu</span> Sungai <em>Kapuas</em> Diperbaiki</h1>", og("Dermaga Kayu")).title == TITLE
    )


@pytest.mark.parametrize("beside", ["newsletter", "cookie-popup", "related-posts", "login-form modal"])
def test_a_heading_of_another_part_of_the_page_is_no_headline(beside: str) -> None:
    other = f'<div class="{beside}"><h1>Daftar Sekarang Juga</h1></div>'
    assert read(f"{other}<h1>{TITLE}</h1>{other}", og("Jadwal Kapal")).title == TITLE


@pytest.mark.parametrize("other", ["Dukung Kami", "Pembaruan Terakhir"])
def test_of_several_headings_that_one_is_it_which_shares_words_with_the_metadata(other: str) -> None:
    title = "Dermaga Diperbaiki, Kapal Sungai Menunggu"
    assert read(f"<h1>{other}</h1><h1>{TITLE}</h1><h1>{other}</h1>", og(title)).title == TITLE


@pytest.mark.parametrize(
    ("heading", "stated"),
    [
        (TITLE, f"{TITLE}: Ini Jadwal Kapal"),
        (f"{TITLE} Pekan Ini", TITLE),
        (f"{TITLE} Pekan Ini", f"{TITLE} …"),
        (f"{TITLE} Pekan Ini", f"{TITLE}..."),
    ],
)
def test_a_heading_that_goes_on_or_stops_short_is_the_headline(heading: str, stated: str) -> None:
    card = f'<div><h3><a href="/lain/">{stated}</a></h3></div>'
    assert read(f"<h1>{heading}</h1>{card}", headline(stated)).title == heading


def test_the_heading_in_the_breadcrumb_is_not_what_the_article_says() -> None:
    crumbs = '<div class="breadcrumb"><h1>Dermaga Kapuas Baru</h1></div>'
    page = read(f"{crumbs}<h2>{TITLE}</h2>", og("Dermaga Kapuas Baru") + headline(TITLE))
    assert (page.title, page.headline.source) == (TITLE, "h2")


def test_a_heading_in_a_region_of_a_wrong_name_is_believed_with_the_metadata() -> None:
    page = read(f'<div class="ad-free-wrap ads"><h1>{TITLE}</h1><h3>Pasar</h3></div><h3>Daerah</h3>', og(TITLE))
    assert (page.title, page.headline.source) == (TITLE, "h1")


@pytest.mark.parametrize(
    "document",
    [
        f"{TITLE} | Portal Contoh",
        f"{TITLE} – Portal Contoh",
        f"{TITLE} - Daerah - Portal Contoh",
        f"Portal Contoh » {TITLE}",
        f"Portal Contoh » Blog Archive » {TITLE}",
        f"{TITLE} - portal.example",
        f"{TITLE.replace(' Kayu', ' &amp;#8220;Kayu&amp;#8221;')} | Portal Contoh",
    ],
)
def test_the_document_title_is_the_headline_without_site_and_section(document: str) -> None:
    head = '<meta property="og:site_name" content="Portal Contoh"><meta property="article:section" content="Daerah">'
    page = read("", f"{head}<title>{document}</title>")
    assert (page.title or "").replace("“", "").replace("”", "") == TITLE
    assert page.headline.source == "document title"


def test_a_dash_in_the_headline_is_no_site() -> None:
    assert read("", f"<title>{TITLE} - Bagian Kedua</title>").title == f"{TITLE} - Bagian Kedua"


@pytest.mark.parametrize(
    "home", ["/", "https://www.portal.example", "https://arsip.example/20140226/http://www.portal.example/"]
)
def test_a_heading_that_leads_home_is_the_sites_name(home: str) -> None:
    page = read(f'<h1><a href="{home}">Kabar Sungai</a></h1><h2>{TITLE}</h2>', f"<title>Kabar Sungai » {TITLE}</title>")
    assert (page.title, page.site_name) == (TITLE, "Kabar Sungai")


def test_the_heading_that_closes_the_document_title_is_the_headline() -> None:
    page = read(f"<h1>Kabar</h1><h2>{TITLE}</h2>", f"<title>Kelompok Nelayan - Kabar » {TITLE}</title>")
    assert (page.title, page.headline.source) == (TITLE, "h2")


def test_a_headline_that_is_cut_short_gives_way_to_the_whole_one() -> None:
    page = read("", headline("Dermaga Kayu Sungai…") + og(TITLE))
    assert page.title == TITLE


@pytest.mark.parametrize(
    ("head", "source"),
    [
        (headline(TITLE), "json-ld"),
        (og(TITLE), "og:title"),
        (f'<meta name="twitter:title" content="{TITLE}">', "twitter:title"),
        (f"<title>{TITLE}</title>", "document title"),
    ],
)
def test_tells_where_the_headline_stood(head: str, source: str) -> None:
    assert (read("", head).headline.source, read(f"<h1>{TITLE}</h1>", head).headline.source) == (source, "h1")


def test_tells_no_place_where_there_is_no_headline() -> None:
    assert (read("").title, read("").headline.source) == (None, None)


def test_the_body_does_not_repeat_a_heading_with_a_kicker() -> None:
    heading = f'<h1><span class="kicker">Daerah</span> {TITLE}</h1>'
    html = f"<body class='single'><div class='entry-content'>{heading}<p>{TEXT}</p></div></body>"
    assert [b.text for b in ArticlePage(Selector(text=html, type="html"), URL).body.blocks] == [TEXT]
