"""What listings let a run find that grow, shrink and pin while they are read, and how far it reads them."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from benchmarks.answers import HTML, Answer
from tests.desk import Newsroom, Reader, newsroom

ARTICLES = 60
A_PAGE = 5
PAGES = ARTICLES // A_PAGE


@pytest.fixture
def room() -> Iterator[Newsroom]:
    """A portal of one listing of twelve pages, and nothing else that names articles."""
    with newsroom(ARTICLES, having=()) as room:
        room.portal.per_page = A_PAGE
        room.portal.sections = ()
        yield room


def pages(room: Newsroom) -> list[int]:
    """The numbers of the listing's pages that were asked for, in order."""
    numbers = {"/": 1} | {f"/page/{number}/": number for number in range(2, 40)}
    return [numbers[path] for path in room.paths if path in numbers]


def show(room: Newsroom, order: Sequence[int]) -> None:
    """Have the listing show these articles, oldest first."""
    room.portal._numbers = lambda section: order  # type: ignore[method-assign]


def while_asked(room: Newsroom, path: str, count: int, *, always: bool = False) -> None:
    """Publish so many articles just before a page is answered, once or always."""
    left = [None]

    def reply(asked: str, _: Mapping[str, str]) -> Answer | None:
        if asked.startswith(path) and asked != "/" and (always or left):
            left.clear()
            room.add(count)
        return None

    room.replies.append(reply)


# What is found


@pytest.mark.slow
def test_pinned_post_hides_no_new_one(room: Newsroom, known: Reader) -> None:
    added = room.add(2)
    show(room, [*range(1, ARTICLES + 1), *added, 7])
    assert known.crawl().ids == room.ids(*added)


@pytest.mark.slow
def test_pinned_post_that_is_old_is_found_though_it_comes_first(room: Newsroom, reader: Reader) -> None:
    show(room, [*range(1, 7), *range(8, ARTICLES + 1), 7])
    done = reader.crawl()
    assert (done.status, done.ids) == (0, room.ids())


@pytest.mark.slow
@pytest.mark.parametrize("page", [1, 2, 3])
def test_post_that_is_dated_back_a_little_is_found(room: Newsroom, reader: Reader, page: int) -> None:
    late = ARTICLES + 1 - page * A_PAGE
    show(room, [number for number in range(1, ARTICLES + 1) if number != late])
    reader.crawl()
    show(room, range(1, ARTICLES + 1))
    assert reader.crawl().ids == room.ids(late)


@pytest.mark.slow
def test_post_that_is_dated_back_far_is_found_when_the_listing_is_read_whole_again(
    room: Newsroom, reader: Reader
) -> None:
    show(room, [number for number in range(1, ARTICLES + 1) if number != 20])
    reader.crawl()
    show(room, range(1, ARTICLES + 1))
    assert reader.crawl().articles == []
    reader.pass_time(31 * 24)
    assert reader.crawl().ids == room.ids(20)


@pytest.mark.slow
@pytest.mark.parametrize("count", [1, 3, A_PAGE, 2 * A_PAGE])
def test_posts_that_are_pushed_on_while_the_listing_is_read_are_not_missed(
    room: Newsroom, reader: Reader, count: int
) -> None:
    while_asked(room, "/page/2/", count)
    found = reader.crawl().ids + reader.crawl().ids
    assert sorted(found) == room.ids()


@pytest.mark.slow
def test_listing_that_grows_with_every_page_is_read_to_its_end(room: Newsroom, reader: Reader) -> None:
    while_asked(room, "/page/", 2, always=True)
    first = reader.crawl()
    assert {*room.ids(*range(1, ARTICLES + 1))} <= {*first.ids}
    room.replies.clear()
    assert sorted(first.ids + reader.crawl().ids) == room.ids()


@pytest.mark.slow
def test_many_new_posts_are_all_found(room: Newsroom, known: Reader) -> None:
    added = room.add(4 * A_PAGE + 1)
    assert known.crawl().ids == room.ids(*added)


@pytest.mark.slow
def test_front_page_that_shows_much_does_not_hide_what_it_does_not_show(room: Newsroom, known: Reader) -> None:
    def wide(path: str, answer: Answer) -> Answer:
        if path != "/":
            return answer
        room.portal.per_page = 5 * A_PAGE
        answer = room.own(path)
        room.portal.per_page = A_PAGE
        return answer

    room.rewrite("/", wide)
    added = room.add(6 * A_PAGE)
    assert known.crawl().ids == room.ids(*added)


@pytest.mark.slow
def test_page_that_fails_does_not_hide_those_after_it_for_ever(room: Newsroom, reader: Reader) -> None:
    room.reply("/page/4/", 500, "Galat")
    first = reader.crawl()
    assert first.status == 1
    room.replies.clear()
    assert sorted(first.ids + reader.crawl().ids) == room.ids()


# How far it is read


@pytest.mark.slow
def test_three_pages_of_what_is_known_are_enough(room: Newsroom, known: Reader) -> None:
    known.crawl()
    assert pages(room) == [1, 2, 3]


@pytest.mark.slow
def test_three_pages_are_counted_from_the_last_new_post(room: Newsroom, known: Reader) -> None:
    room.add(A_PAGE + 1)
    known.crawl()
    assert pages(room) == [1, 2, 3, 4, 5]


@pytest.mark.slow
def test_full_run_reads_the_listing_to_its_end(room: Newsroom, known: Reader) -> None:
    known.crawl("full=1")
    assert pages(room) == [*range(1, PAGES + 1)]


@pytest.mark.slow
def test_listing_that_was_never_read_to_its_end_is_read_though_its_front_is_known(
    room: Newsroom, reader: Reader
) -> None:
    first = reader.crawl("limit=20").ids
    second = reader.crawl()
    assert (sorted(first + second.ids), pages(room)[-1]) == (room.ids(), PAGES)


@pytest.mark.slow
def test_run_that_was_cut_short_is_gone_on_with_where_it_was(room: Newsroom, reader: Reader) -> None:
    reader.crawl("limit=35")
    last = max(pages(room))
    reader.crawl()
    assert pages(room) == [1, 2, 3, *range(last - 1, PAGES + 1)]


@pytest.mark.slow
def test_run_that_comes_less_far_forgets_nothing_of_the_one_before(room: Newsroom, reader: Reader) -> None:
    first = reader.crawl("limit=35").ids
    last = max(pages(room))
    room.reply(tuple(f"/page/{number}/" for number in range(3, PAGES + 1)), 403, "Ditolak")
    second = reader.crawl().ids
    room.replies.clear()
    third = reader.crawl().ids
    assert pages(room) == [1, 2, 3, *range(last - 1, PAGES + 1)]
    assert sorted(first + second + third) == room.ids()


@pytest.mark.slow
def test_new_posts_are_found_before_a_run_goes_on_where_it_was(room: Newsroom, reader: Reader) -> None:
    first = reader.crawl("limit=35").ids
    room.add(A_PAGE + 2)
    second = reader.crawl().ids
    assert sorted(first + second) == room.ids()


@pytest.mark.slow
def test_section_without_news_is_left_alone_ever_longer(tmp_path: Path) -> None:
    with newsroom(24, having=()) as room:
        reader = Reader(room.url, tmp_path, room)
        reader.crawl()
        left = []
        for hours in (0.0, 1.1, 1.1, 6.1):
            reader.pass_time(hours)
            left.append(reader.crawl().stat("listing/backed_off"))
        assert [bool(count) for count in left] == [True, False, True, False]


COVER = """<!DOCTYPE html><html lang="id"><head><title>Kabar</title></head>
<body class="home page-template-default page">
<nav class="main-navigation"><ul class="menu"><li><a href="/berita/">Berita</a></li></ul></nav>
<main><article class="page type-page"><h1 class="entry-title">Selamat datang</h1></article></main>
</body></html>"""


@pytest.mark.slow
def test_front_page_that_is_static_hides_nothing_new(room: Newsroom, reader: Reader) -> None:
    def reply(path: str, _: Mapping[str, str]) -> Answer | None:
        if path == "/":
            return Answer(200, HTML, COVER.encode())
        if not path.startswith("/berita/"):
            return None
        answer = room.own(path.removeprefix("/berita"))
        return answer._replace(body=answer.body.replace(b"/page/", b"/berita/page/"))

    room.replies.append(reply)
    done = reader.crawl("source=listing")
    assert (done.status, done.ids) == (0, room.ids())
    assert reader.crawl("source=listing").status == 0
    added = room.add(2)
    done = reader.crawl("source=listing")
    assert (done.status, done.ids) == (0, room.ids(*added))
