"""How the files of an archive are stored: their endings, compression, lines, and writes that survive a power cut."""

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


PART: Final = ".jsonl.part"


TEMPORARY: Final = ".tmp"


LOCK: Final = ".lock"
"""A portal's file that its run, or whoever else changes its folder, holds locked."""


MANIFEST: Final = ".manifest.json"


COMPRESSIONS: Final[Mapping[str, tuple[str, Callable[[Path, Literal["rb", "wb"]], IO[bytes]]]]] = {
    "gzip": (".jsonl.gz", lambda path, mode: cast("IO[bytes]", gzip.open(path, mode))),  # noqa: SIM115 - the caller does
    "zstd": (".jsonl.zst", lambda path, mode: cast("IO[bytes]", zstd.open(path, mode))),
}
"""By the name in ARCHIVE_COMPRESSION: the file's ending, and what opens it."""


UNPACKING_ERRORS: Final = (EOFError, zlib.error, gzip.BadGzipFile, zstd.ZstdError)


class ArchiveError(Exception):
    """An archive that does not hold what the ledger has acknowledged; its text is one line that names the file."""


def open_segment(path: Path) -> IO[bytes]:
    """A segment's lines as a file, unpacked by its ending."""
    opener = next((o for ending, o in COMPRESSIONS.values() if path.name.endswith(ending)), None)
    return opener(path, "rb") if opener else path.open("rb")


def read_lines(path: Path, size: int | None = None) -> Iterator[bytes]:
    """The lines of a segment, without their ends; of one that is not sealed, those of its first `size` bytes.

    `ArchiveError` names file and line where a line has no end, or what was compressed cannot be unpacked.
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
    """Put a whole file in the place of another, or of none."""
    temporary = path.with_name(path.name + TEMPORARY)
    with temporary.open("wb") as file:
        write(file)
    sync(temporary)
    temporary.rename(path)
    sync(path.parent)


def sync(path: Path) -> None:
    """Wait until a file, or a folder's list of names, is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
