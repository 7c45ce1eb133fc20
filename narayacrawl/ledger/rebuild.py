"""The ledger of a portal made anew from its archive, and one article of it forgotten."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Connection, delete, insert, select, update

from narayacrawl.archive.segment_files import read_lines
from narayacrawl.items import digest
from narayacrawl.ledger.rechecks import AFRESH, next_check
from narayacrawl.ledger.runs import begin_run, end_run
from narayacrawl.ledger.tables import LedgerError, addresses, articles, moment, name_of, runs, transaction, utc
from narayacrawl.urls import key


def restore(connection: Connection, portal: str, segments: Mapping[str, Path]) -> int:
    """Note every article of these segments as done with its last revision, and every segment as sealed; the number of
    articles.

    `LedgerError` where the ledger knows articles of the portal: what it knows beside them would be lost.
    """
    with transaction(connection):
        if connection.execute(select(articles.c.id).where(articles.c.portal == portal).limit(1)).first():
            raise LedgerError(f"the ledger {name_of(connection)} knows articles of {portal}: move it away first")
    run = begin_run(connection, portal, "rebuild", {})
    known = 0
    with transaction(connection):
        for name, path in segments.items():
            lines = size = 0
            for line in read_lines(path):
                known += note(connection, portal, orjson.loads(line), run)
                lines, size = lines + 1, size + len(line) + 1
            row: dict[str, str | int] = {"portal": portal}
            row |= {"spider": "rebuild", "arguments": "{}", "started": moment(), "ended": moment()}
            row |= {"reason": "finished", "segment": name, "acknowledged": size, "articles": lines, "sealed": 1}
            connection.execute(insert(runs).values(row))
    end_run(connection, run, "finished", {})
    return known


def note(connection: Connection, portal: str, record: Mapping[str, Any], run: int) -> bool:
    """Note one line's article, in a transaction that is begun; whether it is the first one of it."""
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
    row = {"portal": portal, "post_id": record["id"], "url": record["url"], "state": "done", "seen_run": run}
    row |= {"published": record["date"], "revision": record["revision"], "last_fetched": record["fetched_at"]}
    row |= {"first_seen": record["fetched_at"], "last_seen": record["fetched_at"]}
    row |= {"as_of": record["fetched_at"], "modified": utc(record["modified"])}
    row |= {"next_check": next_check(0, datetime.fromisoformat(record["fetched_at"]))}
    row |= {"hash": digest(record["title"], record["date"], record["body"])}
    if is_new:
        article = connection.execute(insert(articles).values(row).returning(articles.c.id)).scalar_one()
    else:
        later = update(articles).where(articles.c.id == article, articles.c.revision <= record["revision"])
        del row["first_seen"]
        if record["id"] is None:
            del row["post_id"]
        connection.execute(later.values(row))
    naming = insert(addresses).prefix_with("OR REPLACE")
    connection.execute(naming.values(portal=portal, key=name, article=article))
    return is_new


def forget(connection: Connection, article: int) -> None:
    """Let an article be fetched and written again by the next run.

    The number of its revision stays, or the archive would hold two that are the same.
    """
    with transaction(connection):
        was_written = articles.c.revision > 0
        again = update(articles).where(articles.c.id == article, was_written)
        connection.execute(again.values({**AFRESH, "hash": None}))
        if not connection.execute(select(articles.c.id).where(articles.c.id == article, was_written)).first():
            connection.execute(delete(addresses).where(addresses.c.article == article))
            connection.execute(delete(articles).where(articles.c.id == article))
