"""The real spider through the real engine: which articles it finds, and each of them once."""

import json
from urllib.parse import urljoin, urlsplit

import pytest

from narayacrawl.sources.rest_parser import posts_url
from tests.conftest import Portal, Scrapy
from tests.portals import Post, WordPress, crawl

FORM = '<form class="post-password-form" method="post"><input name="post_password" type="password"></form>'


@pytest.fixture
def site(portal: Portal) -> WordPress:
    return WordPress(portal)


def test_walks_front_page_sections_and_older_pages_to_the_end_each_article_once(
    scrapy: Scrapy, site: WordPress
) -> None:
    posts = {number: Post(number, "ekonomi" if number % 2 else "daerah") for number in range(1, 13)}
    site.open([posts[12], posts[11]], [posts[10], posts[9]], [posts[8]])
    site.publish(*posts.values())
    site.list_posts("/category/ekonomi/", [posts[11], posts[9]], [posts[7], posts[5]], [posts[3], posts[1]])
    site.list_posts("/category/daerah/", [posts[12], posts[10]], [posts[8], posts[6]], [posts[4], posts[2]])
    assert crawl(scrapy, site.server.url).ids == list(range(1, 13))
    assert sorted(path for path in site.server.asked if "perahu" in path) == sorted(p.path for p in posts.values())


def test_old_sticky_post_on_top_does_not_end_the_walk(scrapy: Scrapy, site: WordPress) -> None:
    sticky = Post(1, date="2020-03-01T08:00:00+07:00")
    site.open([sticky, Post(4)], [Post(3)], [Post(2)], [sticky])
    assert crawl(scrapy, site.server.url, "since=2026-01-01").ids == [2, 3, 4]


def test_post_pushed_to_the_next_page_is_written_once(scrapy: Scrapy, site: WordPress) -> None:
    site.open([Post(5), Post(4), Post(3)], [Post(3), Post(2), Post(1)])
    assert crawl(scrapy, site.server.url).ids == [1, 2, 3, 4, 5]


def test_other_addresses_of_an_article_yield_one_record(scrapy: Scrapy, site: WordPress) -> None:
    posts = {
        "?utm_source=wa&utm_medium=tautan": Post(1),
        "?replytocom=77#respond": Post(2),
        "amp/": Post(3),
        "comment-page-2/": Post(4),
        "/?p=5": Post(5),
        "/daerah/perahu-sayur-6/": Post(6),
        "/ekonomi/nama-lama/": Post(7),
    }
    site.open(list(posts.values()))
    site.server.add("/?p=5", "", status=301, Location=site.at(posts["/?p=5"].path))
    site.server.add("/ekonomi/nama-lama/", "", status=301, Location=site.at(posts["/ekonomi/nama-lama/"].path))
    site.server.add("/daerah/perahu-sayur-6/", site.article(posts["/daerah/perahu-sayur-6/"]))
    for address, post in posts.items():
        if not address.startswith("/"):
            site.server.add(post.path + address.partition("#")[0], site.article(post))
    addresses = {address if address.startswith("/") else post.path + address: post for address, post in posts.items()}
    cards = [site.card(post, path) for path, post in addresses.items()]
    site.server.add("/", site.listing([*cards, *map(site.card, posts.values()), *cards]))
    assert sorted((record["id"], record["url"]) for record in crawl(scrapy, site.server.url).articles) == [
        (post.id, site.at(post.path)) for post in posts.values()
    ]


def test_what_is_no_public_article_is_not_written(scrapy: Scrapy, site: WordPress) -> None:
    public, protected, static, attachment, missing, gone = [Post(number) for number in range(1, 7)]
    site.open([public, protected, static, attachment, missing, gone])
    site.server.add(protected.path, site.article(protected, content=FORM))
    for post, names in ((static, "page page-id-3"), (attachment, "attachment attachmentid-4 single-attachment")):
        html = site.article(post).replace(f"single single-post postid-{post.id}", names)
        site.server.add(post.path, html)
    del site.server.pages[missing.path]
    site.server.add(gone.path, "<h1>Gone</h1>", status=410)
    assert crawl(scrapy, site.server.url).ids == [1]


def test_article_that_only_the_menu_links_to_is_written(scrapy: Scrapy, site: WordPress) -> None:
    pinned = Post(9, "daerah")
    site.open([Post(1)])
    site.publish(pinned)
    site.menu = (*site.menu, pinned.path)
    site.list_posts("/", [Post(1)])
    assert crawl(scrapy, site.server.url).ids == [1, 9]


@pytest.mark.slow
def test_one_canonical_address_on_all_pages_loses_no_article(scrapy: Scrapy, site: WordPress) -> None:
    site.open([Post(1), Post(2), Post(3)])
    for number in (1, 2, 3):
        site.server.add(Post(number).path, site.article(Post(number), canonical="/tentang-kami/"))
    done = crawl(scrapy, site.server.url)
    assert (done.ids, len({record["url"] for record in done.articles})) == ([1, 2, 3], 3)


# Split articles

PARTS = ("Bagian pertama di dermaga.", "Bagian kedua di gudang.", "Bagian ketiga di pasar.")
WHOLE = "\n\n".join(PARTS)


def test_split_article_is_joined_by_its_page_links(scrapy: Scrapy, site: WordPress) -> None:
    site.open([Post(1, parts=PARTS)])
    assert [record["body"] for record in crawl(scrapy, site.server.url).articles] == [WHOLE]


def test_page_that_a_listing_links_to_is_joined_to_its_article(scrapy: Scrapy, site: WordPress) -> None:
    post = Post(1, parts=PARTS)
    site.open([post])
    site.server.add("/", site.listing([site.card(post, f"{post.path}2/")]))
    assert [record["body"] for record in crawl(scrapy, site.server.url).articles] == [WHOLE]


def hide_page_links(site: WordPress, post: Post, wrapper: str) -> None:
    """Answer a split article whose pages show no links; past its end WordPress answers with the first page."""
    site.open([post])
    for part in range(1, len(post.parts) + 1):
        path = post.path if part == 1 else f"{post.path}{part}/"
        site.server.add(path, site.article(post, part=part, linked=False, wrapper=wrapper))
    site.server.add(f"{post.path}{len(post.parts) + 1}/", "", status=301, Location=site.at(post.path))


def test_split_article_without_page_links_is_joined_by_what_the_api_tells(scrapy: Scrapy, site: WordPress) -> None:
    post = Post(1, parts=PARTS)
    hide_page_links(site, post, "site")
    rendered = "<!--nextpage-->".join(f"<p>{text}</p>" for text in PARTS)
    told = {"id": 1, "link": site.at(post.path), "modified_gmt": None, "content": {"rendered": rendered}}
    asked = urlsplit(posts_url(site.at("/wp-json/"), 1))
    answer = (200, {"Content-Type": "application/json; charset=UTF-8"}, json.dumps([told]))
    site.server.pages[f"{asked.path}?{asked.query}"] = answer
    assert [record["body"] for record in crawl(scrapy, site.server.url, "source=listing").articles] == [WHOLE]


@pytest.mark.slow
def test_number_of_pages_that_no_article_has_is_not_believed(scrapy: Scrapy, site: WordPress) -> None:
    site.open([Post(1)])
    rendered = f"<p>{Post(1).texts[0]}</p>" + "<!--nextpage-->" * 200_000
    told = {"id": 1, "link": site.at(Post(1).path), "modified_gmt": None, "content": {"rendered": rendered}}
    asked = urlsplit(posts_url(site.at("/wp-json/"), 1))
    answer = (200, {"Content-Type": "application/json; charset=UTF-8"}, json.dumps([told]))
    site.server.pages[f"{asked.path}?{asked.query}"] = answer
    done = crawl(scrapy, site.server.url, "source=listing")
    assert (done.ids, done.stat("article/too_many_pages"), f"{Post(1).path}2/" in site.server.asked) == ([1], 1, False)


@pytest.mark.slow
def test_split_article_of_a_block_theme_is_joined_though_the_api_is_blocked(scrapy: Scrapy, site: WordPress) -> None:
    hide_page_links(site, Post(1, parts=PARTS), "wp-site-blocks")
    assert [record["body"] for record in crawl(scrapy, site.server.url).articles] == [WHOLE]


def test_article_of_which_a_page_is_missing_is_not_written(scrapy: Scrapy, site: WordPress) -> None:
    post = Post(1, parts=PARTS)
    site.open([post, Post(2)])
    site.server.add(f"{post.path}2/", "Galat", status=500)
    done = crawl(scrapy, site.server.url)
    assert (done.ids, done.stat("article/failed")) == ([2], 1)


# Listings without page links


def test_listing_without_page_links_is_followed_to_its_404(scrapy: Scrapy, site: WordPress) -> None:
    pages = [[Post(6), Post(5)], [Post(4), Post(3)], [Post(2), Post(1)]]
    site.open(*pages)
    site.list_posts("/", *pages, linked=False)
    done = crawl(scrapy, site.server.url)
    assert (done.status, done.ids, site.server.asked.count("/page/4/")) == (0, [1, 2, 3, 4, 5, 6], 1)


@pytest.mark.slow
def test_server_that_answers_every_page_alike_is_not_followed(scrapy: Scrapy, site: WordPress) -> None:
    site.open([Post(2), Post(1)])
    site.list_posts("/", *[[Post(2), Post(1)]] * 9, linked=False)
    done = crawl(scrapy, site.server.url)
    assert (done.ids, [path for path in site.server.asked if path.startswith("/page/")]) == ([1, 2], ["/page/2/"])


# Hosts


@pytest.mark.slow
def test_listing_whose_next_links_never_end_is_left(scrapy: Scrapy, site: WordPress) -> None:
    """Every page links to the next one, and shows the same posts."""
    post = Post(1)
    site.open([post])
    for number in range(1, 30):
        path = f"/page/{number}/" if number > 1 else "/"
        site.server.add(path, site.listing([site.card(post)], older=f"/page/{number + 1}/"))
    done = crawl(scrapy, site.server.url)
    assert done.ids == [1]
    assert not any(path.startswith("/page/9") for path in site.server.asked)


@pytest.mark.slow
def test_broken_page_of_a_listing_does_not_hide_the_pages_after_it(scrapy: Scrapy, site: WordPress) -> None:
    posts = [Post(number) for number in range(1, 5)]
    site.open(*([post] for post in posts))
    site.server.add("/page/2/", "<h1>Galat</h1>", status=500)
    done = crawl(scrapy, site.server.url, "RETRY_TIMES=0")
    assert (done.ids, done.status) == ([1, 3, 4], 1)


def test_host_that_the_portal_redirects_to_is_asked_from_then_on(scrapy: Scrapy, portal: Portal) -> None:
    site = WordPress(portal, "http://kabar.example/")
    site.open([Post(3)], [Post(2)], [Post(1)])
    # The server is the crawl's proxy, and is asked for whole addresses.
    paths, portal.pages = portal.pages, {}
    for path, answer in paths.items():
        portal.pages[f"http://www.kabar.example{path}"] = answer
        portal.add(f"http://kabar.example{path}", "", status=301, Location=f"http://www.kabar.example{path}")
    proxied = {"http_proxy": portal.url, "no_proxy": ""}
    done = crawl(scrapy, "http://kabar.example/", "HTTPPROXY_ENABLED=True", env=proxied)
    by_old_host = [url for url in portal.asked if url.startswith("http://kabar") and not url.endswith("robots.txt")]
    assert (done.ids, by_old_host) == ([1, 2, 3], ["http://kabar.example/"])


@pytest.fixture
def mirror(portal: Portal) -> WordPress:
    """A portal on loopback whose pages link to narayapost.com."""
    return WordPress(portal, "https://narayapost.com/")


def test_links_of_a_mirror_to_the_original_are_asked_of_the_mirror(scrapy: Scrapy, mirror: WordPress) -> None:
    mirror.open([Post(4), Post(3)], [Post(2)])
    mirror.publish(Post(1))
    mirror.list_posts("/category/ekonomi/", [Post(4)], [Post(1)])
    addresses = [record["url"] for record in crawl(scrapy, mirror.server.url, spider="narayapost").articles]
    assert sorted(addresses) == [urljoin(mirror.server.url, Post(number).path) for number in (1, 2, 3, 4)]


@pytest.mark.slow
def test_split_article_of_a_mirror_is_joined(scrapy: Scrapy, mirror: WordPress) -> None:
    mirror.open([Post(1, parts=PARTS)])
    [record] = crawl(scrapy, mirror.server.url, spider="narayapost").articles
    assert record["body"] == WHOLE


@pytest.mark.slow
def test_link_of_a_mirror_that_is_no_address_is_passed_over(scrapy: Scrapy, mirror: WordPress) -> None:
    mirror.open([Post(1)])
    mirror.server.add(
        "/", mirror.listing(['<h2><a href="http://[salah">Tautan salah ketik</a></h2>', mirror.card(Post(1))])
    )
    assert crawl(scrapy, mirror.server.url, spider="narayapost").ids == [1]
