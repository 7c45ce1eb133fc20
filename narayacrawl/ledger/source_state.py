"""What the ledger remembers of a portal's sources between runs: how far each was read, and its answer's validators."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import Connection, insert, select, update

from narayacrawl.ledger.database import timestamp, transaction
from narayacrawl.ledger.tables import sources

BACKOFF_INTERVALS: Final = (timedelta(hours=1), timedelta(hours=6), timedelta(days=1))
"""How long a source that failed, or a section without articles of its own, is not read, after each time in a row."""


@dataclass(slots=True)
class SourceState:
    """A source, a file of it or a series of its pages, as it was when it was last read. Moments are in UTC."""

    id: int
    name: str
    url: str | None
    """Its address, if it had to be found."""
    cursor: str | None
    """Where reading goes on that has not come to its end; None at the front."""
    completed: str | None
    """When it was last read to its end; None if never."""
    watermark: str | None
    """The latest change that it has told of, as it tells moments."""
    last_read: str | None
    empty_reads: int
    """Reads in a row that found nothing new."""
    failures: int
    """In a row."""
    etag: str | None
    last_modified: str | None
    lastmod: str | None
    """Of a sitemap's file, as the index told it when it was read."""

    def is_backed_off(self, attempts: int) -> bool:
        """True if it was read too lately to be read again, after so many attempts in a row in vain."""
        if attempts <= 0 or self.last_read is None:
            return False
        interval = BACKOFF_INTERVALS[min(attempts, len(BACKOFF_INTERVALS)) - 1]
        return self.last_read > timestamp(-interval)


_COLUMN_OF_FIELD: Final = {"last_read": "visited", "empty_reads": "quiet"}
"""The columns that are named otherwise than their fields."""
_COLUMNS: Final = [sources.c[_COLUMN_OF_FIELD.get(name, name)] for name in SourceState.__slots__]


def read_source_state(connection: Connection, portal: str, name: str, scope: str) -> SourceState:
    """Return the state of a source for these arguments; an empty one if it was never read."""
    own = (sources.c.portal == portal, sources.c.name == name, sources.c.scope == scope)
    query = select(*_COLUMNS).where(*own)
    with transaction(connection):
        row = connection.execute(query).first()
        if row is None:
            connection.execute(insert(sources).values(portal=portal, name=name, scope=scope))
            row = connection.execute(query).one()
    return SourceState(*row)


def read_source_states(connection: Connection, portal: str, kind: str, scope: str) -> list[SourceState]:
    """Return the states of all files or series of a kind (`sitemap`, `listing`), in the order they were found."""
    own = (sources.c.portal == portal, sources.c.scope == scope, sources.c.name.startswith(f"{kind} "))
    with transaction(connection):
        return [SourceState(*row) for row in connection.execute(select(*_COLUMNS).where(*own).order_by(sources.c.id))]


def save_source_state(connection: Connection, state: SourceState, **values: Any) -> None:
    """Save what has changed of a source's state, by the names of its fields."""
    for name, value in values.items():
        setattr(state, name, value)
    columns = {_COLUMN_OF_FIELD.get(name, name): value for name, value in values.items()}
    with transaction(connection):
        connection.execute(update(sources).where(sources.c.id == state.id).values(columns))
