"""What the ledger remembers of a portal's sources between runs: how far each was read, and its answer's validators."""

from dataclasses import dataclass, fields
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import Connection, insert, select, update

from narayacrawl.ledger.tables import moment, sources, transaction

RESTS: Final = (timedelta(hours=1), timedelta(hours=6), timedelta(days=1))
"""How long a source that failed, or a section that had nothing of its own, is left alone after each time in a row."""


@dataclass(slots=True)
class Visit:
    """A source, a file of it or a series of its pages, as it was when it was last read. Moments are in UTC."""

    id: int
    name: str
    url: str | None
    """Its address, where one had to be found."""
    cursor: str | None
    """Where reading goes on that has not come to its end; None at the front."""
    completed: str | None
    """When it was last read to its end; None for never."""
    watermark: str | None
    """The latest change that it has told of, as it tells moments."""
    visited: str | None
    quiet: int
    """Visits in a row that named nothing new."""
    failures: int
    """In a row."""
    etag: str | None
    last_modified: str | None
    lastmod: str | None
    """Of a sitemap's file, as the index told it when it was read."""

    def is_left_alone(self, times: int) -> bool:
        """Whether it was read too lately to be read again, after so many times in a row in vain."""
        return times > 0 and self.visited is not None and self.visited > moment(-RESTS[min(times, len(RESTS)) - 1])


_COLUMNS = [sources.c[field.name] for field in fields(Visit)]


def visit_of(connection: Connection, portal: str, name: str, scope: str) -> Visit:
    """The last visit of a source, with these arguments; an empty one where it was never visited."""
    own = (sources.c.portal == portal, sources.c.name == name, sources.c.scope == scope)
    asked = select(*_COLUMNS).where(*own)
    with transaction(connection):
        row = connection.execute(asked).first()
        if row is None:
            connection.execute(insert(sources).values(portal=portal, name=name, scope=scope))
            row = connection.execute(asked).one()
    return Visit(*row)


def visits_of(connection: Connection, portal: str, kind: str, scope: str) -> list[Visit]:
    """The last visits of all files or series of a kind (`sitemap`, `listing`), in the order they were found."""
    own = (sources.c.portal == portal, sources.c.scope == scope, sources.c.name.startswith(f"{kind} "))
    with transaction(connection):
        return [Visit(*row) for row in connection.execute(select(*_COLUMNS).where(*own).order_by(sources.c.id))]


def note_visit(connection: Connection, visit: Visit, **values: Any) -> None:
    """Note what has changed of a visit."""
    for name, value in values.items():
        setattr(visit, name, value)
    with transaction(connection):
        connection.execute(update(sources).where(sources.c.id == visit.id).values(values))
