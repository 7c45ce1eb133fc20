"""Write the records of a run's WARC. `narayacrawl.archive.warc` tells what they are; warcio, which writes them, is
needed only where this is imported."""

import os
import zlib
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from narayacrawl.archive.segment_files import NO_LINK, sync
from narayacrawl.archive.warc import PART, warc_folder

VERSION: Final = "1.1"
LEVEL: Final = 3
"""Of gzip: the next one saves a fourteenth and takes two fifths more time, 6 a tenth and twice the time."""
STORED: Final = 0
"""Of gzip, for a body that came compressed."""


class WarcWriter:
    """Append records to one run's WARC.

    The file is created with the first record; an existing one is never overwritten. What `sync` has returned is on the
    disk. After an `OSError` the file is valid up to the size that `sync` returned last.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self.name = name
        self.path = warc_folder(folder) / f"{name}{PART}"
        self.size = 0
        """How many bytes were written."""
        self.records = 0
        self._descriptor: int | None = None

    def write(
        self,
        kind: str,
        uri: str,
        headers: Mapping[str, str],
        content: bytes,
        *,
        head: bytes = b"",
        level: int = LEVEL,
    ) -> tuple[str, int]:
        """Write a record of a kind (`response`); return its id and where it begins. `head` is an HTTP message's, with
        the empty line that ends it."""
        record_id = headers.get("WARC-Record-ID") or make_record_id()
        record = _encode(kind, uri, {"WARC-Record-ID": record_id, **headers}, head, content)
        member = zlib.compressobj(level, zlib.DEFLATED, 31)
        packed = member.compress(record) + member.flush()
        if self._descriptor is None:
            self._descriptor = self._create()
        offset, unwritten = self.size, memoryview(packed)
        while unwritten:
            unwritten = unwritten[os.write(self._descriptor, unwritten) :]
        self.size += len(packed)
        self.records += 1
        return record_id, offset

    def _create(self) -> int:
        self.path.parent.mkdir(exist_ok=True)
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | NO_LINK, 0o644)
        sync(self.path.parent)
        sync(self.path.parent.parent)
        return descriptor

    def sync(self) -> int:
        """Wait until what was written is on the disk; return the file's size."""
        if self._descriptor is not None:
            os.fsync(self._descriptor)
        return self.size

    def close(self) -> None:
        """Close the file, if it was opened."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


class _Head(StatusAndHeaders):  # type: ignore[misc]
    """The head of an HTTP message as bytes: warcio's own would write other characters than were sent."""

    def __init__(self, head: bytes) -> None:
        super().__init__("", [])
        self.headers_buff = head

    def compute_headers_buffer(self, header_filter: object = None) -> None:
        pass

    def __bool__(self) -> bool:
        return True


def _encode(kind: str, uri: str, headers: Mapping[str, str], head: bytes, content: bytes) -> bytes:
    """Return a record, not compressed."""
    out = BytesIO()
    writer = WARCWriter(out, gzip=False, warc_version=VERSION)
    options: dict[str, Any] = {"payload": BytesIO(content), "length": len(content)} if content else {}
    if head:
        options["http_headers"] = _Head(head)
    writer.write_record(writer.create_warc_record(uri, kind, warc_headers_dict=headers, **options))
    return out.getvalue()


def make_record_id() -> str:
    return f"<urn:uuid:{uuid4()}>"
