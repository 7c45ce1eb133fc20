"""What a page may cost: time in proportion to its size, whatever is in it, and never an exception."""

import re
from collections.abc import Callable
from functools import partial
from html.parser import HTMLParser

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from narayacrawl import extract
from narayacrawl.pages.outline.regions import BODY_GLOBS, CARD_GLOBS, FIELD_GLOBS, REGION_GLOBS
from tests.growth import grows_in_proportion
from tests.slow import first_quick

URL = "https://portal.example/daerah/pasar-terapung/"
TITLE = "Pasar Terapung Pindah Jam ke Pagi Hari"
TEXT = "Pedagang di muara mulai berjualan pukul empat pagi sejak air pasang datang lebih awal."
CARD = f'<h2><a href="/x/">Kabar lain dari hulu</a></h2><p>{TEXT}</p>'
DATE = '<time datetime="2025-12-14T10:00:00+07:00">14 Desember 2025</time>'


def page(inside: str, *, name: str = "entry-content") -> str:
    """A page whose body has a name that is known, or none that is."""
    head = f"<html lang='id'><head><title>{TITLE}</title></head><body><h1>{TITLE}</h1>"
    return f'{head}<div class="{name}"><p>{TEXT}</p>{inside}<p>{TEXT}</p></div></body></html>'


def nested(opening: str, depth: int, *, closing: str = "", inside: str = TEXT) -> str:
    return opening * depth + inside + closing * depth


DEPTH = 10_000
"""How many elements stand in one another at most."""
DEEP: dict[str, Callable[[int], str]] = {
    **{
        f"{tag} in {tag}": partial(lambda tag, n: nested(f"<{tag}>", n // 10, closing=f"</{tag}>"), tag)
        for tag in ("div", "span", "b", "em", "a", "blockquote", "font", "section", "article", "figure", "form")
    },
    **{
        f"unclosed {tag}": partial(lambda tag, n: nested(f"<{tag}>", n), tag)
        for tag in ("div", "span", "b", "a", "blockquote", "article")
    },
    "lists": lambda n: nested("<ul><li>", n // 10, closing="</li></ul>"),
    "tables": lambda n: nested("<table><tr><td>", n // 10, closing="</td></tr></table>"),
    "unclosed lists": lambda n: nested("<ul><li>", n // 2),
    "unclosed tables": lambda n: nested("<table><tr><td>", n // 3),
    "text at every depth": lambda n: nested(f"<div>{TEXT}", n // 10, closing="</div>"),
    "unclosed, with text": lambda n: nested(f"<div>{TEXT}", n),
    "bold text never closed": lambda n: nested(f"<p><b>{TEXT}", n // 2),
    "a headline": lambda n: "<h1>" + nested("<span>", n // 10, inside=TITLE) + "</h1>",
    "a byline": lambda n: '<div class="author">' + nested("<span>", n // 10, inside="Budi Santoso") + "</div>",
    "bylines": lambda n: nested('<div class="author">Budi Santoso', n // 10, closing="</div>"),
    "posts": lambda n: nested(f'<div class="hentry"><p>{TEXT}</p>', n // 10, closing="</div>"),
    "bodies": lambda n: nested(f'<div class="entry-content"><p>{TEXT}</p>', n // 10, closing="</div>"),
    "categories": lambda n: nested('<div class="category"><a href="/x/">Daerah</a>', n // 10, closing="</div>"),
    "breadcrumbs": lambda n: nested('<div class="breadcrumb"><a href="/x/">Daerah</a>', n // 10, closing="</div>"),
    **{
        f"{name} in {name}": partial(
            lambda name, n: nested(f'<div class="{name}"><p>{TEXT}</p>', n // 5, closing="</div>"), name
        )
        for name in ("sidebar", "post-meta", "popup", "share", "related", "widget")
    },
    "regions around the headline": lambda n: nested(
        '<div class="sidebar">', n // 5, inside=f"<h1>{TITLE}</h1><p>{TEXT * 20}</p>"
    ),
    "dates under many boxes": lambda n: nested("<div>", n // 10, inside=DATE * (n // 2)),
    "paragraphs under many boxes": lambda n: nested('<div class="x">', n // 10, inside=f"<p>{TEXT}</p>" * (n // 2)),
    "cards in cards": lambda n: (f'<div class="x">{CARD}</div>' * 2 + '<div class="x"><a href="/x/">x</a>') * (n // 20),
}

NODES = 200_000
"""How many elements and texts a long page has."""
LONG: dict[str, Callable[[int], str]] = {
    "spans": lambda n: "<span></span>" * n,
    "empty paragraphs": lambda n: "<p></p>" * n,
    "paragraphs": lambda n: "<p>x</p>" * (n // 2),
    "breaks": lambda n: "<br>" * n,
    "broken lines": lambda n: "Ya.<br>" * (n // 2),
    "broken words": lambda n: "ya<br>" * (n // 2),
    "links and breaks": lambda n: '<a href="/x/">Ya.</a><br>' * (n // 3),
    "a list of links": lambda n: "<ul>" + '<li><a href="/x/">Kabar</a>' * (n // 3) + "</ul>",
    "a menu": lambda n: '<ul class="menu">' + "<li class=menu-item><a href=/x/>Kabar</a>" * (n // 3) + "</ul>",
    "links of a menu": lambda n: '<div class="menu">' + "<a href=/x/>Kabar</a>" * (n // 2) + "</div>",
    "links of a paragraph": lambda n: "<p>" + "<a href=/x/>Kabar</a>" * (n // 2),
    "comments": lambda n: "<!-- iklan -->" * n,
    "comments in text": lambda n: "<p>" + "ya<!-- iklan -->" * (n // 2),
    "bold words": lambda n: "<p>" + "<b>ya</b>" * (n // 2),
    "list items": lambda n: "<ul>" + "<li>perahu kayu" * (n // 2) + "</ul>",
    "cells": lambda n: "<table>" + "<tr><td>a<td>b<td>c<td>d" * (n // 9) + "</table>",
    "cells of one row": lambda n: "<table><tr>" + "<td>a" * (n // 2) + "</table>",
    "tables": lambda n: "<table><tr><td>a<td>b</table>" * (n // 6),
    "many classes": lambda n: (
        '<div class="' + "".join(f"kelas-{number} " for number in range(n // 20)) + f'">{TEXT}</div>'
    ),
    "many elements with names of their own": lambda n: "".join(
        f'<p class="kelas-{number}">x</p>' for number in range(n // 20)
    ),
    "articles": lambda n: f'<article class="post">{CARD}</article>' * (n // 20),
    "cards": lambda n: f'<div class="card">{CARD}</div>' * (n // 20),
    "cards, the last without a link": lambda n: (
        f'<div class="card">{CARD}</div>' * (n // 20) + '<div class="card">x</div>'
    ),
    "boxes without links": lambda n: f'<div class="x"><p>{TEXT}</p></div>' * (n // 20),
    "posts": lambda n: f'<div class="hentry"><p>{TEXT}</p></div>' * (n // 20),
    "bodies": lambda n: f'<div class="entry-content"><p>{TEXT}</p></div>' * (n // 20),
    **{
        f"many {name}": partial(lambda name, n: f'<div class="{name}"><p>{TEXT}</p></div>' * (n // 20), name)
        for name in ("sidebar", "post-meta", "related", "share", "popup")
    },
    "footers": lambda n: "<article>" + "<footer><p>Ya.</p></footer>" * (n // 20) + "</article>",
    "dates": lambda n: DATE * (n // 10),
    "dates in boxes": lambda n: f'<div class="date">{DATE}</div>' * (n // 10),
    "bylines": lambda n: '<div class="author">Budi Santoso</div>' * (n // 10),
    "headings": lambda n: f"<h1>Kabar lain dari hulu</h1><h2>{TITLE}</h2>" * (n // 20),
    "headings that are never closed": lambda n: f"<h2><div>{TEXT * (n // 400)}" * 50,
    "headings, then links": lambda n: (
        "<h3>Kabar</h3>" * (n // 10) + '<p><a href="/x/">Kabar lain dari hulu</a></p>' * (n // 10)
    ),
    "images": lambda n: "".join(f'<img src="/{number}.jpg">' for number in range(n // 10)),
    "images and captions": lambda n: "".join(
        f'<p><img src="/{number}.jpg"></p><p>Perahu kayu</p>' for number in range(n // 10)
    ),
    "a caption's lines": lambda n: (
        "<figure><img src='/a.jpg'><figcaption>" + "x<i></i><br>" * (n // 4) + "</figcaption></figure>"
    ),
    "a gallery": lambda n: (
        "<figure>" + "<img src=/a.jpg><figcaption>Perahu. Foto: Sari</figcaption>" * (n // 20) + "</figure>"
    ),
    "a picture above many lines": lambda n: "<div><img src='/a.jpg'>" + f"<p>{TEXT}</p>" * (n // 20) + "</div>",
    "related lines": lambda n: "".join(
        f'<p>Baca juga: <a href="/{number}/">Kabar lain</a></p>' for number in range(n // 20)
    ),
    "tags": lambda n: "".join(f'<a rel="tag" href="/tag/{number}/">{number}</a>' for number in range(n // 10)),
    "categories": lambda n: "".join(
        f'<a rel="category" href="/category/{number}/">{number}</a>' for number in range(n // 10)
    ),
    "page links": lambda n: "".join(f'<p><a href="/kabar-{number}/2/">2</a></p>' for number in range(n // 20)),
    "objects of JSON-LD": lambda n: (
        '<script type="application/ld+json">{"@type": "NewsArticle", "url": "/x/"}</script>' * (n // 40)
    ),
}


def read(html: str) -> None:
    assert extract(html, URL).title == TITLE


@pytest.mark.parametrize("name", first_quick("entry-content", "x7"))
@pytest.mark.parametrize("kind", DEEP)
def test_a_deep_page_takes_time_in_proportion(kind: str, name: str) -> None:
    assert grows_in_proportion(lambda n: page(DEEP[kind](n), name=name), read, DEPTH // 8)


@pytest.mark.parametrize("name", first_quick("x7", "entry-content"))
@pytest.mark.parametrize("kind", LONG)
def test_a_long_page_takes_time_in_proportion(kind: str, name: str) -> None:
    assert grows_in_proportion(lambda n: page(LONG[kind](n), name=name), read, NODES // 64)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["entry-content", "x7"])
@pytest.mark.parametrize(
    ("kind", "size"),
    [
        *(pytest.param(kind, DEPTH // 4, id=f"deep {name}") for name, kind in DEEP.items()),
        # Elements are counted one by one from a size on that fewer comments do not reach.
        *(
            pytest.param(kind, NODES if name == "comments" else NODES // 4, id=f"long {name}")
            for name, kind in LONG.items()
        ),
    ],
)
def test_a_page_of_any_size_takes_time_in_proportion(kind: Callable[[int], str], size: int, name: str) -> None:
    assert grows_in_proportion(lambda n: page(kind(n), name=name), read, size)


# Any input

GLOBS = " ".join((*REGION_GLOBS.values(), BODY_GLOBS, FIELD_GLOBS, CARD_GLOBS))
WORDS = sorted(set(GLOBS.replace("[-_]", "-").replace("*", "x").split()))
TAG_NAMES = """
    a article aside b blockquote body br caption dd div dl dt em figcaption figure footer form h1 h2 h3 header hr html i
    iframe img li main nav ol p script section small span strong style svg table tbody td th time title tr ul
"""
TAGS = TAG_NAMES.split()
ATTRIBUTES = {
    "class": st.lists(st.sampled_from(WORDS), max_size=3).map(" ".join),
    "id": st.sampled_from(WORDS),
    "href": st.sampled_from(["/x/", "/tag/x/", "/author/x/", "/?p=1", "http://[x", "//", "#", "/x/2/", "mailto:a@b.c"]),
    "src": st.sampled_from(["/a.jpg", "", "data:x", "http://[x"]),
    "rel": st.sampled_from(["tag", "author", "category tag", "next"]),
    "itemprop": st.sampled_from(["author", "datePublished", "articleBody", "headline"]),
    "datetime": st.sampled_from(["2025-12-14", "2025-12-14T10:00:00+07:00", "x", "9999-99-99"]),
    "content": st.sampled_from(["x", "2025-12-14", ""]),
}
SENTENCES = [
    TEXT, TITLE, "Baca juga: Kabar lain", "Baca juga:", "Penulis: Budi | Editor: Ani", "Oleh Budi Santoso", "1 2 3",
    "Foto: Sari", "Minggu, 14 Desember 2025 | 21:35 WIB", "(*)", "***", "NarayaPost – ", "Tag:", "&nbsp;", "<", "&",
    "\x00", "Ikuti kami di Google News", "a", " ", "\ud800", "<!--", "-->", "<![CDATA[", "</", "<script>", "</script>",
]  # fmt: skip


@st.composite
def tags(draw: st.DrawFn) -> str:
    tag = draw(st.sampled_from(TAGS))
    if draw(st.booleans()):
        return f"</{tag}>"
    own = draw(st.lists(st.sampled_from([*ATTRIBUTES]), max_size=3, unique=True))
    return " ".join((f"<{tag}", *(f'{name}="{draw(ATTRIBUTES[name])}"' for name in own))) + ">"


SOUP = st.lists(st.one_of(tags(), st.sampled_from(SENTENCES)), max_size=40).map("".join)
ALLOWED = frozenset(
    {"p", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "table", "tr", "th", "td", "a", "em", "strong"}
)


class Checked(HTMLParser):
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ALLOWED
        for name, value in attrs:
            assert (tag, name) == ("a", "href")
            assert re.match(r"https?://", value or "")


@given(SOUP)
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_tags_and_names_yield_an_article_with_safe_html(soup: str) -> None:
    article = extract(soup, URL, fetched_at="2026-01-05T02:00:00+00:00")
    Checked().feed(article.body_html)
    article.body.encode()
    assert all(block == block.strip() and block for block in article.body.split("\n\n") if article.body)


@given(st.one_of(st.binary(), st.text()))
@settings(deadline=None)
def test_any_bytes_and_text_yield_an_article(html: bytes | str) -> None:
    extract(html, URL).body_html.encode()


@given(st.text(alphabet=st.characters(exclude_characters="<&", exclude_categories=["Cs", "Cc"])))
@settings(deadline=None)
def test_a_body_has_text_and_no_markup(text: str) -> None:
    body = extract(page(f"<p><b>{text}</b></p>"), URL).body
    assert not re.search(r"</?(?:p|b|strong)>", body)
