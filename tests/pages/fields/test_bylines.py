"""The names of a page: which of those that it shows and tells are its writers', and where they were read."""

import json
from typing import Any

import pytest
from parsel import Selector

from narayacrawl.pages.article import ArticlePage

URL = "https://www.portal.example/daerah/dermaga-kayu/"
TITLE = "Dermaga Kayu Sungai Kapuas Diperbaiki"
TEXT = "Tukang kayu mengganti papan dermaga yang lapuk sejak awal pekan, dibantu anak buah kapal yang menunggu muatan."
SITE = '<meta property="og:site_name" content="Portal Contoh">'
SARI = {"name": "Sari Wulandari"}
DATE = "<div>Minggu, 14 Desember 2025 | 13:05 WIB</div>"


def read(above: str = "", *, after: str = "", head: str = "", before: str = "") -> ArticlePage:
    page = (
        f"<html lang='id'><head>{SITE}{head}</head><body class='single'>{before}<h1>{TITLE}</h1>{above}"
        f"<div class='entry-content'><p>{TEXT}</p><p>{TEXT}</p>{after}</div></body></html>"
    )
    return ArticlePage(Selector(text=page, type="html"), URL)


def graph(*nodes: dict[str, Any]) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@graph": nodes})}</script>'


def article(*authors: str) -> str:
    return graph({"@type": "NewsArticle", "author": [{"@type": "Person", "name": name} for name in authors]})


def meta(name: str, content: str) -> str:
    return f'<meta name="{name}" content="{content}">'


def card(name: str, number: int) -> str:
    lines = "".join(f"<p>Kabar lain nomor {number}, baris {line}</p>" for line in range(5))
    return f'<div class="kartu"><span class="author">{name}</span>{lines}</div>'


# The byline


@pytest.mark.parametrize(
    "byline",
    [
        '<div class="author"><span class="credit">Ditulis oleh</span><a href="/author/sari/">Sari Wulandari</a></div>',
        '<div class="author"><h4>Sari Wulandari</h4><h5>Redaktur Ekonomi</h5></div>',
        '<div class="author"><span>Sari Wulandari</span><span>Redaktur Ekonomi</span></div>',
        '<div class="author">Sari Wulandari<br>Koresponden Pontianak</div>',
        '<div class="author-card"><b>Sari Wulandari</b><i class="author-title">Reporter Muara</i>'
        '<p class="author"><a href="/author/sari/">Semua artikel</a></p></div>',
        '<div class="author">Sari Wulandari<span class="job-title">Redaktur Ekonomi</span></div>',
        '<div class="byline">Sari Wulandari<sup>1</sup></div>',
        '<div class="byline">Sari Wulandari (Kontributor Pontianak)</div>',
        '<div class="byline">Portal Contoh - Sari Wulandari</div>',
        '<div class="byline">Sari Wulandari, Portal Contoh</div>',
        '<div class="byline">By Sari Wulandari Portal Contoh</div>',
        '<div class="byline">Sari Wulandari am 14. Desember 2025</div>',
        '<div class="byline">Sari Wulandari 14/12/2025</div>',
        '<div class="byline">Sari Wulandari Desember 14, 2025 0 Komentar</div>',
        '<div class="byline">Minggu, 14 Desember 2025 oleh Sari Wulandari</div>',
        '<div class="byline">Sari Wulandari, Minggu</div>',
        '<div class="byline">Teks: Sari Wulandari Foto: Bayu Adi</div>',
        '<div class="byline"><div>Published</div><div>on</div><time>14/12/2025</time><div>Sari Wulandari</div></div>',
        f'<span class="fn">{TITLE}</span><span class="author vcard">Sari Wulandari</span>',
        '<div class="author">Sari Wulandari</div><div class="author-role">Redaktur Ekonomi</div>',
        '<div class="author-info"><span>Sari Wulandari</span><span>5 jam yang lalu</span></div>',
        '<div class="author-info"><a href="/user/sari/">Sari Wulandari</a><span>vor 5 Stunden</span></div>',
        '<div class="byline"><span>Sari Wulandari</span> <span>Reporter</span></div>',
        '<div class="byline">Sari Wulandari, Koresponden Redaksi Muara</div>',
        '<div class="byline"><button class="author-name">Sari Wulandari</button><button>Ikuti</button></div>',
        '<div class="byline">Oleh Sari Wulandari <span class="byline-date">5 jam lalu</span></div>',
        '<div class="byline">Oleh Sari Wulandari <span class="byline-source">Kantor Muara</span></div>',
        '<p class="byline">Diperbarui oleh Sari Wulandari</p>',
        '<span itemprop="author"><meta itemprop="name" content="Sari Wulandari"></span>',
        '<a href="/author/sari-wulandari/">Semua tulisan dari Sari Wulandari</a>',
        '<span class="author-tools">Baca Nanti</span><span class="byline">Sari Wulandari</span>',
        '<div class="author-about"><a>Selengkapnya</a></div><p>Oleh <a href="/profil/sw/"></a>'
        '<a href="/penulis/sw/">Sari Wulandari</a></p>',
        '<div class="share-bar"><span class="author">Oleh <a href="/author/sari/">Sari Wulandari</a></span>'
        '<a href="#">Facebook</a></div>',
        '<div class="share-bar"><p>Penulis: Sari Wulandari</p><ul><li>Facebook</li><li>WhatsApp</li></ul></div>',
    ],
)  # fmt: skip
def test_a_byline_is_read_without_what_stands_beside_the_name(byline: str) -> None:
    page = read(byline)
    assert (page.byline, page.byline_source) == (["Sari Wulandari"], "byline")


@pytest.mark.parametrize(
    "byline",
    [
        '<p class="byline">Oleh Sari Wulandari dan Bayu Adi</p>',
        '<p class="byline">Sari Wulandari, Bayu Adi, Pontianak</p>',
        '<p class="byline">Sari Wulandari, dan Bayu Adi</p>',
        '<ul><li class="author">Sari Wulandari</li><li class="author">Bayu Adi</li></ul>',
        '<p class="author"><a rel="author" href="/1">Sari Wulandari</a>, <a rel="author" href="/2">Bayu Adi</a></p>',
    ],
)
def test_a_byline_may_name_several(byline: str) -> None:
    assert read(byline).byline == ["Sari Wulandari", "Bayu Adi"]


@pytest.mark.parametrize(
    "byline",
    [
        '<p class="byline">Penulis: Sari Wulandari | Editor: Rina Sari</p>',
        '<p class="byline"><b>Penulis</b> <i>Sari Wulandari</i> <b>Editor</b> <i>Rina Sari</i></p>',
        '<div class="byline"><p>Penulis</p><p>Sari Wulandari</p></div>'
        '<div class="byline"><p>Editor</p><p>Rina Sari</p></div>',
        '<div class="byline"><p>Foto</p><p>Bayu Adi</p><p>Editor</p><p>Rina Sari</p><p>Penulis</p>'
        "<p>Sari Wulandari</p></div>",
    ],
)
def test_a_byline_parts_writers_and_editors(byline: str) -> None:
    page = read(byline).published()
    assert (page.authors, page.editors) == (["Sari Wulandari"], ["Rina Sari"])


@pytest.mark.parametrize(
    "beside",
    [
        '<div class="byline">Wawancara: Bayu Adi</div>',
        '<div class="byline">Sumber:</div>',
        '<div class="byline">14/12/2025 13:05</div>',
        '<figure><img src="/a.jpg"><figcaption><span class="author">Bayu Adi</span></figcaption></figure>',
        f'<span class="fn">{TITLE}</span>',
        '<div class="byline">Portal Contoh</div>',
        '<div class="author-box"><a href="//a.example/">Facebook</a> <a href="//b.example/">Twitter</a></div>',
        '<div class="author">Foto dari Koleksi Bayu Adi</div>',
        '<div class="byline">Dengarkan artikel ini</div>',
        '<div class="share-bar"><a href="#">Facebook</a> <a href="#">WhatsApp</a></div>',
    ],
)
def test_other_lines_of_a_header_name_no_author(beside: str) -> None:
    assert (read(beside).byline, read(beside).byline_source) == ([], None)


def test_names_on_cards_of_other_articles_are_no_authors() -> None:
    cards = "".join(card(name, n) for n, name in enumerate(("Bayu Adi", "Rina Sari", "Tono Adi", "Bayu Adi"), 1))
    assert read(after=f"{TEXT * 3}{''.join(f'<p>{TEXT}</p>' for _ in range(12))}</div><div>{cards}").byline == []


@pytest.mark.parametrize(
    "entry",
    [
        '<div><span class="author">{name}</span><p>Semoga dermaga itu lekas selesai diperbaiki</p></div>',
        '<li><a href="/muara/perahu/">Perahu Muara Kembali Berlayar</a> <span class="pop-author">by {name}</span></li>',
    ],
)
def test_names_of_comments_and_cards_right_below_the_text_are_no_authors(entry: str) -> None:
    entries = "".join(entry.format(name=name) for name in ("Bayu Adi", "Rina Sari"))
    assert read(after=f"</div><div class='bawah'>{entries}").byline == []


def test_two_boxes_of_authors_below_the_text_name_two() -> None:
    box = '<div class="author-box"><b class="author-name">{name}</b><p>Menulis tentang sungai dan dermaga.</p></div>'
    boxes = "".join(box.format(name=name) for name in ("Sari Wulandari", "Bayu Adi"))
    assert read(after=f"</div>{boxes}<div>").byline == ["Sari Wulandari", "Bayu Adi"]


def test_the_authors_box_at_the_end_names_the_author() -> None:
    box = '<div class="author-box"><span class="author-name">Sari Wulandari</span><p>Menulis tentang sungai.</p></div>'
    assert read(after=f"{''.join(f'<p>{TEXT}</p>' for _ in range(14))}</div>{box}<div>").byline == ["Sari Wulandari"]


# Metadata


@pytest.mark.parametrize(
    ("head", "source"),
    [
        (article("Sari Wulandari"), "json-ld"),
        (graph({"@type": "NewsArticle", "author": {"@id": "#1"}}, {"@id": "#1", "@type": "Person", **SARI}), "json-ld"),
        (graph({"@type": "WebPage", "author": SARI}) + meta("author", "Portal Contoh"), "json-ld"),
        (meta("author", "Portal Contoh - Sari Wulandari"), "meta"),
        (meta("article:author", "Sari Wulandari"), "meta"),
        (meta("byl", "By Sari Wulandari"), "meta"),
        (meta("parsely-author", "Sari Wulandari"), "meta"),
        (meta("sailthru.author", "Sari Wulandari"), "meta"),
        (meta("dc.creator", "Sari Wulandari"), "meta"),
        (meta("twitter:label1", "Verfasst von") + meta("twitter:data1", "Sari Wulandari"), "meta"),
        (article("Portal Contoh") + meta("author", "Sari Wulandari"), "meta"),
        (meta("author", "https://www.portal.example/author/sari/") + meta("dc.creator", "Sari Wulandari"), "meta"),
        (meta("author", "&lt;b&gt;Sari Wulandari&lt;/b&gt;"), "meta"),
        (graph({"@type": "NewsArticle", "author": {"givenName": "Sari", "familyName": "Wulandari"}}), "json-ld"),
        (graph({"@type": "NewsArticle", "author": {"name": {"@value": "Sari Wulandari"}}}), "json-ld"),
    ],
)  # fmt: skip
def test_the_metadata_has_several_places_for_the_author(head: str, source: str) -> None:
    page = read(head=head)
    assert (page.byline, page.byline_source) == (["Sari Wulandari"], source)


def test_the_time_that_reading_takes_is_no_author() -> None:
    assert read(head=meta("twitter:label1", "Waktu baca") + meta("twitter:data1", "3 menit")).byline == []


@pytest.mark.parametrize(
    ("shown", "told", "names"),
    [
        ("SW", ["Sari Wulandari"], ["Sari Wulandari"]),
        ("Sari", ["Sari Wulandari"], ["Sari Wulandari"]),
        ("Sari Wulandari, Onlineredaktion", ["Sari Wulandari"], ["Sari Wulandari"]),
        ("Redaksi", ["Sari Wulandari"], ["Sari Wulandari"]),
        ("Sari Wulandari", ["Sari Wulandari", "Bayu Adi"], ["Sari Wulandari", "Bayu Adi"]),
        ("Sari Wulandari dan Bayu Adi", ["Sari Wulandari"], ["Sari Wulandari", "Bayu Adi"]),
        ("Sari Wulandari", ["Bayu Adi"], ["Sari Wulandari"]),
        ("Sari Wulandari", ["Admin"], ["Sari Wulandari"]),
        ("Redaksi Portal Contoh", ["admin"], ["Redaksi Portal Contoh"]),
        ("Sari Wulandari", ["sariwulandari"], ["Sari Wulandari"]),
        ("sariwulandari", ["Sari Wulandari"], ["Sari Wulandari"]),
    ],
)
def test_byline_and_metadata_correct_each_other(shown: str, told: list[str], names: list[str]) -> None:
    assert read(f'<p class="byline">{shown}</p>', head=article(*told)).byline == names


@pytest.mark.parametrize("shown", ["Baca Nanti", "Simpan Artikel", "Hubungi kami"])
def test_metadata_is_better_than_a_part_of_a_class(shown: str) -> None:
    assert read(f'<p class="author-tools">{shown}</p>', head=article("Sari Wulandari")).byline == ["Sari Wulandari"]


def test_a_line_that_names_more_than_the_metadata_is_the_byline() -> None:
    page = read("<p>Oleh Sari Wulandari, Bayu Adi</p>", head=article("Sari Wulandari"))
    assert page.byline == ["Sari Wulandari", "Bayu Adi"]


def test_the_organisation_that_publishes_a_page_is_no_author() -> None:
    publisher = {"@type": "Organization", "name": "Penerbit Muara"}
    page = read(head=graph({"@type": "NewsArticle", "author": publisher, "publisher": publisher}))
    assert page.byline == []
    told_twice = graph({"@type": "NewsArticle", "author": {**publisher, "name": "Portal"}}) + meta("author", "Portal")
    assert read(head=told_twice).byline == []
    dpa = {"@type": "Organization", "name": "Kantor Berita Muara"}
    page = read(head=graph({"@type": "NewsArticle", "author": dpa, "publisher": publisher}))
    assert page.byline == ["Kantor Berita Muara"]


# Text


@pytest.mark.parametrize(
    ("above", "after"),
    [
        ("<p>Oleh Sari Wulandari</p>", ""),
        ("<p>Oleh: Sari Wulandari</p>", ""),
        ("<p>Von Sari Wulandari</p>", ""),
        ("<p>Von <a href='https://sari.example/'>Sari Wulandari</a></p>", ""),
        ("<p>Teks: Sari Wulandari | 14 Des 2025</p>", ""),
        ("<p>Rubrik: Daerah — Sari Wulandari @ 21:35</p>", ""),
        (f"<div>Sari Wulandari</div>{DATE}", ""),
        (f"{DATE}<div>Sari Wulandari</div>", ""),
        ("<figure><img src='/a.jpg'><figcaption>oleh Sari Wulandari</figcaption></figure>", ""),
        ("", "<p>Von Sari Wulandari</p>"),
        ("", "<p>(Sari Wulandari)</p>"),
        ("", "<p><strong>Sari Wulandari</strong></p>"),
        ("<p>Sari Wulandari 14 Desember 2025 13:05</p>", ""),
        ("<p>Sari Wulandari - Minggu, 14 Desember 2025 | 13:05 WIB</p>", ""),
        ("<p>Daerah | Terbit 5 jam lalu | Ditulis oleh Sari Wulandari</p>", ""),
        ("<p>Terbit 14 Desember 2025 oleh Sari Wulandari</p>", ""),
        ("<ul><li>Oleh</li><li>Sari Wulandari</li></ul>", ""),
        ("<p>Laporan Wartawan Portal Contoh, Sari Wulandari</p>", ""),
        ("<div>Sari Wulandari 14 Desember 2025 <a href='/daerah/'>Daerah</a></div>", ""),
        ("", "</div><p><b>Tentang Penulis</b></p><p>Sari Wulandari</p><p>Menulis soal sungai.</p><div>"),
    ],
)
def test_a_byline_may_be_plain_text(above: str, after: str) -> None:
    page = read(above, after=after)
    assert (page.byline, page.byline_source) == (["Sari Wulandari"], "text")


@pytest.mark.parametrize(
    "names", ["Sari Wulandari dan Bayu Adi", "Sari Wulandari, Bayu Adi", "Sari Wulandari/Bayu Adi"]
)
def test_two_names_may_stand_beside_the_date(names: str) -> None:
    assert read(f"<div>{names}</div>{DATE}").byline == ["Sari Wulandari", "Bayu Adi"]


@pytest.mark.parametrize("path", ["autoren/Sari-Wulandari", "staff/sari-wulandari", "penulis/sari/", "team/sw"])
def test_a_link_to_a_persons_page_is_a_byline(path: str) -> None:
    page = read(f'<ul><li><a href="/{path}">Sari Wulandari</a></li></ul>', head=meta("author", "Portal Contoh"))
    assert (page.byline, page.byline_source) == (["Sari Wulandari"], "byline")


def test_who_posts_an_article_may_write_who_wrote_it() -> None:
    above = '<p class="byline">Bayu Adi</p><p>Oleh: Sari Wulandari</p>'
    assert read(above, head=article("Bayu Adi")).byline == ["Sari Wulandari"]


@pytest.mark.parametrize(
    "line",
    [
        f"<div>Kabar Daerah</div>{DATE}",
        f"<div>Banda Aceh</div>{DATE}",
        "<p><a href='/category/daerah/'>Kabar Daerah</a>Minggu, 14 Desember 2025 | 21:35 WIB</p>",
        f"<div>Hukum &amp; Kriminal</div>{DATE}",
        f'<div><a href="/daerah/">Sungai Kapuas</a></div>{DATE}',
        "<p>Von Pontianak nach Sintang</p>",
        "<p>Oleh karena itu, kapal menunggu</p>",
        "<p>Pontianak Selatan 14 Desember 2025</p>",
        "<p>Pelayaran 14 Desember 2025 13:05</p>",
        "<p>Kabar Daerah 14 Desember 2025</p>",
        '<p><a href="/daerah/">Sungai Kapuas</a> 14 Desember 2025</p>',
    ],
)
def test_other_lines_beside_the_title_name_nobody(line: str) -> None:
    assert read(line, head='<meta property="article:section" content="Kabar Daerah">').byline == []


def test_a_newsroom_before_the_date_is_the_author() -> None:
    assert read("<p>Redaksi 14 Desember 2025 13:05</p>").byline == ["Redaksi"]
    assert read("<p>oleh Redaksi, 14 Desember 2025</p>").byline == ["Redaksi"]


def test_the_days_date_above_the_title_tells_no_name() -> None:
    assert read(before=f"<div>Edisi Cetak</div>{DATE}").byline == []


def test_a_credit_line_tells_the_source_where_nothing_else_does() -> None:
    page = read(after="<p>Penulis: Sari Wulandari</p>")
    assert (page.published().authors, page.byline_source) == (["Sari Wulandari"], "credit line")


def test_a_portals_own_selector_tells_the_source() -> None:
    class Own(ArticlePage):
        authors_css = ".a"

    page = f"<body class='single'><h1>{TITLE}</h1><i class='a'>Sari</i><p>{TEXT}</p></body>"
    own = Own(Selector(text=page, type="html"), URL)
    assert (own.byline, own.byline_source) == (["Sari"], "own")


def test_the_heading_of_the_authors_box_far_below_the_headline_is_a_byline() -> None:
    box = (
        '<div class="author-bio"><div class="author-bio-content"><h2 class="author-title">By Sari Wulandari</h2>'
        '<p class="author-description">Menulis tentang dermaga sejak lama.</p>'
        '<a class="author-link" href="/author/sari/" rel="author">View all of Sari Wulandari’s posts.</a></div></div>'
    )
    text = "".join(f"<p>Papan nomor {number} diganti oleh tukang kayu pada hari yang sama.</p>" for number in range(30))
    page = f"<html><body><article><h1>{TITLE}</h1><div class='entry-content'>{text}</div>{box}</article></body></html>"
    assert ArticlePage(Selector(text=page, type="html"), URL).byline == ["Sari Wulandari"]
