"""Names of a page that are no author's: the site's and the sections', alone or beside a name."""

import pytest
from parsel import Selector

from narayacrawl.pages.article import ArticlePage

TITLE = "Dermaga Kayu Sungai Kapuas Diperbaiki"
TEXT = "Tukang kayu mengganti papan dermaga yang lapuk sejak awal pekan, dibantu anak buah kapal yang menunggu muatan."
SECTION = '<meta property="article:section" content="Kabar Sungai">'
MENU = '<nav><a href="/pelayaran/">Pelayaran</a> <a href="/redaksi/">Redaksi</a></nav>'


def names_of(byline: str, *, head: str = "", url: str = "https://www.portal.example/dermaga/papan-baru/") -> list[str]:
    page = (
        f"<html lang='id'><head><meta property='og:site_name' content='Portal Contoh'>{head}</head>"
        f"<body class='single'>{MENU}<h1>{TITLE}</h1>{byline}<div class='entry-content'><p>{TEXT}</p><p>{TEXT}</p>"
        "</div></body></html>"
    )
    return ArticlePage(Selector(text=page, type="html"), url).byline


@pytest.mark.parametrize(
    "byline",
    [
        '<div class="byline">Sari Wulandari | Kabar Sungai</div>',
        '<div class="byline">Kabar Sungai · Sari Wulandari</div>',
        '<div class="byline">Sari Wulandari, Pelayaran</div>',
        '<div class="byline">Sari Wulandari - Dermaga</div>',
        '<div class="byline">Sari Wulandari, <a href="/kategori/muara/">Muara</a></div>',
        '<div class="byline">Portal Contoh / Sari Wulandari</div>',
    ],
)
def test_a_section_beside_a_name_is_removed(byline: str) -> None:
    assert names_of(byline, head=SECTION) == ["Sari Wulandari"]


@pytest.mark.parametrize("name", ["Kabar Sungai", "Pelayaran", "Portal Contoh", "portal.example"])
def test_the_name_of_a_section_or_of_the_site_is_no_author(name: str) -> None:
    assert names_of(f'<div class="author">{name}</div>', head=SECTION) == []


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ('<div class="author">Redaksi</div>', ["Redaksi"]),  # every menu has it
        ('<a rel="author" href="/pelayaran/">Pelayaran</a>', ["Pelayaran"]),  # somebody's page
        ('<div class="author">Dermaga</div>', ["Dermaga"]),  # a folder of the address may be a writer's
        ('<div class="byline">Sari Wulandari, Bayu</div>', ["Sari Wulandari, Bayu"]),
    ],
)
def test_a_name_that_is_no_section_stays(byline: str, names: list[str]) -> None:
    assert names_of(byline) == names


def test_a_columnist_may_have_a_section_of_the_same_name() -> None:
    head = '<meta property="article:section" content="Sari Wulandari"><meta name="author" content="Sari Wulandari">'
    assert names_of('<div class="author">Sari Wulandari</div>', head=head) == ["Sari Wulandari"]


def test_a_list_of_the_sites_names_and_places_names_nobody() -> None:
    assert names_of("", head='<meta name="author" content="Portal Contoh, Pontianak, Indonesia">') == []
