import pytest
from hypothesis import given
from hypothesis import strategies as st

from narayacrawl.urls import absolute, clean_url, key, may_be_article, same_site, site

BASE = "https://portal.example/daerah/pasar/"
HREFS = st.text(st.sampled_from("htps:/@[]?#&=%aé。\u200d\ud800 \n019.-"), max_size=30)


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("https://x.example/a", "https://x.example/a"),
        ("//x.example/a", "https://x.example/a"),
        ("/a", "https://portal.example/a"),
        (" \n../a ", "https://portal.example/daerah/a"),
        ("?p=4", "https://portal.example/daerah/pasar/?p=4"),
        ("mailto:redaksi@portal.example", None),
        ("JavaScript:void(0)", None),
        ("whatsapp://send?text=a", None),
        ("data:image/png;base64,AAAA", None),
        ("https://[x/", None),
        ("https://x.example:99999/", None),
        ("https://x.example/\ud800", None),
        (f"/{'a' * 7_000}", f"https://portal.example/{'a' * 7_000}"),
        (f"/{'a' * 9_000}", None),
        (f"/?{'name=1&' * 100}", f"https://portal.example/?{'name=1&' * 100}"),
        (f"/?{'name=1&' * 101}", None),
    ],
)
def test_makes_a_sound_link_absolute(href: str, url: str | None) -> None:
    assert absolute(href, BASE) == url


@given(HREFS)
def test_every_absolute_address_can_be_cleaned_and_compared(href: str) -> None:
    url = absolute(href, BASE)
    if url is not None:
        assert key(clean_url(url)) == key(url)
        assert may_be_article(url) in (True, False)


@pytest.mark.parametrize(
    ("url", "clean"),
    [
        ("https://portal.example/a/", "https://portal.example/a/"),
        (" https://portal.example/a ", "https://portal.example/a"),
        ("HTTPS://Portal.Example/A", "https://portal.example/A"),
        ("https://portal.example", "https://portal.example/"),
        ("https://portal.example/a/#comment-3", "https://portal.example/a/"),
        ("https://portal.example/a/?utm_source=x&utm_medium=y", "https://portal.example/a/"),
        ("https://portal.example/a/?p=4&fbclid=x&page=2", "https://portal.example/a/?p=4&page=2"),
        ("https://portal.example/a/?amp", "https://portal.example/a/"),
        ("https://portal.example/a/?amp=1", "https://portal.example/a/"),
        ("https://portal.example/a/?replytocom=3#respond", "https://portal.example/a/"),
        ("https://portal.example/a/amp/", "https://portal.example/a/"),
        ("https://portal.example/a/amp", "https://portal.example/a/"),
        ("https://portal.example/a/comment-page-2/#comments", "https://portal.example/a/"),
        ("https://portal.example/tegangan-100-amp/", "https://portal.example/tegangan-100-amp/"),
        ("https://portal.example/?s=a+b&x=%2F", "https://portal.example/?s=a+b&x=%2F"),
        ("https://portal.example/pasar-kué/", "https://portal.example/pasar-ku%C3%A9/"),
    ],
)
def test_cleans_an_address(url: str, clean: str) -> None:
    assert clean_url(url) == clean


@given(HREFS)
def test_cleaning_twice_changes_nothing(href: str) -> None:
    url = absolute(href, BASE)
    if url is not None:
        assert clean_url(clean_url(url)) == clean_url(url)


@pytest.mark.parametrize(
    ("url", "same"),
    [
        ("http://portal.example/a", True),
        ("https://www.portal.example", True),
        ("https://PORTAL.example:443/", True),
        ("http://portal.example:80/", True),
        ("https://portal.example:8443/", False),
        ("https://foto.portal.example/", False),
        ("https://portal.example.net/", False),
        ("https://portal.example@x.example/", False),
    ],
)
def test_compares_sites_but_for_scheme_and_www(url: str, same: bool) -> None:
    assert same_site(url, BASE) is same


def test_a_site_has_its_unusual_port() -> None:
    assert site("http://www.Portal.Example:8080/a") == "portal.example:8080"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://portal.example/a/", "http://www.portal.example/a", True),
        ("https://portal.example/?p=4&page=2", "https://portal.example/?page=2&p=4", True),
        ("https://portal.example/a/?utm_source=x", "https://portal.example/a/", True),
        ("https://portal.example/pasar-kué/", "https://portal.example/pasar-ku%c3%a9/", True),
        ("https://portal.example/a", "https://portal.example/A", False),
        ("https://portal.example/?p=4", "https://portal.example/?p=5", False),
        ("https://portal.example/a/2/", "https://portal.example/a/", False),
        ("https://portal.example/a", "https://x.example/a", False),
    ],
)
def test_key_tells_whether_two_spellings_are_one_address(one: str, other: str, same: bool) -> None:
    assert (key(one) == key(other)) is same


@pytest.mark.parametrize(
    "path",
    [
        "pasar-terapung/", "pasar-terapung.html", "daerah/pasar-terapung/", "2025/12/14/pasar-terapung/",
        "2025/12/pasar-terapung/", "?p=31", "?post_type=berita&name=pasar", "?name=pasar", "index.php/pasar/", "31",
        "4521/",
        "read/31/pasar", "harga-feed-ternak/", "tagar-viral/", "pagelaran/", "page-turner/", "pasar/?ref=beranda",
        "authoritas-bicara/", "comments-pedas/",
    ],
)  # fmt: skip
def test_an_address_of_an_article_may_be_one(path: str) -> None:
    assert may_be_article(f"https://portal.example/{path}")


@pytest.mark.parametrize(
    "path",
    [
        "", "index.php", "?s=pasar", "?cat=3", "?tag=pasar", "?author=2", "?m=202512", "?paged=2", "?feed=rss2",
        "?page_id=2", "?attachment_id=9", "?rest_route=/wp/v2/posts", "?query-5-page=2", "pasar/?share=facebook",
        "category/daerah/", "tag/pasar/", "author/sari/", "search/pasar/", "page/2/", "daerah/page/2/", "feed/",
        "daerah/feed/", "pasar/feed/", "pasar/embed/", "pasar/trackback/", "wp-json/", "wp-admin/admin-ajax.php",
        "wp-login.php", "xmlrpc.php", "wp-content/uploads/2025/12/pasar.jpg", "foto.webp", "laporan.PDF",
        "sitemap.xml", "2025/", "2025/12/", "2025/12/14/", "2025/12/14", "pasar/?preview=true", "comments/feed/",
    ],
)  # fmt: skip
def test_no_address_of_wordpress_itself_may_be_an_article(path: str) -> None:
    assert not may_be_article(f"https://portal.example/{path}")


def test_an_address_of_another_scheme_is_no_article() -> None:
    assert not may_be_article("ftp://portal.example/pasar/")


HOSTS = st.sampled_from(
    ["portal.example", "[::1]", "[::1]a", "[", "]", "[v1.x]", "a b", "\u2100", "x" * 300, "@", "1.2.3.4:99999"]
)


@given(st.sampled_from(["http://", "https://", "//", "HTTP://"]), HOSTS, st.text(max_size=30))
def test_what_is_taken_for_an_address_can_be_cleaned_and_compared(scheme: str, host: str, rest: str) -> None:
    if url := absolute(f"{scheme}{host}/{rest}", "https://portal.example/"):
        assert key(clean_url(url)) == key(url)
        assert same_site(url, url)
        may_be_article(url)


@pytest.mark.parametrize("href", ["http://[::1]a/", "http://[/", "https://portal.example:0/", "http://[::1/a"])
def test_host_that_is_none_makes_no_address(href: str) -> None:
    assert absolute(href, "https://portal.example/") is None
