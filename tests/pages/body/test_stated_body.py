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
