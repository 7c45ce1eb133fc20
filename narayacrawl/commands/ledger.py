"""`scrapy ledger`: what a portal's ledger knows, without SQL."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from scrapy.exceptions import UsageError

from narayacrawl.commands import crawl
from narayacrawl.language.english import counted
from narayacrawl.monitors.outcome import FAILED, GOOD, Outcome

if TYPE_CHECKING:
    from sqlalchemy import Connection

LISTED: Final = ("pending", "failed", "rejected", "gone", "held")


class Command(crawl.Command):
    """Show what the ledger knows, or change it: `forget` lets one article be fetched and written again, `accept` takes
    a portal's pages as a redesign has left them, `rebuild` makes a lost ledger from the archive.

    Lists are for pipes: an address a line; of what failed or was rejected the reason follows, after a tab.
    """

    log_level = "WARNING"
    has_crawl_options = False

    def syntax(self) -> str:
        return "[options] status|pending|failed|rejected|gone|held [portal] | forget <url> | accept|rebuild <portal>"

    def short_desc(self) -> str:
        return "Show what waits, what was written, rejected, gone or failed"

    def check(self, args: list[str], opts: Namespace) -> None:
        actions = ("status", *LISTED, "forget", "accept", "rebuild")
        action, *rest = args or ["status"]
        if action not in actions:
            raise UsageError(f"no such action: {action}{crawl.suggestion(action, actions)}")
        if action in ("forget", "accept", "rebuild") and len(rest) != 1:
            raise UsageError(f"{action} wants one {'address' if action == 'forget' else 'portal'}")
        if len(rest) > 1:
            raise UsageError(f"name one portal, not {' '.join(rest)}")

    def execute(self, args: list[str], opts: Namespace) -> Outcome:
        from rich.console import Console

        from narayacrawl.archive.segments import archive_folder
        from narayacrawl.ledger.database import ledger_url, open_ledger
        from narayacrawl.ledger.overview import listed, status
        from narayacrawl.ledger.redesign import accept
        from narayacrawl.ledger.runs import portals_of

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
        if action == "accept":
            held = accept(connection, rest[0])
            print(f"the next run of {rest[0]} takes its pages as they are now: {counted(held, 'article')} held back")
            return Outcome(GOOD)
        chosen = rest or portals
        if action == "status":
            Console(highlight=False).print(status(connection, chosen))
        else:
            for line in listed(connection, chosen, action):
                print(line)
        return Outcome(GOOD)


def _forget(connection: Connection, url: str) -> Outcome:
    from sqlalchemy import select

    from narayacrawl.ledger.database import transaction
    from narayacrawl.ledger.rebuild import forget
    from narayacrawl.ledger.tables import addresses
    from narayacrawl.urls import key

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
    from filelock import FileLock, Timeout

    from narayacrawl.archive.segment_files import LOCK, ArchiveError, read_lines
    from narayacrawl.archive.segments import portal_folder, recover, sealed_segments
    from narayacrawl.ledger.database import LedgerError
    from narayacrawl.ledger.rebuild import rebuild

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
