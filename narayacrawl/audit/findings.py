"""What is missing, extra, stale or damaged: what the sources name, held against the ledger and the archive."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias

from sqlalchemy import Connection, Row, select

from narayacrawl.audit.archive_check import ArchiveContent, Damage
from narayacrawl.ledger import discovery
from narayacrawl.ledger.database import timestamp, transaction
from narayacrawl.ledger.discovered import DiscoveredArticle
from narayacrawl.ledger.discovery import CACHE_LIFETIME, QUERY_BATCH
from narayacrawl.ledger.tables import articles

Kind: TypeAlias = Literal["missing", "extra", "stale", "damaged"]
KINDS: Final[tuple[Kind, ...]] = ("missing", "extra", "stale", "damaged")

_NAMED: Final = (
    *(articles.c.id, articles.c.url, articles.c.post_id, articles.c.published, articles.c.lastmod),
    *(articles.c.rest, articles.c.sitemap, articles.c.feed),
)
_KNOWN: Final = (
    *(articles.c.id, articles.c.post_id, articles.c.url, articles.c.state, articles.c.reason, articles.c.revision),
    *(articles.c.lastmod, articles.c.as_of, articles.c.last_fetched, articles.c.rest, articles.c.sitemap),
    *(articles.c.seen_run, articles.c.fetched_run),
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of an audit, and what mends it."""

    kind: Kind
    where: str
    """An address; of what is damaged, a file and a line of it."""
    why: str
    article: int | None = None
    """Its id in the ledger, where it is to be fetched."""
    revision: int | None = None
    """What the archive holds, where that is less than the ledger knows; 0 for nothing."""
    named: DiscoveredArticle | None = None
    """As a source names it, where the ledger is to be told."""
    is_of_rest: bool = False
    """Whether that is the REST API."""
    damage: Damage | None = None

    def __str__(self) -> str:
        return "\t".join(" ".join(part.split()) for part in (self.kind, self.where, self.why))


@dataclass(slots=True)
class Audit:
    """An archive, held against what the sources name."""

    sources: Mapping[str, bool | None]
    """The sources that were asked; whether each was read whole, None of one that could not be read at all."""
    findings: list[Finding] = field(default_factory=list)
    """Missing, then extra, stale, damaged."""
    good: int = 0
    """Articles that are named, and written as they are."""
    disbelieved: int = 0
    """Edits that a sitemap tells of, of nearly all it names."""


def compare(
    connection: Connection, portal: str, names: Connection, archived: ArchiveContent, sources: Mapping[str, bool | None]
) -> Audit:
    """Hold a portal's ledger and archive against what its sources name: the articles of the ledger `names`."""
    held = _Comparison(connection, portal, archived, sources)
    for rows in _slices(names, _NAMED):
        held.hold_named(rows)
    for rows in _slices(connection, _KNOWN, portal):
        held.hold_known(rows)
    return held.ended()


def _slices(connection: Connection, columns: Any, portal: str | None = None) -> Iterator[list[Row[Any]]]:
    """The articles of a ledger, some at once, in the order of their ids."""
    last = 0
    own = [] if portal is None else [articles.c.portal == portal]
    while True:
        asked = select(*columns).where(*own, articles.c.id > last).order_by(articles.c.id).limit(QUERY_BATCH)
        with transaction(connection):
            rows = list(connection.execute(asked))
        if not rows:
            return
        yield rows
        last = rows[-1].id


class _Comparison:
    """The state of one comparison."""

    def __init__(
        self, connection: Connection, portal: str, archived: ArchiveContent, sources: Mapping[str, bool | None]
    ) -> None:
        self.connection = connection
        self.portal = portal
        self.archived = archived
        self.sources = sources
        self.found: list[Finding] = []
        self.named: dict[int, bool] = {}
        """By its id in the ledger, of each article that is named: whether something was found."""
        self.told = 0
        """How many edits sitemaps and feeds tell of articles that REST does not name."""
        self.doubtful: list[Finding] = []
        """Those of them that are news."""
        self.good = 0
        self.has_sitemap = False

    # What is named

    def hold_named(self, rows: list[Row[Any]]) -> None:
        pairs = [(DiscoveredArticle(row.url, row.post_id, row.published, row.lastmod), row) for row in rows]
        with transaction(self.connection):
            keys, posts = discovery.find_known(self.connection, self.portal, [one for one, _ in pairs], _KNOWN)
        for one, row in pairs:
            self.has_sitemap |= row.sitemap is not None
            own = discovery.match_known(one, keys, posts)
            if own is None:
                self.found.append(self._unknown(one, row))
                continue
            if self.named.get(own.id):
                continue
            if own.id not in self.named:
                self._hold_older(own)
            finding = self._lost(own) or self._state(one, row, own)
            is_change = finding is None and discovery.is_changed(one, own)
            if not row.rest and one.lastmod and own.state == "done":
                self.told += 1
            if is_change:
                finding = self._stale(one, row, own)
                (self.found if row.rest else self.doubtful).append(finding)
            elif finding is not None:
                self.found.append(finding)
            elif own.id not in self.named:
                self.good += own.state == "done"
            self.named[own.id] = finding is not None

    def _unknown(self, one: DiscoveredArticle, row: Row[Any]) -> Finding:
        why = f"not in the ledger; named by {_namers(row)}"
        if stray := self.archived.stray(one.url, one.id):
            stray.is_named = True
            why = f"not in the ledger; the archive holds revision {stray.revision}"
        return Finding("missing", one.url, why, named=one, is_of_rest=bool(row.rest))

    def _state(self, one: DiscoveredArticle, row: Row[Any], own: Row[Any]) -> Finding | None:
        """What is found of an article by its state alone."""
        kind: Kind = "stale" if own.revision else "missing"
        written = f", written as revision {own.revision}" if own.revision else ""
        if own.state in ("pending", "failed"):
            why = "pending" if own.state == "pending" else f"failed: {own.reason}"
            return Finding(kind, one.url, f"{why}{written}", article=own.id)
        if own.state == "gone" and (own.last_fetched or "") < timestamp(-CACHE_LIFETIME):
            why = f"gone when it was asked for ({own.last_fetched}), yet named by {_namers(row)}"
            return Finding("missing", one.url, why, article=own.id, named=one, is_of_rest=bool(row.rest))
        return None

    def _stale(self, one: DiscoveredArticle, row: Row[Any], own: Row[Any]) -> Finding:
        of = own.as_of or own.last_fetched
        was = f"written as of {of}" if own.state == "done" else f"no article ({own.reason}) as of {own.last_fetched}"
        why = f"edited {one.lastmod}, {was}"
        return Finding("stale", one.url, why, article=own.id, named=one, is_of_rest=bool(row.rest))

    # What is known

    def hold_known(self, rows: list[Row[Any]]) -> None:
        for own in rows:
            if own.id in self.named:
                continue
            self._hold_older(own)
            if finding := self._lost(own):
                self.found.append(finding)
            elif own.revision and own.state not in ("gone", "rejected") and self._is_extra(own):
                why = f"no source names it; written as of {own.as_of or own.last_fetched}"
                self.found.append(Finding("extra", own.url, why, article=own.id))

    def _is_extra(self, own: Row[Any]) -> bool:
        """Whether those that have named an article do so no more: REST, a sitemap; or, where neither did, nobody since
        it was last looked at."""
        by_rest, by_sitemap = self.sources.get("rest"), self.sources.get("sitemap") and self.has_sitemap
        if own.rest or own.sitemap is not None:
            return bool((own.rest and by_rest) or (own.sitemap is not None and by_sitemap))
        is_all = all(self.sources.values()) and (by_rest or by_sitemap)
        return bool(is_all) and own.fetched_run <= own.seen_run

    def _lost(self, own: Row[Any]) -> Finding | None:
        """What of an article the archive lacks, or has beyond what the ledger knows."""
        there = self.archived.revisions.get(own.id, 0)
        if there > own.revision:
            why = f"the archive has revision {there}, the ledger knows {own.revision}"
            return Finding("extra", own.url, why, article=own.id, revision=there)
        if place := self.archived.altered.get(own.id):
            why = f"not what was written of {own.url}"
            return Finding("damaged", place, why, article=own.id, revision=there)
        is_due = own.revision > 0 or own.state == "done"
        if not is_due or (there == own.revision and there > 0):
            return None
        why = f"revision {own.revision} is not in the archive{f', which has revision {there}' if there else ''}"
        gone = f"; {own.state} by now" if own.state in ("gone", "rejected") else ""
        return Finding("missing", own.url, f"{why}{gone}", article=own.id, revision=there)

    def _hold_older(self, own: Row[Any]) -> None:
        """Tell of lines that nothing brings back, as long as a segment is not mended that may have held them."""
        lost = own.revision - 1 - self.archived.older.get(own.id, 0)
        if lost > 0 and self.archived.damages and self.archived.revisions.get(own.id) == own.revision:
            why = f"{lost} of its revisions before {own.revision} not in the archive, and no more on the portal"
            self.found.append(Finding("missing", own.url, why))

    # All of it

    def ended(self) -> Audit:
        is_doubted = not discovery.are_credible(len(self.doubtful), self.told)
        found = self.found if is_doubted else self.found + self.doubtful
        for stray in self.archived.strays:
            if not stray.is_named:
                why = f"revision {stray.revision} is in the archive, not in the ledger, and no source names it"
                found.append(Finding("extra", stray.url, why))
        for damage in self.archived.damages:
            found.append(Finding("damaged", damage.place, damage.why, damage=damage))
        found.sort(key=lambda finding: KINDS.index(finding.kind))
        return Audit(self.sources, found, self.good, len(self.doubtful) if is_doubted else 0)


def _namers(row: Row[Any]) -> str:
    """Who names an article."""
    told = {"the REST API": row.rest, "a sitemap": row.sitemap is not None, "a feed": row.feed}
    return " and ".join(name for name, is_told in told.items() if is_told) or "a listing"
