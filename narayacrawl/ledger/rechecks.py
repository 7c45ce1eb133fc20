"""Which articles of the ledger are to be fetched: what waits, and what is looked at again though it is written."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, false, func, literal_column, or_, select, update

from narayacrawl.ledger.tables import articles, moment, runs, transaction

AT_ONCE: Final = 100

AFRESH: Final[Mapping[str, Any]] = {
    "state": "pending",
    "reason": None,
    "failures": 0,
    "code": None,
    "next_check": None,
}
"""The columns of an article that is to be fetched whatever became of it before."""

RECHECKS: Final = (timedelta(hours=1), timedelta(hours=6), timedelta(days=1), timedelta(days=7), timedelta(days=30))
"""When an article is looked at again that no source tells the changes of: after each look that finds none, later."""
RETRIES: Final = (timedelta(), timedelta(hours=1), timedelta(hours=6), timedelta(days=1), timedelta(days=7))
"""After the first failure the next run asks again, after the second one in an hour, …"""
GONE_FOR: Final = timedelta(days=7)
REJECTED_FOR: Final = timedelta(days=30)
"""A protected post may be opened, and one that is gone may come back, though its address never changes."""
MOST_RECHECKS: Final = 1_000
"""In one run: as many as a quarter of an hour has room for."""
HOW: Final = ("limit", "source", "full", "_job")
"""Arguments that do not tell which articles are wanted."""
LIARS: Final = 3
"""So many articles whose own page tells of a later edit than any source did: sources' moments are not believed."""


class Drawn(NamedTuple):
    """An article to fetch."""

    article: int
    """Its id in the ledger."""
    url: str
    etag: str | None = None
    last_modified: str | None = None
    """The validators of its last answer (RFC 9110, 8.8); None where the whole page is wanted, whatever it is."""


def next_check(checks: int, looked: datetime | None = None) -> str:
    """When an article is looked at again after so many looks in a row that found nothing changed, the last one
    `looked`, or now."""
    return moment(RECHECKS[min(checks, len(RECHECKS) - 1)], looked)


def waiting(code: str) -> list[ColumnElement[bool]]:
    """What was never read, and what failed, was rejected or is gone, when its time has come."""
    again = or_(articles.c.next_check <= moment(), articles.c.code != code)
    # To the letter as in the index, or SQLite would look at all that is done.
    return [articles.c.state != literal_column("'done'"), or_(articles.c.state == "pending", again)]


def within(run: int, since: date | None, until: date | None, *, of_former_runs: bool) -> list[ColumnElement[bool]]:
    """What this run's own sources named, or with `of_former_runs` those of earlier runs that were to look for the same;
    of these days, as far as the ledger knows the day."""
    wanted = func.json_remove(runs.c.arguments, *(f"$.{name}" for name in HOW))
    alike = select(runs.c.id).where(wanted == select(wanted).where(runs.c.id == run).scalar_subquery())
    named = articles.c.seen_run.in_(alike) if of_former_runs else articles.c.seen_run == run
    day = func.coalesce(func.substr(articles.c.published, 1, 10), str(since or until))
    return [named, *([day >= str(since)] if since else []), *([day <= str(until)] if until else [])]


def unwatched(sources: Sequence[str]) -> list[ColumnElement[bool]]:
    """What is written and due for another look, but for what one of these `sources` (`rest`, `sitemap`) watches: it has
    told when the article was changed last, and what is written is of a later moment."""
    names = {"rest": articles.c.rest == 1, "sitemap": articles.c.sitemap.is_not(None)}
    watched = and_(
        or_(false(), *(names[name] for name in sources)),
        articles.c.lastmod < articles.c.as_of,  # what was edited in the second it was fetched may be either
        or_(articles.c.modified.is_(None), articles.c.modified <= articles.c.lastmod),
    )
    due = or_(articles.c.next_check.is_(None), articles.c.next_check <= moment())
    return [articles.c.state == literal_column("'done'"), due, func.coalesce(watched, 0) == 0]


def are_believed(connection: Connection, portal: str) -> bool:
    """Whether what sources tell of changes agrees with what pages tell of their own edits."""
    later = (articles.c.portal == portal, articles.c.modified > articles.c.lastmod, articles.c.state == "done")
    with transaction(connection):
        found = select(articles.c.id).where(*later, articles.c.as_of > articles.c.modified).limit(LIARS)
        return len(connection.execute(found).all()) < LIARS


def draw(
    connection: Connection, run: int, which: Sequence[ColumnElement[bool]], order: ColumnElement[object], limit: int
) -> list[Drawn]:
    """The first of those in this order, each once in a run."""
    some = select(articles.c.id).where(*which, articles.c.drawn_run != run).order_by(order).limit(limit)
    drawing = update(articles).where(articles.c.id.in_(some)).values(drawn_run=run)
    columns = (articles.c.id, articles.c.url, articles.c.etag, articles.c.last_modified)
    with transaction(connection):
        return sorted(Drawn(*row) for row in connection.execute(drawing.returning(*columns)))


def witnesses(connection: Connection, portal: str, article: int, most: int) -> list[str]:
    """The addresses of written articles other than this one and not known to be gone, those that were named last before
    the others."""
    own = (articles.c.portal == portal, articles.c.revision > 0, articles.c.state != "gone", articles.c.id != article)
    asked = select(articles.c.url).where(*own).order_by(articles.c.seen_run.desc(), articles.c.id.desc()).limit(most)
    with transaction(connection):
        return list(connection.execute(asked).scalars())
