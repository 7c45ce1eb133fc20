"""Read and write an archive's files: names, compression, lines, and writes that survive a power cut.

A link in a portal's folder is none of the archive's files: it is neither read nor written through.
"""

import gzip
import os
import sys
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final, Literal, cast

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

JSONL: Final = ".jsonl"
"""Ending of a sealed segment."""
PART_ENDING: Final = ".part"
"""How the name of a file ends that is being written."""
PART: Final = JSONL + PART_ENDING
"""Ending of a segment that is being written."""
TEMPORARY: Final = ".tmp"
"""Ending of a file that replaces another one once it is whole."""
LOCK: Final = ".lock"
"""Name of the file that a run, or a command that changes the portal's folder, holds locked."""
DAMAGED: Final = "damaged"
"""Name of the folder, beside a portal's segments, that keeps copies of damaged ones."""
MANIFEST: Final = ".manifest.json"
"""Ending of a segment's manifest."""
COMPRESSIONS: Final[Mapping[str, tuple[str, Callable[[IO[bytes], Literal["rb", "wb"]], IO[bytes]]]]] = {
    "gzip": (".jsonl.gz", lambda file, mode: cast("IO[bytes]", gzip.open(file, mode))),  # noqa: SIM115 - the caller does
    "zstd": (".jsonl.zst", lambda file, mode: cast("IO[bytes]", zstd.open(file, mode))),
}
"""Ending of compressed segments and what unpacks or packs a file of them, by the value of ARCHIVE_COMPRESSION."""
NO_LINK: Final = getattr(os, "O_NOFOLLOW", 0)  # Windows has none
UNPACKING_ERRORS: Final = (EOFError, zlib.error, gzip.BadGzipFile, zstd.ZstdError)


class ArchiveError(Exception):
    """An archive is damaged or cannot be used; the message is one line that names the file."""


@contextmanager
def open_segment(path: Path) -> Iterator[IO[bytes]]:
    """Open a segment for reading; its ending tells how it is compressed. Raises `ArchiveError` if it is a link."""
    with os.fdopen(open_file(path), "rb") as file:
        unpack = _compression_of(path.name)
        if unpack is None:
            yield file
            return
        with unpack(file, "rb") as unpacked:
            yield unpacked


def open_file(path: Path) -> int:
    """Open a file of the archive for reading, and return its descriptor. Raises `ArchiveError` if it is a link."""
    try:
        return os.open(path, os.O_RDONLY | NO_LINK | getattr(os, "O_BINARY", 0))
    except OSError as error:
        if path.is_symlink():
            raise ArchiveError(f"{path} is a link: the archive holds files only") from error
        raise


@contextmanager
def create_file(path: Path, name: str = "") -> Iterator[IO[bytes]]:
    """Create a file of the archive, compressed as one with this `name` is, and write it through to the disk.

    What an interrupted run left at this path is removed; what comes there meanwhile, a link, too, is an `OSError`.
    """
    path.unlink(missing_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | NO_LINK | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags, 0o644), "wb") as file:
        pack = _compression_of(name)
        if pack is None:
            yield file
        else:
            with pack(file, "wb") as packed:
                yield packed
        file.flush()
        os.fsync(file.fileno())


def _compression_of(name: str) -> Callable[[IO[bytes], Literal["rb", "wb"]], IO[bytes]] | None:
    return next((pack for ending, pack in COMPRESSIONS.values() if name.endswith(ending)), None)


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
    with create_file(temporary) as file:
        write(file)
    temporary.rename(path)
    sync(path.parent)


def sync(path: Path) -> None:
    """Flush a file, or the entries of a folder, to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
