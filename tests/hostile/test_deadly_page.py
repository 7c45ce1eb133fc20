"""A page at which the process dies: every other article is written, and it is tried on the widening scale."""

import os
import signal
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.desk import Newsroom, Reader, newsroom

ARTICLES = 6


def deadly(path: str) -> None:
    """Have this process die when it reads the page with this path."""
    from narayacrawl.wordpress.article_reader import ArticleReader

    judge = ArticleReader.judge

    def dying(reader: ArticleReader, response: Any, article: int) -> Any:  # noqa: ANN401
        if response.url.endswith(path):
            os.kill(os.getpid(), signal.SIGKILL)
        return judge(reader, response, article)

    ArticleReader.judge = dying  # type: ignore[method-assign, assignment]


def slow(path: str) -> None:
    """Have the page with this path take forever, within the guard's patience of half a second."""
    from narayacrawl.archive import page_guard
    from narayacrawl.wordpress.article_reader import ArticleReader

    page_guard.MAX_SECONDS = 0.5  # type: ignore[misc]
    judge = ArticleReader.judge

    def lasting(reader: ArticleReader, response: Any, article: int) -> Any:  # noqa: ANN401
        while response.url.endswith(path):
            pass
        return judge(reader, response, article)

    ArticleReader.judge = lasting  # type: ignore[method-assign, assignment]


def reader(room: Newsroom, folder: Path, prepare: Any) -> Reader:  # noqa: ANN401
    return Reader(room.url, folder, room, prepare)


def deaths(desk: Reader) -> list[Any]:
    return desk.sql("SELECT state, deaths, failures FROM articles WHERE deaths > 0 OR state != 'done'")


@pytest.mark.slow
def test_a_page_that_lasts_too_long_has_failed_alone(tmp_path: Path) -> None:
    with newsroom(ARTICLES) as room:
        [poison, *others] = room.portal.published.numbers()
        desk = reader(room, tmp_path, partial(slow, room.path_of(poison)))
        done = desk.crawl()
        assert [own["id"] for own in sorted(done.articles, key=lambda own: own["id"])] == room.ids(*others)
        assert "article not readable (takes more than " in done.log
        assert "Traceback" not in done.log
        desk.prepare = None
        assert [own["id"] for own in desk.crawl().articles] == room.ids(poison)


@pytest.mark.slow
def test_a_page_at_which_the_process_dies_is_read_last_then_failed(tmp_path: Path) -> None:
    with newsroom(ARTICLES) as room:
        [poison, *others] = room.portal.published.numbers()
        desk = reader(room, tmp_path, partial(deadly, room.path_of(poison)))
        assert desk.crawl().status == -signal.SIGKILL
        assert desk.crawl().status == -signal.SIGKILL
        assert desk.crawl().status == -signal.SIGKILL  # read last and alone
        assert desk.sql("SELECT count(*) FROM articles WHERE state = 'done'") == [(len(others),)]
        done = desk.crawl()
        assert sorted(own["id"] for own in desk.archived()) == room.ids(*others)
        assert (done.status >= 0, done.articles) == (True, [])
        assert done.log.count("article not readable (the process dies at it)") == 1
        assert deaths(desk) == [("failed", 3, 1)]
        assert desk.crawl().status == -signal.SIGKILL  # the next run tries again, as with any failure
        assert desk.crawl().status >= 0
        assert deaths(desk) == [("failed", 4, 2)]
        assert desk.crawl().status == 0  # then an hour later
        desk.pass_time(2)
        desk.prepare = None
        assert [own["id"] for own in desk.crawl().articles] == room.ids(poison)
        assert deaths(desk) == []


@pytest.mark.slow
def test_runs_that_are_killed_again_and_again_set_no_page_aside(tmp_path: Path) -> None:
    with newsroom(ARTICLES) as room:
        for number in room.portal.published.numbers():
            desk = reader(room, tmp_path, partial(deadly, room.path_of(number)))
            desk.crawl()
            desk.crawl()
        desk.prepare = None
        desk.crawl()
        assert sorted({own["id"] for own in desk.archived()}) == room.ids()
        assert deaths(desk) == []
