"""Write parts of a page: texts of a portal escaped, links, tables, moments."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import partial

from narayacrawl.exporters import html

MAX_TEXT_LENGTH = 400
"""A text of a portal, or an address, is cut after this many characters."""
NOTHING = "–"


text = partial(html.escape_text, limit=MAX_TEXT_LENGTH)
link = partial(html.link, limit=MAX_TEXT_LENGTH)


def moment(value: str | datetime | None) -> str:
    """Return a moment in UTC to the minute, `2026-11-28 04:15`."""
    if value is None:
        return NOTHING
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return text(value)
    if value.tzinfo is not None:
        value = value.astimezone(UTC)
    return f'<time datetime="{value.isoformat()}">{value:%Y-%m-%d %H:%M}</time>'


def whole(number: float) -> str:
    """Return a number of things: `12,345`, `3.4`, `0`."""
    return f"{number:,.0f}" if number >= 10 or number == int(number) else f"{number:.1f}"


def percent(part: float, of: float) -> str:
    """Return a share: `97 %`; no share of nothing. Neither `0 %` nor `100 %` is rounded."""
    if not of:
        return NOTHING
    share = 100 * part / of
    if 0 < share < 1:
        return "&lt;&nbsp;1&nbsp;%"
    return f"{min(round(share), 99) if part < of else round(share)}&nbsp;%"


def table(head: Sequence[str], rows: Iterable[Sequence[str]], *, style: str = "") -> str:
    """Return a table of cells that are HTML already; the first cell of a row is its head. It scrolls by itself where it
    is too wide."""
    names = "".join(f'<th scope="col">{name}</th>' if name else "<td></td>" for name in head)
    lines = "\n".join(
        f'<tr><th scope="row">{first}</th>{"".join(f"<td>{cell}</td>" for cell in cells)}</tr>'
        for first, *cells in rows
    )
    own = f' class="{style}"' if style else ""
    inner = f"<thead><tr>{names}</tr></thead>\n<tbody>\n{lines}\n</tbody>"
    return f'<div class="wide" tabindex="0"><table{own}>\n{inner}\n</table></div>'


def folded(summary: str, content: str) -> str:
    """Return content that is folded away."""
    return f"<details>\n<summary>{summary}</summary>\n{content}\n</details>"


def section(name: str, heading: str, *content: str) -> str:
    """Return a section of the page."""
    inner = "\n".join(filter(None, content))
    return f'<section aria-labelledby="{name}">\n<h2 id="{name}">{heading}</h2>\n{inner}\n</section>'


def note(line: str) -> str:
    """Return a line that explains what stands beside it."""
    return f'<p class="soft">{line}</p>'
