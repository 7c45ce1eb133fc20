"""What feeds let a run find, and how far it reads them."""

from collections.abc import Iterator

import pytest

from tests.desk import Newsroom, Reader, newsroom

ARTICLES = 60
PAGES = 6
PAST = PAGES + 1


@pytest.fixture
def room() -> Iterator[Newsroom]:
    with newsroom(ARTICLES, having=("feed",)) as room:
        room.portal.sections = ()
        yield room


def pages(room: Newsroom) -> list[int]:
    """The numbers of the feed's pages that were asked for, in order."""
    return [int(path.partition("paged=")[2] or 1) for path in room.paths if path.startswith("/feed/")]


def listings(room: Newsroom) -> list[str]:
    return [path for path in room.paths if path.startswith("/page/")]


@pytest.mark.slow
def test_feed_is_read_to_its_end_and_no_listing_beside_it(room: Newsroom, known: Reader) -> None:
    assert (pages(room), listings(room)) == ([*range(1, PAST + 1)], [])


@pytest.mark.slow
def test_unchanged_feed_is_asked_for_once(room: Newsroom, known: Reader) -> None:
    known.crawl()
    assert pages(room) == [1]
    told = next(headers for path, headers in room.asked if path.startswith("/feed/"))
    assert {"if-none-match", "if-modified-since"} <= {*told}


def test_new_articles_are_found_and_three_pages_of_known_ones_are_enough(room: Newsroom, known: Reader) -> None:
    added = room.add(12)
    assert known.crawl().ids == room.ids(*added)
    assert pages(room) == [1, 2, 3, 4, 5]


@pytest.mark.slow
def test_edit_that_the_feed_shows_is_written(room: Newsroom, known: Reader) -> None:
    edited = [number for number in room.edit(30) if number > ARTICLES - 10]
    done = known.crawl()
    assert {*room.ids(*edited)} <= {record["id"] for record in done.articles if record["revision"] == 2}


@pytest.mark.slow
def test_run_that_was_cut_short_is_gone_on_with_where_it_was(room: Newsroom, reader: Reader) -> None:
    first = reader.crawl("limit=25").ids
    last = max(pages(room))
    second = reader.crawl().ids
    assert sorted(first + second) == room.ids()
    assert pages(room) == [1, 2, 3, *range(max(4, last - 1), PAST + 1)]


@pytest.mark.slow
def test_page_that_fails_lets_the_listing_take_over_and_is_read_later(room: Newsroom, reader: Reader) -> None:
    room.reply("/feed/atom/?paged=3", 500, "Galat")
    done = reader.crawl()
    assert (done.status, done.ids, done.stat("source/feed/failed")) == (0, room.ids(), 1)
    room.replies.clear()
    reader.pass_time(1.1)
    reader.crawl()
    assert max(pages(room)) == PAST


@pytest.mark.slow
def test_feed_without_atom_is_read_as_rss(room: Newsroom, reader: Reader) -> None:
    room.reply("/feed/atom/", 404, "<h1>Tidak ada</h1>")
    done = reader.crawl("source=feed")
    assert (done.status, done.ids) == (0, room.ids())


@pytest.mark.slow
@pytest.mark.parametrize("how", ["the same page", "none", "a page of the portal"])
def test_feed_that_has_but_one_page_lets_the_listing_take_over(room: Newsroom, reader: Reader, how: str) -> None:
    if how == "the same page":
        room.rewrite("/feed/", lambda path, _: room.own(path.partition("?")[0]))
    else:
        status = 404 if how == "none" else 200
        for start in ("/feed/?paged", "/feed/atom/?paged"):
            room.reply(start, status, "<!DOCTYPE html><html><body>Beranda</body></html>")
    done = reader.crawl()
    assert (done.status, done.ids) == (0, room.ids())
    added = room.add(20)
    done = reader.crawl()
    assert (done.status, done.ids) == (0, room.ids(*added))


@pytest.mark.slow
def test_long_feed_of_one_page_is_not_taken_for_the_whole(room: Newsroom, reader: Reader) -> None:
    """One that shows more than the front page does: nothing there tells that it lacks the rest."""
    room.portal.per_page = 5
    for start in ("/feed/?paged", "/feed/atom/?paged"):
        room.reply(start, 404, "<h1>Tidak ada</h1>")
    done = reader.crawl()
    assert (done.status, done.ids) == (0, room.ids())
