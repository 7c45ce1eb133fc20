"""A ledger made of an archive's lines."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select

from narayacrawl.archive.segment_files import read_lines
from narayacrawl.archive.segments import sealed_segments
from narayacrawl.ledger.database import IN_MEMORY, open_ledger, transaction
from narayacrawl.ledger.discovered import LISTING, DiscoveredArticle
from narayacrawl.ledger.ledger import Ledger
from narayacrawl.ledger.rebuild import rebuild, record_line
from narayacrawl.ledger.runs import begin_run
from narayacrawl.ledger.tables import articles
from tests.archived import article, write_segment

URL = "https://portal.example/1/"


def lines_of(folder: Path) -> dict[str, Iterator[bytes]]:
    """The lines of a folder's segments, by their names."""
    return {name: read_lines(path) for name, path in sealed_segments(folder).items()}


@pytest.fixture
def connection() -> Connection:
    return open_ledger(IN_MEMORY)


def known(connection: Connection) -> list[tuple[Any, ...]]:
    """Id of the post, state and revision of every article."""
    with transaction(connection):
        rows = connection.execute(select(articles.c.post_id, articles.c.state, articles.c.revision))
        return [tuple(row) for row in rows]


@pytest.mark.parametrize("ids", [(None, 1), (1, None), (1, 1), (None, None)])
def test_lines_with_and_without_an_id_are_one_article_by_their_address(
    connection: Connection, tmp_path: Path, ids: tuple[int | None, int | None]
) -> None:
    lines = [article(1, id=post_id, revision=revision) for revision, post_id in enumerate(ids, 1)]
    write_segment(tmp_path, 1, lines)
    assert rebuild(connection, "portal.example", lines_of(tmp_path)) == 1
    assert known(connection) == [(ids[0] or ids[1], "done", 2)]


def test_another_post_at_the_same_address_is_another_article(connection: Connection, tmp_path: Path) -> None:
    write_segment(tmp_path, 1, [article(1), article(2, url=URL)])
    assert rebuild(connection, "portal.example", lines_of(tmp_path)) == 2


def test_line_of_an_article_that_waits_without_its_id_is_that_articles(connection: Connection) -> None:
    run = begin_run(connection, "portal.example", "wordpress", {})
    Ledger(connection, "portal.example", run=run).record_discovered([DiscoveredArticle(URL)], LISTING)
    record = {"url": URL, "id": 1, "title": "", "body": "", "date": None, "modified": None, "revision": 3}
    with transaction(connection):
        record_line(connection, "portal.example", record | {"fetched_at": "2026-01-05T12:00:00+00:00"}, run)
    assert known(connection) == [(1, "done", 3)]


@pytest.mark.parametrize("order", [(1, 2, 3), (2, 3, 1)])
def test_section_is_that_of_the_last_line_and_an_article_was_stored_with_its_first(
    connection: Connection, tmp_path: Path, order: tuple[int, ...]
) -> None:
    lines = [
        article(1, revision=own, section=f"Kanal {own}", fetched_at=f"2026-01-0{own}T12:00:00+00:00") for own in order
    ]
    write_segment(tmp_path, 1, lines)
    rebuild(connection, "portal.example", lines_of(tmp_path))
    with transaction(connection):
        row = connection.execute(select(articles.c.section, articles.c.stored)).one()
    assert tuple(row) == ("Kanal 3", "2026-01-01T12:00:00+00:00")


def test_article_that_waited_is_stored_with_its_first_line(connection: Connection) -> None:
    run = begin_run(connection, "portal.example", "wordpress", {})
    Ledger(connection, "portal.example", run=run).record_discovered([DiscoveredArticle(URL)], LISTING)
    record = {"url": URL, "id": 1, "title": "", "body": "", "date": None, "modified": None, "revision": 1}
    with transaction(connection):
        record_line(connection, "portal.example", record | {"fetched_at": "2026-01-05T12:00:00+00:00"}, run)
        row = connection.execute(select(articles.c.section, articles.c.stored)).one()
    assert tuple(row) == (None, "2026-01-05T12:00:00+00:00")
