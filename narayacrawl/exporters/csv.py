"""Write articles as CSV, for spreadsheets: a row an article, a column a field of the record, lists joined.

UTF-8 with a byte order mark, by which Excel knows it. A spreadsheet would compute a cell that begins like a formula:
such a text gets an apostrophe before it.
"""

import csv
import dataclasses
import io
from collections.abc import Sequence
from typing import Any, Final

import orjson

from narayacrawl.items import Article

FIELDS: Final = tuple(field.name for field in dataclasses.fields(Article))
SEPARATOR: Final = "; "
"""Between the entries of a list; no address has a space in it."""
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a cell begins with that a spreadsheet may compute; those of full width in Chinese and Japanese ones."""


def csv_header(fields: Sequence[str] = FIELDS) -> bytes:
    """Return the byte order mark and the row of the fields' names."""
    return _row(fields, encoding="utf-8-sig")


def csv_row(line: bytes, fields: Sequence[str] = FIELDS) -> bytes:
    """Return the row of an article that is given as a line of JSON."""
    record = orjson.loads(line)
    return _row([_cell(record.get(name)) for name in fields])


def _row(cells: Any, encoding: str = "utf-8") -> bytes:
    text = io.StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue().encode(encoding)


def _cell(value: Any) -> str:
    """Return a value as a cell: nothing for null, a list's entries joined, of pictures, players and links the
    address."""
    if isinstance(value, list):
        value = SEPARATOR.join(entry["url"] if isinstance(entry, dict) else str(entry) for entry in value)
    if isinstance(value, str):
        return f"'{value}" if value.startswith(FORMULA) else value
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
