"""What the ledger knows of an article's text from before it was fetched: its last revision, and what a source told."""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, select, update

from narayacrawl.ledger.database import transaction
from narayacrawl.ledger.discovered import DiscoveredArticle
from narayacrawl.ledger.discovery import QUERY_BATCH, find_known, match_known
from narayacrawl.ledger.tables import articles

_LENGTH_COLUMNS = (articles.c.id, articles.c.post_id, articles.c.revision)
_SET_LENGTH = update(articles).where(articles.c.id == bindparam("article"), articles.c.body_length.is_(None))


class FormerText(NamedTuple):
    """What is known of an article's text. Moments are in UTC."""

    revision: int
    """Of the last line; 0 if there is none."""
    length: int
    """Characters of that line's body; 0 if there is none, or nobody knows."""
    listed_length: int
    """Characters of its text by the word of a feed; 0 if none has told."""
    as_of: str | None
    """When the portal made the answer that the line was read from."""
    modified: str | None
    """The last edit, as that answer told it."""
    lastmod: str | None
    """The latest change that a source has told of."""


def former_text(connection: Connection, article: int) -> FormerText:
    """Return what is known of the text of an article, by its id in the ledger."""
    lengths = (articles.c.body_length, articles.c.source_length)
    moments = (articles.c.as_of, articles.c.modified, articles.c.lastmod)
    query = select(articles.c.revision, *lengths, *moments).where(articles.c.id == article)
    with transaction(connection):
        row = connection.execute(query).one_or_none()
    if row is None:
        return FormerText(0, 0, 0, None, None, None)
    revision, length, listed_length, *told = row
    return FormerText(revision, length or 0, listed_length or 0, *told)


def lacks_lengths(connection: Connection, portal: str) -> bool:
    """True if the length of an article's last revision was not looked up: a ledger of an earlier schema kept none."""
    unknown = (articles.c.portal == portal, articles.c.body_length.is_(None), articles.c.revision > 0)
    with transaction(connection):
        return connection.execute(select(articles.c.id).where(*unknown).limit(1)).first() is not None


def record_lengths(connection: Connection, portal: str, records: Iterable[dict[str, Any]]) -> None:
    """Record the lengths of last revisions from the lines of the archive; an article whose line is not there gets 0."""
    remaining = iter(records)
    while batch := list(islice(remaining, QUERY_BATCH)):
        _record_batch(connection, portal, batch)
    unknown = (articles.c.portal == portal, articles.c.body_length.is_(None), articles.c.revision > 0)
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
