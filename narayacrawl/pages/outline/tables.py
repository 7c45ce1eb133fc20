"""Read tables: one that holds data is one block of the body, one that lays out the page is walked like any element."""

from itertools import groupby

from lxml.etree import _Element as Element

from narayacrawl.pages.outline.blocks import PageBlock, text_of
from narayacrawl.pages.outline.inline import END_TAGS, START_TAGS, InlineToken

CELL_TAGS = ("td", "th")


def cell_of(element: Element) -> Element:
    """Return the table cell that an element is or stands in; the element itself if it stands in none."""
    return element if element.tag in CELL_TAGS else next(element.iterancestors(*CELL_TAGS), element)


def is_data_table(table: Element) -> bool:
    """True if a table holds data and is not the page's layout: two columns or more, no table inside, short cells."""
    if next(table.iterdescendants("table", "h1", "article", "form"), None) is not None:
        return False
    rows = [sum(1 for _ in row.iterchildren(*CELL_TAGS)) for row in table.iter("tr")]
    return max(rows, default=0) > 1 and len(text_of(table)) <= 400 * sum(rows)


def table_block(table: Element, inside: list[PageBlock], rule: str | None) -> PageBlock | None:
    """Join the blocks inside a table's cells into one block: one line per row, ` | ` between cells; None for an empty
    table."""
    cells = [(cell_of(block.element), block) for block in inside]
    rows: list[str] = []
    tokens: list[InlineToken] = []
    for row, pairs in groupby(cells, key=lambda pair: pair[0].getparent()):
        blocks_of_cell: dict[Element, list[PageBlock]] = {}
        for cell, block in pairs:
            blocks_of_cell.setdefault(cell, []).append(block)
        # An empty cell keeps its column.
        row_cells = [*row.iterchildren(*CELL_TAGS)] if row is not None and row.tag == "tr" else [*blocks_of_cell]
        rows.append(" | ".join(" ".join(block.text for block in blocks_of_cell.get(cell, ())) for cell in row_cells))
        tokens.append(START_TAGS["tr"])
        for cell in row_cells:
            tag = cell.tag if cell.tag in CELL_TAGS else "td"  # text outside of any cell
            tokens.append(START_TAGS[tag])
            for position, block in enumerate(blocks_of_cell.get(cell, ())):
                tokens += [" ", *block.tokens] if position else block.tokens
            tokens.append(END_TAGS[tag])
        tokens.append(END_TAGS["tr"])
    links = [link for block in inside for link in block.links]
    linked = sum(block.linked_chars for block in inside)
    return PageBlock("table", "\n".join(rows), rule, table, linked, links, tokens) if rows else None
