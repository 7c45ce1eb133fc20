"""Judge a crawl by its stats: whether a schedule may take the run for a success."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from narayacrawl.language.english import counted, worded
from narayacrawl.monitors.access import forbidden_by_robots, is_private, moved, other_scheme, refused, unreachable
from narayacrawl.monitors.alarms import alarms
from narayacrawl.monitors.misuse import misuse, named_otherwise
from narayacrawl.monitors.stats import Stats, below, troubles

GOOD: Final = 0
FAILED: Final = 1
MISUSED: Final = 2
UNTRUSTED: Final = 3
BUSY: Final = 4
INTERRUPTED: Final = 5

TOLERANCE: Final = 0.1
"""The share of a run's articles that may fail or be dropped as unreadable, so that it still counts as good."""
MIN_DISBELIEVED: Final = 3
DISBELIEVED_SHARE: Final = 0.02
"""A run is not to be trusted if so many of its articles were not believed, and that share of them."""

FILTERS: Final = frozenset({"outside_window", "unchanged", "put_aside"})
"""Reasons under `narayacrawl/dropped/` that lose nothing: the run's own arguments ask for them, the archive holds the
article already, or it is written or held back once all others are read."""

FINE_REASONS: Final = frozenset({"finished", "limit", "request_budget", "retry_after"})
ARTICLES: Final = ("read", "unchanged", "gone", "failed", "subscribers_only")
"""What becomes of an article that a run asks for; `failed` includes those that are disbelieved."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Tells how a command ended: its exit status, and why."""

    status: int
    """Exit status: 0 good, 1 failed, 2 called wrongly, 3 finished but not to be trusted, 4 another run of the portal is
    going on, 5 interrupted."""
    reason: str | None = None
    """One line that says why; None when it is good and there is nothing to say."""


def outcome(stats: Stats) -> Outcome:
    """Judge a finished crawl by its stats; where several things went wrong, the likely cause of the others is named."""
    if reason := _output_failed(stats):
        return Outcome(FAILED, reason)
    # A second signal ends the process without a reason.
    if stats.get("finish_reason", "shutdown") == "shutdown":
        return Outcome(INTERRUPTED, "interrupted")
    if reason := misuse(stats):
        return Outcome(MISUSED, reason)
    for check in CHECKS:
        if reason := check(stats):
            return Outcome(FAILED, reason)
    notes = [note for tell in NOTES if (note := tell(stats))]
    return Outcome(UNTRUSTED if _is_doubtful(stats) else GOOD, "; ".join(notes) or None)


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
        return f"{counted(failed, 'listing')} could not be fetched{troubles(stats)}"
    return None


def _listings_empty(stats: Stats) -> str | None:
    if empty := stats.get("narayacrawl/listing/empty", 0):
        return f"listing without links: {empty}"
    return None


def _sources_failed(stats: Stats) -> str | None:
    if not stats.get("narayacrawl/source/all_failed", 0):
        return None
    return f"no source could be read{troubles(stats)}: see the log"


def _asked(stats: Stats) -> int:
    """Count the run's articles: all that were asked for and answered for good or bad."""
    return sum(stats.get(f"narayacrawl/article/{what}", 0) for what in ARTICLES)


def settled(stats: Stats) -> int:
    """Count all that the run asked for and settled, what is no article or another's address among it."""
    rejected = sum(below(stats, "narayacrawl/article/rejected/").values())
    others: int = sum(stats.get(f"narayacrawl/article/{what}", 0) for what in ("reserved", "duplicate"))
    return _asked(stats) + rejected + others


def _articles_lost(stats: Stats) -> str | None:
    failed: int = stats.get("narayacrawl/article/failed", 0)
    dropped = {name: n for name, n in below(stats, "narayacrawl/dropped/").items() if name not in FILTERS}
    asked, lost = _asked(stats), failed + sum(dropped.values())
    if lost <= TOLERANCE * asked:
        return None
    parts = [f"{failed} failed{troubles(stats)}"] if failed else []
    parts += [f"{disbelieved} of them disbelieved"] if (disbelieved := _disbelieved(stats)) else []
    parts += [f"{sum(dropped.values())} dropped ({worded(dropped)})"] if dropped else []
    return f"{lost} of {asked} articles lost: {', '.join(parts)}{_example(stats, 'disbelieved', 'failed', 'dropped')}"


def _disbelieved(stats: Stats) -> int:
    disbelieved: int = stats.get("narayacrawl/article/disbelieved", 0)
    return disbelieved


def _example(stats: Stats, *kinds: str) -> str:
    """Tell the address of one of the articles of the first of these kinds that has any."""
    address = next((own for kind in kinds if (own := stats.get(f"narayacrawl/example/{kind}"))), None)
    return f", for example {address}" if address else ""


def _is_doubtful(stats: Stats) -> bool:
    """True if an alarm was raised, a redesign held back, or too many articles answered with less than they are known to
    be."""
    disbelieved = _disbelieved(stats)
    are_many = disbelieved >= MIN_DISBELIEVED and disbelieved >= DISBELIEVED_SHARE * _asked(stats)
    return are_many or bool(alarms(stats)) or bool(stats.get("narayacrawl/article/held", 0))


def _tell_alarms(stats: Stats) -> str | None:
    raised = alarms(stats)
    return f"{counted(len(raised), 'alarm')} ({', '.join(raised)}): {next(iter(raised.values()))}" if raised else None


def _tell_structure(stats: Stats) -> str | None:
    read = stats.get("narayacrawl/structure/read_as_before")
    if read is None:
        return None
    changed = stats["narayacrawl/structure/changed"]
    return f"the portal is built otherwise ({changed}): {counted(read, 'known article')} read as before"


def _tell_redesign(stats: Stats) -> str | None:
    held = stats.get("narayacrawl/article/held", 0)
    if not held:
        return None
    told = f": {why}" if (why := stats.get("narayacrawl/redesign")) else ""
    return (
        f"redesign? {counted(held, 'known article')} held back, not written, for the portal tells of no edit{told};"
        " look with `scrapy explain URL`, take the pages as they are with `scrapy ledger accept PORTAL`"
    )


def _tell_disbelieved(stats: Stats) -> str | None:
    if not (disbelieved := _disbelieved(stats)):
        return None
    example = _example(stats, "disbelieved")
    return f"{disbelieved} of {counted(_asked(stats), 'article')} disbelieved{example}: see the log"


def _tell_subscribers_only(stats: Stats) -> str | None:
    closed = stats.get("narayacrawl/article/subscribers_only", 0)
    return f"{counted(closed, 'article')} for subscribers only{_example(stats, 'subscribers_only')}" if closed else None


def _tell_nothing_new(stats: Stats) -> str | None:
    known = stats.get("narayacrawl/ledger/done", 0)
    if stats.get("item_scraped_count", 0) or not known or stats.get("narayacrawl/article/held", 0):
        return None
    gone = stats.get("narayacrawl/article/gone", 0)
    removed = f", {counted(gone, 'other')} gone" if gone else ""
    return f"nothing new: {counted(known, 'article')} known{removed} (-a full=1 crawls all again)"


def _asked_to_wait(stats: Stats) -> str | None:
    got_something = stats.get("narayacrawl/article/read", 0) + stats.get("narayacrawl/article/unchanged", 0)
    return None if got_something else _until(stats)


def _until(stats: Stats) -> str | None:
    moment = stats.get("narayacrawl/retry_after")
    return (
        f"the portal wants no request before {moment} (its Retry-After): a run after that goes on" if moment else None
    )


def _tell_reserved(stats: Stats) -> str | None:
    reserved = stats.get("narayacrawl/article/reserved", 0)
    return f"{counted(reserved, 'article')} not to be kept (RESPECT_NOARCHIVE)" if reserved else None


def _tell_early_end(stats: Stats) -> str | None:
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
        return f"the portal serves nothing for now{troubles(stats)}: the next run goes on"
    if reason in FINE_REASONS or reason.startswith("closespider_"):
        return None
    return f"stopped early: {reason}"


def _nothing_written(stats: Stats) -> str | None:
    if stats.get("item_scraped_count", 0) or stats["finish_reason"] == "request_budget":
        return None
    read = stats.get("narayacrawl/article/read", 0)
    known = ("listing/older_entries", "ledger/known", "ledger/done", "article/subscribers_only")
    if not read and any(stats.get(f"narayacrawl/{name}") for name in known):
        return None
    if not read and stats.get("narayacrawl/article/reserved"):
        return None
    if not read:
        return "nothing written: no article was found"
    dropped = below(stats, "narayacrawl/dropped/")
    if FILTERS.intersection(dropped):
        return None
    details = f" ({worded(dropped)})" if dropped else ""
    return f"nothing written: {read} articles read, none kept{details}"


CHECKS: Final[tuple[Callable[[Stats], str | None], ...]] = (
    _missing_fixtures,
    moved,
    is_private,
    forbidden_by_robots,
    other_scheme,
    unreachable,
    _asked_to_wait,
    refused,
    named_otherwise,
    _crashed,
    _listings_failed,
    _listings_empty,
    _sources_failed,
    _articles_lost,
    _stopped_early,
    _nothing_written,
)
"""Each returns a line for one thing that went wrong, or None; causes stand before their effects."""

NOTES: Final[tuple[Callable[[Stats], str | None], ...]] = (
    _tell_alarms,
    _tell_redesign,
    _tell_structure,
    _tell_disbelieved,
    _tell_subscribers_only,
    _tell_reserved,
    _tell_early_end,
    _tell_nothing_new,
)
"""Each returns what is to be said of a run that has not failed, or None."""
