"""Write a run's lines into its segment, on the disk before anything else happens."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import orjson

from narayacrawl.archive.segment_files import PART, sync


def segment_line(item: Any) -> bytes:  # noqa: ANN401 - whatever dataclass
    """Encode a dataclass item as a segment's line, its end included; raises `TypeError` if UTF-8 or JSON cannot say
    it."""
    return orjson.dumps(item, option=orjson.OPT_APPEND_NEWLINE)


class SegmentWriter:
    """Append lines to one run's segment.

    The file is created with the first line, and never written over. Every `OSError` is raised; what was written before
    it is whole up to the size returned last.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self.name = name
        self.path = folder / f"{name}{PART}"
        self.size = 0
        """Bytes on the disk."""
        self._descriptor: int | None = None

    def append(self, lines: Sequence[bytes]) -> int:
        """Write lines, their ends included, and wait until they are on the disk; return the size of the file then."""
        if self._descriptor is None:
            self._descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o644)
            sync(self.path.parent)
        together = b"".join(lines)
        rest = memoryview(together)
        while rest:
            rest = rest[os.write(self._descriptor, rest) :]
        os.fsync(self._descriptor)
        self.size += len(together)
        return self.size

    def close(self) -> None:
        """Close the file; nothing is left to write."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
