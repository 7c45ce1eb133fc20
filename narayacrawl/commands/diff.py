"""`scrapy diff`: what changed between the revisions of one article, read from the archive."""

from argparse import Namespace
from pathlib import Path

from scrapy.exceptions import UsageError

from narayacrawl.commands import crawl, usage
from narayacrawl.monitors.outcome import FAILED, GOOD, Outcome


class Command(crawl.Command):
    """Show what changed from each revision of an article to the next; any address that it has had names it.

    A line in a pipe is whole: `-` and `+` begin what went and came of a text, a field's name any other change.
    """

    requires_crawler_process = False
    log_level = "WARNING"
    has_crawl_options = False

    def syntax(self) -> str:
        return "[options] <url>"

    def short_desc(self) -> str:
        return "Show what changed between the revisions of an archived article"

    def check(self, args: list[str], opts: Namespace) -> None:
        from narayacrawl.wordpress.arguments import web_address

        url = usage.one_argument(args, "URL")
        try:
            web_address(url)
        except ValueError as error:
            raise UsageError(str(error)) from error
        self._archive()

    def execute(self, args: list[str], opts: Namespace) -> Outcome:
        from rich.console import Console

        from narayacrawl.archive.diff_terminal import print_history
        from narayacrawl.archive.revisions import revisions

        assert self.settings is not None
        [url], archive = args, self._archive()
        found = revisions(archive, url, self.settings)
        if not found:
            return Outcome(FAILED, f"no article with the address {url} in {archive}")
        console = Console(highlight=False)
        for number, history in enumerate(found):
            if number:
                console.print()
            print_history(console, history)
        return Outcome(GOOD)

    def _archive(self) -> Path:
        from narayacrawl.archive.segments import archive_folder

        assert self.settings is not None
        if (archive := archive_folder(self.settings)) is None:
            raise UsageError("there is no archive: the setting ARCHIVE is empty")
        return archive
