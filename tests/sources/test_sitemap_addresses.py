import pytest
from hypothesis import given
from hypothesis import strategies as st

from narayacrawl.sources.sitemap_parser import is_news, may_hold_articles, sitemap_urls

SITE = "https://portal.example"

HOLD = {
    "posts": """
        wp-sitemap-posts-post-1.xml wp-sitemap-posts-post-12.xml wp-sitemap-posts-berita-1.xml
        wp-sitemap-posts-video-1.xml post-sitemap.xml post-sitemap2.xml post-sitemap.xml.gz berita-sitemap.xml
        berita_khusus-sitemap3.xml posts-sitemap.xml sitemap-posts.xml sitemap-1.xml sitemap-index-1.xml
        sitemap_index.xml sitemap.xml wp-sitemap.xml sitemap.rss sitemap-pt-post-2025-12.xml
        sitemap-pt-post-p1-2025-12.xml sitemap-posttype-post.2025-12.xml sitemap-posttype-post.202512.xml
        sitemap-post-type-post.xml sitemap-2025-12.xml sitemap.txt news-sitemap.xml sitemap-news.xml
        pagelaran-sitemap.xml authority-sitemap.xml arsip.xml ?sitemap=index
        ?sitemap=posts&sitemap-subtype=post&paged=2 ?sitemap=post&sitemap_n=2 ?p=1
    """,
    "none": """
        wp-sitemap-posts-page-1.xml wp-sitemap-posts-attachment-1.xml wp-sitemap-posts-elementor_library-1.xml
        wp-sitemap-taxonomies-category-1.xml wp-sitemap-taxonomies-post_tag-2.xml wp-sitemap-taxonomies-x-1.xml
        wp-sitemap-users-1.xml page-sitemap.xml page-sitemap2.xml category-sitemap.xml PAGE-SITEMAP.XML
        post_tag-sitemap.xml post_tag-sitemap12.xml author-sitemap.xml attachment-sitemap.xml
        post_format-sitemap.xml product_cat-sitemap.xml local-sitemap.xml addl-sitemap.xml
        post-archive-sitemap.xml video-sitemap.xml image-sitemap-1.xml image-sitemap-index-1.xml
        video-sitemap-1.xml sitemap-misc.xml sitemap-tax-category.xml sitemap-taxonomy-post_tag.xml
        sitemap-taxonomy-category-2.xml sitemap-pt-page-2025-12.xml sitemap-pt-page-p1-2025-12.xml
        sitemap-posttype-page.2025.xml sitemap-authors.xml sitemap-archives.xml sitemap-externals.xml
        sitemap-page.xml page.xml sitemap-post-type-page.xml ?sitemap=posts&sitemap-subtype=page&paged=1
        ?sitemap=users&paged=1 ?sitemap=taxonomies&sitemap-subtype=category&paged=1 ?sitemap=post_tag
        sitemaps/author-sitemap1.xml
    """,
}


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind, names in HOLD.items() for name in names.split()])
def test_a_files_name_tells_whether_it_may_hold_posts(kind: str, name: str) -> None:
    assert may_hold_articles(f"{SITE}/{name}") is (kind == "posts")


def test_a_file_without_a_name_may_hold_posts() -> None:
    assert may_hold_articles(f"{SITE}/")


NEWS = """
    news-sitemap.xml news-sitemap2.xml sitemap-news.xml google-news-sitemap.xml sitemap.news.xml sitemap_news.xml
    news.xml ?sitemap=news
"""
NO_NEWS = "wp-sitemap-posts-news-1.xml post-sitemap.xml sitemap.xml newsroom-sitemap.xml news/sitemap.xml"


@pytest.mark.parametrize("name", NEWS.split())
def test_a_news_sitemap_is_known_by_its_name(name: str) -> None:
    assert is_news(f"{SITE}/{name}")


@pytest.mark.parametrize("name", [*NO_NEWS.split(), ""])
def test_another_sitemap_is_none_of_news(name: str) -> None:
    assert not is_news(f"{SITE}/{name}")


USUAL = [f"{SITE}/{path}" for path in ("wp-sitemap.xml", "sitemap_index.xml", "sitemap.xml", "?sitemap=index")]


@pytest.mark.parametrize("robots", [None, b"", b"User-agent: *\nDisallow:\n", b"<html>Sitemap: x</html>", b"\xff\x00"])
def test_the_usual_sitemaps_are_tried_where_none_is_named(robots: bytes | None) -> None:
    assert sitemap_urls(robots, f"{SITE}/") == USUAL


def test_the_usual_addresses_are_in_the_portals_folder_and_at_the_root() -> None:
    found = sitemap_urls(None, f"{SITE}/berita/")
    assert found[:2] == [f"{SITE}/berita/wp-sitemap.xml", f"{SITE}/wp-sitemap.xml"]


def test_the_sitemaps_that_robots_txt_names_come_first_each_once() -> None:
    robots = (
        f"\ufeffSitemap: {SITE}/peta.xml\r\nUser-agent: *\n  sitemap:/news-sitemap.xml\n"
        f"SITEMAP: {SITE}/sitemap_index.xml\n"
        f"Sitemap:\nSitemap: http://[\nSitemap: {SITE}/peta.xml\nSitemap: http://portal.example/sitemap.xml"
    )
    assert sitemap_urls(robots.encode(), f"{SITE}/") == [
        f"{SITE}/peta.xml",
        f"{SITE}/news-sitemap.xml",
        f"{SITE}/sitemap_index.xml",
        "http://portal.example/sitemap.xml",
        f"{SITE}/wp-sitemap.xml",
        f"{SITE}/?sitemap=index",
    ]


@given(
    st.binary().map(lambda body: b"Sitemap: " + body) | st.text().map(lambda text: f"Sitemap: http://{text}".encode())
)
def test_no_robots_txt_raises(robots: bytes) -> None:
    for url in sitemap_urls(robots, SITE):
        may_hold_articles(url)
        is_news(url)


@pytest.mark.parametrize(
    "robots",
    [
        "Sitemap: {}", "sitemap:{}", "Sitemap : {}", "Sitemap\t:\t{}", "Sitemap: {} # untuk mesin pencari",
        "Site-map: {}",
        "User-agent: *\rDisallow:\rSitemap: {}\r", "User-agent: * Sitemap: {}", "\ufeffSitemap: {}", "Sitemap: {}\r\n",
    ],
)  # fmt: skip
def test_sitemap_is_found_in_robots_txt_however_its_line_is_written(robots: str) -> None:
    told = robots.format(f"{SITE}/peta-situs.xml").encode()
    assert sitemap_urls(told, f"{SITE}/")[0] == f"{SITE}/peta-situs.xml"


def test_two_sitemaps_on_a_line_are_two() -> None:
    robots = f"Sitemap: {SITE}/peta.xml Sitemap: /berita.xml".encode()
    assert sitemap_urls(robots, f"{SITE}/")[:2] == [f"{SITE}/peta.xml", f"{SITE}/berita.xml"]


@pytest.mark.parametrize("robots", ["# Sitemap", "Sitemap:", "Sitemap: #", "Sitemap: http://[::1]a/", "x" * 100_000])
def test_line_that_names_no_sitemap_is_passed_over(robots: str) -> None:
    assert sitemap_urls(robots.encode(), f"{SITE}/") == sitemap_urls(b"", f"{SITE}/")
