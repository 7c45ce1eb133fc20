"""`scrapy crawl`: Scrapy's, with arguments that are checked first and an exit status that a schedule can trust."""

import asyncio
import difflib
import logging
import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

from scrapy import Spider
from scrapy.commands import BaseRunSpiderCommand, ScrapyCommand
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.exceptions import UsageError
from scrapy.settings import SETTINGS_PRIORITIES
from scrapy.spiderloader import get_spider_loader

from narayacrawl import settings as own
from narayacrawl.monitors.outcome import BUSY, FAILED, GOOD, INTERRUPTED, MISUSED, Outcome, outcome

logger = logging.getLogger(__name__)


class Command(BaseRunSpiderCommand):
    """Run a spider; `monitors.outcome` judges its exit status, and what is not good is one line on stderr.

    A spider class may have a classmethod `check_arguments(arguments: dict[str, str]) -> None`, which raises a
    `ValueError` of one line for what it does not take: the crawl does not start then.
    """

    requires_project = True
    # A foreign project names no archive.
    default_settings = {
        name: getattr(own, name) for name in ("ARCHIVE", "ARCHIVE_COMPRESSION", "LEDGER", "FIXTURES_DIR")
    }
    log_level: ClassVar[str | None] = None
    """The least that is logged unless the call says; None for that of the settings."""
    has_crawl_options: ClassVar[bool] = True
    """False for a command without `-a`, `-o` and `-O`: it crawls nothing, or decides itself what is written."""

    def syntax(self) -> str:
        return "[options] <spider>"

    def short_desc(self) -> str:
        return "Run a spider; the exit status tells whether the run was good"

    def add_options(self, parser: ArgumentParser) -> None:
        parser.usage = f"{program()} {self.name} {self.syntax()}"
        if self.has_crawl_options:
            super().add_options(parser)
        else:
            ScrapyCommand.add_options(self, parser)
            parser.set_defaults(spargs=[], output=None, overwrite_output=None)

    def process_options(self, args: list[str], opts: Namespace) -> None:
        try:
            super().process_options(args, opts)
            self.check(args, opts)
        except UsageError as error:
            self._finish(Outcome(MISUSED, str(error)))
            sys.exit(self.exitcode)
        assert self.settings is not None
        if self.log_level and (self.settings.getpriority("LOG_LEVEL") or 0) < SETTINGS_PRIORITIES["cmdline"]:
            self.settings.set("LOG_LEVEL", self.log_level, priority="cmdline")

    def check(self, args: list[str], opts: Namespace) -> None:
        """`UsageError` where the command was called wrongly; nothing is started yet, and nothing logged."""
        self.check_spider(one_argument(args, "spider"), opts.spargs)

    def run(self, args: list[str], opts: Namespace) -> None:
        from narayacrawl.archive.segment_files import ArchiveError
        from narayacrawl.ledger.database import LedgerError, PortalBusy
        from narayacrawl.ledger.portals import PortalWaits

        try:
            self._finish(self.execute(args, opts))
        except UsageError as error:
            self._finish(Outcome(MISUSED, str(error)))
        except PortalBusy as error:
            self._finish(Outcome(BUSY, str(error)))
        except (LedgerError, ArchiveError) as error:
            self._finish(Outcome(FAILED, str(error)))
        except PortalWaits as error:
            # Nothing is wrong: the run that was told so has said it, and the first one after that goes on.
            self._finish(Outcome(GOOD, str(error)))
        except KeyboardInterrupt:
            self._finish(Outcome(INTERRUPTED, "interrupted"))
        except Exception as error:
            logger.exception("Failed")
            self._finish(Outcome(FAILED, f"{type(error).__name__}: {error}"))

    def execute(self, args: list[str], opts: Namespace) -> Outcome:
        """Do what the command is for."""
        from narayacrawl.archive.segments import archive_folder, portal_folder

        assert self.settings is not None
        crawler = self._create_crawler(args[0])
        result = self.crawl(crawler, opts.spargs)
        archive = archive_folder(self.settings)
        if opts.overwrite_output and archive and not crawler.stats.get_value("item_scraped_count"):
            portal = getattr(crawler.spider, "portal", args[0])
            self.tell(
                f"{', '.join(opts.overwrite_output)} is empty, for it holds this run's articles only;"
                f" the archive is the place for schedules: {portal_folder(archive, portal)} has those of every run"
                f" ({program()} export {portal} -O FILE.jsonl)"
            )
        return result

    def check_spider(self, name: str, arguments: dict[str, str]) -> None:
        """`UsageError` where there is no such spider, or it does not take these arguments."""
        assert self.settings is not None
        loader = get_spider_loader(self.settings)
        try:
            spider_class: type[Spider] = loader.load(name)
        except KeyError:
            raise UsageError(f"no spider {name!r}{suggestion(name, loader.list())}") from None
        if check := getattr(spider_class, "check_arguments", None):
            try:
                check(arguments)
            except ValueError as error:
                raise UsageError(str(error)) from error

    def crawl(self, crawler: Crawler, arguments: dict[str, str]) -> Outcome:
        """Run the crawl to its end and judge it; an exception that kept it from starting is raised."""
        assert isinstance(self.crawler_process, AsyncCrawlerProcess)
        task: asyncio.Task[None] = self.crawler_process.crawl(crawler, **arguments)
        self.crawler_process.start()
        # Not done after a second Ctrl-C.
        if task.done() and not task.cancelled() and (error := task.exception()) is not None:
            raise error
        return outcome(crawler.stats.get_stats())

    def _finish(self, outcome: Outcome) -> None:
        """Set the exit status and say why, the one place where a command does."""
        try:
            sys.stdout.flush()
        except OSError:
            # Python flushes once more when it exits, and would end with a status of its own.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if outcome.reason is not None:
            self.tell(outcome.reason)
        self.exitcode = outcome.status

    @property
    def name(self) -> str:
        return type(self).__module__.rpartition(".")[2]

    def tell(self, line: str) -> None:
        tell(self.name, line)


def tell(command: str, line: str) -> None:
    """Print a line on stderr, after the command as it was called: `scrapy crawl: …`, `narayacrawl crawl: …`."""
    print(f"{program()} {command}: {line}", file=sys.stderr)


def program() -> str:
    """Return `narayacrawl` where that was called, as a script or with `python -m`, else `scrapy`."""
    path = Path(sys.argv[0])
    name = path.parent.name if path.stem == "__main__" else path.stem
    return name if name == "narayacrawl" else "scrapy"


def install_hint(extra: str) -> str:
    """Return how the packages of an extra are installed: for a clone, into its environment."""
    clone = Path(__file__).parents[2]
    if not (clone / "pyproject.toml").is_file():
        return f"pip install 'narayacrawl[{extra}]'"
    return f"pip install -e '{'.' if clone == Path.cwd() else clone}[{extra}]'"


def one_argument(args: list[str], what: str) -> str:
    """The only argument; `UsageError` where there is none, or another one."""
    if len(args) != 1:
        raise UsageError(f"name one {what}, not {' '.join(args)}" if args else f"name a {what}")
    return args[0]


def suggestion(name: str, names: Iterable[str]) -> str:
    """` (did you mean x or y?)`, or all names where none is near."""
    names = sorted(names)
    if near := difflib.get_close_matches(name, names):
        return f" (did you mean {' or '.join(near)}?)"
    return f" (there are: {', '.join(names) or 'none'})"
