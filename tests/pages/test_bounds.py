"""What a page may cost: no more than its size, whatever is in it, and never an exception."""

import re
import subprocess
import sys
from html.parser import HTMLParser
from time import process_time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from narayacrawl import extract
from narayacrawl.pages import parse_html
from narayacrawl.pages.outline.regions import BODY_GLOBS, CARD_GLOBS, FIELD_GLOBS, REGION_GLOBS

URL = "https://portal.example/daerah/pasar-terapung/"
TITLE = "Pasar Terapung Pindah Jam ke Pagi Hari"
TEXT = "Pedagang di muara mulai berjualan pukul empat pagi sejak air pasang datang lebih awal."
SECONDS = 2.0
SIZE, FACTOR = 5_000_000, 20
BYTES_A_NODE = 800
CARD = f'<h2><a href="/x/">Kabar lain dari hulu</a></h2><p>{TEXT}</p>'
DATE = '<time datetime="2025-12-14T10:00:00+07:00">14 Desember 2025</time>'


def page(inside: str, *, name: str = "entry-content") -> str:
    """A page whose body has a name that is known, or none that is."""
    head = f"<html lang='id'><head><title>{TITLE}</title></head><body><h1>{TITLE}</h1>"
    return f'{head}<div class="{name}"><p>{TEXT}</p>{inside}<p>{TEXT}</p></div></body></html>'


def nested(opening: str, depth: int, *, closing: str = "", inside: str = TEXT) -> str:
    return opening * depth + inside + closing * depth


DEEP = {
    **{
        f"{tag} in {tag}": nested(f"<{tag}>", 1_000, closing=f"</{tag}>")
        for tag in ("div", "span", "b", "em", "a", "blockquote", "font", "section", "article", "figure", "form")
    },
    **{f"unclosed {tag}": nested(f"<{tag}>", 10_000) for tag in ("div", "span", "b", "a", "blockquote", "article")},
    "lists": nested("<ul><li>", 1_000, closing="</li></ul>"),
    "tables": nested("<table><tr><td>", 1_000, closing="</td></tr></table>"),
    "unclosed lists": nested("<ul><li>", 5_000),
    "unclosed tables": nested("<table><tr><td>", 3_000),
    "text at every depth": nested(f"<div>{TEXT}", 1_000, closing="</div>"),
    "unclosed, with text": nested(f"<div>{TEXT}", 10_000),
    "bold text never closed": nested(f"<p><b>{TEXT}", 5_000),
    "a headline": "<h1>" + nested("<span>", 1_000, inside=TITLE) + "</h1>",
    "a byline": '<div class="author">' + nested("<span>", 1_000, inside="Budi Santoso") + "</div>",
    "bylines": nested('<div class="author">Budi Santoso', 1_000, closing="</div>"),
    "posts": nested(f'<div class="hentry"><p>{TEXT}</p>', 1_000, closing="</div>"),
    "bodies": nested(f'<div class="entry-content"><p>{TEXT}</p>', 1_000, closing="</div>"),
    "categories": nested('<div class="category"><a href="/x/">Daerah</a>', 1_000, closing="</div>"),
    "breadcrumbs": nested('<div class="breadcrumb"><a href="/x/">Daerah</a>', 1_000, closing="</div>"),
    **{
        f"{name} in {name}": nested(f'<div class="{name}"><p>{TEXT}</p>', 2_000, closing="</div>")
        for name in ("sidebar", "post-meta", "popup", "share", "related", "widget")
    },
    "regions around the headline": nested('<div class="sidebar">', 2_000, inside=f"<h1>{TITLE}</h1><p>{TEXT * 20}</p>"),
    "dates under many boxes": nested("<div>", 1_000, inside=DATE * 5_000),
    "paragraphs under many boxes": nested('<div class="x">', 1_000, inside=f"<p>{TEXT}</p>" * 5_000),
    "cards in cards": (f'<div class="x">{CARD}</div>' * 2 + '<div class="x"><a href="/x/">x</a>') * 500,
}  # fmt: skip

NODES = 200_000
"""How many elements and texts a long page has."""
LONG = {
    "spans": "<span></span>" * NODES,
    "empty paragraphs": "<p></p>" * NODES,
    "paragraphs": "<p>x</p>" * (NODES // 2),
    "breaks": "<br>" * NODES,
    "broken lines": "Ya.<br>" * (NODES // 2),
    "broken words": "ya<br>" * (NODES // 2),
    "links and breaks": '<a href="/x/">Ya.</a><br>' * (NODES // 3),
    "a list of links": "<ul>" + '<li><a href="/x/">Kabar</a>' * (NODES // 3) + "</ul>",
    "a menu": '<ul class="menu">' + "<li class=menu-item><a href=/x/>Kabar</a>" * (NODES // 3) + "</ul>",
    "links of a menu": '<div class="menu">' + "<a href=/x/>Kabar</a>" * (NODES // 2) + "</div>",
    "links of a paragraph": "<p>" + "<a href=/x/>Kabar</a>" * (NODES // 2),
    "comments": "<!-- iklan -->" * NODES,
    "comments in text": "<p>" + "ya<!-- iklan -->" * (NODES // 2),
    "bold words": "<p>" + "<b>ya</b>" * (NODES // 2),
    "list items": "<ul>" + "<li>perahu kayu" * (NODES // 2) + "</ul>",
    "cells": "<table>" + "<tr><td>a<td>b<td>c<td>d" * (NODES // 9) + "</table>",
    "cells of one row": "<table><tr>" + "<td>a" * (NODES // 2) + "</table>",
    "tables": "<table><tr><td>a<td>b</table>" * (NODES // 6),
    "10,000 classes": '<div class="' + "".join(f"kelas-{number} " for number in range(10_000)) + f'">{TEXT}</div>',
    "10,000 elements with names of their own": "".join(f'<p class="kelas-{number}">x</p>' for number in range(10_000)),
    "articles": f'<article class="post">{CARD}</article>' * 10_000,
    "cards": f'<div class="card">{CARD}</div>' * 10_000,
    "cards, the last without a link": f'<div class="card">{CARD}</div>' * 10_000 + '<div class="card">x</div>',
    "boxes without links": f'<div class="x"><p>{TEXT}</p></div>' * 10_000,
    "posts": f'<div class="hentry"><p>{TEXT}</p></div>' * 10_000,
    "bodies": f'<div class="entry-content"><p>{TEXT}</p></div>' * 10_000,
    **{
        f"10,000 {name}": f'<div class="{name}"><p>{TEXT}</p></div>' * 10_000
        for name in ("sidebar", "post-meta", "related", "share", "popup")
    },
    "footers": "<article>" + "<footer><p>Ya.</p></footer>" * 10_000 + "</article>",
    "dates": DATE * 20_000,
    "dates in boxes": f'<div class="date">{DATE}</div>' * 20_000,
    "bylines": '<div class="author">Budi Santoso</div>' * 20_000,
    "headings": f"<h1>Kabar lain dari hulu</h1><h2>{TITLE}</h2>" * 10_000,
    "headings, then links": "<h3>Kabar</h3>" * 20_000 + '<p><a href="/x/">Kabar lain dari hulu</a></p>' * 20_000,
    "images": "".join(f'<img src="/{number}.jpg">' for number in range(20_000)),
    "images and captions": "".join(f'<p><img src="/{number}.jpg"></p><p>Perahu kayu</p>' for number in range(20_000)),
    "a gallery": "<figure>" + "<img src=/a.jpg><figcaption>Perahu. Foto: Sari</figcaption>" * 10_000 + "</figure>",
    "a picture above many lines": "<div><img src='/a.jpg'>" + f"<p>{TEXT}</p>" * 10_000 + "</div>",
    "related lines": "".join(f'<p>Baca juga: <a href="/{number}/">Kabar lain</a></p>' for number in range(10_000)),
    "tags": "".join(f'<a rel="tag" href="/tag/{number}/">{number}</a>' for number in range(20_000)),
    "categories": "".join(f'<a rel="category" href="/category/{number}/">{number}</a>' for number in range(20_000)),
    "page links": "".join(f'<p><a href="/kabar-{number}/2/">2</a></p>' for number in range(10_000)),
    "objects of JSON-LD": '<script type="application/ld+json">{"@type": "NewsArticle", "url": "/x/"}</script>' * 5_000,
}  # fmt: skip


@pytest.mark.parametrize("name", ["entry-content", "x7"])
@pytest.mark.parametrize("inside", [pytest.param(html, id=kind) for kind, html in (*DEEP.items(), *LONG.items())])
def test_a_deep_or_long_page_is_read_in_two_seconds(inside: str, name: str) -> None:
    html = page(inside, name=name)
    assert any(seconds(html) < SECONDS for _ in range(3)), "three times"


def seconds(html: str) -> float:
    """How long the reading takes on the processor; of a shared machine's runs the best counts."""
    start = process_time()
    article = extract(html, URL)
    spent = process_time() - start
    assert article.title == TITLE
    return spent


BIG = {
    "paragraphs": f"<p>{TEXT}</p>",
    "paragraphs with links": f'<p>{TEXT} <a href="/x/">Kabar</a> <b>hulu</b> {TEXT}</p>',
    "one text": f"{TEXT} ",
    "one word": "perahu",
    "lines": f"{TEXT}<br>",
    "links": '<a href="/daerah/kabar-lain/">Kabar lain dari hulu</a> ',
    "small inline elements": "<b>a</b><i>b</i> ",
    "list items": "<li>perahu kayu dari hulu sungai",
    "rows": "<tr><td>perahu<td>kayu<td>hulu",
    "spans": "<span></span>",
    "boxes": '<div class="x">',
    "images": '<img src="/a.jpg">',
    "comments": "<!---->",
}
SHELL = {
    "one text": "<p>{}</p>",
    "one word": "<p>{}</p>",
    "rows": "<table>{}</table>",
    "JSON-LD": '<script type="application/ld+json">{{"@graph": [{}{{}}]}}</script>',
    "an attribute": '<p data-x="{}">x</p>',
    "a class": '<p class="{}">x</p>',
    "an address": '<p><a href="/{}">x</a></p>',
    "a title": "<title>{}</title>",
}
BIG |= {
    "JSON-LD": f'{{"@type": "NewsArticle", "headline": "{TITLE}", "author": {{"name": "Budi"}}}},',
    "an attribute": "perahu ",
    "a class": "sidebar ",
    "an address": "perahu-",
    "a title": "Perahu | ",
}

# The parser's tree alone has more than 200 bytes for an element with a word of text, up to 44 times the page: here the
# elements and texts count, not the size.
DENSE = {"links", "list items", "images", "small inline elements", "rows"}

# The most memory that a process held; its own, where `getrusage` begins with its parent's.
MEMORY = f"""
import sys
from pathlib import Path
from narayacrawl import extract
from narayacrawl.pages import parse_html


def most() -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))


html = sys.stdin.read()
extract(html[:2_000], {URL!r})
before = most()
extract(html, {URL!r})
print(most() - before)
"""


def nodes(html: str) -> int:
    """How many elements and texts a page has."""
    return sum(2 if element.text else 1 for element in parse_html(html).root.iter())


def big(kind: str) -> str:
    """Five megabytes of this kind."""
    return page(SHELL.get(kind, "{}").format(BIG[kind] * (SIZE // len(BIG[kind]))))


def memory(html: str) -> int:
    """How many bytes a process needs to read a page."""
    answer = subprocess.run([sys.executable, "-c", MEMORY], input=html, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    return int(answer.stdout) * 1024


@pytest.mark.parametrize("kind", sorted(BIG.keys() - DENSE))
def test_five_megabytes_take_less_than_twenty_times_their_memory(kind: str) -> None:
    assert memory(big(kind)) < FACTOR * SIZE


@pytest.mark.parametrize("kind", sorted(DENSE))
def test_a_page_of_little_but_elements_takes_less_than_800_bytes_for_each(kind: str) -> None:
    html = big(kind)
    assert memory(html) < BYTES_A_NODE * nodes(html)


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
