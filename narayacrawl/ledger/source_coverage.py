"""Which articles a source names, as far as the ledger knows: what it lacks, and what it may have ceased to name."""

from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import NamedTuple

from sqlalchemy import Connection, func, or_, select

from narayacrawl.ledger.discovery import GONE_LONG, slices
from narayacrawl.ledger.tables import articles, moment, transaction


def not_gone(connection: Connection, ids: Sequence[int]) -> int:
    """How many of these articles, by their ids in the ledger, are not known to be gone."""
    found = 0
    for some in slices(ids):
        asked = select(func.count()).where(articles.c.id.in_(some), articles.c.state != "gone")
        with transaction(connection):
            found += connection.execute(asked).scalar_one()
    return found


class Known(NamedTuple):
    """An article of the ledger that the REST API names."""

    published: str
    """Its publish date by the API's clock, without an offset."""
    article: int


def count_named_by_rest(connection: Connection, portal: str) -> int:
    """How many articles the REST API names, as far as is known."""
    asked = select(func.count()).where(articles.c.portal == portal, articles.c.rest == 1)
    with transaction(connection):
        return connection.execute(asked).scalar_one()


def named_by_rest(connection: Connection, portal: str, clock: tzinfo) -> list[Known]:
    """The articles that the REST API names, as far as is known, oldest first."""
    published = func.coalesce(articles.c.published, "")
    asked = select(published, articles.c.id).where(articles.c.portal == portal, articles.c.rest == 1)
    with transaction(connection):
        return sorted(Known(_local(told, clock), article) for told, article in connection.execute(asked))


def _local(published: str, clock: tzinfo) -> str:
    # Pages and the API may tell one moment by two clocks.
    return datetime.fromisoformat(published).astimezone(clock).isoformat()[:19] if published[19:] else published


def named_by_sitemap(connection: Connection, run: int, files: Sequence[int]) -> tuple[set[int], set[int]]:
    """The articles that these files of a sitemap name, as far as is known, and of those the ones seen in this run."""
    known: set[int] = set()
    seen: set[int] = set()
    for some in slices(files):
        asked = select(articles.c.id, articles.c.seen_run).where(articles.c.sitemap.in_(some))
        with transaction(connection):
            for article, last in connection.execute(asked):
                known.add(article)
                if last == run:
                    seen.add(article)
    return known, seen


def lacking(connection: Connection, portal: str, source: str) -> str | None:
    """An article that is written and that a source (`rest`, `sitemap`, `feed`) does not name, though it names newer
    ones, or none at all, or the article is known for longer than caches keep: its address, or None."""
    column = articles.c[source]
    is_named = column.is_not(None) if source == "sitemap" else column == 1
    own = articles.c.portal == portal
    newest = select(func.max(articles.c.published)).where(own, is_named).scalar_subquery()
    should_be = or_(newest.is_(None), articles.c.published < newest, articles.c.first_seen < moment(-GONE_LONG))
    asked = select(articles.c.url).where(own, articles.c.state == "done", ~is_named, should_be)
    with transaction(connection):
        url: str | None = connection.execute(asked.limit(1)).scalar()
        return url
