"""Tell from a crawl's stats what it was called for that the portal does not have."""

import difflib
from typing import Final

from narayacrawl.monitors.stats import Stats, below

MAX_NAMED: Final = 30
"""A line names at most so many sections."""


def misuse(stats: Stats) -> str | None:
    """Return a line that says what was asked for wrongly; None if nothing was."""
    if part := stats.get("narayacrawl/portal/part"):
        return str(part)
    if unknown := stats.get("narayacrawl/section/unknown"):
        return _unknown_sections(unknown, stats.get("narayacrawl/section/known") or [])
    return None


def _unknown_sections(unknown: list[str], known: list[str]) -> str:
    names = sorted(known)
    near = [name for one in unknown for name in difflib.get_close_matches(one.casefold(), names)]
    named = ", ".join(names[:MAX_NAMED]) + (", …" if len(names) > MAX_NAMED else "")
    meant = f" (did you mean {' or '.join(dict.fromkeys(near))}?)" if near else ""
    listed = f"; there are: {named}" if names else ""
    return f"section: the portal has no {', '.join(map(repr, unknown))}{meant}{listed}"


def named_otherwise(stats: Stats) -> str | None:
    """Tell where the portal's own links lead, if that is another host and nothing was found on this one."""
    own = stats.get("narayacrawl/portal/named")
    listed = [count for name, count in below(stats, "narayacrawl/source/").items() if name.endswith("/listed")]
    if not own or any(listed) or stats.get("narayacrawl/article/read"):
        return None
    return f"the portal's own links lead to {own}: crawl it with -a url={own}"
