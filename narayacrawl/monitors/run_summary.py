"""Sum up a run by its stats: what was written, what failed and why, where the articles are, what to do next."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from narayacrawl.language.english import bytes_worded, duration, worded
from narayacrawl.monitors.alarms import alarms
from narayacrawl.monitors.outcome import BUSY, FAILED, FILTERS, GOOD, INTERRUPTED, MISUSED, UNTRUSTED, Outcome
from narayacrawl.monitors.stats import Stats, below

WORDS: Final[Mapping[int, str]] = {
    GOOD: "good",
    FAILED: "failed",
    MISUSED: "called wrongly",
    UNTRUSTED: "finished, but not to be trusted",
    BUSY: "not run, for another one is going on",
    INTERRUPTED: "interrupted",
}
"""What each exit status means."""
SHOWN_REASONS: Final = 4
PAGES: Final = "warc"
"""Folder of the pages as they came, in a portal's."""


@dataclass(frozen=True, slots=True)
class RunSummary:
    """What a run came to, in the order of the file that RUN_SUMMARY names."""

    portal: str
    spider: str
    run: int | None
    """The run's id in the ledger; None if it did not begin, or no ledger is kept."""
    status: int
    reason: str | None
    """Why it ended with this status; None if it was good and there is nothing to say."""
    started: str
    ended: str
    """ISO 8601 in UTC, to the second."""
    seconds: float
    written: int = 0
    """Articles that were not in the archive before."""
    changed: int = 0
    """Articles of which another revision was written."""
    gone: int = 0
    failed: Mapping[str, int] = field(default_factory=dict)
    """How many articles were asked for and not written, by reason, the most frequent first."""
    requests: int = 0
    bytes: int = 0
    """Of all answers, as they came."""
    archive: str | None = None
    """The portal's folder; None without an archive."""
    kept: int | None = None
    """Bytes of the file that keeps its pages as they came, in the archive's folder `warc`; None if it keeps none."""
    feeds: Sequence[str] = ()
    alarms: Mapping[str, str] = field(default_factory=dict)
    """A line for each thing that is not as usual, by its name."""
    version: str = ""
    compact_due: int = 0
    """How many segments are to be merged, for they are many; 0 if that can wait."""

    @classmethod
    def of(
        cls,
        stats: Stats,
        outcome: Outcome,
        *,
        portal: str,
        spider: str,
        started: datetime,
        ended: datetime,
        archive: str | None = None,
        feeds: Sequence[str] = (),
        version: str = "",
    ) -> "RunSummary":
        """Sum up the run that has these stats; one that did not begin has none."""
        return cls(
            portal=portal,
            spider=spider,
            run=stats.get("narayacrawl/run"),
            status=outcome.status,
            reason=outcome.reason,
            started=started.isoformat(timespec="seconds"),
            ended=ended.isoformat(timespec="seconds"),
            seconds=round((ended - started).total_seconds(), 3),
            written=_written(stats),
            changed=stats.get("narayacrawl/written/edit", 0) + stats.get("narayacrawl/written/reread", 0),
            gone=stats.get("narayacrawl/article/gone", 0),
            failed=_failed(stats),
            requests=stats.get("downloader/request_count", 0),
            bytes=stats.get("downloader/response_bytes", 0),
            archive=archive,
            kept=stats.get("narayacrawl/warc/bytes"),
            feeds=list(feeds),
            alarms=alarms(stats),
            version=version,
            compact_due=stats.get("narayacrawl/archive/compact_due", 0),
        )

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    def title(self) -> str:
        return f"{self.portal}: {WORDS[self.status]}, after {duration(self.seconds)}"

    def rows(self, program: str) -> list[tuple[str, str]]:
        """Return what to show below the title, each with a word before it; `program` is how commands are called."""
        rows = [
            ("written", f"{_grouped(self.written, 'new article')}, {self.changed:,} changed"),
            ("gone", f"{self.gone:,}"),
            ("failed", _reasons(self.failed)),
            ("asked", f"{_grouped(self.requests, 'request')}, {bytes_worded(self.bytes)}"),
            ("articles", ", ".join(filter(None, (self.archive, *self.feeds))) or "not kept: no archive, no -o or -O"),
        ]
        if self.kept is not None and self.archive:
            rows.append(("kept", f"{bytes_worded(self.kept)} of pages as they came in {Path(self.archive) / PAGES}"))
        rows += [("alarm", line) for line in self.alarms.values()]
        return rows + [("next", step) for step in self._next_steps(program)]

    def _next_steps(self, program: str) -> list[str]:
        steps = []
        if self.failed and self.archive:
            steps.append(f"{program} ledger failed {self.portal}")
        if self.status == INTERRUPTED and self.archive:
            steps.append("run the same again: it goes on where this one was")
        if self.status == GOOD and self.archive and (self.written or self.changed):
            steps.append(f"{program} export {self.portal} -O {self.portal.replace(':', '_')}.jsonl")
        if self.status in (FAILED, UNTRUSTED) and not self.failed:
            steps.append("docs/troubleshoot.md has what to do about the line below")
        if not steps and self.archive:
            steps.append("run it again when you like: only what is new or changed is fetched")
        if self.compact_due:
            steps.append(f"{program} export {self.portal} --compact: {self.compact_due:,} segments become one a month")
        return steps


def _grouped(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def _written(stats: Stats) -> int:
    """Count the articles that are new; of a spider without a ledger, all."""
    if any(stats.get(f"narayacrawl/{name}") for name in ("written/edit", "written/reread", "article/read")):
        new: int = stats.get("narayacrawl/written/first", 0)
        return new
    every: int = stats.get("narayacrawl/written/first", stats.get("item_scraped_count", 0))
    return every


def _failed(stats: Stats) -> dict[str, int]:
    """Count the articles that were not written though they were asked for, by reason."""
    reasons = below(stats, "narayacrawl/failed/")
    others = stats.get("narayacrawl/article/failed", 0) - sum(reasons.values())
    kinds = below(stats, "spider_exceptions/")
    reasons |= {name: n for name, n in below(stats, "narayacrawl/dropped/").items() if name not in FILTERS}
    reasons["other"] = reasons.get("other", 0) + others
    reasons["spider_crashed"] = kinds.pop("count", 0) or sum(kinds.values())
    reasons["pipeline_crashed"] = stats.get("item_error_count", 0)
    return dict(sorted(((name, n) for name, n in reasons.items() if n > 0), key=lambda item: (-item[1], item[0])))


def _reasons(failed: Mapping[str, int]) -> str:
    if not failed:
        return "0"
    shown = {name.replace("_", " "): n for name, n in list(failed.items())[:SHOWN_REASONS]}
    others = sum(list(failed.values())[SHOWN_REASONS:])
    return f"{sum(failed.values()):,} ({worded(shown | ({'for other reasons': others} if others else {}))})"
