"""The sentence or two between the headline and the body."""

import pytest

from narayacrawl import extract
from tests.pages.body.test_body import ONE, TITLE, TWO, URL

LEAD = "Jam pasar di muara berubah mulai pekan ini, dan warga hulu harus berangkat sebelum azan subuh berkumandang."
THREE = "Papan jadwal di gerbang timur diganti hari ini juga oleh petugas yang datang dengan perahu dari hulu sungai."


def read(between: str) -> list[str]:
    """The body of an article with this between its headline and its text."""
    text = f'<div class="entry-content"><p>{ONE}</p><p>{TWO}</p><p>{THREE}</p></div>'
    head = f"<html lang='id'><head><title>{TITLE} - Portal Muara</title></head>"
    page = f"{head}<body><article><h1>{TITLE}</h1>{between}{text}</article></body></html>"
    return extract(page, URL).body.split("\n\n")


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
def test_a_standfirst_opens_the_body(between: str, found: list[str]) -> None:
    assert read(between) == [*found, ONE, TWO, THREE]


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
    assert read(between) == [ONE, TWO, THREE]
