"""`scrapy duplicates`: copies and lightly edited copies among the articles of archives."""

import signal
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any, Final

from scrapy.exceptions import UsageError

from narayacrawl.commands import crawl, usage
from narayacrawl.commands.output_files import add_output_options, output_openers, refuse_outputs
from narayacrawl.extensions.progress import Work
from narayacrawl.language.english import counted
from narayacrawl.monitors.outcome import FAILED, GOOD, Outcome

ALL: Final = "all"


class Command(crawl.Command):
    """Find the articles that are copies of others, within a portal and across portals, also where a title was changed,
    paragraphs were cut, added or moved, and words replaced; group them, the earliest first.

    The last revision of each article is read; it may run beside a crawl. A follow-up that repeats another report's
    background is no copy, nor is one of a series with other figures or names.
    """

    requires_crawler_process = False
    log_level = "WARNING"
    has_crawl_options = False

    def syntax(self) -> str:
        return "[options] <portal> [portal ...] | all"

    def short_desc(self) -> str:
        return "Find copies and lightly edited copies among the articles of archives"

    def add_options(self, parser: ArgumentParser) -> None:
        super().add_options(parser)
        add_output_options(parser, ", a row an article that has or is a copy")

    def check(self, args: list[str], opts: Namespace) -> None:
        folders = self._folders(args)
        try:
            import rensa  # noqa: F401
        except ImportError:
            raise UsageError(f"duplicates needs rensa: {usage.install_hint('duplicates')}") from None
        refuse_outputs(opts.file, {"--parquet": opts.parquet}, folders)

    def execute(self, args: list[str], opts: Namespace) -> Outcome:
        from rich.console import Console

        from narayacrawl.duplicates.finder import Finder
        from narayacrawl.duplicates.terminal import print_groups
        from narayacrawl.duplicates.text_file import TextFile
        from narayacrawl.exporters.files import STDOUT, OutputError

        # The file of texts is to go, and the pool's processes to end, in any case.
        signal.signal(signal.SIGTERM, _interrupt)
        folders = self._folders(args)
        work = Work("articles read")
        prints = not (opts.file or opts.parquet)
        try:
            with TextFile() as texts:
                is_on_stdout = prints or opts.file == STDOUT
                with self.shown.progress(_title(folders), lambda: work, is_on_stdout=is_on_stdout):
                    for record in work.counted(self._records(folders)):
                        texts.append(record)
                    finder = Finder(texts)
                    groups = finder.groups(work)
                if prints:
                    print_groups(Console(highlight=False), groups, texts)
                names = "" if prints else _write(groups, texts, opts)
                copies = sum(len(group.copies) for group in groups)
                found = f"{counted(len(groups), 'group')} with {_copies(copies)}" if groups else "no copies"
                self.shown.note("found", f"{found} among {_of(len(texts), len(folders))}{names}")
                if finder.short:
                    self.shown.note("short", f"{counted(finder.short, 'article')} of too few words to be compared")
        except OutputError as error:
            return Outcome(FAILED, str(error))
        except OSError as error:
            return Outcome(FAILED, f"{error.filename or 'the temporary file'}: {error.strerror or error}")
        return Outcome(GOOD)

    def _folders(self, names: list[str]) -> list[Path]:
        """Return the folders of the portals that are named, in that order; with `all` those of the whole archive."""
        from narayacrawl.archive.segments import archive_folder, portals

        assert self.settings is not None
        if (archive := archive_folder(self.settings)) is None:
            raise UsageError("there is no archive: the setting ARCHIVE is empty")
        known = portals(archive)
        if not names:
            raise UsageError(f"name one or more portals, or {ALL}{usage.suggestion('', known)}")
        if names == [ALL] and ALL not in known:
            if not known:
                raise UsageError(f"no portal in {archive}")
            return list(known.values())
        found: list[str] = []
        for name in names:
            portal = self.find_portal(name, known, f"no portal {{}} in {archive}")
            if portal in found:
                raise UsageError(f"{portal} is named twice")
            found.append(portal)
        return [known[portal] for portal in found]

    def _records(self, folders: Iterable[Path]) -> Iterator[dict[str, Any]]:
        from narayacrawl.archive.articles import read_records

        assert self.settings is not None
        for folder in folders:
            yield from read_records(folder, self.settings)


def _write(groups: Any, texts: Any, opts: Namespace) -> str:
    """Write the rows to the files that are named, and return where they are."""
    from narayacrawl.duplicates.rows import FIELDS, Row, lines_of
    from narayacrawl.exporters.files import Output, write_all

    outputs: list[Output] = []
    write_all(lines_of(groups, texts), output_openers(opts, FIELDS, Row), outputs)
    return f" written to {' and '.join(output.name for output in outputs)}"


def _title(folders: list[Path]) -> str:
    return folders[0].name if len(folders) == 1 else f"{len(folders)} portals"


def _copies(count: int) -> str:
    return f"{count} {'copy' if count == 1 else 'copies'}"


def _of(articles: int, portals: int) -> str:
    return f"{counted(articles, 'article')} of {counted(portals, 'portal')}"


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
