"""How a listing is built, whatever it lists: another day's news is no redesign."""

import json
from collections.abc import Callable

import pytest

from narayacrawl.pages import ListingPage, parse_html
from narayacrawl.pages.structure import NO_CHANCE, PageStructure

SITE = "https://warta-muara.example"
BANNER = '<div class="spanduk"><a href="https://toko.example/"><img src="/spanduk.gif"></a></div>'
WIDGET = (
    '<section class="widget widget_text"><h2 class="widget-title">Jadwal</h2><table class="jadwal"></table></section>'
)


def card(number: int) -> str:
    picture = (
        "" if number % 3 else '<figure class="post-thumbnail"><img src="/a.jpg"><figcaption>Foto.</figcaption></figure>'
    )
    return f"""<article id="post-{number}" class="post-{number} post hentry category-{"abc"[number % 3]} tag-t{number}">
<h2 class="entry-title"><a href="{SITE}/kabar-dari-muara-{number}/">Kabar dari muara nomor {number}</a></h2>{picture}
<span class="byline">oleh <a rel="author" href="/author/sari/">Sari</a></span>
<time class="entry-date" datetime="2025-12-0{number % 9 + 1}T08:00:00+07:00">Desember</time></article>"""


def page(numbers: range = range(20, 30), *, lead: str = "", beside: str = "", classes: str = "home blog") -> str:
    cards = "".join(map(card, reversed(numbers)))
    return f"""<!DOCTYPE html><html lang="id-ID"><head><meta property="og:type" content="website">
<link rel="stylesheet" href="/wp-content/themes/muara/style.css">
<script type="application/ld+json">{{"@type": "WebSite"}}</script></head>
<body class="{classes} wp-embed-responsive muara"><header class="site-header"><h1 class="site-title">Warta Muara</h1>
</header><div id="content" class="site-content">{lead}<main class="site-main">{cards}</main>
<aside class="sidebar">{beside}</aside></div><footer class="site-footer">Redaksi</footer></body></html>"""


def structure(html: str) -> PageStructure:
    return PageStructure.of(ListingPage(parse_html(html), f"{SITE}/"))


def test_another_days_news_is_built_alike() -> None:
    before = structure(page())
    lead = (
        f'<section class="utama"><h2><a href="{SITE}/kabar-utama-dari-muara/">Kabar utama dari muara</a></h2></section>'
    )
    others = [
        page(range(21, 31)),
        page(range(40, 50)),
        page(range(40, 47)),
        page(range(40, 41)),
        page(range(40, 60)),
        page(range(21, 31), lead=lead, beside=WIDGET),
        page(range(20, 30), lead=BANNER),
        page(range(20, 30)).replace("</article><article", f"</article>{BANNER}<article"),
        page(range(20, 30), classes="home blog logged-in admin-bar page-id-7 js"),
        page(range(20, 30)).replace("29 post hentry", "29 post hentry sticky"),
    ]
    told = [structure(html).differences(before) + before.differences(structure(html)) for html in others]
    assert told == [[]] * len(others)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda html: html.replace("themes/muara/", "themes/hulu/"), "theme muara → hulu"),
        (lambda html: html.replace("home blog", "home page"), "kind blog, home → home, page"),
        (lambda html: html.replace("entry-title", "judul"), "h2.entry-title → h2.judul"),
        (lambda html: html.replace("site-content", "isi").replace('id="content"', ""), "div.site-content → div.isi"),
        (lambda html: html.replace("<article", "<div").replace("</article", "</div"), "article.hentry"),
        (lambda html: html.replace("<time", "<i").replace("</time", "</i"), "time.entry-date"),
        (lambda html: html.replace("byline", "penulis"), "span.byline → span.penulis"),
        (lambda html: html.replace("<figcaption>Foto.</figcaption>", ""), "figcaption → none"),
        (lambda html: html.replace("<img src", "<img data-src"), "img[src] → none"),
        (lambda html: html.replace("og:type", "x"), "metadata JSON-LD, og → JSON-LD"),
        (lambda html: html.replace('"WebSite"}', '"WebSite"'), "broken JSON-LD"),
        (lambda html: html.replace("id-ID", "en-US"), "language id → en"),
        (lambda html: html.replace("site-header", "kepala"), "header header.site-header → header.kepala"),
        (lambda html: html.replace("h1", "div"), "h1 h1.site-title → none"),
        (lambda html: html.replace(" href=", " data-href="), "entries 10 → 0"),
        (lambda html: html.replace("<main", '<div class="kolom"><main'), "none → div.kolom"),
    ],
)
def test_tells_what_is_built_otherwise(change: Callable[[str], str], told: str) -> None:
    before, now = structure(page()), structure(change(page()))
    assert told in "; ".join(now.differences(before))


def test_what_half_of_the_entries_had_is_no_certain_difference() -> None:
    with_pictures = page(range(20, 30)).replace('<h2 class="entry-title">', '<b class="khusus"></b><h2>', 6)
    before, now = structure(with_pictures), structure(page(range(30, 40)))
    assert now.differences(before) != []
    assert now.differences(before, NO_CHANCE) == []


def test_what_few_entries_show_tells_nothing() -> None:
    few, bare = page(range(3, 5)), page(range(3, 5)).replace("byline", "penulis")
    assert structure(bare).differences(structure(few)) == []


def test_is_kept_as_json() -> None:
    own = structure(page())
    assert PageStructure.from_json(json.loads(json.dumps(own.to_json()))).differences(own) == []
