"""The metadata repeats the article's text: where much less of it was found, it is looked for on the page."""

import json

import pytest

from narayacrawl import extract
from tests.pages.outline.test_continued_text import TEXT, TITLE, URL, paragraphs

OTHER = [
    f"Ringkasan kabar nomor {number} yang ditulis orang lain tentang hal lain di tempat lain." for number in range(8)
]
TEASER = f"<div class='entry-content'>{paragraphs(TEXT[:2])}</div>"


def body(inside: str, stated: list[str]) -> list[str]:
    told = json.dumps({"@type": "NewsArticle", "headline": TITLE, "articleBody": " ".join(stated)})
    head = f"<title>{TITLE}</title><script type='application/ld+json'>{told}</script>"
    page = f"<html lang='id'><head>{head}</head><body class='single'><article><h1>{TITLE}</h1>{inside}</article></body>"
    return extract(page, URL).body.split("\n\n")


@pytest.mark.parametrize(
    "inside",
    [
        pytest.param(TEASER + f"<div class='lanjutan'>{paragraphs(TEXT[2:])}</div>", id="beside the named box"),
        pytest.param(TEASER + f"<div class='disclaimer'>{paragraphs(TEXT[2:])}</div>", id="in a region"),
        pytest.param(
            TEASER + "".join(f"<div class='related'><p>{text}</p></div>" for text in TEXT[2:]), id="in many regions"
        ),
    ],
)
def test_text_that_the_metadata_repeats_is_found(inside: str) -> None:
    assert body(inside, TEXT) == TEXT


@pytest.mark.parametrize("stated", [[], OTHER, TEXT[:2]], ids=["nothing", "another text", "the beginning"])
def test_what_it_does_not_repeat_is_no_text(stated: list[str]) -> None:
    assert body(f"{TEASER}<div class='comments'>{paragraphs(OTHER)}</div>", stated) == TEXT[:2]


NOTE = "Kabar Lereng terbit sejak lama, dan pembacanya tinggal di dua belas kabupaten di sekitar lereng ini."
ENTRY = "<div class='entry-content'>{}</div>"


@pytest.mark.parametrize(
    "inside",
    [
        pytest.param(
            ENTRY.format(f"{paragraphs(TEXT[:6])}<div class='disclaimer'>{paragraphs(TEXT[6:7])}</div>")
            + paragraphs(TEXT[7:]),
            id="in a region, and below the element",
        ),
        pytest.param(ENTRY.format(paragraphs(TEXT)) + f"<div class='k'>{paragraphs([NOTE])}</div>", id="and no more"),
        pytest.param(ENTRY.format(paragraphs([*TEXT, NOTE])), id="and what follows it in its element"),
    ],
)
def test_the_text_is_as_long_as_the_metadata_tells(inside: str) -> None:
    assert body(inside, TEXT) == TEXT


def test_related_lines_that_the_metadata_repeats_are_none_of_the_text() -> None:
    line = "<p>Baca juga: <a href='/lain/'>Harga kopi naik di pasar kabupaten pekan ini</a></p>"
    inside = ENTRY.format(f"{paragraphs(TEXT[:4])}{line}{paragraphs(TEXT[4:])}")
    assert body(inside, [*TEXT[:4], "Baca juga: Harga kopi naik di pasar kabupaten pekan ini", *TEXT[4:]]) == TEXT


@pytest.mark.parametrize(
    "stated",
    [
        pytest.param([*TEXT[:6], "Petani memetik buah …"], id="cut off"),
        pytest.param(TEXT[:4], id="half of it"),
        pytest.param(OTHER, id="another text"),
    ],
)
def test_a_text_of_which_the_metadata_has_the_beginning_stays_whole(stated: list[str]) -> None:
    assert body(ENTRY.format(paragraphs(TEXT)), stated) == TEXT
