import pytest

from narayacrawl.pages import parse_html
from narayacrawl.pages.front_page import home_of, other_site, part_of_portal

SITE = "https://portal.example"


def page(body_class: str = "", head: str = "", links: str = "") -> str:
    return f'<html><head>{head}</head><body class="{body_class}">{links}<p>Isi halaman.</p></body></html>'


def api(url: str) -> str:
    return f'<link rel="https://api.w.org/" href="{url}">'


@pytest.mark.parametrize(
    ("path", "html", "part"),
    [
        ("/", page("archive category"), None),
        ("/berita/", page("home blog", api(f"{SITE}/berita/wp-json/")), None),
        ("/id/", page("home page", api(f"{SITE}/wp-json/")), None),
        ("/berita/", page("blog", api(f"{SITE}/wp-json/")), None),
        ("/berita/", page("", api(f"{SITE}/berita/wp-json/")), None),
        ("/berita/", page(), None),
        ("/ekonomi/", page("archive category category-ekonomi"), "a part"),
        ("/ekonomi/", page("", api(f"{SITE}/wp-json/")), "a part"),
        ("/ekonomi/", page("page page-id-7", links='<a rel="home" href="/">Kabar</a>'), "a part"),
        ("/berita/ekonomi/", page("", api(f"{SITE}/berita/?rest_route=/")), "a part"),
        ("/ekonomi/harga-beras/", page("post-template-default single single-post postid-7"), "an article"),
    ],
)
def test_part_of_a_portal_is_told_from_one_in_a_folder(path: str, html: str, part: str | None) -> None:
    assert part_of_portal(parse_html(html), f"{SITE}{path}") == part


@pytest.mark.parametrize(
    ("html", "home"),
    [
        (page(head=api(f"{SITE}/berita/wp-json/")), f"{SITE}/berita/"),
        (page(head=api(f"{SITE}/index.php?rest_route=/")), f"{SITE}/"),
        (page(head=api("https://lain.example/wp-json/"), links='<a rel="home" href="/kabar/">K</a>'), f"{SITE}/kabar/"),
        (page(), f"{SITE}/"),
    ],
)
def test_page_tells_where_its_portal_begins(html: str, home: str) -> None:
    assert home_of(parse_html(html), f"{SITE}/berita/ekonomi/") == home


def links(*hosts: str) -> str:
    return "".join(f'<a href="http://{host}/berita-{number}/">Berita</a>' for number, host in enumerate(hosts))


@pytest.mark.parametrize(
    ("html", "site"),
    [
        (page(head='<link rel="canonical" href="http://127.0.0.1:8000/">'), "http://127.0.0.1:8000/"),
        (page(head=api("http://127.0.0.1:8000/wp-json/")), "http://127.0.0.1:8000/"),
        (page(links=links(*["127.0.0.1:8000"] * 6)), "http://127.0.0.1:8000/"),
        (page(head='<link rel="canonical" href="https://www.localhost/">'), None),
        (page(head=f'{api("http://a.example/wp-json/")}<link rel="canonical" href="/">'), None),
        (page(links=links(*["127.0.0.1:8000"] * 6, "localhost")), None),
        (page(links=links("a.example", "b.example", "c.example", "d.example", "e.example")), None),
        (page(links=links("a.example")), None),
        (page(), None),
    ],
)
def test_page_tells_which_other_site_it_is_of(html: str, site: str | None) -> None:
    assert other_site(parse_html(html), "http://localhost/") == site
