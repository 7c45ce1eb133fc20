"""Read the stats of a crawl: what was read, answered, refused."""

from collections.abc import Mapping
from typing import Any, Final, TypeAlias

from narayacrawl.language.english import worded

Stats: TypeAlias = Mapping[str, Any]

SOURCES: Final = ("rest", "sitemap", "feed", "listing")
NOT_SENT: Final = frozenset({"IgnoreRequest", "Ended"})
"""Exceptions of requests that were never made."""


def below(stats: Stats, prefix: str) -> dict[str, int]:
    """Return the counts under `prefix`, which ends in a slash, by the rest of their names, the largest first."""
    counts = {name.removeprefix(prefix): count for name, count in stats.items() if name.startswith(prefix) and count}
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def pages_read(stats: Stats) -> int:
    """Count the pages and answers of sources that were read."""
    listings: int = stats.get("narayacrawl/listing/read", 0)
    others: int = stats.get("narayacrawl/source/read", 0)
    articles: int = stats.get("narayacrawl/article/read", 0)
    return listings + others + articles


def answers(stats: Stats) -> dict[int, int]:
    """Count the answers of pages by status, without those of robots.txt, of images, and of sources that a portal
    need not have."""
    robots = below(stats, "robotstxt/response_status_count/")
    sources = below(stats, "narayacrawl/source/response_status_count/")
    images = below(stats, "narayacrawl/image/response_status_count/")
    given = {
        int(status): count - robots.get(status, 0) - sources.get(status, 0) - images.get(status, 0)
        for status, count in below(stats, "downloader/response_status_count/").items()
    }
    return {status: count for status, count in given.items() if count > 0}


def download_errors(stats: Stats) -> dict[str, int]:
    """Count the downloads that failed, retries included, by the exception's name; requests that were refused, or not
    made because the run ended, are none."""
    errors = below(stats, "downloader/exception_type_count/")
    names = {name: name.rpartition(".")[2] for name in errors}
    return {names[name]: count for name, count in errors.items() if names[name] not in NOT_SENT}


def troubles(stats: Stats) -> str:
    """Tell what stood in the way of pages, ` (12 status 403, 2 DownloadTimeoutError)`, or nothing."""
    found = {f"status {status}": count for status, count in answers(stats).items() if status >= 400}
    found |= download_errors(stats)
    if forbidden := stats.get("robotstxt/forbidden", 0):
        found["forbidden by robots.txt"] = forbidden
    return f" ({worded(found)})" if found else ""
