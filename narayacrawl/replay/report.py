"""Print what a replay found: how many articles, of when and of what, and how they differ from the golden."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from narayacrawl.language.english import counted
from narayacrawl.replay.golden import GOLDEN, Record, differences, read_golden, write_golden

MOST_SHOWN: Final = 20
"""So many differences are shown unless they are accepted."""
COLORS: Final = {"+": "green", "-": "red", "~": "yellow"}


def print_summary(console: Console, portal: str, articles: Sequence[Record]) -> None:
    """Print how many articles there are, from when to when, and a table of their sections."""
    dates = sorted(date[:10] for article in articles if (date := article.get("date")))
    console.print(f"{portal}: {counted(len(articles), 'article')}" + (f", {dates[0]} to {dates[-1]}" if dates else ""))
    if articles:
        table = Table("section", "articles", "newest", box=None, header_style="dim")
        for section, count in Counter(article.get("section") for article in articles).most_common():
            newest = max((article.get("date") or "")[:10] for article in articles if article.get("section") == section)
            table.add_row(Text(section or "none"), str(count), newest)
        console.print(table)


def print_differences(console: Console, folder: Path, articles: Sequence[Record]) -> int:
    """Print how the articles differ from the golden, and count the differences; `FixtureError` where there is none."""
    found = list(differences(read_golden(folder), articles))
    if not found:
        console.print(f"{counted(len(articles), 'article')} as expected")
    _print(console, found[:MOST_SHOWN])
    if len(found) > MOST_SHOWN:
        console.print(f"… and {len(found) - MOST_SHOWN} more")
    return len(found)


def accept(console: Console, folder: Path, articles: Sequence[Record]) -> None:
    """Print what the new golden changes, and write it."""
    golden = read_golden(folder) if (folder / GOLDEN).exists() else []
    found = list(differences(golden, articles))
    _print(console, found)
    write_golden(folder, articles)
    console.print(f"{counted(len(articles), 'article')} accepted, {counted(len(found), 'difference')} from before")


def _print(console: Console, found: Sequence[str]) -> None:
    for text in found:
        head, _, rest = text.partition("\n")
        console.print(Text(head, style=COLORS[head[0]]))
        if rest:
            console.print(Text(rest))
