"""The lengths of last revisions, which a ledger of an earlier schema kept not: looked up in the archive, once."""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from narayacrawl.ledger.database import transaction
from narayacrawl.ledger.discovered import DiscoveredArticle
from narayacrawl.ledger.discovery import QUERY_BATCH, find_known, match_known
from narayacrawl.ledger.tables import IS_UNMEASURED, articles

_LENGTH_COLUMNS = (articles.c.id, articles.c.post_id, articles.c.revision)
_SET_LENGTH = update(articles).where(articles.c.id == bindparam("article"), articles.c.body_length.is_(None))


def lacks_lengths(connection: Connection, portal: str) -> bool:
    """True if the length of an article's last revision was not looked up: a ledger of an earlier schema kept none."""
    unknown = (articles.c.portal == portal, IS_UNMEASURED)
    with transaction(connection):
        return connection.execute(select(articles.c.id).where(*unknown).limit(1)).first() is not None


def record_lengths(connection: Connection, portal: str, records: Iterable[dict[str, Any]]) -> None:
    """Record the lengths of last revisions from the lines of the archive; an article whose line is not there gets 0."""
    remaining = iter(records)
    while batch := list(islice(remaining, QUERY_BATCH)):
        _record_batch(connection, portal, batch)
    unknown = (articles.c.portal == portal, IS_UNMEASURED)
    with transaction(connection):
        connection.execute(update(articles).where(*unknown).values(body_length=0))


def _record_batch(connection: Connection, portal: str, records: Sequence[dict[str, Any]]) -> None:
    lines = [DiscoveredArticle(record["url"], record["id"]) for record in records]
    with transaction(connection):
        by_key, by_id = find_known(connection, portal, lines, _LENGTH_COLUMNS)
        known = [(match_known(line, by_key, by_id), record) for line, record in zip(lines, records, strict=True)]
        lengths = [
            {"article": row.id, "length": len(record["body"] or "")}
            for row, record in known
            if row is not None and row.revision == record["revision"]
        ]
        if lengths:
            connection.execute(_SET_LENGTH.values(body_length=bindparam("length")), lengths)
