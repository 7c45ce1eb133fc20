import json
from typing import Any

import pytest
from parsel import Selector

from narayacrawl.pages.fields.metadata import Metadata

URL = "https://portal.example/daerah/pasar-terapung/"
OWN = {"@type": "NewsArticle", "headline": "Pasar Terapung Pindah Jam", "url": URL}
OTHER = {"@type": "NewsArticle", "headline": "Feri Berhenti Sehari", "url": "https://portal.example/feri/"}


def metadata(head: str, url: str = URL) -> Metadata:
    return Metadata(Selector(text=f"<html lang='id-ID'><head>{head}</head><body></body></html>").root, url)


def ld_json(*documents: Any) -> str:
    scripts = (document if isinstance(document, str) else json.dumps(document) for document in documents)
    return "".join(f'<script type="application/ld+json">{script}</script>' for script in scripts)


def test_keeps_the_json_ld_that_nobody_can_read() -> None:
    assert metadata(ld_json(OWN, '{"a": satu}')).invalid_json_ld == ['{"a": satu}']


@pytest.mark.parametrize(
    "document",
    [
        OWN,
        [OWN],
        [[OWN]],
        {"@context": "https://schema.org", "@graph": [{"@type": "WebPage"}, OWN]},
        {"@graph": {"@graph": [OWN]}},
        {"@type": "WebPage", "mainEntity": OWN},
        OWN | {"@type": ["Article", "NewsArticle"]},
        OWN | {"@type": "https://schema.org/NewsArticle"},
        OWN | {"@type": "ReportageNewsArticle"},
        OWN | {"@type": "BlogPosting"},
        OWN | {"@type": "LiveBlogPosting"},
    ],
)
def test_finds_the_article_wherever_json_ld_puts_it(document: Any) -> None:
    assert metadata(ld_json(document)).article["headline"] == OWN["headline"]


@pytest.mark.parametrize("kind", ["WebPage", "VideoObject", "Product", "Person", None, 3, []])
def test_takes_no_other_type_for_the_article(kind: Any) -> None:
    assert metadata(ld_json(OWN | {"@type": kind})).article == {}


@pytest.mark.parametrize(
    "own",
    [
        OWN,
        {"@type": "NewsArticle", "headline": OWN["headline"], "mainEntityOfPage": URL},
        {"@type": "NewsArticle", "headline": OWN["headline"], "mainEntityOfPage": {"@type": "WebPage", "@id": URL}},
        {"@type": "NewsArticle", "headline": OWN["headline"], "@id": f"{URL}#article"},
        OWN | {"url": URL.removesuffix("/")},
        OWN | {"url": URL.replace("https://", "http://www.")},
        {"@type": "NewsArticle", "headline": OWN["headline"]},
    ],
    ids=["url", "page", "page object", "id", "without slash", "other scheme", "without address"],
)
def test_takes_the_article_of_this_page_among_several(own: dict[str, Any]) -> None:
    assert metadata(ld_json(OTHER, own)).article["headline"] == OWN["headline"]


def test_takes_the_article_of_the_canonical_address() -> None:
    head = f'<link rel="canonical" href="{URL}">' + ld_json(OTHER, OWN)
    assert metadata(head, "https://portal.example/?p=31").article["headline"] == OWN["headline"]


def test_takes_a_lone_article_whatever_its_address() -> None:
    """A portal that has moved may still write its old host."""
    assert metadata(ld_json(OWN | {"url": "https://portal-lama.example/31"})).article["headline"] == OWN["headline"]


def test_goes_on_after_a_script_that_nobody_can_read() -> None:
    assert metadata(ld_json("{", OWN)).article["headline"] == OWN["headline"]


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ("Sari Wulandari", ["Sari Wulandari"]),
        ({"@type": "Person", "name": "Sari Wulandari"}, ["Sari Wulandari"]),
        ({"@id": "#sari"}, ["Sari Wulandari"]),
        ([{"@id": "#sari"}, {"name": "Bayu"}, "Rina"], ["Sari Wulandari", "Bayu", "Rina"]),
        ({"@id": "#sari", "name": "Sari W."}, ["Sari W."]),
        ({"name": ["Sari", "Bayu"]}, ["Sari", "Bayu"]),
        ({"@id": "#nobody"}, []),
        ([None, 4, {"name": 4}, {}, " "], []),
        (None, []),
    ],
)
def test_follows_references_to_names(author: Any, names: list[str]) -> None:
    graph = {"@graph": [OWN | {"author": author}, {"@type": "Person", "@id": "#sari", "name": "Sari Wulandari"}]}
    own = metadata(ld_json(graph))
    assert own.names(own.article.get("author")) == names


def test_follows_a_reference_into_another_script() -> None:
    own = metadata(ld_json(OWN | {"author": {"@id": "#sari"}}, {"@type": "Person", "@id": "#sari", "name": "Sari"}))
    assert own.names(own.article["author"]) == ["Sari"]


@pytest.mark.parametrize(
    "head",
    [
        '<meta property="og:site_name" content=" Portal Contoh ">',
        '<meta name="application-name" content="Portal Contoh">',
        ld_json({"@type": "WebSite", "name": "Portal Contoh"}),
        ld_json(OWN | {"publisher": {"@type": "Organization", "name": "Portal Contoh"}}),
        ld_json({"@graph": [OWN | {"publisher": {"@id": "#o"}}, {"@type": "Organization", "@id": "#o"}]}).replace(
            '"@id": "#o"}]', '"@id": "#o", "name": "Portal Contoh"}]'
        ),
    ],
    ids=["OpenGraph", "application", "WebSite", "publisher", "reference"],
)
def test_site_name_has_several_places(head: str) -> None:
    assert metadata(head).site_name == "Portal Contoh"


@pytest.mark.parametrize(
    "steps",
    [
        [{"name": "Beranda"}, {"name": "Daerah"}],
        [{"item": {"@id": "https://portal.example/", "name": "Beranda"}}, {"item": {"name": "Daerah"}}],
        [{"name": "Beranda"}, "x", {"position": 2}, {"name": "Daerah"}],
    ],
)
def test_reads_the_steps_of_a_breadcrumb(steps: list[Any]) -> None:
    assert metadata(ld_json({"@type": "BreadcrumbList", "itemListElement": steps})).breadcrumb == ["Beranda", "Daerah"]


@pytest.mark.parametrize("steps", [None, "Beranda", {"name": "Beranda"}, []])
def test_a_breadcrumb_that_is_no_list_has_no_steps(steps: Any) -> None:
    assert metadata(ld_json({"@type": "BreadcrumbList", "itemListElement": steps})).breadcrumb == []


def test_reads_meta_tags_of_every_kind_in_order() -> None:
    own = metadata(
        '<meta property="article:tag" content="sungai"><meta property="ARTICLE:TAG" content=" pasar ">'
        '<meta name="Author" content="Sari"><meta itemprop="datePublished" content="2025-12-14">'
        '<meta name="description" content=""><meta charset="utf-8">'
    )
    assert own.meta == {"article:tag": ["sungai", "pasar"], "author": ["Sari"], "datepublished": ["2025-12-14"]}


def test_gives_the_first_meta_tag_that_says_something() -> None:
    own = metadata('<meta name="description" content=" "><meta property="og:description" content="Isi">')
    assert own.first("description", "og:description") == "Isi"


@pytest.mark.parametrize(
    ("link", "rel", "address"),
    [
        ('<link rel="canonical" href="/a/">', "canonical", "https://portal.example/a/"),
        ('<link rel="shortlink" href="?p=31">', "shortlink", f"{URL}?p=31"),
        ('<link rel="Next Prev" href="//portal.example/b">', "prev", "https://portal.example/b"),
        ('<link rel="alternate" type="application/json" href="/x">', "alternate application/json", "https://portal.example/x"),
        ('<link rel="canonical" href="http://[x">', "canonical", None),
        ('<link rel="canonical" href="mailto:a@portal.example">', "canonical", None),
        ('<link rel="canonical">', "canonical", None),
    ],
)  # fmt: skip
def test_reads_link_relations_as_absolute_addresses(link: str, rel: str, address: str | None) -> None:
    assert metadata(link).link(rel) == address


def test_reads_the_document_title_on_one_line() -> None:
    assert metadata("<title>\n Pasar\n Terapung </title><svg><title>x</title></svg>").document_title == "Pasar Terapung"


@pytest.mark.parametrize(
    ("root", "language"),
    [("<html lang='id'>", "id"), ("<html xml:lang='id-ID'>", "id-ID"), ("<html>", None), ("<html lang=''>", None)],
)
def test_reads_the_language_of_the_root(root: str, language: str | None) -> None:
    assert Metadata(Selector(text=f"{root}<body></body></html>").root, URL).language == language
