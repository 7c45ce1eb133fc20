"""`scrapy crawl`: Scrapy's, with arguments that are checked first and an exit status that a schedule can trust."""

import asyncio
import gc
import importlib
import importlib.util
import logging
import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Collection
from functools import cached_property
from pathlib import Path
from textwrap import indent
from typing import ClassVar, NoReturn
from urllib.parse import urlsplit

from scrapy import Spider
from scrapy.commands import BaseRunSpiderCommand, ScrapyCommand
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.exceptions import UsageError
from scrapy.settings import SETTINGS_PRIORITIES, BaseSettings
from scrapy.spiderloader import SpiderLoaderProtocol, get_spider_loader

from narayacrawl import settings as own
from narayacrawl.commands import portal_names
from narayacrawl.commands.run_ending import RunEnding
from narayacrawl.commands.settings_check import refuse_given, refuse_settings
from narayacrawl.commands.usage import install_hint, one_argument, program, refuse_repeated, suggestion, tell
from narayacrawl.commands.work_shown import WorkShown
from narayacrawl.extensions import scrapy_log
from narayacrawl.extensions.garbage_collector import THRESHOLDS
from narayacrawl.extensions.progress import Progress, can_draw
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

    def __init__(self) -> None:
        super().__init__()
        self.ending = RunEnding()
        self.shown = WorkShown(self.name, self.tell)

    @cached_property
    def loader(self) -> SpiderLoaderProtocol:
        """What finds the project's spiders: made once, for it copies all settings."""
        assert self.settings is not None
        return get_spider_loader(self.settings)

    def syntax(self) -> str:
        return "[options] <spider>"

    def short_desc(self) -> str:
        return "Run a spider; the exit status tells whether the run was good"

    def add_options(self, parser: ArgumentParser) -> None:
        parser.usage = f"{program()} {self.name} {self.syntax()}"
        # argparse would print how the command is used before its line.
        parser.error = self._refuse  # type: ignore[assignment,method-assign]
        if self.has_crawl_options:
            super().add_options(parser)
            format_options = parser.format_help
            parser.format_help = lambda: format_options() + self._spider_help()  # type: ignore[method-assign]
        else:
            ScrapyCommand.add_options(self, parser)
            parser.set_defaults(spargs=[], output=None, overwrite_output=None)

    def process_options(self, args: list[str], opts: Namespace) -> None:
        assert self.settings is not None
        # What is imported from here on stays: Python would look through all of it two hundred times.
        gc.set_threshold(*THRESHOLDS)
        # Scrapy 2.19 asks there for the source of every calling frame, three times: a tenth of a start where the stack
        # is deep and many modules are imported, hardly anything here.
        if self.requires_crawler_process:
            importlib.import_module("scrapy.core.downloader.contextfactory")
        self.ending.begin(args[0] if args else "", opts.set)
        try:
            self._refuse_unknown(args)
            refuse_given(self.settings, opts.set)
            refuse_repeated(opts.spargs)
            super().process_options(args, opts)
            refuse_settings(self.settings)
            self.check(args, opts)
            if self.is_run:
                self.ending.prepare(args[0], opts.spargs, self.settings)
        except ModuleNotFoundError as error:
            if error.name not in self.settings.getlist("SPIDER_MODULES"):
                raise
            self._refuse(f"SPIDER_MODULES names {error.name}, which is not there")
        except (UsageError, ValueError, OSError) as error:
            self._refuse(f"{error.filename}: {error.strerror}" if isinstance(error, OSError) else str(error))
        self.shown.begin(self.settings)
        self._set_log_levels(self.settings)

    def _set_log_levels(self, settings: BaseSettings) -> None:
        """Say what is logged, unless the call does: on a terminal with a live display, warnings; Scrapy's start only
        with DEBUG."""
        is_on_terminal = can_draw() and not settings["LOG_FILE"]
        least = self.log_level or ("WARNING" if is_on_terminal and settings["LOG_LEVEL"] == "INFO" else None)
        if least and (settings.getpriority("LOG_LEVEL") or 0) < SETTINGS_PRIORITIES["cmdline"]:
            settings.set("LOG_LEVEL", least, priority="cmdline")
        scrapy_log.lower_start_lines()
        if is_on_terminal:
            scrapy_log.lower_stats()

    def check(self, args: list[str], opts: Namespace) -> None:
        """`UsageError` where the command was called wrongly; nothing is started yet, and nothing logged."""
        args[:] = [self._spider_of(one_argument(args, "spider").strip(), opts.spargs)]
        self.check_spider(args[0], opts.spargs)
        self.images_folder()
        self.refuse_raw_pages()

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
        is_empty = result.status == GOOD and not crawler.stats.get_value("item_scraped_count")
        if opts.overwrite_output and archive and is_empty:
            portal = getattr(crawler.spider, "portal", args[0])
            folder = portal_folder(archive, portal)
            if any(folder.glob("*.jsonl*")):
                self.ending.advice.append(
                    f"{', '.join(opts.overwrite_output)} is empty, for it holds this run's articles only;"
                    f" the archive is the place for schedules: {folder} has those of every run"
                    f" ({program()} export {portal} -O FILE.jsonl)"
                )
        return result

    def _spider_of(self, named: str, arguments: dict[str, str]) -> str:
        """Return the spider that is named by its name, or by host or address of its portal; the arguments of the spider
        of any portal get the address then."""
        assert self.settings is not None
        loader, names = self.loader, self.loader.list()
        host = portal_names.host_of(named)
        if named in names or host is None:
            return named
        if own := portal_names.spider_at(host, loader):
            if urlsplit(named if "//" in named else f"//{named}").path.strip("/"):
                raise UsageError(f"{named} is a page of the portal of spider {own}: {own} -a urls={named}")
            return own
        if portal_names.ANY_PORTAL not in names:
            return named
        if "url" in arguments:
            raise UsageError(f"{named} and url={arguments['url']} both say which portal: leave out one")
        arguments["url"] = portal_names.portal_url(named, self.settings)
        return portal_names.ANY_PORTAL

    def find_portal(self, named: str, known: Collection[str], where: str) -> str:
        """Return which of these portals is named; `UsageError`, which says `where` it is not, if none is."""
        if found := portal_names.find_portal(named, known, self.loader):
            return found
        raise UsageError(f"{where.format(repr(named))}{suggestion(named, known)}")

    def check_spider(self, name: str, arguments: dict[str, str]) -> None:
        """`UsageError` where there is no such spider, or it does not take these arguments."""
        try:
            spider_class: type[Spider] = self.loader.load(name)
        except KeyError:
            raise UsageError(f"no spider {name!r}{suggestion(name, self.loader.list())}") from None
        if check := getattr(spider_class, "check_arguments", None):
            try:
                check(arguments)
            except ValueError as error:
                raise UsageError(str(error)) from error

    def images_folder(self) -> Path | None:
        """Return the folder of the articles' images, None where none are kept; `UsageError` where none can be."""
        assert self.settings is not None
        if not self.settings.get("IMAGES_STORE"):
            return None
        from narayacrawl.archive.images import StoreError, images_folder

        if importlib.util.find_spec("PIL") is None:
            raise UsageError(f"IMAGES_STORE needs Pillow: {install_hint('images')}")
        try:
            return images_folder(self.settings)
        except StoreError as error:
            raise UsageError(str(error)) from error

    def refuse_raw_pages(self) -> None:
        """`UsageError` where pages are to be kept and cannot be."""
        assert self.settings is not None
        if not self.settings.getbool("WARC"):
            return
        if not self.settings.get("ARCHIVE"):
            raise UsageError("WARC=1 keeps pages in the archive: set ARCHIVE, too")
        if importlib.util.find_spec("warcio") is None:
            raise UsageError(f"WARC=1 needs warcio: {install_hint('warc')}")

    def crawl(self, crawler: Crawler, arguments: dict[str, str]) -> Outcome:
        """Run the crawl to its end and judge it; an exception that kept it from starting is raised."""
        assert isinstance(self.crawler_process, AsyncCrawlerProcess)
        self.ending.crawler = crawler
        task: asyncio.Task[None] = self.crawler_process.crawl(crawler, **arguments)
        self.crawler_process.start()
        # Not done after a second Ctrl-C.
        if task.done() and not task.cancelled() and (error := task.exception()) is not None:
            raise error
        return outcome(crawler.stats.get_stats())

    def _spider_help(self) -> str:
        """Return what the spider that is named on the command line takes as arguments; without one, those of every
        portal's spider."""
        from narayacrawl.wordpress import WordPressSpider

        named = next((word for word in sys.argv[2:] if word in self.loader.list()), None)
        spider_class = self.loader.load(named) if named else WordPressSpider
        if not issubclass(spider_class, WordPressSpider):
            return ""
        what = f"the spider {named}" if named else "a portal's spider"
        heading = f"Arguments of {what}"
        return f"\n{heading}\n{'-' * len(heading)}\n{indent(spider_class.describe_arguments(), '  ')}\n"

    def _refuse_unknown(self, args: list[str]) -> None:
        """`UsageError` for an option that the command does not have: Scrapy takes it for an argument."""
        if unknown := [arg for arg in args if arg.startswith("-") and arg != "-"]:
            raise UsageError(f"no such option: {unknown[0]} ({program()} {self.name} -h lists them)")

    def _refuse(self, line: str) -> NoReturn:
        self._finish(Outcome(MISUSED, line))
        sys.exit(self.exitcode)

    def _finish(self, outcome: Outcome) -> None:
        """Set the exit status and say why, the one place where a command does."""
        Progress.stop_shown()
        try:
            sys.stdout.flush()
        except OSError:
            # Python flushes once more when it exits, and would end with a status of its own.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if self.is_run:
            outcome = self.ending.tell(outcome, self.settings, f"{program()} {self.name}")
        self.shown.end()
        if outcome.reason is not None:
            self.tell(outcome.reason)
        self.exitcode = outcome.status

    @property
    def is_run(self) -> bool:
        """True for a crawl, which ends with a summary; the other commands have their own lines."""
        return type(self) is Command

    @property
    def name(self) -> str:
        return type(self).__module__.rpartition(".")[2]

    def tell(self, line: str) -> None:
        tell(self.name, line)
