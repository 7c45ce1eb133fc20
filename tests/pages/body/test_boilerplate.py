from urllib.parse import quote

import pytest

from narayacrawl import extract

URL = "https://portal.example/daerah/pasar-terapung/"
ONE = "Pedagang di muara mulai berjualan pukul empat pagi sejak air pasang datang lebih awal dari biasanya."
TWO = "Pembeli datang dengan perahu sewaan dari dua kampung di hulu, sebagian membawa anak-anak mereka."
TWEET = "https://twitter.com/intent/tweet?text=x"


def body(inside: str) -> list[str]:
    html = f"<html lang='id'><h1>Pasar</h1><div class='entry-content'><p>{ONE}</p>{inside}<p>{TWO}</p></div></html>"
    return extract(html, URL).body.split("\n\n")


@pytest.mark.parametrize(
    "line",
    [
        '<p><a href="https://www.facebook.com/sharer/sharer.php?u=x">Facebook</a></p>',
        f'<p>Bagikan: <a href="{TWEET}">X</a> <a href="https://wa.me/?text=x">WhatsApp</a></p>',
        f'<p>Sebarkan berita ini</p><p><a href="{TWEET}">X</a> | <a href="https://t.me/share/url?url=x">Telegram</a></p>',
        '<p><a href="https://portal.example/daerah/pasar-terapung/print/">Cetak</a></p>',
        f'<ul><li><a href="https://jejaring.example/compose?url={quote(URL, safe="")}&amp;t=x">Jejaring</a></li></ul>',
        '<h2>Daftar Isi</h2><ul><li><a href="#satu">Jam baru</a></li><li><a href="#dua">Perahu sewaan</a></li></ul>',
        "<p>Post Views: 1.204</p>",
        "<p>Dibaca: 1.204 kali</p>",
        "<p>1,2k views</p>",
        "<p>Waktu baca: 2 menit</p>",
        "<p>2 min read</p>",
        "<p>Dengarkan artikel ini 0:00 / 2:45</p>",
    ],
)
def test_what_plugins_add_is_no_text_though_nothing_names_it(line: str) -> None:
    assert body(line) == [ONE, TWO]


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (f'<p><a href="{TWEET}">“Air pasang bukan lawan kami, ia yang mengantar perahu.”</a> Cuit</p>', "“Air pasang"),
        ("<ul><li>Kapal <a href='#catatan'>pertama</a> berangkat pagi</li></ul>", "Kapal pertama"),
        ("<p><a href='https://arsip.example/?url=https%3A%2F%2Flain.example%2F'>Arsip</a></p>", "Arsip"),
        ("<p>Berita itu dibaca 1.204 kali dalam sehari.</p>", "Berita itu dibaca"),
        ("<p>Dilihat dari hulu, pasar itu tampak seperti kampung.</p>", "Dilihat dari hulu"),
        ("<p>Bagikan makanan kepada tetangga</p>", "Bagikan makanan"),
        ("<h2>Daftar Isi</h2>", "Daftar Isi"),
    ],
)
def test_text_that_is_like_what_plugins_add_stays(line: str, text: str) -> None:
    first, own, last = body(line)
    assert (first, last) == (ONE, TWO)
    assert own.startswith(text)
