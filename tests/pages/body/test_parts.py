"""A text in several boxes of one kind, sections with links, posts of pictures alone."""

from collections.abc import Callable

import pytest

from narayacrawl import extract
from tests.growth import grows_in_proportion
from tests.pages.outline.test_continued_text import TEXT, URL, body, page, paragraphs

AD = "<div class='ad-slot'><span>Iklan</span></div>"
ASIDE = "<aside class='g'><p>Iklan</p></aside>"
CARDS = "".join(
    f"<div class='cd'><h3><a href='/k{number}/'>Kabar Lain dari Lereng Nomor {number}</a></h3>"
    f"<p>Ringkasan kabar lain nomor {number} yang dibaca banyak orang pada pekan ini juga.</p></div>"
    for number in range(4)
)


def linked(texts: list[str]) -> str:
    words = [text.split(" ", 1) for text in texts]
    return "".join(f"<p><a href='/tag/{first}/'>{first}</a> {rest}</p>" for first, rest in words)


@pytest.mark.parametrize("make", [paragraphs, linked], ids=["plain", "links"])
@pytest.mark.parametrize("between", ["", AD, ASIDE], ids=["nothing", "ad", "aside"])
@pytest.mark.parametrize("name", ["qz wd", "post-body", "article__content", "story-part"])
def test_parallel_boxes_are_one_text(name: str, between: str, make: Callable[[list[str]], str]) -> None:
    boxes = [f"<div class='gc'><div class='{name}'>{make(TEXT[n : n + 2])}</div></div>" for n in range(0, 8, 2)]
    assert body(between.join(boxes)) == TEXT


@pytest.mark.parametrize("name", ["post-body-{}", "post-body post-body-{}", "content-body_{}", "entry-content part-{}"])
def test_numbered_boxes_are_one_text(name: str) -> None:
    assert (
        body("".join(f"<div class='{name.format(n)}'>{paragraphs(TEXT[n : n + 2])}</div>" for n in range(0, 8, 2)))
        == TEXT
    )


def test_what_stands_below_the_boxes_is_none_of_the_text() -> None:
    boxes = "".join(f"<div class='post-body'>{paragraphs(TEXT[n : n + 2])}</div>" for n in range(0, 6, 2))
    more = f"<section class='more'><h3>Lainnya</h3><p>{TEXT[7]}</p></section>"
    assert body(boxes + more) == TEXT[:6]


@pytest.mark.parametrize("name", ["entry-content", "xk"])
def test_cards_below_the_text_are_other_articles(name: str) -> None:
    assert body(f"<div class='{name}'>{paragraphs(TEXT)}<div class='more'>{CARDS}</div></div>") == TEXT


def test_a_list_of_things_with_links_is_the_text_where_it_is_most_of_it() -> None:
    found = body(f"<div class='entry-content'><p>{TEXT[0]}</p><div class='all'>{CARDS}</div></div>")
    assert sum(line.startswith("Ringkasan") for line in found) == 4


@pytest.mark.parametrize("name", ["entry-content", "xk", ""])
@pytest.mark.parametrize("caption", ["", "<figcaption>Warga memetik kopi nomor {}.</figcaption>"])
def test_pictures_of_a_post_without_a_text_are_read(caption: str, name: str) -> None:
    figures = "".join(
        f"<figure><img src='/f{n}.jpg' width=600 height=400>{caption.format(n)}</figure>" for n in range(4)
    )
    article = extract(page(f"<div class='{name}'>{figures}</div>"), URL)
    assert [image.url for image in article.images] == [f"https://lereng.example/f{n}.jpg" for n in range(4)]
    assert article.body == ""


@pytest.mark.slow
def test_many_pictures_in_links_take_time_in_proportion() -> None:
    def make(count: int) -> str:
        return page("".join(f'<a href="/{n}/"><img src="/{n}.jpg"></a>' for n in range(count)))

    assert grows_in_proportion(make, lambda html: extract(html, URL), 4_000)
