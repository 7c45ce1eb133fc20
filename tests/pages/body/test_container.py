"""Which element holds the body, on pages that make it hard to tell."""

import pytest

from narayacrawl import extract
from narayacrawl.pages.body.text_range import find_text_range
from narayacrawl.pages.outline.blocks import PageBlock
from tests.pages.body.test_body import URL

TITLE = "Pasar Terapung Pindah Jam ke Pagi"
ONE = "Pedagang di muara mulai berjualan pukul empat pagi sejak air pasang datang lebih awal."
TWO = "Kepala pasar berkata perahu yang terlambat tetap boleh merapat di dermaga timur."
THREE = "Air pasang datang lebih awal dari yang tercatat pada papan jadwal di gerbang timur pekan ini."
ELSE = "Ringkasan kabar lain yang cukup panjang untuk disangka sebuah paragraf, ditulis orang lain tentang hal lain."
TEXT = f"<p>{ONE}</p><p>{TWO}</p><p>{THREE}</p>"
HEAD = f"<h1>{TITLE}</h1>"
NAMED = f'<div class="entry-content">{TEXT}</div>'


def cards(form: str, count: int = 5) -> str:
    link = "<a href='/{0}/'>Kabar lain nomor {0}</a>"
    return "".join(form.replace("LINK", link.format(number)).replace("TEXT", ELSE) for number in range(2, count + 2))


def read(inside: str) -> list[str]:
    head = f"<html lang='id'><head><title>{TITLE} - Portal Muara</title></head>"
    return extract(f"{head}<body>{inside}</body></html>", URL).body.split("\n\n")


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(
            f"<article>{HEAD}{''.join(f'<div class=post-body><p>{p}</p></div>' for p in (ONE, TWO, THREE))}</article>",
            id="a body in parts of one name",
        ),
        pytest.param(
            f"<article>{HEAD}{NAMED}</article>"
            + cards("<article><h2>LINK</h2><div class='entry-content'><p>TEXT</p></div></article>"),
            id="cards whose text has the body's name",
        ),
        pytest.param(
            f"<article>{HEAD}{NAMED}</article><aside class='sidebar'>{f'<p>{ELSE}</p>' * 30}</aside>",
            id="a sidebar longer than the article",
        ),
        pytest.param(
            f"<div>{HEAD}<div>{TEXT}</div></div><div>{cards('<div class=k>LINK<p>TEXT</p></div>', 30)}</div>",
            id="cards longer than the article, nothing named",
        ),
        pytest.param(
            f"<h1><a href='/'>Portal Muara</a></h1><article><h2>{TITLE}</h2>{NAMED}</article>", id="the site's h1"
        ),
        pytest.param(
            f"<h1>Portal Muara</h1><div>{HEAD}<div>{TEXT}</div></div>", id="the site's h1 above the article's"
        ),
        pytest.param(
            f"<div class='hentry post-1'>{HEAD}<div>{TEXT}</div></div>"
            + cards("<div class='hentry'><h2>LINK</h2><p>TEXT TEXT TEXT</p></div>"),
            id="related posts below",
        ),
        pytest.param(
            cards("<div class='hentry'><h2>LINK</h2><p>TEXT TEXT TEXT</p></div>")
            + f"<div class='hentry post-1'>{HEAD}<div>{TEXT}</div></div>",
            id="other posts above",
        ),
        pytest.param(
            f"<div class='type-post'><article class='hentry'>{HEAD}<div>{TEXT}</div></article></div>",
            id="a post in a post",
        ),
        pytest.param(f"<article><article>{HEAD}{NAMED}</article></article>", id="an article in an article"),
        pytest.param(
            f"<div class='has-sidebar content-with-related'>{HEAD}{NAMED}</div>", id="a wrapper that has a sidebar"
        ),
        pytest.param(
            f"<article>{HEAD}<div class='entry-content has-sidebar'>{TEXT}</div></article>",
            id="a body that has a sidebar",
        ),
        pytest.param(f"<div>{HEAD}<div>{TEXT}</div></div><footer><p>{ELSE * 5}</p></footer>", id="a long footer"),
        pytest.param(
            f"<div>{HEAD}<div>{TEXT}</div></div><div id='comments'><p>{ELSE * 8}</p></div>", id="long comments"
        ),
        pytest.param(
            f"<div>{HEAD}<div>{TEXT}<h3>Kabar lain</h3><ul><li><a href='/2/'>Kabar dari hulu</a></ul></div></div>",
            id="a list below",
        ),
        pytest.param(f"<div>{HEAD}<div>{ONE}<br><br>{TWO}<br><br>{THREE}</div></div>", id="lines"),
        pytest.param(
            f"<div>{HEAD}<div><div>{ONE}</div><div>{TWO}</div><div>{THREE}</div></div></div>", id="bare boxes"
        ),
        pytest.param(
            f"<article>{HEAD}<div class='entry-content'><div class='wp-block-columns'><div><p>{ONE}</p></div>"
            f"<div><p>{TWO}</p></div></div><p>{THREE}</p></div></article>",
            id="columns",
        ),
    ],
)
def test_the_body_is_the_articles_text(page: str) -> None:
    assert read(page) == [ONE, TWO, THREE]


@pytest.mark.parametrize("name", ["entry-content", "x7"])
def test_a_text_of_twenty_thousand_words_is_whole(name: str) -> None:
    paragraphs = [f"{ONE} {TWO} {THREE} Nomor {number}." for number in range(500)]
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    assert read(f"<article>{HEAD}<div class='{name}'>{text}</div></article>") == paragraphs


def test_cards_with_links_may_be_the_article() -> None:
    entries = "".join(
        f"<div class='k'><h3>Dermaga {n}</h3><p>{TWO} <a href='/{n}/'>Peta</a></p></div>" for n in range(4)
    )
    lines = [line for n in range(4) for line in (f"Dermaga {n}", f"{TWO} Peta")]
    assert read(f"<main>{HEAD}<div class='x7'>{entries}</div></main>") == lines


def test_a_list_may_end_the_text() -> None:
    page = (
        f"<div>{HEAD}<div>{TEXT}<p>Berikut daftarnya:</p><ol><li>perahu kayu</li><li>perahu besi</li></ol></div></div>"
    )
    assert read(page) == [ONE, TWO, THREE, "Berikut daftarnya:", "perahu kayu", "perahu besi"]


@pytest.mark.parametrize(
    ("weights", "first", "found"),
    [
        ([90, 90, 90], 0, (0, 3)),
        ([0, 90, 0, 90, 0], 0, (1, 4)),
        ([90, 0, 0, 0, 0, 0, 0, 0, 0, 0, 90], 0, (0, 1)),
        ([90, 0, 0, 0, 0, 0, 0, 0, 0, 0, 300], 0, (10, 11)),
        ([300, 0, 90, 90], 1, (2, 4)),
        ([0, 0], 0, (0, 2)),
    ],
    ids=["all", "past a short line", "the first of two alike", "the longer of two", "below the title", "none"],
)
def test_the_longest_stretch_is_the_first_with_much_text_and_little_else(
    weights: list[int], first: int, found: tuple[int, int]
) -> None:
    blocks = [PageBlock("p", "x" * (weight or 20), None, None) for weight in weights]  # type: ignore[arg-type]
    assert find_text_range(blocks, weights, first) == found


def test_a_table_at_the_end_whose_cells_have_the_bodys_name_is_one_block() -> None:
    cell = "<td><div class='entry-content'><p>{}</p><p>{}</p></div></td>"
    rows = f"<tr>{cell.format('Senin', '04.00')}{cell.format('Selasa', '05.00')}</tr>" * 3
    assert read(f"{HEAD}<div class='entry-content'>{TEXT}<table>{rows}</table></div>")[:3] == [ONE, TWO, THREE]


WEEKS = ("pertama", "kedua", "ketiga", "keempat", "kelima", "keenam", "ketujuh", "kedelapan", "kesembilan")
LONG = [
    f"Pada pekan {week} perahu dari hulu merapat di dermaga timur sebelum matahari terbit dan pulang setelah air surut."
    for week in WEEKS
]
ADVERTISEMENTS = "<aside>Pasang</aside>" * 3


def long_text(first: int, last: int) -> str:
    return "".join(f"<p>{line}</p>" for line in LONG[first:last])


def read_with_description(inside: str, description: str) -> list[str]:
    head = f"<html lang='id'><head><title>{TITLE}</title><meta name='description' content='{description}'></head>"
    return extract(f"{head}<body class='single postid-3'>{inside}</body></html>", URL).body.split("\n\n")


def test_a_text_begins_at_the_latest_where_the_description_does() -> None:
    inside = f"<div class='k'>{HEAD}<div>{long_text(0, 3)}</div>{ADVERTISEMENTS}<div>{long_text(3, 9)}</div></div>"
    assert read_with_description(inside, LONG[0]) == LONG


def test_the_description_tells_an_article_from_a_longer_text() -> None:
    other = "".join(
        f"<p>Syarat nomor {number} mengatur siapa yang boleh memasang iklan di sini.</p>" for number in range(9)
    )
    inside = f"{HEAD}<div class='a'>{other}</div>{ADVERTISEMENTS * 3}<div class='b'>{long_text(0, 6)}</div>"
    assert read_with_description(inside, LONG[0]) == LONG[:6]


def test_the_first_part_of_a_text_that_advertisements_cut_is_kept() -> None:
    inside = (
        f"{HEAD}<div class='row'>{long_text(0, 3)}</div><aside>x</aside><div class='row'>{long_text(3, 9)}</div>" * 1
    )
    more = "".join(f"<p>{line} Begitu pula keesokan harinya.</p>" for line in LONG * 2)
    assert read(f"<main>{inside.removesuffix('</div>')}{more}</div></main>")[:9] == LONG


def test_on_a_page_without_a_headline_the_longest_text_is_the_articles() -> None:
    comments = "".join(f"<li><a href='/{n}/'>Sari</a>: {line}</li>" for n, line in enumerate(LONG[:3]))
    inside = f"<div><ul>{comments}</ul></div>{'<aside>x</aside>' * 4}<div>{long_text(4, 9)}</div>"
    assert read(inside) == LONG[4:]


def test_sections_that_take_turns_with_cards_are_one_text() -> None:
    link = "<a href='https://lain.example/perahu/'>Galangan Perahu Hulu</a>"
    sections = "".join(
        f"<div class='bagian'>{f'<div>{link}</div>'}<p>{line}</p></div><p>{more}</p>"
        for line, more in zip(LONG[:4], LONG[4:8], strict=True)
    )
    text = [line for pair in zip(LONG[:4], LONG[4:8], strict=True) for line in pair]
    assert [line for line in read(f"{HEAD}<div>{sections}</div>") if line in LONG] == text


def test_a_list_of_cards_in_the_midst_of_a_text_is_none_of_it() -> None:
    between = cards("<div class='k'><h3>LINK</h3><p>TEXT</p></div>")
    assert read(f"{HEAD}<div>{long_text(0, 5)}<div>{between}</div>{long_text(5, 9)}</div>") == LONG
