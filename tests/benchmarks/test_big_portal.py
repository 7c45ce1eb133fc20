"""What the benchmarks' portal answers beside its pages, as a WordPress does, and what its newsroom changes."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest

from benchmarks.answers import Answer
from benchmarks.articles import SECTIONS, ZONE
from benchmarks.portal import PARTS, Portal
from benchmarks.published import PublishedArticles
from narayacrawl import extract
from narayacrawl.sources.rest_parser import posts_url, read_posts

SITE = "http://127.0.0.1:8081"
NOON = datetime(2025, 12, 14, 12, 0, tzinfo=ZONE)
POSTS = "/wp-json/wp/v2/posts"
LOC = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"
LASTMOD = "{http://www.sitemaps.org/schemas/sitemap/0.9}lastmod"


def portal_of(articles: int = 260, having: tuple[str, ...] = PARTS, **options: Any) -> Portal:
    return Portal(articles, SITE, having=having, published=PublishedArticles(articles, clock=lambda: NOON), **options)


@pytest.fixture(scope="module")
def quiet() -> Portal:
    """A portal that nobody works at."""
    return portal_of()


@pytest.fixture
def portal() -> Portal:
    return portal_of()


def told(portal: Portal, path: str) -> Any:
    return json.loads(portal.answer(path).body)


def numbers(portal: Portal, query: str) -> list[int]:
    """The numbers of the articles that the REST API answers with."""
    found = [portal.published.by_id(post["id"]) for post in told(portal, f"{POSTS}?_fields=id&{query}")]
    return [number for number in found if number is not None]


def texts(answer: Answer, name: str) -> list[str | None]:
    return [element.text for element in ElementTree.fromstring(answer.body).iter(name)]


@pytest.mark.parametrize("path", [POSTS, "/feed/", "/wp-sitemap.xml", f"/?rest_route={POSTS[8:]}"])
def test_parts_that_are_not_named_are_not_there(path: str) -> None:
    assert portal_of(having=()).answer(path).status == 404


# REST


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("per_page=3", [260, 259, 258]),
        ("per_page=3&page=2&order=asc", [4, 5, 6]),
        ("per_page=100&page=3", [*range(60, 0, -1)]),
        ("include=4103,4880,5000&orderby=id", [260, 1]),
        ("categories=3,99&per_page=2", [257, 249]),
        ("categories=2,3&per_page=3", [257, 256, 249]),
        ("categories=99", []),
        ("categories=99&page=7", []),
    ],
)
def test_posts_are_those_asked_for(quiet: Portal, query: str, expected: list[int]) -> None:
    assert numbers(quiet, query) == expected


@pytest.mark.parametrize("zone", [None, ZONE, UTC])
@pytest.mark.parametrize("prefix", ["", "modified_"])
def test_both_ends_of_a_window_are_outside(quiet: Portal, prefix: str, zone: Any) -> None:
    first, last = quiet.published.date(10), quiet.published.date(13)
    if zone is None:
        words = [moment.replace(tzinfo=None).isoformat() for moment in (first, last)]
    else:
        words = [moment.astimezone(zone).isoformat().replace("+00:00", "Z") for moment in (first, last)]
    after, before = (word.replace("+", "%2B") for word in words)
    assert numbers(quiet, f"{prefix}after={after}&{prefix}before={before}") == [12, 11]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("per_page=100&page=4", "rest_post_invalid_page_number"),
        ("per_page=101", "rest_invalid_param"),
        ("per_page=0", "rest_invalid_param"),
        ("page=0", "rest_invalid_param"),
        ("orderby=mood", "rest_invalid_param"),
        ("after=2025-12-14", "rest_invalid_param"),
        ("after=2025-12-14T12:00:00%2B0700", "rest_invalid_param"),
        ("include=abc", "rest_invalid_param"),
    ],
)
def test_wrong_parameters_are_refused(quiet: Portal, query: str, code: str) -> None:
    answer = quiet.answer(f"{POSTS}?{query}")
    assert (answer.status, json.loads(answer.body)["code"]) == (400, code)


def test_totals_are_told_in_headers(quiet: Portal) -> None:
    answer = quiet.answer(f"{POSTS}?per_page=100&_fields=id")
    assert answer.headers == {"X-WP-Total": "260", "X-WP-TotalPages": "3"}


def test_fields_may_be_nested(quiet: Portal) -> None:
    (post,) = told(quiet, f"{POSTS}?per_page=1&_fields=id,title.rendered,content.protected,nothing")
    assert {name: sorted(value) for name, value in post.items() if name != "id"} == {
        "title": ["rendered"],
        "content": ["protected"],
    }


def test_media_are_embedded_only_beside_their_links(quiet: Portal) -> None:
    (post,) = told(quiet, f"{POSTS}?per_page=1&_embed&_fields=id,_embedded")
    assert [*post] == ["id"]


def test_our_own_reader_understands_the_posts(quiet: Portal) -> None:
    root = f"{SITE}/wp-json/"
    (post, *_), malformed = read_posts(quiet.answer(posts_url(root, 1).removeprefix(SITE)).body)
    assert not malformed
    record = quiet.content.record(260)
    assert (post.id, post.link, post.published) == (record["id"], record["url"], record["date"])
    assert post.caption is not None


def test_rest_route_is_the_same_route(quiet: Portal) -> None:
    assert quiet.answer("/?rest_route=/wp/v2/posts&per_page=2") == quiet.answer(f"{POSTS}?per_page=2")


def test_sections_are_categories(quiet: Portal) -> None:
    found = told(quiet, "/wp-json/wp/v2/categories?per_page=100&_fields=id,slug,parent,name")
    assert {category["slug"]: category["name"] for category in found} == SECTIONS


# Feeds


@pytest.mark.parametrize(("path", "name"), [("/feed/", "item"), ("/feed/atom/", "{http://www.w3.org/2005/Atom}entry")])
def test_feeds_hold_ten_entries_a_page(quiet: Portal, path: str, name: str) -> None:
    assert len([*ElementTree.fromstring(quiet.answer(f"{path}?paged=26").body).iter(name)]) == 10


def test_feed_is_newest_first(quiet: Portal) -> None:
    links = texts(quiet.answer("/feed/?paged=2"), "link")[1:]
    assert links == [quiet.content.record(number)["url"] for number in range(250, 240, -1)]


def test_section_has_a_feed_of_its_own(quiet: Portal) -> None:
    links = texts(quiet.answer("/category/ekonomi/feed/"), "link")[1:]
    assert links[:2] == [quiet.content.record(number)["url"] for number in (257, 249)]


@pytest.mark.parametrize("path", ["/feed/?paged=27", "/category/ekonomi/feed/?paged=5", "/category/nihil/feed/"])
def test_no_feed_past_the_last_page(quiet: Portal, path: str) -> None:
    assert quiet.answer(path).status == 404


def validators(portal: Portal, path: str = "/feed/") -> dict[str, str]:
    headers = portal.answer(path).headers
    return {"if-none-match": headers["ETag"], "if-modified-since": headers["Last-Modified"]}


@pytest.mark.parametrize("names", [["if-none-match"], ["if-modified-since"], ["if-none-match", "if-modified-since"]])
@pytest.mark.parametrize("path", ["/feed/", "/category/budaya/feed/?paged=2", "/feed/?paged=99"])
def test_unchanged_feed_is_an_empty_304(quiet: Portal, path: str, names: list[str]) -> None:
    answer = quiet.answer(path, {name: validators(quiet)[name] for name in names})
    assert (answer.status, answer.body) == (304, b"")


@pytest.mark.parametrize("name", ["if-none-match", "if-modified-since"])
def test_both_validators_must_match(quiet: Portal, name: str) -> None:
    other = {"if-none-match": '"0"', "if-modified-since": "Mon, 01 Jan 2024 00:00:00 GMT"}
    assert quiet.answer("/feed/", validators(quiet) | {name: other[name]}).status == 200


def test_weak_tag_is_another(quiet: Portal) -> None:
    assert quiet.answer("/feed/", {"if-none-match": f"W/{validators(quiet)['if-none-match']}"}).status == 200


def test_edit_of_an_old_article_changes_every_feed(portal: Portal) -> None:
    before = validators(portal)
    portal.published.edit(1)
    assert portal.answer("/category/budaya/feed/", before).status == 200


def test_deletion_leaves_feeds_unchanged(portal: Portal) -> None:
    before = validators(portal)
    portal.published.deleted.add(5)
    assert portal.answer("/feed/", before).status == 304


# Sitemaps


def test_robots_names_the_sitemap(quiet: Portal) -> None:
    assert f"Sitemap: {SITE}/wp-sitemap.xml" in quiet.answer("/robots.txt").body.decode()


def test_index_leads_to_two_thousand_posts_a_file() -> None:
    portal = portal_of(4_001)
    files = [url for url in texts(portal.answer("/wp-sitemap.xml"), LOC) if url and "posts-post" in url]
    counts = [len(texts(portal.answer(url.removeprefix(SITE)), LOC)) for url in files]
    assert counts == [2_000, 2_000, 1]


def test_sitemap_is_oldest_first(quiet: Portal) -> None:
    found = texts(quiet.answer("/wp-sitemap-posts-post-1.xml"), LOC)
    assert found == [quiet.content.record(number)["url"] for number in range(1, 261)]


@pytest.mark.parametrize(("lastmod", "counts"), [("none", (0, 0)), ("urls", (0, 260)), ("all", (1, 260))])
def test_lastmod_is_told_of_what_it_is_wanted_for(lastmod: str, counts: tuple[int, int]) -> None:
    portal = portal_of(lastmod=lastmod)
    found = [texts(portal.answer(path), LASTMOD) for path in ("/wp-sitemap.xml", "/wp-sitemap-posts-post-1.xml")]
    assert tuple(map(len, found)) == counts


@pytest.mark.parametrize("name", ["posts-post-2", "posts-post-0", "posts-page-2", "users-1"])
def test_no_sitemap_past_the_last(quiet: Portal, name: str) -> None:
    assert quiet.answer(f"/wp-sitemap-{name}.xml").status == 404


# The newsroom at work


@pytest.mark.parametrize("path", ["/", "/feed/", f"{POSTS}?per_page=1&_fields=link", "/wp-sitemap-posts-post-1.xml"])
def test_added_article_is_everywhere(portal: Portal, path: str) -> None:
    (number,) = told(portal, "/-/add?n=1")
    url = portal.content.record(number)["url"]
    assert url in portal.answer(path).body.decode().replace("\\/", "/")


@pytest.mark.parametrize(
    "path", ["/", "/category/{}/", "/feed/", f"{POSTS}?per_page=100&_fields=link", "/wp-sitemap-posts-post-1.xml"]
)
def test_deleted_article_is_nowhere(path: str) -> None:
    portal = portal_of(20)
    (number,) = told(portal, "/-/delete?n=1&seed=4")
    own = portal.published.article(number)
    assert portal.answer(own.path).status == 404
    assert f"{SITE}{own.path}" not in portal.answer(path.format(own.section)).body.decode().replace("\\/", "/")


@pytest.mark.parametrize("work", ["add", "edit"])
def test_page_of_a_changed_article_says_what_its_record_says(portal: Portal, work: str) -> None:
    for number in told(portal, f"/-/{work}?n=4"):
        record = portal.content.record(number)
        read = extract(portal.answer(portal.published.article(number).path).body, record["url"])
        assert {name: getattr(read, name) for name in record} == record


def test_edit_makes_another_body(portal: Portal) -> None:
    before = {number: portal.content.record(number)["body"] for number in range(1, 261)}
    edited = told(portal, "/-/edit?n=10&seed=1")
    after = {number: portal.content.record(number)["body"] for number in before}
    assert [number for number in before if before[number] != after[number]] == edited


def test_same_seed_edits_the_same_articles() -> None:
    first, second = portal_of(), portal_of()
    assert told(first, "/-/edit?n=10&seed=7") == told(second, "/-/edit?n=10&seed=7")


def test_what_changed_since_is_found_by_its_edit(portal: Portal) -> None:
    since = (NOON - timedelta(seconds=1)).replace(tzinfo=None).isoformat()
    edited, added = told(portal, "/-/edit?n=3"), told(portal, "/-/add?n=2")
    assert numbers(portal, f"modified_after={since}&orderby=modified&order=asc") == [*edited, *added]
    assert numbers(portal, f"modified_after={since}&after={since}") == added[::-1]


def test_asked_counts_by_kind_until_it_is_reset(portal: Portal) -> None:
    gone = portal.published.article(*told(portal, "/-/delete?n=1")).path
    for path in ("/", gone, "/feed/", "/wp-sitemap.xml", POSTS, "/robots.txt", "/nothing/", "/robots.txt"):
        portal.answer(path)
    counted = told(portal, "/-/asked?reset=1")
    assert counted == {
        "listings": 1, "articles": 1, "feeds": 1, "sitemaps": 1, "rest": 1, "robots": 2, "others": 1,
    }  # fmt: skip
    assert not any(told(portal, "/-/asked").values())


@pytest.mark.parametrize("path", ["/-/edit?n=x", "/-/record"])
def test_control_refuses_what_it_cannot_read(portal: Portal, path: str) -> None:
    assert portal.answer(path).status == 400
