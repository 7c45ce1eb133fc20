"""Rebuild a portal's ledger from the lines of its archive; forget one article of it."""

from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection, delete, insert, or_, select, update

from narayacrawl.items import digest
from narayacrawl.ledger import discovery
from narayacrawl.ledger.database import LedgerError, name_of, timestamp, to_utc, transaction
from narayacrawl.ledger.discovered import DiscoveredArticle
from narayacrawl.ledger.kept_pages import REPLACE_PAGES, KeptPage
from narayacrawl.ledger.rechecks import DUE_AGAIN, next_recheck
from narayacrawl.ledger.runs import begin_run, end_run
from narayacrawl.ledger.shape import Shape, field_marks
from narayacrawl.ledger.tables import addresses, articles, pages, runs
from narayacrawl.ledger.tombstones import REMOVED, Tombstone, bury
from narayacrawl.ledger.witnesses import title_fingerprint
from narayacrawl.urls import key


class FoundPage(NamedTuple):
    """A kept page as a WARC tells of it."""

    url: str
    """Its article's."""
    id: int | None
    page: KeptPage
    """The article's id in the ledger is not known yet."""


class FoundWarc(NamedTuple):
    """The sealed WARC of a run."""

    name: str
    """Which the run gave it and its segment."""
    size: int
    pages: Iterable[FoundPage]
    """Oldest first."""


def rebuild(
    connection: Connection,
    portal: str,
    segments: Mapping[str, Iterable[bytes]],
    removed: Sequence[Tombstone] = (),
    warcs: Iterable[FoundWarc] = (),
) -> int:
    """Record every article of these segments' lines as done with its last revision, but those that were removed, every
    segment and WARC as sealed, and the newest page of each article that a WARC holds; return the number of articles.

    `segments` gives lines without their ends, by the segment's name, oldest first, as `warcs` are. Raises `LedgerError`
    if the ledger knows articles of the portal: what it knows beside them would be lost.
    """
    with transaction(connection):
        if connection.execute(select(articles.c.id).where(articles.c.portal == portal).limit(1)).first():
            raise LedgerError(f"the ledger {name_of(connection)} knows articles of {portal}: move it away first")
    bury(connection, portal, removed)
    run = begin_run(connection, portal, "rebuild", {})
    known = 0
    ids: dict[str, int] = {}
    with transaction(connection):
        for name, lines in segments.items():
            count = size = 0
            for line in lines:
                known += record_line(connection, portal, orjson.loads(line), run)
                count, size = count + 1, size + len(line) + 1
            ids[name] = _insert_run(connection, portal, name, size, count)
            # What was written anew has a number behind the name that the run gave.
            ids.setdefault(name.rpartition("-")[0], ids[name])
        for warc in warcs:
            if (own := ids.get(warc.name)) is None:  # its segment was merged, or it wrote none
                own = _insert_run(connection, portal, warc.name, 0, 0)
            connection.execute(update(runs).where(runs.c.id == own).values(warc=warc.size, warc_sealed=1))
            record_pages(connection, portal, own, warc.pages)
    end_run(connection, run, "finished", {})
    return known


def _insert_run(connection: Connection, portal: str, segment: str, size: int, count: int) -> int:
    row: dict[str, str | int] = {"portal": portal}
    row |= {"spider": "rebuild", "arguments": "{}", "started": timestamp(), "ended": timestamp()}
    row |= {"reason": "finished", "segment": segment, "acknowledged": size, "articles": count, "sealed": 1}
    run: int = connection.execute(insert(runs).values(row).returning(runs.c.id)).scalar_one()
    return run


def record_pages(
    connection: Connection, portal: str, run: int, found: Iterable[FoundPage], only: Container[int] | None = None
) -> None:
    """Record kept pages of a run, each as the newest of its article, in a transaction that is begun; with `only`, those
    of these articles. What the ledger does not know, and what was removed, is passed over."""
    pages = iter(found)
    columns = (articles.c.id, articles.c.post_id, articles.c.state)
    while batch := list(islice(pages, discovery.QUERY_BATCH)):
        named = [DiscoveredArticle(own.url, own.id) for own in batch]
        by_key, by_id = discovery.find_known(connection, portal, named, columns)
        rows = {}
        for own, article in zip(batch, named, strict=True):
            known = discovery.match_known(article, by_key, by_id)
            if known is not None and known.state != REMOVED and (only is None or known.id in only):
                rows[known.id] = own.page._replace(article=known.id)._asdict() | {"run": run}
        if rows:
            connection.execute(REPLACE_PAGES, list(rows.values()))


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
