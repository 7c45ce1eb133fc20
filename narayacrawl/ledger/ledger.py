"""The ledger of one portal: which addresses wait, and what became of each article.

An address is added as a source names it and waits here, not in memory, until the spider draws it. What is drawn stays
`pending` until it is settled, so that a killed run loses nothing: `done` (its line is on disk, or it is unchanged),
`rejected` (no article), `gone`, or `failed`.
"""

from collections import deque
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, bindparam, delete, func, insert, literal_column, select, update

from narayacrawl.ledger import discovery, rechecks
from narayacrawl.ledger.discovered import Named
from narayacrawl.ledger.discovery import LISTING, Seen, Source
from narayacrawl.ledger.identity import Claim, met
from narayacrawl.ledger.rechecks import Drawn
from narayacrawl.ledger.tables import addresses, articles, moment, runs, transaction
from narayacrawl.urls import key

# Statements are made once: SQLAlchemy finds their SQL by their identity then.
_ACKNOWLEDGE: Final = (
    update(articles)
    .where(articles.c.id == bindparam("article"))
    .values(
        state="done",
        reason=None,
        failures=0,
        code=None,
        checks=bindparam("looks"),
        next_check=bindparam("again"),
        url=bindparam("url"),
        post_id=func.coalesce(bindparam("post_id"), articles.c.post_id),
        last_fetched=bindparam("now"),
        fetched_run=bindparam("run"),
        published=bindparam("published"),
        revision=bindparam("revision"),
        hash=bindparam("hash"),
        as_of=func.coalesce(bindparam("as_of"), articles.c.as_of),
        modified=bindparam("modified"),
        etag=bindparam("etag"),
        last_modified=bindparam("last_modified"),
    )
)
_NAME: Final = insert(addresses).prefix_with("OR REPLACE")


@dataclass(slots=True)
class Ledger:
    """The ledger of a portal during one run. Every method that asks SQLite may raise `LedgerError`."""

    connection: Connection
    portal: str
    run: int = 0
    """The run's id."""
    code: str = ""
    """Version of the code that reads pages: what another version rejected is asked for again."""
    is_full: bool = False
    """Whether articles that are done are drawn, too."""
    is_partial: bool = False
    """Whether only articles that sources named for these arguments are drawn: of a section, a window, a list."""
    is_list: bool = False
    """Whether only those that this run was told are drawn."""
    is_names_only: bool = False
    """Whether nothing is drawn: what sources name is all that is wanted."""
    since: date | None = None
    until: date | None = None
    """First and last publish day of what is drawn, as far as the ledger knows it."""
    claims: dict[str, Claim] = field(default_factory=dict)
    """By the record's address: what was read and is not settled."""
    ceased: set[int] = field(default_factory=set)
    """Ids of the articles that a source has ceased to name in this run."""
    _drawn: deque[Drawn] = field(default_factory=deque)
    watched_by: Sequence[str] | None = None
    """The sources (`rest`, `sitemap`) that tell the changes of what they name, once all that they tell is noted: from
    then on what nobody watches is drawn, too; None before."""
    _left: int = rechecks.MOST_RECHECKS
    _last: int | None = None
    """The highest id of an article before this run."""
    _cursor: int = 0
    _is_dry: bool = False

    # What waits

    def add(self, urls: Iterable[str], source: Source = LISTING) -> Seen:
        """Note bare addresses, see `note`."""
        return self.note([Named(url) for url in urls], source)

    def note(self, named: Sequence[Named], source: Source) -> Seen:
        """Note the articles that a source names: those nobody knew wait from now on, and those it tells changed."""
        with transaction(self.connection) as connection:
            if self._last is None:
                self._last = connection.execute(select(func.coalesce(func.max(articles.c.id), 0))).scalar_one()
            seen = discovery.note(connection, self.portal, self.run, named, source)
        seen.fresh = frozenset(article for article in seen.ids if article > self._last)
        self._wake(seen.ids if self.is_partial or seen.changed else [], is_new=seen.new > 0)
        return seen

    def no_longer_named(self, ids: Sequence[int], source: Source) -> int:
        """Note that a source has ceased to name these articles, by their ids in the ledger; how many are looked at
        because of it."""
        with transaction(self.connection) as connection:
            woken = discovery.no_longer_named(connection, self.portal, ids, source)
        self.ceased.update(ids)
        self._wake(ids, is_new=False)
        return woken

    def _wake(self, ids: Sequence[int], *, is_new: bool) -> None:
        """Look for what waits from these articles on."""
        if ids:
            self._cursor = min(self._cursor, min(ids) - 1)
        if ids or is_new:
            self._is_dry = False

    def draw(self) -> Drawn | None:
        """The next article to fetch, each once in a run, in the order they were found; None where none waits now."""
        if not self._drawn and not self._is_dry and not self.is_names_only:
            self._drawn.extend(self._next())
            self._is_dry = not self._drawn
        return self._drawn.popleft() if self._drawn else None

    def _next(self) -> list[Drawn]:
        own = [articles.c.portal == self.portal]
        if self.is_partial:
            own += rechecks.within(self.run, self.since, self.until, of_former_runs=not self.is_list)
        which = [*own, articles.c.id > self._cursor, *([] if self.is_full else rechecks.waiting(self.code))]
        if drawn := rechecks.draw(self.connection, self.run, which, articles.c.id, rechecks.AT_ONCE):
            self._cursor = drawn[-1].article
            return [Drawn(one.article, one.url) for one in drawn]
        if self.watched_by is None or self.is_full or not self._left:
            return []
        which = [*own, *rechecks.unwatched(self.watched_by)]
        drawn = rechecks.draw(
            self.connection, self.run, which, articles.c.published.desc(), min(self._left, rechecks.AT_ONCE)
        )
        self._left -= len(drawn)
        return drawn

    def watch(self, sources: Sequence[str]) -> None:
        """Look again at what none of these sources watches, the newest first, from now on."""
        self.watched_by = sources if rechecks.are_believed(self.connection, self.portal) else ()
        self._is_dry = False

    # What is read

    def article_of(self, url: str) -> int:
        """The article with this address; it is added where nobody knew it."""
        found = select(addresses.c.article).where(addresses.c.portal == self.portal, addresses.c.key == key(url))
        with transaction(self.connection) as connection:
            known: int | None = connection.execute(found).scalar()
            if known is not None:
                return known
            [added] = discovery.insert_articles(connection, self.portal, self.run, {key(url): Named(url)}, LISTING)
            return added

    def claim(self, drawn: int, post_id: int | None, canonical: str, *others: str) -> Claim | None:
        """The article that a page is of, to be settled; None where this run has read it at another address.

        `drawn` is the ledger's id of what was asked for, `canonical` the address that the page gives itself, `others`
        those it was asked for and answered at. A page that is an older article's is that article's from now on: a new
        slug, a second address. A canonical address that is another post's is not believed.
        """
        keys = frozenset(map(key, (canonical, *others)))
        found = met(self.connection, self.portal, drawn, post_id, list(keys))
        known = {own.article: own for own in found}
        if drawn not in known:  # it has become another article's address since it was drawn
            return None
        in_hand = next((own for own in self.claims.values() if own.is_of(drawn, post_id, key(canonical))), None)
        if in_hand is not None:
            owner = in_hand.article
        elif post_id is not None:
            owner = next((own.article for own in found if own.post_id == post_id), drawn)
        else:
            owner = next((own.article for own in found if own.key == key(canonical)), drawn)
        is_read = in_hand is not None or known[owner].fetched_run == self.run
        if owner != drawn:
            if known[drawn].post_id in (None, post_id):
                self._merge(drawn, owner, url=None if is_read else others[-1])
            else:  # another post has taken the address
                self.gone(drawn)
        if is_read:
            return None
        # Where an address leads is known for sure only when its post is.
        taken = {own.key for own in found if own.article not in (owner, drawn) and own.post_id is not None}
        if owner != drawn and known[drawn].post_id not in (None, post_id):
            # An address that leads elsewhere stays that of the post that is gone: it may come back.
            led = keys - {key(canonical), key(others[-1])}
            taken |= {own.key for own in found if own.article == drawn and own.key in led}
        free = [url for url in (canonical, *reversed(others)) if key(url) not in taken]
        claim = Claim(
            article=owner,
            url=next((url for url in free if url not in self.claims), others[-1]),
            post_id=post_id,
            revision=known[owner].revision,
            hash=known[owner].hash,
            checks=known[owner].checks,
            keys=keys - taken,
        )
        self.claims[claim.url] = claim
        return claim

    def _merge(self, article: int, into: int, *, url: str | None) -> None:
        """Make two articles one; with `url`, that is where it is asked for from now on, and it waits."""
        with transaction(self.connection) as connection:
            connection.execute(update(addresses).where(addresses.c.article == article).values(article=into))
            connection.execute(delete(articles).where(articles.c.id == article))
            if url is not None:
                connection.execute(update(articles).where(articles.c.id == into).values(state="pending", url=url))

    def same(self, drawn: int, url: str) -> None:
        """Note that what was drawn is only another address of the article at `url`, which waits where it is new."""
        self.add([url])
        into = self.article_of(url)
        if into != drawn:
            self._merge(drawn, into, url=None)

    # What became of it

    def acknowledge(self, claims: Collection[Claim], size: int | None = None, lines: int = 0) -> None:
        """In one transaction: these articles are done, and of this run's segment `size` bytes count, `lines` more than
        before."""
        now = moment()
        done = [
            {
                "article": claim.article,
                "url": claim.url,
                "post_id": claim.post_id,
                "now": now,
                "run": self.run,
                "published": claim.published,
                "revision": claim.revision,
                "hash": claim.hash,
                "looks": (looks := 0 if claim.is_changed else claim.checks + 1),
                "again": rechecks.next_check(looks),
                # A page that was told changed and is not may come from a cache: it is looked at again.
                "as_of": (claim.as_of or now) if claim.is_changed else None,
                "modified": claim.modified,
                "etag": claim.etag,
                "last_modified": claim.last_modified,
            }
            for claim in claims
        ]
        names = [{"portal": self.portal, "key": k, "article": claim.article} for claim in claims for k in claim.keys]
        with transaction(self.connection) as connection:
            connection.execute(_ACKNOWLEDGE, done)
            connection.execute(_NAME, names)
            if size is not None:
                written = {"acknowledged": size, "articles": runs.c.articles + lines}
                connection.execute(update(runs).where(runs.c.id == self.run).values(written))
        for claim in claims:
            self.claims.pop(claim.url, None)

    def reject(self, article: int, reason: str) -> None:
        """No article: not asked for again before the code that reads pages is another, or a month has passed."""
        self._settle(article, state="rejected", reason=reason, code=self.code, next_check=moment(rechecks.REJECTED_FOR))

    def gone(self, article: int) -> None:
        """Removed from the portal."""
        self._settle(article, state="gone", reason=None, code=None, next_check=moment(rechecks.GONE_FOR))

    def is_gone(self, article: int) -> bool:
        with transaction(self.connection) as connection:
            return connection.execute(select(articles.c.state).where(articles.c.id == article)).scalar() == "gone"

    def fail(self, article: int, reason: str) -> None:
        """Could not be fetched or read: asked for again, later each time."""
        with transaction(self.connection) as connection:
            failures = connection.execute(select(articles.c.failures).where(articles.c.id == article)).scalar() or 0
        again = moment(rechecks.RETRIES[min(failures, len(rechecks.RETRIES) - 1)])
        self._settle(article, state="failed", reason=reason, failures=failures + 1, code=None, next_check=again)

    def unchanged(self, article: int) -> None:
        """What is written is what the portal has (304, RFC 9110, 15.4.5)."""
        with transaction(self.connection) as connection:
            looks: int = connection.execute(select(articles.c.checks).where(articles.c.id == article)).scalar_one() + 1
        self._settle(article, state="done", checks=looks, next_check=rechecks.next_check(looks))

    def release(self, article: int, published: str | None) -> None:
        """Read, but not asked for by this run: it waits for one that does."""
        self._settle(article, published=published)

    def _settle(self, article: int, **values: Any) -> None:
        with transaction(self.connection) as connection:
            now = {"last_fetched": moment(), "fetched_run": self.run}
            connection.execute(update(articles).where(articles.c.id == article).values(values | now))

    def drop_claim(self, article: int) -> None:
        """Forget that an article was read: it will not be written."""
        self.claims = {url: claim for url, claim in self.claims.items() if claim.article != article}

    def waiting_posts(self, most: int) -> list[int]:
        """The ids of the first posts that wait and were not read in this run, as far as they are known."""
        own = (articles.c.portal == self.portal, articles.c.state != literal_column("'done'"))
        waits = (articles.c.state == "pending", articles.c.fetched_run != self.run, articles.c.post_id.is_not(None))
        with transaction(self.connection) as connection:
            found = select(articles.c.post_id).where(*own, *waits).order_by(articles.c.id).limit(most)
            return list(connection.execute(found).scalars())

    def count(self, state: str) -> int:
        """How many articles are in this state."""
        counted = select(func.count()).where(articles.c.portal == self.portal, articles.c.state == state)
        with transaction(self.connection) as connection:
            return connection.execute(counted).scalar_one()
