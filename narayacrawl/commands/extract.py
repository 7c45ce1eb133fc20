"""`scrapy extract`: the articles of saved pages, as JSON Lines."""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from scrapy.exceptions import UsageError

from narayacrawl.commands import crawl
from narayacrawl.language.english import counted
from narayacrawl.monitors.outcome import FAILED, GOOD, Outcome

STDIN: Final = "-"
HTML: Final = frozenset({".html", ".htm", ".xhtml"})


class Command(crawl.Command):
    """Read saved pages and write a record for each, on stdout unless -O names a file. Nothing is fetched.

    A folder is read with all folders in it, in the order of their names. A page that cannot be read costs one line on
    stderr: the others are written, and the exit status is 1.
    """

    requires_project = False
    requires_crawler_process = False
    log_level = "ERROR"
    has_crawl_options = False

    def syntax(self) -> str:
        return "[options] <file or folder or -> ..."

    def short_desc(self) -> str:
        return "Write the articles of saved pages as JSON Lines; - reads one page from stdin"

    def add_options(self, parser: ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--url", metavar="URL", help="address of the one page; else the one that it names itself")
        parser.add_argument(
            "-O",
            dest="file",
            metavar="FILE",
            default="-",
            help="write FILE, JSON Lines as .jsonl, CSV as .csv, compressed with .gz or .zst behind it",
        )

    def check(self, args: list[str], opts: Namespace) -> None:
        from narayacrawl.downloader.address_rule import NO_CREDENTIALS
        from narayacrawl.exporters.files import refuse_ending
        from narayacrawl.urls import USERINFO, absolute

        if not args:
            raise UsageError("name a saved page, a folder of some, or - for stdin")
        try:
            refuse_ending("-O", opts.file)
        except ValueError as error:
            raise UsageError(str(error)) from error
        for name in args:
            if name != STDIN and not Path(name).exists():
                raise UsageError(f"no such file or folder: {name}")
        if opts.url is not None:
            if len(args) > 1 or Path(args[0]).is_dir():
                raise UsageError("--url is for one page")
            if USERINFO.match(opts.url):
                raise UsageError(NO_CREDENTIALS)
            if absolute(opts.url, "") is None:
                raise UsageError(f"no address: {opts.url}")

    def execute(self, args: list[str], opts: Namespace) -> Outcome:
        import narayacrawl
        from narayacrawl.archive.writer import segment_line
        from narayacrawl.explain.page import NoAddressError, Page, canonical_address, saved_page
        from narayacrawl.exporters.files import OutputError, lines_output, write_all
        from narayacrawl.pages import PageRefused
        from narayacrawl.pages.encoding import decode_html
        from narayacrawl.replay.cache_storage import FixtureError

        unread = written = 0

        def page_of_stdin() -> Page:
            html = decode_html(sys.stdin.buffer.read())
            if not (url := opts.url or canonical_address(html)):
                raise NoAddressError("the page names no canonical address: give it with --url")
            return Page(html, url)

        def lines() -> Iterator[bytes]:
            nonlocal unread, written
            for path in saved_pages(args):
                try:
                    page = saved_page(path, opts.url) if path else page_of_stdin()
                    article = narayacrawl.extract(page.html, page.url, fetched_at=page.fetched_at)
                    line = segment_line(article).rstrip(b"\n")
                except (FixtureError, NoAddressError) as error:
                    self.tell(str(error))
                    unread += 1
                except PageRefused as error:
                    self.tell(f"{path or 'stdin'}: {error}")
                    unread += 1
                except TypeError:  # half a surrogate pair
                    self.tell(f"{path or 'stdin'}: cannot be written as UTF-8")
                    unread += 1
                else:
                    written += 1
                    yield line

        try:
            write_all(lines(), [lambda: lines_output(opts.file)], [])
        except OutputError as error:
            return Outcome(FAILED, str(error))
        if not written and not unread:
            return Outcome(FAILED, "no saved page: files end in .html, .htm or .xhtml")
        if unread:
            return Outcome(FAILED, f"{counted(written, 'article')} written, {counted(unread, 'page')} not read")
        return Outcome(GOOD)


def saved_pages(names: list[str]) -> Iterator[Path | None]:
    """List the files that the arguments name, of a folder those that are HTML; None stands for stdin."""
    for name in names:
        path = Path(name)
        if name == STDIN:
            yield None
        elif path.is_dir():
            yield from sorted(own for own in path.rglob("*") if own.suffix.lower() in HTML and own.is_file())
        else:
            yield path
