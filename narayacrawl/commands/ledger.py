"""`scrapy ledger`: what a portal's ledger knows, without SQL."""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from filelock import FileLock, Timeout
from rich.console import Console
from rich.table import Table
from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError
from sqlalchemy import Connection, Row, func, select

from narayacrawl.archive.segment_files import LOCK, ArchiveError, read_lines
from narayacrawl.archive.segments import archive_folder, portal_folder, recover, sealed_segments
from narayacrawl.commands import crawl
from narayacrawl.language.english import counted
from narayacrawl.ledger.database import LedgerError, ledger_url, open_ledger, transaction
from narayacrawl.ledger.rebuild import forget, rebuild
from narayacrawl.ledger.runs import portals_of
from narayacrawl.ledger.tables import addresses, articles, runs
from narayacrawl.monitors.outcome import FAILED, GOOD, Outcome
from narayacrawl.urls import key

STATES: Final = ("pending", "done", "rejected", "gone", "failed")
LISTED: Final = ("pending", "failed", "rejected", "gone")


class Command(crawl.Command):
    """Show what the ledger knows, or change it: `forget` lets one article be fetched and written again, `rebuild` makes
    a lost ledger from the archive.

    Lists are for pipes: an address a line; of what failed or was rejected the reason follows, after a tab.
    """

    log_level = "WARNING"

    def syntax(self) -> str:
        return "[options] status|pending|failed|rejected|gone [portal] | forget <url> | rebuild <portal>"

    def short_desc(self) -> str:
        return "Show what waits, what was written, rejected, gone or failed"

    def add_options(self, parser: ArgumentParser) -> None:
        ScrapyCommand.add_options(self, parser)
        parser.set_defaults(spargs=[], output=None, overwrite_output=None)

    def check(self, args: list[str], opts: Namespace) -> None:
        actions = ("status", *LISTED, "forget", "rebuild")
        action, *rest = args or ["status"]
        if action not in actions:
            raise UsageError(f"no such action: {action}{crawl.suggestion(action, actions)}")
        if action in ("forget", "rebuild") and len(rest) != 1:
            raise UsageError(f"{action} wants one {'address' if action == 'forget' else 'portal'}")
        if len(rest) > 1:
            raise UsageError(f"name one portal, not {' '.join(rest)}")

    def execute(self, args: list[str], opts: Namespace) -> Outcome:
        assert self.settings is not None
        action, *rest = args or ["status"]
        archive = archive_folder(self.settings)
        url = ledger_url(self.settings["LEDGER"], archive) if archive else ""
        if archive is None or not self.settings["LEDGER"]:
            raise UsageError("there is no ledger: ARCHIVE or LEDGER is empty")
        if action == "rebuild":
            return rebuild_ledger(open_ledger(url), archive, rest[0])
        connection = open_ledger(url, create=False)
        if action == "forget":
            return _forget(connection, rest[0])
        portals = portals_of(connection)
        if rest and rest[0] not in portals:
            raise UsageError(f"the ledger knows no portal {rest[0]!r}{crawl.suggestion(rest[0], portals)}")
        chosen = rest or portals
        if action == "status":
            Console(highlight=False).print(status(connection, chosen))
        else:
            for line in listed(connection, chosen, action):
                print(line)
        return Outcome(GOOD)


def status(connection: Connection, portals: list[str]) -> Table:
    """How many articles of each portal are in which state, and how its last run ended."""
    table = Table("portal", *STATES, "last run", box=None, header_style="dim")
    table.columns[0].no_wrap = True
    counting = select(articles.c.portal, articles.c.state, func.count()).group_by(articles.c.portal, articles.c.state)
    latest = select(runs).where(runs.c.id.in_(select(func.max(runs.c.id)).group_by(runs.c.portal)))
    with transaction(connection):
        counts = {(portal, state): count for portal, state, count in connection.execute(counting)}
        last = {row.portal: row for row in connection.execute(latest)}
    for portal in portals:
        run = last[portal]
        states = [str(counts.get((portal, state), 0)) for state in STATES]
        ended = f"{run.started[:16]} {run.reason or 'going on, or killed'}, {run.articles} written"
        table.add_row(portal, *states, ended)
    return table


LINES: Final[Mapping[str, Callable[[Row[Any]], str]]] = {
    "pending": lambda row: str(row.url),
    "gone": lambda row: str(row.url),
    "rejected": lambda row: f"{row.url}\t{row.reason}",
    "failed": lambda row: f"{row.url}\t{row.reason}, {counted(row.failures, 'time')}, again from {row.next_check}",
}


def listed(connection: Connection, portals: list[str], state: str) -> list[str]:
    """The articles in a state, a line each, in the order they were found."""
    which = select(articles).where(articles.c.portal.in_(portals), articles.c.state == state).order_by(articles.c.id)
    with transaction(connection):
        return [LINES[state](row) for row in connection.execute(which)]


def _forget(connection: Connection, url: str) -> Outcome:
    which = select(addresses.c.portal, addresses.c.article).where(addresses.c.key == key(url))
    with transaction(connection):
        found = connection.execute(which).all()
    if not found:
        return Outcome(FAILED, f"the ledger does not know {url}")
    for _, article in found:
        forget(connection, article)
    print(f"the next run of {', '.join(portal for portal, _ in found)} fetches and writes {url} again")
    return Outcome(GOOD)


def rebuild_ledger(connection: Connection, archive: Path, portal: str) -> Outcome:
    """Make the ledger of a portal from its archive; `ArchiveError` or `LedgerError` where that cannot be."""
    folder = portal_folder(archive, portal)
    if not any(folder.glob("*.jsonl*")):
        raise ArchiveError(f"{folder} holds no segment to make a ledger from")
    try:
        with FileLock(folder / LOCK, blocking=False):
            recover(folder, None)
            sealed = sealed_segments(folder)
            known = rebuild(connection, portal, {name: read_lines(path) for name, path in sealed.items()})
    except Timeout:
        raise LedgerError(f"a run of {portal} is going on (it holds {folder / LOCK})") from None
    print(f"{portal}: {counted(known, 'article')} from {counted(len(sealed), 'segment')}")
    return Outcome(GOOD)
