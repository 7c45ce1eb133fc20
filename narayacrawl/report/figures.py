"""Read all that a report tells of one portal, as of one moment."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import Connection

from narayacrawl.ledger.database import snapshot, timestamp
from narayacrawl.ledger.portal_timezone import LAST_RESORT, zone_of
from narayacrawl.report.articles import ArticleFigures, read_articles
from narayacrawl.report.runs import Runs, read_runs
from narayacrawl.report.waiting import Waiting, read_waiting


@dataclass(frozen=True, slots=True)
class PortalFigures:
    """All that a report tells of one portal."""

    portal: str
    moment: datetime
    """When it was read, in UTC."""
    today: date
    """The portal's own day at that moment; in Jakarta if nobody knows its time zone."""
    articles: ArticleFigures
    runs: Runs
    waiting: Waiting


def read_figures(connection: Connection, portal: str, moment: datetime | None = None) -> PortalFigures:
    """Read the figures of a portal, as of `moment` or now. Raises `LedgerError`."""
    moment = (moment or datetime.now(UTC)).astimezone(UTC).replace(microsecond=0)
    with snapshot(connection) as plain:
        waiting = read_waiting(plain, portal, timestamp(start=moment))
        runs = read_runs(plain, portal)
        today = moment.astimezone(zone_of(waiting.timezone or LAST_RESORT)).date()
        articles = read_articles(plain, portal, today, runs.first)
    return PortalFigures(portal, moment, today, articles, runs, waiting)
