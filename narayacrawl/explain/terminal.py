"""An explanation in a terminal: the fields, then the page as a list of its blocks, one a line."""

import re
from collections.abc import Iterable

from rich.console import Console
from rich.table import Table
from rich.text import Text

from narayacrawl.explain.block_outcomes import ExplainedBlock
from narayacrawl.explain.explanation import Explanation, Field, counts
from narayacrawl.explain.rule_names import size
from narayacrawl.language.english import counted, worded
from narayacrawl.language.text import clean_text

MOST_VALUES = 5
MARKS = {"kept": ("✓", "green"), "field": ("→", "cyan"), "dropped": ("×", "yellow"), "outside": ("·", "dim")}
KINDS = {"ul": "li", "ol": "li", "blockquote": "quote"}
HEADINGS = frozenset({"h1", "h2", "h3", "h4"})
HEAD = 11
"""Width of the names that values stand beside."""
# These tell long addresses: a line each, of an address its end.
ONE_LINE = frozenset({"images", "related"})
ADDRESS = re.compile(r"https?://[^\s)]*/(?=[^\s/)]+/?(?:[\s)]|$))")


def print_explanation(console: Console, explanation: Explanation, *, spider: str, all_blocks: bool = False) -> None:
    """Print what the page gave and what was left out; with `all_blocks` those outside the body's container, too, and
    always where there is none.

    A line is cut where the terminal ends; in a pipe it is whole. The page's text is printed without control characters:
    it cannot speak to the terminal.
    """
    _print_line(console, Text(clean_text(explanation.url), style="bold"))
    if explanation.rejection:
        verdict = (f"no article: {clean_text(explanation.rejection)}", "bold red")
    else:
        verdict = ("article", "bold green")
    _print_line(console, Text.assemble(verdict, (f"  as spider {spider} reads it", "dim")))
    for warning in explanation.warnings:
        console.print(_beside([("!", clean_text(warning))], width=1, style="bold yellow"))
    console.print()
    console.print(_fields(explanation.fields, console.width // 3))
    console.print()
    console.print(_beside(_summary(explanation), width=HEAD, style="bold"))
    console.print()
    all_blocks = all_blocks or explanation.container is None
    label = max((len(_label(block)) for block in explanation.blocks), default=0)
    for block in _shown(explanation.at("above"), all_blocks=all_blocks):
        _print_line(console, _line(block, label))
    if explanation.container:
        _print_border(console, explanation.container.rpartition(" > ")[2])
        for block in explanation.at("inside"):
            _print_line(console, _line(block, label))
        _print_border(console, "")
    for block in _shown(explanation.at("below"), all_blocks=all_blocks):
        _print_line(console, _line(block, label))


def _print_line(console: Console, line: Text) -> None:
    if console.is_terminal:
        line.truncate(console.width, overflow="ellipsis")
    console.print(line, soft_wrap=True)


def _print_border(console: Console, title: str) -> None:
    line = f"── {clean_text(title)} " if title else ""
    _print_line(console, Text(line + "─" * max(0, console.width - len(line)), style="dim"))


# What the page gave


def _fields(fields: list[Field], source_width: int) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(style="bold", width=HEAD, no_wrap=True)
    table.add_column(overflow="fold")
    table.add_column(overflow="fold", max_width=source_width, style="dim")
    for own in fields:
        value, source = Text(), clean_text(own.source or "")
        for number, text in enumerate(own.values[:MOST_VALUES]):
            line = _shortened(text) if own.name in ONE_LINE else text
            value.append("\n" * bool(number) + clean_text(line))
        if len(own.values) > MOST_VALUES:
            value.append(f"\n… and {len(own.values) - MOST_VALUES} more", style="dim")
        if own.name in ONE_LINE:
            value.no_wrap, value.overflow = True, "ellipsis"
        if not own.values:
            value.append("–", style="dim")
        if own.published:
            source += f"{', ' if source else ''}as {clean_text(own.published)}"
        table.add_row(own.name, value, Text(source))
    return table


def _summary(explanation: Explanation) -> list[tuple[str, str]]:
    """What holds the body and why, and how much of it was kept."""
    return [
        ("body", clean_text(explanation.container or "none")),
        ("chosen", clean_text(explanation.choice)),
        ("kept", size(explanation)),
        ("left out", worded(explanation.dropped) or "nothing"),
        ("outside", worded(explanation.outside) or "nothing"),
    ]


def _beside(rows: Iterable[tuple[str, str]], *, width: int, style: str) -> Table:
    """Lines with a name before each; what is too long goes on below itself."""
    table = Table.grid(padding=(0, 2))
    table.add_column(style=style, width=width, no_wrap=True)
    table.add_column(overflow="fold")
    for head, text in rows:
        table.add_row(head, Text(text))
    return table


# What happened to its blocks


def _shown(blocks: list[ExplainedBlock], *, all_blocks: bool) -> list[ExplainedBlock | str]:
    """Blocks outside the container: those that gave the body or a field, the others as counts unless all are wanted."""
    shown: list[ExplainedBlock | str] = []
    passed: list[ExplainedBlock] = []
    for block in blocks:
        if all_blocks or block.fate in ("field", "kept"):
            shown += [*_counted(passed), block]
            passed = []
        else:
            passed.append(block)
    return [*shown, *_counted(passed)]


def _counted(blocks: list[ExplainedBlock]) -> list[str]:
    return [f"{counted(len(blocks), 'block')} outside: {worded(counts(blocks))}"] if blocks else []


def _label(block: ExplainedBlock) -> str:
    return block.rule or KINDS.get(block.kind, block.kind)


def _line(block: ExplainedBlock | str, width: int) -> Text:
    if isinstance(block, str):
        return Text(f"  {'…':<{width}}  {block}", style="dim")
    mark, color = MARKS[block.fate]
    line = Text.assemble((f"{mark} ", color), (f"{_label(block):<{width}}  ", "dim" if block.fate == "kept" else color))
    if block.into and block.into != block.rule:
        line.append(f"{block.into}  ", style=color)
    if block.fate != "kept" and block.is_named:
        line.append(f"{clean_text(block.element)}  ", style="italic dim")
    heading = block.fate == "kept" and block.kind in HEADINGS
    style = "dim" if block.fate in ("dropped", "outside") else "bold" if heading else ""
    return line.append(clean_text(_shortened(block.text) if block.kind == "image" else block.text), style=style)


def _shortened(text: str) -> str:
    """The text with addresses cut to their ends, `…/kapal.jpg`."""
    return ADDRESS.sub("…/", text)
