"""Articles that were read and are not settled yet, and what the ledger knows of the addresses a page was met at."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from sqlalchemy import Connection, Integer, and_, bindparam, select, union_all
from sqlalchemy.dialects import sqlite

from narayacrawl.ledger.tables import addresses, articles, name_of, translated


@dataclass(slots=True)
class Claim:
    """An article that was read in this run and is not settled yet."""

    article: int
    """Its id in the ledger."""
    url: str
    """Its address in the record: no other article's."""
    post_id: int | None
    revision: int
    """Of its last line; 0 where there is none."""
    hash: str | None
    """Of title, date and body of that revision."""
    keys: frozenset[str] = frozenset()
    """Of every address it was met at."""
    is_changed: bool = True
    """Whether a line is due."""
    checks: int = 0
    """Looks in a row before this one that found nothing changed."""
    published: str | None = None
    modified: str | None = None
    """The last edit as the page tells it, in UTC."""
    as_of: str | None = None
    """When the portal made the answer, in UTC: a cache may have kept it; None for now."""
    etag: str | None = None
    last_modified: str | None = None
    """The answer's validators, as it gave them (RFC 9110, 8.8)."""

    def is_of(self, article: int, post_id: int | None, canonical: str) -> bool:
        """Whether this is the article with that id in the ledger or on the portal, or without one with that key."""
        return article == self.article or (post_id == self.post_id if post_id is not None else canonical in self.keys)


class Met(NamedTuple):
    """An article of the ledger that a page may be of."""

    article: int
    post_id: int | None
    revision: int
    hash: str | None
    fetched_run: int
    checks: int
    key: str | None
    """The key of an address that leads to it; None where only its ids do."""


_KEYS: Final = ("first", "second", "third")
_IN_KEYS: Final = addresses.c.key.in_([bindparam(name) for name in _KEYS])
_OF_PORTAL: Final = articles.c.portal == bindparam("portal")
_MET: Final = str(
    select(articles.c.id, articles.c.post_id, articles.c.revision, articles.c.hash, articles.c.fetched_run)
    .add_columns(articles.c.checks, addresses.c.key)
    .outerjoin_from(articles, addresses, and_(addresses.c.article == articles.c.id, _IN_KEYS))
    .where(
        # A union, not three conditions with `or`: SQLite would look at every article of the portal.
        articles.c.id.in_(
            union_all(
                select(bindparam("drawn", type_=Integer)),
                select(articles.c.id).where(_OF_PORTAL, articles.c.post_id == bindparam("post_id")).correlate(None),
                select(addresses.c.article).where(addresses.c.portal == bindparam("portal"), _IN_KEYS).correlate(None),
            )
        )
    )
    .compile(dialect=sqlite.dialect(paramstyle="named"))
)


def met(connection: Connection, portal: str, drawn: int, post_id: int | None, keys: Sequence[str]) -> list[Met]:
    """The articles with that id in the ledger, that id on the portal, or one of these keys, of which there are at most
    three; an article with two of them is there twice."""
    # Asked for every article: the driver takes a tenth of the time that SQLAlchemy's own way to it does.
    plain = connection.connection.driver_connection
    assert isinstance(plain, sqlite3.Connection)
    known = dict(zip(_KEYS, [*keys, keys[0], keys[0]], strict=False))
    with translated(name_of(connection)):
        asked = plain.execute(_MET, {"portal": portal, "drawn": drawn, "post_id": post_id, **known})
        return [Met(*row) for row in asked]
