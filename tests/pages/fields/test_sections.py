import json
from typing import Any

import pytest
from parsel import Selector

from narayacrawl.pages.article import ArticlePage

URL = "https://portal.example/daerah/pasar-terapung/"
TITLE = "Pasar Terapung Pindah Jam"


def page(content: str = "", *, head: str = "", above: str = "") -> ArticlePage:
    """A page whose article shows `above` its text, and `content` after it."""
    text = (
        f"<html><head>{head}</head><body class='single'><article><h1>{TITLE}</h1>{above}"
        f"<div class='entry-content'><p>Pedagang pindah jam.</p>{content}</div></article></body></html>"
    )
    return ArticlePage(Selector(text=text, type="html"), URL)


def ld_json(**article: Any) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle"} | article)}</script>'


def crumbs(*names: str) -> str:
    return ld_json(**{"@type": "BreadcrumbList", "itemListElement": [{"name": name} for name in names]})


def links(rel: str, *paths: str) -> str:
    return "".join(f'<a rel="{rel}" href="{path}">{path.strip("/").rpartition("/")[2].title()}</a> ' for path in paths)


@pytest.mark.parametrize(
    ("own", "section"),
    [
        (page(head='<meta property="article:section" content="Pesisir">'), "Pesisir"),
        (page(head='<meta property="article:section" content="Kota &amp;amp; Desa">'), "Kota & Desa"),
        (page(above='<span itemprop="articleSection">Pesisir</span>'), "Pesisir"),
        (page('<ul><li itemprop="articleSection">Wisata</li><li itemprop="articleSection">Muara</li></ul>'), None),
        (page(head=ld_json(articleSection=["Pesisir"])), "Pesisir"),
        (page(head=crumbs("Beranda", "Daerah", "Pesisir", TITLE)), "Pesisir"),
        (page(above=f'<p id="breadcrumbs"><a href="/">Home</a>{links("", "/daerah/", "/daerah/pesisir/")}'), "Pesisir"),
        (page(above=links("category tag", "/category/pesisir/")), "Pesisir"),
        (page(above='<span class="cat-links"><a href="/kanal/pesisir/">Pesisir</a></span>'), "Pesisir"),
        (page(above=links("category tag", "/c/nasional/", "/c/daerah/")), "Daerah"),
        (page(f'<div class="related-posts">{links("category tag", "/category/feri/")}</div>'), None),
        (page(), None),
    ],
    ids=["OpenGraph", "entity", "microdata", "microdata of several", "JSON-LD", "JSON-LD breadcrumb",
         "breadcrumb", "rel", "class", "permalink", "related",
         "nowhere"],
)  # fmt: skip
def test_the_section_is_the_child_category_from_several_places(own: ArticlePage, section: str | None) -> None:
    assert own.section == section


@pytest.mark.parametrize(
    ("own", "sections"),
    [
        (
            page(above=f'<p id="breadcrumbs"><a href="/">Home</a>{links("", "/daerah/", "/daerah/pesisir/")}'),
            ["Daerah", "Pesisir"],
        ),
        *(
            (
                page(
                    above=f'<div class="{names}"><a href="/">Home</a>{links("", "/daerah/", "/daerah/pesisir/")}</div>'
                ),
                ["Daerah", "Pesisir"],
            )
            for names in ("baca__crumb", "site-crumbs", "remah")
        ),
        (
            page(above=f'<div class="bread-crumb"></div><p class="breadcrumb">{links("", "/daerah/pesisir/")}</p>'),
            ["Pesisir"],
        ),
        (page(head=crumbs("Beranda", "Daerah", "Pesisir", "Muara", TITLE)), ["Daerah", "Pesisir", "Muara"]),
        (page(head=crumbs("Kabar Pesisir", "Daerah", TITLE)), ["Daerah"]),
        (page(above=links("category tag", "/category/wisata/", "/category/wisata/sungai/")), ["Wisata", "Sungai"]),
        (page(above=links("category tag", "/category/pesisir/"), head=""), ["Pesisir"]),
        (
            page(
                '<nav><a href="/category/daerah">Daerah</a></nav>',
                above=links("category tag", "/category/daerah/pesisir/"),
            ),
            ["Daerah", "Pesisir"],
        ),
        (page(above=links("category tag", "/category/olahraga/", "/category/daerah/pesisir/")), ["Pesisir"]),
        (page(head='<meta property="article:section" content="Pesisir">'), ["Pesisir"]),
        (page(head=crumbs("Beranda", "Bisnis &amp; Pasar", "Pesisir", TITLE)), ["Bisnis & Pasar", "Pesisir"]),
        (
            page(
                above='<div class="breadcrumb"><a href="/">Beranda</a><a href="/kabar">Kabar Muara</a>'
                '<a href="/pesisir">Pesisir</a></div>',
                head='<meta property="og:site_name" content="Kabar Muara">',
            ),
            ["Pesisir"],
        ),
        (page(), []),
    ],
    ids=[
        "breadcrumb",
        "part of a crumb",
        "crumbs",
        "remah",
        "behind an empty one",
        "JSON-LD breadcrumb",
        "site's name first",
        "category links",
        "child alone",
        "menu",
        "two categories",
        "metadata alone",
        "entity",
        "breadcrumb with the site's name",
        "nowhere",
    ],
)
def test_the_path_to_the_section_begins_with_its_parent(own: ArticlePage, sections: list[str]) -> None:
    assert own.section_path == sections
    assert own.section == (sections[-1] if sections else None)


@pytest.mark.parametrize(
    "own",
    [
        page(head='<meta property="article:tag" content="sungai"><meta property="article:tag" content="pasar">'),
        page(head=ld_json(keywords=["sungai", "pasar"])),
        page(head=ld_json(keywords="sungai, pasar")),
        page(f'<div class="tags-links">{links("tag", "/tag/sungai/", "/tag/pasar/")}</div>'),
        page(f'<div class="tagcloud">{links("", "/topik/sungai/", "/topik/pasar/")}</div>'),
    ],
    ids=["OpenGraph", "JSON-LD list", "JSON-LD text", "rel", "class"],
)  # fmt: skip
def test_tags_have_several_places(own: ArticlePage) -> None:
    assert [tag.lower() for tag in own.tags] == ["sungai", "pasar"]


def test_a_category_is_no_tag() -> None:
    assert page(links("category tag", "/category/daerah/") + links("tag", "/tag/sungai/")).tags == ["Sungai"]


def test_a_hash_before_a_tag_is_no_part_of_it() -> None:
    assert page('<a rel="tag" href="/tag/sungai/"># sungai</a>').tags == ["sungai"]


def test_the_menu_names_the_permalinks_own_section() -> None:
    menu = '<nav class="menu"><a href="/category/feri/">Feri</a><a href="/category/daerah/">Kabar Daerah</a></nav>'
    article = f"<h1>{TITLE}</h1><div class='entry-content'><p>Pindah.</p></div>"
    text = f"<html><body class='single'>{menu}{article}</body></html>"
    assert ArticlePage(Selector(text=text, type="html"), URL).section == "Kabar Daerah"


def test_a_link_in_the_header_names_the_section_before_the_menu_does() -> None:
    menu = '<nav class="menu"><a href="/category/daerah/">Daerah</a></nav>'
    above = '<p>14 Desember 2025 / <a href="/category/daerah/">Kabar Daerah</a></p>'
    assert page(menu, above=above).section == "Kabar Daerah"


def test_the_class_of_a_category_list_may_begin_like_a_posts() -> None:
    own = page(above='<span class="category-links"><a href="/kanal-daerah/" rel="tag">Kabar Daerah</a></span>')
    assert (own.section, own.tags) == ("Kabar Daerah", [])


@pytest.mark.parametrize(
    ("above", "section", "tags"),
    [
        (
            '<span class="cat-links"><a href="/kanal/pesisir/">Pesisir</a></span>'
            '<span class="cat-links"><span><a href="/tag/feri/" rel="tag">feri</a></span></span>',
            "Pesisir",
            ["feri"],
        ),
        (
            '<a class="kategori" href="/kanal/pesisir/">Pesisir</a>'
            '<div class="entry-meta"><a href="/author/sari/">Sari</a> #<a href="/tag/feri/">feri</a>, '
            '#<a href="/tag/muara/">muara</a> 14 Des 2025</div>',
            "Pesisir",
            ["feri", "muara"],
        ),
        ('<span class="cat-links"><a href="/kanal/pesisir/" rel="tag">Pesisir</a></span>', "Pesisir", []),
    ],
    ids=["tags named like categories", "tags in the byline", "a section named like a tag"],
)
def test_tags_are_told_from_the_section_by_their_addresses(above: str, section: str, tags: list[str]) -> None:
    own = page(above=above)
    assert (own.section, own.tags) == (section, tags)
