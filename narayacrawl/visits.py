"""What the ledger remembers of a portal's sources between runs: how far each was read, and its answer's validators."""

from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import Connection, insert, select, update

from narayacrawl.tables import sources, transaction


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


def addresses_of(connection: Connection, portal: str, kind: str, scope: str) -> list[str]:
    """The addresses of all sources of a kind (`listing`), with these arguments, in the order they were found."""
    own = (sources.c.portal == portal, sources.c.scope == scope, sources.c.name.startswith(f"{kind} "))
    with transaction(connection):
        found = select(sources.c.url).where(*own, sources.c.url.is_not(None)).order_by(sources.c.id)
        return list(connection.execute(found).scalars())


def note_visit(connection: Connection, visit: Visit, **values: Any) -> None:
    """Note what has changed of a visit."""
    for name, value in values.items():
        setattr(visit, name, value)
    with transaction(connection):
        connection.execute(update(sources).where(sources.c.id == visit.id).values(values))


def files_of(connection: Connection, portal: str) -> list[tuple[int, str]]:
    """Id and key of the address of every file of a sitemap that was ever read."""
    start = "sitemap "
    asked = select(sources.c.id, sources.c.name).where(sources.c.portal == portal, sources.c.name.startswith(start))
    with transaction(connection):
        return [(file, name.removeprefix(start)) for file, name in connection.execute(asked)]
