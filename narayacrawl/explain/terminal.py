"""Print an explanation to a terminal."""

import re
from collections.abc import Iterable

from rich.console import Console
from rich.table import Table
from rich.text import Text

from narayacrawl.explain.block_outcomes import ExplainedBlock
from narayacrawl.explain.explanation import Explanation, Field, count_by_rule
from narayacrawl.language.english import counted, worded
from narayacrawl.language.text import clean_text

MAX_VALUES = 5
MARKS = {"kept": ("✓", "green"), "field": ("→", "cyan"), "dropped": ("×", "yellow"), "outside": ("·", "dim")}
KINDS = {"ul": "li", "ol": "li", "blockquote": "quote"}
HEADINGS = frozenset({"h1", "h2", "h3", "h4"})
LABEL_WIDTH = 14
"""Width of the labels before values."""
# Fields with long addresses: one line each, showing the end of the address.
ONE_LINE_FIELDS = frozenset({"images", "related"})
ADDRESS = re.compile(r"https?://[^\s)]*/(?=[^\s/)]+/?(?:[\s)]|$))")


def print_explanation(console: Console, explanation: Explanation, *, spider: str, all_blocks: bool = False) -> None:
    """Print the fields of the page and the outcome of its blocks; with `all_blocks` also those outside the body's
    container, as always if there is none.

    Lines are cut at the terminal's width; in a pipe they are whole. The page's text is printed without control
    characters: it cannot control the terminal.
    """
    _print_line(console, Text(clean_text(explanation.url), style="bold"))
    if explanation.rejection:
        verdict = (f"no article: {clean_text(explanation.rejection)}", "bold red")
    else:
        verdict = ("article", "bold green")
    _print_line(console, Text.assemble(verdict, (f"  as spider {spider} reads it", "dim")))
    for warning in explanation.warnings:
        console.print(_labelled_rows([("!", clean_text(warning))], width=1, style="bold yellow"))
    console.print()
    console.print(_fields(explanation.fields, console.width // 3))
    console.print()
    console.print(_labelled_rows(_summary(explanation), width=LABEL_WIDTH, style="bold"))
    console.print()
    all_blocks = all_blocks or explanation.container is None
    label = max((len(_label(block)) for block in explanation.blocks), default=0)
    for block in _collapse_outside(explanation.blocks_at("above"), all_blocks=all_blocks):
        _print_line(console, _line(block, label))
    if explanation.container:
        _print_border(console, explanation.container.rpartition(" > ")[2])
        for block in explanation.blocks_at("inside"):
            _print_line(console, _line(block, label))
        _print_border(console, "")
    for block in _collapse_outside(explanation.blocks_at("below"), all_blocks=all_blocks):
        _print_line(console, _line(block, label))


def _print_line(console: Console, line: Text) -> None:
    """Print a line, cut at the terminal's width."""
    if console.is_terminal:
        line.truncate(console.width, overflow="ellipsis")
    console.print(line, soft_wrap=True)


def _print_border(console: Console, title: str) -> None:
    """Print the container's border."""
    line = f"── {clean_text(title)} " if title else ""
    _print_line(console, Text(line + "─" * max(0, console.width - len(line)), style="dim"))


# Fields


def _fields(fields: list[Field], origin_width: int) -> Table:
    """Return the fields with their values and origins."""
    table = Table.grid(padding=(0, 2))
    table.add_column(style="bold", width=LABEL_WIDTH, no_wrap=True)
    table.add_column(overflow="fold")
    table.add_column(overflow="fold", max_width=origin_width, style="dim")
    for field in fields:
        value, origin = Text(), clean_text(field.origin or "")
        for number, text in enumerate(field.values[:MAX_VALUES]):
            line = _shorten_addresses(text) if field.name in ONE_LINE_FIELDS else text
            value.append("\n" * bool(number) + clean_text(line))
        if len(field.values) > MAX_VALUES:
            value.append(f"\n… and {len(field.values) - MAX_VALUES} more", style="dim")
        if field.name in ONE_LINE_FIELDS:
            value.no_wrap, value.overflow = True, "ellipsis"
        if not field.values:
            value.append("–", style="dim")
        if field.as_published:
            origin += f"{', ' if origin else ''}as {clean_text(field.as_published)}"
        table.add_row(field.name, value, Text(origin))
    return table


def _summary(explanation: Explanation) -> list[tuple[str, str]]:
    """Return what holds the body and why, and how much of it was kept."""
    return [
        ("body", clean_text(explanation.container or "none")),
        ("chosen", clean_text(explanation.container_reason)),
        ("kept", explanation.kept_size),
        ("into fields", worded(explanation.read_into_fields) or "nothing"),
        ("left out", worded(explanation.dropped) or "nothing"),
        ("outside", worded(explanation.outside) or "nothing"),
    ]


def _labelled_rows(rows: Iterable[tuple[str, str]], *, width: int, style: str) -> Table:
    """Return lines with a label before each; a long one continues below itself."""
    table = Table.grid(padding=(0, 2))
    table.add_column(style=style, width=width, no_wrap=True)
    table.add_column(overflow="fold")
    for label, text in rows:
        table.add_row(label, Text(text))
    return table


# Blocks


def _collapse_outside(blocks: list[ExplainedBlock], *, all_blocks: bool) -> list[ExplainedBlock | str]:
    """Return the blocks outside the container: those in the body or a field, the others as counts unless all are
    wanted."""
    lines: list[ExplainedBlock | str] = []
    collapsed: list[ExplainedBlock] = []
    for block in blocks:
        if all_blocks or block.outcome in ("field", "kept"):
            lines += [*_count_line(collapsed), block]
            collapsed = []
        else:
            collapsed.append(block)
    return [*lines, *_count_line(collapsed)]


def _count_line(blocks: list[ExplainedBlock]) -> list[str]:
    """Return one line with the number of blocks by rule; none for no blocks."""
    return [f"{counted(len(blocks), 'block')} outside: {worded(count_by_rule(blocks))}"] if blocks else []


def _label(block: ExplainedBlock) -> str:
    """Return the rule of a block, else its kind."""
    return block.rule or KINDS.get(block.kind, block.kind)


def _line(block: ExplainedBlock | str, width: int) -> Text:
    """Return the line of a block."""
    if isinstance(block, str):
        return Text(f"  {'…':<{width}}  {block}", style="dim")
    mark, color = MARKS[block.outcome]
    line = Text.assemble(
        (f"{mark} ", color), (f"{_label(block):<{width}}  ", "dim" if block.outcome == "kept" else color)
    )
    if block.field and block.field != block.rule:
        line.append(f"{block.field}  ", style=color)
    if block.outcome != "kept" and block.has_class_or_id:
        line.append(f"{clean_text(block.element)}  ", style="italic dim")
    is_heading = block.outcome == "kept" and block.kind in HEADINGS
    style = "dim" if block.outcome in ("dropped", "outside") else "bold" if is_heading else ""
    return line.append(clean_text(_shorten_addresses(block.text) if block.kind == "image" else block.text), style=style)


def _shorten_addresses(text: str) -> str:
    """Shorten addresses to their ends, `…/kapal.jpg`."""
    return ADDRESS.sub("…/", text)
