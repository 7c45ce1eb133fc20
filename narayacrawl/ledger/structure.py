"""Remember how a portal's listings are built, and what a suspicion of a redesign has come to; choose known articles."""

import json
from collections.abc import Collection
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from sqlalchemy import literal_column, select, update

from narayacrawl.ledger.database import timestamp, transaction
from narayacrawl.ledger.ledger import Ledger
from narayacrawl.ledger.portals import remember
from narayacrawl.ledger.rechecks import DUE_AGAIN, next_look
from narayacrawl.ledger.shape import has_captions
from narayacrawl.ledger.tables import articles, portals

MAX_VARIANTS: Final = 3
"""Of one listing: a portal may take turns with two, as on some days of a week."""

Structure = dict[str, Any]
"""How a listing is built, as JSON can hold it."""


@dataclass(slots=True)
class Suspicion:
    """Listings that are built otherwise, and known articles that were read otherwise then."""

    told: str
    """One line that tells both."""
    asked: list[int]
    """Ids of the articles that were read again."""
    code: str
    """Version of the code that read them."""
    pages: dict[str, Structure] = field(default_factory=dict)
    """How these listings were built, by their names."""
    since: str = field(default_factory=timestamp)
    next: str = field(default_factory=timestamp)
    """When the articles are read again although nothing else has changed."""

    def postpone(self) -> None:
        """Have the next look wait for as long as the suspicion has lasted."""
        self.next = next_look(self.since)


@dataclass(slots=True)
class RememberedStructure:
    """How a portal's listings were built when its articles were read rightly."""

    pages: dict[str, list[Structure]] = field(default_factory=dict)
    """By the listing's name, the latest first."""
    suspicion: Suspicion | None = None
    kept: str = ""
    """What the ledger has of it."""

    def add(self, name: str, structure: Structure, *, is_like: Structure | None = None) -> None:
        """Put down how a listing is built, in the place of the one that it is like."""
        others = [own for own in self.pages.get(name, []) if own not in (is_like, structure)]
        self.pages[name] = [structure, *others][:MAX_VARIANTS]


def read_structure(ledger: Ledger) -> RememberedStructure:
    """Return what earlier runs have remembered of the portal's listings."""
    query = select(portals.c.structure).where(portals.c.portal == ledger.portal)
    with transaction(ledger.connection) as connection:
        kept: str | None = connection.execute(query).scalar()
    if not kept:
        return RememberedStructure()
    value = json.loads(kept)
    return RememberedStructure(value["pages"], value["suspicion"] and Suspicion(**value["suspicion"]), kept)


def save_structure(ledger: Ledger, remembered: RememberedStructure) -> None:
    """Remember how the portal's listings are built, if the ledger has it otherwise."""
    suspicion = asdict(remembered.suspicion) if remembered.suspicion else None
    text = json.dumps({"pages": remembered.pages, "suspicion": suspicion}, separators=(",", ":"))
    if text == remembered.kept:
        return
    with transaction(ledger.connection) as connection:
        remember(connection, ledger.portal, structure=text)


def choose_known(ledger: Ledger, count: int) -> list[int]:
    """Return the ids of the newest articles that earlier runs have written; of half of them, of those with a caption if
    there are such among the newest: what a redesign loses must have been there."""
    own = (articles.c.portal == ledger.portal, articles.c.state == literal_column("'done'"))
    known = (articles.c.hash.is_not(None), articles.c.fetched_run != ledger.run)
    newest = select(articles.c.id, articles.c.shape).where(*own, *known).order_by(articles.c.published.desc())
    with transaction(ledger.connection) as connection:
        rows = connection.execute(newest.limit(count * 5)).all()
    captioned = [row.id for row in rows if row.shape and has_captions(row.shape)][: count // 2]
    return [*captioned, *(row.id for row in rows if row.id not in captioned)][:count]


def make_due(ledger: Ledger, ids: Collection[int]) -> None:
    """Have known articles be read again, but those that this run has come to already; what a redesign holds back stays
    held until then."""
    own = (articles.c.id.in_(ids), articles.c.drawn_run != ledger.run, articles.c.state != "removed")
    with transaction(ledger.connection) as connection:
        connection.execute(update(articles).where(*own).values(dict(DUE_AGAIN)))


@dataclass(frozen=True, slots=True)
class ReadAgain:
    """What became of articles that were made due."""

    read: list[str]
    """Addresses of those that were answered with an article that is not held back."""
    lost: list[str]
    """Addresses of those that were not."""
    reason: str | None
    """What the first of those is, and why."""


def read_again(ledger: Ledger, ids: Collection[int]) -> ReadAgain:
    """Return what has become of articles in this run; of those that it has not come to, nothing."""
    columns = (articles.c.url, articles.c.state, articles.c.reason)
    query = select(*columns).where(articles.c.id.in_(ids), articles.c.fetched_run == ledger.run).order_by(articles.c.id)
    with transaction(ledger.connection) as connection:
        rows = connection.execute(query).all()
    lost = [row for row in rows if row.state != "done"]
    reason = next((f"{row.state}, {row.reason}" if row.reason else row.state for row in lost), None)
    return ReadAgain([row.url for row in rows if row.state == "done"], [row.url for row in lost], reason)
