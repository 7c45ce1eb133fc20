"""Tables: those that hold data are one block of the body, those that lay out the page are walked like any element."""

from itertools import groupby

from lxml.etree import _Element as Element

from narayacrawl.pages.outline.blocks import PageBlock, text_of
from narayacrawl.pages.outline.inline import ENDS, STARTS, Part

CELLS = ("td", "th")


def cell_of(element: Element) -> Element:
    """The table cell that an element is or stands in; the element itself where it stands in none."""
    return element if element.tag in CELLS else next(element.iterancestors(*CELLS), element)


def is_data(table: Element) -> bool:
    """Whether a table holds data, not the page's layout: two columns or more, no table inside, short cells."""
    if next(table.iterdescendants("table", "h1", "article", "form"), None) is not None:
        return False
    rows = [sum(1 for _ in row.iterchildren(*CELLS)) for row in table.iter("tr")]
    return max(rows, default=0) > 1 and len(text_of(table)) <= 400 * sum(rows)


def table_block(table: Element, inside: list[PageBlock], rule: str | None) -> PageBlock | None:
    """One block of the blocks inside a table's cells: a row a line, ` | ` between cells; None for an empty table."""
    cells = [(cell_of(block.element), block) for block in inside]
    rows: list[str] = []
    parts: list[Part] = []
    for row, pairs in groupby(cells, key=lambda pair: pair[0].getparent()):
        held: dict[Element, list[PageBlock]] = {}
        for cell, block in pairs:
            held.setdefault(cell, []).append(block)
        # An empty cell keeps its column.
        line = [*row.iterchildren(*CELLS)] if row is not None and row.tag == "tr" else [*held]
        rows.append(" | ".join(" ".join(block.text for block in held.get(cell, ())) for cell in line))
        parts.append(STARTS["tr"])
        for cell in line:
            name = cell.tag if cell.tag in CELLS else "td"  # text outside of any cell
            parts.append(STARTS[name])
            for position, block in enumerate(held.get(cell, ())):
                parts += [" ", *block.parts] if position else block.parts
            parts.append(ENDS[name])
        parts.append(ENDS["tr"])
    links = [link for block in inside for link in block.links]
    linked = sum(block.linked for block in inside)
    return PageBlock("table", "\n".join(rows), rule, table, linked, links, parts) if rows else None
