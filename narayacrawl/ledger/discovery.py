"""Record discovered articles: insert new ones, mark changed and returned ones due."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final, TypeVar

from sqlalchemy import ColumnElement, Connection, Row, bindparam, func, insert, select, update

from narayacrawl.ledger.database import timestamp
from narayacrawl.ledger.discovered import DiscoveredArticle, DiscoveryResult, Source
from narayacrawl.ledger.rechecks import DUE_AGAIN, MAX_RETRY_INTERVAL
from narayacrawl.ledger.tables import addresses, articles
from narayacrawl.urls import key

T = TypeVar("T")

QUERY_BATCH: Final = 500  # SQLite takes 32,766 variables in a statement; less than that is as fast
MIN_DOUBTFUL_CHANGES: Final = 50
DOUBTFUL_CHANGE_SHARE: Final = 0.9
CACHE_LIFETIME: Final = timedelta(hours=1)
"""Caches show a removed article for less than that: one that a listing or feed shows later is back."""

_COLUMNS: Final[tuple[ColumnElement[Any], ...]] = (
    articles.c.id,
    articles.c.url,
    articles.c.state,
    articles.c.post_id,
    articles.c.lastmod,
    articles.c.as_of,
    articles.c.last_fetched,
    articles.c.revision,
    articles.c.next_check,
    articles.c.rest,
    articles.c.feed,
    articles.c.sitemap,
)
_UPDATE_SEEN: Final = (
    update(articles)
    .where(articles.c.id == bindparam("article"))
    .values(
        last_seen=bindparam("now"),
        seen_run=bindparam("run"),
        lastmod=bindparam("latest_change"),
        published=func.coalesce(articles.c.published, bindparam("listed_date")),
        post_id=func.coalesce(articles.c.post_id, bindparam("listed_id")),
        source_length=func.coalesce(bindparam("listed_length"), articles.c.source_length),
        rest=bindparam("in_rest"),
        feed=bindparam("in_feed"),
        sitemap=bindparam("in_sitemap"),
    )
)
_MAKE_DUE: Final = (
    update(articles)
    .where(articles.c.id == bindparam("article"))
    .values({**DUE_AGAIN, "checks": -1, "url": bindparam("address")})
)


def record_discovered(
    connection: Connection, portal: str, run: int, discovered: Sequence[DiscoveredArticle], source: Source
) -> DiscoveryResult:
    """Record what a source lists, in a transaction that is begun: new articles and changed ones are due."""
    discovered = merge_duplicates(discovered, lambda article: key(article.url))
    if source.name == "rest":  # one site's: of other sources an id may be of any site of a multisite
        discovered = merge_duplicates(discovered, lambda article: article.id or key(article.url))
    by_key, by_id = find_known(connection, portal, discovered)
    new: dict[str, DiscoveredArticle] = {}
    known: list[tuple[DiscoveredArticle, Row[Any]]] = []
    aliases = []
    removed = 0
    taken: set[int | None] = set()
    """Ids of articles that are listed with them, and so are not another one's."""
    for article in discovered:
        row, at_address = match_listed(article, by_key, by_id, source), by_key.get(key(article.url))
        holder = by_id.get(article.id)
        is_taken = article.id in taken or (holder is not None and (row is None or holder.id != row.id))
        taken |= {article.id} - {None}
        own = replace(article, id=None) if is_taken else article
        if row is None:
            new[key(article.url)] = own
            continue
        if row.state == "removed":
            removed += 1
            continue
        known.append((own, row))
        if at_address is None or at_address.id != row.id:
            aliases.append({"portal": portal, "key": key(article.url), "article": row.id})
    changed = [is_changed(article, row) for article, row in known]
    dated = sum(row.lastmod is not None for _, row in known)
    is_believed = source.file is None or are_credible(sum(changed), dated)
    insert_articles(connection, portal, run, new, source)
    if aliases:
        connection.execute(insert(addresses).prefix_with("OR REPLACE"), aliases)
    if known:
        now = timestamp()
        rows = [_seen_values(article, row, source, now, run, is_believed=is_believed) for article, row in known]
        connection.execute(_UPDATE_SEEN, rows)
    retry = timestamp(MAX_RETRY_INTERVAL)
    if failed := [row.id for _, row in known if row.state == "failed" and (row.next_check or "") > retry]:
        for batch in batches(failed):
            connection.execute(update(articles).where(articles.c.id.in_(batch)).values(next_check=retry))
    due = [
        {"article": row.id, "address": article.url}
        for (article, row), is_edit in zip(known, changed, strict=True)
        if (is_edit and is_believed) or _is_back(row, source)
    ]
    if due:
        connection.execute(_MAKE_DUE, due)
    return DiscoveryResult(
        new=len(new),
        written=sum(row.state == "done" for _, row in known),
        changed=len(due),
        known_ids=[row.id for _, row in known],
        is_believed=is_believed,
        removed=removed,
    )


def merge_duplicates(
    discovered: Sequence[DiscoveredArticle], name: Callable[[DiscoveredArticle], str | int]
) -> list[DiscoveredArticle]:
    """Keep the last of the articles that share a name, with the latest change that any of them tells: a sitemap may
    list an article's AMP page, too."""
    found: dict[str | int, DiscoveredArticle] = {}
    for article in discovered:
        other = found.get(name(article))
        is_later = other and other.lastmod and other.lastmod > (article.lastmod or "")
        found[name(article)] = replace(article, lastmod=other.lastmod) if other and is_later else article
    return list(found.values())


def find_known(
    connection: Connection,
    portal: str,
    discovered: Sequence[DiscoveredArticle],
    columns: Sequence[ColumnElement[Any]] = _COLUMNS,
) -> tuple[Mapping[str, Row[Any]], Mapping[int | None, Row[Any]]]:
    """Return the ledger's articles by the keys of these addresses, and by these post ids; `columns` must include
    `post_id`."""
    by_key: dict[str, Row[Any]] = {}
    by_id: dict[int | None, Row[Any]] = {}
    for batch in batches(discovered):
        joined = select(addresses.c.key, *columns).join(articles, articles.c.id == addresses.c.article)
        query = joined.where(addresses.c.portal == portal, addresses.c.key.in_([key(one.url) for one in batch]))
        by_key |= {row.key: row for row in connection.execute(query)}
        if ids := [one.id for one in batch if one.id is not None]:
            query = select(*columns).where(articles.c.portal == portal, articles.c.post_id.in_(ids))
            by_id |= {row.post_id: row for row in connection.execute(query)}
    return by_key, by_id


def match_known(
    article: DiscoveredArticle, by_key: Mapping[str, Row[Any]], by_id: Mapping[int | None, Row[Any]]
) -> Row[Any] | None:
    """Return the article that a record is of, from those that `find_known` has found; None if the ledger does not know
    it. A record has only an id that was borne out: it counts more than the address."""
    row = by_id.get(article.id) if article.id is not None else None
    at_address = by_key.get(key(article.url))
    if row is None and at_address is not None and (article.id is None or at_address.post_id in (None, article.id)):
        return at_address  # else the address is another post's now
    return row


def match_listed(
    article: DiscoveredArticle, by_key: Mapping[str, Row[Any]], by_id: Mapping[int | None, Row[Any]], source: Source
) -> Row[Any] | None:
    """Return the article that a source lists; None if the ledger does not know it.

    The sites of a multisite number their posts alike: an id leads to an article at another address only by the word of
    the REST API that listed it before. Otherwise what is listed is fetched, and its page tells which article it is.
    """
    at_address = by_key.get(key(article.url))
    if at_address is not None and at_address.post_id is None:
        return at_address
    row = match_known(article, by_key, by_id)
    is_borne_out = row is None or (at_address is not None and at_address.id == row.id)
    if is_borne_out or (source.name == "rest" and row is not None and row.rest):
        return row
    return at_address


def is_changed(article: DiscoveredArticle, row: Row[Any]) -> bool:
    """True if a source tells of a change that the written article cannot have."""
    if article.lastmod is None or row.state not in ("done", "rejected"):
        return False
    return bool(article.lastmod > (row.lastmod or row.as_of or row.last_fetched or ""))


def are_credible(changes: int, dated: int) -> bool:
    """True if so many changes are believed of so many articles whose last change was known: a sitemap may stamp all
    with the moment that it is made."""
    return changes < max(MIN_DOUBTFUL_CHANGES, DOUBTFUL_CHANGE_SHARE * dated)


def _is_back(row: Row[Any], source: Source) -> bool:
    """True if a removed article is listed again by a source that had delisted it, or later than caches show it."""
    if row.state != "gone":
        return False
    if source.name == "rest":
        return not row.rest
    if source.file is not None:
        return row.sitemap is None
    return bool(row.last_fetched < timestamp(-CACHE_LIFETIME))


def _seen_values(
    article: DiscoveredArticle, row: Row[Any], source: Source, now: str, run: int, *, is_believed: bool
) -> dict[str, Any]:
    latest = max(filter(None, (row.lastmod, article.lastmod)), default=None)
    return {
        "article": row.id,
        "now": now,
        "run": run,
        "latest_change": latest if is_believed else None,
        "listed_date": article.published,
        "listed_id": article.id,
        "listed_length": article.length,
        "in_rest": 1 if source.name == "rest" else row.rest,
        "in_feed": 1 if source.name == "feed" else row.feed,
        "in_sitemap": row.sitemap if source.file is None else source.file,
    }


def insert_articles(
    connection: Connection, portal: str, run: int, discovered: Mapping[str, DiscoveredArticle], source: Source
) -> list[int]:
    """Insert articles that nobody knew, by the keys of their addresses; return their ids in the ledger."""
    if not discovered:
        return []
    now = timestamp()
    row = {"portal": portal, "state": "pending", "first_seen": now, "last_seen": now, "seen_run": run}
    row |= {"rest": int(source.name == "rest"), "feed": int(source.name == "feed"), "sitemap": source.file}
    rows = [
        row
        | {"url": one.url, "post_id": one.id, "published": one.published, "lastmod": one.lastmod}
        | {"source_length": one.length}
        for one in discovered.values()
    ]
    inserting = insert(articles).returning(articles.c.id, sort_by_parameter_order=True)
    ids = list(connection.execute(inserting, rows).scalars())
    keys = [{"portal": portal, "key": own, "article": id_} for own, id_ in zip(discovered, ids, strict=True)]
    connection.execute(insert(addresses).prefix_with("OR REPLACE"), keys)
    return ids


def mark_delisted(connection: Connection, portal: str, ids: Sequence[int], source: Source) -> DiscoveryResult:
    """Record, in a transaction that is begun, that a source no longer lists these articles: written ones are due."""
    flag = {"rest": 0} if source.name == "rest" else {"sitemap": None}
    changed = 0
    for batch in batches(ids):
        these = articles.c.id.in_(batch)
        connection.execute(update(articles).where(articles.c.portal == portal, these).values(flag))
        making_due = update(articles).where(these, articles.c.state == "done").values({**DUE_AGAIN, "checks": -1})
        changed += connection.execute(making_due).rowcount
    return DiscoveryResult(changed=changed, known_ids=list(ids))


def batches(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """Yield the values, as many at once as one query asks for."""
    for start in range(0, len(values), QUERY_BATCH):
        yield values[start : start + QUERY_BATCH]
