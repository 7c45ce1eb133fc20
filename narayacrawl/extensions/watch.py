"""Watch a portal: compare a run with the portal's past runs, and raise alarms, before the run's end is recorded."""

import logging
from datetime import UTC, datetime, timedelta
from typing import Final, Self

from scrapy import signals
from scrapy.crawler import Crawler

from narayacrawl.archive.run import Run
from narayacrawl.ledger.database import LedgerError
from narayacrawl.ledger.past_runs import accept_run, accepted_run, recent_runs, trusted_runs, written_moments
from narayacrawl.monitors.alarms import Alarm, raise_alarm
from narayacrawl.monitors.stats import Stats, below

logger = logging.getLogger(__name__)

SHORT_SILENCE: Final = timedelta(days=1)
"""Any portal may be silent for so long."""
FEW_LINKS: Final = 5
MIN_ERRORS: Final = 5


class Watch:
    """Judges a run that looked for all that is new; one of a part of the portal is like no other.

    What judges is imported only where there is something to judge: nearly every run on a schedule finds nothing new.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        extension = cls(crawler)
        crawler.signals.connect(extension.judge, signal=signals.engine_stopped)
        return extension

    def judge(self) -> None:
        """Raise the run's alarms."""
        run = self.crawler.get_extension(Run)
        stats = self.crawler.stats
        if run is None or run.segment is None or stats.get_value("finish_reason") != "finished":
            return
        scope = run.scope
        if scope.is_partial or scope.limit or scope.fetches_nothing:
            return
        try:
            if run.redesign.is_accepted:
                accept_run(run.ledger.connection, run.portal, run.ledger.run)
                return
            found = [] if scope.is_full else [*self._compared(run), *self._silent(run)]
        except LedgerError as error:
            logger.error("run not judged: %s", error)
            return
        for alarm in found:
            raise_alarm(stats, alarm)
            logger.error("alarm %s: %s", alarm.name, alarm)

    def _compared(self, run: Run) -> list[Alarm]:
        stats = self.crawler.stats.get_stats()
        if not has_something_to_judge(stats):
            return []
        from narayacrawl.monitors.checks import alarms_of
        from narayacrawl.monitors.portal_checks import portal_alarms

        past = (run.ledger.connection, run.portal)
        since, _ = accepted_run(run.ledger.connection, run.portal)
        recent = {own.id: own.stats for own in recent_runs(*past, since=since) if own.is_whole}
        trusted = [recent.get(own.id) or own.stats for own in trusted_runs(*past, since=since) if own.is_whole]
        found = alarms_of(stats, [*recent.values()], trusted, run.figures.examples)
        return found + portal_alarms(stats, [*recent.values()])

    def _silent(self, run: Run) -> list[Alarm]:
        connection, now = run.ledger.connection, datetime.now(UTC)
        last = written_moments(connection, run.portal, 1)
        if not last or now - last[0] < SHORT_SILENCE:
            return []
        from narayacrawl.monitors.rhythm import silence

        _, accepted = accepted_run(connection, run.portal)
        alarm = silence(written_moments(connection, run.portal), now, accepted=accepted)
        return [alarm] if alarm else []


def has_something_to_judge(stats: Stats) -> bool:
    """True if a run has read articles, or a portal's answer was not what it should be."""
    if any(stats.get(f"narayacrawl/{name}") for name in ("record/count", "page/count", "article/failed")):
        return True
    read = stats.get("narayacrawl/listing/read", 0)
    if read and stats.get("narayacrawl/source/listing/listed", 0) < FEW_LINKS * read:
        return True
    if any(name.startswith("narayacrawl/source/") and name.endswith("/failed") for name in stats):
        return True
    statuses = below(stats, "downloader/response_status_count/")
    errors = sum(count for status, count in statuses.items() if int(status) >= 400)
    return errors + stats.get("downloader/exception_count", 0) >= MIN_ERRORS or bool(
        below(stats, "narayacrawl/article/rejected/")
    )
