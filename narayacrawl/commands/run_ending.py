"""End a run as its reader sees it: a summary on the terminal or in the log, and in the file that RUN_SUMMARY names."""

import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from scrapy.crawler import Crawler
from scrapy.exceptions import UsageError
from scrapy.settings import BaseSettings

from narayacrawl import __version__
from narayacrawl.extensions.live_display import print_summary
from narayacrawl.extensions.progress import is_terminal
from narayacrawl.monitors.outcome import FAILED, GOOD, Outcome
from narayacrawl.monitors.run_summary import RunSummary
from narayacrawl.monitors.stats import Stats

logger = logging.getLogger(__name__)


class RunEnding:
    """Sums up one run, whether or not it came to begin."""

    def __init__(self) -> None:
        self.crawler: Crawler | None = None
        """None until the crawl is about to begin."""
        self.spider = ""
        self.file = ""
        """Where the summary is to be written; empty: nowhere."""
        self.given: dict[str, str] = {}
        """What the call sets."""
        self.advice: list[str] = []
        """What else is to be told about what to do next."""
        self._started = datetime.now(UTC)
        self._host = ""

    def begin(self, spider: str, settings: Sequence[str]) -> None:
        """Note which spider is to run, from when on, and what the call sets, `NAME=value`: it may be wrong."""
        self.spider, self._started = spider, datetime.now(UTC)
        self.given = {name: value for name, _, value in (setting.partition("=") for setting in settings)}
        self.file = self.given.get("RUN_SUMMARY", "")

    def prepare(self, spider: str, arguments: Mapping[str, str], settings: BaseSettings) -> None:
        """Note what will run. `UsageError` where the file of RUN_SUMMARY cannot be."""
        self.spider, self.file = spider, settings.get("RUN_SUMMARY") or ""
        self._host = urlsplit(arguments.get("url", "")).netloc
        path = Path(self.file)
        if self.file and (path.is_dir() or not path.resolve().parent.is_dir()):
            problem = "a folder" if path.is_dir() else f"no folder {path.resolve().parent}"
            self.file = ""
            raise UsageError(f"RUN_SUMMARY={path}: {problem}")

    def tell(self, outcome: Outcome, settings: BaseSettings | None, command: str) -> Outcome:
        """Print or log the summary, and write it; return what is left to be told on stderr.

        `command` is how the run was called, `scrapy crawl`. On a terminal the summary is printed, and why the run ended
        so comes below. Elsewhere it is a log record at INFO; the line is part of it where the run was good, so that
        nobody is mailed. A log file has all of it in any case.
        """
        if settings is None:
            return outcome
        summary = self._summary(outcome, settings)
        rows = summary.rows(command.partition(" ")[0]) + [("next", step) for step in self.advice]
        lines = [summary.title(), *(f"  {word:<9} {line}" for word, line in rows)] if self._has_run() else []
        reason = [f"{command}: {outcome.reason}"] if outcome.reason is not None else []
        is_told_here, has_file = is_terminal(), bool(settings.get("LOG_FILE"))
        if is_told_here and lines:
            print_summary(summary.title(), rows)
        is_reason_logged = has_file or (outcome.status == GOOD and not is_told_here)
        if (not is_told_here or has_file) and (record := lines + (reason if is_reason_logged else [])):
            logger.info("%s", "\n".join(record))
        self._alert(summary, settings, [*lines, *reason])
        if outcome.status == GOOD and not is_told_here:
            outcome = Outcome(GOOD)
        return self._written(summary, outcome)

    def _alert(self, summary: RunSummary, settings: BaseSettings, lines: Sequence[str]) -> None:
        """Tell people of the run where the settings name any: those of the call, too, where it was wrong."""
        settings = settings.copy()
        settings.setdict(self.given, priority="cmdline")
        if not (settings.getlist("ALERT_MAIL") or settings.get("ALERT_WEBHOOK")):
            return
        from narayacrawl.archive.segments import archive_folder
        from narayacrawl.monitors.alerts import Channels, Ended, alert

        stats = self._stats()
        is_over = bool(stats.get("narayacrawl/record/count")) and not summary.alarms
        if summary.status == GOOD and not self._has_run():
            return
        ended = Ended(
            status=summary.status,
            title=summary.title(),
            text="\n".join(lines),
            reason=summary.reason,
            alarms=summary.alarms,
            is_judged=is_over,
            details=summary.as_dict(),
        )
        archive = archive_folder(settings)
        folder = _folder(archive, summary.portal)
        for line in alert(Channels.of(settings), ended, folder):
            logger.error("%s", line)
            if self.crawler and self.crawler._stats:
                self.crawler._stats.inc_value("narayacrawl/alert/failed")

    def _has_run(self) -> bool:
        return bool(self._stats().get("start_time"))

    def _stats(self) -> Stats:
        return stats_of(self.crawler) if self.crawler else {}

    def _summary(self, outcome: Outcome, settings: BaseSettings) -> RunSummary:
        from narayacrawl.archive.segments import archive_folder

        spider = self.crawler.spider if self.crawler else None
        portal = getattr(spider, "portal", None) or (self._host if self.spider == "wordpress" else "") or self.spider
        archive = archive_folder(settings) if hasattr(spider, "portal") or spider is None else None
        settings = self.crawler.settings if self.crawler else settings
        return RunSummary.of(
            self._stats(),
            outcome,
            portal=portal,
            spider=self.spider,
            started=self._started,
            ended=datetime.now(UTC),
            archive=str(folder) if (folder := _folder(archive, portal)) else None,
            feeds=feeds(settings),
            version=__version__,
        )

    def _written(self, summary: RunSummary, outcome: Outcome) -> Outcome:
        """Write the file, whole or not at all; return the outcome, which is failed where that could not be."""
        if not self.file:
            return outcome
        import orjson

        from narayacrawl.exporters.files import OutputError, WholeFile

        content = orjson.dumps(summary.as_dict(), default=str, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
        file = None
        try:
            file = WholeFile(Path(self.file))
            file.file.write(content)
            file.finish()
            file.place()
        except (OSError, OutputError) as error:
            if file is not None:
                file.discard()
            reason = f"RUN_SUMMARY not written: {error}"
            return Outcome(outcome.status or FAILED, "; ".join(filter(None, (outcome.reason, reason))))
        return outcome


def _folder(archive: Path | None, portal: str | None) -> Path | None:
    """Return a portal's folder; None where there is none, as for what a wrong call names."""
    from narayacrawl.archive.segment_files import ArchiveError
    from narayacrawl.archive.segments import portal_folder

    try:
        return portal_folder(archive, portal) if archive and portal else None
    except ArchiveError:
        return None


def feeds(settings: BaseSettings) -> Sequence[str]:
    """Return the addresses of the feeds, as the call or the settings name them."""
    return [str(uri) for uri in settings.getdict("FEEDS")]


def stats_of(crawler: Crawler) -> Stats:
    """Return the stats of a crawl as they are now; none before it has begun."""
    # Scrapy's attribute without the underscore raises then. A copy: the crawl may go on in another thread.
    stats = crawler._stats
    return dict(stats.get_stats()) if stats else {}
