"""Judge a crawl by its stats: whether a schedule may take the run for a success."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from narayacrawl.language.english import counted, worded

Stats: TypeAlias = Mapping[str, Any]

GOOD: Final = 0
FAILED: Final = 1
MISUSED: Final = 2
UNTRUSTED: Final = 3
INTERRUPTED: Final = 5

TOLERANCE: Final = 0.1
"""The share of articles that may fail, or be dropped as unreadable, in a run that still counts as good."""

FILTERS: Final = frozenset({"outside_window", "unchanged", "put_aside"})
"""Reasons under `narayacrawl/dropped/` that nothing is wrong with: the run's own arguments ask for them, the archive
holds the article already, or it is written or held back once all others are read."""

FINE_REASONS: Final = frozenset({"finished", "limit", "request_budget", "retry_after"})
NOT_SENT: Final = frozenset({"IgnoreRequest", "Ended"})
"""Exceptions of requests that were never made."""
BLOCKING_STATUSES: Final = frozenset({401, 403, 407, 429, 451})


@dataclass(frozen=True, slots=True)
class Outcome:
    """Tells how a command ended: its exit status, and why."""

    status: int
    """Exit status: 0 good, 1 failed, 2 called wrongly, 3 finished but not to be trusted, 5 interrupted."""
    reason: str | None = None
    """One line that says why; None when it is good and there is nothing to say."""


def outcome(stats: Stats) -> Outcome:
    """Judge a finished crawl by its stats; where several things went wrong, the likely cause of the others is named."""
    if reason := _output_failed(stats):
        return Outcome(FAILED, reason)
    # A second signal ends the process without a reason.
    if stats.get("finish_reason", "shutdown") == "shutdown":
        return Outcome(INTERRUPTED, "interrupted")
    for check in CHECKS:
        if reason := check(stats):
            return Outcome(FAILED, reason)
    for check in DOUBTS:
        if reason := check(stats):
            return Outcome(UNTRUSTED, reason)
    if reason := _ended_early(stats):
        return Outcome(GOOD, reason)
    if not stats.get("item_scraped_count", 0) and (known := stats.get("narayacrawl/ledger/done", 0)):
        gone = stats.get("narayacrawl/article/gone", 0)
        removed = f", {counted(gone, 'other')} gone" if gone else ""
        return Outcome(GOOD, f"nothing new: {counted(known, 'article')} known{removed} (-a full=1 crawls all again)")
    return Outcome(GOOD)


def below(stats: Stats, prefix: str) -> dict[str, int]:
    """Return the counts under `prefix`, which ends in a slash, by the rest of their names, the largest first."""
    counts = {name.removeprefix(prefix): count for name, count in stats.items() if name.startswith(prefix) and count}
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _output_failed(stats: Stats) -> str | None:
    if reason := stats.get("narayacrawl/output/failed"):
        return f"output failed: {reason}"
    reason = stats.get("finish_reason", "")
    if reason.startswith("ledger "):
        return f"output failed: {reason}"
    if storages := below(stats, "feedexport/failed_count/"):
        return f"output failed: a feed could not be stored ({worded(storages)}): see the log"
    return None


def _missing_fixtures(stats: Stats) -> str | None:
    missing: list[str] = stats.get("narayacrawl/fixtures/missing", [])
    if not missing:
        return None
    more = ", …" if len(missing) > 5 else ""
    return f"{counted(len(missing), 'page')} without a fixture: {', '.join(missing[:5])}{more}"


def _moved(stats: Stats) -> str | None:
    target = stats.get("narayacrawl/portal/moved")
    return f"the portal has moved to {target}: crawl it with -a url={target}" if target else None


def _is_private(stats: Stats) -> str | None:
    if _answers(stats) or not stats.get("narayacrawl/refused/private_address"):
        return None
    return "the portal's name resolves to a private address: name it in -s PRIVATE_HOSTS= if that is meant"


def _forbidden_by_robots(stats: Stats) -> str | None:
    forbidden = stats.get("robotstxt/forbidden", 0)
    if forbidden and not _read(stats) and not _answers(stats):
        return f"blocked by robots.txt: it forbids all of {counted(forbidden, 'page')} asked for"
    return None


def _unreachable(stats: Stats) -> str | None:
    if (errors := _download_errors(stats)) and not _answers(stats):
        return f"unreachable: no page was answered ({worded(errors)})"
    return None


def _refused(stats: Stats) -> str | None:
    answers = _answers(stats)
    refusals = {status: count for status, count in answers.items() if status >= 400}
    if _read(stats) or not refusals:
        return None
    status = max(refusals, key=lambda status: (refusals[status], status))
    word = "blocked" if status in BLOCKING_STATUSES else "server error" if status >= 500 else "not found"
    return f"{word}: {refusals[status]} of {sum(answers.values())} answers were {status}"


def _crashed(stats: Stats) -> str | None:
    kinds = below(stats, "spider_exceptions/")
    callbacks = kinds.pop("count", 0) or sum(kinds.values())
    if callbacks:
        return f"the spider raised {counted(callbacks, 'error')} ({worded(kinds)}): see the log"
    if items := stats.get("item_error_count", 0):
        return f"the pipelines raised {counted(items, 'error')}: see the log"
    return None


def _listings_failed(stats: Stats) -> str | None:
    if failed := stats.get("narayacrawl/listing/failed", 0):
        return f"{counted(failed, 'listing')} could not be fetched{_troubles(stats)}"
    return None


def _listings_empty(stats: Stats) -> str | None:
    if empty := stats.get("narayacrawl/listing/empty", 0):
        return f"listing without links: {empty}"
    return None


def _sources_failed(stats: Stats) -> str | None:
    if not stats.get("narayacrawl/source/all_failed", 0):
        return None
    return f"no source could be read{_troubles(stats)}: see the log"


def _articles_failed(stats: Stats) -> str | None:
    failed = stats.get("narayacrawl/article/failed", 0)
    asked = failed + stats.get("narayacrawl/article/read", 0) + stats.get("narayacrawl/article/gone", 0)
    if failed > TOLERANCE * asked:
        return f"{failed} of {asked} articles could not be fetched{_troubles(stats)}"
    return None


def _asked_to_wait(stats: Stats) -> str | None:
    got_something = stats.get("narayacrawl/article/read", 0) + stats.get("narayacrawl/article/unchanged", 0)
    return None if got_something else _until(stats)


def _until(stats: Stats) -> str | None:
    moment = stats.get("narayacrawl/retry_after")
    return (
        f"the portal wants no request before {moment} (its Retry-After): a run after that goes on" if moment else None
    )


def _ended_early(stats: Stats) -> str | None:
    """Tell what has ended a run whose articles were good, but not all it was asked for."""
    written = counted(stats.get("item_scraped_count", 0), "article")
    if reason := _until(stats):
        return f"{written} written; {reason}"
    if stats["finish_reason"] == "request_budget":
        budget = stats.get("narayacrawl/request_budget", 0)
        return f"{written} written with REQUEST_BUDGET={budget}, which is spent: the next run goes on"
    return None


def _stopped_early(stats: Stats) -> str | None:
    reason: str = stats["finish_reason"]
    if reason == "refused":
        return f"the portal serves nothing for now{_troubles(stats)}: the next run goes on"
    if reason in FINE_REASONS or reason.startswith("closespider_"):
        return None
    return f"stopped early: {reason}"


def _nothing_written(stats: Stats) -> str | None:
    if stats.get("item_scraped_count", 0) or stats["finish_reason"] == "request_budget":
        return None
    read = stats.get("narayacrawl/article/read", 0)
    known = ("narayacrawl/listing/older_entries", "narayacrawl/ledger/known", "narayacrawl/ledger/done")
    if not read and any(stats.get(name) for name in known):
        return None
    if not read:
        return "nothing written: no article was found"
    dropped = below(stats, "narayacrawl/dropped/")
    unreadable = sum(count for name, count in dropped.items() if name not in FILTERS)
    if FILTERS.intersection(dropped) and unreadable <= TOLERANCE * read:
        return None
    details = f" ({worded(dropped)})" if dropped else ""
    return f"nothing written: {read} articles read, none kept{details}"


CHECKS: Final[tuple[Callable[[Stats], str | None], ...]] = (
    _missing_fixtures,
    _moved,
    _is_private,
    _forbidden_by_robots,
    _unreachable,
    _asked_to_wait,
    _refused,
    _crashed,
    _listings_failed,
    _listings_empty,
    _sources_failed,
    _articles_failed,
    _stopped_early,
    _nothing_written,
)
"""Each returns a line for one thing that went wrong, or None; causes stand before their effects."""


def _redesign_held(stats: Stats) -> str | None:
    held = stats.get("narayacrawl/article/held", 0)
    if not held:
        return None
    told = f": {why}" if (why := stats.get("narayacrawl/redesign")) else ""
    return (
        f"redesign? {counted(held, 'known article')} held back, not written, for the portal tells of no edit{told};"
        " look with `scrapy explain URL`, take the pages as they are with `scrapy ledger accept PORTAL`"
    )


DOUBTS: Final[tuple[Callable[[Stats], str | None], ...]] = (_redesign_held,)
"""As `CHECKS`, for a run that finished: why it is not to be trusted."""


def _read(stats: Stats) -> int:
    listings: int = stats.get("narayacrawl/listing/read", 0)
    others: int = stats.get("narayacrawl/source/read", 0)
    articles: int = stats.get("narayacrawl/article/read", 0)
    return listings + others + articles


def _answers(stats: Stats) -> dict[int, int]:
    """Count the answers of pages by status, without those of robots.txt and of sources that a portal need not have."""
    robots = below(stats, "robotstxt/response_status_count/")
    sources = below(stats, "narayacrawl/source/response_status_count/")
    answers = {
        int(status): count - robots.get(status, 0) - sources.get(status, 0)
        for status, count in below(stats, "downloader/response_status_count/").items()
    }
    return {status: count for status, count in answers.items() if count > 0}


def _download_errors(stats: Stats) -> dict[str, int]:
    """Count the downloads that failed, retries included, by the exception's name; requests that were refused, or not
    made because the run ended, are none."""
    errors = below(stats, "downloader/exception_type_count/")
    names = {name: name.rpartition(".")[2] for name in errors}
    return {names[name]: count for name, count in errors.items() if names[name] not in NOT_SENT}


def _troubles(stats: Stats) -> str:
    """Tell what stood in the way of pages, ` (12 status 403, 2 DownloadTimeoutError)`, or nothing."""
    troubles = {f"status {status}": count for status, count in _answers(stats).items() if status >= 400}
    troubles |= _download_errors(stats)
    if forbidden := stats.get("robotstxt/forbidden", 0):
        troubles["forbidden by robots.txt"] = forbidden
    return f" ({worded(troubles)})" if troubles else ""
