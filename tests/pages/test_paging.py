import pytest
from parsel import Selector

from narayacrawl.pages.article import ArticlePage
from narayacrawl.pages.paging import (
    article_page_number,
    article_page_url,
    first_page_url,
    listing_page,
    next_listing_url,
)

SITE = "https://portal.example"
PRETTY, PLAIN = f"{SITE}/pasar/", f"{SITE}/?p=31"


@pytest.mark.parametrize(
    ("path", "series", "parameter", "number"),
    [
        ("/", "/", "", 1),
        ("/daerah/", "/daerah/", "", 1),
        ("/page/2/", "/", "/page/", 2),
        ("/daerah/page/12", "/daerah/", "/page/", 12),
        ("/?paged=3", "/", "paged", 3),
        ("/?cat=3&paged=2", "/?cat=3", "paged", 2),
        ("/index.php?paged=2", "/", "paged", 2),
        ("/?query-5-page=2", "/", "query-5-page", 2),
        ("/daerah/?query-0-page=2&utm_source=x", "/daerah/", "query-0-page", 2),
        ("/?paged=x", "/?paged=x", "", 1),
        ("/daerah/2/", "/daerah/2/", "", 1),
    ],
)
def test_reads_which_page_of_a_listing_an_address_is(path: str, series: str, parameter: str, number: int) -> None:
    assert listing_page(SITE + path) == (SITE + series, parameter, number)


@pytest.mark.parametrize(
    ("path", "following"),
    [
        ("/", "/page/2/"),
        ("/daerah/", "/daerah/page/2/"),
        ("/daerah", "/daerah/page/2/"),
        ("/daerah/page/2/", "/daerah/page/3/"),
        ("/?cat=3", "/?cat=3&paged=2"),
        ("/?cat=3&paged=2", "/?cat=3&paged=3"),
        ("/?query-5-page=2", "/?query-5-page=3"),
    ],
)
def test_tells_the_next_page_of_a_listing(path: str, following: str) -> None:
    assert next_listing_url(SITE + path) == SITE + following


@pytest.mark.parametrize(
    ("url", "article", "number"),
    [
        (f"{PRETTY}2/", PRETTY, 2),
        (f"{PRETTY}2", PRETTY, 2),
        (f"{PRETTY}?page=3", PRETTY, 3),
        (f"{PLAIN}&page=2", PLAIN, 2),
        (f"{SITE}/?page=2&p=31", PLAIN, 2),
        (PRETTY, PRETTY, None),
        (f"{PRETTY}2025/", PRETTY, None),
        (f"{PRETTY}foto/", PRETTY, None),
        (f"{SITE}/feri/2/", PRETTY, None),
        (f"{SITE}/?p=32&page=2", PLAIN, None),
        (f"{PRETTY}?page=semua", PRETTY, None),
    ],
)
def test_reads_which_page_of_an_article_an_address_is(url: str, article: str, number: int | None) -> None:
    assert article_page_number(url, article) == number


@pytest.mark.parametrize("article", [PRETTY, PLAIN, f"{SITE}/pasar.html?lang=id"])
def test_the_first_page_of_a_page_is_the_article(article: str) -> None:
    assert first_page_url(article_page_url(article, 2), 2) == article


def page(links: str = "", *, names: str = "single", url: str = PRETTY, head: str = "") -> ArticlePage:
    text = (
        f"<head>{head}</head><body class='{names}'><h1>Pasar</h1><div class='entry-content'>Isi. {links}</div></body>"
    )
    return ArticlePage(Selector(text=text, type="html"), url)


@pytest.mark.parametrize(
    ("own", "count"),
    [
        (page(), 1),
        (page(f'<p>Halaman: 1 <a href="{PRETTY}2/">2</a> <a href="{PRETTY}3/">Selanjutnya</a></p>'), 3),
        (page('<a href="2/">2</a>'), 2),
        (page('<a href="?p=31&amp;page=2">2</a>', url=PLAIN), 2),
        (page(f'<a href="{PRETTY}2025/">2025</a><a href="{SITE}/feri/2/">Feri</a>'), 1),
        (page(f'<a href="{PRETTY}comment-page-2/">Komentar lama</a>'), 1),
        (page('<a href="http://[x2">2</a>'), 1),
        (page(names="single single-paged-3 paged-3", url=f"{PRETTY}3/"), 3),
    ],
    ids=["whole", "page links", "relative", "plain", "other numbers", "comments", "malformed", "last page"],
)
def test_counts_the_pages_of_a_split_article(own: ArticlePage, count: int) -> None:
    assert own.page_count == count


@pytest.mark.parametrize(
    ("own", "number", "first"),
    [
        (page(), 1, PRETTY),
        (page(names="single single-paged-2 paged-2", url=f"{PRETTY}2/"), 2, PRETTY),
        (page('<span class="post-page-numbers current">2</span>', url=f"{PRETTY}2/"), 2, PRETTY),
        (page('<span class="post-page-numbers current">Halaman 2</span>', url=f"{PLAIN}&page=2"), 2, PLAIN),
        (page(names="single-paged-2", url=f"{PRETTY}2/", head=f'<link rel="canonical" href="{PRETTY}">'), 2, PRETTY),
    ],
    ids=["first", "body class", "page links", "plain", "canonical is the first"],
)  # fmt: skip
def test_tells_which_page_it_is_and_where_the_first_is(own: ArticlePage, number: int, first: str) -> None:
    assert (own.number, own.first_url) == (number, first)


def test_a_block_theme_may_hide_its_pages() -> None:
    assert page('<div class="wp-site-blocks"></div>').may_hide_pages
    assert page('<div id="app"><div class="wp-site-blocks"></div></div>').may_hide_pages
    assert not page().may_hide_pages


def test_the_pages_of_an_article_are_joined_in_order() -> None:
    shared = "<p>Baca juga: <a href='/feri/'>Feri Berhenti</a></p><img src='/a.jpg'>"
    first, second = page("<p>Editor: Rina</p>"), page(f"<p>Penulis: Bayu</p>{shared}", url=f"{PRETTY}2/")
    whole = first.published([second.as_following(), page(shared, url=f"{PRETTY}3/").as_following()])
    assert [(block.page, block.text) for block in whole.blocks] == [(1, "Isi."), (2, "Isi."), (3, "Isi.")]
    assert (whole.authors, whole.editors, whole.url) == (["Bayu"], ["Rina"], PRETTY)
    assert [image.url for image in whole.images] == [f"{SITE}/a.jpg"]
    assert [link.url for link in whole.related] == [f"{SITE}/feri/"]
