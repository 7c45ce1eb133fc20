"""The header, the container and the lists of links of pages whose theme names nothing."""

import pytest
from parsel import Selector

from narayacrawl.pages.article import ArticlePage

URL = "https://portal.example/daerah/dermaga-kayu-diperbaiki/"
TITLE = "Dermaga Kayu Diperbaiki"
FIRST = "Tukang kayu mengganti papan dermaga yang lapuk sejak awal pekan, dibantu anak buah kapal yang menunggu muatan."
SECOND = "Papan baru diambil dari kayu ulin bekas jembatan lama yang dibongkar bulan lalu oleh dinas setempat."
CARDS = "".join(
    f'<div class="x"><a href="/daerah/kabar-{n}/">Kabar lain nomor {n}</a><p>Ringkasan kabar lain yang cukup panjang '
    f"untuk disangka sebuah paragraf, ditulis oleh orang lain tentang hal lain.</p></div>"
    for n in range(4)
)


def read(inside: str, *, after: str = "") -> ArticlePage:
    """A page of `div`s without names."""
    page = f"<html lang='id'><body><div>{inside}<div><p>{FIRST}</p><p>{SECOND}</p></div></div>{after}</body></html>"
    return ArticlePage(Selector(text=page, type="html"), URL, fetched_at="2026-01-05T02:00:00+00:00")


def body(page: ArticlePage) -> list[str]:
    return [block.text for block in page.body.blocks]


@pytest.mark.parametrize(
    "header",
    [
        "<div>Sari Wulandari</div><div>Minggu, 14 Desember 2025 | 13:05 WIB</div>",
        "<p>Oleh Sari Wulandari • 14 Des 2025 | 13:05 WIB • 3 menit membaca</p>",
        '<p><a href="/author/sari/">Sari Wulandari</a></p><p>14/12/2025 13:05</p>',
    ],
)
def test_the_lines_below_the_title_are_no_text(header: str) -> None:
    assert body(read(f"<h1>{TITLE}</h1>{header}")) == [FIRST, SECOND]


@pytest.mark.parametrize(
    "header",
    [
        "<div>Minggu, 14 Desember 2025 | 13:05 WIB</div>",
        "<p>Oleh Sari Wulandari • 14 Des 2025 | 13:05 WIB • 3 menit membaca</p>",
    ],
)
def test_the_date_is_read_from_a_line_that_tells_more(header: str) -> None:
    dates = read(f"<h1>{TITLE}</h1>{header}").dates
    published = dates.parse_exact(dates.published or "")
    assert published is not None
    assert published.isoformat() == "2025-12-14T13:05:00+07:00"


def test_a_short_first_sentence_with_an_events_date_is_text() -> None:
    sentence = "Perbaikan dimulai Minggu (14/12/2025)."
    page = f"<body class='single'><div><h1>{TITLE}</h1><p>{sentence}</p><p>{FIRST}</p></div></body>"
    assert body(ArticlePage(Selector(text=page, type="html"), URL)) == [sentence, FIRST]


def test_cards_of_other_articles_are_no_text() -> None:
    assert body(read(f"<h1>{TITLE}</h1>", after=f"<div>{CARDS}</div>")) == [FIRST, SECOND]


def test_a_title_repeated_inside_the_text_does_not_cost_what_stands_before_it() -> None:
    inside = f"<p>{FIRST}</p><h2>{TITLE}</h2><p>{SECOND}</p>"
    page = f"<body class='single'><h1>{TITLE}</h1><div class='entry-content'>{inside}</div></body>"
    assert body(ArticlePage(Selector(text=page, type="html"), URL)) == [FIRST, SECOND]


def test_an_unnamed_caption_below_the_lead_image_is_one() -> None:
    lead = '<div><img src="/uploads/dermaga.jpg"><div>Dermaga kayu di Sungai Kapuas. Foto: Sari</div></div>'
    image = read(f"<h1>{TITLE}</h1>{lead}").images[0]
    assert (image.caption, image.credit) == ("Dermaga kayu di Sungai Kapuas.", "Sari")


def test_page_links_in_several_pieces_are_no_text() -> None:
    links = '<div>Halaman:</div><div>1</div><div><a href="2/">2</a></div><div><a href="2/">Selanjutnya</a></div>'
    page = f"<body class='single'><h1>{TITLE}</h1><div class='entry-content'><p>{FIRST}</p>{links}</div></body>"
    assert body(ArticlePage(Selector(text=page, type="html"), URL)) == [FIRST]


def test_a_line_of_tag_links_and_its_label_are_no_text() -> None:
    tags = '<p>Topik terkait:</p><p><a href="/tag/dermaga/">dermaga</a>, <a href="/tag/kayu/">kayu</a></p>'
    page = f"<body class='single'><h1>{TITLE}</h1><div class='entry-content'><p>{FIRST}</p>{tags}</div></body>"
    own = ArticlePage(Selector(text=page, type="html"), URL)
    assert (body(own), own.tags) == ([FIRST], ["dermaga", "kayu"])


def test_another_posts_password_form_does_not_hide_an_article() -> None:
    form = '<form class="post-password-form"><input name="post_password" id="pwbox-77"></form>'
    page = (
        f"<body class='single postid-31'><h1>{TITLE}</h1><div class='entry-content'><p>{FIRST}</p><p>{SECOND}</p>"
        f"<p>{FIRST} Lagi.</p></div>{form}</body>"
    )
    assert ArticlePage(Selector(text=page, type="html"), URL).rejection is None


def test_a_password_form_that_names_the_post_hides_it() -> None:
    form = '<form class="post-password-form"><input name="post_password" id="pwbox-31"></form>'
    page = (
        f"<body class='single postid-31'><h1>{TITLE}</h1><div class='entry-content'>{form}<p>{FIRST}</p><p>{SECOND}</p>"
        f"<p>{FIRST} Lagi.</p></div></body>"
    )
    assert ArticlePage(Selector(text=page, type="html"), URL).rejection == "protected"


@pytest.mark.parametrize(
    ("line", "is_kept"),
    [
        ("Oleh Sari Wulandari 14 Desember pukul 13.05 Ikuti @sariw", False),
        ("By Sari Wulandari December 14, 2025 at 1:05 PM", False),
        ("Oleh warga sekitar, dermaga itu disebut tua sejak 14 Desember 2025 karena papannya banyak yang lapuk.", True),
        ("Dermaga itu dibuka 14 Desember 2025.", True),
        ("Oleh-oleh dari dermaga dijual di akun @dermagakayu sejak pekan lalu.", True),
    ],
)
def test_a_byline_above_the_text_in_its_own_element_is_no_text(line: str, is_kept: bool) -> None:
    inside = f"<div class='entry-content'><p>{line}</p><p>{FIRST}</p><p>{SECOND}</p></div>"
    page = f"<html lang='id'><body><h1>{TITLE}</h1>{inside}</body></html>"
    found = body(ArticlePage(Selector(text=page, type="html"), URL))
    assert found == ([line] if is_kept else []) + [FIRST, SECOND]
