"""Open a ledger: a SQLite file in WAL mode, laid out or brought up to the schema that this code knows."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from scrapy.exceptions import CloseSpider
from scrapy.utils.conf import closest_scrapy_cfg
from sqlalchemy import (
    Connection,
    Engine,
    Table,
    case,
    create_engine,
    event,
    func,
    insert,
    inspect,
    make_url,
    select,
    update,
)
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.pool import NullPool, StaticPool
from sqlalchemy.schema import CreateColumn

from narayacrawl.ledger.former_identity import separate_doubtful_addresses
from narayacrawl.ledger.tables import (
    IS_GOING_ON,
    SCHEMA,
    STATISTICS,
    articles,
    days,
    metadata,
    pages,
    portals,
    runs,
    schema,
    sources,
)

LOCK_TIMEOUT: Final = 5
"""Seconds to wait for another process' transaction."""
CHECK_INTERVAL: Final = timedelta(days=7)
SMALL_FILE: Final = 16 * 1024 * 1024
"""A ledger of so many bytes is looked through for damage each time that it is opened: that takes 0.03 s."""

NO_LEDGER: Final = "no ledger at {}: nothing was crawled with it yet, or -s LEDGER= is another"
IN_MEMORY: Final = "sqlite://"
SQLITE_FILE: Final = "sqlite:///"


class LedgerError(CloseSpider):
    """The ledger cannot be used; the text is one line that names it and, where anything helps, what to do.

    A crawl that meets it ends, with this line as its reason.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)

    def __str__(self) -> str:
        return str(self.reason)


class PortalBusy(LedgerError):
    """Another run of the portal is going on."""


def ledger_url(setting: str | None, archive: Path) -> str:
    """Return the SQLAlchemy address that the setting LEDGER means; `IN_MEMORY` if it is empty.

    `%(archive)s` in it stands for the archive's folder; a relative path is relative to the folder of scrapy.cfg.
    """
    url = (setting or IN_MEMORY).replace("%(archive)s", str(archive))
    path = url.removeprefix(SQLITE_FILE)
    if path == url or path.startswith(("/", ":")):
        return url
    return f"{SQLITE_FILE}{Path(closest_scrapy_cfg()).parent.absolute() / path}"


def is_kept(url: str) -> bool:
    """True if a ledger that outlives a run exists at this address; True, too, for a malformed one: opening it tells."""
    try:
        database = make_url(url).database
    except ArgumentError:
        return True
    return database is not None and database != "" and Path(database).exists()


def open_ledger(url: str, *, create: bool = True) -> Connection:
    """Open the ledger at a SQLAlchemy address, or create it; one at `IN_MEMORY` ends with its connection.

    Raises `LedgerError` if it is no ledger, damaged, locked, of another schema, or missing and `create` is False.
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
            raise LedgerError(NO_LEDGER.format(path))
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LedgerError(f"ledger {path}: {error.strerror}") from error
    engine = _engine(url, in_memory=path is None)
    with ledger_errors(str(path or "in memory")):
        connection = engine.connect()
        try:
            _lay_out(connection, path)
        except BaseException:
            connection.close()
            raise
    return connection


def read_ledger(url: str) -> Connection:
    """Open the ledger at a SQLAlchemy address for reading alone: nothing of it is changed, nor brought up to date.

    Raises `LedgerError` if it is missing, no ledger, damaged, or of another schema.
    """
    if not is_kept(url):
        raise LedgerError(NO_LEDGER.format(make_url(url).database))
    connection = _engine(url, in_memory=False, is_read_only=True).connect()
    try:
        _refuse_other_schema(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _refuse_other_schema(connection: Connection) -> None:
    with transaction(connection):
        version = connection.execute(select(schema.c.version)).scalar_one()
    if version != SCHEMA:
        raise LedgerError(
            f"ledger {name_of(connection)} has schema {version}, this narayacrawl knows {SCHEMA}: the next crawl brings"
            " an earlier one up to that"
        )


def name_of(connection: Connection) -> str:
    """Return where a ledger is: its file, or `in memory`."""
    return connection.engine.url.database or "in memory"


@contextmanager
def transaction(connection: Connection) -> Iterator[Connection]:
    """Run one transaction: commit all of it, or nothing if an exception leaves it. Errors of SQLite become
    `LedgerError`."""
    with ledger_errors(name_of(connection)), connection.begin():
        yield connection


@contextmanager
def snapshot(connection: Connection) -> Iterator[sqlite3.Connection]:
    """Read as of one moment, however long it takes, through the driver: a run that writes meanwhile does not wait.
    Errors of SQLite become `LedgerError`."""
    plain = connection.connection.driver_connection
    assert isinstance(plain, sqlite3.Connection)
    with ledger_errors(name_of(connection)):
        plain.execute("BEGIN DEFERRED")
        try:
            yield plain
        finally:
            plain.execute("ROLLBACK")


def read_rows(connection: Connection, query: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Return the rows of a query that is asked for every article, outside a transaction: the driver itself takes a
    tenth of the time that SQLAlchemy's way to it does. Errors of SQLite become `LedgerError`."""
    plain = connection.connection.driver_connection
    assert isinstance(plain, sqlite3.Connection)
    with ledger_errors(name_of(connection)):
        return plain.execute(query, parameters).fetchall()


def timestamp(after: timedelta = timedelta(), start: datetime | None = None) -> str:
    """Return the moment so much later than `start`, or than now, as the tables hold it: ISO 8601 in UTC."""
    return ((start or datetime.now(UTC)).astimezone(UTC) + after).isoformat(timespec="seconds")


def to_utc(moment: str | None) -> str | None:
    """Convert an ISO 8601 moment with an offset to UTC, as the tables hold it; None stays None."""
    return datetime.fromisoformat(moment).astimezone(UTC).isoformat(timespec="seconds") if moment else None


@contextmanager
def ledger_errors(name: str) -> Iterator[None]:
    """Turn errors of SQLite into a `LedgerError` of one line."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        message = str(error.orig if isinstance(error, DBAPIError) else error)
        raise LedgerError(f"ledger {name}: {message}{_advice(message)}") from error
    except SQLAlchemyError as error:
        raise LedgerError(f"ledger {name}: {error}") from error


def _advice(message: str) -> str:
    if "locked" in message:
        return ": another process holds it; run again when it has ended"
    if "malformed" in message or "not a database" in message:
        return ": move it away and make it anew from the archive with `scrapy ledger rebuild`"
    return ""


def _engine(url: str, *, in_memory: bool, is_read_only: bool = False) -> Engine:
    pool = StaticPool if in_memory else NullPool  # a connection that is closed leaves no file behind
    engine = create_engine(url, connect_args={"timeout": LOCK_TIMEOUT, "check_same_thread": False}, poolclass=pool)

    @event.listens_for(engine, "connect")
    def connected(connection: sqlite3.Connection, _: object) -> None:
        # Transactions are begun below, by hand: sqlite3 would begin them too late, after the first reading.
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        if is_read_only:
            connection.execute("PRAGMA query_only=ON")

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN DEFERRED" if is_read_only else "BEGIN IMMEDIATE")

    return engine


def _upgrade(connection: Connection, version: int) -> None:
    """Add what an earlier schema lacks: nothing that the ledger holds changes its meaning."""
    metadata.create_all(connection)
    for table in (schema, runs, articles, portals):
        _add_columns(connection, table)
    for index in (*articles.indexes, *runs.indexes):
        index.create(connection, checkfirst=True)
    _set_statistics(connection)
    if version == 1:
        done = update(articles).where(articles.c.state == "done")
        connection.execute(done.values(as_of=articles.c.last_fetched, next_check=articles.c.last_fetched))
    if version < 3:
        failed = update(articles).where(articles.c.state == "failed")
        connection.execute(failed.values(next_check=articles.c.last_fetched))
        separate_doubtful_addresses(connection, timestamp())
        # What was told of an article that is done is in its record: only a later change is an edit.
        lastmod, modified = articles.c.lastmod, articles.c.modified
        latest = case((modified > func.coalesce(lastmod, ""), modified), else_=lastmod)
        connection.execute(update(articles).where(articles.c.state == "done").values(told_change=latest))
    connection.execute(update(schema).values(version=SCHEMA))


def _add_columns(connection: Connection, table: Table) -> None:
    """Add the columns that a table of an earlier version lacks."""
    known = {column["name"] for column in inspect(connection).get_columns(table.name)}
    for column in table.columns:
        if column.name not in known:
            made = CreateColumn(column).compile(dialect=connection.dialect)
            connection.exec_driver_sql(f"ALTER TABLE {table.name} ADD COLUMN {made}")


def _lay_out(connection: Connection, path: Path | None) -> None:
    """Create the tables of an empty ledger; check and upgrade any other."""
    with connection.begin():
        if not (tables := set(inspect(connection).get_table_names())):
            metadata.create_all(connection)
            connection.execute(insert(schema).values(version=SCHEMA, checked=timestamp()))
            _set_statistics(connection)
            return
        if not tables >= metadata.tables.keys() - {sources.name, portals.name, days.name, pages.name}:
            raise LedgerError(f"{path} is no ledger: name another with -s LEDGER=")
        version = connection.execute(select(schema.c.version)).scalar_one()
        if version < SCHEMA:
            _upgrade(connection, version)
        elif version > SCHEMA:
            raise LedgerError(
                f"ledger {path} has schema {version}, this narayacrawl knows {SCHEMA}: use the narayacrawl that wrote"
                " it, or move it away and make it anew from the archive with `scrapy ledger rebuild`"
            )
    if path is not None and (path.stat().st_size <= SMALL_FILE or _is_check_due(connection)):
        check(connection)


def _set_statistics(connection: Connection) -> None:
    """Have SQLite choose indexes by `STATISTICS`."""
    connection.exec_driver_sql(f"ANALYZE {schema.name}")  # the smallest table: it lays out where they are kept
    connection.exec_driver_sql("DELETE FROM sqlite_stat1")
    rows = [(table, index, numbers) for (table, index), numbers in STATISTICS.items()]
    connection.exec_driver_sql("INSERT INTO sqlite_stat1 VALUES (?, ?, ?)", rows)
    connection.exec_driver_sql("ANALYZE sqlite_master")  # it reads them


def _is_check_due(connection: Connection) -> bool:
    """True if the file was not looked through for a week, or not since a run began that has not ended."""
    with connection.begin():
        checked = connection.execute(select(schema.c.checked)).scalar() or ""
        begun = connection.execute(select(func.max(runs.c.started)).where(IS_GOING_ON)).scalar() or ""
    return checked < max(timestamp(-CHECK_INTERVAL), begun)


def check(connection: Connection) -> None:
    """Raise `LedgerError` if the ledger's file is damaged: SQLite reads all of it, about a second for 500 MB.

    Whatever of a damaged file is read is told anyway: this finds what nobody reads.
    """
    plain = connection.connection.driver_connection
    assert isinstance(plain, sqlite3.Connection)
    with ledger_errors(name_of(connection)):
        # Outside a transaction: nobody has to wait for it.
        [result] = plain.execute("PRAGMA quick_check(1)").fetchone()
        if result != "ok":
            raise LedgerError(f"ledger {name_of(connection)} is damaged ({result}){_advice('malformed')}")
    with transaction(connection):
        connection.execute(update(schema).values(checked=timestamp()))
