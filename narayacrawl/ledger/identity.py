"""Which article a fetched page is: by its post id and by every address it was met at."""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from sqlalchemy import Integer, and_, bindparam, delete, func, select, union_all, update
from sqlalchemy.dialects import sqlite

from narayacrawl.ledger.database import read_rows, transaction
from narayacrawl.ledger.discovered import LISTING, DiscoveredArticle, DiscoveryResult
from narayacrawl.ledger.discovery import insert_articles
from narayacrawl.ledger.ledger import FetchedArticle, Ledger
from narayacrawl.ledger.tables import addresses, articles, pages
from narayacrawl.urls import key


class Identity(NamedTuple):
    """What `identify` has found out of a page."""

    fetched: FetchedArticle | None
    """The article that the page is; None if this run has read it at another address."""
    is_displaced: bool
    """True if the article that was asked for is gone: another post has taken its address."""
    is_removed: bool = False
    """True if the page is an article that was removed for good."""


class Candidate(NamedTuple):
    """An article of the ledger that a page may be."""

    article: int
    post_id: int | None
    revision: int
    hash: str | None
    fetched_run: int
    checks: int
    url: str
    title: str | None
    shared_id: int
    state: str
    key: str | None
    """The key of an address that leads to it; None if only its ids do."""


_SEEN: Final = ("last_seen", "seen_run", "rest", "feed", "sitemap", "lastmod")
"""Columns of what sources have told of an article."""
_KEYS: Final = ("first", "second", "third")
_IN_KEYS: Final = addresses.c.key.in_([bindparam(name) for name in _KEYS])
_OF_PORTAL: Final = articles.c.portal == bindparam("portal")
_FIND_CANDIDATES: Final = str(
    select(articles.c.id, articles.c.post_id, articles.c.revision, articles.c.hash, articles.c.fetched_run)
    .add_columns(articles.c.checks, articles.c.url, articles.c.title, articles.c.shared_id)
    .add_columns(articles.c.state, addresses.c.key)
    .outerjoin_from(articles, addresses, and_(addresses.c.article == articles.c.id, _IN_KEYS))
    .where(
        # A union, not three conditions with `or`: SQLite would look at every article of the portal.
        articles.c.id.in_(
            union_all(
                select(bindparam("asked", type_=Integer)),
                select(articles.c.id).where(_OF_PORTAL, articles.c.post_id == bindparam("post_id")).correlate(None),
                select(addresses.c.article).where(addresses.c.portal == bindparam("portal"), _IN_KEYS).correlate(None),
            )
        )
    )
    .compile(dialect=sqlite.dialect(paramstyle="named"))
)


class FetchedArticles:
    """The articles that this run has read and not settled yet, each under the address of its record."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self._by_url: dict[str, FetchedArticle] = {}

    def get(self, url: str) -> FetchedArticle | None:
        """Return the article with this address in the record; None if none is in hand."""
        return self._by_url.get(url)

    def in_hand(self) -> Iterable[FetchedArticle]:
        """Return the articles that are in hand."""
        return self._by_url.values()

    def discard(self, article: int) -> None:
        """Forget that an article was read: it is settled, or will not be written."""
        self._by_url = {url: fetched for url, fetched in self._by_url.items() if fetched.article != article}

    def identify(
        self, asked: int, post_id: int | None, canonical: str, *others: str, title: str | None = None
    ) -> Identity:
        """Find out which article a page is, and take it in hand.

        `asked` is the ledger's id of what was asked for, `canonical` the address that the page gives itself, `others`
        those it was asked for and answered at. A page that is an older article's is that article's from now on: a new
        slug, a second address. A canonical address that is another post's is not believed. What `Witnesses` doubts is
        not given: then `post_id` is None, or `canonical` the address that answered.
        """
        keys = frozenset(map(key, (canonical, *others)))
        candidates = find_candidates(self.ledger, asked, post_id, list(keys))
        known = {candidate.article: candidate for candidate in candidates}
        if asked not in known:  # it has become another article's address since it was due
            return Identity(None, is_displaced=False)
        told = {key(canonical), key(others[-1])}
        for own in candidates:
            is_meant = own.key in told or (post_id is not None and own.post_id == post_id and not own.shared_id)
            if own.state == "removed" and is_meant:
                self._refuse(known[asked], own.article)
                return Identity(None, is_displaced=False, is_removed=True)
        in_hand = next((own for own in self._by_url.values() if own.is_of(asked, post_id, key(canonical))), None)
        owner = in_hand.article if in_hand else _owner(candidates, asked, post_id, key(canonical))
        is_read = in_hand is not None or known[owner].fetched_run == self.ledger.run
        is_displaced = owner != asked and known[asked].post_id not in (None, post_id)
        if is_displaced:
            self.ledger.mark_gone(asked)
        elif owner != asked:
            merge_articles(self.ledger, asked, owner, url=None if is_read else others[-1])
        if is_read:
            return Identity(None, is_displaced)
        # Where an address leads is known for sure only when its post is.
        taken = {own.key for own in candidates if own.article not in (owner, asked) and own.post_id is not None}
        if is_displaced:
            # An address that leads elsewhere stays that of the post that is gone: it may come back.
            led = keys - {key(canonical), key(others[-1])}
            taken |= {own.key for own in candidates if own.article == asked and own.key in led}
        free = [url for url in (canonical, *reversed(others)) if key(url) not in taken]
        fetched = FetchedArticle(
            article=owner,
            url=next((url for url in free if url not in self._by_url), others[-1]),
            post_id=post_id,
            revision=known[owner].revision,
            hash=known[owner].hash,
            unchanged_checks=known[owner].checks,
            keys=keys - taken,
            title=title,
        )
        self._by_url[fetched.url] = fetched
        return Identity(fetched, is_displaced)

    def _refuse(self, asked: Candidate, removed: int) -> None:
        """Make what was asked for another address of a removed article; what is written stays, not asked for again."""
        if asked.revision:
            self.ledger.reject(asked.article, "removed")
        else:
            merge_articles(self.ledger, asked.article, removed, url=None)


def _owner(candidates: Sequence[Candidate], asked: int, post_id: int | None, canonical: str) -> int:
    """Return the article with this post id, or for a page without one, the one at this canonical address."""
    if post_id is not None:
        return next((own.article for own in candidates if own.post_id == post_id), asked)
    return next((own.article for own in candidates if own.key == canonical), asked)


def find_candidates(ledger: Ledger, asked: int, post_id: int | None, keys: Sequence[str]) -> list[Candidate]:
    """Return the articles with that id in the ledger, that post id, or one of these keys, of which there are at most
    three; an article with two of them is there twice."""
    named = dict(zip(_KEYS, [*keys, keys[0], keys[0]], strict=False))
    parameters = {"portal": ledger.portal, "asked": asked, "post_id": post_id, **named}
    return [Candidate(*row) for row in read_rows(ledger.connection, _FIND_CANDIDATES, parameters)]


def article_at(ledger: Ledger, url: str) -> int:
    """Return the ledger's id of the article with this address; it is inserted if nobody knew it."""
    query = select(addresses.c.article).where(addresses.c.portal == ledger.portal, addresses.c.key == key(url))
    with transaction(ledger.connection) as connection:
        known: int | None = connection.execute(query).scalar()
        if known is not None:
            return known
        new = {key(url): DiscoveredArticle(url)}
        [inserted] = insert_articles(connection, ledger.portal, ledger.run, new, LISTING)
        return inserted


def merge_articles(ledger: Ledger, article: int, into: int, *, url: str | None) -> None:
    """Make two articles of the ledger one; with `url`, it is due at that address."""
    seen = [func.max(articles.c[name]).label(name) for name in _SEEN]
    with transaction(ledger.connection) as connection:
        listed = connection.execute(select(*seen).where(articles.c.id.in_((article, into)))).one()
        connection.execute(update(addresses).where(addresses.c.article == article).values(article=into))
        connection.execute(
            update(pages).prefix_with("OR IGNORE").where(pages.c.article == article).values(article=into)
        )
        connection.execute(delete(pages).where(pages.c.article == article))
        connection.execute(delete(articles).where(articles.c.id == article))
        is_kept = (articles.c.id == into, articles.c.state != "removed")
        connection.execute(update(articles).where(*is_kept).values(listed._asdict()))
        if url is not None:
            connection.execute(update(articles).where(articles.c.id == into).values(state="pending", url=url))


def merge_into_first_page(ledger: Ledger, article: int, first_url: str) -> DiscoveryResult:
    """Record that what was asked for is a later page of the article at `first_url`, which is due if it is new."""
    result = ledger.record_discovered([DiscoveredArticle(first_url)], LISTING)
    into = article_at(ledger, first_url)
    if into != article:
        merge_articles(ledger, article, into, url=None)
    return result
