"""Rebuild a portal's ledger from the lines of its archive; forget one article of it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, delete, insert, or_, select, update

from narayacrawl.items import digest
from narayacrawl.ledger.database import LedgerError, name_of, timestamp, to_utc, transaction
from narayacrawl.ledger.rechecks import DUE_AGAIN, next_recheck
from narayacrawl.ledger.runs import begin_run, end_run
from narayacrawl.ledger.shape import Shape, field_marks
from narayacrawl.ledger.tables import addresses, articles, pages, runs
from narayacrawl.ledger.tombstones import Tombstone, bury
from narayacrawl.ledger.witnesses import title_fingerprint
from narayacrawl.urls import key


def rebuild(
    connection: Connection, portal: str, segments: Mapping[str, Iterable[bytes]], removed: Sequence[Tombstone] = ()
) -> int:
    """Record every article of these segments' lines as done with its last revision, but those that were removed, and
    every segment as sealed; return the number of articles.

    `segments` gives lines without their ends, by the segment's name, oldest first. Raises `LedgerError` if the ledger
    knows articles of the portal: what it knows beside them would be lost.
    """
    with transaction(connection):
        if connection.execute(select(articles.c.id).where(articles.c.portal == portal).limit(1)).first():
            raise LedgerError(f"the ledger {name_of(connection)} knows articles of {portal}: move it away first")
    bury(connection, portal, removed)
    run = begin_run(connection, portal, "rebuild", {})
    known = 0
    with transaction(connection):
        for name, lines in segments.items():
            count = size = 0
            for line in lines:
                known += record_line(connection, portal, orjson.loads(line), run)
                count, size = count + 1, size + len(line) + 1
            row: dict[str, str | int] = {"portal": portal}
            row |= {"spider": "rebuild", "arguments": "{}", "started": timestamp(), "ended": timestamp()}
            row |= {"reason": "finished", "segment": name, "acknowledged": size, "articles": count, "sealed": 1}
            connection.execute(insert(runs).values(row))
    end_run(connection, run, "finished", {})
    return known


def record_line(connection: Connection, portal: str, record: Mapping[str, Any], run: int) -> bool:
    """Record one line's article as done, in a transaction that is begun; True if it is the first line of it."""
    name = key(record["url"])
    by_post = select(articles.c.id).where(articles.c.portal == portal, articles.c.post_id == record["id"])
    by_address = (
        select(articles.c.id)
        .join(addresses, addresses.c.article == articles.c.id)
        .where(addresses.c.portal == portal, addresses.c.key == name)
    )
    article = None
    if record["id"] is not None:
        article = connection.execute(by_post).scalar()
        by_address = by_address.where(articles.c.post_id.is_(None))  # else the address is another post's now
    if article is None:
        article = connection.execute(by_address).scalar()
    is_new = article is None
    if (
        not is_new
        and connection.execute(select(articles.c.state).where(articles.c.id == article)).scalar() == "removed"
    ):
        return False
    row = {"portal": portal, "post_id": record["id"], "url": record["url"], "state": "done", "seen_run": run}
    row |= {"published": record["date"], "revision": record["revision"], "last_fetched": record["fetched_at"]}
    row |= {"first_seen": record["fetched_at"], "last_seen": record["fetched_at"]}
    row |= {"as_of": record["fetched_at"], "modified": to_utc(record["modified"])}
    row |= {"next_check": next_recheck(0, datetime.fromisoformat(record["fetched_at"]))}
    row |= {"hash": digest(record["title"], record["date"], record["body"]), "body_length": len(record["body"])}
    row |= {"date_precision": record.get("date_precision")}
    row |= {"shape": str(Shape.of(record["title"], record["body"], field_marks(record.get)))}
    row |= {"title": title_fingerprint(record["title"]), "section": record.get("section")}
    stored = to_utc(record["fetched_at"])
    if is_new:
        row["stored"] = stored
        article = connection.execute(insert(articles).values(row).returning(articles.c.id)).scalar_one()
    else:
        # It waited, or a merged segment holds the first revision behind a later one.
        is_first = or_(articles.c.revision == 0, articles.c.stored > stored)
        connection.execute(update(articles).where(articles.c.id == article, is_first).values(stored=stored))
        later = update(articles).where(articles.c.id == article, articles.c.revision <= record["revision"])
        del row["first_seen"]
        if record["id"] is None:
            del row["post_id"]
        connection.execute(later.values(row))
    adding = insert(addresses).prefix_with("OR REPLACE")
    connection.execute(adding.values(portal=portal, key=name, article=article))
    return is_new


def forget(connection: Connection, article: int) -> None:
    """Let the next run fetch and write an article again.

    The number of its revision stays, or the archive would hold two that are the same. What is fetched may be much less
    than it was.
    """
    with transaction(connection):
        was_written = articles.c.revision > 0
        again = update(articles).where(articles.c.id == article, was_written)
        connection.execute(again.values({**DUE_AGAIN, "hash": None, "body_length": 0}))
        if not connection.execute(select(articles.c.id).where(articles.c.id == article, was_written)).first():
            connection.execute(delete(addresses).where(addresses.c.article == article))
            connection.execute(delete(pages).where(pages.c.article == article))
            connection.execute(delete(articles).where(articles.c.id == article))
