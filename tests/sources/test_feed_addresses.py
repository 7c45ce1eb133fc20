import pytest
from parsel import Selector

from narayacrawl.sources.feed_parser import atom_url, feed_page_url, feed_urls, post_id, section_feed_url

SITE = "https://portal.example"
URL = f"{SITE}/feed/"


@pytest.mark.parametrize(
    ("feed", "number", "url"),
    [
        (URL, 1, URL),
        (URL, 2, f"{URL}?paged=2"),
        (f"{SITE}/?feed=rss2", 3, f"{SITE}/?feed=rss2&paged=3"),
    ],
)
def test_older_entries_stand_on_further_pages(feed: str, number: int, url: str) -> None:
    assert feed_page_url(feed, number) == url


@pytest.mark.parametrize(
    ("feed", "url"),
    [
        ("/feed/", "/feed/atom/"),
        ("/feed", "/feed/atom"),
        ("/ekonomi/feed/rss2/", "/ekonomi/feed/atom/"),
        ("/feed/rdf/", "/feed/atom/"),
        ("/feed/atom/", "/feed/atom/"),
        ("/feed/?post_type=berita", "/feed/atom/?post_type=berita"),
        ("/?feed=rss2", "/?feed=atom"),
        ("/?feed=rss2&cat=3", "/?feed=atom&cat=3"),
        ("/?feed=comments-rss2", None),
        ("/rss.xml", None),
        ("/feedback/", None),
        ("/feed/json/", None),
        ("/", None),
    ],
)
def test_wordpress_has_every_feed_as_atom(feed: str, url: str | None) -> None:
    assert atom_url(f"{SITE}{feed}") == (f"{SITE}{url}" if url else None)


@pytest.mark.parametrize(
    ("section", "url"),
    [
        ("/ekonomi/", "/ekonomi/feed/"),
        ("/ekonomi", "/ekonomi/feed/"),
        ("/ekonomi/page/2/#isi", "/ekonomi/feed/"),
        ("/daerah/papua/", "/daerah/papua/feed/"),
        ("", "/feed/"),
        ("/", "/feed/"),
        ("/page/3", "/feed/"),
        ("/?cat=3", "/?cat=3&feed=rss2"),
        ("?cat=3&paged=2", "/?cat=3&feed=rss2"),
    ],
)
def test_a_section_has_its_own_feed(section: str, url: str) -> None:
    assert section_feed_url(f"{SITE}{section}") == f"{SITE}{url}"


def test_a_page_leads_to_its_feeds_but_not_to_those_of_comments() -> None:
    rss_type, atom_type = "application/rss+xml", "application/atom+xml"
    rows = [
        ("alternate", rss_type, "/feed/", "Portal » Feed"),
        ("ALTERNATE home", "Application/RSS+XML; charset=utf-8", "/ekonomi/feed/", "Portal » Ekonomi Feed"),
        ("alternate", atom_type, f"{SITE}/feed/atom/", ""),
        ("alternate", rss_type, f"{SITE}/feed/", "Again"),
        ("alternate", rss_type, "/comments/feed/", "Portal » Feed"),
        ("alternate", rss_type, "/?feed=comments-rss2", ""),
        ("alternate", rss_type, "/pasar/feed/", "Portal » Pasar Umpan Komentar"),
        ("alternate", rss_type, "/muara/feed/", "Portal » Muara Comments Feed"),
        ("alternate", "application/json+oembed", "/wp-json/oembed/", ""),
        ("alternate", "", "/en/", ""),
        ("nofollow", rss_type, "/lain/feed/", ""),
        ("alternate", rss_type, "http://[", ""),
    ]
    head = "".join(f'<link rel="{rel}" type="{kind}" href="{href}" title="{name}">' for rel, kind, href, name in rows)
    found = feed_urls(Selector(f"<html><head>{head}</head></html>"), f"{SITE}/ekonomi/")
    assert found == [f"{SITE}/feed/", f"{SITE}/ekonomi/feed/", f"{SITE}/feed/atom/"]


@pytest.mark.parametrize(
    ("url", "told"),
    [
        (f"{SITE}/?p=31", 31),
        (f"{SITE}/?p=31&p=32", None),
        (f"{SITE}/?p=0", None),
        (f"{SITE}/?p=-1", None),
        ("http://[", None),
    ],
)
def test_an_address_may_name_a_post_by_its_id(url: str, told: int | None) -> None:
    assert post_id(url) == told
