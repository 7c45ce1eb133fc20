"""What stands in boxes beside the text that no class names, and what ends it without anything after it."""

import pytest

from narayacrawl import extract

URL = "https://lereng.example/ekonomi/panen-kopi-mundur/"
TITLE = "Panen Kopi Lereng Timur Mundur Dua Pekan"
WEEKS = ("pertama", "kedua", "ketiga", "keempat", "kelima", "keenam")
TEXT = [
    f"Petani memetik buah merah pada pekan {week} setelah hujan berhenti dan jalan desa bisa dilalui truk lagi."
    for week in WEEKS
]
CLOSING = "Harga di pasar kabupaten naik sejak itu, kata ketua koperasi petani kopi lereng timur kemarin."


def body(*parts: str, name: str = "q") -> list[str]:
    inside = "".join(part if part.startswith("<") else f"<p>{part}</p>" for part in parts)
    head = f"<html lang='id'><head><title>{TITLE} - Kabar Lereng</title></head><body class='single postid-5'>"
    return extract(
        f"{head}<main><h1>{TITLE}</h1><div class='{name}'>{inside}</div></main></body></html>", URL
    ).body.split("\n\n")


@pytest.mark.parametrize("name", ["q", "entry-content"])
@pytest.mark.parametrize(
    "box",
    [
        pytest.param("<div class='k'><span>Ingin membagikan tulisan ini?</span></div>", id="a question"),
        pytest.param(
            "<div><div>3 tanggapan</div><div>0</div><a href='/sebelumnya/'>Sebelumnya</a></div>", id="buttons"
        ),
        pytest.param("<section><p>Nilai tulisan ini</p><span>(95 suara, 4,7)</span></section>", id="a vote"),
        pytest.param(
            "<div class='ads'>Iklan</div><div class='k'>Kabar Lereng ditulis oleh manusia. Selamat membaca!</div>",
            id="a note",
        ),
        pytest.param(
            "<div><p>Gabung dan baca semuanya.</p><p>Akun gratis untuk kabar pilihan.</p><form><input></form></div>",
            id="a form",
        ),
        pytest.param(
            "<div><label><p>Bila tulisan ini berguna: bantu kami menulis lagi.</p></label></div>", id="a label"
        ),
        pytest.param(
            "<div class='k'><div>Kabar Lereng</div><h4>Untuk Anda</h4><ul><li>Sari</li><li>Adi</li><li>Eko</li></ul>"
            f"<p>{CLOSING}</p></div>",
            id="a card with a label",
        ),
        pytest.param("<h3>Tulisan tentang kopi</h3>", id="a heading"),
        pytest.param("<p>Yang ini mungkin menarik juga:</p>", id="a line with a colon"),
        pytest.param("<p>+++</p>", id="a ruling"),
        pytest.param(
            "<p>Suka tulisan ini? Jadilah <a href='/dukung/'>pendukung</a> kami mulai hari ini.</p>", id="a call"
        ),
        pytest.param(
            "<p class='w'>Kami menulis tanpa iklan.</p>"
            "<p class='w'>Bantu lewat <a href='https://trakteer.id/lereng'>trakteer</a>.</p><p>***</p>",
            id="a call in a style of its own",
        ),
    ],
)
def test_what_ends_a_page_is_none_of_the_text(box: str, name: str) -> None:
    assert body(*TEXT, box, name=name) == TEXT


def test_the_words_around_each_advertisement_are_none_of_the_text() -> None:
    box = "<div><div>Tak mau melihat ini? Matikan</div></div>"
    assert body(TEXT[0], box, TEXT[1], box, TEXT[2], box, TEXT[3]) == TEXT[:4]


def test_a_form_in_the_midst_of_the_text_goes_with_its_words() -> None:
    box = "<div><p>Daftar untuk membaca terus.</p><p>Alamat surel Anda tidak kami bagikan.</p><input></div>"
    assert body(*TEXT[:2], box, *TEXT[2:]) == TEXT


@pytest.mark.parametrize(
    "own",
    [
        pytest.param([f"<div>{CLOSING}</div>"], id="a paragraph in an element of its own"),
        pytest.param([f"<div dir='auto' class='x1'>{CLOSING}</div>"], id="a pasted paragraph"),
        pytest.param(["<dl><dt>Luas</dt><dd>30 hektare</dd></dl>"], id="definitions"),
        pytest.param(
            ["<div class='k'><table><tr><td>Arabika</td><td>90.000</td></tr></table></div>"], id="a table in a box"
        ),
        pytest.param(["<div class='k'><ul><li>Arabika</li><li>Robusta</li></ul></div>"], id="items in a box"),
        pytest.param([f"<details><summary>Rincian</summary><p>{CLOSING}</p></details>"], id="details"),
        pytest.param([f"<div class='k'><div>Harga</div><p>{CLOSING}</p></div>"], id="a section with a label"),
        pytest.param([f"<div><p>{CLOSING}</p></div>"], id="a paragraph in a box"),
        pytest.param(["<h3>Harga</h3>", f"<p>{CLOSING}</p>"], id="a heading with text"),
        pytest.param(["<p>Yang dibeli:</p>", "<ul><li>Arabika</li><li>Robusta</li></ul>"], id="a line with a list"),
        pytest.param(
            ["<div><h3>Bahan</h3><ul><li>kopi bubuk</li><li>air panas</li><li>gula aren</li></ul><input></div>"],
            id="a recipe with a form",
        ),
        pytest.param([f"<div class='k'><h3>Harga</h3><p>{CLOSING}</p></div>"], id="a box with a heading"),
        pytest.param(
            [f"<div class='k'><div>{label}</div><p>{CLOSING}</p></div>" for label in ("Harga", "Pupuk")],
            id="boxes of one class",
        ),
        pytest.param([f"<p>{CLOSING} Lihat <a href='/harga/'>daftar harga</a>.</p>"], id="a link of the text"),
        pytest.param(
            ["<p>Bantuan diterima <a href='https://lain.example/donasi/'>Palang Lereng</a> sampai Jumat.</p>"],
            id="a call of others",
        ),
    ],
)
def test_the_end_of_the_text_stays(own: list[str]) -> None:
    read = body(*TEXT, *own, name="entry-content")
    assert read[: len(TEXT)] == TEXT
    assert len(read) > len(TEXT)


def test_a_text_in_boxes_stays() -> None:
    assert body(*(f"<div class='row'><div><p>{line}</p></div></div>" for line in TEXT)) == TEXT


def test_lines_of_a_poem_stay() -> None:
    lines = ["Turun hujan di lereng timur", "Kopi merah di dahan basah", "Turun hujan di lereng timur"] * 2
    assert body(*TEXT[:3], f"<p>{'<br>'.join(lines)}</p>", TEXT[3]) == [*TEXT[:3], *lines, TEXT[3]]
