"""Keep the texts that are compared in a temporary file, compressed one by one: memory holds their places only."""

import os
import sys
import tempfile
from array import array
from pathlib import Path
from typing import Any, Final, Self

import orjson

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

LEVEL: Final = 1
FIELDS: Final = ("portal", "id", "url", "title", "date", "fetched_at", "body")
"""What is kept of a record."""


class TextFile:
    """Writes articles one after the other, then reads any of them; used in a `with`, at whose end the file is gone.

    The copy that a worker process gets reads the same file.
    """

    def __init__(self) -> None:
        handle, name = tempfile.mkstemp(prefix="narayacrawl-duplicates-")
        self.path = Path(name)
        self._file = os.fdopen(handle, "w+b", buffering=1024 * 1024)
        self._ends = array("Q")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
        self.path.unlink(missing_ok=True)

    def __getstate__(self) -> tuple[Path, "array[int]"]:
        return self.path, self._ends

    def __setstate__(self, state: tuple[Path, "array[int]"]) -> None:
        self.path, self._ends = state
        self._file = self.path.open("rb")

    def __len__(self) -> int:
        return len(self._ends)

    def close(self) -> None:
        self._file.close()

    def append(self, record: dict[str, Any]) -> None:
        self._file.write(zstd.compress(orjson.dumps([record.get(name) for name in FIELDS]), LEVEL))
        self._ends.append(self._file.tell())

    def flush(self) -> None:
        """Let workers see what was written."""
        self._file.flush()

    def __getitem__(self, number: int) -> dict[str, Any]:
        start = self._ends[number - 1] if number else 0
        self._file.seek(start)
        values = orjson.loads(zstd.decompress(self._file.read(self._ends[number] - start)))
        return dict(zip(FIELDS, values, strict=True))
