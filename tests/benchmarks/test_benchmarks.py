"""The portal that benchmarks and crash tests crawl: its pages say what its records say."""

import pytest

from benchmarks.articles import article
from benchmarks.portal import PER_LONG_PAGE, PER_PAGE, Portal
from narayacrawl import extract
from narayacrawl.pages import ListingPage, parse_html

SITE = "http://127.0.0.1:8081"


@pytest.fixture(scope="module")
def portal() -> Portal:
    return Portal(2_000, SITE)


@pytest.mark.parametrize("number", [1, 2, 45, 1_009, 1_016, 1_024, 1_032, 2_000])
def test_article_page_says_what_its_record_says(portal: Portal, number: int) -> None:
    record = portal.content.record(number)
    read = extract(portal.answer(article(number).path)[2], record["url"])
    assert {name: getattr(read, name) for name in record} == record


def test_articles_are_as_large_as_real_ones(portal: Portal) -> None:
    assert min(len(portal.answer(article(number).path)[2]) for number in range(1, 100)) >= 40_000


@pytest.mark.parametrize("section", ["", "ekonomi"])
def test_lists_lead_to_every_article_of_a_section(portal: Portal, section: str) -> None:
    path = f"/category/{section}/" if section else "/"
    found: list[str] = []
    for at in range(1, portal.list_pages(section) + 1):
        own = f"{path}page/{at}/" if at > 1 else path
        page = ListingPage(parse_html(portal.answer(own)[2].decode()), f"{SITE}{own}")
        found += [entry.url for entry in page.entries if not entry.aside]
        last = at == portal.list_pages(section)
        assert page.next_urls == ([] if last else [f"{SITE}{path}page/{at + 1}/"])
    expected = [path for path in portal.paths() if not section or path.startswith(f"/{section}/")]
    # A footer of most read articles is a list beside the list.
    assert {*found} >= {f"{SITE}{path}" for path in expected}


def test_long_lists_hold_a_thousand_addresses_a_page() -> None:
    portal = Portal(2_500, SITE, long_lists=True)
    assert portal.list_pages() == 3
    page = ListingPage(parse_html(portal.answer("/page/2/")[2].decode()), f"{SITE}/page/2/")
    assert sum(not entry.aside for entry in page.entries) == PER_LONG_PAGE > PER_PAGE


@pytest.mark.parametrize("path", ["/wp-json/", "/page/1/", "/page/135/", "/category/nihil/", f"{article(7).path}2/"])
def test_nothing_else_is_there(portal: Portal, path: str) -> None:
    assert portal.answer(path)[0] == 404
