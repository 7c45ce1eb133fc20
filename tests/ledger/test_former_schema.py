"""A ledger of schema 1, as an earlier narayacrawl laid it out, when this one opens it."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import inspect

from narayacrawl.ledger.database import open_ledger
from narayacrawl.ledger.discovered import REST
from narayacrawl.ledger.tables import metadata
from tests.ledger.opened import HOST, A, B, C, opened

LAYOUT = """
CREATE TABLE schema (version INTEGER NOT NULL);
CREATE TABLE runs (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, portal TEXT NOT NULL, spider TEXT NOT NULL,
    arguments TEXT NOT NULL, started TEXT NOT NULL, ended TEXT, reason TEXT, segment TEXT,
    acknowledged INTEGER NOT NULL, articles INTEGER NOT NULL, sealed INTEGER NOT NULL, stats TEXT);
CREATE TABLE articles (id INTEGER PRIMARY KEY NOT NULL, portal TEXT NOT NULL, post_id INTEGER, url TEXT NOT NULL,
    state TEXT NOT NULL, reason TEXT, failures INTEGER NOT NULL, code TEXT, first_seen TEXT NOT NULL,
    last_seen TEXT NOT NULL, seen_run INTEGER NOT NULL, drawn_run INTEGER NOT NULL, last_fetched TEXT,
    fetched_run INTEGER NOT NULL, next_check TEXT, lastmod TEXT, etag TEXT, last_modified TEXT, published TEXT,
    revision INTEGER NOT NULL, hash TEXT, UNIQUE (portal, post_id));
CREATE INDEX articles_all ON articles (portal);
CREATE INDEX articles_open ON articles (portal) WHERE state != 'done';
CREATE TABLE addresses (portal TEXT NOT NULL, "key" TEXT NOT NULL, article INTEGER NOT NULL REFERENCES articles (id),
    PRIMARY KEY (portal, "key")) WITHOUT ROWID;
CREATE INDEX ix_addresses_article ON addresses (article);
INSERT INTO schema VALUES (1);
INSERT INTO runs VALUES (3, 'portal', 'portal', '{}', '2026-01-05T02:00:00+00:00', '2026-01-05T02:01:00+00:00',
    'finished', '20260105T020000Z-000003', 4321, 2, 1, '{}');
"""
DAY, NEVER = "2026-01-05T02:00:30+00:00", "2099-01-01T00:00:00+00:00"
ROW = "INSERT INTO articles VALUES (?,'portal',?,?,?,?,?,NULL,?,?,3,3,?,3,?,NULL,'\"7\"','Mon',?,?,?)"
ARTICLES = (
    (1, 7, A, "done", None, 0, DAY, DAY, DAY, None, "2026-01-05T09:00:00+07:00", 2, "digest"),
    (2, None, B, "pending", None, 0, DAY, DAY, None, None, None, 0, None),
    (3, 9, C, "failed", "status 500", 4, DAY, DAY, DAY, NEVER, None, 0, None),
)
KEYS = ("portal.example/ekonomi/berita-a?", "portal.example/ekonomi/berita-b?", "portal.example/ekonomi/berita-c?")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "ledger.db"
    with closing(sqlite3.connect(path)) as plain, plain:
        plain.executescript(LAYOUT)
        plain.executemany(ROW, ARTICLES)
        plain.executemany("INSERT INTO addresses VALUES ('portal', ?, ?)", zip(KEYS, (1, 2, 3), strict=True))
    return path


def told(path: Path, statement: str) -> list[tuple[object, ...]]:
    open_ledger(f"sqlite:///{path}").close()
    with closing(sqlite3.connect(path)) as plain:
        return plain.execute(statement).fetchall()


def test_schema_is_that_of_this_code(path: Path) -> None:
    assert told(path, "SELECT version FROM schema") == [(6,)]


def test_columns_and_indexes_are_those_of_a_new_ledger(path: Path, tmp_path: Path) -> None:
    laid = []
    for own in (path, tmp_path / "new.db"):
        connection = open_ledger(f"sqlite:///{own}")
        seen = inspect(connection)
        laid.append({
            name: (
                sorted(column["name"] for column in seen.get_columns(name)),
                sorted(str(index["name"]) for index in seen.get_indexes(name)),
            )
            for name in metadata.tables
        })  # fmt: skip
        connection.close()
    assert laid[0] == laid[1]


def test_every_article_is_what_it_was(path: Path) -> None:
    columns = (
        "id, post_id, url, state, reason, failures, first_seen, last_seen, last_fetched, published, revision, hash"
    )
    before = [(*row[:9], *row[10:]) for row in ARTICLES]
    assert told(path, f"SELECT {columns} FROM articles ORDER BY id") == before


def test_validators_and_runs_are_kept(path: Path) -> None:
    assert told(path, "SELECT etag, last_modified FROM articles") == [('"7"', "Mon")] * 3
    assert told(path, "SELECT id, segment, acknowledged, articles, sealed FROM runs") == [
        (3, "20260105T020000Z-000003", 4321, 2, 1)
    ]


def test_what_is_written_is_as_of_its_last_answer_and_due_for_a_look(path: Path) -> None:
    assert told(path, "SELECT id, as_of, next_check FROM articles ORDER BY id") == [
        (1, DAY, DAY), (2, None, None), (3, None, ARTICLES[2][8]),
    ]  # fmt: skip


def test_what_waited_and_what_failed_is_due(path: Path) -> None:
    with opened(path) as run:
        assert (run.ledger.run, run.due_urls()) == (4, [B, C])


def test_addresses_lead_where_they_did(path: Path) -> None:
    with opened(path) as run:
        assert [run.article_at(url) for url in (A, B, C)] == [1, 2, 3]
        assert run.discover([A, B, C], REST).new == 0


ALIASES = {
    "portal.example/jabar/kabar-lain?": f"{HOST}/jabar/kabar-lain/",
    "portal.example/kanal/berita-a?": None,
    "portal.example/ekonomi/berita-a/2?": None,
    "portal.example?p=7": None,
    "portal.example/?p=7": None,
}


def test_address_of_another_name_that_one_id_has_led_to_an_article_is_looked_at_again(path: Path) -> None:
    with closing(sqlite3.connect(path)) as plain, plain:
        plain.executemany("INSERT INTO addresses VALUES ('portal', ?, 1)", [(name,) for name in ALIASES])
    with opened(path) as run:
        assert run.due_urls() == [B, C, *filter(None, ALIASES.values())]
    with opened(path) as run:  # once
        assert run.due_urls() == [B, C, *filter(None, ALIASES.values())]


def test_it_is_brought_up_once(path: Path) -> None:
    told(path, "SELECT 1")
    with closing(sqlite3.connect(path)) as plain, plain:
        plain.execute("UPDATE articles SET next_check = ? WHERE id = 1", (NEVER,))
    assert told(path, "SELECT next_check FROM articles WHERE id = 1") == [(NEVER,)]
