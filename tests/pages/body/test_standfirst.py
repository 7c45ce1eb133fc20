"""The sentence or two between the headline and the body."""

import pytest

from narayacrawl import extract
from tests.pages.body.test_body import ONE, TITLE, TWO, URL

LEAD = "Jam pasar di muara berubah mulai pekan ini, dan warga hulu harus berangkat sebelum azan subuh berkumandang."
THREE = "Papan jadwal di gerbang timur diganti hari ini juga oleh petugas yang datang dengan perahu dari hulu sungai."


TEXT = f"<p>{ONE}</p><p>{TWO}</p><p>{THREE}</p>"


def read(between: str, text: str = f'<div class="entry-content">{TEXT}</div>') -> tuple[str | None, list[str]]:
    """The standfirst and the body of an article with this between its headline and its text."""
    head = f"<html lang='id'><head><title>{TITLE} - Portal Muara</title></head>"
    page = f"{head}<body><article><h1>{TITLE}</h1>{between}{text}</article></body></html>"
    article = extract(page, URL)
    return article.standfirst, article.body.split("\n\n")


@pytest.mark.parametrize(
    ("between", "found"),
    [
        pytest.param(f'<p class="lead">{LEAD}</p>', [LEAD], id="named"),
        pytest.param(f'<div class="entry-summary"><p>{LEAD}</p></div>', [LEAD], id="in a named box"),
        pytest.param(
            f'<div class="ringkasan"><p>{LEAD}</p><p>{TWO[:-1]} pagi.</p></div>', [LEAD, f"{TWO[:-1]} pagi."], id="two"
        ),
        pytest.param(
            '<h2 class="subtitle">Warga hulu berangkat lebih pagi</h2>',
            ["Warga hulu berangkat lebih pagi"],
            id="a line",
        ),
        pytest.param(f"<p>{LEAD}</p>", [LEAD], id="a sentence that nothing names"),
        pytest.param(f"<p>Oleh Budi Santoso | 14 Desember 2025</p><p>{LEAD}</p>", [LEAD], id="below a byline"),
        pytest.param(f'<p class="lead">{LEAD} <a href="/x/">Papan</a></p>', [f"{LEAD} Papan"], id="with a link"),
    ],
)
@pytest.mark.parametrize(
    "text", [f'<div class="entry-content">{TEXT}</div>', f'<div class="kolom-7">{TEXT}</div>'], ids=["named", "unnamed"]
)
def test_a_standfirst_is_no_part_of_the_body(between: str, text: str, found: list[str]) -> None:
    assert read(between, text) == ("\n\n".join(found), [ONE, TWO, THREE])


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f'<div class="entry-content"><p class="post-excerpt">{LEAD}</p>{TEXT}</div>', id="by its class"),
        pytest.param(
            f'<div class="entry-content"><div class="wp-block-post-excerpt"><p>{LEAD}</p></div>{TEXT}</div>',
            id="by the class of its box",
        ),
        pytest.param(f'<div class="entry-content"><h2 class="subtitle">{LEAD}</h2>{TEXT}</div>', id="a subtitle"),
        pytest.param(f'<p><em>{LEAD}</em></p><img src="/a.jpg">{TEXT}', id="in italics above the picture"),
        pytest.param(f'<p class="lead">{LEAD}</p>{TEXT}', id="named where nothing names the text"),
        pytest.param(
            f'<div class="entry-content"><p>{LEAD}</p><p>KOTABARU, portal.example – {ONE}</p><p>{TWO}</p><p>{THREE}</p>'
            "</div>",
            id="above the dateline",
        ),
    ],
)
def test_a_standfirst_may_stand_inside_the_element_of_the_text(text: str) -> None:
    assert read("", text) == (LEAD, [ONE, TWO, THREE])


@pytest.mark.parametrize(
    ("between", "text", "body"),
    [
        pytest.param("", f'<div class="entry-content"><p class="lead">{LEAD}</p>{TEXT}</div>', [LEAD, ONE], id="lead"),
        pytest.param("", f'<div class="teaser">{TEXT}</div>', [ONE, TWO], id="of a class that holds all"),
        pytest.param("", f'<div class="entry-summary"><p>{ONE}</p><p>{TWO}</p></div>', [ONE, TWO], id="all of it"),
        pytest.param("", f"<p><em>{LEAD}</em></p>{TEXT}", [LEAD, ONE], id="in italics without a picture"),
        pytest.param("", f'<p>{LEAD}</p><img src="/a.jpg">{TEXT}', [LEAD, ONE], id="a paragraph above a picture"),
        pytest.param(
            f"<p>KOTABARU, portal.example – {LEAD}</p>", f"<div>{TEXT}</div>", [LEAD, ONE], id="with a dateline"
        ),
    ],
)
def test_what_an_editor_wrote_as_text_is_the_body(between: str, text: str, body: list[str]) -> None:
    standfirst, found = read(between, text)
    assert (standfirst, found[:2]) == (None, body)


def test_a_theme_that_prints_the_excerpt_and_one_that_does_not_give_one_body() -> None:
    excerpt = f'<div class="post-excerpt"><p>{LEAD}</p></div>'
    assert read(excerpt)[1] == read("")[1] == read("", f"<div>{excerpt}{TEXT}</div>")[1]


def test_an_excerpt_with_the_words_of_a_caption_only_repeats_the_text() -> None:
    picture = "<figure><img src='/a.jpg'><figcaption>Perahu merapat di muara pagi.</figcaption></figure>"
    automatic = f'<div class="excerpt"><p>Perahu merapat di muara pagi. {ONE[:40]}…</p></div>'
    assert read(automatic, f'<div class="entry-content">{picture}{TEXT}</div>') == (None, [ONE, TWO, THREE])


@pytest.mark.parametrize(
    "between",
    [
        pytest.param(f'<div class="excerpt"><p>{ONE[:60]}…</p></div>', id="the automatic excerpt, cut"),
        pytest.param(f'<div class="excerpt"><p>{ONE} {TWO[:30]} […]</p></div>', id="the automatic excerpt of two"),
        pytest.param(f"<p>{ONE}</p>", id="the first paragraph again"),
        pytest.param("<p>Kabar pagi dari muara</p>", id="a short line"),
        pytest.param(f"<p>{LEAD[:-1]}</p>", id="no sentence"),
        pytest.param("<p>Oleh Budi Santoso | 14 Desember 2025</p>", id="a byline"),
        pytest.param(f"<figure><img src='/a.jpg'><figcaption>{LEAD}</figcaption></figure>", id="a caption"),
        pytest.param(f"<div><img src='/a.jpg'><p>{LEAD}</p></div>", id="a caption that nothing names"),
        pytest.param(f'<p class="login-hint login">{LEAD}</p>', id="a login"),
        pytest.param(f'<p class="lead"><a href="/x/">{LEAD}</a></p>', id="a link"),
        pytest.param(f'<div class="ad">{LEAD}</div>', id="an advertisement"),
        pytest.param(
            "<p>Ikuti kami di Google News untuk mendapat berita terbaru dari muara setiap pagi hari.</p>", id="a blurb"
        ),
        pytest.param(
            "".join(f'<div class="k"><a href="/{n}/">Kabar {n}</a><p>{LEAD}</p></div>' for n in range(3)), id="cards"
        ),
    ],
)
def test_what_is_no_standfirst_stays_out(between: str) -> None:
    assert read(between) == (None, [ONE, TWO, THREE])


SHORT = "Jam baru berlaku mulai pekan ini."
BYLINE = "<p>Sari Wulandari - Portal Muara</p><p>Minggu, 14 Desember 2025 | 21:35 WIB</p>"


@pytest.mark.parametrize(
    "between",
    [
        pytest.param(f"<p>{SHORT}</p><p>Oleh Sari Wulandari</p>", id="above a byline"),
        pytest.param(f"<p>{SHORT}</p><div>14 Desember 2025 | 21:35 WIB</div>", id="above the date"),
        pytest.param(f'<p>{SHORT}</p><div class="entry-meta">Sari | 14/12/2025</div>', id="above a named line"),
        pytest.param(f'<h2 class="subjudul">{SHORT}</h2>', id="a word of the press"),
        pytest.param(f'<p itemprop="description">{SHORT}</p><img src="/a.jpg">', id="microdata"),
    ],
)
def test_a_short_sentence_that_the_page_sets_apart_is_a_standfirst(between: str) -> None:
    assert read(between) == (SHORT, [ONE, TWO, THREE])


@pytest.mark.parametrize(
    ("text", "found", "body"),
    [
        pytest.param(
            f'<p>{SHORT}</p>{BYLINE}<p><img src="/a.jpg"></p>{TEXT}', SHORT, [ONE, TWO, THREE], id="above the byline"
        ),
        pytest.param(
            f"<h2>{SHORT}</h2><div><a href='/author/sari/'>Sari</a></div><div>14/12/2025 21:35</div><p>{ONE}</p>",
            SHORT,
            [ONE],
            id="above an author's address",
        ),
        pytest.param(
            f"<p>{ONE}</p><p>Minggu, 14 Desember 2025</p><p>Pukul 20.00 WIB: Muara lawan Hulu</p><p>{TWO}</p>",
            None,
            [ONE, "Minggu, 14 Desember 2025", "Pukul 20.00 WIB: Muara lawan Hulu", TWO],
            id="a schedule",
        ),
        pytest.param(
            f"<p>{ONE}</p><p>Sari Wulandari</p><p>{TWO}</p>", None, [ONE, "Sari Wulandari", TWO], id="a name alone"
        ),
        pytest.param(
            f'<p>{ONE}</p><div class="post-views">Dibaca 14 kali</div><p>{TWO}</p>', None, [ONE, TWO], id="a counter"
        ),
    ],
)
def test_the_byline_below_the_first_sentence_is_no_text(text: str, found: str | None, body: list[str]) -> None:
    html = f"<html lang='id'><body><div><h1>{TITLE}</h1>{text}</div></body></html>"
    article = extract(html, URL)
    assert (article.standfirst, article.body.split("\n\n")) == (found, body)
