"""`scrapy report`: how a portal has been doing, as one HTML page."""

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Final

from scrapy.exceptions import UsageError

from narayacrawl.commands import crawl, usage
from narayacrawl.monitors.outcome import FAILED, GOOD, Outcome

STDOUT: Final = "-"
HTML: Final = (".html", ".htm")


class Command(crawl.Command):
    """Write one HTML page that shows how a portal has been doing: articles by day and section, how soon they were
    stored, fields, requests, errors, alarms, what failed and what waits.

    It reads the ledger alone, and may run beside a crawl. The page needs nothing but a browser: no script, no network.
    """

    requires_crawler_process = False
    log_level = "WARNING"
    has_crawl_options = False

    def syntax(self) -> str:
        return "[options] <portal>"

    def short_desc(self) -> str:
        return "Show on one HTML page how a portal has been doing"

    def add_options(self, parser: ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("-O", dest="file", metavar="FILE", help="write to FILE, - is stdout (default: PORTAL.html)")

    def check(self, args: list[str], opts: Namespace) -> None:
        usage.one_argument(args, "portal")
        if opts.file in (None, STDOUT):
            return
        path = Path(opts.file)
        usage.refuse_file(path)
        if path.suffix.lower() not in HTML and (path.is_file() or not path.exists()):
            raise UsageError(f"-O {path}: it is an HTML page: end its name in .html")

    def execute(self, args: list[str], opts: Namespace) -> Outcome:
        from contextlib import closing

        from narayacrawl.archive.segments import archive_folder, portal_folder
        from narayacrawl.exporters.files import OutputError, lines_output, write_all
        from narayacrawl.ledger.database import ledger_url, open_ledger
        from narayacrawl.ledger.runs import portals_of
        from narayacrawl.report import html_report, read_figures

        assert self.settings is not None
        archive = archive_folder(self.settings)
        if archive is None or not self.settings["LEDGER"]:
            raise UsageError("there is no ledger: ARCHIVE or LEDGER is empty")
        with closing(open_ledger(ledger_url(self.settings["LEDGER"], archive), create=False)) as connection:
            portal = self.find_portal(args[0], portals_of(connection), "the ledger knows no portal {}")
            path = Path(opts.file or f"{portal_folder(archive, portal).name}.html")
            if opts.file != STDOUT:
                usage.refuse_inside(path, portal_folder(archive, portal))
            page = html_report(read_figures(connection, portal)).rstrip()
        try:
            write_all([page.encode()], [lambda: lines_output(str(path))], [])
        except OutputError as error:
            return Outcome(FAILED, str(error))
        if opts.file != STDOUT:
            self.tell(f"written to {path}")
        return Outcome(GOOD)
