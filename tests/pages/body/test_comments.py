"""Readers' comments that no class names are none of the text."""

import pytest

from narayacrawl import extract

PATH = "/daerah/pasar-terapung/"
URL = f"https://muara.example{PATH}"
TITLE = "Pasar Terapung Pindah Jam ke Pagi"
TEXT = [
    "Pedagang di muara mulai berjualan pukul empat pagi sejak air pasang datang lebih awal.",
    "Kepala pasar berkata perahu yang terlambat tetap boleh merapat di dermaga timur.",
    "Air pasang datang lebih awal dari yang tercatat pada papan jadwal di gerbang pekan ini.",
]
OPINION = "Semoga jam baru itu membuat pasar ramai lagi, karena kami yang dari hulu selalu datang terlambat tiap pekan."


def body(below: str, text: list[str] = TEXT) -> list[str]:
    paragraphs = "".join(f"<p>{line}</p>" for line in text)
    head = f"<html lang='id'><head><title>{TITLE} - Muara</title></head><body class='single postid-3'>"
    return extract(f"{head}<div class='q'><h1>{TITLE}</h1>{paragraphs}{below}</div></body></html>", URL).body.split(
        "\n\n"
    )


@pytest.mark.parametrize(
    "below",
    [
        pytest.param(f"<h2>2 tanggapan untuk “{TITLE}”</h2>" + f"<div><p>{OPINION}</p></div>" * 2, id="a heading"),
        pytest.param(
            f"<h3>Kata pembaca</h3>"
            f"<ol><li><b>Sari</b><p><a href='{URL}#comment-41'>pukul 4</a></p><p>{OPINION}</p></li>"
            f"<li><b>Budi</b><p><a href='{URL}#comment-42'>pukul 5</a></p><p>{OPINION}</p></li></ol>",
            id="links of comments in a list",
        ),
        pytest.param(
            f"<div><p>Sari</p><p><a href='{URL}#comment-7'>kemarin</a></p><p>{OPINION}</p></div>",
            id="a comment in no list",
        ),
        pytest.param(
            f"<ul><li><p>{OPINION}</p><p><a href='{PATH}?replytocom=7#respond'>Balas</a></p></li></ul>",
            id="a link to answer",
        ),
    ],
)
def test_the_text_ends_where_comments_begin(below: str) -> None:
    assert body(below) == TEXT


@pytest.mark.parametrize(
    "below",
    [
        pytest.param(f"<h2>{TITLE}</h2><p>{OPINION}</p>", id="the title again"),
        pytest.param("<h2>Pasar terapung 2 kali pindah</h2>" + f"<p>{OPINION}</p>", id="a heading with a number"),
        pytest.param(
            f"<p>Seperti <a href='/lain/#comment-3'>kata pembaca</a>, jam itu berat.</p><p>{OPINION}</p>",
            id="a comment on another article",
        ),
    ],
)
def test_other_headings_and_links_end_no_text(below: str) -> None:
    assert body(below)[-1] == OPINION


def test_a_text_that_stands_below_the_comments_only_is_read() -> None:
    above = f"<p><a href='{URL}#comment-7'>Komentar terakhir</a></p>{''.join(f'<p>{line}</p>' for line in TEXT)}"
    assert body(above, text=[])[-3:] == TEXT
