"""Print what changed between the revisions of an article: in a terminal with colours, in a pipe with marks."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any, Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from narayacrawl.archive.diff import TEXTS, Change, Line, Words, changes, shown
from narayacrawl.archive.revisions import History
from narayacrawl.language.english import counted

STYLES: Final = {"-": ("red", "bold red underline"), "+": ("green", "bold green underline")}
"""Of what went and came: as it stands, and its changed words."""


def print_history(console: Console, history: History) -> None:
    """Print an article's address, then a head for each two consecutive revisions and what changed between them."""
    first, last = history.records[0], history.records[-1]
    heading = f"{shown(last['url'])}, {_portal_name(history)}: "
    if len(history.records) == 1:
        fetched = shown(first.get("fetched_at"))
        reread = ", reread" if first.get("change") == "reread" else ""
        console.print(Text(f"{heading}revision {first['revision']} only{reread}, fetched {fetched}"), soft_wrap=True)
        return
    console.print(Text(f"{heading}{counted(len(history.records), 'revision')}", style="bold"), soft_wrap=True)
    for old, new in pairwise(history.records):
        console.print()
        console.print(_head(old, new), soft_wrap=not console.is_terminal)
        for change in changes(old, new):
            _print_change(console, change)


def _portal_name(history: History) -> str:
    """Return the portal's name as its ledger has it: the folder's has no colon before a port."""
    name = str(history.records[-1].get("portal"))
    return name if name.replace(":", "_") == history.portal else history.portal


def _head(old: dict[str, Any], new: dict[str, Any]) -> Text:
    head = Text.assemble((f"revision {old['revision']} → {new['revision']}", "bold cyan"))
    if new.get("change") == "reread":
        head.append(", reread", style="bold")
    for label, name in (("fetched", "fetched_at"), ("modified", "modified")):
        before, after = shown(old.get(name)), shown(new.get(name))
        head.append(f", {label} {before if before == after else f'{before} → {after}'}")
    return head


def _print_change(console: Console, change: Change) -> None:
    if not change.lines:
        line = Text.assemble((f"{change.field}: ", "bold"))
        line.append_text(_words(change.old, "-")).append(" → ").append_text(_words(change.new, "+"))
        console.print(line, soft_wrap=not console.is_terminal)
        return
    name = Text(f"{change.field}:", style="bold")
    if change.field in TEXTS:
        console.print(name)
    for own in change.lines:
        for mark, line in _marked(own, has_styles=console.color_system is not None):
            cells = [mark] if mark.plain else []
            _print_beside(console, cells if change.field in TEXTS else [name, *cells], line)


def _marked(line: Line, *, has_styles: bool) -> Iterator[tuple[Text, Text]]:
    """A line with its mark; where nothing else shows which words were changed, these follow in lines with a `~`."""
    if line.mark == "@":
        yield Text(), Text(line.words[0][0], style="dim cyan")
        return
    style = STYLES.get(line.mark, ("dim", ""))[0]
    yield Text(line.mark, style=style), _words(line.words, line.mark)
    if not has_styles:
        yield from ((Text("~"), Text(f"{old or '–'} → {new or '–'}")) for old, new in line.edits)


def _words(words: Words, mark: str) -> Text:
    plain, changed = STYLES.get(mark, ("dim", "dim"))
    # Where all is new, nothing has to stand out.
    is_whole = all(is_changed for _, is_changed in words)
    return Text.assemble(*((text, changed if is_changed and not is_whole else plain) for text, is_changed in words))


def _print_beside(console: Console, before: list[Text], line: Text) -> None:
    """Print a line with what stands before it; in a terminal what is too long goes on below itself."""
    if not console.is_terminal:
        console.print(Text(" ").join([*before, line]), soft_wrap=True)
        return
    table = Table.grid(padding=(0, 1))
    for cell in before:
        table.add_column(width=cell.cell_len, no_wrap=True)
    table.add_column(overflow="fold")
    table.add_row(*before, line)
    console.print(table)
