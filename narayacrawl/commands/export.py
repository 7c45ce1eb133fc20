"""`scrapy export`: the articles of an archive as one file, and its months as one segment each."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from scrapy.exceptions import UsageError

from narayacrawl.commands import crawl, usage
from narayacrawl.commands.output_files import add_output_options, output_openers, refuse_outputs
from narayacrawl.extensions.progress import Work
from narayacrawl.language.english import counted
from narayacrawl.monitors.outcome import FAILED, GOOD, Outcome


class Command(crawl.Command):
    """Write the last revision of every article of a portal's archive, the lines as they stand there.

    It may run beside a crawl: what the ledger has acknowledged is in. A file is written beside and takes its place
    when it is whole.
    """

    requires_crawler_process = False
    log_level = "WARNING"
    has_crawl_options = False

    def syntax(self) -> str:
        return "[options] <portal>"

    def short_desc(self) -> str:
        return "Write the articles of a portal's archive to a file; merge its segments by month"

    def add_options(self, parser: ArgumentParser) -> None:
        super().add_options(parser)
        add_output_options(parser)
        parser.add_argument(
            "--sqlite", metavar="FILE", help="write an SQLite database with full-text search, for Datasette, too"
        )
        parser.add_argument("--markdown", metavar="FOLDER", help="write a folder of Markdown files, an article a file")
        parser.add_argument("--since", metavar="DAY", help="first publish day, YYYY-MM-DD")
        parser.add_argument("--until", metavar="DAY", help="last publish day")
        parser.add_argument(
            "--match", metavar="REGEX", help="only articles with this in title or text, 'beras|gabah'; in any case"
        )
        parser.add_argument("--all-revisions", action="store_true", help="every revision, not only the last")
        parser.add_argument(
            "--no-reread", action="store_true", help="only what the newsroom wrote: no revision that `reread` made"
        )
        parser.add_argument("--compact", action="store_true", help="first merge the segments of each month into one")

    def check(self, args: list[str], opts: Namespace) -> None:
        from narayacrawl.exporters.match import Match
        from narayacrawl.wordpress.arguments import Arguments

        folder = self._portal(usage.one_argument(args, "portal"))
        has_output = opts.file or opts.parquet or opts.sqlite or opts.markdown
        if not (has_output or opts.compact):
            raise UsageError(
                "nothing to do: name a file with -O, --parquet or --sqlite, a folder with --markdown, or --compact"
            )
        window = _window(opts)
        try:
            Arguments.parse(window)
            if opts.match is not None:
                Match(opts.match)
        except ValueError as error:
            raise UsageError(str(error)) from error
        chooses = window or opts.match or opts.all_revisions or opts.no_reread
        if not has_output and chooses:
            raise UsageError(
                "--since, --until, --match, --all-revisions and --no-reread say what is written: name a file with -O"
            )
        refuse_outputs(opts.file, {"--parquet": opts.parquet, "--sqlite": opts.sqlite}, [folder])
        if opts.sqlite:
            self._check_sqlite(opts.sqlite)
        if opts.markdown:
            self._check_markdown(Path(opts.markdown).resolve(), folder.parent)

    def _check_sqlite(self, name: str) -> None:
        """`UsageError` where no database can be written, or stand."""
        from narayacrawl.exporters.sqlite import has_full_text, side_file

        path = Path(name)
        if path.exists() and not path.is_file():
            raise UsageError(f"--sqlite writes a file, and {path} is none")
        if other := side_file(path):
            raise UsageError(f"another program has {path} open: {other} is there")
        if not has_full_text():
            raise UsageError("--sqlite needs SQLite's full-text search (FTS5), which this Python's has not")

    def _check_markdown(self, target: Path, archive: Path) -> None:
        """`UsageError` where no folder of Markdown files can stand."""
        self.images_folder()
        if target.exists() and not target.is_dir():
            raise UsageError(f"--markdown writes a folder, and {target} is none")
        if not target.parent.is_dir():
            raise UsageError(f"no such folder: {target.parent}")
        usage.refuse_inside(target, archive)

    def execute(self, args: list[str], opts: Namespace) -> Outcome:
        from narayacrawl.archive.compaction import compact
        from narayacrawl.archive.segment_files import ArchiveError
        from narayacrawl.archive.segments import compression
        from narayacrawl.exporters.files import OutputError
        from narayacrawl.exporters.match import PatternError
        from narayacrawl.ledger.database import LedgerError, PortalBusy

        assert self.settings is not None
        folder = self._portal(args[0])
        try:
            if opts.compact:
                work = Work("months merged")
                with self.shown.progress(folder.name, lambda: work):
                    merges = compact(folder, compression(self.settings), work.each)
                for merge in merges:
                    self.shown.note(
                        "merged", f"{counted(merge.count, 'segment')} of {merge.month} merged into {merge.path.name}"
                    )
                if not merges:
                    self.shown.note("merged", "no month has segments to merge")
            if opts.file or opts.parquet or opts.sqlite or opts.markdown:
                self._export(folder, opts)
        except PortalBusy:
            raise
        except (ArchiveError, LedgerError, OutputError, PatternError) as error:
            return Outcome(FAILED, str(error))
        except OSError as error:
            return Outcome(FAILED, f"{error.filename or folder}: {error.strerror or error}")
        self.shown.note_on_terminal("archive", str(folder))
        return Outcome(GOOD)

    def _portal(self, portal: str) -> Path:
        from narayacrawl.archive.segments import archive_folder, portals

        assert self.settings is not None
        if (archive := archive_folder(self.settings)) is None:
            raise UsageError("there is no archive: the setting ARCHIVE is empty")
        known = portals(archive)
        return known[self.find_portal(portal, known, f"no portal {{}} in {archive}")]

    def _export(self, folder: Path, opts: Namespace) -> None:
        from narayacrawl.archive.reader import ATTEMPTS, SegmentGone, segments_now
        from narayacrawl.archive.segment_files import ArchiveError
        from narayacrawl.archive.selection import select_lines
        from narayacrawl.exporters.files import STDOUT, Output, write_all
        from narayacrawl.exporters.match import Match
        from narayacrawl.wordpress.arguments import Arguments

        assert self.settings is not None
        window = Arguments.parse(_window(opts))
        openers = output_openers(opts)
        if opts.sqlite:
            from narayacrawl.exporters.sqlite import SqliteFile

            openers.append(lambda: SqliteFile(Path(opts.sqlite)))
        if opts.markdown:
            from narayacrawl.exporters.markdown_folder import MarkdownFolder

            target, images = Path(opts.markdown), self.images_folder()
            openers.append(lambda: MarkdownFolder(target, images=images, has_revisions=opts.all_revisions))
        work = Work("segments read")
        for attempt in range(1, ATTEMPTS + 1):
            outputs: list[Output] = []
            try:
                work.begin("segments read")
                with self.shown.progress(folder.name, lambda: work, is_on_stdout=opts.file == STDOUT):
                    selection = select_lines(
                        segments_now(folder, self.settings),
                        since=window.since,
                        until=window.until,
                        all_revisions=opts.all_revisions,
                        includes_rereads=not opts.no_reread,
                        show=work.each,
                    )
                    match = Match(opts.match) if opts.match else None
                    work.begin("lines written", selection.count)
                    lines = work.counted(selection.lines())
                    write_all(match.among(lines) if match else lines, openers, outputs)
            except SegmentGone as gone:
                if attempt == ATTEMPTS or any(output.is_final for output in outputs):
                    raise ArchiveError(f"{gone} went while it was read: export again") from gone
                continue
            count = match.count if match else selection.count
            what = counted(count, "revision" if opts.all_revisions else "article")
            names = " and ".join(output.name for output in outputs)
            self.shown.note("written", f"{what} of {counted(len(selection.segments), 'segment')} written to {names}")
            return


def _window(opts: Namespace) -> dict[str, str]:
    """Return the days that are given, as a spider's arguments."""
    return {name: day for name in ("since", "until") if (day := getattr(opts, name))}
