import json
from typing import Any

import pytest
from parsel import Selector

from narayacrawl.pages.article import ArticlePage

URL = "https://portal.example/pasar-terapung/"
TITLE = "Pasar Terapung Pindah Jam"
TEXT = "Pada Minggu (14/12/2025) pedagang di muara mulai berjualan sejak air pasang datang lebih awal."
UTC, WIB = "2025-12-14T14:35:12+00:00", "2025-12-14T21:35:12+07:00"
LOCAL = "2025-12-14T14:35:12+07:00"
SHOWN = "Minggu, 14 Desember 2025 | 21:35 WIB"
FETCHED = "2025-12-14T15:00:00+00:00"


def page(
    above: str = "", *, head: str = "", below: str = "", before: str = "", url: str = URL, language: str = "id"
) -> ArticlePage:
    """A page that shows `above` between title and text, `below` after the text, `before` at the top."""
    text = (
        f"<html lang='{language}'><head>{head}</head><body class='single'>{before}<article class='hentry'>"
        f"<h1>{TITLE}</h1>{above}<div class='entry-content'><p>{TEXT}</p></div></article>{below}</body></html>"
    )
    return ArticlePage(Selector(text=text, type="html"), url, fetched_at=FETCHED)


def ld_json(**article: Any) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle"} | article)}</script>'


def meta(**contents: str) -> str:
    return "".join(
        f'<meta property="{name.replace("__", ":")}" content="{content}">' for name, content in contents.items()
    )


@pytest.mark.parametrize(
    ("own", "words", "source"),
    [
        (page(head=ld_json(datePublished=UTC)), UTC, "json-ld"),
        (page(head=ld_json(dateCreated=UTC)), UTC, "json-ld"),
        (page(head=ld_json(**{"@type": "WebPage"}, datePublished=UTC)), UTC, "json-ld"),
        (page(head=meta(article__published_time=UTC)), UTC, "opengraph"),
        (page(head=f'<meta itemprop="datePublished" content="{UTC}">'), UTC, "meta"),
        (page(head=f'<meta name="pubdate" content="{UTC}">'), UTC, "meta"),
        (page(f'<time class="entry-date published" datetime="{WIB}">14 Desember</time>'), WIB, "time"),
        (page(f'<time class="entry-date published updated" datetime="{WIB}"></time>'), WIB, "time"),
        (page(f'<span itemprop="datePublished" content="{WIB}">14 Desember</span>'), WIB, "time"),
        (page(f'<span class="posted-on">{SHOWN}</span>'), SHOWN, "text"),
        (page(f'<div class="jeg_meta_date"><a href="/x">{SHOWN}</a></div>'), SHOWN, "text"),
        (page(f"<p>{SHOWN}</p>"), SHOWN, "text"),
        (page('<span class="post-date">2 jam yang lalu</span>'), "2 jam yang lalu", "text"),
        (page(url="https://portal.example/2025/12/14/pasar-terapung/"), "2025-12-14", "url"),
        (page(), None, None),
    ],
    ids=["JSON-LD", "created", "WebPage", "OpenGraph", "itemprop", "pubdate", "time", "Twenty Twenty-One", "microdata",
         "class", "theme", "bare text", "relative", "address", "only in the text"],
)  # fmt: skip
def test_the_publish_date_has_several_places(own: ArticlePage, words: str | None, source: str | None) -> None:
    assert (own.dates.published, own.dates.source) == (words, source)


NAIVE = "2025-12-14 21:35:12"
SHARED = f'<div class="share-bar"><span class="pubdate">{SHOWN}</span></div>'
ASIDE = f"<aside><ul><li>Foto: Sari</li><li>{SHOWN}</li></ul></aside>"
BOX = "<aside>" + "<p>Cerita dari muara dan pasar</p>" * 6 + "<p>Terbit</p><p>14 Desember 2025</p></aside>"
KUBRICK = (
    "<p class='postmetadata alt'>Tulisan ini diposting pada Minggu, 14 Desember 2025 pukul 21:35 dan disimpan di bawah "
    "Pasar. Anda dapat mengikuti tanggapan lewat umpan.</p>"
)
FOOT = (
    f'<div>Oleh <a href="/author/sari/">Sari</a> | <i class="updated">2025-12-20T01:00:00+00:00</i><i>{SHOWN}</i>'
    ' | <a href="/category/pasar/">Pasar</a></div>'
)
MENDED = f'<script type="application/ld+json">{{"headline": "Pasar "Apung"", "datePublished": "{UTC}"}}</script>'
BROKEN = f'<script type="application/ld+json">{{"headline": "Pasar Apung", "a": , "datePublished": "{UTC}"}}</script>'


@pytest.mark.parametrize(
    ("own", "words", "source"),
    [
        (page(head=MENDED), UTC, "json-ld"),
        (page(head=BROKEN), UTC, "json-ld"),
        (page(head=ld_json(headline=TITLE) + ld_json(**{"@type": "WebPage"}, datePublished=UTC)), UTC, "json-ld"),
        (page(head=ld_json(**{"@type": "Recipe"}, datePublished=UTC)), UTC, "json-ld"),
        (page(head=f'<meta name="prism.publicationDate" content="{UTC}">'), UTC, "meta"),
        (page(head=f'<meta name="cXenseParse:recs:publishtime" content="{UTC}">'), UTC, "meta"),
        (page(head=f'<meta name="DC.date" content="{UTC}">'), UTC, "meta"),
        (page(f'<abbr class="published" title="{WIB}">14 Desember</abbr>'), WIB, "time"),
        (page(f'<time class="updated" pubdate datetime="{WIB}">14 Desember</time>'), WIB, "time"),
        (page(f'<time class="entry-date updated" datetime="{WIB}">14 Desember</time>'), WIB, "time"),
        (page(f'<b itemprop="publisher">P</b><time class="entry-date updated" datetime="{WIB}"></time>'), WIB, "time"),
        (page('<div class="date"><b>Des</b><b>14</b><b>2025</b></div>'), "Des 14 2025", "text"),
        (page("<h3>Tanggal: 14.12.2025, Rubrik: Pasar</h3>"), "14.12.2025", "text"),
        (page(f"<p>Sari Laut<i hidden>{UTC}</i><i>14 Desember 2025</i>|</p>"), "14 desember 2025", "text"),
        (page(SHARED), SHOWN, "text"),
        (page(ASIDE), "14 desember 2025 | 21:35 wib", "text"),
        (page(BOX), "14 desember 2025", "text"),
        (page(below="<p>Diterbitkan pada 14 Desember 2025</p>"), "Diterbitkan pada 14 Desember 2025", "text"),
        (page(below="<p>Penulis: Sari pada 14.12.2025, 21:35 | 3 suka</p>"), "14.12.2025, 21:35", "text"),
        (page(below="<dl><dt>Terbit</dt><dd>14 Desember 2025</dd></dl>"), "14 Desember 2025", "text"),
        (page(below=KUBRICK), "14 desember 2025 pukul 21:35", "text"),
        (page(below=FOOT), "14 desember 2025 | 21:35 wib", "text"),
        (page(url="https://portal.example/20251214/pasar/"), "2025-12-14", "url"),
        (page(url="https://portal.example/pasar-2025-12-14.html"), "2025-12-14", "url"),
    ],
    ids=["mended, no type", "broken JSON-LD",
         "WebPage beside an article", "recipe", "PRISM", "Cxense", "Dublin Core", "hAtom", "pubdate",
         "updated of a theme", "publisher", "parted by style", "heading", "hidden stamp", "share bar", "aside",
         "labelled aside", "label", "author and date", "label apart", "Kubrick", "foot", "compact address", "slug"],
)  # fmt: skip
def test_the_publish_date_is_found_where_few_look(own: ArticlePage, words: str, source: str) -> None:
    assert (own.dates.published, own.dates.source) == (words, source)


@pytest.mark.parametrize(
    "own",
    [
        page(below="".join(f"<li><time datetime='2025-12-{day}'></time>Kabar lain</li>" for day in (11, 12, 13))),
        page("<p>Diperbarui 14 Desember 2025</p>"),
        page("<p>Zuletzt aktualisiert am 14.12.2025</p>"),
        page('<p class="date">14 Desember 2027</p>'),
        page('<p class="date">14 Desember 2025</p>', url="https://portal.example/2024/03/pasar/"),
        page('<p class="date">06/01/2025</p>', language="en-US"),
        page(head=f'<meta name="article:expiration_time" content="{UTC}">'),
        page(url="https://portal.example/pasar-205331.html"),
        page(url="https://portal.example/news/20251214213512/"),
    ],
    ids=["list of others", "edit", "edit in German", "after the fetch", "another month", "day or month first", "expiry",
         "number in the address", "stamp in the address"],
)  # fmt: skip
def test_what_may_be_anothers_date_is_none(own: ArticlePage) -> None:
    assert own.dates.published is None


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"below": f'<div id="comments"><time datetime="{UTC}"></time></div>'},
        {"below": f'<div class="related-posts"><time class="published" datetime="{UTC}"></time></div>'},
        {"below": f'<aside><time datetime="{UTC}"></time></aside>'},
        {"below": f'<div class="post-card"><time datetime="{UTC}"></time></div>'},
        {"before": f'<div class="sidebar"><time datetime="{UTC}"></time></div>'},
    ],
)
def test_a_date_elsewhere_on_the_page_is_not_the_articles(elsewhere: dict[str, str]) -> None:
    assert page(**elsewhere).dates.published is None


@pytest.mark.parametrize(
    ("own", "words"),
    [
        (page(f'<time datetime="{WIB}"></time>', head=ld_json(datePublished=UTC)), WIB),
        (page(f'<time datetime="{LOCAL}"></time>', head=ld_json(datePublished=UTC)), LOCAL),
        (page('<time datetime="2020-01-01T00:00:00+07:00"></time>', head=ld_json(datePublished=UTC)), UTC),
        (page(f'<time datetime="{WIB}"></time>', head=ld_json(datePublished="2025-12-14")), WIB),
        (page('<i class="date">2 jam lalu</i>', url="https://portal.example/2025/12/14/a/"), "2025-12-14"),
        (page(f'<time datetime="{WIB}">2 jam lalu</time>'), WIB),
        (page(f'<time datetime="{WIB}"></time>', head=ld_json(datePublished="segera")), WIB),
        (page(head=ld_json(datePublished="2025-12-14 22:00:00") + meta(article__published_time=UTC)), UTC),
        (page(head=ld_json(datePublished=NAIVE) + meta(article__published_time=UTC)), NAIVE),
        (page("<p>Minggu, 14 Desember 2025 | 14:35 WIB</p>", head=ld_json(datePublished=UTC)), LOCAL),
        (page(f'<time class="td-module-date" datetime="{LOCAL[:-6]}+00:00"></time>'), LOCAL[:-6]),
        (page('<p class="date">12.12.2025</p>', head=f'<meta name="date" content="{UTC}">'), "12.12.2025"),
        (page('<p class="date">14.12.2025</p>', head=f'<meta name="date" content="{UTC}">'), UTC),
        (page(f"<p>{SHOWN}</p>", head=ld_json(datePublished="2025-12-01") + meta(article__published_time=UTC)), UTC),
    ],
    ids=["same moment", "local time called UTC", "another date", "day only", "relative", "attribute", "unreadable",
         "with offset", "same without offset", "WIB shown", "tagDiv", "shown before any page's", "hour of any page's",
         "the shown one of two"],
)  # fmt: skip
def test_of_two_dates_the_better_one_is_kept(own: ArticlePage, words: str) -> None:
    assert own.dates.published == words


def test_the_first_date_below_the_title_is_not_todays_above_it() -> None:
    today = '<div class="date-today">Senin, 15 Desember 2025</div>' + "<p>Menu</p>" * 6
    assert page(f'<time datetime="{WIB}"></time>', before=today).dates.published == WIB


LATER = "2025-12-15T01:00:00+00:00"


@pytest.mark.parametrize(
    "own",
    [
        page(head=ld_json(datePublished=UTC, dateModified=LATER)),
        page(head=meta(article__published_time=UTC, article__modified_time=LATER)),
        page(head=meta(article__published_time=UTC, og__updated_time=LATER)),
        page(f'<time class="published" datetime="{UTC}"></time><time class="updated" datetime="{LATER}"></time>'),
        page(f'<time datetime="{UTC}"></time><time itemprop="dateModified" datetime="{LATER}"></time>'),
        page(f'<time datetime="{UTC}"></time><time datetime="{LATER}">Diperbarui 15 Desember 2025</time>'),
    ],
    ids=["JSON-LD", "OpenGraph", "updated", "time", "microdata", "text"],
)
def test_the_last_edit_has_several_places(own: ArticlePage) -> None:
    assert (own.dates.published, own.dates.modified) == (UTC, LATER)


@pytest.mark.parametrize(
    ("above", "modified"),
    [
        ("<p>Terbit 14 Desember 2025, diperbarui 15 Desember 2025 08.00 WIB</p>", "15 desember 2025 08.00 wib"),
        ("<p>14 Desember 2025</p><p>Update: 15 Desember 2025 08.00 WIB</p>", "15 desember 2025 08.00 wib"),
    ],
)
def test_a_line_of_the_header_tells_the_last_edit(above: str, modified: str) -> None:
    assert page(above).dates.modified == modified


def test_an_edit_on_the_day_of_publishing_is_none_where_no_hour_is_told() -> None:
    assert page(head=ld_json(datePublished="2025-12-14", dateModified=UTC)).dates.modified is None


@pytest.mark.parametrize("modified", [UTC, WIB, "2025-12-13T00:00:00+00:00", "segera"])
def test_an_edit_that_is_not_later_is_none(modified: str) -> None:
    assert page(head=ld_json(datePublished=UTC, dateModified=modified)).dates.modified is None


def test_an_edit_in_local_time_called_utc_is_corrected_with_the_publish_date() -> None:
    head = ld_json(datePublished=UTC, dateModified="2025-12-14T15:00:00+00:00")
    own = page(f'<time datetime="{LOCAL}"></time>', head=head).dates
    assert own.modified == "2025-12-14T15:00:00+07:00"


def test_an_updated_time_alone_is_no_publish_date() -> None:
    assert page(f'<time class="updated" datetime="{LATER}"></time>').dates.published is None


ITEM = '<{tag} itemscope itemtype="https://schema.org/NewsArticle">{inside}</{tag}>'


def cards(tag: str) -> str:
    days = ("2025-12-10T08:00:00+07:00", "2025-12-10T08:00:00+07:00", "2025-12-11T09:00:00+07:00")
    inside = (
        f'<a href="/{n}/">Kabar {n}</a><meta itemprop="datePublished" content="{day}">' for n, day in enumerate(days)
    )
    return "".join(ITEM.format(tag=tag, inside=own) for own in inside)


@pytest.mark.parametrize("tag", ["li", "div", "article"])
@pytest.mark.parametrize("place", ["before", "below"])
def test_microdata_of_cards_is_not_the_articles(tag: str, place: str) -> None:
    own = page(f"<p>{SHOWN}</p>", before=cards(tag) if place == "before" else "", below=cards(tag))
    assert (own.dates.published, own.dates.source) == (SHOWN, "text")


def test_microdata_of_the_only_item_is_the_articles() -> None:
    own = page(below=ITEM.format(tag="div", inside=f'<meta itemprop="datePublished" content="{WIB}">'))
    assert (own.dates.published, own.dates.source) == (WIB, "meta")


@pytest.mark.parametrize(
    "list_of_others",
    [
        "<div class='lain'><div class='item-tanggal'>10 Desember 2025 08:00</div></div>" * 3,
        "<div class='lain'><time datetime='2025-12-10T08:00:00+07:00'>10 Des</time></div>" * 3,
    ],
)
def test_a_date_in_the_header_goes_before_one_below_the_text(list_of_others: str) -> None:
    own = page(f"<div>Sari Wulandari</div><div>{SHOWN}</div>", below=list_of_others)
    assert (own.dates.published, own.dates.source) == (SHOWN, "text")
