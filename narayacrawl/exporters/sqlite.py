"""Write articles as an SQLite database with a full-text index, which Datasette opens as it is.

Table `articles` has a column for each short field of the record, lists as JSON, so that it is looked through quickly
and a page of it shows many articles; `texts` and `html` have the two long ones. The view `records` has every field.
`date_utc` and `modified_utc` are the moments of `date` and `modified` in one zone, so that they sort; `day` and `month`
are the portal's own. `authors`, `tags` and `images` have a row for each entry of those lists, to count and to join.
`articles_fts` is the full-text index.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import orjson

from narayacrawl.exporters.files import OutputError, WholeFile
from narayacrawl.items import Article

TOKENIZER: Final = "unicode61 remove_diacritics 2"
"""Splits at all that is no letter and no digit; `é` is found as `e`. Nothing is stemmed, for SQLite knows no
Indonesian: `harga*` finds `harganya`, by the order of the terms, so that there is no index of prefixes."""
SEARCHED: Final = ("title", "standfirst", "body", "tags", "authors")
LONG: Final = {"body": "texts", "body_html": "html"}
"""The table of each long field."""
TEXT: Final = "text"
"""Column of `articles` that Datasette shows as a link to the text, by the article's title."""
SHOWN_FIRST: Final = ("day", TEXT, "section", "authors", "tags", "words", "url", "month", "portal", "title", "date")
"""What a table's reader wants to see without scrolling."""
ADDED: Final = {"date_utc": "TEXT", "modified_utc": "TEXT", "day": "TEXT", "month": "TEXT"}
INDEXED: Final = ("date_utc", "day", "month", "section", "portal", "id", "url")
SIDE_FILES: Final = ("-journal", "-wal")
"""What SQLite keeps beside a database that is open, or was when its process died: it belongs to that one alone."""
ROWS_AT_ONCE: Final = 200
CACHE_KIB: Final = 64 * 1024
PENDING_BYTES: Final = 16 * 1024 * 1024
"""Of the full-text index, kept in memory before they are written."""


def columns() -> dict[str, str]:
    """Return the columns of `articles` but its key, and their types, in their order."""
    types = {field.name: "INTEGER" if _is_number(field.type) else "TEXT" for field in fields(Article)}
    types |= ADDED | {TEXT: "INTEGER REFERENCES texts (article)"}
    return {name: types[name] for name in dict.fromkeys((*SHOWN_FIRST, *types)) if name not in LONG}


def _is_number(kind: Any) -> bool:
    return kind in (int, int | None, bool | None)


def has_full_text() -> bool:
    """True if this Python's SQLite has FTS5."""
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute("CREATE VIRTUAL TABLE words USING fts5(word)")
    except sqlite3.OperationalError:
        return False
    finally:
        connection.close()
    return True


def side_file(path: Path) -> Path | None:
    """Return what SQLite would take for a part of a database at this path: another one's, that is open or was."""
    files = (path.resolve().with_name(path.resolve().name + ending) for ending in SIDE_FILES)
    return next((file for file in files if file.exists()), None)


def _statements() -> Iterator[str]:
    """What makes the empty tables."""
    own = ", ".join(f"{name} {kind}" for name, kind in columns().items())
    yield f"CREATE TABLE articles (article INTEGER PRIMARY KEY, {own})"
    key = "article INTEGER PRIMARY KEY REFERENCES articles (article)"
    # Datasette names what a link leads to by its title.
    yield f"CREATE TABLE texts ({key}, title TEXT, body TEXT)"
    yield f"CREATE TABLE html ({key}, body_html TEXT)"
    article = "article INTEGER NOT NULL REFERENCES articles (article), position INTEGER NOT NULL"
    for table, more in (
        ("authors", "name TEXT NOT NULL"),
        ("tags", "tag TEXT NOT NULL"),
        ("images", "url TEXT NOT NULL, caption TEXT, credit TEXT"),
    ):
        yield f"CREATE TABLE {table} ({article}, {more}, PRIMARY KEY (article, position)) WITHOUT ROWID"
    names = ", ".join(f"{LONG.get(field.name, 'articles')}.{field.name}" for field in fields(Article))
    joined = " ".join(f"LEFT JOIN {table} USING (article)" for table in LONG.values())
    yield f"CREATE VIEW records AS SELECT articles.article, {names}, {', '.join(ADDED)} FROM articles {joined}"  # noqa: S608
    # Datasette takes for a table's index the one in whose definition `content` and the table's name stand like this.
    yield (
        f'CREATE VIRTUAL TABLE articles_fts USING fts5 /* of content="articles" */ ({", ".join(SEARCHED)},'
        f" tokenize='{TOKENIZER}', content='records', content_rowid='article')"
    )
    yield f"INSERT INTO articles_fts (articles_fts, rank) VALUES ('hashsize', {PENDING_BYTES})"  # noqa: S608


class SqliteFile:
    """Writes an SQLite database; it is whole, or not there."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._whole = WholeFile(path)
        self.name, self.is_final = self._whole.name, self._whole.is_final
        self._columns = columns()
        self._records: list[dict[str, Any]] = []
        self._count = 0
        self._connection = sqlite3.connect(self._whole.written, isolation_level=None)
        with self._errors():
            # Nothing is to be taken back: a file that is not whole is deleted.
            for setting in ("journal_mode = OFF", "synchronous = OFF", f"cache_size = -{CACHE_KIB}"):
                self._connection.execute(f"PRAGMA {setting}")
            self._connection.execute("BEGIN")
            for statement in _statements():
                self._connection.execute(statement)

    def write(self, line: bytes) -> None:
        self._records.append(orjson.loads(line))
        if len(self._records) == ROWS_AT_ONCE:
            self._write_rows()

    def finish(self) -> None:
        self._write_rows()
        with self._errors():
            for name in INDEXED:
                self._connection.execute(f"CREATE INDEX articles_{name} ON articles ({name})")
            self._connection.execute("CREATE INDEX authors_name ON authors (name)")
            self._connection.execute("CREATE INDEX tags_tag ON tags (tag)")
            self._connection.execute("INSERT INTO articles_fts (articles_fts) VALUES ('optimize')")
            self._connection.execute("ANALYZE")
            self._connection.execute("COMMIT")
            self._connection.close()
        self._whole.finish()

    def place(self) -> None:
        if file := side_file(self._path):
            raise OutputError(self.name, FileExistsError(None, f"another program has it open: {file.name} is there"))
        self._whole.place()

    def discard(self) -> None:
        self._connection.close()
        self._whole.discard()

    def _write_rows(self) -> None:
        names, records = [*self._columns], list(enumerate(self._records, self._count + 1))
        with self._errors():
            rows = ((key, *_row(own | {TEXT: key}, names)) for key, own in records)
            self._insert("articles", ["article", *names], rows)
            texts = ((key, own.get("title"), own.get("body")) for key, own in records)
            self._insert("texts", ["article", "title", "body"], texts)
            self._insert("html", ["article", "body_html"], ((key, own.get("body_html")) for key, own in records))
            self._insert("articles_fts", ["rowid", *SEARCHED], ((key, *_row(own, SEARCHED)) for key, own in records))
            for table, entry in (("authors", "name"), ("tags", "tag")):
                entries = ((key, *row) for key, own in records for row in enumerate(own.get(table) or [], 1))
                self._insert(table, ["article", "position", entry], entries)
            images = (
                (key, position, image["url"], image.get("caption"), image.get("credit"))
                for key, own in records
                for position, image in enumerate(own.get("images") or [], 1)
            )
            self._insert("images", ["article", "position", "url", "caption", "credit"], images)
        self._count += len(self._records)
        self._records.clear()

    def _insert(self, table: str, names: list[str], rows: Iterator[tuple[Any, ...]]) -> None:
        places = ", ".join("?" * len(names))
        self._connection.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({places})", rows)  # noqa: S608

    @contextmanager
    def _errors(self) -> Iterator[None]:
        """`OutputError` for what SQLite refuses."""
        try:
            yield
        except (sqlite3.Error, OverflowError) as error:
            raise OutputError(self.name, error) from error


def _row(record: Mapping[str, Any], names: list[str] | tuple[str, ...]) -> Iterator[Any]:
    """Return these columns of a record."""
    date = record.get("date")
    own = {
        "date_utc": _in_utc(date),
        "modified_utc": _in_utc(record.get("modified")),
        "day": date and date[:10],
        "month": date and date[:7],
    }
    for name in names:
        value = own[name] if name in own else record.get(name)
        yield orjson.dumps(value).decode() if isinstance(value, list | dict) else value


def _in_utc(moment: str | None) -> str | None:
    """Return the same moment in UTC; None where nobody can read it."""
    try:
        return datetime.fromisoformat(moment).astimezone(UTC).isoformat() if moment else None
    except (ValueError, OverflowError):
        return None
