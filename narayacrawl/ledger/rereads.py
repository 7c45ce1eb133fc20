"""What the ledger knows of archived articles whose kept pages are read again, and what it learns from that."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, bindparam, case, func, literal_column, select, update
from sqlalchemy.dialects import sqlite

from narayacrawl.ledger.database import read_rows, transaction
from narayacrawl.ledger.tables import addresses, articles, pages, runs
from narayacrawl.urls import key


class LedgerEntry(NamedTuple):
    """What the ledger knows of an archived article."""

    article: int
    revision: int
    hash: str | None
    """None where it is to be written again, whatever its page says."""
    held: str | None
    source_length: int
    run: int | None
    """In whose WARC its newest kept page is; None if none is kept."""
    offset: int | None
    """Of its `metadata` record there."""
    reread: str | None
    """Version of the code that last read that page again; None if none has."""


_ENTRIES: Final = (
    select(articles.c.id, articles.c.revision, articles.c.hash, articles.c.held)
    .add_columns(func.coalesce(articles.c.source_length, literal_column("0")))
    .add_columns(pages.c.run, pages.c.offset, pages.c.reread)
    .outerjoin_from(articles, pages, pages.c.article == articles.c.id)
    .where(articles.c.portal == bindparam("portal"), articles.c.state != literal_column("'removed'"))
)
_DIALECT: Final = sqlite.dialect(paramstyle="named")
_BY_POST: Final = str(_ENTRIES.where(articles.c.post_id == bindparam("post_id")).compile(dialect=_DIALECT))
_BY_ADDRESS: Final = str(
    _ENTRIES.join(addresses, addresses.c.article == articles.c.id)
    .where(addresses.c.portal == bindparam("portal"), addresses.c.key == bindparam("key"))
    .compile(dialect=_DIALECT)
)
_UPDATE: Final = (
    update(articles)
    .where(articles.c.id == bindparam("article"))
    .values(
        {name: bindparam(name) for name in ("revision", "reading", "shape", "body_length", "published", "section")}
        | {
            "date_precision": bindparam("date_precision"),
            "hash": bindparam("own_hash"),
            # In an update, a column is what it was before.
            "renewed": case((articles.c.hash == bindparam("own_hash"), articles.c.renewed), else_=None),
            "modified": func.coalesce(bindparam("modified"), articles.c.modified),
        }
    )
)
_MARK: Final = update(pages).where(pages.c.article == bindparam("own")).values(reread=bindparam("code"))


def find_entry(connection: Connection, portal: str, post_id: int | None, url: str) -> LedgerEntry | None:
    """Return what the ledger knows of the article of an archived line; None if nothing, or it was removed."""
    rows: list[tuple[Any, ...]] = []
    if post_id is not None:
        rows = read_rows(connection, _BY_POST, {"portal": portal, "post_id": post_id})
    rows = rows or read_rows(connection, _BY_ADDRESS, {"portal": portal, "key": key(url)})
    return LedgerEntry(*rows[0]) if rows else None


def segment_name_of(connection: Connection, run: int) -> str | None:
    """Return the name of a run's segment and its WARC."""
    with transaction(connection):
        name: str | None = connection.execute(select(runs.c.segment).where(runs.c.id == run)).scalar()
    return name


def spider_of(connection: Connection, portal: str, without: Sequence[str]) -> str | None:
    """Return the spider of a portal's last crawl; `without` are runs that crawled nothing."""
    query = select(runs.c.spider).where(runs.c.portal == portal, runs.c.spider.not_in(without))
    with transaction(connection):
        name: str | None = connection.execute(query.order_by(runs.c.id.desc()).limit(1)).scalar()
    return name


def acknowledge_rereads(
    connection: Connection, run: int, code: str | None, read: Sequence[dict[str, Any]], size: int | None, lines: int
) -> None:
    """Record how articles are read by today's rules, and in the same transaction that `size` bytes of a run's segment
    are written, `lines` more than before. Nothing else of an article changes: neither is it fetched, nor less due.

    `code` is the version of the code that has read their newest kept pages; None if it has read others.
    """
    with transaction(connection):
        connection.execute(_UPDATE, [{**values, "own_hash": values["hash"]} for values in read])
        if code is not None:
            connection.execute(_MARK, [{"own": values["article"], "code": code} for values in read])
        if size is not None:
            written = {"acknowledged": size, "articles": runs.c.articles + lines}
            connection.execute(update(runs).where(runs.c.id == run).values(written))
