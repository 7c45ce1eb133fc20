"""Articles at which processes died: read last and alone, then failed."""

from typing import Final, NamedTuple

from sqlalchemy import select, update

from narayacrawl.ledger.database import transaction
from narayacrawl.ledger.ledger import Ledger
from narayacrawl.ledger.rechecks import DUE_AGAIN
from narayacrawl.ledger.tables import articles

MAX_DEATHS: Final = 2
"""A process may be killed while it happens to read a page; from the second time on the page is read last and alone."""


class Death(NamedTuple):
    """An article at which the last run's process died."""

    url: str
    deaths: int
    """In a row, with this one."""
    is_failed: bool
    """True if it had been read last and alone, and has failed so."""


def record_death(ledger: Ledger, article: int) -> Death | None:
    """Record that a process died while it read an article; None if the ledger does not know that article."""
    with transaction(ledger.connection) as connection:
        of_article = (articles.c.id == article, articles.c.portal == ledger.portal)
        row = connection.execute(select(articles.c.url, articles.c.deaths).where(*of_article)).one_or_none()
        if row is None:
            return None
        deaths = row.deaths + 1
        connection.execute(update(articles).where(*of_article).values(deaths=deaths))
        if deaths == MAX_DEATHS:
            # Whatever it was due for: those that are open are looked for last and alone.
            connection.execute(update(articles).where(*of_article).values(DUE_AGAIN))
    if deaths > MAX_DEATHS:
        ledger.fail(article, "not readable: the process dies at it", deaths=deaths, drawn_run=ledger.run)
    return Death(row.url, deaths, deaths > MAX_DEATHS)
