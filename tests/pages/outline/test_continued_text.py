"""Sentences of the article in an element that is named after something else: what reads like the article is kept."""

import pytest

from narayacrawl import extract
from narayacrawl.pages import ArticlePage, parse_html

URL = "https://lereng.example/ekonomi/panen-kopi-mundur/"
TITLE = "Panen Kopi Lereng Timur Mundur Dua Pekan"
WEEKS = ("pertama", "kedua", "ketiga", "keempat", "kelima", "keenam", "ketujuh", "kedelapan")
TEXT = [
    f"Petani memetik buah merah pada pekan {week} setelah hujan berhenti dan jalan desa bisa dilalui truk lagi."
    for week in WEEKS
]
BOXES = {
    "newsletter": "<div class='newsletter-box'><h4>Kabar Mingguan</h4><p>Tiap Jumat.</p><form><input name=e></form>",
    "promo": "<div class='promo-card'><h3>Pasang Aplikasi</h3><p>Gratis.</p><a href='/app/'>Pasang</a>",
    "related": (
        "<div class='related-posts'><h3>Berita Terkait</h3><ul><li><a href='/a/'>Garam Masuk Lewat Pelabuhan</a></li>"
        "<li><a href='/b/'>Pengolah Ikan Asin Kekurangan Bahan</a></li></ul>"
    ),
    "ad": "<div class='ads-middle'><span>Iklan</span>",
    "share": "<div class='share-buttons'><a href='https://wa.me/?text=x'>WhatsApp</a>",
    "sidebar": "<div class='widget'><ul><li><a href='/a/'>Garam Masuk Lewat Pelabuhan Baru</a></li></ul>",
    "embed": "<div class='video-container'><iframe src='https://www.youtube.com/embed/abcdefghijk'></iframe>",
    "popup": "<div class='popup-box'><p>Ikuti kami.</p><button>Tutup</button>",
    "navigation": "<div class='page-nav'><a href='/x/2/'>2</a>",
}
BUILDERS = {
    "SiteOrigin": "<div class='panel-grid-cell'><div class='so-panel widget widget_sow-editor'>{}</div></div>",
    "Elementor": "<div class='elementor-column'><div class='elementor-widget-text-editor'>{}</div></div>",
    "Divi": "<div class='et_pb_module et_pb_text'><div class='et_pb_text_inner'>{}</div></div>",
    "WPBakery": "<div class='wpb_column'><div class='wpb_text_column'><div class='wpb_wrapper'>{}</div></div></div>",
    "Beaver Builder": "<div class='fl-row'><div class='fl-module'><div class='fl-rich-text'>{}</div></div></div>",
    "a text widget": "<div class='widget widget_text'><div class='textwidget'>{}</div></div>",
}
BESIDE = {
    "author": (
        "<div class='author-box'><h4>Sari Dewi</h4><p>Sari Dewi menulis tentang pertanian sejak lama dan tinggal di"
        " lereng timur bersama keluarganya.</p></div>"
    ),
    "comments": (
        "<div id='comments'>"
        + "<p>Semoga panen tahun depan lebih baik lagi untuk semua petani di lereng timur ini.</p>" * 9
        + "</div>"
    ),
    "disclaimer": (
        "<div class='disclaimer'><p>Isi tulisan ini menjadi tanggung jawab penulisnya dan tidak mewakili pandangan"
        " redaksi.</p></div>"
    ),
    "newsletter": (
        "<div class='newsletter-box'><p>Kabar pilihan dari lereng dikirim ke kotak surat Anda setiap Jumat pagi.</p>"
        "<p>Kami tidak membagikan alamat Anda kepada siapa pun di luar redaksi ini.</p><form><input></form></div>"
    ),
}


def paragraphs(texts: list[str]) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def page(inside: str) -> str:
    head = f"<html lang='id'><head><title>{TITLE} - Kabar Lereng</title></head><body class='single postid-5'>"
    return f"{head}<main><article class='st'><h1>{TITLE}</h1>{inside}</article></main></body></html>"


def body(inside: str) -> list[str]:
    return extract(page(inside), URL).body.split("\n\n")


@pytest.mark.parametrize("name", ["entry-content", "xk"])
@pytest.mark.parametrize("before", [4, 6])
@pytest.mark.parametrize("box", BOXES)
def test_text_below_a_box_that_is_never_closed_is_the_articles(box: str, before: int, name: str) -> None:
    open_box = BOXES[box]
    assert body(f"<div class='{name}'>{paragraphs(TEXT[:before])}{open_box}{paragraphs(TEXT[before:])}</div>") == TEXT


@pytest.mark.parametrize("name", ["entry-content", "xk"])
@pytest.mark.parametrize("box", BOXES)
def test_a_box_that_is_closed_is_none_of_the_text(box: str, name: str) -> None:
    closed = f"{BOXES[box]}</div>"
    assert body(f"<div class='{name}'>{paragraphs(TEXT[:4])}{closed}{paragraphs(TEXT[4:])}</div>") == TEXT
    assert body(f"<div class='{name}'>{paragraphs(TEXT)}{closed}</div>") == TEXT


@pytest.mark.parametrize("name", ["entry-content", "xk"])
@pytest.mark.parametrize("together", [1, 2, 8])
@pytest.mark.parametrize("builder", BUILDERS)
def test_rows_of_a_page_builder_are_the_text(builder: str, together: int, name: str) -> None:
    groups = [TEXT[first : first + together] for first in range(0, len(TEXT), together)]
    rows = "".join(BUILDERS[builder].format(paragraphs(group)) for group in groups)
    assert body(f"<div class='{name}'><div class='row'>{rows}</div></div>") == TEXT


@pytest.mark.parametrize("name", ["entry-content", "xk"])
@pytest.mark.parametrize("length", [4, 8])
@pytest.mark.parametrize("box", BESIDE)
def test_sentences_of_others_are_none_of_the_text(box: str, length: int, name: str) -> None:
    text = TEXT[:length]
    assert body(f"<div class='{name}'>{paragraphs(text)}{BESIDE[box]}</div>") == text
    assert body(f"<div class='{name}'>{paragraphs(text)}</div>{BESIDE[box]}") == text


def test_teasers_in_boxes_of_their_own_are_other_articles() -> None:
    cards = "".join(
        f"<div class='list'><a href='/k{number}/'>Kabar Lain Nomor {number}</a><div><p>{text}</p></div></div>"
        for number, text in enumerate(TEXT[2:])
    )
    related = f"<div class='related-posts'><h3>Baca Juga</h3>{cards}</div>"
    assert body(f"<div class='content-single'>{paragraphs(TEXT[:2])}{related}</div>") == TEXT[:2]


def test_most_of_a_pages_text_in_a_widget_is_the_article() -> None:
    links = "".join(f"<a href='/{number}/'>Kabar lain nomor {number} dari lereng</a>" for number in range(40))
    widget = f"<div class='widget widget-parsed'><div>{paragraphs(TEXT)}</div><div class='related'>{links}</div></div>"
    assert body(widget) == TEXT


def test_says_which_rule_was_overruled() -> None:
    inside = f"<div class='xk'>{paragraphs(TEXT[:4])}{BOXES['newsletter']}{paragraphs(TEXT[4:])}</div>"
    outline = ArticlePage(parse_html(page(inside)), URL).outline
    assert [(element.text, rule) for element, rule in outline.overruled.items()] == [(TEXT[4], "newsletter")]
