import pytest
from parsel import Selector

from narayacrawl.pages.listing import ListingEntry, ListingPage

SITE = "https://portal.example"
HEADLINE = "Pedagang Pasar Terapung Pindah Jam Jualan"
LINK = f'<a href="/pasar/">{HEADLINE}</a>'


def page(body: str, *, path: str = "/", names: str = "") -> ListingPage:
    text = f"<html><body class='{names}'>{body}</body></html>"
    return ListingPage(Selector(text=text, type="html"), SITE + path)


def paths(listing: ListingPage) -> list[str]:
    return [entry.url.removeprefix(SITE) for entry in listing.entries]


# Entries


@pytest.mark.parametrize(
    "html",
    [
        '<h2><a href="/pasar/">Pasar</a></h2>',
        '<h2 class="entry-title"><a href="/pasar/" rel="bookmark">Pasar</a></h2>',
        '<a href="/pasar/"><h3>Pasar</h3></a>',
        '<h5><span><a href="/pasar/?utm_source=depan#isi">Pasar</a></span></h5>',
        '<article class="post"><a href="/pasar/"><img src="/a.jpg"></a></article>',
        '<div class="td_module_10"><a href="/pasar/">Pasar</a></div>',
        '<li class="wp-block-post"><a href="/pasar/">Pasar</a></li>',
        '<div class="news-item"><div><a href="/pasar/">Pasar</a></div></div>',
        '<ul><li><a class="wp-block-latest-posts__post-title" href="/pasar/">Pasar</a></li></ul>',
        f"<div>{LINK}</div>",
        f"<ul><li>{LINK}</li></ul>",
        '<h2><a href="https://www.portal.example/pasar/">Pasar</a></h2>',
        '<div class="pagination-wrap"><article><h2><a href="/pasar/">Pasar</a></h2></article></div>',
        '<h2><a href="/pasar/">Pasar</a></h2><article class="post"><a href="http://portal.example/pasar">Pasar</a></article>',
    ],
    ids=["heading", "bookmark", "heading in link", "nested", "card without text", "theme", "block", "words",
         "latest posts", "headline", "headline in list", "www", "pagination wrapper", "twice"],
)  # fmt: skip
def test_an_article_is_known_by_heading_card_or_headline(html: str) -> None:
    assert [path.replace("https://www.portal.example", "") for path in paths(page(html))] == ["/pasar/"]


@pytest.mark.parametrize(
    "html",
    [
        f'<nav><ul><li class="menu-item"><a href="/kebijakan/">{HEADLINE}</a></li></ul></nav>',
        f'<nav><a class="nav-link" href="/kebijakan/">{HEADLINE}</a></nav>',
        '<nav><a href="/daerah/">Daerah</a></nav><div class="post hentry"><h6><a href="/daerah/">Kabar</a></h6></div>',
        '<nav><a href="/kami/">Kami</a></nav><p class="hentry type-page"><a rel="bookmark" href="/kami/">Kami</a></p>',
        '<ul class="main-menu"><li><a href="/daerah/">Daerah</a></li></ul>',
        '<nav><a href="/daerah/">Daerah</a></nav><h2><a href="/daerah/">Daerah</a></h2>',
        f'<footer><p><a href="/redaksi/">{HEADLINE}</a></p></footer>',
        f'<div id="comments"><p><a href="/pasar/">{HEADLINE}</a></p></div>',
        '<p><a href="/pasar/">Pasar</a></p>',
        '<article class="post"><span class="cat-links"><a href="/daerah/">Daerah</a></span></article>',
        '<article class="post"><a rel="category tag" href="/daerah/">Daerah</a></article>',
        '<article class="post"><a rel="author" href="/sari/">Sari</a></article>',
        '<h2><a href="/category/daerah/">Daerah</a></h2>',
        '<h2><a href="/tag/sungai/">sungai</a></h2>',
        '<h2><a href="/page/2/">Berikutnya</a></h2>',
        '<h2><a href="/daerah/page/2/">Berikutnya</a></h2>',
        '<h2><a href="/">Portal Contoh</a></h2>',
        '<h2><a href="https://lain.example/pasar/">Pasar</a></h2>',
        '<h2><a href="/wp-content/uploads/a.jpg">Pasar</a></h2>',
        '<h2><a href="#isi">Pasar</a> <a href="mailto:a@portal.example">b</a> <a href="javascript:c()">c</a></h2>',
        '<h2><a href="http://[x">Pasar</a> <a>b</a> <a href="">c</a></h2>',
    ],
)  # fmt: skip
def test_a_link_of_the_pages_furniture_is_no_article(html: str) -> None:
    assert paths(page(html)) == []


CARD = (
    f'<article class="post-31 post type-post hentry"><h2><a rel="bookmark" href="/pasar/">{HEADLINE}</a></h2></article>'
)


@pytest.mark.parametrize(
    "html",
    [
        f"<nav>{LINK}</nav>",
        f'<nav class="news-ticker"><ul><li>{LINK}</li></ul></nav>',
        f'<div class="top-menu"><div class="breaking">{LINK}</div></div>',
        f'<nav><a href="/pasar/"><h4>{HEADLINE}</h4></a></nav>',
        f'{CARD}<div class="page-links">Halaman: <a href="/pasar/">1</a> <a href="/pasar/2/">2</a></div>',
        f'<nav class="post-pages"><a href="/pasar/">1</a></nav>{CARD}',
        f'<ul class="menu"><li><a href="/pasar/">Pasar Terapung</a></li></ul>{CARD}',
        f'<ul class="menu"><li class="menu-item">{LINK}</li></ul>{CARD}',
    ],
    ids=["nav", "ticker", "class of a menu", "heading", "page links", "numbers", "short label", "menu item"],
)  # fmt: skip
def test_an_article_that_stands_in_a_menu_is_found(html: str) -> None:
    listing = page(html)
    assert paths(listing) == ["/pasar/"]


@pytest.mark.parametrize(
    "html", [f"<nav>{LINK}</nav>", '<div class="page-links"><a href="/pasar/2/">2</a><a href="/pasar/3/">3</a></div>']
)
def test_headlines_and_page_numbers_in_a_menu_are_no_sections(html: str) -> None:
    assert page(html).sections == {}


def test_the_listing_itself_is_no_entry() -> None:
    assert paths(page('<h1><a href="/daerah/">Daerah</a></h1><h2><a href="/pasar/">P</a></h2>', path="/daerah/")) == [
        "/pasar/"
    ]


def test_plain_permalinks_are_told_apart_by_their_id() -> None:
    body = '<h2><a href="/?p=31">A</a></h2><h2><a href="/?p=32">B</a></h2><h2><a href="/?p=31#more">A</a></h2>'
    assert paths(page(body + '<h2><a href="/?page_id=2">Tentang</a></h2><h2><a href="/?cat=3">C</a></h2>')) == [
        "/?p=31",
        "/?p=32",
    ]


def test_entries_keep_the_pages_order() -> None:
    body = "".join(f'<h2><a href="/{name}/">{name}</a></h2>' for name in "cab")
    assert paths(page(body)) == ["/c/", "/a/", "/b/"]


@pytest.mark.parametrize(
    ("html", "date"),
    [
        ('<article><h2><a href="/pasar/">P</a></h2><time datetime="2025-12-14">14</time></article>', "2025-12-14"),
        ('<ul><li><a href="/pasar/" rel="bookmark">P</a> <time datetime="2025-12-14"></time></li></ul>', "2025-12-14"),
        ("<article><h2><a href='/pasar/'>P</a></h2><time>14 Desember</time></article>", None),
        ('<article><h2><a href="/pasar/">P</a></h2></article><article><time datetime="2025-12-14"></article>', None),
        ('<h2><a href="/pasar/">P</a></h2><time datetime="2025-12-14"></time>', None),
    ],
    ids=["card", "list item", "no attribute", "another card", "no card"],
)  # fmt: skip
def test_an_entry_has_the_date_of_its_own_card(html: str, date: str | None) -> None:
    assert page(html).entries == [ListingEntry(f"{SITE}/pasar/", date, aside=False)]


@pytest.mark.parametrize("name", ["sidebar", "widget", "related-posts", "popular-posts"])
def test_an_entry_beside_the_list_is_marked(name: str) -> None:
    assert page(f'<div class="{name}"><h3>{LINK}</h3></div>').entries == [
        ListingEntry(f"{SITE}/pasar/", None, aside=True)
    ]


@pytest.mark.parametrize("order", [1, -1])
def test_an_entry_in_the_list_and_beside_it_is_the_one_in_the_list(order: int) -> None:
    aside = f'<div class="sidebar"><h3>{LINK}</h3></div>'
    card = f'<article><h2>{LINK}</h2><time datetime="2025-12-14"></time></article>'
    assert page("".join([aside, card][::order])).entries == [ListingEntry(f"{SITE}/pasar/", "2025-12-14", aside=False)]


# Sections


@pytest.mark.parametrize(
    ("html", "sections"),
    [
        ('<nav><a href="/">Beranda</a><a href="/daerah/">Daerah</a></nav>', {"/daerah/": "Daerah"}),
        ('<ul class="menu"><li><a href="/category/daerah/">Daerah</a></li></ul>', {"/category/daerah/": "Daerah"}),
        ('<a href="/category/daerah/pesisir/">Pesisir</a>', {"/category/daerah/pesisir/": "Pesisir"}),
        ('<a href="/?cat=3">Daerah</a>', {"/?cat=3": "Daerah"}),
        ('<a href="/rubrik-kita/" rel="category tag">Rubrik Kita</a>', {"/rubrik-kita/": "Rubrik Kita"}),
        ('<a href="/kanal/daerah/">Daerah</a>', {"/kanal/daerah/": "Daerah"}),
        ('<nav><a href="/category/daerah/page/2/">2</a><a href="/category/daerah/feed/">RSS</a></nav>', {}),
        ('<nav><a href="/tag/sungai/">sungai</a><a href="/author/sari/">Sari</a></nav>', {}),
        ('<nav><a href="https://lain.example/category/a/">A</a></nav>', {}),
        ("<h2><a href='/pasar/'>Pasar</a></h2>", {}),
    ],
)
def test_sections_are_category_links_and_what_menus_lead_to(html: str, sections: dict[str, str]) -> None:
    assert {url.removeprefix(SITE): name for url, name in page(html).sections.items()} == sections


# The next page

ENTRY = "<h2><a href='/pasar/'>Pasar</a></h2>"


@pytest.mark.parametrize(
    ("path", "link", "following"),
    [
        ("/", '<a href="/page/2/">2</a>', ["/page/2/"]),
        ("/daerah/page/2/", '<a href="/daerah/">1</a><a href="/daerah/page/3/">3</a>', ["/daerah/page/3/"]),
        ("/daerah/page/2/", '<a rel="prev" href="/daerah/">«</a>', []),
        ("/?cat=3", '<a href="/?cat=3&amp;paged=2">2</a>', ["/?cat=3&paged=2"]),
        ("/?cat=3&paged=2", '<a href="/?paged=3&amp;cat=3">3</a><a href="/?cat=4&amp;paged=3">', ["/?paged=3&cat=3"]),
        ("/", '<a href="?query-5-page=2">Berikutnya</a>', ["/?query-5-page=2"]),
        (
            "/?query-5-page=2",
            '<a href="?query-5-page=3">3</a><a href="?query-7-page=2">2</a>',
            ["/?query-5-page=3", "/?query-7-page=2"],
        ),
        ("/", '<a href="/page/2/">2</a><a href="/page/2/">Berikutnya</a><a href="/page/90/">90</a>', ["/page/2/"]),
        ("/", '<a rel="next" href="/page/3/">»</a>', ["/page/3/"]),
        ("/", '<a href="/daerah/page/2/">Laporan kedua</a>', []),
        ("/", '<a href="https://lain.example/page/2/">2</a>', []),
        ("/", "", []),
    ],
)  # fmt: skip
def test_the_next_page_is_known_by_its_address(path: str, link: str, following: list[str]) -> None:
    assert page(ENTRY + link, path=path).next_urls == [SITE + url for url in following]


@pytest.mark.parametrize(
    ("path", "links", "following"),
    [
        ("/", '<a href="/berita/page/2/">2</a>', ["/berita/page/2/"]),
        ("/", '<a href="/page/2/">2</a><a href="/berita/page/2/">2</a>', []),
        ("/berita/page/2/", '<a href="/kabar/page/2/">2</a>', []),
    ],
)
def test_the_second_page_may_be_in_another_folder(path: str, links: str, following: list[str]) -> None:
    assert page(ENTRY + links, path=path).moved_next_urls == [SITE + url for url in following]


@pytest.mark.parametrize(
    ("path", "links", "following"),
    [
        ("/", '<a href="/?halaman=2">2</a> <a href="/?halaman=9">9</a>', "/?halaman=2"),
        ("/?halaman=2", '<a href="/">1</a> <a href="/?halaman=1">1</a> <a href="/?halaman=3">3</a>', "/?halaman=3"),
        ("/?halaman=9", '<a href="/?halaman=8">8</a>', None),
        ("/", '<a href="/?start=5">2</a> <a href="/?start=10">3</a>', "/?start=5"),
        ("/?start=5", '<a href="/?start=0">1</a> <a href="/?start=10">3</a>', "/?start=10"),
        ("/daerah/", '<a href="/daerah/index/2">Berikutnya</a>', "/daerah/index/2"),
        ("/daerah/index/2", '<a href="/daerah/index/3">Berikutnya</a>', "/daerah/index/3"),
    ],
)
def test_the_next_page_follows_from_how_the_page_counts(path: str, links: str, following: str | None) -> None:
    listing = page(ENTRY + links, path=path)
    [counter] = listing.counters
    assert listing.next_counted(counter) == (following and SITE + following)
    assert (paths(listing), listing.sections) == (["/pasar/"], {})


@pytest.mark.parametrize(
    "links",
    [
        '<a href="/2025/12/1/">1</a> <a href="/2025/12/2/">2</a>',
        '<a href="/?m=20251202">2</a>',
        '<a href="/?tgl=2">2</a>',
        '<a href="/pasar/#komentar">2</a>',
        '<a href="/pasar-2/">2</a>',
        '<a href="/kabar/31/">4</a>',
        '<a href="/?p=31">Selanjutnya</a>',
        f'<a href="/berita/2">{HEADLINE}</a>',
        '<a href="https://lain.example/?halaman=2">2</a>',
        '<a href="/page/2/">2</a> <a href="/?halaman=2">2</a>',
    ],
    ids=["calendar", "archive", "day", "comments", "slug", "one number", "post", "headline", "elsewhere", "WordPress"],
)  # fmt: skip
def test_a_number_that_counts_no_pages_is_followed_nowhere(links: str) -> None:
    assert page(ENTRY + links).counters == []


def test_posts_with_plain_addresses_are_entries_beside_page_links() -> None:
    body = '<h2><a href="/?p=31">Pasar</a></h2><h2><a href="/?p=32">Kapal</a></h2><a href="/?p=2">2</a>'
    assert paths(page(body)) == ["/?p=31", "/?p=32"]


@pytest.mark.parametrize(
    ("listing", "following"),
    [
        (page(ENTRY), "/page/2/"),
        (page(ENTRY, path="/daerah/page/2/", names="archive"), "/daerah/page/3/"),
        (page(ENTRY, path="/?cat=3"), "/?cat=3&paged=2"),
        (page(f'{ENTRY}<a href="/page/9/">Terakhir</a>'), None),
        (page(f'{ENTRY}<a href="/">1</a>', path="/page/9/"), "/page/10/"),
        (page("<p>Tidak ada.</p>"), None),
        (page(ENTRY, names="page page-id-2"), None),
        (page(ENTRY, names="single postid-31"), None),
    ],
    ids=["front page", "archive", "plain", "counts pages", "links to the first", "empty", "static page", "article"],
)
def test_a_next_page_that_nothing_links_to_is_guessed_only_for_a_list(
    listing: ListingPage, following: str | None
) -> None:
    assert listing.unlinked_next_url == (following and SITE + following)


def test_tells_its_number_and_whether_it_is_an_article() -> None:
    assert (page("", path="/daerah/page/3/").number, page("", names="single").is_article, page("").is_article) == (
        3,
        True,
        False,
    )
