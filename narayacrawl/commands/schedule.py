"""`scrapy schedule`: what makes systemd or cron crawl a portal, ready to be saved."""

import os
import re
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any

from scrapy.exceptions import UsageError
from scrapy.utils.conf import arglist_to_dict, closest_scrapy_cfg

from narayacrawl.commands import crawl, usage
from narayacrawl.monitors.outcome import FAILED, GOOD, Outcome
from narayacrawl.schedule.job import Job

# What a run needs of the environment in which the schedule was made, and neither systemd nor cron has.
KEPT = (
    "PYTHONPATH",
    "SCRAPY_PROJECT",
    "http_proxy",
    "https_proxy",
    "no_proxy",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
)
MAIL = re.compile(r"[^\s@<>,;%]+@[^\s@<>,;%]+")
URL = re.compile(r"https?://[^\s/]+\S*")
CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")


class Command(crawl.Command):
    """Print the units of systemd, or with --cron the lines of a crontab, that crawl a portal for years: with contact,
    log rotation, retention of the archive, and word of failures.

    What is given with -a and -s is given to every run.
    """

    requires_crawler_process = False
    log_level = "WARNING"
    has_crawl_options = False

    def syntax(self) -> str:
        return "[options] <spider>"

    def short_desc(self) -> str:
        return "Print what makes systemd or cron crawl a portal"

    def add_options(self, parser: ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--every", metavar="INTERVAL", help="how often: 15m, 1h, 1d")
        parser.add_argument("--cron", action="store_true", help="lines of a crontab instead of systemd's units")
        parser.add_argument("--contact", metavar="TEXT", help="who crawls; unless given, that of NARAYACRAWL_CONTACT")
        parser.add_argument("--alert", metavar="ADDRESS", help="a mail address or a URL that is told of runs that fail")
        parser.add_argument("--write", metavar="FOLDER", help="write the units to FOLDER (/etc/systemd/system)")
        parser.add_argument(
            "-a", dest="spargs", action="append", default=[], metavar="NAME=VALUE", help="of the spider"
        )

    def check(self, args: list[str], opts: Namespace) -> None:
        self.check_spider(usage.one_argument(args, "spider"), opts.spargs)
        self._job(args[0], opts)
        if opts.write and opts.cron:
            raise UsageError("--write is for systemd's units: add what --cron prints with crontab -e")
        if opts.write and not Path(opts.write).is_dir():
            raise UsageError(f"no such folder: {opts.write}")

    def execute(self, args: list[str], opts: Namespace) -> Outcome:
        assert self.settings is not None
        job = self._job(args[0], opts)
        if opts.cron:
            from narayacrawl.schedule.cron import crontab

            try:
                print(crontab(job), end="")
            except ValueError as error:
                raise UsageError(str(error)) from error
            return Outcome(GOOD)
        from narayacrawl.schedule.systemd import document, start, units

        if not job.alert and not any(self.settings.get(name) for name in ("ALERT_MAIL", "ALERT_WEBHOOK")):
            self.tell("nobody is told of a run that fails: --alert names a mail address or a URL")
        if not opts.write:
            print(document(job), end="")
            return Outcome(GOOD)
        for name, text in units(job).items():
            try:
                Path(opts.write, name).write_text(text, encoding="utf-8")
            except OSError as error:
                return Outcome(FAILED, f"{error.filename}: {error.strerror}")
        self.tell(f"written to {opts.write}: {' '.join(units(job))}; now: {start(job)}")
        return Outcome(GOOD)

    def _job(self, spider: str, opts: Namespace) -> Job:
        """What is to be scheduled. Raises `UsageError` where something is missing or cannot be."""
        from narayacrawl.schedule.interval import Interval

        assert self.settings is not None
        if not opts.every:
            raise UsageError("say how often: --every 15m")
        contact = opts.contact if opts.contact is not None else os.environ.get("NARAYACRAWL_CONTACT", "")
        if not contact.strip():
            raise UsageError(
                "name who crawls, for NARAYACRAWL_CONTACT is not set: --contact 'newsroom data, crawler@contoh.example'"
            )
        if opts.alert and not (MAIL.fullmatch(opts.alert) or URL.fullmatch(opts.alert)):
            raise UsageError(f"--alert {opts.alert!r} is neither a mail address nor an http or https address")
        try:
            every = Interval.parse(opts.every)
        except ValueError as error:
            raise UsageError(f"--every: {error}") from error
        folder = Path(closest_scrapy_cfg() or "scrapy.cfg").absolute().parent
        portal = self._portal(spider, opts.spargs)
        job = Job(
            spider=spider,
            portal=portal,
            every=every,
            contact=contact.strip(),
            python=sys.executable,
            folder=folder,
            user=_owner(folder),
            arguments={name: _absolute(value) if name == "urls" else value for name, value in opts.spargs.items()},
            settings=arglist_to_dict(opts.set),
            environment=_environment(),
            alert=opts.alert,
        )
        texts = [job.contact, job.python, str(folder), *job.crawl, *job.environment.values()]
        if broken := next((text for text in texts if CONTROL.search(text)), None):
            raise UsageError(f"{broken!r} is more than one line: neither systemd nor cron can hold it")
        return job

    def _portal(self, spider: str, arguments: dict[str, str]) -> str | None:
        """The name of the portal's folder in the archive; None for a spider that writes none. Raises `UsageError`."""
        from narayacrawl.archive.segment_files import ArchiveError
        from narayacrawl.archive.segments import archive_folder, portal_folder

        assert self.settings is not None
        spider_class: Any = self.loader.load(spider)
        archive = archive_folder(self.settings)
        if archive is None or not hasattr(spider_class, "portal"):
            return None
        try:
            return portal_folder(archive, spider_class(**arguments).portal).name
        except ArchiveError as error:
            raise UsageError(str(error)) from error


def _environment() -> dict[str, str]:
    """What a run needs of this environment."""
    kept = {name: value for name in KEPT if (value := os.environ.get(name))}
    if places := kept.get("PYTHONPATH"):
        kept["PYTHONPATH"] = os.pathsep.join(str(Path(place).absolute()) for place in places.split(os.pathsep))
    return kept


def _owner(folder: Path) -> str:
    """The name of whose folder it is, or its number where it has no name here."""
    try:
        return folder.owner()
    except KeyError:
        return str(folder.stat().st_uid)


def _absolute(urls: str) -> str:
    """A file of addresses by its absolute path; addresses as they are."""
    return str(Path(urls).absolute()) if "://" not in urls else urls
