"""`scrapy ledger`: what a portal's ledger knows, without SQL."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from scrapy.exceptions import UsageError

from narayacrawl.commands import crawl, usage
from narayacrawl.commands.work_shown import WorkShown
from narayacrawl.extensions.progress import Work
from narayacrawl.language.english import counted
from narayacrawl.monitors.outcome import FAILED, GOOD, Outcome

if TYPE_CHECKING:
    from sqlalchemy import Connection

LISTED: Final = ("pending", "failed", "rejected", "gone", "held", "removed")
OF_ONE: Final = {"forget": "address", "remove": "address", "accept": "portal", "prune": "portal", "rebuild": "portal"}
"""What an action wants one of."""


class Command(crawl.Command):
    """Show what the ledger knows, or change it: `forget` lets one article be fetched and written again, `remove` takes
    one out of archive and ledger for good and keeps it away, `accept` takes a portal's pages as a redesign has left
    them, `prune` deletes files of kept pages that hold no article's newest page, `rebuild` makes a lost ledger from the
    archive.

    Lists are for pipes: an address a line; of what failed or was rejected the reason follows, after a tab.
    """

    log_level = "WARNING"
    has_crawl_options = False

    def syntax(self) -> str:
        of_one = "forget <url> | remove <url> --why <reason> | accept|prune|rebuild <portal>"
        return f"[options] status|{'|'.join(LISTED)} [portal] | {of_one}"

    def short_desc(self) -> str:
        return "Show what waits, what was written, rejected, gone or failed"

    def add_options(self, parser: ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--why", metavar="REASON", help="why an article is removed; kept with its address")

    def check(self, args: list[str], opts: Namespace) -> None:
        from narayacrawl.wordpress.arguments import web_address

        actions = ("status", *LISTED, *OF_ONE)
        action, *rest = args or ["status"]
        if action not in actions:
            raise UsageError(f"no such action: {action}{usage.suggestion(action, actions)}")
        if action in OF_ONE and len(rest) != 1:
            raise UsageError(f"{action} wants one {OF_ONE[action]}")
        if action == "remove" and not (opts.why or "").strip():
            raise UsageError("remove wants a reason: --why REASON")
        if action in OF_ONE and OF_ONE[action] == "address":
            try:
                web_address(rest[0])
            except ValueError as error:
                raise UsageError(str(error)) from error
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
            return rebuild_ledger(open_ledger(url), archive, self._archived_portal(archive, rest[0]), self.shown)
        connection = open_ledger(url, create=False)
        if action == "forget":
            return _forget(connection, rest[0])
        if action == "remove":
            return self._remove(connection, archive, rest[0], " ".join(opts.why.split()))
        portals = portals_of(connection)
        rest = [self.find_portal(named, portals, "the ledger knows no portal {}") for named in rest]
        if action == "accept":
            held = accept(connection, rest[0])
            print(f"the next run of {rest[0]} takes its pages as they are now: {counted(held, 'article')} held back")
            return Outcome(GOOD)
        if action == "prune":
            return self._prune(connection, archive, rest[0])
        chosen = rest or portals
        if action == "status":
            Console(highlight=False).print(status(connection, chosen))
        else:
            for line in listed(connection, chosen, action):
                print(line)
        return Outcome(GOOD)

    def _archived_portal(self, archive: Path, named: str) -> str:
        """Return the name of a portal in the archive, as its records have it: its folder's may differ."""
        from narayacrawl.archive.segment_files import read_lines
        from narayacrawl.archive.segments import portals
        from narayacrawl.archive.selection import read_record

        known = portals(archive)
        folder = known[self.find_portal(named, known, f"no portal {{}} in {archive}")]
        for path in sorted(folder.glob("*.jsonl*")):
            for line in read_lines(path):
                return str(read_record(line, str(path)).get("portal") or folder.name)
        return folder.name

    def _prune(self, connection: Connection, archive: Path, portal: str) -> Outcome:
        """Delete the files of kept pages that hold no article's newest page."""
        from filelock import FileLock, Timeout

        from narayacrawl.archive.recovery import recover_archive
        from narayacrawl.archive.retention import prune_warcs
        from narayacrawl.archive.segment_files import LOCK
        from narayacrawl.archive.segments import portal_folder
        from narayacrawl.language.english import bytes_worded
        from narayacrawl.ledger.database import PortalBusy

        assert self.settings is not None
        folder = portal_folder(archive, portal)
        folder.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(folder / LOCK, blocking=False):
                recover_archive(connection, portal, folder, self.settings)
                pruned = prune_warcs(connection, portal, folder)
        except Timeout:
            raise PortalBusy(f"a run of {portal} is going on (it holds {folder / LOCK})") from None
        size = f", {bytes_worded(pruned.bytes)}" if pruned.files else ""
        left = f"{counted(pruned.left, 'file')} with the newest page of an article left"
        print(f"{portal}: {counted(pruned.files, 'file')} of kept pages deleted{size}; {left}")
        return Outcome(GOOD)

    def _remove(self, connection: Connection, archive: Path, url: str, why: str) -> Outcome:
        """Remove an article from each portal that has its address, or that has others of its host."""
        from filelock import FileLock, Timeout

        from narayacrawl.archive.images import ImageRegister
        from narayacrawl.archive.recovery import recover_archive
        from narayacrawl.archive.removal import remove_article
        from narayacrawl.archive.segment_files import LOCK
        from narayacrawl.archive.segments import portal_folder
        from narayacrawl.ledger.database import PortalBusy
        from narayacrawl.ledger.overview import portals_at

        assert self.settings is not None
        portals = portals_at(connection, url)
        if not portals:
            return Outcome(FAILED, f"the ledger knows no portal at {url}: crawl one article of it first")
        store = self.images_folder()
        unreadable: list[Path] = []
        for portal in portals:
            folder = portal_folder(archive, portal)
            folder.mkdir(parents=True, exist_ok=True)
            try:
                with FileLock(folder / LOCK, blocking=False):
                    recover_archive(connection, portal, folder, self.settings)
                    register = ImageRegister(store, portal) if store else None
                    removed = remove_article(connection, portal, folder, url, why, register)
            except Timeout:
                raise PortalBusy(f"a run of {portal} is going on (it holds {folder / LOCK})") from None
            what = f"{counted(removed.revisions, 'revision')} in {counted(removed.segments, 'segment')}"
            what += f", {counted(removed.warcs, 'file')} of kept pages" if removed.warcs else ""
            what += f", {counted(removed.images, 'image')}" if store else ""
            print(f"{portal}: {url} is removed ({what}) and will not come back; exports made earlier have it still")
            unreadable += removed.unreadable
        if unreadable:
            return Outcome(FAILED, f"cannot be read, and may hold it: delete {', '.join(map(str, unreadable))}")
        return Outcome(GOOD)


def _forget(connection: Connection, url: str) -> Outcome:
    from sqlalchemy import select

    from narayacrawl.ledger.database import transaction
    from narayacrawl.ledger.rebuild import forget
    from narayacrawl.ledger.tables import addresses, articles
    from narayacrawl.urls import key

    which = select(addresses.c.portal, addresses.c.article, articles.c.state).where(addresses.c.key == key(url))
    with transaction(connection):
        found = connection.execute(which.join(articles, articles.c.id == addresses.c.article)).all()
    if not found:
        return Outcome(FAILED, f"the ledger does not know {url}")
    if any(state == "removed" for _, _, state in found):
        return Outcome(FAILED, f"{url} was removed for good")
    for _, article, _ in found:
        forget(connection, article)
    print(f"the next run of {', '.join(portal for portal, *_ in found)} fetches and writes {url} again")
    return Outcome(GOOD)


def rebuild_ledger(connection: Connection, archive: Path, portal: str, shown: WorkShown) -> Outcome:
    """Make the ledger of a portal from its archive; `ArchiveError` or `LedgerError` where that cannot be."""
    from filelock import FileLock, Timeout

    from narayacrawl.archive.segment_files import LOCK, ArchiveError, read_lines
    from narayacrawl.archive.segments import portal_folder, recover, sealed_segments
    from narayacrawl.archive.tombstones import read_tombstones
    from narayacrawl.archive.warc import is_rewriting_unfinished, recover_warcs, warcs_of_runs
    from narayacrawl.archive.warc_pages import found_warcs
    from narayacrawl.archive.warc_rewriting import finish_rewriting
    from narayacrawl.ledger.database import PortalBusy, name_of
    from narayacrawl.ledger.rebuild import rebuild

    folder = portal_folder(archive, portal)
    if not any(folder.glob("*.jsonl*")):
        raise ArchiveError(f"{folder} holds no segment to make a ledger from")
    work = Work("segments read")
    try:
        with FileLock(folder / LOCK, blocking=False), shown.progress(portal, lambda: work):
            recover(folder, None)
            recover_warcs(folder, None)
            if is_rewriting_unfinished(folder):
                finish_rewriting(connection, portal, folder)
            sealed, kept = sealed_segments(folder), warcs_of_runs(folder)
            work.begin("segments and files of pages read", len(sealed) + len(kept))
            lines = {name: work.counted_as_one(read_lines(path)) for name, path in sealed.items()}
            damages: list[str] = []
            warcs = found_warcs(folder, lambda *damage: damages.append(":".join(map(str, damage[:2]))), work.counted)
            known = rebuild(connection, portal, lines, read_tombstones(folder), warcs)
    except Timeout:
        raise PortalBusy(f"a run of {portal} is going on (it holds {folder / LOCK})") from None
    pages = f", their pages from {counted(len(kept), 'file')}" if kept else ""
    print(f"{portal}: {counted(known, 'article')} from {counted(len(sealed), 'segment')}{pages}")
    if damages:
        return Outcome(FAILED, f"damaged, and their pages not in the ledger: {', '.join(damages[:3])}: scrapy audit")
    shown.note_on_terminal("ledger", name_of(connection))
    shown.note_on_terminal(
        "next", f"{usage.program()} crawl asks the portal for what is new and what was changed since"
    )
    return Outcome(GOOD)
