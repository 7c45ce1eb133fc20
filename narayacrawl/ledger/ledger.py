"""The ledger of one portal: what was discovered, and what became of each article.

An address is recorded when a source lists it and waits here, not in memory, until the frontier hands it out. It stays
`pending` until it is settled, so that a killed run loses nothing: `done` (its line is on disk, or it is unchanged),
`rejected` (no article), `gone`, or `failed`.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Boolean, Connection, Text, and_, bindparam, case, func, insert, or_, select, update

from narayacrawl.ledger import discovery
from narayacrawl.ledger.database import timestamp, transaction
from narayacrawl.ledger.discovered import DiscoveredArticle, DiscoveryResult, Source
from narayacrawl.ledger.kept_pages import REPLACE_PAGES, ArticleAnswers, KeptPage
from narayacrawl.ledger.rechecks import (
    GONE_RECHECK_INTERVAL,
    LISTED_FOR,
    REJECTED_RECHECK_INTERVAL,
    next_recheck,
    next_retry,
)
from narayacrawl.ledger.tables import IS_OPEN, addresses, articles, runs

# Statements are made once: SQLAlchemy finds their SQL by their identity then.
_ACKNOWLEDGE: Final = (
    update(articles)
    .where(articles.c.id == bindparam("article"))
    .values(
        state="done",
        reason=None,
        failures=0,
        code=None,
        checks=bindparam("unchanged"),
        next_check=bindparam("recheck"),
        url=bindparam("url"),
        post_id=func.coalesce(bindparam("post_id"), articles.c.post_id),
        last_fetched=bindparam("now"),
        fetched_run=bindparam("run"),
        published=bindparam("published"),
        revision=bindparam("revision"),
        hash=bindparam("hash"),
        title=func.coalesce(bindparam("title"), articles.c.title),
        body_length=bindparam("body_length"),
        reading=bindparam("reading"),
        renewed=bindparam("renewed"),
        date_precision=bindparam("date_precision"),
        told_change=case(
            (bindparam("settles_changes", type_=Boolean).is_(False), articles.c.told_change),
            (articles.c.lastmod > func.coalesce(bindparam("told_change", type_=Text), ""), articles.c.lastmod),
            else_=func.coalesce(bindparam("told_change", type_=Text), articles.c.told_change),
        ),
        shape=bindparam("shape"),
        held=None,
        deaths=0,
        as_of=func.coalesce(bindparam("as_of"), articles.c.as_of),
        modified=bindparam("modified"),
        etag=bindparam("etag"),
        last_modified=bindparam("last_modified"),
        section=bindparam("section"),
        # In an update, a column is what it was before.
        stored=case(
            (and_(articles.c.revision == 0, bindparam("revision") > 0), bindparam("now")), else_=articles.c.stored
        ),
    )
)
_ADD_ADDRESS: Final = insert(addresses).prefix_with("OR REPLACE")


@dataclass(slots=True)
class FetchedArticle:
    """An article that was read in this run and is not settled yet."""

    article: int
    """Its id in the ledger."""
    url: str
    """Its address in the record: no other article's."""
    post_id: int | None
    revision: int
    """Of its last line; 0 if there is none."""
    hash: str | None
    """Of title, date and body of that revision."""
    keys: frozenset[str] = frozenset()
    """Of every address it was met at."""
    title: str | None = None
    """Fingerprint of its page's title; None if unknown."""
    is_changed: bool = True
    """True if a line is to be written."""
    unchanged_checks: int = 0
    """Fetches in a row before this one that found no change."""
    published: str | None = None
    date_precision: str | None = None
    """Of `published`; None if unknown."""
    modified: str | None = None
    """The last edit as the page tells it, in UTC."""
    tells_changes: bool = False
    """True if the page or the REST API tells when it was last changed, also where that is when it was published."""
    has_relative_date: bool = False
    """True if its date was told relative to the moment of the fetch (`3 hari lalu`), and so moves with it."""
    reading: str | None = None
    """Version of the reading that it was read with."""
    renewed: str | None = None
    """Hash of the same revision by a later reading than the one that wrote it; None if there is none."""
    told_change: str | None = None
    """The latest change that it has by its page's word, in UTC; None if the page tells none."""
    settles_changes: bool = True
    """False if it may lack a change that a source or its page tells of: a cache may have kept it."""
    shape: str | None = None
    as_of: str | None = None
    """When the portal made the answer, in UTC: a cache may have kept it; None for now."""
    etag: str | None = None
    last_modified: str | None = None
    """The answer's validators, as it gave them (RFC 9110, 8.8)."""
    body_length: int | None = None
    """Characters of that revision's body; None if unknown."""
    section: str | None = None
    """Of that revision; None if it has none, or nobody knows."""
    answers: ArticleAnswers | None = None
    """What the run's WARC keeps of it; None if it keeps nothing."""

    def is_of(self, article: int, post_id: int | None, canonical: str) -> bool:
        """True if this is the article with that id in the ledger or on the portal, or without one with that key."""
        return article == self.article or (post_id == self.post_id if post_id is not None else canonical in self.keys)


@dataclass(slots=True)
class Ledger:
    """Record what sources list and what became of each article, in one run of one portal.

    Every method may raise `LedgerError`.
    """

    connection: Connection
    portal: str
    run: int = 0
    """The run's id."""
    code: str = ""
    """Version of the code that reads pages: what another version rejected is due again."""
    delisted: set[int] = field(default_factory=set)
    """Ids of the articles that a source has delisted in this run."""

    def record_discovered(self, discovered: Sequence[DiscoveredArticle], source: Source) -> DiscoveryResult:
        """Record the articles that a source lists: new ones and those it tells changed are due."""
        with transaction(self.connection) as connection:
            return discovery.record_discovered(connection, self.portal, self.run, discovered, source)

    def mark_delisted(self, ids: Sequence[int], source: Source) -> DiscoveryResult:
        """Record that a source no longer lists these articles, by their ids in the ledger: they are due."""
        with transaction(self.connection) as connection:
            result = discovery.mark_delisted(connection, self.portal, ids, source)
        self.delisted.update(ids)
        return result

    def acknowledge(
        self,
        batch: Collection[FetchedArticle],
        size: int | None = None,
        lines: int = 0,
        warc: int | None = None,
        kept: Sequence[KeptPage] = (),
    ) -> None:
        """Mark articles as done and, in the same transaction, `size` bytes of this run's segment as written, `lines`
        more than before, `warc` bytes of its WARC, and the pages of articles that it keeps."""
        now = timestamp()
        done = [self._done_values(fetched, now) for fetched in batch]
        keys = [
            {"portal": self.portal, "key": own, "article": fetched.article} for fetched in batch for own in fetched.keys
        ]
        with transaction(self.connection) as connection:
            connection.execute(_ACKNOWLEDGE, done)
            connection.execute(_ADD_ADDRESS, keys)
            if kept:
                connection.execute(REPLACE_PAGES, [page._asdict() | {"run": self.run} for page in kept])
            written: dict[str, Any] = (
                {} if size is None else {"acknowledged": size, "articles": runs.c.articles + lines}
            )
            if warc is not None:
                written["warc"] = warc
            if written:
                connection.execute(update(runs).where(runs.c.id == self.run).values(written))

    def _done_values(self, fetched: FetchedArticle, now: str) -> dict[str, Any]:
        unchanged = 0 if fetched.is_changed else fetched.unchanged_checks + 1
        return {
            "article": fetched.article,
            "url": fetched.url,
            "post_id": fetched.post_id,
            "now": now,
            "run": self.run,
            "published": fetched.published,
            "revision": fetched.revision,
            "hash": fetched.hash,
            "title": fetched.title,
            "body_length": fetched.body_length,
            "reading": fetched.reading,
            "renewed": fetched.renewed,
            "date_precision": fetched.date_precision,
            "settles_changes": fetched.settles_changes,
            "told_change": fetched.told_change,
            "shape": fetched.shape,
            "unchanged": unchanged,
            "recheck": next_recheck(unchanged),
            # A page that was called changed and is not may come from a cache: it is fetched again.
            "as_of": (fetched.as_of or now) if fetched.is_changed else None,
            "modified": fetched.modified,
            "etag": fetched.etag,
            "last_modified": fetched.last_modified,
            "section": fetched.section,
        }

    def mark_unchanged(self, article: int) -> None:
        """Mark an article as done: the portal has what is written (304, RFC 9110, 15.4.5)."""
        with transaction(self.connection) as connection:
            query = select(articles.c.checks).where(articles.c.id == article)
            unchanged: int = connection.execute(query).scalar_one() + 1
        self._settle(article, state="done", checks=unchanged, next_check=next_recheck(unchanged))

    def reject(self, article: int, reason: str) -> None:
        """Mark what was fetched as no article: due again once other code reads pages, or after a month."""
        recheck = timestamp(REJECTED_RECHECK_INTERVAL)
        self._settle(article, state="rejected", reason=reason, code=self.code, next_check=recheck)

    def mark_gone(self, article: int) -> None:
        """Mark an article as removed from the portal: a tombstone that is rechecked after a week."""
        self._settle(article, state="gone", reason=None, code=None, next_check=timestamp(GONE_RECHECK_INTERVAL))

    def fail(self, article: int, reason: str, **values: Any) -> None:
        """Mark an article as failed: it is tried again, later each time, but soon while a source lists it."""
        failures, is_listed = self._failures(article)
        values |= {"next_check": next_retry(failures, is_listed=is_listed), "failures": failures + 1}
        self._settle(article, state="failed", reason=reason, code=None, **values)

    def withhold(self, article: int, reason: str) -> None:
        """Mark an article as rejected whose text is not for all yet: due again on the scale of what failed."""
        failures, _ = self._failures(article)
        retry = next_retry(failures + 1)
        self._settle(article, state="rejected", reason=reason, failures=failures + 1, code=self.code, next_check=retry)

    def _failures(self, article: int) -> tuple[int, bool]:
        """Return how many times in a row an article has failed, and whether a source lists it."""
        columns = (articles.c.failures, articles.c.rest, articles.c.feed, articles.c.sitemap, articles.c.last_seen)
        with transaction(self.connection) as connection:
            row = connection.execute(select(*columns).where(articles.c.id == article)).one_or_none()
        if row is None:
            return 0, False
        is_listed = row.rest or row.feed or row.sitemap is not None or row.last_seen > timestamp(-LISTED_FOR)
        return row.failures, bool(is_listed)

    def is_listed(self, article: int, *, as_post: bool) -> bool:
        """True if the REST API, a feed or a sitemap lists an article; with `as_post`, one of the first two, which list
        nothing but posts."""
        lists = [articles.c.rest == 1, articles.c.feed == 1] + ([] if as_post else [articles.c.sitemap.is_not(None)])
        listed = select(articles.c.id).where(articles.c.id == article, or_(*lists))
        with transaction(self.connection) as connection:
            return connection.execute(listed).first() is not None

    def release(self, article: int, published: str | None) -> None:
        """Leave an article due that was read but is outside this run's scope."""
        known = case((articles.c.revision > 0, articles.c.published), else_=published)
        self._settle(article, published=known)

    def _settle(self, article: int, **values: Any) -> None:
        with transaction(self.connection) as connection:
            now = {"deaths": 0, "last_fetched": timestamp(), "fetched_run": self.run}
            connection.execute(update(articles).where(articles.c.id == article).values(now | values))

    def count(self, state: str) -> int:
        """Count the articles in this state."""
        every = select(func.count()).where(articles.c.portal == self.portal)
        unfinished = every.where(IS_OPEN)
        with transaction(self.connection) as connection:
            if state != "done":
                return connection.execute(unfinished.where(articles.c.state == state)).scalar_one()
            # All but a few: two counts of what an index holds.
            return connection.execute(every).scalar_one() - connection.execute(unfinished).scalar_one()
