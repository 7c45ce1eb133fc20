"""`scrapy search`: the archived articles in which words occur."""

import heapq
import os
import tempfile
from argparse import ArgumentParser, Namespace
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

from scrapy.exceptions import UsageError

from narayacrawl.commands import crawl, usage
from narayacrawl.commands.output_files import refuse_outputs
from narayacrawl.extensions.progress import Work
from narayacrawl.language.english import counted
from narayacrawl.monitors.outcome import FAILED, GOOD, Outcome

if TYPE_CHECKING:
    from narayacrawl.search.index import SearchIndex
    from narayacrawl.wordpress.arguments import Arguments

SHOWN: Final = 20
EXAMPLE: Final = 'search narayapost "harga beras"'


class Command(crawl.Command):
    """Show the articles in which all words occur, the best first; words in quotation marks next to each other.

    It may run beside a crawl: what the ledger has acknowledged is found. The first search of a portal reads its whole
    archive into an index beside it, later ones what is new.
    """

    requires_crawler_process = False
    log_level = "WARNING"
    has_crawl_options = False

    def syntax(self) -> str:
        return "[options] <portal> ... <words>"

    def short_desc(self) -> str:
        return "Find archived articles by their words"

    def add_options(self, parser: ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--limit", metavar="N", help=f"at most so many articles; {SHOWN}, with -O all")
        parser.add_argument("--since", metavar="DAY", help="first publish day, YYYY-MM-DD")
        parser.add_argument("--until", metavar="DAY", help="last publish day")
        parser.add_argument(
            "-O",
            dest="file",
            metavar="FILE",
            help="write the records of what is found, JSON Lines as .jsonl, CSV as .csv, compressed with .gz or .zst"
            " behind it; - is stdout",
        )

    def check(self, args: list[str], opts: Namespace) -> None:
        from narayacrawl.exporters.sqlite import has_full_text
        from narayacrawl.search.query import full_text_query

        if len(args) < 2:
            raise UsageError(f"name a portal, and the words to search for: {usage.program()} {EXAMPLE}")
        folders = self._folders(args[:-1])
        try:
            full_text_query(args[-1])
            self._arguments(opts)
        except ValueError as error:
            raise UsageError(str(error)) from error
        refuse_outputs(opts.file, {}, folders)
        if not has_full_text():
            raise UsageError("search needs SQLite's full-text search (FTS5), which this Python's has not")

    def execute(self, args: list[str], opts: Namespace) -> Outcome:
        from narayacrawl.archive.segment_files import ArchiveError
        from narayacrawl.exporters.files import OutputError
        from narayacrawl.ledger.database import LedgerError, PortalBusy
        from narayacrawl.search.index import SearchError
        from narayacrawl.search.query import full_text_query

        folders, query = self._folders(args[:-1]), full_text_query(args[-1])
        try:
            with ExitStack() as opened:
                # In one order for all: two searches would wait for each other's.
                indexes = [self._index(folder, opened) for folder in sorted(folders)]
                return self._show(indexes, args[-1], query, opts)
        except PortalBusy:
            raise
        except (ArchiveError, LedgerError, OutputError, SearchError) as error:
            return Outcome(FAILED, str(error))
        except OSError as error:
            return Outcome(FAILED, f"{error.filename or folders[0]}: {error.strerror or error}")

    def _index(self, folder: Path, opened: ExitStack) -> "SearchIndex":
        """Return a portal's index as the archive is now, kept open as long as `opened` is."""
        from narayacrawl.archive.search_files import index_locked
        from narayacrawl.search.index import SearchIndex

        assert self.settings is not None
        place = folder
        if not os.access(folder, os.W_OK):
            place = Path(opened.enter_context(tempfile.TemporaryDirectory()))
            self.shown.note("index", f"{folder} cannot be written: all of it is read, for this search alone")
        with index_locked(place, wait=-1):
            index = SearchIndex(folder, self.settings, place)
            opened.callback(index.close)
            work = Work("looking for what is new")
            with self.shown.progress(folder.name, lambda: work):
                index.update(work)
            index.hold()
        return index

    def _show(self, indexes: "list[SearchIndex]", asked: str, query: str, opts: Namespace) -> Outcome:
        from narayacrawl.exporters.files import lines_output, write_all

        arguments = self._arguments(opts)
        days = arguments.since, arguments.until
        count = sum(index.count(query, *days) for index in indexes)
        limit = arguments.limit or (None if opts.file else SHOWN)
        best = heapq.merge(*(index.search(query, *days) for index in indexes), key=lambda found: found.score)
        found = islice(best, limit)
        what = counted(count, "article")
        told = f"the best {limit:,} of {what}" if limit and count > limit else what
        if opts.file:
            write_all((own.line for own in found), [lambda: lines_output(opts.file)], [])
            self.shown.note("written", f"{told} written to {'stdout' if opts.file == '-' else opts.file}")
        elif count:
            from rich.console import Console

            from narayacrawl.search.shown import print_found

            print_found(Console(highlight=False), [*found], query)
            self.shown.note("found", told)
        if not count:
            return Outcome(FAILED, f"no article of {' or '.join(index.folder.name for index in indexes)} has {asked!r}")
        return Outcome(GOOD)

    def _folders(self, named: list[str]) -> list[Path]:
        """Return the folders of the portals, each once."""
        from narayacrawl.archive.segments import archive_folder, portals

        assert self.settings is not None
        if (archive := archive_folder(self.settings)) is None:
            raise UsageError("there is no archive: the setting ARCHIVE is empty")
        known = portals(archive)
        where = f"no portal {{}} in {archive}"
        if len(named) > 1:
            where += f"; words stand in one pair of quotation marks: {EXAMPLE}"
        return [known[name] for name in dict.fromkeys(self.find_portal(own, known, where) for own in named)]

    def _arguments(self, opts: Namespace) -> "Arguments":
        from narayacrawl.wordpress.arguments import Arguments

        given = {name: value for name in ("since", "until", "limit") if (value := getattr(opts, name)) is not None}
        return Arguments.parse(given)

    def _refuse_unknown(self, args: list[str]) -> None:
        """As for every command; what stands behind `--`, or has a space in it, is no option."""
        options = args[: args.index("--")] if "--" in args else args
        super()._refuse_unknown([arg for arg in options if " " not in arg])
        if "--" in args:
            args.remove("--")
