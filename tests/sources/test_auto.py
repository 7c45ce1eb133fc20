"""Sources that are blocked, broken or lie: what takes over, and how that is told."""

from collections.abc import Callable

import pytest

from benchmarks.answers import HTML, JSON, XML, Answer
from tests.desk import Newsroom, Reader, posts_of, refusal
from tests.slow import first_quick

ARTICLES = 20
API = ("/wp-json/", "/?rest_route=")
MAPS = ("/wp-sitemap", "/sitemap")
FEEDS = ("/feed/",)
PAGE = "<!DOCTYPE html><html lang='id'><body><p>Situs ini dilindungi.</p></body></html>"

Breaking = Callable[[Newsroom], None]


def blocked(status: int) -> Breaking:
    return lambda room: room.rewrite(API, lambda _, __: refusal(status))


REST_BROKEN: dict[str, Breaking] = {
    "REST answers 403": lambda room: room.reply(API, 403, PAGE),
    "REST wants a login": blocked(401),
    "REST is no route": blocked(404),
    "REST is a page": lambda room: room.reply(API, 200, PAGE),
    "REST is broken JSON": lambda room: room.reply(API, 200, '[{"id": 7,', JSON),
    "REST names other things": lambda room: room.reply(API, 200, '[{"nama": "kucing"}]', JSON),
    "REST answers 500": lambda room: room.reply(API, 500, "Galat"),
    "robots.txt forbids REST": lambda room: room.forbid("/wp-json/", "/*rest_route="),
}
MAPS_BROKEN: dict[str, Breaking] = {
    "sitemap answers 500": lambda room: room.reply(MAPS, 500, "Galat"),
    "sitemap is a page": lambda room: room.reply(MAPS, 200, PAGE),
    "sitemap is gone": lambda room: room.reply(MAPS, 404, PAGE),
    "sitemap is empty": lambda room: room.reply(MAPS, 200, "", XML),
}
FEEDS_BROKEN: dict[str, Breaking] = {
    "feed is gone": lambda room: room.reply(FEEDS, 404, PAGE),
    "feed is a page": lambda room: room.reply(FEEDS, 200, PAGE),
    "feed answers 500": lambda room: room.reply(FEEDS, 500, "Galat"),
}
FAILING = [
    *(pytest.param(own, ("rest",), id=name) for name, own in REST_BROKEN.items()),
    *(pytest.param(own, ("rest", "sitemap"), id=name) for name, own in MAPS_BROKEN.items()),
    *(pytest.param(own, ("rest", "sitemap", "feed"), id=name) for name, own in FEEDS_BROKEN.items()),
]
NAMED_FAILING = [
    *(pytest.param(own, "rest", id=name) for name, own in REST_BROKEN.items()),
    *(pytest.param(own, "sitemap", id=name) for name, own in MAPS_BROKEN.items()),
    *(pytest.param(own, "feed", id=name) for name, own in FEEDS_BROKEN.items()),
]


def break_others(room: Newsroom, failing: tuple[str, ...]) -> None:
    """Break what comes before the last of these."""
    for name, own in (("rest", blocked(403)), ("sitemap", MAPS_BROKEN["sitemap is gone"])):
        if name in failing[:-1]:
            own(room)


# Blocked and broken


@pytest.mark.parametrize(("breaking", "failing"), first_quick(*FAILING))
def test_next_source_takes_over(room: Newsroom, reader: Reader, breaking: Breaking, failing: tuple[str, ...]) -> None:
    break_others(room, failing)
    breaking(room)
    done = reader.crawl()
    assert (done.status, done.ids) == (0, room.ids()), done.log
    assert [done.stat(f"source/{name}/failed") for name in failing] == [1] * len(failing)
    assert [f"WARNING: source {name}: " in done.log for name in failing] == [True] * len(failing)


@pytest.mark.parametrize(("breaking", "name"), first_quick(*NAMED_FAILING))
def test_only_source_that_is_named_and_fails_is_status_1(
    room: Newsroom, reader: Reader, breaking: Breaking, name: str
) -> None:
    breaking(room)
    done = reader.crawl(f"source={name}")
    assert (done.status, done.articles) == (1, [])
    assert done.last_line.startswith("scrapy crawl: no source could be read")


def test_all_named_sources_that_fail_are_status_1(room: Newsroom, reader: Reader) -> None:
    for own in (blocked(403), MAPS_BROKEN["sitemap is gone"], FEEDS_BROKEN["feed is gone"]):
        own(room)
    assert reader.crawl("source=rest,sitemap,feed").status == 1


def test_one_of_the_named_sources_is_enough(room: Newsroom, reader: Reader) -> None:
    blocked(403)(room)
    done = reader.crawl("source=rest,feed")
    assert (done.status, done.ids) == (0, room.ids())


@pytest.mark.slow
def test_source_that_failed_is_left_alone_for_an_hour(room: Newsroom, reader: Reader) -> None:
    blocked(403)(room)
    reader.crawl()
    done = reader.crawl()
    assert (done.stat("source/rest/backed_off"), [own for own in room.paths if own.startswith(API)]) == (1, [])
    reader.pass_time(1.1)
    done = reader.crawl()
    assert (done.stat("source/rest/backed_off"), done.stat("source/rest/failed")) == (0, 1)


@pytest.mark.slow
def test_source_that_failed_twice_is_left_alone_for_longer(room: Newsroom, reader: Reader) -> None:
    blocked(403)(room)
    for _ in range(2):
        reader.crawl()
        reader.pass_time(1.1)
    assert reader.crawl().stat("source/rest/backed_off") == 1


@pytest.mark.slow
def test_source_that_failed_is_asked_where_it_alone_is_named(room: Newsroom, reader: Reader) -> None:
    blocked(403)(room)
    reader.crawl()
    room.replies.clear()
    done = reader.crawl("source=rest")
    assert (done.status, done.stat("source/rest/backed_off"), done.stat("source/rest/listed") > 0) == (0, 0, True)


@pytest.mark.slow
def test_source_that_works_again_counts_as_one_that_never_failed(room: Newsroom, reader: Reader) -> None:
    blocked(403)(room)
    reader.crawl()
    room.replies.clear()
    reader.crawl("source=rest")
    assert reader.sql("SELECT failures FROM sources WHERE name = 'rest'") == [(0,)]


def test_broken_xml_is_read_as_far_as_it_goes(room: Newsroom, reader: Reader) -> None:
    room.rewrite("/wp-sitemap-posts", lambda _, answer: answer._replace(body=answer.body.replace(b"</urlset>", b"")))
    assert reader.crawl("source=sitemap").ids == room.ids()


def test_file_of_a_sitemap_that_does_not_come_lets_the_next_source_take_over(room: Newsroom, reader: Reader) -> None:
    blocked(403)(room)
    room.reply("/wp-sitemap-posts-post-1", 500, "Galat")
    done = reader.crawl()
    assert (done.status, done.ids, done.stat("source/sitemap/files_failed")) == (0, room.ids(), 1)


# Lying


def names_nothing(total: str | None) -> Breaking:
    headers = {"X-WP-Total": total, "X-WP-TotalPages": "0"} if total is not None else {}
    return lambda room: room.rewrite(API, lambda _, __: Answer(200, JSON, b"[]", headers))


@pytest.mark.parametrize("total", first_quick(None, "0", str(ARTICLES)))
def test_api_that_names_nothing_is_not_believed(room: Newsroom, reader: Reader, total: str | None) -> None:
    names_nothing(total)(room)
    done = reader.crawl()
    assert (done.status, done.ids) == (0, room.ids())


@pytest.mark.slow
def test_api_that_names_half_is_found_out_by_the_front_page(room: Newsroom, reader: Reader) -> None:
    def half(_: str, answer: Answer) -> Answer:
        told = posts_of(answer, lambda posts: [own for own in posts if own.get("id", 0) % 2])
        return told._replace(headers={"X-WP-Total": str(ARTICLES // 2)} if answer.status == 200 else {})

    room.rewrite(API, half)
    done = reader.crawl()
    assert (done.status, done.ids, done.stat("source/rest/lacking")) == (0, room.ids(), 1)
    assert "WARNING: source rest does not list http" in done.log


@pytest.mark.slow
def test_sitemap_without_the_newest_is_found_out_by_the_front_page(room: Newsroom, reader: Reader) -> None:
    blocked(403)(room)

    def stale(_: str, answer: Answer) -> Answer:
        kept = [part for part in answer.body.split(b"<url>") if b"-17/</loc>" not in part and b"-3/</loc>" not in part]
        return answer._replace(body=b"<url>".join(kept))

    room.rewrite("/wp-sitemap-posts", stale)
    done = reader.crawl()
    assert (done.status, done.ids, done.stat("source/sitemap/lacking")) == (0, room.ids(), 1)


@pytest.mark.slow
def test_api_that_a_cache_keeps_for_long_is_found_out(room: Newsroom, reader: Reader) -> None:
    kept: dict[str, Answer] = {}
    room.rewrite(API, lambda path, answer: kept.setdefault(path.partition("after=")[0], answer))
    for _ in range(2):
        reader.crawl()
    room.add(3)
    assert len(reader.crawl().articles) == 3  # the front page shows them
    reader.sql("UPDATE articles SET first_seen = '2020-01-01T00:00:00+00:00'")
    room.add(17)
    assert len(reader.crawl().articles) == 17


@pytest.mark.slow
def test_entries_that_are_there_twice_are_written_once(room: Newsroom, reader: Reader) -> None:
    room.rewrite(API, lambda _, answer: posts_of(answer, lambda posts: [own for own in posts for _ in range(2)]))
    done = reader.crawl("source=rest")
    assert (done.status, done.ids) == (0, room.ids())


@pytest.mark.slow
def test_posts_of_other_sites_are_passed_over(room: Newsroom, reader: Reader) -> None:
    def foreign(_: str, answer: Answer) -> Answer:
        return posts_of(answer, lambda posts: [{**own, "link": f"https://lain.example/{own['id']}/"} for own in posts])

    room.rewrite(API, foreign)
    done = reader.crawl()
    assert (done.status, done.ids) == (0, room.ids())


def test_protected_posts_are_rejected_and_not_asked_for_in_every_run(room: Newsroom, reader: Reader) -> None:
    hidden = tuple(room.path_of(number) for number in (3, 19))
    form = '<form class="post-password-form" action="/wp-login.php?action=postpass" method="post"><p>Sandi:</p></form>'

    def closed(path: str, answer: Answer) -> Answer:
        body = f'<html><body class="single single-post"><article><h1 class="entry-title">Dilindungi: Perahu</h1>\
<div class="entry-content">{form}</div></article></body></html>'
        return Answer(200, HTML, body.encode())

    room.rewrite(hidden, closed)
    first = reader.crawl()
    assert (len(first.articles), first.stat("article/rejected/protected")) == (ARTICLES - 2, 2)
    assert reader.crawl().status == 0
    assert [path for path in room.paths if path in hidden] == []
