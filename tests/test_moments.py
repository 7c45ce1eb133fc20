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


def page(above: str = "", *, head: str = "", below: str = "", before: str = "", url: str = URL) -> ArticlePage:
    """A page that shows `above` between title and text, `below` after the text, `before` at the top."""
    text = (
        f"<html lang='id'><head>{head}</head><body class='single'>{before}<article class='hentry'><h1>{TITLE}</h1>"
        f"{above}<div class='entry-content'><p>{TEXT}</p></div></article>{below}</body></html>"
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
    assert (own.moments.published, own.moments.source) == (words, source)


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
    assert page(**elsewhere).moments.published is None


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
    ],
    ids=["same moment", "local time called UTC", "another date", "day only", "relative", "attribute", "unreadable"],
)  # fmt: skip
def test_of_two_dates_the_better_one_is_kept(own: ArticlePage, words: str) -> None:
    assert own.moments.published == words


def test_the_first_date_below_the_title_is_not_todays_above_it() -> None:
    today = '<div class="date-today">Senin, 15 Desember 2025</div>' + "<p>Menu</p>" * 6
    assert page(f'<time datetime="{WIB}"></time>', before=today).moments.published == WIB


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
    assert (own.moments.published, own.moments.modified) == (UTC, LATER)


@pytest.mark.parametrize("modified", [UTC, WIB, "2025-12-13T00:00:00+00:00", "segera"])
def test_an_edit_that_is_not_later_is_none(modified: str) -> None:
    assert page(head=ld_json(datePublished=UTC, dateModified=modified)).moments.modified is None


def test_an_edit_in_local_time_called_utc_is_corrected_with_the_publish_date() -> None:
    head = ld_json(datePublished=UTC, dateModified="2025-12-14T15:00:00+00:00")
    own = page(f'<time datetime="{LOCAL}"></time>', head=head).moments
    assert own.modified == "2025-12-14T15:00:00+07:00"


def test_an_updated_time_alone_is_no_publish_date() -> None:
    assert page(f'<time class="updated" datetime="{LATER}"></time>').moments.published is None
