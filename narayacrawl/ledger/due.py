"""Which articles of the ledger are due: new ones, changed ones, and those whose recheck or retry has come."""

from collections import deque
from collections.abc import Sequence
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, func, or_, select, union, update

from narayacrawl.ledger.database import timestamp, transaction
from narayacrawl.ledger.deaths import MAX_DEATHS
from narayacrawl.ledger.discovered import DiscoveryResult
from narayacrawl.ledger.ledger import Ledger
from narayacrawl.ledger.scope import Scope
from narayacrawl.ledger.tables import (
    IS_DONE,
    IS_EDITED_LATER,
    IS_NOT_IN_REST,
    IS_NOT_IN_SITEMAP,
    IS_OPEN,
    IS_STALE,
    articles,
    runs,
)

BATCH_SIZE: Final = 100
MAX_RECHECKS: Final = 1_000
"""In one run: as many as a quarter of an hour has room for."""
MAX_HELD_TRIED: Final = 20
"""Of the articles that a redesign holds back, so many are read in a run: enough to tell whether it still does."""
UNSCOPED_ARGUMENTS: Final = ("limit", "source", "full", "_job")
"""Arguments that do not narrow which articles are wanted."""
MAX_CONTRADICTIONS: Final = 3
"""So many articles whose own page tells of a later edit than any source did: sources' moments are not trusted."""


class DueArticle(NamedTuple):
    """An article to fetch."""

    article: int
    """Its id in the ledger."""
    url: str
    etag: str | None = None
    last_modified: str | None = None
    """The validators of its last answer (RFC 9110, 8.8); None if the whole page is wanted, whatever it is."""


class DueArticles:
    """The articles that a run has to fetch, each once: those found first come first, then rechecks, newest first."""

    def __init__(self, ledger: Ledger, scope: Scope) -> None:
        self.ledger = ledger
        self.scope = scope
        self._batch: deque[DueArticle] = deque()
        self._cursor = 0
        """The ledger id after which the next batch is looked for."""
        self._is_exhausted = scope.fetches_nothing
        self._trusted_sources: Sequence[str] | None = None
        """The sources whose word on changes is trusted; None until all sources are read: no rechecks before."""
        self._rechecks_left = MAX_RECHECKS
        self._held_left = MAX_HELD_TRIED

    def next(self) -> DueArticle | None:
        """Return the next article to fetch; None if none is due now."""
        if not self._batch and not self._is_exhausted:
            self._batch.extend(self._next_batch())
            self._is_exhausted = not self._batch
        return self._batch.popleft() if self._batch else None

    def look_again(self, result: DiscoveryResult) -> None:
        """Look again for due articles after a source has been recorded."""
        if self.scope.fetches_nothing:
            return
        known = result.known_ids if self.scope.is_partial or result.changed else []
        if known:
            self._cursor = min(self._cursor, min(known) - 1)
        if known or result.new:
            self._is_exhausted = False

    def start_over(self) -> None:
        """Look again for due articles from the first one on."""
        self._cursor, self._is_exhausted = 0, False

    def trust_changes_from(self, sources: Sequence[str]) -> None:
        """Recheck, from now on, what none of these sources (`rest`, `sitemap`) tells the changes of."""
        self._trusted_sources = sources if _sources_agree_with_pages(self.ledger) else ()
        self._is_exhausted = self.scope.fetches_nothing

    def next_deadly(self) -> DueArticle | None:
        """Return the next article at which processes have died; None if none is due now. It is to be read alone, when
        no other is due."""
        deadly = [*self._in_scope, articles.c.deaths >= MAX_DEATHS, *_unread_or_retried(self.ledger.code)]
        batch = [] if self.scope.fetches_nothing else self._take(deadly, articles.c.id, 1)
        return DueArticle(batch[0].article, batch[0].url) if batch else None

    @property
    def _in_scope(self) -> list[ColumnElement[bool]]:
        own = (articles.c.portal == self.ledger.portal, articles.c.state != "removed")
        return [*own, *_in_scope(self.ledger.run, self.scope)]

    def _next_batch(self) -> list[DueArticle]:
        in_scope = [*self._in_scope, articles.c.deaths < MAX_DEATHS]
        unread = [] if self.scope.includes_written else _unread_or_retried(self.ledger.code)
        batch = self._take([*in_scope, articles.c.id > self._cursor, *unread], articles.c.id, BATCH_SIZE)
        if batch:
            self._cursor = batch[-1].article
            return [DueArticle(due.article, due.url) for due in batch]
        if self._held_left and not self.scope.includes_written:
            is_due = or_(
                articles.c.next_check.is_(None),
                articles.c.next_check <= timestamp(),
                articles.c.code != self.ledger.code,
            )
            held = (IS_OPEN, articles.c.held.is_not(None), is_due)
            batch = self._take([*in_scope, *held], articles.c.published.desc(), self._held_left)
            self._held_left -= len(batch)
            if batch:
                return [DueArticle(due.article, due.url) for due in batch]
        if self._trusted_sources is None or self.scope.includes_written or not self._rechecks_left:
            return []
        rechecks = [*in_scope, *_due_for_recheck(self.ledger.portal, self._trusted_sources)]
        batch = self._take(rechecks, articles.c.published.desc(), min(self._rechecks_left, BATCH_SIZE))
        self._rechecks_left -= len(batch)
        return batch

    def _take(self, where: Sequence[ColumnElement[bool]], order: ColumnElement[object], limit: int) -> list[DueArticle]:
        """Take the first of those articles in this order, each once in a run."""
        run = self.ledger.run
        first = select(articles.c.id).where(*where, articles.c.drawn_run != run).order_by(order).limit(limit)
        taking = update(articles).where(articles.c.id.in_(first)).values(drawn_run=run)
        columns = (articles.c.id, articles.c.url, articles.c.etag, articles.c.last_modified)
        with transaction(self.ledger.connection) as connection:
            return sorted(DueArticle(*row) for row in connection.execute(taking.returning(*columns)))


def _unread_or_retried(code: str) -> list[ColumnElement[bool]]:
    """Select what was never read, and what failed, was rejected or is gone once its time has come, or once other code
    reads pages."""
    again = or_(articles.c.next_check <= timestamp(), articles.c.code != code)
    return [IS_OPEN, articles.c.held.is_(None), or_(articles.c.state == "pending", again)]


def _in_scope(run: int, scope: Scope) -> list[ColumnElement[bool]]:
    """Select what this run's own sources listed, unless it was asked for a list also what earlier runs of the same
    scope did; only of the scope's days, as far as the ledger knows an article's day."""
    if not scope.is_partial:
        return []
    narrowing = func.json_remove(runs.c.arguments, *(f"$.{name}" for name in UNSCOPED_ARGUMENTS))
    same = select(runs.c.id).where(narrowing == select(narrowing).where(runs.c.id == run).scalar_subquery())
    listed = articles.c.seen_run == run if scope.is_list else articles.c.seen_run.in_(same)
    # An article whose day is unknown may be inside.
    day = func.coalesce(func.substr(articles.c.published, 1, 10), str(scope.since or scope.until))
    days = [day >= str(scope.since)] if scope.since else []
    return [listed, *days, *([day <= str(scope.until)] if scope.until else [])]


def _due_for_recheck(portal: str, trusted: Sequence[str]) -> list[ColumnElement[bool]]:
    """Select what is written and due for a recheck, except what a trusted source lists and tells no change of since it
    was fetched."""
    is_due = or_(articles.c.next_check.is_(None), articles.c.next_check <= timestamp())
    if not trusted:
        return [IS_DONE, is_due]
    own = select(articles.c.id).where(articles.c.portal == portal, IS_DONE, is_due)
    unlisted = {"rest": IS_NOT_IN_REST, "sitemap": IS_NOT_IN_SITEMAP}
    # A union, so that each half has its index: together they are few of those that are due.
    return [articles.c.id.in_(union(own.where(IS_STALE), own.where(*(unlisted[name] for name in trusted))))]


def _sources_agree_with_pages(ledger: Ledger) -> bool:
    """True unless pages tell of later edits than the sources that list them do."""
    later = (articles.c.portal == ledger.portal, IS_DONE, IS_EDITED_LATER)
    contradicting = select(articles.c.id).where(*later, articles.c.as_of > articles.c.modified)
    with transaction(ledger.connection) as connection:
        return len(connection.execute(contradicting.limit(MAX_CONTRADICTIONS)).all()) < MAX_CONTRADICTIONS


def pending_post_ids(ledger: Ledger, limit: int) -> list[int]:
    """Return the post ids, as far as known, of the first articles that are due and were not read in this run."""
    open_ones = (articles.c.portal == ledger.portal, IS_OPEN)
    unread = (articles.c.state == "pending", articles.c.fetched_run != ledger.run, articles.c.post_id.is_not(None))
    with transaction(ledger.connection) as connection:
        first = select(articles.c.post_id).where(*open_ones, *unread).order_by(articles.c.id).limit(limit)
        return list(connection.execute(first).scalars())


def has_written(ledger: Ledger) -> bool:
    """True if an article of the portal was ever written and is not known to be gone."""
    written = (articles.c.portal == ledger.portal, articles.c.revision > 0, articles.c.state != "gone")
    with transaction(ledger.connection) as connection:
        return connection.execute(select(articles.c.id).where(*written).limit(1)).first() is not None


def written_urls(ledger: Ledger, *, other_than: int, limit: int) -> list[str]:
    """Return addresses of written articles that are not known to be gone, other than one: those listed last first."""
    written = (articles.c.portal == ledger.portal, articles.c.revision > 0, articles.c.state != "gone")
    others = select(articles.c.url).where(*written, articles.c.id != other_than)
    with transaction(ledger.connection) as connection:
        latest = others.order_by(articles.c.seen_run.desc(), articles.c.id.desc()).limit(limit)
        return list(connection.execute(latest).scalars())
