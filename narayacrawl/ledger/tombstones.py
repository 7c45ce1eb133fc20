"""Remember what was removed for good: by which addresses and which post id it would come back, and nothing else."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, delete, insert, select, update

from narayacrawl.ledger.database import transaction
from narayacrawl.ledger.tables import IS_OPEN, addresses, articles, pages

REMOVED: Final = "removed"
"""State of an article that never comes back."""
KEPT: Final = frozenset({"id", "portal", "post_id", "shared_id"})
"""Columns that a removed article keeps; every other one forgets it."""


@dataclass(frozen=True, slots=True)
class Tombstone:
    """An article that was removed from archive and ledger."""

    id: int | None
    """Its post id; None if it was never known, or is another article's, too."""
    keys: tuple[str, ...]
    """Of every address it was met at, see `narayacrawl.urls.key`."""
    why: str
    removed: str
    """When, ISO 8601 in UTC."""

    @property
    def url(self) -> str:
        """One of its addresses."""
        return f"https://{self.keys[0].removesuffix('?')}"

    def covers(self, key: str, post_id: int | None) -> bool:
        """True if a record with this id, and this key of its address, is of the article."""
        return post_id == self.id if None not in (post_id, self.id) else key in self.keys


def bury(connection: Connection, portal: str, tombstones: Iterable[Tombstone]) -> None:
    """Replace what the ledger knows of these articles by their tombstones."""
    plain = connection.connection.driver_connection
    assert plain is not None
    plain.execute("PRAGMA secure_delete=ON")  # what is forgotten is overwritten, too
    with transaction(connection):
        for tombstone in tombstones:
            _bury(connection, portal, tombstone)
    plain.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def bury_unknown(connection: Connection, portal: str, tombstones: Sequence[Tombstone]) -> None:
    """Do the same for those that the ledger does not have: it is new, or restored from an older backup."""
    if not tombstones:
        return
    open_ones = (articles.c.portal == portal, IS_OPEN)
    query = select(articles.c.post_id, addresses.c.key).join(addresses, addresses.c.article == articles.c.id)
    with transaction(connection):
        known = {tuple(row) for row in connection.execute(query.where(*open_ones, articles.c.state == REMOVED))}
    if unknown := [own for own in tombstones if not {(own.id, key) for key in own.keys} & known]:
        bury(connection, portal, unknown)


def _bury(connection: Connection, portal: str, tombstone: Tombstone) -> None:
    found: list[int] = []
    if tombstone.id is not None:
        by_id = select(articles.c.id).where(articles.c.portal == portal, articles.c.post_id == tombstone.id)
        found += connection.execute(by_id).scalars()
    at_keys = (
        select(articles.c.id, articles.c.post_id)
        .join(addresses, addresses.c.article == articles.c.id)
        .where(addresses.c.portal == portal, addresses.c.key.in_(tombstone.keys))
    )
    # One with another id has taken an address over.
    found += [
        row.id for row in connection.execute(at_keys) if tombstone.id is None or row.post_id in (None, tombstone.id)
    ]
    values = _forgotten() | {"url": tombstone.url, "state": REMOVED, "reason": tombstone.why}
    values |= {"first_seen": tombstone.removed, "last_seen": tombstone.removed, "last_fetched": tombstone.removed}
    if found:
        article, *others = dict.fromkeys(found)
    else:
        row = values | {"portal": portal, "post_id": tombstone.id}
        article, others = connection.execute(insert(articles).values(row).returning(articles.c.id)).scalar_one(), []
    for other in others:
        connection.execute(update(addresses).where(addresses.c.article == other).values(article=article))
        connection.execute(delete(articles).where(articles.c.id == other))
    connection.execute(delete(pages).where(pages.c.article.in_([article, *others])))
    connection.execute(update(articles).where(articles.c.id == article).values(values | {"post_id": tombstone.id}))
    taken = (
        select(addresses.c.key)
        .join(articles, articles.c.id == addresses.c.article)
        .where(addresses.c.portal == portal, addresses.c.key.in_(tombstone.keys), articles.c.id != article)
    )
    taken_keys = {*connection.execute(taken).scalars()}
    keys = [{"portal": portal, "key": key, "article": article} for key in tombstone.keys if key not in taken_keys]
    if keys:
        connection.execute(insert(addresses).prefix_with("OR REPLACE"), keys)


def _forgotten() -> dict[str, Any]:
    """Return what every column holds of an article of which nothing is known."""
    return {column.name: None if column.nullable else 0 for column in articles.columns if column.name not in KEPT}
