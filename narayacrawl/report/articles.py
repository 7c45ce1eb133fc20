"""Count a portal's articles in the ledger: by the day they were published, by section, by how soon they were stored."""

import sqlite3
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from operator import itemgetter
from typing import Final

OLDEST: Final = timedelta(days=366 * 30)
"""What is dated earlier than so long ago, or after today, is counted but stands in no plot: the date is wrong."""
UNKNOWN_SECTION: Final = "no section"
OTHER_SECTIONS: Final = "all others"
DELAYS: Final = (
    (15, "up to 15 minutes"),
    (60, "up to 1 hour"),
    (3 * 60, "up to 3 hours"),
    (12 * 60, "up to 12 hours"),
    (24 * 60, "up to 1 day"),
    (7 * 24 * 60, "up to 7 days"),
)
LATER: Final = "later"
BATCH: Final = 20_000

# Grouped here, not by SQLite: it would sort a million rows for that, which takes longer. The first two look at an index
# alone.
_COUNT: Final = "SELECT count(*) FROM articles WHERE portal = :portal"
_STATES: Final = "SELECT state, count(*) FROM articles WHERE portal = :portal AND state != 'done' GROUP BY state"
_SUMS: Final = """
SELECT total(held IS NOT NULL), total(max(revision - 1, 0)), max(CASE WHEN revision > 0 THEN published END)
FROM articles WHERE portal = :portal
"""
# An old ledger does not say how finely a date was told: then midnight sharp is a day. A portal's clock may be ahead.
_WRITTEN: Final = """
SELECT substr(published, 1, 10), section,
    CASE WHEN stored IS NOT NULL
        AND CASE WHEN date_precision IS NULL THEN substr(published, 12, 8) != '00:00:00'
            ELSE date_precision != 'day' END
        AND julianday(published) >= julianday(:since)
    THEN max(CAST(round((julianday(stored) - julianday(published)) * 1440) AS INTEGER), 0) END
FROM articles WHERE portal = :portal AND revision > 0
"""


@dataclass(slots=True)
class ArticleFigures:
    """The articles of a portal, counted. Days are those of the portal's own dates."""

    states: Counter[str] = field(default_factory=Counter)
    """How many are in which state."""
    held: int = 0
    """How many a redesign holds back."""
    written: int = 0
    """How many have a line in the archive."""
    later_revisions: int = 0
    """How many lines the archive has beside the first ones."""
    undated: int = 0
    misdated: int = 0
    """How many of those that are written have no date, or one that is too old or in the future."""
    by_day: dict[date, Counter[str]] = field(default_factory=dict)
    """How many that are written were published on a day, by section."""
    sections: Counter[str] = field(default_factory=Counter)
    latest: str | None = None
    """Date of the one that was published last."""
    delays: dict[date, list[int]] = field(default_factory=dict)
    """Minutes from an article's publication until it was stored, in ascending order, by the day of publication. Only of
    articles that were published since the first run, whose time of day is told."""


def read_articles(connection: sqlite3.Connection, portal: str, today: date, first_run: str | None) -> ArticleFigures:
    """Count the articles of a portal; `first_run` is when its first run began, ISO 8601."""
    found = ArticleFigures()
    own = {"portal": portal}
    [count] = connection.execute(_COUNT, own).fetchone()
    found.states.update(dict(connection.execute(_STATES, own).fetchall()))
    found.states["done"] = count - found.states.total()
    held, later, found.latest = connection.execute(_SUMS, own).fetchone()
    found.held, found.later_revisions = int(held), int(later)
    counts: Counter[tuple[str | None, str | None]] = Counter()
    delays: defaultdict[str | None, list[int]] = defaultdict(list)
    rows = connection.execute(_WRITTEN, own | {"since": first_run})
    while batch := rows.fetchmany(BATCH):
        counts.update(map(itemgetter(0, 1), batch))
        for day, _, minutes in batch:
            if minutes is not None:
                delays[day].append(minutes)
    days: defaultdict[str | None, Counter[str]] = defaultdict(Counter)
    for (day, section), number in counts.items():
        days[day][section or UNKNOWN_SECTION] += number
    for day, sections in days.items():
        _add_day(found, today, day, sections, delays[day])
    return found


def _add_day(
    found: ArticleFigures, today: date, text: str | None, sections: Counter[str], delays: Iterable[int]
) -> None:
    """Add what was published on one day, as the ledger writes it."""
    count = sections.total()
    found.written += count
    found.sections.update(sections)
    day = _read_day(text)
    if day is None:
        found.undated += count
    elif not today - OLDEST <= day <= today + timedelta(days=1):  # in Jayapura it is tomorrow already
        found.misdated += count
    else:
        found.by_day[day] = sections
        found.delays[day] = sorted(delays)


def _read_day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def leading_sections(figures: ArticleFigures, days: Iterable[date], limit: int) -> list[str]:
    """Return the sections with the most articles on these days, the largest first, then `OTHER_SECTIONS` if there are
    more of them than `limit`."""
    counts: Counter[str] = Counter()
    for day in days:
        counts.update(figures.by_day.get(day, {}))
    ranked = [name for name, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0]))]
    return ranked if len(ranked) <= limit else [*ranked[: limit - 1], OTHER_SECTIONS]


def share_of(counts: Counter[str], sections: Sequence[str], name: str) -> int:
    """Return how many articles of a day are of one of these sections; `OTHER_SECTIONS` are those not among them."""
    if name == OTHER_SECTIONS:
        return counts.total() - sum(counts[own] for own in sections if own != OTHER_SECTIONS)
    return counts[name]


def spread(minutes: Sequence[int]) -> tuple[int, int] | None:
    """Return the median and the ninth decile of delays in ascending order; None of none."""
    if not minutes:
        return None
    return minutes[(len(minutes) - 1) // 2], minutes[(len(minutes) - 1) * 9 // 10]


def distribution(figures: ArticleFigures, days: Iterable[date]) -> Counter[str]:
    """Count the articles that were published on these days by how soon they were stored."""
    limits, names = [minutes for minutes, _ in DELAYS], [*(name for _, name in DELAYS), LATER]
    counts: Counter[str] = Counter(dict.fromkeys(names, 0))
    for day in days:
        minutes = figures.delays.get(day, ())
        places = [0, *(bisect_right(minutes, limit) for limit in limits), len(minutes)]
        counts.update({name: upper - lower for name, (lower, upper) in zip(names, pairwise(places), strict=True)})
    return counts
