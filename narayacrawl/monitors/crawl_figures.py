"""Tell by its stats how far a crawl is that is going on, and how long it will take."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from narayacrawl.language.english import counted, duration
from narayacrawl.monitors.outcome import settled
from narayacrawl.monitors.stats import SOURCES, Stats

PORTAL_TOTAL: Final = "narayacrawl/portal/total"
"""Stat: how many articles the portal has, by the word of its REST API or its sitemap."""
TO_LIST: Final = "narayacrawl/source/rest/to_list"
"""Stat: how many posts the REST API will have listed in this run once it is read to its end."""


@dataclass(frozen=True, slots=True)
class CrawlFigures:
    """Where a crawl stands."""

    found: int
    """Articles that the sources listed and that are to be fetched: new ones, and known ones that were changed."""
    expected: int | None
    """How many there will be once all are listed; None while nobody can tell."""
    total: int | None
    """How many articles the portal has; None if it did not tell."""
    fetched: int
    """Articles that were asked for and answered for good or bad."""
    new: int
    changed: int
    failed: int

    @classmethod
    def of(cls, stats: Stats, limit: int | None = None) -> "CrawlFigures":
        """Read them from the stats; with `limit` no more are expected than may be written."""
        found = stats.get("narayacrawl/ledger/new", 0) + stats.get("narayacrawl/ledger/changed", 0)
        fetched = settled(stats)
        listed, to_list = stats.get("narayacrawl/source/rest/listed", 0), stats.get(TO_LIST, 0)
        is_listed = any(stats.get(f"narayacrawl/source/{name}/complete") for name in SOURCES)
        expected: int | None = None
        if is_listed:
            expected = found
        elif listed and to_list:
            # What is listed already tells which share is new: a run that was interrupted lists known ones first.
            expected = round(found * max(1.0, to_list / listed))
        if limit is not None:
            expected = min(limit, expected or limit)
        return cls(
            found=found,
            expected=None if expected is None else max(expected, fetched),
            total=stats.get(PORTAL_TOTAL),
            fetched=fetched,
            new=stats.get("narayacrawl/written/first", 0),
            changed=stats.get("narayacrawl/written/edit", 0),
            failed=stats.get("narayacrawl/article/failed", 0) + stats.get("item_error_count", 0),
        )

    @property
    def share(self) -> float | None:
        """The share of the run that is done, 0 to 1; None while nobody can tell."""
        return min(1.0, self.fetched / self.expected) if self.expected else None

    def text(self, rate: float | None) -> str:
        """Return the figures as one line; `rate` is articles a second."""
        of_all = f" of {self.total:,}" if self.total is not None else ""
        parts = [
            f"found {self.found:,}{of_all}",
            f"fetched {self.fetched:,}",
            f"new {self.new:,}",
            f"changed {self.changed:,}",
            f"failed {self.failed:,}",
        ]
        if rate is not None:
            parts.append(f"{rate * 60:.0f}/min")
        if rate and self.expected is not None and self.fetched < self.expected:
            parts.append(f"{duration((self.expected - self.fetched) / rate)} left")
        return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class SourceFigures:
    """Where a run stands that only asks what the sources list."""

    listed: Mapping[str, int]
    """How many entries each source has listed so far; listings list some articles more than once."""
    whole: frozenset[str]
    """The sources that were read to their end."""
    total: int | None
    """How many articles the portal has; None if it did not tell."""
    fetched: int
    """How many requests were made."""

    @classmethod
    def of(cls, stats: Stats) -> "SourceFigures":
        listed = {name: stats.get(f"narayacrawl/source/{name}/listed", 0) for name in SOURCES}
        return cls(
            listed={name: count for name, count in listed.items() if count},
            whole=frozenset(name for name in SOURCES if stats.get(f"narayacrawl/source/{name}/complete")),
            total=stats.get(PORTAL_TOTAL),
            fetched=stats.get("downloader/request_count", 0),
        )

    @property
    def share(self) -> None:
        """None: nobody can tell how many requests the sources take."""

    def text(self, rate: float | None) -> str:
        """Return the figures as one line; `rate` is requests a second."""
        told = [f"{name} {count:,}{' (whole)' if name in self.whole else ''}" for name, count in self.listed.items()]
        parts = [f"listed by {', '.join(told)}"] if told else []
        parts += [f"the portal has {self.total:,}"] if self.total is not None else []
        parts += [f"{counted(self.fetched, 'request')}{f', {rate * 60:.0f}/min' if rate else ''}"]
        return "; ".join(parts)
