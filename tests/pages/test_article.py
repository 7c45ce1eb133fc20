import json
from typing import Any

import pytest
from parsel import Selector

from narayacrawl.pages.article import ArticlePage

SITE = "https://portal.example"
URL = f"{SITE}/daerah/pasar-terapung/"
TITLE = "Pasar Terapung Pindah Jam"
TEXT = "Pedagang di muara mulai berjualan pukul empat pagi sejak air pasang datang lebih awal."
FETCHED = "2025-12-14T15:00:00+00:00"


def page(
    content: str = "",
    *,
    head: str = "",
    above: str = "",
    names: str = "single",
    url: str = URL,
    html: str = "lang='id-ID'",
) -> ArticlePage:
    """A page whose article shows `above` its text, and `content` after it."""
    text = (
        f"<html {html}><head>{head}</head><body class='{names}'><article><h1>{TITLE}</h1>{above}"
        f"<div class='entry-content'><p>{TEXT}</p>{content}</div></article></body></html>"
    )
    return ArticlePage(Selector(text=text, type="html"), url, fetched_at=FETCHED)


def bare(body: str, *, head: str = "", names: str = "", url: str = URL) -> ArticlePage:
    text = f"<html lang='id'><head>{head}</head><body class='{names}'>{body}</body></html>"
    return ArticlePage(Selector(text=text, type="html"), url, fetched_at=FETCHED)


def ld_json(**article: Any) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle"} | article)}</script>'


# Address and id


@pytest.mark.parametrize(
    ("head", "url"),
    [
        (f'<link rel="canonical" href="{SITE}/pasar/?utm_source=x">', f"{SITE}/pasar/"),
        ('<link rel="canonical" href="/pasar/">', f"{SITE}/pasar/"),
        ('<link rel="canonical" href="https://www.portal.example/pasar/">', "https://www.portal.example/pasar/"),
        (f'<meta property="og:url" content="{SITE}/pasar/">', f"{SITE}/pasar/"),
        ('<meta property="og:url" content="/pasar/">', f"{SITE}/pasar/"),
        (ld_json(url=f"{SITE}/pasar/"), f"{SITE}/pasar/"),
        ('<link rel="canonical" href="https://sumber.example/pasar/">', URL),
        (f'<link rel="canonical" href="{SITE}/">', URL),
        ('<link rel="canonical" href="http://[x">', URL),
        *(
            (f'<link rel="canonical" href="{nothing}">', URL)
            for nothing in ("", "#", "null", "undefined", "/undefined/")
        ),
        (f'<link rel="canonical" href="null"><meta property="og:url" content="{SITE}/pasar/">', f"{SITE}/pasar/"),
        (f'<link rel="canonical" href="{SITE}/null-dan-nol/">', f"{SITE}/null-dan-nol/"),
        (f'<link rel="canonical" href="{SITE}/category/pasar/">', URL),
        (f'<link rel="canonical" href="{SITE}:443/pasar/">', f"{SITE}/pasar/"),
        (f'<link rel="canonical" href="{SITE}/?a=1&amp;amp;b=2">', f"{SITE}/?a=1&b=2"),
        ("", URL),
    ],
)
def test_the_address_is_the_canonical_one_of_this_portal(head: str, url: str) -> None:
    assert page(head=head, url=f"{URL}?utm_source=x#atas").url == url


@pytest.mark.parametrize(
    ("path", "canonical", "expected"),
    [
        ("daerah/pasar-apung-pindah/", "daerah/", "daerah/pasar-apung-pindah/"),
        ("daerah/pasar-apung-pindah/", "tag/pasar/", "daerah/pasar-apung-pindah/"),
        ("pasar-apung-pindah/2/", "pasar-apung-pindah/", "pasar-apung-pindah/"),
        ("pasar-apung-pindah/comment-page-2/", "pasar-apung-pindah/", "pasar-apung-pindah/"),
        ("pasar-apung-pindah/galeri-foto/", "pasar-apung-pindah/", "pasar-apung-pindah/"),
    ],
)
def test_a_canonical_address_of_a_listing_is_not_the_articles(path: str, canonical: str, expected: str) -> None:
    head = f'<link rel="canonical" href="{SITE}/{canonical}">'
    assert page(head=head, url=f"{SITE}/{path}").url == f"{SITE}/{expected}"


@pytest.mark.parametrize(
    ("own", "number"),
    [
        (page(names="single postid-31"), 31),
        (page(head=f'<link rel="shortlink" href="{SITE}/?p=31">'), 31),
        (page(head=f'<link rel="canonical" href="{SITE}/?p=31">'), 31),
        (page(head='<link rel="alternate" type="application/json" href="/wp-json/wp/v2/posts/31">'), 31),
        (page('<form><input type="hidden" name="comment_post_ID" value="31"></form>'), 31),
        (bare(f'<article id="post-31"><h1>{TITLE}</h1></article>'), 31),
        (bare(f'<article id="post-31"><h1>{TITLE}</h1></article><article id="post-32"></article>'), None),
        (page(), None),
    ],
    ids=["body class", "shortlink", "canonical", "REST", "comment form", "article", "two articles", "nowhere"],
)
def test_the_id_has_several_places(own: ArticlePage, number: int | None) -> None:
    assert own.id == number


# What is no article


@pytest.mark.parametrize(
    ("names", "reason"),
    [
        ("home blog", "listing"),
        ("archive category category-daerah", "listing"),
        ("archive date", "listing"),
        ("search search-results", "listing"),
        ("page page-id-2", "static page"),
        ("attachment attachmentid-9", "attachment"),
        ("attachment single single-attachment postid-9", "attachment"),
        ("error404", "error page"),
        ("single postid-31 paged-2", None),
        ("single-post archive-layout", None),
    ],
)
def test_tells_what_the_body_class_says_the_page_is(names: str, reason: str | None) -> None:
    assert page(names=names).rejection == reason


@pytest.mark.parametrize(
    "own",
    [
        bare(f"<h1>{TITLE}</h1><p>{TEXT}</p>", head=ld_json(headline=TITLE)),
        bare(f"<h1>{TITLE}</h1><p>{TEXT}</p>", head='<meta property="og:type" content="article">'),
        bare(f"<h1>{TITLE}</h1><p>{TEXT}</p>", head='<meta property="article:published_time" content="2025-12-14">'),
        bare(f"<h1>{TITLE}</h1><time datetime='2025-12-14T21:35:12+07:00'></time><p>{TEXT}</p>"),
    ],
    ids=["JSON-LD", "OpenGraph", "OpenGraph date", "date and text"],
)
def test_an_article_need_not_be_called_so_by_its_body_class(own: ArticlePage) -> None:
    assert own.rejection is None


def test_a_page_without_date_and_metadata_is_no_article() -> None:
    assert bare(f"<h1>Tentang Kami</h1><p>{TEXT}</p>").rejection == "no article"


def test_a_page_without_title_is_no_article() -> None:
    assert bare(f"<p>{TEXT}</p>", names="single").rejection == "no title"


@pytest.mark.parametrize("lead", ["", "<p>Tulisan ini dilindungi.</p>"])
def test_a_protected_post_is_no_public_article(lead: str) -> None:
    form = '<form class="post-password-form"><p>Masukkan sandi: <input type="password"></p></form>'
    assert (
        bare(f"<h1>{TITLE}</h1><div class='entry-content'>{lead}{form}</div>", names="single").rejection == "protected"
    )


# Title and description


@pytest.mark.parametrize(
    "own",
    [
        bare("", head=ld_json(headline=TITLE)),
        bare("", head=f'<meta property="og:title" content="{TITLE}">'),
        bare("", head=f'<meta name="twitter:title" content="{TITLE}">'),
        bare("", head=f'<meta property="og:site_name" content="Portal Contoh"><title>{TITLE} - Portal Contoh</title>'),
        bare(f"<h1>{TITLE}</h1>"),
        bare(f"<h1>Portal Contoh</h1><h1>{TITLE}</h1>", head='<meta property="og:site_name" content="Portal Contoh">'),
        bare(f"<h1>Portal Contoh</h1><h2>{TITLE}</h2>", head=f"<title>{TITLE}</title>"),
        bare("<h1> Pasar <em>Terapung</em>\n Pindah Jam</h1><div class='related-posts'><h1>Feri</h1></div>"),
    ],
    ids=["JSON-LD", "OpenGraph", "Twitter", "title", "h1", "second h1", "h2", "h1 before related"],
)  # fmt: skip
def test_the_title_has_several_places(own: ArticlePage) -> None:
    assert own.title == TITLE


def test_the_title_is_the_readers_not_the_search_engines() -> None:
    assert page(head=f'<meta property="og:title" content="{TITLE}: Ini Jadwalnya"><title>Jadwal</title>').title == TITLE


@pytest.mark.parametrize(
    "head",
    [
        '<meta name="description" content="Isi">',
        '<meta property="og:description" content="Isi">',
        ld_json(description="Isi"),
    ],
)
def test_the_description_has_several_places(head: str) -> None:
    assert page(head=head).description == "Isi"


def test_there_is_no_description_where_the_page_gives_none() -> None:
    assert page().description is None


# Names


@pytest.mark.parametrize(
    "own",
    [
        page(head=ld_json(author={"@type": "Person", "name": "Sari Wulandari"})),
        page(head='<meta name="author" content="Sari Wulandari">'),
        page(head='<meta property="article:author" content="Sari Wulandari">'),
        page(head='<meta name="twitter:label1" content="Ditulis oleh">'
                  '<meta name="twitter:data1" content="Sari Wulandari">'),
        page(above='<span class="author vcard"><a class="url fn n" href="/author/sari/">Sari Wulandari</a></span>'),
        page(above='<div>Oleh <a rel="author" href="/author/sari/">Sari Wulandari</a></div>'),
        page(above='<p class="byline">Oleh: Sari Wulandari</p>'),
        page(above='<p class="byline">Oleh Sari Wulandari | Minggu, 14 Desember 2025 21:35</p>'),
        page(above='<p class="byline">Sari Wulandari, 14/12/2025</p>'),
        page(above='<div class="jeg_meta_author">by <a href="/author/sari/">Sari Wulandari</a></div>'),
        page(above='<span itemprop="author">Sari Wulandari</span>'),
        page("<p>Penulis: Sari Wulandari</p>"),
    ],
    ids=["JSON-LD", "meta", "OpenGraph", "Twitter", "vcard", "rel", "byline", "with day",
         "with date", "theme", "microdata", "credit line"],
)  # fmt: skip
def test_the_author_has_several_places(own: ArticlePage) -> None:
    assert own.published().authors == ["Sari Wulandari"]


def test_authors_are_the_bylines_then_those_of_credit_lines_each_once() -> None:
    above = '<p class="byline">Oleh: Sari Wulandari</p>'
    own = page("<p>Penulis: Bayu Adi, Sari Wulandari</p><p>Editor: Rina Sari</p>", above=above).published()
    assert (own.authors, own.editors) == (["Sari Wulandari", "Bayu Adi"], ["Rina Sari"])


@pytest.mark.parametrize(
    ("name", "authors"),
    [("Portal Contoh", []), ("portal.example", []), ("Redaksi Portal Contoh", ["Redaksi Portal Contoh"])],
)
def test_the_bare_name_of_the_site_is_no_author(name: str, authors: list[str]) -> None:
    head = '<meta property="og:site_name" content="Portal Contoh">'
    assert page(head=head, above=f'<p class="byline">{name}</p>').published().authors == authors


@pytest.mark.parametrize(
    "elsewhere",
    [
        '<div class="related-posts"><span class="author">Bayu Adi</span></div>',
        '<div id="comments"><cite class="fn">Bayu Adi</cite></div>',
        '<div class="sidebar"><a rel="author" href="/author/bayu/">Bayu Adi</a></div>',
    ],
)
def test_a_name_elsewhere_on_the_page_is_no_author(elsewhere: str) -> None:
    assert page(elsewhere).published().authors == []


# Language and site


@pytest.mark.parametrize(
    "own",
    [
        page(html="lang='id-ID'"),
        page(html="lang='id_ID'"),
        page(html="", head='<meta property="og:locale" content="id_ID">'),
        page(html="", head=ld_json(inLanguage="id-ID")),
    ],
)
def test_the_language_has_several_places(own: ArticlePage) -> None:
    assert own.language == "id-ID"


@pytest.mark.parametrize(
    "own",
    [
        page(head='<meta property="og:site_name" content="Portal Contoh">'),
        bare('<header><p class="site-title"><a href="/">Portal Contoh</a></p></header>'),
    ],
)
def test_the_sites_name_has_several_places(own: ArticlePage) -> None:
    assert own.site_name == "Portal Contoh"


# A portal's own selectors


class Own(ArticlePage):
    title_css, date_css, authors_css = ".t", ".d", ".a"
    section_css, tags_css, body_css = ".s", ".g", ".b"


def test_a_portals_own_selectors_come_first() -> None:
    marks = "".join(f'<i class="{name}">{name.upper()}</i>' for name in "tasg")
    html = f'<h1>{TITLE}</h1>{marks}<i class="d">14/12/2025 21:35</i><div class="b"><p>Isi.</p></div><p>{TEXT}</p>'
    own = Own(Selector(text=f"<body class='single'>{html}</body>"), URL).published()
    assert (own.title, own.authors, own.section, own.tags) == ("T", ["A"], "S", ["G"])
    assert (own.date, own.date_source, [block.text for block in own.blocks]) == ("14/12/2025 21:35", "own", ["Isi."])


def test_a_date_inside_the_byline_is_no_author() -> None:
    byline = (
        '<div class="entry-meta byline"><span class="author vcard">Oleh <a class="url fn" href="/author/sari/">Sari'
        ' Wulandari</a></span> <span class="author-line">Jumat, 17 Oktober 2025 | 21:32 WIB</span></div>'
    )
    assert page(above=byline).byline == ["Sari Wulandari"]
