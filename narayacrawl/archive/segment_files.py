"""Read and write an archive's files: names, compression, lines, and writes that survive a power cut."""

import gzip
import os
import sys
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO, Final, Literal, cast

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

JSONL: Final = ".jsonl"
"""Ending of a sealed segment."""
PART: Final = ".jsonl.part"
"""Ending of a segment that is being written."""
TEMPORARY: Final = ".tmp"
"""Ending of a file that replaces another one once it is whole."""
LOCK: Final = ".lock"
"""Name of the file that a run, or a command that changes the portal's folder, holds locked."""
MANIFEST: Final = ".manifest.json"
"""Ending of a segment's manifest."""
COMPRESSIONS: Final[Mapping[str, tuple[str, Callable[[Path, Literal["rb", "wb"]], IO[bytes]]]]] = {
    "gzip": (".jsonl.gz", lambda path, mode: cast("IO[bytes]", gzip.open(path, mode))),  # noqa: SIM115 - the caller does
    "zstd": (".jsonl.zst", lambda path, mode: cast("IO[bytes]", zstd.open(path, mode))),
}
"""Ending and opener of compressed segments, by the value of ARCHIVE_COMPRESSION."""
UNPACKING_ERRORS: Final = (EOFError, zlib.error, gzip.BadGzipFile, zstd.ZstdError)


class ArchiveError(Exception):
    """An archive is damaged or cannot be used; the message is one line that names the file."""


def open_segment(path: Path) -> IO[bytes]:
    """Open a segment for reading; its ending tells how it is compressed."""
    opener = next((o for ending, o in COMPRESSIONS.values() if path.name.endswith(ending)), None)
    return opener(path, "rb") if opener else path.open("rb")


def read_lines(path: Path, size: int | None = None) -> Iterator[bytes]:
    """Yield the lines of a segment, without line ends; with `size`, those of its first bytes only.

    Raises `ArchiveError`, which names file and line, if a line has no end or cannot be decompressed.
    """
    number = 0
    with open_segment(path) as file:
        try:
            while size != 0 and (line := file.readline()):
                number += 1
                if size is not None:
                    line = line[:size]
                    size -= len(line)
                if not line.endswith(b"\n"):
                    raise ArchiveError(f"{path}:{number}: a torn line")
                yield line[:-1]
        except UNPACKING_ERRORS as error:
            raise ArchiveError(f"{path}:{number + 1}: damaged ({error})") from error


def replace_file(path: Path, write: Callable[[IO[bytes]], object]) -> None:
    """Write a file such that its path holds either the old or the new content, whole."""
    temporary = path.with_name(path.name + TEMPORARY)
    with temporary.open("wb") as file:
        write(file)
    sync(temporary)
    temporary.rename(path)
    sync(path.parent)


def sync(path: Path) -> None:
    """Flush a file, or the entries of a folder, to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
