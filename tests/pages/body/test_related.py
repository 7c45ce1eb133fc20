"""Links to other articles inside a body: which go, and what looks like one and stays."""

import pytest

from tests.pages.body.test_body import ONE, RELATED, TWO, read, shown

HEADLINE = "Feri Berhenti Sehari Penuh"
LINK = f'<a href="/feri/">{HEADLINE}</a>'
OTHER = '<a href="/jadwal/">Jadwal Feri Diubah Pekan Ini</a>'
ITEMS = f"<ul><li>{LINK}</li><li>{OTHER}</li></ul>"
LONG = f"{ONE} {TWO} {ONE} {TWO}"


@pytest.mark.parametrize(
    "dropped",
    [
        pytest.param(f"<p>{LINK}</p>", id="a headline alone"),
        pytest.param(f"<blockquote>{LINK}</blockquote>", id="a headline in a box"),
        pytest.param(f"<p>DAERAH | {LINK}</p>", id="a section and a headline"),
        pytest.param(f"<p>Lesen Sie auch: {LINK}</p>", id="a label of another language"),
        pytest.param(f"<p>• {LINK}</p>", id="a bullet and a headline"),
        pytest.param(f"<p>Lihat pula kabar ini:</p><p>{LINK}</p>", id="a label on a line of its own"),
        pytest.param(f"<p>Mengapa feri berhenti?</p><p>{LINK}</p>", id="a question that a link answers"),
        pytest.param(f"<p>Kabar lain:</p>{ITEMS}", id="a label and a list"),
        pytest.param(f"<p><strong>Kabar lain</strong></p>{ITEMS}", id="a bold label and a list"),
        pytest.param(f"<article><h3>{LINK}</h3><p>{ONE}</p></article>", id="a card"),
        pytest.param(f"<article>{LINK}<article>{OTHER}</article></article>", id="a card within a card"),
    ],
)
def test_links_to_other_articles_go(dropped: str) -> None:
    assert shown(read(f"<p>{LONG}</p>{dropped}<p>{TWO}</p>")) == [LONG, TWO]


@pytest.mark.parametrize(
    "dropped",
    [
        pytest.param(ITEMS, id="a list of links"),
        pytest.param(f"<h3>Kabar lain</h3>{ITEMS}", id="a heading and a list"),
        pytest.param(f"<h3>Kabar lain</h3><p>{LINK}</p><p>{OTHER}</p>", id="a heading and lines"),
        pytest.param("<h3>Kabar lain</h3><p>Baca juga:</p><p>" + LINK + "</p>", id="a heading and a labelled line"),
    ],
)
def test_lists_of_links_below_the_text_go_with_their_heading(dropped: str) -> None:
    assert shown(read(f"<p>{LONG}</p>{dropped}")) == [LONG]


@pytest.mark.parametrize(
    ("html", "lines"),
    [
        pytest.param(
            f"<p>Warga membaca {LINK} lalu pulang.</p>",
            [f"Warga membaca {HEADLINE} lalu pulang."],
            id="a link in a text",
        ),
        pytest.param('<p><a href="/feri/">Feri berhenti</a></p>', ["Feri berhenti"], id="a link of two words"),
        pytest.param(
            f"<p>{LINK.replace('/feri/', 'https://luar.example/')}</p>", [HEADLINE], id="another site's headline"
        ),
        pytest.param(f"<h3>Jam baru</h3><p>Baca juga: {LINK}</p>", ["Jam baru"], id="a heading above a related line"),
        pytest.param(f"<h3>Jam baru</h3><p>{LINK}</p>", ["Jam baru"], id="a heading above a headline"),
        pytest.param(f"<p><b>Jam baru</b></p><p>{LINK}</p>", ["Jam baru"], id="a bold line above a headline"),
        pytest.param(
            f"<p>Kepala pasar menulis:</p><p>Baca juga: {LINK}</p><blockquote>“Kami menunggu.”</blockquote>",
            ["Kepala pasar menulis:", "“Kami menunggu.”"],
            id="a colon above a related line",
        ),
        pytest.param(
            "<p>Berikut daftarnya:</p><ol><li>perahu kayu</li><li>perahu besi</li></ol>",
            ["Berikut daftarnya:", "perahu kayu", "perahu besi"],
            id="a label above a list of things",
        ),
        pytest.param(
            '<ul><li><a href="/a/">Dermaga timur</a> dibuka pukul empat.</li></ul>',
            ["Dermaga timur dibuka pukul empat."],
            id="a list whose sentences begin with a link",
        ),
        pytest.param(
            '<p>Berikut situsnya:</p><ul><li><a href="https://luar.example/">Kantor pelabuhan di hulu</a></li></ul>',
            ["Berikut situsnya:", "Kantor pelabuhan di hulu"],
            id="a list of other sites",
        ),
        pytest.param("<p>Mengapa jam diubah?</p>", ["Mengapa jam diubah?"], id="a question"),
        pytest.param("<p>Jamnya berubah:</p>", ["Jamnya berubah:"], id="a colon"),
        pytest.param(
            f'<article><h3>05.00</h3><p>{ONE} <a href="/x/">Papan</a> diganti.</p></article>',
            ["05.00", f"{ONE} Papan diganti."],
            id="a live blog's entry",
        ),
        pytest.param(
            f"<article><h3>05.00</h3><p>{ONE}</p></article>", ["05.00", ONE], id="a live blog's entry, no link"
        ),
        pytest.param(
            f"<article><h3>{LINK}</h3><p>{LONG}</p></article>", [LONG], id="a long text below a linked heading"
        ),
    ],
)
def test_what_looks_like_a_link_to_another_article_stays(html: str, lines: list[str]) -> None:
    assert shown(read(f"<p>{LONG}</p>{html}<p>{TWO}</p>")) == [LONG, *lines, TWO]


def test_a_list_of_links_may_be_the_article() -> None:
    titles = [f"Kabar dari hulu sungai nomor {number}" for number in range(8)]
    items = "".join(f'<li><a href="/{number}/">{title}</a></li>' for number, title in enumerate(titles))
    assert shown(read(f"<p>Berikut daftarnya:</p><ul>{items}</ul>")) == ["Berikut daftarnya:", *titles]


def test_a_table_of_links_may_be_the_article() -> None:
    rows = "".join(f'<tr><td><a href="/{number}/">Dermaga di kota {number}</a><td>{number}.00' for number in range(4))
    lines = [f"Dermaga di kota {number} | {number}.00" for number in range(4)]
    assert shown(read(f"<table>{rows}</table>")) == ["\n".join(lines)]


@pytest.mark.parametrize(
    "html",
    [
        '<p><a href="/buletin/">Berlangganan newsletter kami</a></p>',
        '<p>Subscribe to our <a href="/buletin/">newsletter</a>.</p>',
        '<p>Mau kabar pagi? Sign up <a href="/buletin/">here</a></p>',
    ],
)
def test_invitations_to_subscribe_go(html: str) -> None:
    assert shown(read(f"<p>{ONE}</p>{html}<p>{TWO}</p>")) == [ONE, TWO]


@pytest.mark.parametrize(
    "text",
    [
        "Dinas menerbitkan newsletter pasar setiap pekan.",
        'Dinas menerbitkan <a href="/x/">newsletter pasar</a> setiap pekan di kantornya.',
        'Pedagang berlangganan <a href="/es/">es balok</a> dari pabrik di hulu.',
    ],
)
def test_a_newsletter_that_is_told_of_stays(text: str) -> None:
    body = read(f"<p>{ONE}</p><p>{text}</p><p>{TWO}</p>")
    assert [block.html for block in body.blocks][1].startswith(text[:17])


def test_the_links_of_a_list_within_the_text_are_kept() -> None:
    related = read(f"<p>{LONG}</p><p>Kabar lain:</p>{ITEMS}<p>{TWO}</p>").related
    assert [link.title for link in related] == [HEADLINE, "Jadwal Feri Diubah Pekan Ini"]


def test_the_links_of_a_list_below_the_text_are_not() -> None:
    assert read(f"<p>{LONG}</p><p>{TWO}</p><h3>Kabar lain</h3>{ITEMS}").related == []


def test_a_related_link_is_kept_once_however_often_it_stands() -> None:
    line = '<p>Baca juga: <a href="/feri/">Feri Berhenti Sehari</a></p>'
    assert read(f"<p>{ONE}</p>{line}<p>{TWO}</p>{line.replace('/feri/', '/feri/?utm_source=x')}").related == RELATED


def test_a_link_that_a_break_parts_is_a_link_of_both_lines() -> None:
    body = read(f'<p>{ONE}</p><p><a href="/feri/">Baca juga:<br>Feri Berhenti Sehari</a></p><p>{TWO}</p>')
    assert (shown(body), body.related) == ([ONE, TWO], RELATED)


SHARE = '<div class="sharedaddy"><a href="//x.example">X</a></div>'
RATING = '<span class="post-ratings"><img src="/star.gif" width="16">(12 suara, rata-rata 4,50 dari 5)</span>'


@pytest.mark.parametrize(
    "end",
    [
        pytest.param(f"<h3>Bagaimana menurut Anda?</h3>{SHARE}", id="a heading above share links"),
        pytest.param(f"<p>Suka dengan artikel ini?</p>{SHARE}", id="a question above share links"),
        pytest.param(f"<h3>Tulis pendapat Anda...</h3><p>{LINK}</p>", id="a heading above a link"),
        pytest.param("<h3>Komentar</h3><p>comments</p>", id="what a comment plugin prints"),
        pytest.param(f"<p></p>{RATING}<br>", id="a rating in a line of its own"),
        pytest.param('<p><a href="https://galeri.example/">Galeri foto</a></p>', id="a link in words"),
        pytest.param("<p>Warning: Undefined variable $x in /srv/wp/a.php on line 12</p>", id="an error of PHP"),
    ],
)
def test_a_body_does_not_end_with_what_belongs_to_something_left_out(end: str) -> None:
    assert shown(read(f"<p>{LONG}</p><p>{TWO}</p>{end}")) == [LONG, TWO]


@pytest.mark.parametrize(
    ("end", "line"),
    [
        (f"<h3>Semua perahu sudah kembali ke dermaga.</h3>{SHARE}", "Semua perahu sudah kembali ke dermaga."),
        ("<h3>Jadwal berikutnya</h3><p><img src='/jadwal.jpg'></p>", "Jadwal berikutnya"),
        ("<p>Lalu, siapa yang menjaga dermaga?</p>", "Lalu, siapa yang menjaga dermaga?"),
        ('<p><a href="https://data.example/x">https://data.example/x</a></p>', "https://data.example/x"),
        ("<p>Komentar warga beragam.</p>", "Komentar warga beragam."),
        ('<p>Warga <span class="share">berbagi</span> perahu.</p>', "Warga berbagi perahu."),
    ],
)
def test_the_last_line_of_a_body_stays(end: str, line: str) -> None:
    assert shown(read(f"<p>{LONG}</p><p>{TWO}</p>{end}")) == [LONG, TWO, line]
