"""A portal whose front page is built otherwise: known articles are read again, once, and only then."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.answers import HTML, Answer
from tests.desk import Newsroom, Reader, newsroom
from tests.wordpress.conftest import KNOWN

pytestmark = pytest.mark.slow

FEW = 5
"""Requests of a run on a portal that is as it was."""


def alter(room: Newsroom, change: Callable[[bytes], bytes], *, articles: bool = True) -> None:
    """Let the theme print all pages otherwise, or the front page alone."""

    def changed(path: str, answer: Answer) -> Answer:
        is_page = path == "/" or (articles and b"single-post" in answer.body)
        return answer._replace(body=change(answer.body)) if is_page else answer

    room.rewrite("/", changed)


def rename_cards(page: bytes) -> bytes:
    return page.replace(b"entry-title", b"judul")


def asked_articles(room: Newsroom) -> list[str]:
    paths = {room.path_of(number) for number in room.portal.published.numbers()}
    return [path for path in room.paths if path in paths]


def test_a_portal_that_is_as_it_was_costs_few_requests(room: Newsroom, reader: Reader) -> None:
    for _ in range(2):
        assert (reader.crawl().status, asked_articles(room), len(room.asked) <= FEW) == (0, [], True)


@pytest.mark.parametrize("having", [(), ("sitemap",)])
def test_a_portal_without_rest_is_compared_too(having: tuple[str, ...], tmp_path: Path) -> None:
    with newsroom(KNOWN, having=having) as room:
        reader = Reader(room.url, tmp_path, room)
        assert reader.crawl().status == 0
        before = reader.crawl()
        as_it_was = len(room.asked)
        assert (before.status, asked_articles(room)) == (0, [])
        alter(room, rename_cards)
        crawl = reader.crawl()
        assert (crawl.status, len(asked_articles(room)), len(room.asked) - as_it_was <= 11) == (3, 10, True)


def test_a_front_page_that_is_refused_is_told_though_other_sources_answer(room: Newsroom, reader: Reader) -> None:
    room.replies.insert(0, lambda path, _: Answer(403, HTML, b"Verifikasi peramban") if path == "/" else None)
    crawl = reader.crawl()
    assert (crawl.status, "is answered with 403" in crawl.last_line) == (3, True)


def test_a_design_that_reads_the_same_is_told_once_and_remembered(room: Newsroom, reader: Reader) -> None:
    alter(room, rename_cards)
    crawl = reader.crawl()
    assert (crawl.status, len(asked_articles(room)), crawl.articles) == (3, 10, [])
    assert "10 known articles read as before: http" in crawl.last_line
    assert (reader.crawl().status, asked_articles(room)) == (0, [])
    room.replies.clear()
    assert (reader.crawl().status, asked_articles(room)) == (0, [])


def test_a_design_that_loses_text_is_told_until_it_is_accepted(room: Newsroom, reader: Reader) -> None:
    first = re.compile(rb'(<div class="entry-content">)<p>.*?</p>', re.DOTALL)
    alter(room, lambda page: rename_cards(first.sub(rb"\1", page, count=1)))
    crawl = reader.crawl()
    assert (crawl.status, len(asked_articles(room)), crawl.articles) == (3, 10, [])
    assert "body: another beginning" in crawl.last_line
    assert (reader.crawl().status, len(asked_articles(room))) == (3, 10)
    reader.sql("UPDATE articles SET next_check = '2999-01-01T00:00:00+00:00' WHERE held IS NOT NULL")
    reader.sql("UPDATE portals SET structure = json_set(structure, '$.suspicion.next', '2999-01-01T00:00:00+00:00')")
    waiting = reader.crawl()
    assert (waiting.status, asked_articles(room)) == (3, [])
    assert "body: another beginning" in waiting.last_line
    assert reader.scrapy("ledger", "accept", "narayapost")[0] == 0
    assert (reader.crawl().status, len(asked_articles(room))) == (0, 10)
    assert (reader.crawl().status, asked_articles(room)) == (0, [])


def test_a_design_that_is_taken_back_leaves_nothing_behind(room: Newsroom, reader: Reader) -> None:
    alter(
        room,
        lambda page: rename_cards(
            re.sub(rb'(<div class="entry-content">).*?</article>', rb"\1</div></article>", page, flags=re.DOTALL)
        ),
    )
    crawl = reader.crawl()
    assert crawl.status in (1, 3)
    room.replies.clear()
    crawl = reader.crawl()
    assert (crawl.status, len(asked_articles(room))) == (0, 10)
    assert (reader.crawl().status, asked_articles(room), len(reader.archived())) == (0, [], KNOWN)
