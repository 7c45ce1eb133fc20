"""Which articles a source lists, as far as the ledger knows: what it lacks, and what it may have delisted."""

from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from narayacrawl.ledger.database import timestamp, transaction
from narayacrawl.ledger.discovery import CACHE_LIFETIME, batches
from narayacrawl.ledger.tables import IS_DONE, IS_NOT_IN_REST, IS_NOT_IN_SITEMAP, articles


class RestArticle(NamedTuple):
    """An article of the ledger that the REST API lists."""

    published: str
    """Its publish date by the API's clock, without an offset."""
    article: int


def count_not_gone(connection: Connection, ids: Sequence[int]) -> int:
    """Count those of these articles, by their ids in the ledger, that are not known to be gone."""
    count = 0
    for batch in batches(ids):
        query = select(func.count()).where(articles.c.id.in_(batch), articles.c.state != "gone")
        with transaction(connection):
            count += connection.execute(query).scalar_one()
    return count


def count_listed(connection: Connection, portal: str, run: int) -> int:
    """Count the written articles that were listed in a run."""
    listed = (articles.c.portal == portal, articles.c.seen_run == run, articles.c.state == "done")
    query = select(func.count()).where(*listed)
    with transaction(connection):
        return connection.execute(query).scalar_one()


def count_in_rest(connection: Connection, portal: str) -> int:
    """Count the articles that the REST API lists, as far as is known."""
    query = select(func.count()).where(articles.c.portal == portal)
    with transaction(connection):  # those that it does not list are few
        return connection.execute(query).scalar_one() - connection.execute(query.where(IS_NOT_IN_REST)).scalar_one()


def articles_in_rest(connection: Connection, portal: str, timezone: tzinfo) -> list[RestArticle]:
    """Return the articles that the REST API lists, as far as is known, oldest first."""
    published = func.coalesce(articles.c.published, "")
    query = select(published, articles.c.id).where(articles.c.portal == portal, articles.c.rest == 1)
    with transaction(connection):
        return sorted(RestArticle(_local(date, timezone), article) for date, article in connection.execute(query))


def _local(published: str, timezone: tzinfo) -> str:
    # Pages and the API may tell one moment by two clocks.
    return datetime.fromisoformat(published).astimezone(timezone).isoformat()[:19] if published[19:] else published


def articles_in_sitemap(connection: Connection, run: int, files: Sequence[int]) -> tuple[set[int], set[int]]:
    """Return the articles that these files of a sitemap list, as far as is known, and those of them seen in this
    run."""
    known: set[int] = set()
    seen: set[int] = set()
    for batch in batches(files):
        query = select(articles.c.id, articles.c.seen_run).where(articles.c.sitemap.in_(batch))
        with transaction(connection):
            for article, last_run in connection.execute(query):
                known.add(article)
                if last_run == run:
                    seen.add(article)
    return known, seen


def find_unlisted(connection: Connection, portal: str, source: str) -> str | None:
    """Return the address of a written article that a source (`rest`, `sitemap`, `feed`) should list and does not: it
    lists newer ones or none at all, or the article is known for longer than caches keep. None if there is none."""
    is_unlisted = {"rest": IS_NOT_IN_REST, "sitemap": IS_NOT_IN_SITEMAP, "feed": articles.c.feed == 0}[source]
    own = articles.c.portal == portal
    unlisted = select(articles.c.url).where(own, IS_DONE, is_unlisted)
    known_long = unlisted.where(articles.c.first_seen < timestamp(-CACHE_LIFETIME))
    with transaction(connection):
        url = connection.execute(known_long.limit(1)).scalar()
        if url is not None or connection.execute(unlisted.limit(1)).first() is None:
            return url  # what is newest is asked for only where it decides: all articles are looked at for it
        newest = connection.execute(select(func.max(articles.c.published)).where(own, ~is_unlisted)).scalar()
        older = unlisted if newest is None else unlisted.where(articles.c.published < newest)
        return connection.execute(older.limit(1)).scalar()


def highest_article(connection: Connection) -> int:
    """Return the highest id of an article in the ledger; 0 if it holds none. What a run finds first has a higher
    one."""
    with transaction(connection):
        highest: int = connection.execute(select(func.coalesce(func.max(articles.c.id), 0))).scalar_one()
        return highest
