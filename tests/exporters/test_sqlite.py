import dataclasses
import errno
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import orjson
import pytest

from narayacrawl.archive.writer import segment_line
from narayacrawl.exporters.files import OutputError, write_all
from narayacrawl.exporters.sqlite import SqliteFile, side_file
from narayacrawl.items import Article, Image
from tests.archived import article

ARTICLES = [
    article(1, title="Harga Beras Naik", body="Beras naik Rp500.\n\nGula tetap.", tags=["beras", "pasar"]),
    article(
        2,
        title="Pasar Pagi",
        standfirst="Café buka lagi",
        body="Harganya tetap.",
        section="Ekonomi",
        date="2025-12-01T00:30:00+09:00",
        modified="2025-12-01T08:00:00+09:00",
        free=False,
        tags=[],
    ),
    article(3, id=None, title="Dermaga", body="", section=None, images=[], portal="lain.example"),
]


def lines(articles: Sequence[Article]) -> list[bytes]:
    return [segment_line(own).rstrip(b"\n") for own in articles]


def written(path: Path, records: Sequence[bytes]) -> sqlite3.Connection:
    write_all(records, [lambda: SqliteFile(path)], [])
    connection = sqlite3.connect(path)
    connection.row_factory = sqlite3.Row
    return connection


@pytest.fixture
def database(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(written(tmp_path / "kabar.db", lines(ARTICLES))) as connection:
        yield connection


def found(database: sqlite3.Connection, words: str) -> list[Any]:
    statement = "SELECT rowid FROM articles_fts WHERE articles_fts MATCH ? ORDER BY rowid"
    return [row[0] for row in database.execute(statement, [words])]


def test_records_have_every_field(database: sqlite3.Connection) -> None:
    names = [field.name for field in dataclasses.fields(Article)]
    for row, own in zip(database.execute("SELECT * FROM records ORDER BY article"), ARTICLES, strict=True):
        expected = orjson.loads(segment_line(own))
        values = {name: row[name] for name in names}
        read = {
            name: orjson.loads(value) if isinstance(expected[name], list) else value for name, value in values.items()
        }
        assert read == expected
        assert row.keys()[: len(names) + 1] == ["article", *names]


def test_moments_are_told_in_one_zone_and_days_in_the_portals(database: sqlite3.Connection) -> None:
    rows = database.execute("SELECT date_utc, modified_utc, day, month FROM articles")
    assert [tuple(row) for row in rows][:2] == [
        ("2025-11-24T16:30:00+00:00", None, "2025-11-24", "2025-11"),
        ("2025-11-30T15:30:00+00:00", "2025-11-30T23:00:00+00:00", "2025-12-01", "2025-12"),
    ]


def test_entries_of_lists_are_rows(database: sqlite3.Connection) -> None:
    tags = [tuple(row) for row in database.execute("SELECT * FROM tags ORDER BY article, position")]
    assert tags[:2] == [(1, 1, "beras"), (1, 2, "pasar")]
    joined = "SELECT count(*) FROM articles JOIN authors USING (article) WHERE name = 'Sari Wulandari'"
    assert database.execute(joined).fetchone()[0] == 3
    images = database.execute("SELECT url, caption FROM images")
    assert [tuple(row) for row in images] == [("https://portal.example/a.jpg", "Dermaga")] * 2


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("beras", [1]),
        ("harga", [1]),
        ("harga*", [1, 2]),
        ("cafe", [2]),
        ('"beras naik rp500"', [1]),
        ("pasar", [1, 2]),
        ("wulandari", [1, 2, 3]),
        ("title: dermaga", [3]),
    ],
)
def test_full_text_is_found(words: str, numbers: list[int], database: sqlite3.Connection) -> None:
    assert found(database, words) == numbers


def test_found_words_are_shown_in_the_text(database: sqlite3.Connection) -> None:
    statement = "SELECT snippet(articles_fts, 2, '[', ']', '…', 3) FROM articles_fts WHERE articles_fts MATCH 'rp500'"
    assert database.execute(statement).fetchone()[0] == "Beras naik [Rp500]…"


def test_database_and_index_are_sound(database: sqlite3.Connection) -> None:
    database.execute("INSERT INTO articles_fts (articles_fts, rank) VALUES ('integrity-check', 1)")
    assert database.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []


# What Datasette 0.65 asks of a database to show it


def test_index_is_known_as_that_of_articles(database: sqlite3.Connection) -> None:
    statement = """SELECT name FROM sqlite_master WHERE rootpage = 0 AND (sql LIKE
        '%VIRTUAL TABLE%USING FTS%content="' || ? || '"%' OR sql LIKE '%VIRTUAL TABLE%USING FTS%content=[' || ? || ']%'
        OR (tbl_name = ? AND sql LIKE '%VIRTUAL TABLE%USING FTS%'))"""
    known = {name: database.execute(statement, [name] * 3).fetchall() for name in ("articles", "records", "texts")}
    assert {name: [row[0] for row in rows] for name, rows in known.items()} == {
        "articles": ["articles_fts"],
        "records": [],
        "texts": [],
    }
    rows = database.execute(
        "SELECT title FROM articles WHERE rowid IN (SELECT rowid FROM articles_fts WHERE articles_fts MATCH 'beras')"
    )
    assert [row[0] for row in rows] == ["Harga Beras Naik"]


def test_title_links_to_a_text_of_few_columns(database: sqlite3.Connection) -> None:
    [key] = database.execute("PRAGMA foreign_key_list(articles)").fetchall()
    assert (key["from"], key["table"], key["to"]) == ("text", "texts", "article")
    assert [row["name"] for row in database.execute("PRAGMA table_info(texts)")] == ["article", "title", "body"]


@pytest.mark.parametrize("facet", ["section", "month", "portal"])
def test_facets_are_counted_by_an_index_alone(facet: str, database: sqlite3.Connection) -> None:
    statement = f"SELECT {facet}, count(*) FROM (SELECT * FROM articles) WHERE {facet} IS NOT NULL GROUP BY {facet}"
    [step] = [row["detail"] for row in database.execute(f"EXPLAIN QUERY PLAN {statement}")]
    assert f"USING COVERING INDEX articles_{facet}" in step


# What may be wrong


def test_lines_of_older_versions_and_strange_dates_are_taken(tmp_path: Path) -> None:
    records = [
        b'{"url":"https://portal.example/1/","id":1,"title":"Lama","date":null,"revision":1,"lain":[1]}',
        b'{"url":"https://portal.example/2/","id":2,"title":"Aneh","date":"kemarin","body":"a","revision":1}',
    ]
    with closing(written(tmp_path / "a.db", records)) as database:
        rows = database.execute("SELECT title, body, tags, date_utc FROM records").fetchall()
    assert [tuple(row) for row in rows] == [("Lama", None, None, None), ("Aneh", "a", None, None)]


def test_no_articles_are_an_empty_database(tmp_path: Path) -> None:
    with closing(written(tmp_path / "a.db", [])) as database:
        assert database.execute("SELECT * FROM records").fetchall() == []


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (
            b'{"url":"https://a.example/","id":18446744073709551615}',
            "Python int too large to convert to SQLite INTEGER",
        ),
        (b'{"url":"https://a.example/","id":1,"tags":[null]}', "NOT NULL constraint failed: tags.tag"),
    ],
)
def test_what_cannot_be_written_is_one_line_and_leaves_the_former_file(
    line: bytes, reason: str, tmp_path: Path
) -> None:
    path = tmp_path / "a.db"
    path.write_bytes(b"former")
    with pytest.raises(OutputError, match=f"{path}: {reason}"):
        write_all([line], [lambda: SqliteFile(path)], [])
    assert [own.name for own in tmp_path.iterdir()] == ["a.db"]
    assert path.read_bytes() == b"former"


def test_full_disk_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OutputError, match="No space left on device"):
        write_all(lines(ARTICLES), [lambda: SqliteFile(tmp_path / "a.db")], [])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("ending", ["-wal", "-journal"])
def test_what_another_database_has_left_is_not_taken_for_its_own(ending: str, tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    assert side_file(path) is None
    (tmp_path / f"a.db{ending}").touch()
    assert side_file(path) == tmp_path / f"a.db{ending}"
    with pytest.raises(OutputError, match=f"another program has it open: a.db{ending} is there"):
        write_all(lines(ARTICLES), [lambda: SqliteFile(path)], [])
    assert not path.exists()


def test_more_articles_than_are_written_at_once(tmp_path: Path) -> None:
    many = [article(number, images=[Image("https://portal.example/a.jpg")]) for number in range(1, 502)]
    with closing(written(tmp_path / "a.db", lines(many))) as database:
        rows = database.execute("SELECT article, id FROM articles").fetchall()
        assert [tuple(row) for row in rows] == [(number, number) for number in range(1, 502)]
        assert len(found(database, "tukang")) == 501
