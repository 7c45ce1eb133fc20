"""Write exports: JSON Lines or CSV in a file, whole or not at all, JSON Lines on stdout."""

import gzip
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Final, Protocol, cast

from narayacrawl.archive.segment_files import TEMPORARY, sync

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

BUFFER: Final = 1024 * 1024
STDOUT: Final = "-"
JSON_LINES: Final = (".jsonl", ".jsonlines", ".jl", ".ndjson")
CSV: Final = ".csv"
SQLITE: Final = (".db", ".sqlite", ".sqlite3")
PACKED: Final = (".gz", ".zst")


class OutputError(Exception):
    """Tells in one line which output cannot be written, and why."""

    def __init__(self, name: str, error: Exception) -> None:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error).partition("\n")[0]
        super().__init__(f"{name}: {reason}")


class Output(Protocol):
    """Takes records. Every method may raise `OutputError`, but `discard`."""

    name: str
    is_final: bool
    """True if what was written cannot be taken back: a pipe, a device."""

    def write(self, line: bytes) -> None:
        """Write a record, a line without its end."""

    def finish(self) -> None:
        """Write what is buffered, and wait until all of it is on the disk."""

    def place(self) -> None:
        """Put the finished file in its place."""

    def discard(self) -> None:
        """Remove what was written, unless it is in its place."""


class WholeFile:
    """Writes a file beside its place, and puts it there when it is whole and on the disk.

    What is no regular file, a pipe or a device, is written as it is. `OutputError` where it cannot be.
    """

    def __init__(self, path: Path) -> None:
        self.name = str(path)
        # A link stays one.
        self._path = path.resolve()
        self.is_final = self._path.exists() and not self._path.is_file()
        self.written = self._path if self.is_final else self._path.with_name(self._path.name + TEMPORARY)
        """Where it is until it is whole."""
        try:
            if not self.is_final:
                self.written.unlink(missing_ok=True)
            self.file: IO[bytes] = self.written.open("wb" if self.is_final else "xb", buffering=BUFFER)
        except OSError as error:
            raise OutputError(self.name, error) from error
        self._inode = os.fstat(self.file.fileno()).st_ino

    def finish(self) -> None:
        try:
            self.file.flush()
            if not self.is_final:
                os.fsync(self.file.fileno())
            self.file.close()
        except OSError as error:
            raise OutputError(self.name, error) from error

    def place(self) -> None:
        if self.is_final:
            return
        try:
            if not self._is_own():
                raise FileExistsError(None, "another export to it began meanwhile")
            self.written.rename(self._path)
            sync(self._path.parent)
        except OSError as error:
            raise OutputError(self.name, error) from error

    def discard(self) -> None:
        # A full disk does not take what is left in the buffer.
        with suppress(OSError):
            self.file.close()
        if not self.is_final and self._is_own():
            self.written.unlink()

    def _is_own(self) -> bool:
        return self.written.exists() and self.written.stat().st_ino == self._inode


def as_json_line(line: bytes) -> bytes:
    """Return a record's line with its end."""
    return line + b"\n"


class LinesFile:
    """Writes a file of records one after the other, compressed where its name ends in `.gz` or `.zst`."""

    def __init__(
        self, path: Path, encode: Callable[[bytes], bytes] = as_json_line, header: Callable[[], bytes] = bytes
    ) -> None:
        self._encode = encode
        self._whole = WholeFile(path)
        self.name, self.is_final = self._whole.name, self._whole.is_final
        self._packed: IO[bytes] | None = None
        if path.suffix.lower() == ".gz":
            # Without name and time: the same articles are the same file.
            self._packed = cast("IO[bytes]", gzip.GzipFile("", "wb", fileobj=self._whole.file, mtime=0))
        elif path.suffix.lower() == ".zst":
            self._packed = cast("IO[bytes]", zstd.ZstdFile(self._whole.file, "wb"))
        self._file = self._packed or self._whole.file
        self._write(header())

    def write(self, line: bytes) -> None:
        self._write(self._encode(line))

    def _write(self, encoded: bytes) -> None:
        try:
            self._file.write(encoded)
        except OSError as error:
            raise OutputError(self.name, error) from error

    def finish(self) -> None:
        try:
            if self._packed is not None:
                self._packed.close()
        except OSError as error:
            raise OutputError(self.name, error) from error
        self._whole.finish()

    def place(self) -> None:
        self._whole.place()

    def discard(self) -> None:
        self._whole.discard()


class StandardOutput:
    """Writes JSON Lines on stdout."""

    name = "stdout"
    is_final = True

    def __init__(self) -> None:
        self._file = sys.stdout.buffer

    def write(self, line: bytes) -> None:
        try:
            self._file.write(line + b"\n")
        except OSError as error:
            raise OutputError(self.name, error) from error

    def finish(self) -> None:
        try:
            self._file.flush()
        except OSError as error:
            raise OutputError(self.name, error) from error

    def place(self) -> None:
        """Do nothing: it is there already."""

    def discard(self) -> None:
        """Do nothing: it cannot be taken back."""


def refuse_ending(option: str, name: str) -> None:
    """Raise `ValueError`, one line, for the name of a file whose ending does not tell how it is to be written."""
    path = Path(name)
    # A pipe or a device is called whatever it is called.
    if name == STDOUT or (path.exists() and not path.is_file()) or _format(path) in (*JSON_LINES, CSV):
        return
    if _format(path) == ".parquet" and option == "-O":
        raise ValueError("-O writes JSON Lines or CSV: --parquet writes Parquet")
    if _format(path) in SQLITE and option == "-O":
        raise ValueError("-O writes JSON Lines or CSV: --sqlite writes an SQLite database")
    ending = "".join(path.suffixes[-2:]) if path.suffix.lower() in PACKED else path.suffix
    told = f"nothing is written as {ending}" if ending else "its name has no ending"
    raise ValueError(f"{option} {name}: {told}: end it in .jsonl or .csv, with .gz or .zst behind it to compress it")


def _format(path: Path) -> str:
    """Return the ending that tells how a file is written, in lower case."""
    return (path.with_suffix("") if path.suffix.lower() in PACKED else path).suffix.lower()


def lines_output(name: str, fields: Sequence[str] = ()) -> Output:
    """Open the output that `-O` names: a file of JSON Lines or, by its ending, CSV; stdout where it is `-`. `fields`
    are the columns of CSV where the records are no articles."""
    if name == STDOUT:
        return StandardOutput()
    if _format(Path(name)) == CSV:
        from narayacrawl.exporters.csv import FIELDS, csv_header, csv_row

        own = fields or FIELDS
        return LinesFile(Path(name), lambda line: csv_row(line, own), lambda: csv_header(own))
    return LinesFile(Path(name))


def write_all(lines: Iterable[bytes], openers: Sequence[Callable[[], Output]], outputs: list[Output]) -> None:
    """Write lines to every output, which are added to `outputs`: none takes its place before all are whole."""
    try:
        for opener in openers:
            outputs.append(opener())  # noqa: PERF401 - those that are open are discarded where the next one fails
        for line in lines:
            for output in outputs:
                output.write(line)
        for output in outputs:
            output.finish()
        for output in outputs:
            output.place()
    except BaseException:
        for output in outputs:
            output.discard()
        raise
