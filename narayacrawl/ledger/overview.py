"""Show what a ledger knows: how many articles are in which state, and which they are."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from rich.table import Table
from sqlalchemy import Connection, Row, func, select

from narayacrawl.language.english import counted
from narayacrawl.ledger.database import transaction
from narayacrawl.ledger.tables import addresses, articles, runs
from narayacrawl.ledger.tables import portals as kept
from narayacrawl.urls import key, site

STATES: Final = ("pending", "done", "rejected", "gone", "failed", "removed")


def status(connection: Connection, portals: list[str]) -> Table:
    """Count the articles of each portal by state, and tell how its last run ended."""
    table = Table("portal", *STATES, "time zone", "last run", box=None, header_style="dim")
    table.columns[0].no_wrap = True
    counting = select(articles.c.portal, articles.c.state, func.count()).group_by(articles.c.portal, articles.c.state)
    latest = select(runs).where(runs.c.id.in_(select(func.max(runs.c.id)).group_by(runs.c.portal)))
    with transaction(connection):
        counts = {(portal, state): count for portal, state, count in connection.execute(counting)}
        last = {row.portal: row for row in connection.execute(latest)}
        zones = {row.portal: row.timezone for row in connection.execute(select(kept))}
    for portal in portals:
        run = last[portal]
        states = [str(counts.get((portal, state), 0)) for state in STATES]
        ended = f"{run.started[:16]} {run.reason or 'going on, or killed'}, {run.articles} written"
        table.add_row(portal, *states, zones.get(portal) or "", ended)
    return table


LINES: Final[Mapping[str, Callable[[Row[Any]], str]]] = {
    "held": lambda row: f"{row.url}\tsince {row.held}",
    "pending": lambda row: str(row.url),
    "gone": lambda row: str(row.url),
    "rejected": lambda row: f"{row.url}\t{row.reason}",
    "removed": lambda row: f"{row.url}\t{row.reason}, {row.last_fetched}",
    "failed": lambda row: f"{row.url}\t{row.reason}, {counted(row.failures, 'time')}, again from {row.next_check}",
}


def listed(connection: Connection, portals: list[str], state: str) -> list[str]:
    """List the articles in a state, or those that a redesign holds back, a line each, in the order they were found."""
    in_state = articles.c.held.is_not(None) if state == "held" else articles.c.state == state
    which = select(articles).where(articles.c.portal.in_(portals), in_state).order_by(articles.c.id)
    with transaction(connection):
        return [LINES[state](row) for row in connection.execute(which)]


def portals_at(connection: Connection, url: str) -> list[str]:
    """Return the portals that have an article at this address; those that have any at its host if none has."""
    host = site(url)
    name = addresses.c.portal
    having = select(name).where(name.in_(select(runs.c.portal)), addresses.c.key == key(url)).distinct()
    # The key of an address begins with its host, and `0` follows `/`.
    any_at_host = select(name).where(name.in_(select(runs.c.portal)), addresses.c.key.between(f"{host}/", f"{host}0"))
    with transaction(connection):
        found = list(connection.execute(having).scalars())
        return found or list(connection.execute(any_at_host.distinct()).scalars())
