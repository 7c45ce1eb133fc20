"""Compare what a portal answered in a run with what it answered before: errors, blocks, sources, listings."""

from collections.abc import Iterator, Sequence
from typing import Final

from narayacrawl.language.english import counted, worded
from narayacrawl.monitors.access import BLOCKING_STATUSES
from narayacrawl.monitors.alarms import Alarm
from narayacrawl.monitors.shares import Share, has_risen, joined
from narayacrawl.monitors.stats import SOURCES, Stats, answers, below, download_errors

MIN_RUNS: Final = 3
"""Of fewer past runs nothing is told."""
MIN_ERRORS, MIN_ERROR_SHARE = 10, 0.2
MIN_BLOCKS, MIN_BLOCK_SHARE, RARE_BLOCKS = 8, 0.1, 1e-3
ASSUMED: Final = 0.03
"""How far the share of errors varies between runs, where the past does not tell."""
REMOVED_STATUSES: Final = frozenset({401, 403, 404, 410})
"""What answers a source that was switched off, rather than one that is overloaded."""
SPELL: Final = 3
"""A source that fails as often in a row has stopped."""
MIN_RELIABLE, RELIABLE_SHARE = 5, 0.9
MIN_LISTINGS, MIN_LISTED, LISTED_SHARE = 5, 5, 1 / 3


def portal_alarms(now: Stats, recent: Sequence[Stats]) -> list[Alarm]:
    """Return what a run has to be told of the portal's answers; `recent` are the runs before it, the latest first."""
    if len(recent) < MIN_RUNS:
        return []
    return [
        *check_errors(now, recent),
        *check_blocks(now, recent),
        *check_sources(now, recent),
        *check_listings(now, recent),
    ]


def error_share(stats: Stats) -> Share:
    """Return the share of a run's requests for pages that failed: an error, or no answer."""
    given, failed = answers(stats), sum(download_errors(stats).values())
    return Share(failed + sum(n for status, n in given.items() if status >= 400), failed + sum(given.values()))


def block_share(stats: Stats) -> Share:
    """Return the share of answers that refuse the crawl: forbidden, too many requests, a challenge."""
    given = answers(stats)
    refused = sum(n for status, n in given.items() if status in BLOCKING_STATUSES)
    total = sum(given.values())
    # A wall may answer with a status of its own, 503 or 200.
    return Share(min(max(refused, sum(below(stats, "narayacrawl/wall/").values())), total), total)


def check_errors(now: Stats, recent: Sequence[Stats]) -> Iterator[Alarm]:
    """Answers of 400 and more, and requests without an answer."""
    share, past = error_share(now), [error_share(stats) for stats in recent]
    if share.count >= MIN_ERRORS and has_risen(share, past, ASSUMED, least=MIN_ERROR_SHARE, times=5):
        kinds = {f"status {status}": count for status, count in answers(now).items() if status >= 400}
        told = worded(kinds | download_errors(now))
        example = now.get("narayacrawl/example/failed")
        line = f"{share} requests failed ({told}; before: {joined(past)})"
        yield Alarm("http", line, (example,) if example else ())


def check_blocks(now: Stats, recent: Sequence[Stats]) -> Iterator[Alarm]:
    """Answers that refuse the crawl."""
    share, past = block_share(now), [block_share(stats) for stats in recent]
    if share.count >= MIN_BLOCKS and has_risen(share, past, ASSUMED, least=MIN_BLOCK_SHARE, times=10, rare=RARE_BLOCKS):
        statuses = {f"status {s}": n for s, n in answers(now).items() if s in BLOCKING_STATUSES}
        statuses |= {f"of {wall}": count for wall, count in below(now, "narayacrawl/wall/").items()}
        example = now.get("narayacrawl/example/failed")
        line = f"blocked: {share} answers ({worded(statuses)}; before: {joined(past)})"
        yield Alarm("blocked", line, (example,) if example else ())


def check_sources(now: Stats, recent: Sequence[Stats]) -> Iterator[Alarm]:
    """Sources that worked and stopped: at once where one was switched off, else when it has failed three times."""
    for source in SOURCES:
        if was_read(now, source) is not False:
            continue
        told = [state for stats in recent if (state := was_read(stats, source)) is not None]
        spell = next((i for i, is_read in enumerate(told) if is_read), len(told))
        earlier = told[spell:]
        if len(earlier) < MIN_RELIABLE or sum(earlier) < RELIABLE_SHARE * len(earlier):
            continue
        if spell + 1 >= SPELL or is_switched_off(now, recent[spell:]):
            ago = f"before: read in {sum(earlier)} of {len(earlier)}"
            yield Alarm(f"source/{source}", f"source {source} failed, {counted(spell + 1, 'run')} in a row ({ago})")


def was_read(stats: Stats, source: str) -> bool | None:
    """True if a run has read a source, False if that failed; None if it did not ask, or waits to ask again."""
    if figure(stats, source, "failed"):
        return False
    return True if figure(stats, source, "complete") or figure(stats, source, "partial") else None


def is_switched_off(now: Stats, recent: Sequence[Stats]) -> bool:
    """True if a source answers as what does not exist or is forbidden does, which none did before."""
    prefix = "narayacrawl/source/response_status_count/"
    own = REMOVED_STATUSES.intersection(map(int, below(now, prefix)))
    return bool(own) and not any(own.intersection(map(int, below(stats, prefix))) for stats in recent)


def check_listings(now: Stats, recent: Sequence[Stats]) -> Iterator[Alarm]:
    """Listings that show a third of the articles that they showed at least."""
    own = links_per_listing(now)
    past = [links for stats in recent if (links := links_per_listing(stats)) is not None]
    if own is None or len(past) < MIN_LISTINGS or min(past) < MIN_LISTED or own > LISTED_SHARE * min(past):
        return
    yield Alarm("listing", f"{own:.0f} links to articles on a listing (before: {min(past):.0f} at least)")


def links_per_listing(stats: Stats) -> float | None:
    """Return how many articles the listings of a run showed, each; None where it read none."""
    read: int = stats.get("narayacrawl/listing/read", 0)
    return figure(stats, "listing", "listed") / read if read else None


def figure(stats: Stats, source: str, name: str) -> int:
    """Return a figure of a source; 0 where it has none."""
    count: int = stats.get(f"narayacrawl/source/{source}/{name}", 0)
    return count
