"""The newest kept page of each article: which record of which run's WARC it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, bindparam, delete, insert, or_, select, update
from sqlalchemy.dialects import sqlite

from narayacrawl.ledger.database import read_rows, transaction
from narayacrawl.ledger.tables import pages, runs


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """One answer as this run's WARC keeps it."""

    uri: str
    moment: str
    """WARC-Date of its record."""
    record: str
    """Id of its record, `<urn:uuid:…>`."""
    digest: str
    """Of its payload, `sha1:…`."""
    offset: int | None
    """Where its `response` record begins; None if the WARC has none yet."""
    exchange: Any = None
    """The answer itself, with its request, where the WARC has no `response` record of it yet."""


@dataclass(slots=True)
class ArticleAnswers:
    """The answers that one article was read from."""

    pages: list[KeptAnswer]
    """Its page, then the following ones of a split article."""
    rest: KeptAnswer | None = None
    """The answer of the REST API that told of its post; None if none did."""
    post: int | None = None
    """Id of that post."""


class KeptPage(NamedTuple):
    """A row of `pages`, but for its run."""

    article: int
    offset: int
    """Of the `metadata` record."""
    uri: str
    moment: str
    record: str
    digest: str


_FIND: Final = str(
    select(*(pages.c[name] for name in KeptPage._fields))
    .where(pages.c.article == bindparam("article"))
    .compile(dialect=sqlite.dialect(paramstyle="named"))
)
REPLACE_PAGES: Final = insert(pages).prefix_with("OR REPLACE")


def newest_page(connection: Connection, article: int) -> KeptPage | None:
    """Return the newest kept page of an article, by its id in the ledger; None if none is kept."""
    rows = read_rows(connection, _FIND, {"article": article})
    return KeptPage(*rows[0]) if rows else None


def move_pages(connection: Connection, portal: str, run: str, places: Mapping[str, int], size: int) -> None:
    """Record that the WARC of a run, by the name that the run gave it, was written anew: where the `metadata` record is
    now that names each of these pages, by the id of the page's record, and how many bytes count. Pages that are not
    among them are kept no more."""
    is_it = or_(runs.c.segment == run, runs.c.segment.startswith(f"{run}-", autoescape=True))
    with transaction(connection):
        ids = [*connection.execute(select(runs.c.id).where(runs.c.portal == portal, is_it)).scalars()]
        rows = connection.execute(select(pages.c.article, pages.c.record).where(pages.c.run.in_(ids))).all()
        for article, record in rows:
            of_article = pages.c.article == article
            if record in places:
                connection.execute(update(pages).where(of_article).values(offset=places[record]))
            else:
                connection.execute(delete(pages).where(of_article))
        keeps = (runs.c.id.in_(ids), runs.c.warc.is_not(None))
        connection.execute(update(runs).where(*keeps).values(warc=size, warc_sealed=1))
