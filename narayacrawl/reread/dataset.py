"""Write the articles of WARC files as a Parquet data set in folders by month and portal, by any number of machines, in
any order: each is in the data set once, however often it is tried.

A WARC file's articles are in files of its own name. When all of them are there, a mark is written; who comes to a file
that has its mark leaves it. What a process left that died before the mark goes when the next job begins, and when it
ends. `_SUCCESS` says that all files of a job are done.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import PurePosixPath
from typing import Any, Final
from urllib.parse import quote, urlsplit

import orjson
import pyarrow as pa
from pyarrow import parquet

from narayacrawl.exporters.parquet import PARSED_AT_ONCE, WRITTEN, parse_lines, record_schema
from narayacrawl.reread.foreign_files import MAX_TOLD, NoFiles
from narayacrawl.reread.pool_worker import NOTHING, Damage, Part, Read, read_part
from narayacrawl.reread.storage import Folder, is_remote, local_copy, shown
from narayacrawl.reread.warc_frames import Span

MARKS: Final = "_done"
"""Folder of the marks; readers of Parquet pass over names that begin so."""
SUCCESS: Final = "_SUCCESS"
OWN_FILE: Final = re.compile(r"month=[^/]+/portal=[^/]+/[^/]+-[0-9a-f]{12}-\d{5}\.parquet(?:\.[0-9a-f]{8}\.tmp)?")
FLUSHED: Final = 128 * 1024 * 1024
"""Bytes of lines that are gathered before they are written."""
PORTAL: Final = "portal"


@dataclass(slots=True)
class Done:
    """What was read of one WARC file."""

    source: str
    size: int
    """Bytes of the WARC file."""
    articles: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    """How many records yield no article, by reason."""
    damages: list[str] = field(default_factory=list)
    """Lines that tell of damaged records, the first ones."""
    has_failed: bool = False
    """True if it could not be read, or not to its end."""
    files: list[str] = field(default_factory=list)


def file_key(source: str) -> str:
    """Return what a WARC file's articles are filed under: its name, and a part of its address' hash."""
    address = source
    if is_remote(source):
        parts = urlsplit(source)
        address = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
    name = PurePosixPath(address).name.removesuffix(".gz").removesuffix(".warc")
    return f"{quote(name, safe='')}-{hashlib.sha256(address.encode()).hexdigest()[:12]}"


def read_mark(folder: Folder, key: str) -> Done | None:
    """Return what was read of a WARC file that is done; None of one that is not."""
    content = folder.read(f"{MARKS}/{key}.json")
    return Done(**orjson.loads(content)) if content else None


def write_source(source: str, size: int, target: str, reads: Iterable[Read] | None = None) -> Done:
    """Read a WARC file, and write its articles into the data set, unless that is done."""
    folder, key = Folder(target), file_key(source)
    if (done := read_mark(folder, key)) and done.size == size:
        return done
    writer = _Writer(folder, key, Done(source, size))
    with local_copy(source) as path:
        for read in read_part(Part(path, Span()), [NOTHING, 0]) if reads is None else reads:
            writer.take(read)
    return writer.finish()


class _Writer:
    """Gathers the articles of one WARC file, and writes them."""

    def __init__(self, folder: Folder, key: str, done: Done) -> None:
        self.folder, self.key, self.done = folder, key, done
        self._record = record_schema()
        self._lines: list[tuple[str, str, bytes]] = []
        self._size = 0
        self._flushes = 0
        self._counts: Counter[str] = Counter()

    def take(self, read: Read) -> None:
        done = self.done
        done.articles += len(read.lines)
        self._counts += read.counts
        done.has_failed = done.has_failed or read.has_failed
        told = [str(Damage(shown(done.source), damage.offset, damage.reason)) for damage in read.damages]
        done.damages += told[: MAX_TOLD - len(done.damages)]
        for line in read.lines:
            record = orjson.loads(line)
            self._lines.append((record["date"][:7], record[PORTAL], line))
        self._size += read.size
        if self._size >= FLUSHED:
            self._flush()

    def finish(self) -> Done:
        """Write what is left, and the mark."""
        self._flush()
        self.done.counts = dict(self._counts)
        if not self.done.has_failed:
            self.folder.write(f"{MARKS}/{self.key}.json", orjson.dumps(self.done))
        return self.done

    def _flush(self) -> None:
        # As they come within a folder: the same WARC file makes the same files.
        self._lines.sort(key=lambda own: own[:2])
        for (month, portal), group in groupby(self._lines, key=lambda own: own[:2]):
            table = self._table([line for _, _, line in group]).drop_columns([PORTAL])
            sink = pa.BufferOutputStream()
            parquet.write_table(table, sink, **WRITTEN)
            path = f"month={month}/{PORTAL}={quote(portal, safe='')}/{self.key}-{self._flushes:05}.parquet"
            self.folder.write(path, memoryview(sink.getvalue()))
            self.done.files.append(path)
        self._lines.clear()
        self._size = 0
        self._flushes += 1

    def _table(self, lines: list[bytes]) -> Any:
        """Parse lines, so many at a time that no line is too long for the parser."""
        tables, batch, size = [], [], 0
        for line in lines:
            batch.append(line)
            size += len(line)
            if size >= PARSED_AT_ONCE:
                tables.append(parse_lines(batch, self._record))
                batch, size = [], 0
        if batch:
            tables.append(parse_lines(batch, self._record))
        return pa.concat_tables(tables)


def begin(target: str, sources: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    """Return the WARC files that are to be read; what an interrupted job left of them goes."""
    folder = Folder(target)
    files = folder.files()
    if not any(path.startswith(f"{MARKS}/") for path in files) and (other := next(filter(_is_other, files), None)):
        raise NoFiles(f"{shown(target)} holds other files ({other}): name an empty folder or a new one")
    keys = {file_key(source): (source, size) for source, size in sources}
    waiting = [own for key, own in keys.items() if (done := read_mark(folder, key)) is None or done.size != own[1]]
    if waiting or SUCCESS not in files:
        folder.remove(SUCCESS)
        _sweep(folder, files, {file_key(source) for source, _ in waiting})
    return waiting


def _is_other(path: str) -> bool:
    """True for a file that is neither of a data set nor left of one."""
    return path != SUCCESS and OWN_FILE.fullmatch(path) is None


def end(target: str) -> None:
    """Say that the data set is whole."""
    folder = Folder(target)
    _sweep(folder, folder.files(), set())
    folder.write(SUCCESS, b"")


def _sweep(folder: Folder, files: Iterable[str], waiting: set[str]) -> None:
    """Remove the files of WARC files that wait, and those that were not finished."""
    for path in files:
        name = PurePosixPath(path).name
        key = name.removesuffix(".json") if path.startswith(f"{MARKS}/") else name.rpartition("-")[0]
        if key in waiting or (name.startswith(".") and name.endswith(".tmp")):
            folder.remove(path)
