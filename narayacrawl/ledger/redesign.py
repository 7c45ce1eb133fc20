"""Hold back what a redesign of the portal changes: articles that differ though the portal tells of no edit.

A run puts each such article aside. Once all others are read, it knows whether they were few, and reads those again and
takes them for edited, or most of the known articles, all in the same way, or many that begin or end with one and the
same paragraph: then the portal's pages have changed, not its articles. Where its listings are built otherwise, too, a
redesign is suspected: then two that differ in any way are enough, and so are fields that most have lost.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection, Select, func, or_, select, update

from narayacrawl.ledger.database import timestamp, transaction
from narayacrawl.ledger.discovery import batches
from narayacrawl.ledger.ledger import Ledger
from narayacrawl.ledger.portals import remember
from narayacrawl.ledger.rechecks import DUE_AGAIN, next_look
from narayacrawl.ledger.shape import NO_FIELDS, Difference, Fields
from narayacrawl.ledger.suspicion import SuspectedArticles
from narayacrawl.ledger.tables import IS_OPEN, articles, portals

MIN_READ_AGAIN: Final = 10
"""Of fewer known articles that were read again nobody can tell a redesign."""
MAX_EXAMPLES: Final = 2
LOST: Final = " lost or other"


class Redesign:
    """What one run of a portal has seen of known articles that were read again."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.is_accepted = _is_accepted(ledger)
        """True if the user takes the portal's pages as they are now: nothing is put aside."""
        self.read_again = 0
        """How many known articles were read again whose portal tells of no edit."""
        self.ways: Counter[str] = Counter()
        """How many of them differ in each way."""
        self.examples: dict[str, list[Difference]] = {}
        """Of each way and edge, the first two."""
        self.suspected = SuspectedArticles()
        """Those that are read again because the portal's listings are built otherwise."""
        self.edges: Counter[str] = Counter()
        """How many of them begin or end with each paragraph, by its short hash."""
        self._aside: dict[int, Difference] = {}
        self._believed: set[int] = set()
        if self.is_accepted:
            release_held(ledger)

    def record_unchanged(self, article: int = 0, url: str = "", fields: Fields = NO_FIELDS) -> None:
        """Record that a known article was read again and has the title, date and text that it had."""
        self.read_again += 1
        self._suspect(article, Difference(url, frozenset(), 0, 0, fields=fields))

    def _suspect(self, article: int, difference: Difference) -> None:
        """Count what differs of an article that is read again because of a suspicion."""
        if article not in self.suspected.ids:
            return
        self.suspected.record(difference, is_listed=bool(difference.ways) and _is_listed(self.ledger, article))
        for name in sorted(difference.fields.lost | difference.fields.others):
            self._count(f"{name}{LOST}", difference)

    def _count(self, way: str, difference: Difference) -> None:
        self.ways[way] += 1
        self._show(way, difference)

    def _show(self, what: str, difference: Difference) -> None:
        examples = self.examples.setdefault(what, [])
        if len(examples) < MAX_EXAMPLES:
            examples.append(difference)

    def is_believed(self, article: int, difference: Difference) -> bool:
        """True if a known article that differs is to be written; else it is put aside until the run knows more."""
        if self.is_accepted or article in self._believed:
            return True
        self.read_again += 1
        for way in sorted(difference.ways):
            self._count(way, difference)
        for edge in difference.edges:
            self.edges[edge] += 1
            self._show(edge, difference)
        self._suspect(article, difference)
        self._aside[article] = difference
        return False

    @property
    def way(self) -> str | None:
        """Return the way in which most of at least ten articles differ, or, where a redesign is suspected, that of more
        than a newsroom's edits; None if there is none."""
        way, count = next(iter(self.ways.most_common(1)), (None, 0))
        if (self.read_again >= MIN_READ_AGAIN and 2 * count > self.read_again) or self.suspected.are_redesigned:
            return way
        field = self.suspected.lost_field
        return f"{field}{LOST}" if field else None

    def settle(self) -> bool:
        """Hold back what a redesign has changed of what was put aside; make the rest due again, and believe it then.
        True if anything is due again.

        What an earlier run has held stays so while too few articles are read to tell, or some are held again.
        """
        aside = set(self._aside)
        changed = self._redesigned()
        self._aside = {}
        _hold(self.ledger, changed)
        if self.way:
            return False
        aside -= changed
        released = 0
        if self.shared_edges:
            aside -= _held_articles(self.ledger)
        elif self.read_again >= MIN_READ_AGAIN:
            released = release_held(self.ledger)
        elif aside:
            aside -= _held_articles(self.ledger)
        self._believed |= aside
        _make_due(self.ledger, aside)
        return bool(aside or released)

    def close(self) -> None:
        """Hold back what is still put aside and a redesign has changed; at a run's end."""
        _hold(self.ledger, self._redesigned())

    def _redesigned(self) -> set[int]:
        """Return which of the articles that were put aside a redesign has changed: all, or those that share a new
        paragraph with at least nine others."""
        if self.way:
            return set(self._aside)
        return {article for article, own in self._aside.items() if self.shared_edges & own.edges}

    @property
    def shared_edges(self) -> set[str]:
        """Return the new paragraphs, by their short hashes, that at least ten articles begin or end with."""
        return {edge for edge, count in self.edges.items() if count >= MIN_READ_AGAIN}

    def tell(self) -> str | None:
        """Tell in which way articles differ, with one or two examples; None if this run has seen no redesign."""
        if (way := self.way) is None:
            return self._tell_shared()
        first = self.examples[way][0]
        lengths = f", {first.before:,} → {first.after:,} characters" if first.before else ""
        told = f"({way}{lengths}: {_addresses(self.examples[way])})"
        if 2 * self.ways[way] > self.read_again:
            return f"{self.ways[way]} of {self.read_again} known articles read again differ alike {told}"
        own = self.suspected
        if own.are_redesigned:
            return f"{own.differing} of {len(own.ids)} known articles read again differ {told}"
        return (
            f"{self.ways[way]} of {own.had[way.removesuffix(LOST)]} known articles read again that had it differ {told}"
        )

    def _tell_shared(self) -> str | None:
        if not self.shared_edges:
            return None
        [(edge, count)] = self.edges.most_common(1)
        own = self.examples[edge][0]
        return (
            f"{count} of {self.read_again} known articles read again begin or end with the same new paragraph"
            f" ({own.before:,} → {own.after:,} characters: {_addresses(self.examples[edge])})"
        )


def _addresses(examples: Sequence[Difference]) -> str:
    return " ".join(dict.fromkeys(own.url for own in examples))


def accept(connection: Connection, portal: str) -> int:
    """Have the next run of a portal take its pages as they are; return how many articles are held back."""
    with transaction(connection):
        remember(connection, portal, accepted=1)
        held: int = connection.execute(_held(portal, func.count())).scalar_one()
        return held


def forget_acceptance(ledger: Ledger) -> None:
    """Take an acceptance as used: a run has acted on it."""
    with transaction(ledger.connection) as connection:
        connection.execute(update(portals).where(portals.c.portal == ledger.portal).values(accepted=0))


def count_held(ledger: Ledger) -> int:
    """Count the articles of the portal that are held back."""
    with transaction(ledger.connection) as connection:
        held: int = connection.execute(_held(ledger.portal, func.count())).scalar_one()
        return held


def release_held(ledger: Ledger) -> int:
    """Make due again what was held back; return how many articles that are."""
    release = update(articles).where(*_IS_HELD, articles.c.portal == ledger.portal).values(held=None, drawn_run=0)
    with transaction(ledger.connection) as connection:
        return connection.execute(release).rowcount


# To the letter as in the index, or SQLite would look at all that is done.
_IS_HELD: Final = (IS_OPEN, articles.c.held.is_not(None))


def _held(portal: str, *columns: Any) -> Select[Any]:
    return select(*columns).select_from(articles).where(*_IS_HELD, articles.c.portal == portal)


def _held_articles(ledger: Ledger) -> set[int]:
    with transaction(ledger.connection) as connection:
        return set(connection.execute(_held(ledger.portal, articles.c.id)).scalars())


def _is_listed(ledger: Ledger, article: int) -> bool:
    """True if a source lists an article that would tell of its edit."""
    tells = or_(articles.c.rest == 1, articles.c.sitemap.is_not(None))
    with transaction(ledger.connection) as connection:
        return connection.execute(select(articles.c.id).where(articles.c.id == article, tells)).first() is not None


def _is_accepted(ledger: Ledger) -> bool:
    told = select(portals.c.accepted).where(portals.c.portal == ledger.portal)
    with transaction(ledger.connection) as connection:
        return bool(connection.execute(told).scalar())


def _hold(ledger: Ledger, ids: Collection[int]) -> None:
    """Mark articles as held back, those since earlier that were so already; they stay due, later each time."""
    if not ids:
        return
    since: dict[str, list[int]] = {}
    with transaction(ledger.connection) as connection:
        for batch in batches(sorted(ids)):
            for article, held in connection.execute(
                select(articles.c.id, articles.c.held).where(articles.c.id.in_(batch))
            ):
                since.setdefault(held or timestamp(), []).append(article)
    for held, own in since.items():
        values = {
            **DUE_AGAIN,
            "held": held,
            "fetched_run": ledger.run,
            "code": ledger.code,
            "next_check": next_look(held),
        }
        _update(ledger, own, values)


def _make_due(ledger: Ledger, ids: Collection[int]) -> None:
    """Make articles due in this run once more."""
    _update(ledger, ids, {**DUE_AGAIN, "held": None, "drawn_run": 0})


def _update(ledger: Ledger, ids: Collection[int], values: Mapping[str, Any]) -> None:
    with transaction(ledger.connection) as connection:
        for batch in batches(sorted(ids)):
            connection.execute(update(articles).where(articles.c.id.in_(batch)).values(dict(values)))
