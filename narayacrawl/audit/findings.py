"""Compare what the sources list with ledger and archive: what is missing, extra, stale or damaged."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias

from sqlalchemy import Connection, Row, select

from narayacrawl.audit.archive_check import ArchiveContent, Damage
from narayacrawl.audit.image_check import ImageFault
from narayacrawl.audit.page_check import PageFault
from narayacrawl.language.lengths import is_much_less
from narayacrawl.ledger import discovery
from narayacrawl.ledger.database import timestamp, transaction
from narayacrawl.ledger.discovered import LISTING, DiscoveredArticle
from narayacrawl.ledger.discovery import CACHE_LIFETIME, QUERY_BATCH
from narayacrawl.ledger.tables import articles

Kind: TypeAlias = Literal["missing", "extra", "stale", "short", "damaged"]
KINDS: Final[tuple[Kind, ...]] = ("missing", "extra", "stale", "short", "damaged")

_LISTED_COLUMNS: Final = (
    *(articles.c.id, articles.c.url, articles.c.post_id, articles.c.published, articles.c.lastmod),
    *(articles.c.rest, articles.c.sitemap, articles.c.feed, articles.c.source_length),
)
_KNOWN_COLUMNS: Final = (
    *(articles.c.id, articles.c.post_id, articles.c.url, articles.c.state, articles.c.reason, articles.c.revision),
    *(articles.c.lastmod, articles.c.as_of, articles.c.last_fetched, articles.c.rest, articles.c.sitemap),
    *(articles.c.seen_run, articles.c.fetched_run, articles.c.reading),
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of an audit, and what its repair needs."""

    kind: Kind
    where: str
    """An address; for damage, `FILE` or `FILE:LINE`."""
    reason: str
    article: int | None = None
    """Ledger id of the article that is to be fetched; None if none is."""
    revision: int | None = None
    """The revision in the archive, if it is not the one that the ledger knows; 0 if there is none."""
    listed_as: DiscoveredArticle | None = None
    """The article as a source lists it, if the ledger is to record that."""
    is_in_rest: bool = False
    """True if that source is the REST API."""
    damage: Damage | None = None
    image: ImageFault | None = None
    page: PageFault | None = None

    def __str__(self) -> str:
        return "\t".join(" ".join(part.split()) for part in (self.kind, self.where, self.reason))


@dataclass(slots=True)
class Audit:
    """The result of comparing an archive with what the sources list."""

    sources: Mapping[str, bool | None]
    """The sources that were read: True if completely, False if in part, None if not at all."""
    findings: list[Finding] = field(default_factory=list)
    """Sorted by kind: missing, extra, stale, short, damaged."""
    good: int = 0
    """How many articles are listed, and archived as they are listed."""
    disbelieved: int = 0
    """How many edits of a sitemap or feed are not believed, because it marks nearly all its articles as edited."""
    lost_images: int = 0
    """How many images cannot be had, as crawls have found."""


def compare(
    connection: Connection,
    portal: str,
    listed: Connection,
    archived: ArchiveContent,
    sources: Mapping[str, bool | None],
) -> Audit:
    """Compare a portal's ledger and archive with what its sources list, which is in the ledger `listed`."""
    comparison = _Comparison(connection, portal, archived, sources)
    for rows in _batches(listed, _LISTED_COLUMNS):
        comparison.check_listed(rows)
    for rows in _batches(connection, _KNOWN_COLUMNS, portal):
        comparison.check_unlisted(rows)
    return comparison.result()


def _batches(connection: Connection, columns: Any, portal: str | None = None) -> Iterator[list[Row[Any]]]:
    """Yield the articles of a ledger in batches, sorted by id."""
    last = 0
    in_portal = [] if portal is None else [articles.c.portal == portal]
    while True:
        query = select(*columns).where(*in_portal, articles.c.id > last).order_by(articles.c.id).limit(QUERY_BATCH)
        with transaction(connection):
            rows = list(connection.execute(query))
        if not rows:
            return
        yield rows
        last = rows[-1].id


class _Comparison:
    """Collect the findings of one comparison: first of the listed articles, then of those that are not listed."""

    def __init__(
        self, connection: Connection, portal: str, archived: ArchiveContent, sources: Mapping[str, bool | None]
    ) -> None:
        self.connection = connection
        self.portal = portal
        self.archived = archived
        self.sources = sources
        self.findings: list[Finding] = []
        self.listed: dict[int, bool] = {}
        """Ledger ids of the listed articles; True for those with a finding."""
        self.dated = 0
        """How many written articles have a `lastmod` from a sitemap or feed only."""
        self.doubtful: list[Finding] = []
        """Findings of edits that only such a `lastmod` tells of."""
        self.good = 0
        self.has_sitemap = False

    def check_listed(self, rows: list[Row[Any]]) -> None:
        """Check articles that a source lists."""
        pairs = [(DiscoveredArticle(row.url, row.post_id, row.published, row.lastmod), row) for row in rows]
        with transaction(self.connection):
            by_key, by_id = discovery.find_known(
                self.connection, self.portal, [article for article, _ in pairs], _KNOWN_COLUMNS
            )
        for article, row in pairs:
            self.has_sitemap |= row.sitemap is not None
            # Of one that is listed at another address, the REST API's id tells.
            known = discovery.match_listed(article, by_key, by_id, LISTING)
            known = known or (discovery.match_known(article, by_key, by_id) if row.rest else None)
            if known is None:
                self.findings.append(self._unknown(article, row))
                continue
            if self.listed.get(known.id) or known.state == "removed":
                continue
            if known.id not in self.listed:
                self._check_older_revisions(known)
            finding = self._archive_mismatch(known) or self._unfinished(article, row, known)
            is_change = finding is None and discovery.is_changed(article, known)
            if not row.rest and article.lastmod and known.state == "done":
                self.dated += 1
            if is_change:
                finding = self._stale(article, row, known)
                (self.findings if row.rest else self.doubtful).append(finding)
            elif finding := finding or self._short(known, row.source_length or 0):
                self.findings.append(finding)
            elif known.id not in self.listed:
                self.good += known.state == "done"
            self.listed[known.id] = finding is not None

    def _unknown(self, article: DiscoveredArticle, row: Row[Any]) -> Finding:
        """Return the finding of an article that is not in the ledger."""
        reason = f"not in the ledger; named by {_listing_sources(row)}"
        if unknown := self.archived.find_unknown(article.url, article.id):
            unknown.is_listed = True
            reason = f"not in the ledger; the archive holds revision {unknown.revision}"
        return Finding("missing", article.url, reason, listed_as=article, is_in_rest=bool(row.rest))

    def _unfinished(self, article: DiscoveredArticle, row: Row[Any], known: Row[Any]) -> Finding | None:
        """Return the finding of a listed article that is pending, failed or gone; None if it is not."""
        kind: Kind = "stale" if known.revision else "missing"
        written = f", written as revision {known.revision}" if known.revision else ""
        if known.state in ("pending", "failed"):
            reason = "pending" if known.state == "pending" else f"failed: {known.reason}"
            return Finding(kind, article.url, f"{reason}{written}", article=known.id)
        if known.state == "gone" and (known.last_fetched or "") < timestamp(-CACHE_LIFETIME):
            reason = f"gone when it was asked for ({known.last_fetched}), yet named by {_listing_sources(row)}"
            return Finding(
                "missing", article.url, reason, article=known.id, listed_as=article, is_in_rest=bool(row.rest)
            )
        return None

    def _stale(self, article: DiscoveredArticle, row: Row[Any], known: Row[Any]) -> Finding:
        """Return the finding of an article that was edited after it was fetched."""
        if known.state == "done":
            fetched = f"written as of {known.as_of or known.last_fetched}"
        else:
            fetched = f"no article ({known.reason}) as of {known.last_fetched}"
        reason = f"edited {article.lastmod}, {fetched}"
        return Finding("stale", article.url, reason, article=known.id, listed_as=article, is_in_rest=bool(row.rest))

    def check_unlisted(self, rows: list[Row[Any]]) -> None:
        """Check the ledger's articles that no source lists; call it after `check_listed` saw all that are listed."""
        for known in rows:
            if known.id in self.listed:
                continue
            self._check_older_revisions(known)
            if finding := self._archive_mismatch(known):
                self.findings.append(finding)
            elif known.revision and known.state not in ("gone", "rejected") and self._is_extra(known):
                reason = f"no source names it; written as of {known.as_of or known.last_fetched}"
                self.findings.append(Finding("extra", known.url, reason, article=known.id))
            elif finding := self._short(known, 0):
                self.findings.append(finding)

    def _short(self, known: Row[Any], listed_length: int) -> Finding | None:
        """Return the finding of an article whose line has no text, or much less than there is: by the API's word, or if
        it was written before pages were held against that, by a revision before it."""
        length = self.archived.lengths.get(known.id)
        if length is None or known.state != "done":
            return None
        former = self.archived.former_lengths.get(known.id, 0) if known.reading is None else 0
        for other, whose in ((listed_length, "the REST API"), (former, "a revision before it")):
            if is_much_less(length, other):
                reason = f"{length} characters of text, {whose} has {other}"
                # To be written again, whatever an earlier reading has made of it.
                return Finding("short", known.url, reason, article=known.id, revision=known.revision)
        if not length and known.reading is None:
            return Finding("short", known.url, "no text, and nobody has looked whether there is one", article=known.id)
        return None

    def _is_extra(self, known: Row[Any]) -> bool:
        """True if the source that listed an article was read completely and no longer lists it.

        If neither REST nor a sitemap ever listed it, all sources must have been read completely, and the article not
        have been fetched since it was last listed.
        """
        by_rest, by_sitemap = self.sources.get("rest"), self.sources.get("sitemap") and self.has_sitemap
        if known.rest or known.sitemap is not None:
            return bool((known.rest and by_rest) or (known.sitemap is not None and by_sitemap))
        is_complete = all(self.sources.values()) and (by_rest or by_sitemap)
        return bool(is_complete) and known.fetched_run <= known.seen_run

    def _archive_mismatch(self, known: Row[Any]) -> Finding | None:
        """Return the finding of an article whose archived revision is not the one that the ledger knows; None if it
        is."""
        archived = self.archived.revisions.get(known.id, 0)
        if known.state == "removed" and archived:
            reason = "removed for good, and lines of it are in the archive: run `scrapy ledger remove` again"
            return Finding("extra", known.url, reason)
        if archived > known.revision:
            reason = f"the archive has revision {archived}, the ledger knows {known.revision}"
            return Finding("extra", known.url, reason, article=known.id, revision=archived)
        if place := self.archived.altered.get(known.id):
            reason = f"not what was written of {known.url}"
            return Finding("damaged", place, reason, article=known.id, revision=archived)
        is_written = known.revision > 0 or known.state == "done"
        if not is_written or (archived == known.revision and archived > 0):
            return None
        other = f", which has revision {archived}" if archived else ""
        state = f"; {known.state} by now" if known.state in ("gone", "rejected") else ""
        reason = f"revision {known.revision} is not in the archive{other}{state}"
        return Finding("missing", known.url, reason, article=known.id, revision=archived)

    def _check_older_revisions(self, known: Row[Any]) -> None:
        """Report older revisions that cannot be fetched again, while a damaged segment that may hold them is left."""
        lost = known.revision - 1 - self.archived.older_lines.get(known.id, 0)
        if lost > 0 and self.archived.damages and self.archived.revisions.get(known.id) == known.revision:
            reason = f"{lost} of its revisions before {known.revision} not in the archive, and no more on the portal"
            self.findings.append(Finding("missing", known.url, reason))

    def result(self) -> Audit:
        """Return all findings, with those of unknown articles and damage, sorted by kind."""
        is_doubted = not discovery.are_credible(len(self.doubtful), self.dated)
        findings = self.findings if is_doubted else self.findings + self.doubtful
        for unknown in self.archived.unknown_articles:
            if not unknown.is_listed:
                reason = f"revision {unknown.revision} is in the archive, not in the ledger, and no source names it"
                findings.append(Finding("extra", unknown.url, reason))
        for damage in self.archived.damages:
            findings.append(Finding("damaged", damage.place, damage.reason, damage=damage))
        for fault in self.archived.images.faults if self.archived.images else ():
            findings.append(Finding(fault.kind, fault.where, fault.reason, article=fault.article, image=fault))
        for lack in self.archived.pages.faults if self.archived.pages else ():
            article = lack.article if lack.is_to_fetch else None
            findings.append(Finding(lack.kind, lack.where, lack.reason, article=article, page=lack))
        findings.sort(key=lambda finding: KINDS.index(finding.kind))
        lost = self.archived.images.lost if self.archived.images else 0
        return Audit(self.sources, findings, self.good, len(self.doubtful) if is_doubted else 0, lost)


def _listing_sources(row: Row[Any]) -> str:
    """Return the names of the sources that list an article."""
    sources = {"the REST API": row.rest, "a sitemap": row.sitemap is not None, "a feed": row.feed}
    return " and ".join(name for name, lists_it in sources.items() if lists_it) or "a listing"
