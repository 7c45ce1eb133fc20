"""What sources name, noted in the ledger: which articles are new, which were changed, which are back."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, Final, TypeVar

from sqlalchemy import ColumnElement, Connection, Row, bindparam, func, insert, select, update

from narayacrawl.ledger.discovered import Named
from narayacrawl.ledger.rechecks import AFRESH
from narayacrawl.ledger.tables import addresses, articles, moment
from narayacrawl.urls import key

T = TypeVar("T")

ASKED_AT_ONCE: Final = 500  # SQLite takes 32,766 variables in a statement; less than that is as fast
LIES: Final = 50
LIE_SHARE: Final = 0.9
GONE_LONG: Final = timedelta(hours=1)
"""After that, an article that is gone is back where a listing or a feed names it: caches show what is gone for less."""

_COLUMNS: Final[tuple[ColumnElement[Any], ...]] = (
    articles.c.id,
    articles.c.url,
    articles.c.state,
    articles.c.post_id,
    articles.c.lastmod,
    articles.c.as_of,
    articles.c.last_fetched,
    articles.c.rest,
    articles.c.feed,
    articles.c.sitemap,
)
_SEEN: Final = (
    update(articles)
    .where(articles.c.id == bindparam("article"))
    .values(
        last_seen=bindparam("now"),
        seen_run=bindparam("run"),
        lastmod=bindparam("told"),
        published=func.coalesce(articles.c.published, bindparam("shown")),
        post_id=func.coalesce(articles.c.post_id, bindparam("number")),
        rest=bindparam("by_rest"),
        feed=bindparam("by_feed"),
        sitemap=bindparam("by_sitemap"),
    )
)
_WAKE: Final = (
    update(articles)
    .where(articles.c.id == bindparam("article"))
    .values({**AFRESH, "checks": -1, "url": bindparam("address")})
)


@dataclass(frozen=True, slots=True)
class Source:
    """Who names."""

    name: str
    """`rest`, `sitemap`, `feed` or `listing`."""
    file: int | None = None
    """Of a sitemap, which file: its id among the ledger's sources; None of one that drops what grows old, or that is
    read in part only."""


LISTING: Final = Source("listing")
FEED: Final = Source("feed")
REST: Final = Source("rest")


@dataclass(slots=True)
class Seen:
    """What the ledger knew of the articles that a source named."""

    new: int = 0
    known: int = 0
    """Of those, how many are written already."""
    changed: int = 0
    """How many known ones wait again: the source tells of a change, or they are back."""
    fresh: frozenset[int] = frozenset()
    """Ids of those that were found in this run only, before."""
    is_believed: bool = True
    """Whether what the source tells of changes is believed."""
    ids: list[int] = field(default_factory=list)
    """Ids of those that the ledger knew."""

    @property
    def is_quiet(self) -> bool:
        """Whether nothing waits because of this."""
        return not self.new and not self.changed


def note(connection: Connection, portal: str, run: int, named: Sequence[Named], source: Source) -> Seen:
    """Note what a source names, in a transaction that is begun: what is new waits, and what it tells has changed."""
    named = once(once(named, lambda one: key(one.url)), lambda one: key(one.url) if one.id is None else one.id)
    keys, posts = known(connection, portal, named)
    now = moment()
    seen = Seen()
    new: dict[str, Named] = {}
    pairs: list[tuple[Named, Row[Any]]] = []
    aliases = []
    for one in named:
        own, there = owner(one, keys, posts), keys.get(key(one.url))
        if own is None:
            new[key(one.url)] = one
            continue
        pairs.append((one, own))
        if there is None or there.id != own.id:
            aliases.append({"portal": portal, "key": key(one.url), "article": own.id})
    changed = [is_changed(one, own) for one, own in pairs]
    told = sum(own.lastmod is not None for _, own in pairs)
    seen.is_believed = source.file is None or are_credible(sum(changed), told)
    insert_articles(connection, portal, run, new, source)
    if aliases:
        connection.execute(insert(addresses).prefix_with("OR REPLACE"), aliases)
    rows = [_row(one, own, source, now, run, is_believed=seen.is_believed) for one, own in pairs]
    if rows:
        connection.execute(_SEEN, rows)
    woken = [
        {"article": own.id, "address": one.url}
        for (one, own), is_other in zip(pairs, changed, strict=True)
        if (is_other and seen.is_believed) or _is_back(own, source)
    ]
    if woken:
        connection.execute(_WAKE, woken)
    seen.new, seen.changed = len(new), len(woken)
    seen.known = sum(own.state == "done" for _, own in pairs)
    seen.ids = [own.id for _, own in pairs]
    return seen


def once(named: Sequence[Named], name: Callable[[Named], str | int]) -> list[Named]:
    """Each article once, of those that share a name the last, with the latest change that any of them tells: a sitemap
    may hold an article's AMP page, too."""
    found: dict[str | int, Named] = {}
    for one in named:
        other = found.get(name(one))
        later = other and other.lastmod and other.lastmod > (one.lastmod or "")
        found[name(one)] = replace(one, lastmod=other.lastmod) if other and later else one
    return list(found.values())


def known(
    connection: Connection, portal: str, named: Sequence[Named], columns: Sequence[ColumnElement[Any]] = _COLUMNS
) -> tuple[Mapping[str, Row[Any]], Mapping[int | None, Row[Any]]]:
    """The articles that the ledger has under these addresses' keys, and under these ids of posts; `columns` must tell
    `post_id`."""
    by_key: dict[str, Row[Any]] = {}
    by_id: dict[int | None, Row[Any]] = {}
    for some in slices(named):
        joined = select(addresses.c.key, *columns).join(articles, articles.c.id == addresses.c.article)
        asked = joined.where(addresses.c.portal == portal, addresses.c.key.in_([key(one.url) for one in some]))
        by_key |= {row.key: row for row in connection.execute(asked)}
        if ids := [one.id for one in some if one.id is not None]:
            asked = select(*columns).where(articles.c.portal == portal, articles.c.post_id.in_(ids))
            by_id |= {row.post_id: row for row in connection.execute(asked)}
    return by_key, by_id


def owner(one: Named, keys: Mapping[str, Row[Any]], posts: Mapping[int | None, Row[Any]]) -> Row[Any] | None:
    """The article that is named, of those that `known` has found; None where the ledger does not know it."""
    own = posts.get(one.id) if one.id is not None else None
    there = keys.get(key(one.url))
    if own is None and there is not None and (one.id is None or there.post_id in (None, one.id)):
        return there  # else the address is another post's now
    return own


def is_changed(one: Named, own: Row[Any]) -> bool:
    """Whether a source tells of a change that what is written cannot have."""
    if one.lastmod is None or own.state not in ("done", "rejected"):
        return False
    return bool(one.lastmod > (own.lastmod or own.as_of or own.last_fetched or ""))


def are_credible(changes: int, told: int) -> bool:
    """Whether so many changes of articles are believed, of so many whose last change was told before: a sitemap may
    stamp all with the moment that it is made."""
    return changes < max(LIES, LIE_SHARE * told)


def _is_back(own: Row[Any], source: Source) -> bool:
    """Whether what is gone is named again by a source that had ceased to, or by a page that is no longer of before."""
    if own.state != "gone":
        return False
    if source.name == "rest":
        return not own.rest
    if source.file is not None:
        return own.sitemap is None
    return bool(own.last_fetched < moment(-GONE_LONG))


def _row(one: Named, own: Row[Any], source: Source, now: str, run: int, *, is_believed: bool) -> dict[str, Any]:
    latest = max(filter(None, (own.lastmod, one.lastmod)), default=None)
    return {
        "article": own.id,
        "now": now,
        "run": run,
        "told": latest if is_believed else None,
        "shown": one.published,
        "number": one.id,
        "by_rest": 1 if source.name == "rest" else own.rest,
        "by_feed": 1 if source.name == "feed" else own.feed,
        "by_sitemap": own.sitemap if source.file is None else source.file,
    }


def insert_articles(
    connection: Connection, portal: str, run: int, named: Mapping[str, Named], source: Source
) -> list[int]:
    """Add articles that nobody knew, by the keys of their addresses; their ids in the ledger."""
    if not named:
        return []
    now = moment()
    row = {"portal": portal, "state": "pending", "first_seen": now, "last_seen": now, "seen_run": run}
    row |= {"rest": int(source.name == "rest"), "feed": int(source.name == "feed"), "sitemap": source.file}
    rows = [
        row | {"url": one.url, "post_id": one.id, "published": one.published, "lastmod": one.lastmod}
        for one in named.values()
    ]
    adding = insert(articles).returning(articles.c.id, sort_by_parameter_order=True)
    ids = list(connection.execute(adding, rows).scalars())
    names = [{"portal": portal, "key": name, "article": own} for name, own in zip(named, ids, strict=True)]
    connection.execute(insert(addresses).prefix_with("OR REPLACE"), names)
    return ids


def no_longer_named(connection: Connection, portal: str, ids: Sequence[int], source: Source) -> int:
    """Note that a source no longer names these articles, by their ids in the ledger: those that are written wait to be
    looked at; how many do."""
    flag = {"rest": 0} if source.name == "rest" else {"sitemap": None}
    woken = 0
    for some in slices(ids):
        these = articles.c.id.in_(some)
        connection.execute(update(articles).where(articles.c.portal == portal, these).values(flag))
        waking = update(articles).where(these, articles.c.state == "done").values({**AFRESH, "checks": -1})
        woken += connection.execute(waking).rowcount
    return woken


def slices(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """The values, as many at once as SQLite is asked for."""
    for start in range(0, len(values), ASKED_AT_ONCE):
        yield values[start : start + ASKED_AT_ONCE]
