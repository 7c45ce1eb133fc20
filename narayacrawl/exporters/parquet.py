"""Write articles as Parquet, for whoever asks them with pandas, Polars or DuckDB; needs pyarrow (`.[parquet]`).

The columns are the record's fields, lists and objects nested as there. `date` and `modified` are its text, so that the
portal's own day and hour can be read; the same moments stand in `date_utc` and `modified_utc`, `fetched_at` in
`fetched_at_utc`, as timestamps.
"""

import dataclasses
import io
import types
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, get_args, get_origin, get_type_hints

import pyarrow as pa
from pyarrow import compute, json, parquet

from narayacrawl.exporters.files import OutputError, WholeFile
from narayacrawl.items import Article

MOMENTS: Final = ("date", "modified", "fetched_at")
REPEATED: Final = (
    *("portal", "site_name", "section", "sections", "language", "authors", "editors", "tags", "dateline"),
    *("date_precision", "change"),
)
"""Fields whose values come again: they are kept once in a dictionary."""

WRITTEN: Final[Mapping[str, Any]] = {
    "compression": "zstd",
    "use_dictionary": [*REPEATED, *(f"{name}.list.element" for name in REPEATED)],
}
"""How a file is written."""
PARSED_AT_ONCE: Final = 1 * 1024 * 1024
ROW_GROUP: Final = 32 * 1024 * 1024
"""So many bytes of lines are a row group, and stand in memory."""


def record_schema(record_type: type = Article) -> Any:
    """Return a record's fields as Arrow types."""
    return pa.schema([(name, _arrow(hint)) for name, hint in get_type_hints(record_type).items()])


def _arrow(hint: Any) -> Any:
    if isinstance(hint, types.UnionType):
        [hint] = [kind for kind in get_args(hint) if kind is not types.NoneType]
    if get_origin(hint) is list:
        return pa.list_(_arrow(get_args(hint)[0]))
    if dataclasses.is_dataclass(hint):
        return pa.struct([(name, _arrow(own)) for name, own in get_type_hints(hint).items()])
    return {str: pa.string(), int: pa.int64(), float: pa.float64(), bool: pa.bool_()}[hint]


def with_moments(record: Any) -> Any:
    """Return the columns of a file: the record's fields, and its moments in UTC."""
    for name in MOMENTS:
        if name in record.names:
            record = record.append(pa.field(f"{name}_utc", pa.timestamp("us", "UTC")))
    return record


def parse_lines(lines: Sequence[bytes], record: Any) -> Any:
    """Parse records into a table of these fields and the moments. Raises `pyarrow.ArrowException` where one is none."""
    content = b"\n".join(lines)
    table = json.read_json(
        io.BytesIO(content),
        # One block: a line that does not fit in one is refused.
        read_options=json.ReadOptions(use_threads=False, block_size=len(content) + 1),
        parse_options=json.ParseOptions(explicit_schema=record, unexpected_field_behavior="ignore"),
    )
    for moment in [*with_moments(record)][len(record) :]:
        table = table.append_column(moment, compute.cast(table[moment.name.removesuffix("_utc")], moment.type))
    return table


class ParquetFile:
    """Writes a Parquet file, compressed with Zstandard, in row groups of bounded size."""

    def __init__(self, path: Path, record_type: type = Article) -> None:
        """`record_type` is the dataclass whose fields are the columns."""
        self._whole = WholeFile(path)
        self.name, self.is_final = self._whole.name, self._whole.is_final
        self._record = record_schema(record_type)
        self._writer = parquet.ParquetWriter(self._whole.file, with_moments(self._record), **WRITTEN)
        self._lines: list[bytes] = []
        self._size = 0
        self._tables: list[Any] = []
        self._tables_size = 0

    def write(self, line: bytes) -> None:
        self._lines.append(line)
        self._size += len(line) + 1
        if self._size >= PARSED_AT_ONCE:
            self._parse()
            if self._tables_size >= ROW_GROUP:
                self._write_row_group()

    def finish(self) -> None:
        if self._lines:
            self._parse()
        if self._tables:
            self._write_row_group()
        try:
            self._writer.close()
        except (OSError, pa.ArrowException) as error:
            raise OutputError(self.name, error) from error
        self._whole.finish()

    def place(self) -> None:
        self._whole.place()

    def discard(self) -> None:
        # Or it would write its end when it is collected.
        self._writer.is_open = False
        self._whole.discard()

    def _parse(self) -> None:
        try:
            self._tables.append(parse_lines(self._lines, self._record))
        except pa.ArrowException as error:
            raise OutputError(self.name, error) from error
        self._tables_size += self._size
        self._lines.clear()
        self._size = 0

    def _write_row_group(self) -> None:
        try:
            table = pa.concat_tables(self._tables)
            self._writer.write_table(table, row_group_size=table.num_rows)
        except (OSError, pa.ArrowException) as error:
            raise OutputError(self.name, error) from error
        self._tables.clear()
        self._tables_size = 0
