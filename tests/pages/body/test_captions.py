"""Captions and credits that no markup names."""

import pytest

from narayacrawl import extract
from tests.pages.body.test_body import ONE, TWO, URL, read, shown

PICTURE = '<p><img src="/a.jpg"></p>'


@pytest.mark.parametrize(
    "dropped",
    [
        pytest.param(f"{PICTURE}<p>Perahu kayu di muara</p>", id="a short line below a picture"),
        pytest.param(f"{PICTURE}<p>Perahu kayu merapat di muara. Foto: Sari</p>", id="a credited sentence"),
        pytest.param(f"{PICTURE}<p>Perahu kayu merapat di muara. (Foto: ANTARA/Sari)</p>", id="a credit in brackets"),
        pytest.param(f"{PICTURE}<p><em>Perahu kayu di muara</em></p>", id="an emphasised line"),
        pytest.param('<p><img src="/a.jpg"><br>Perahu kayu di muara</p>', id="a line in the picture's paragraph"),
        pytest.param("<p>Foto: Sari Wulandari</p>", id="a credit alone"),
        pytest.param("<p>Foto: Perahu kayu yang merapat di muara saat air pasang</p>", id="a label and a caption"),
        pytest.param("<p>Image illustra\u00adtive : Perahu di muara</p>", id="a label with a soft hyphen"),
        pytest.param("<p>© Antara</p>", id="a sign and a name"),
        pytest.param("<p>(Foto: Dok. Humas)</p>", id="a credit alone in brackets"),
    ],
)
def test_captions_go(dropped: str) -> None:
    assert shown(read(f"<p>{ONE}</p>{dropped}<p>{TWO}</p>")) == [ONE, TWO]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("<p>Ya.</p>", id="a sentence"),
        pytest.param("<p>Foto itu diambil pukul empat pagi.</p>", id="a sentence that tells of a picture"),
        pytest.param("<p>“Kami menunggu air”</p>", id="speech"),
        pytest.param("<p><strong>Jam baru</strong></p>", id="a bold heading"),
        pytest.param("<p><b>Jam <i>baru</i></b></p>", id="a bold heading with an emphasised word"),
        pytest.param("<h3>Jam baru</h3>", id="a heading"),
        pytest.param("<ul><li>perahu kayu</li></ul>", id="an item"),
        pytest.param('<p><a href="https://luar.example/">Papan jadwal</a></p>', id="a link"),
        pytest.param("<p>Jamnya berubah:</p>", id="what a list follows"),
        pytest.param(f"<p>{ONE} {TWO} tanpa titik</p>", id="a long line"),
        pytest.param("<p>附近的居民都表示欢迎这一变化。</p>", id="a Chinese sentence"),
        pytest.param("<p>لماذا تغير الوقت؟</p>", id="an Arabic question"),
        pytest.param("<p>नाव घाट पर आती है।</p>", id="a Hindi sentence"),
        pytest.param("<p>ชาวบ้านก็ยินดีกับเวลาใหม่</p>", id="a Thai sentence"),
    ],
)
def test_text_below_a_picture_stays(text: str) -> None:
    assert len(read(f"<p>{ONE}</p>{PICTURE}{text}<p>{TWO}</p>").blocks) == 3


def test_a_picture_with_a_caption_has_no_second_one() -> None:
    figure = '<figure><img src="/a.jpg"><figcaption>Perahu di muara</figcaption></figure>'
    line = "Yang terpenting: semua perahu kini merapat di dermaga timur sebelum air surut"
    assert shown(read(f"{figure}<p>{line}</p><p>{TWO}</p>")) == [line, TWO]
    assert shown(read(f"<p>{ONE}</p>{figure}<p>Portal Muara</p><p>{TWO}</p>")) == [ONE, TWO]


def test_a_line_that_repeats_a_caption_is_none_of_the_text() -> None:
    caption = "Perahu kayu merapat di muara saat air pasang datang."
    figure = f'<figure><img src="/a.jpg"><figcaption>{caption}</figcaption></figure>'
    assert shown(read(f"{figure}<p>{ONE}</p><div><p>{caption}</p></div><p>{TWO}</p>")) == [ONE, TWO]


@pytest.mark.parametrize(
    "text",
    ["Foto itu diambil Sari.", "Foto Sari", "Perahu kayu di muara", "Sumber air itu kering sejak pekan lalu."],
)
def test_a_line_with_no_picture_above_is_no_caption(text: str) -> None:
    assert shown(read(f"<p>{ONE}</p><p>{text}</p><p>{TWO}</p>")) == [ONE, text, TWO]


def test_only_the_first_line_below_a_picture_is_its_caption() -> None:
    body = read(f"<p>{ONE}</p>{PICTURE}<p>Perahu kayu di muara</p><p>Jam baru</p><p>{TWO}</p>")
    assert shown(body) == [ONE, "Jam baru", TWO]


def test_a_line_that_is_a_caption_tells_of_its_picture() -> None:
    html = f'<div class="entry-content"><p>{ONE}</p>{PICTURE}<p>Perahu kayu di muara. Foto: Sari</p><p>{TWO}</p></div>'
    images = extract(html, URL).images
    assert [(image.caption, image.credit) for image in images] == [("Perahu kayu di muara.", "Sari")]


@pytest.mark.parametrize(
    ("line", "authors", "editors"),
    [
        ("Penulis: Sari Wulandari | Editor: Budi Santoso", ["Sari Wulandari"], ["Budi Santoso"]),
        ("Reporter: Sari Wulandari<br>Editor: Budi Santoso", ["Sari Wulandari"], ["Budi Santoso"]),
        ("Editor: Budi Santoso", [], ["Budi Santoso"]),
    ],
)
def test_the_texts_own_credit_line_below_a_picture_is_no_caption(
    line: str, authors: list[str], editors: list[str]
) -> None:
    html = f'<div class="entry-content"><p>{ONE}</p><p>{TWO}</p>{PICTURE}<p>{line}</p></div>'
    article = extract(html, URL)
    assert (article.authors, article.editors) == (authors, editors)
    assert [(image.caption, image.credit) for image in article.images] == [(None, None)]
    assert article.body == f"{ONE}\n\n{TWO}"


@pytest.mark.parametrize(
    "picture",
    [
        pytest.param('<figure><img src="/a.jpg"><figcaption>Oleh: Bayu Adi</figcaption></figure>', id="figcaption"),
        pytest.param('<figure><img src="/a.jpg"><p>Oleh: Bayu Adi</p></figure>', id="figure"),
        pytest.param(
            '<div class="wp-caption"><img src="/a.jpg"><p class="wp-caption-text">Oleh Bayu Adi</p></div>', id="class"
        ),
        pytest.param('<div class="featured-media"><img src="/a.jpg"><p>Oleh: Bayu Adi</p></div>', id="lead image"),
        pytest.param('<p><img src="/a.jpg"><br>Oleh: Bayu Adi</p>', id="paragraph"),
        pytest.param(f'<p>{ONE}</p><p><img src="/a.jpg"></p><p>Oleh: Bayu Adi</p>', id="below a sentence"),
    ],
)
def test_a_name_in_a_pictures_element_is_its_credit(picture: str) -> None:
    byline = '<span class="author vcard"><a href="/author/sari/">Sari Wulandari</a></span>'
    html = f'<h1>Pasar Terapung</h1>{byline}<div class="entry-content">{picture}<p>{TWO}</p></div>'
    article = extract(html, URL)
    assert [(image.caption, image.credit) for image in article.images] == [(None, "Bayu Adi")]
    assert article.authors == ["Sari Wulandari"]
    assert "Bayu" not in article.body


@pytest.mark.parametrize(
    "opening",
    [
        pytest.param("<p>Oleh: Sari Wulandari</p>", id="no picture"),
        pytest.param(f"{PICTURE}<p>Oleh: Sari Wulandari</p>", id="below a picture"),
        pytest.param(f"{PICTURE}<p><strong>Oleh Sari Wulandari</strong></p>", id="bold"),
        pytest.param(
            '<figure><img src="/a.jpg"><figcaption>Perahu.</figcaption></figure><p>Oleh Sari Wulandari</p>',
            id="caption",
        ),
        pytest.param('<p><img class="alignleft" src="/a.jpg">Oleh Sari Wulandari</p>', id="beside a floated picture"),
    ],
)
def test_a_name_that_opens_the_text_is_a_byline(opening: str) -> None:
    html = f'<h1>Pasar Terapung</h1><div class="entry-content">{opening}<p>{ONE}</p><p>{TWO}</p></div>'
    article = extract(html, URL)
    assert article.authors == ["Sari Wulandari"]
    assert [image.credit for image in article.images] in ([], [None])
    assert [image.caption for image in article.images] in ([], [None], ["Perahu."])
    assert article.body == f"{ONE}\n\n{TWO}"


@pytest.mark.parametrize(
    "line", ["Oleh karena itu, kapal menunggu di hilir.", "Oleh-oleh dijual di dermaga.", "Oleh warga"]
)
def test_a_line_of_text_that_opens_like_a_byline_stays(line: str) -> None:
    html = f'<h1>Pasar Terapung</h1><div class="entry-content"><p>{line}</p><p>{ONE}</p><p>{TWO}</p></div>'
    assert extract(html, URL).body == f"{line}\n\n{ONE}\n\n{TWO}"
