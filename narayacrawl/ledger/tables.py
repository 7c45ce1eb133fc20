"""The ledger's tables, and how a ledger is opened: a SQLite file in WAL mode, of the schema that this code knows.

Moments are text, ISO 8601 in UTC to the second, so that they sort and can be read with any SQLite shell.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from scrapy.exceptions import CloseSpider
from scrapy.utils.conf import closest_scrapy_cfg
from sqlalchemy import (
    Column,
    Connection,
    Engine,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    create_engine,
    event,
    insert,
    inspect,
    make_url,
    select,
    update,
)
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.pool import NullPool, StaticPool
from sqlalchemy.schema import CreateColumn

SCHEMA: Final = 2
"""Another number in a ledger's `schema` table means another layout; 1 is brought up to this one when it is opened."""

PATIENCE: Final = 5
"""Seconds that are waited for another process' transaction."""

IN_MEMORY: Final = "sqlite://"
SQLITE_FILE: Final = "sqlite:///"

metadata = MetaData()

schema = Table("schema", metadata, Column("version", Integer, nullable=False))

runs = Table(
    "runs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("portal", Text, nullable=False),
    Column("spider", Text, nullable=False),
    Column("arguments", Text, nullable=False),  # JSON
    Column("started", Text, nullable=False),
    Column("ended", Text),  # null: going on, or killed
    Column("reason", Text),  # Scrapy's finish_reason; `killed` once a later run has found it so
    Column("segment", Text),  # name of its segment in the archive, without an ending; null where nothing was written
    Column("acknowledged", Integer, nullable=False, default=0),  # bytes of the segment that count
    Column("articles", Integer, nullable=False, default=0),  # lines within them
    Column("sealed", Integer, nullable=False, default=0),
    Column("stats", Text),  # JSON: every stat of the run
    # Ids are never used again, and segments are named after them.
    sqlite_autoincrement=True,
)

articles = Table(
    "articles",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("portal", Text, nullable=False),
    Column("post_id", Integer),  # WordPress' own; null until a page has told it
    Column("url", Text, nullable=False),  # as a listing gave it; the canonical one once it was read
    Column("state", Text, nullable=False),  # pending, done, rejected, gone, failed
    Column("reason", Text),  # why it is rejected or failed
    Column("failures", Integer, nullable=False, default=0),  # in a row
    Column("code", Text),  # version of the reading that rejected it
    Column("first_seen", Text, nullable=False),
    Column("last_seen", Text, nullable=False),
    Column("seen_run", Integer, nullable=False),
    Column("drawn_run", Integer, nullable=False, default=0),
    Column("last_fetched", Text),
    Column("fetched_run", Integer, nullable=False, default=0),
    Column("next_check", Text),  # when to ask again; null: not of itself
    # Looks in a row that found nothing changed; one that a source asks for does not count: -1 before it.
    Column("checks", Integer, nullable=False, server_default="0"),
    Column("lastmod", Text),  # the latest change that a source told of, in UTC; null where none is believed
    Column("modified", Text),  # the last edit as the page itself told it, in UTC
    Column("as_of", Text),  # of its last line: when that was fetched, less its age in a cache
    Column("rest", Integer, nullable=False, server_default="0"),  # 1: the REST API names it
    Column("feed", Integer, nullable=False, server_default="0"),  # 1: the feed names it, or did when it was new
    Column("sitemap", Integer),  # the file of the sitemap that names it, see `sources`
    Column("etag", Text),
    Column("last_modified", Text),
    Column("published", Text),  # the record's date
    Column("revision", Integer, nullable=False, default=0),  # 0: nothing was written yet
    Column("hash", Text),  # of title, date and body of that revision
    UniqueConstraint("portal", "post_id"),
)
sources = Table(
    "sources",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("portal", Text, nullable=False),
    Column("name", Text, nullable=False),  # rest, feed, listing or sitemap; of a file or series, then its address
    Column("scope", Text, nullable=False),  # JSON of the arguments that narrow what it names; "" where none does
    Column("url", Text),  # its address, where one had to be found
    Column("cursor", Text),  # where the next run goes on; null: at the front
    Column("completed", Text),  # when it was last read to its end; null: never
    Column("watermark", Text),  # the latest change it has told of
    Column("visited", Text),  # when it was last read
    Column("quiet", Integer, nullable=False, server_default="0"),  # visits in a row that named nothing new
    Column("failures", Integer, nullable=False, server_default="0"),  # in a row
    Column("etag", Text),
    Column("last_modified", Text),
    Column("lastmod", Text),  # of a sitemap's file, as the index told it when it was read
    UniqueConstraint("portal", "name", "scope"),
)

# SQLite keeps the id at the end of every index: these two give the articles of a portal in the order of their ids.
Index("articles_all", articles.c.portal)
Index("articles_open", articles.c.portal, sqlite_where=articles.c.state != "done")
Index("articles_due", articles.c.portal, articles.c.next_check, sqlite_where=articles.c.state == "done")

addresses = Table(
    "addresses",
    metadata,
    Column("portal", Text, primary_key=True),
    Column("key", Text, primary_key=True),  # what all spellings of an address share, see `narayacrawl.urls.key`
    Column("article", Integer, ForeignKey("articles.id"), nullable=False, index=True),
    sqlite_with_rowid=False,
)


class LedgerError(CloseSpider):
    """The ledger cannot be used; the text is one line that names it and, where anything helps, what to do.

    A crawl that meets it ends, with this line as its reason.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)

    def __str__(self) -> str:
        return str(self.reason)


def ledger_url(setting: str | None, archive: Path) -> str:
    """The address that LEDGER means: `%(archive)s` in it is the archive's folder, a file is beside scrapy.cfg where its
    path is not absolute; `IN_MEMORY` where it is empty."""
    url = (setting or IN_MEMORY).replace("%(archive)s", str(archive))
    path = url.removeprefix(SQLITE_FILE)
    if path == url or path.startswith(("/", ":")):
        return url
    return f"{SQLITE_FILE}{Path(closest_scrapy_cfg()).parent.absolute() / path}"


def is_kept(url: str) -> bool:
    """Whether there is a ledger at this address that outlives a run; so, too, where it is no address: opening tells."""
    try:
        database = make_url(url).database
    except ArgumentError:
        return True
    return database is not None and database != "" and Path(database).exists()


def open_ledger(url: str, *, create: bool = True) -> Connection:
    """Open the ledger at a SQLAlchemy address of SQLite, or make it; `IN_MEMORY` is one that nobody keeps.

    `LedgerError` where it is no ledger, damaged, locked, of another schema, or, with `create` False, not there.
    """
    try:
        address = make_url(url)
    except ArgumentError:
        raise LedgerError(f"LEDGER={url} is no address (sqlite:///data/ledger.db)") from None
    if address.get_backend_name() != "sqlite":
        raise LedgerError(f"LEDGER={url}: only SQLite is known (sqlite:///data/ledger.db)")
    path = Path(address.database) if address.database else None
    if path is not None and not path.exists():
        if not create:
            raise LedgerError(f"no ledger at {path}: nothing was crawled with it yet, or -s LEDGER= is another")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LedgerError(f"ledger {path}: {error.strerror}") from error
    engine = _engine(url, in_memory=path is None)
    with translated(str(path or "in memory")):
        connection = engine.connect()
        try:
            _prepare(connection, path)
        except BaseException:
            connection.close()
            raise
    return connection


def name_of(connection: Connection) -> str:
    """Where a ledger is: its file, or `in memory`."""
    return connection.engine.url.database or "in memory"


@contextmanager
def transaction(connection: Connection) -> Iterator[Connection]:
    """One transaction: all of it, or nothing where an exception leaves it. What SQLite complains of is a
    `LedgerError`."""
    with translated(name_of(connection)), connection.begin():
        yield connection


def moment(after: timedelta = timedelta(), start: datetime | None = None) -> str:
    """So much later than the start, or than now, as the tables hold it."""
    return ((start or datetime.now(UTC)).astimezone(UTC) + after).isoformat(timespec="seconds")


def utc(told: str | None) -> str | None:
    """An ISO 8601 moment with an offset, as the tables hold it; None stays None."""
    return datetime.fromisoformat(told).astimezone(UTC).isoformat(timespec="seconds") if told else None


@contextmanager
def translated(name: str) -> Iterator[None]:
    """What SQLite complains of, as a `LedgerError` of one line."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        told = str(error.orig if isinstance(error, DBAPIError) else error)
        raise LedgerError(f"ledger {name}: {told}{_advice(told)}") from error
    except SQLAlchemyError as error:
        raise LedgerError(f"ledger {name}: {error}") from error


def _advice(told: str) -> str:
    if "locked" in told:
        return ": another process holds it; run again when it has ended"
    if "malformed" in told or "not a database" in told:
        return ": move it away and make it anew from the archive with `scrapy ledger rebuild`"
    return ""


def _engine(url: str, *, in_memory: bool) -> Engine:
    pool = StaticPool if in_memory else NullPool  # a connection that is closed leaves no file behind
    engine = create_engine(url, connect_args={"timeout": PATIENCE, "check_same_thread": False}, poolclass=pool)

    @event.listens_for(engine, "connect")
    def connected(connection: sqlite3.Connection, _: object) -> None:
        # Transactions are begun below, by hand: sqlite3 would begin them too late, after the first reading.
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _bring_up(connection: Connection) -> int:
    """Lay out a ledger of schema 1 anew: nothing it holds changes its meaning."""
    known = {column["name"] for column in inspect(connection).get_columns(articles.name)}
    for column in articles.columns:
        if column.name not in known:
            made = CreateColumn(column).compile(dialect=connection.dialect)
            connection.exec_driver_sql(f"ALTER TABLE {articles.name} ADD COLUMN {made}")
    metadata.create_all(connection)
    for index in articles.indexes:
        index.create(connection, checkfirst=True)
    done = update(articles).where(articles.c.state == "done")
    connection.execute(done.values(as_of=articles.c.last_fetched, next_check=articles.c.last_fetched))
    connection.execute(update(schema).values(version=SCHEMA))
    return SCHEMA


def _prepare(connection: Connection, path: Path | None) -> None:
    """Check the ledger, or lay it out where it is empty."""
    with connection.begin():
        if not (tables := set(inspect(connection).get_table_names())):
            metadata.create_all(connection)
            connection.execute(insert(schema).values(version=SCHEMA))
            return
        if not tables >= metadata.tables.keys() - {sources.name}:
            raise LedgerError(f"{path} is no ledger: name another with -s LEDGER=")
        version = connection.execute(select(schema.c.version)).scalar_one()
        if version == 1:
            version = _bring_up(connection)
        if version != SCHEMA:
            raise LedgerError(
                f"ledger {path} has schema {version}, this narayacrawl knows {SCHEMA}: use the narayacrawl that wrote"
                " it, or move it away and make it anew from the archive with `scrapy ledger rebuild`"
            )
    # Outside a transaction: nobody has to wait for it. SQLite reads the whole file, about a second for 500 MB.
    plain = connection.connection.driver_connection
    assert isinstance(plain, sqlite3.Connection)
    [told] = plain.execute("PRAGMA quick_check(1)").fetchone()
    if told != "ok":
        raise LedgerError(f"ledger {path} is damaged ({told}){_advice('malformed')}")
