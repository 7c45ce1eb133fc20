"""A portal under repair, behind a wall or set up wrongly: none of its articles is gone or rejected because of it."""

from collections.abc import Callable

import pytest

from benchmarks.answers import HTML, Answer
from tests.desk import Newsroom, Reader
from tests.slow import first_quick

ARTICLES = 20
REPAIR = b"<!DOCTYPE html><html lang='id'><body><h1>Situs sedang dirawat</h1><p>Kami segera kembali.</p></body></html>"

Failure = Callable[[Newsroom, str], Answer]
FAILURES: dict[str, Failure] = {
    "a page": lambda _, __: Answer(200, HTML, REPAIR),
    "the front page": lambda room, _: Answer(302, HTML, b"", {"Location": room.url}),
    "a listing": lambda room, _: Answer(302, HTML, b"", {"Location": f"{room.url}category/ekonomi/"}),
    "404": lambda _, __: Answer(404, HTML, b""),
}


def fail(room: Newsroom, failure: Failure, *, everywhere: bool = False) -> None:
    """From now on every article is answered so, or with `everywhere` every address but the front page, which is a
    page without links."""
    paths = {room.path_of(number) for number in range(1, room.portal.published.last + 1)}

    def answer(path: str, _: object) -> Answer | None:
        if everywhere and path == "/":
            return Answer(200, HTML, REPAIR)
        return failure(room, path) if everywhere or path in paths else None

    room.replies.insert(0, answer)


@pytest.mark.slow
@pytest.mark.parametrize("failure", first_quick(*FAILURES.values()), ids=FAILURES)
@pytest.mark.parametrize("everywhere", first_quick(True, False), ids=["everything", "articles"])
def test_nothing_is_gone_or_rejected_where_all_articles_are_answered_alike(
    room: Newsroom, known: Reader, failure: Failure, everywhere: bool
) -> None:
    known.sql("UPDATE articles SET rest = 0, sitemap = NULL, lastmod = NULL")
    known.pass_time(2)
    fail(room, failure, everywhere=everywhere)
    for _ in range(2):
        done = known.crawl("source=listing")
        assert (done.status, known.listed("gone"), known.listed("rejected")) == (1, [], [])
    room.replies.clear()
    known.pass_time(2)
    after = known.crawl()
    assert (after.status, after.articles, known.listed("failed")) == (0, [], [])


@pytest.mark.slow
@pytest.mark.parametrize("failure", first_quick(*FAILURES.values()), ids=FAILURES)
def test_new_article_comes_as_soon_as_the_portal_answers_again(room: Newsroom, known: Reader, failure: Failure) -> None:
    added = room.add(2)
    fail(room, failure)
    assert known.crawl().status == 1
    room.replies.clear()
    assert known.crawl().ids == room.ids(*added)


@pytest.mark.slow
def test_one_written_article_is_asked_for_before_a_page_that_is_none_is_believed(room: Newsroom, known: Reader) -> None:
    [new] = room.add(1)
    room.reply(room.path_of(new), 404)
    done = known.crawl()
    written = {room.path_of(number) for number in range(1, ARTICLES + 1)}
    assert (done.status, len(written.intersection(room.paths)), done.stat("article/gone")) == (0, 1, 1)


@pytest.mark.slow
def test_what_a_source_names_no_more_is_gone_without_another_question(room: Newsroom, known: Reader) -> None:
    room.delete_these(3)
    done = known.crawl()
    written = {room.path_of(number) for number in range(1, ARTICLES + 1)}
    assert (done.stat("article/gone"), written.intersection(room.paths)) == (1, {room.path_of(3)})
