"""Tell why a portal could not be asked, by a crawl's stats: moved, forbidden, unreachable, blocked; and what to do."""

from collections.abc import Mapping
from typing import Final

from narayacrawl.language.english import counted, worded
from narayacrawl.monitors.stats import Stats, answers, below, download_errors, pages_read

BLOCKING_STATUSES: Final = frozenset({401, 403, 407, 429, 451})
ASK: Final = "set NARAYACRAWL_CONTACT, slow down with -s DOWNLOAD_DELAY=5, or ask the portal"
ADVICE: Final[Mapping[str, str]] = {
    "DownloadConnectionRefusedError": "nothing listens at that host and port",
    "CannotResolveHostError": "nobody knows that name: look how it is spelt",
    "DownloadTimeoutError": "it is down, or something on the way keeps you out",
}
"""What stands behind a download that failed, by its exception."""


def moved(stats: Stats) -> str | None:
    if target := stats.get("narayacrawl/portal/moved"):
        return f"the portal has moved to {target}: crawl it with -a url={target}"
    if target := stats.get("narayacrawl/portal/away"):
        return f"the portal has moved to {target} for now: if that is its own, crawl it with -a url={target}"
    return None


def is_private(stats: Stats) -> str | None:
    if answers(stats) or not stats.get("narayacrawl/refused/private_address"):
        return None
    return "the portal's name resolves to a private address: name it in -s PRIVATE_HOSTS= if that is meant"


def forbidden_by_robots(stats: Stats) -> str | None:
    forbidden = stats.get("robotstxt/forbidden", 0)
    if forbidden and not pages_read(stats) and not answers(stats):
        return f"blocked by robots.txt: it forbids all of {counted(forbidden, 'page')} asked for"
    return None


def other_scheme(stats: Stats) -> str | None:
    if pages_read(stats) or not (url := stats.get("narayacrawl/portal/other_scheme")):
        return None
    asked, answered = ("https", "http") if url.startswith("http:") else ("http", "https")
    return f"{asked} is asked of a port that answers {answered}: crawl it with -a url={url}"


def unreachable(stats: Stats) -> str | None:
    if not (errors := download_errors(stats)) or answers(stats):
        return None
    advice = ADVICE.get(next(iter(errors)), "open the address in a browser on this machine")
    if url := stats.get("narayacrawl/portal/cut_off"):
        advice = f"it ends the connection; where it wants https, -a url={url}"
    if stats.get("narayacrawl/portal/certificate"):
        advice = "its certificate is not valid for it; where the portal is yours, -s DOWNLOAD_VERIFY_CERTIFICATES=0"
    return f"unreachable: no page was answered ({worded(errors)}): {advice}"


def refused(stats: Stats) -> str | None:
    given = answers(stats)
    refusals = {status: count for status, count in given.items() if status >= 400}
    if pages_read(stats) or not refusals:
        return None
    status = max(refusals, key=lambda status: (refusals[status], status))
    if status not in BLOCKING_STATUSES and status < 500:
        total = sum(given.values())
        return f"not found: {refusals[status]} of {total} answers were {status}: open the address in a browser"
    # Sources and robots.txt that were refused as the pages were are answers, too.
    count: int = stats[f"downloader/response_status_count/{status}"]
    told = f"{count} of {sum(given.values()) - given[status] + count} answers were {status}"
    wall = next(iter(below(stats, "narayacrawl/wall/")), None)
    by = f", by {wall}" if wall else ""
    if status >= 500 and not wall:
        return f"server error: {told}: the next run tries again"
    if status == 401 and not wall:
        return f"blocked: {told}: give user name and password as the spider's http_user, http_pass, http_auth_domain"
    return f"blocked: {told}{by}: {ASK}"
