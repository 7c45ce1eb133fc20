"""Show what waits, what failed last and how to look into it, and how the sources do."""

import shlex

from narayacrawl.language.english import counted
from narayacrawl.report.figures import PortalFigures
from narayacrawl.report.markup import NOTHING, link, moment, note, section, table, text, whole
from narayacrawl.report.waiting import FailedArticle

STATES = {
    "pending": "wait to be fetched",
    "failed": "failed, and are tried again",
    "rejected": "are no article, by their page",
    "gone": "are gone from the portal",
    "removed": "were removed for good",
}
MAX_ADDRESS = 2_000


def waiting_section(figures: PortalFigures) -> str:
    """List how many articles wait, and why, and the sources."""
    found, waiting = figures.articles, figures.waiting
    rows = [
        [state, whole(found.states[state]), f"{meaning}: <code>scrapy ledger {state} {text(figures.portal)}</code>"]
        for state, meaning in STATES.items()
    ]
    rows.append(["held", whole(found.held), "are held back, for the portal looks redesigned"])
    rows.append(["due", whole(waiting.due), "are written, and are looked at again by the next run"])
    parts = [table(["state", "articles", "which"], rows, style="lines")]
    if waiting.retry_after:
        parts.insert(0, f'<p class="bad">The portal wants no request before {moment(waiting.retry_after)} UTC.</p>')
    if waiting.sources:
        sources = [
            [
                text(own.name),
                text(own.scope or NOTHING),
                moment(own.visited),
                moment(own.completed),
                whole(own.failures),
            ]
            for own in waiting.sources
        ]
        parts.append("<h3>Sources</h3>")
        if waiting.source_count > len(sources):
            parts.append(
                note(f"{len(sources)} of {whole(waiting.source_count)}: those that fail, then the last ones read.")
            )
        head = ["source", "narrowed by", "last read (UTC)", "read to its end (UTC)", "failures in a row"]
        parts.append(table(head, sources))
    return section("waiting", "What waits", *parts)


def failures_section(figures: PortalFigures) -> str:
    """List the articles that failed last, with the command that shows how each page is read."""
    waiting = figures.waiting
    heading = "Last failures"
    if not waiting.failures and not waiting.reasons:
        return section("failures", heading, "<p>None.</p>")
    reasons = [[text(state), text(reason or NOTHING), whole(count)] for state, reason, count in waiting.reasons]
    if waiting.other_reasons:
        reasons.append(["", "all other reasons", whole(waiting.other_reasons)])
    items = "\n".join(_failure(own) for own in waiting.failures)
    total = figures.articles.states["failed"]
    more = ""
    if total > len(waiting.failures):
        command = f"scrapy ledger failed {shlex.quote(figures.portal)}"
        more = note(f"The last {len(waiting.failures)} of {whole(total)}: <code>{text(command)}</code> lists all.")
    return section(
        "failures",
        heading,
        table(["state", "reason", "articles"], reasons),
        more,
        f'<ol class="failures">\n{items}\n</ol>' if items else "",
    )


def _failure(own: FailedArticle) -> str:
    again = f", again from {moment(own.next_check)} UTC" if own.next_check else ""
    command = ""
    if len(own.url) <= MAX_ADDRESS:
        command = f"<br><code>scrapy explain {text(shlex.quote(own.url))}</code>"
    return (
        f"<li>{link(own.url)}<br>{text(own.reason or 'no reason is known')}"
        f' <span class="soft">{counted(own.failures, "time")} in a row, last {moment(own.last_fetched)}{again}</span>'
        f"{command}</li>"
    )
