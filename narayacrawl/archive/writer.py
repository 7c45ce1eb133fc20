"""Write a run's lines into its segment, and wait until they are on the disk."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import orjson

from narayacrawl.archive.segment_files import NO_LINK, PART, sync


def segment_line(item: Any) -> bytes:  # noqa: ANN401 - whatever dataclass
    """Encode a dataclass item as a line, with its line end; raise `TypeError` if UTF-8 or JSON cannot encode it."""
    return orjson.dumps(item, option=orjson.OPT_APPEND_NEWLINE)


class SegmentWriter:
    """Append lines to one run's segment.

    The file is created with the first line; an existing one is never overwritten. After an `OSError` the file is valid
    up to the size that `append` returned last.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self.name = name
        self.path = folder / f"{name}{PART}"
        self.size = 0
        """How many bytes are on the disk."""
        self._descriptor: int | None = None

    def append(self, lines: Sequence[bytes]) -> int:
        """Write lines, which include their line ends, and wait until they are on the disk; return the file's size."""
        if self._descriptor is None:
            self._descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | NO_LINK, 0o644)
            sync(self.path.parent)
        content = b"".join(lines)
        unwritten = memoryview(content)
        while unwritten:
            unwritten = unwritten[os.write(self._descriptor, unwritten) :]
        os.fsync(self._descriptor)
        self.size += len(content)
        return self.size

    def close(self) -> None:
        """Close the file, if it was opened."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
