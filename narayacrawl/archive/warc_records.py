"""Read a WARC of the archive record by record: where each begins and ends, what its digests say, what is damaged.

One gzip member is one record. zlib itself reads them: FastWARC and warcio pass over a file whose end is cut off without
a word, and neither goes on behind a member that is broken.
"""

import base64
import gzip
import hashlib
import os
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, TypeAlias

from narayacrawl.archive.segment_files import ArchiveError, open_file

MEMBER: Final = b"\x1f\x8b\x08"
"""How a gzip member begins."""
CHUNK: Final = 16 * 1024
"""Read at once: what stands behind a record is copied for it."""
MAX_RECORD: Final = 1024 * 1024 * 1024
"""No record of a crawl is larger, unpacked: the size of an answer is bounded."""
DIGESTS: Final = ("sha1", "sha256", "sha512", "md5")

Damaged: TypeAlias = Callable[[int, str], object]
"""Is told the offset of what is no record, and why it is none."""


class DamagedRecord(ValueError):
    """What stands at an offset of a WARC is no whole record; the text says why."""


@dataclass(frozen=True, slots=True)
class WarcRecord:
    """One record of a WARC."""

    offset: int
    """Where its gzip member begins in the file."""
    end: int
    """Where it ends."""
    version: str
    """`WARC/1.1`"""
    fields: Mapping[str, str]
    """Its named fields, in order; the first of those that stand there twice."""
    block: bytes

    @property
    def type(self) -> str:
        return self.field("WARC-Type")

    @property
    def id(self) -> str:
        return self.field("WARC-Record-ID")

    @property
    def uri(self) -> str:
        return self.field("WARC-Target-URI").removeprefix("<").removesuffix(">")

    @property
    def payload(self) -> bytes:
        """What follows the head of an HTTP message; of another record the whole block."""
        if not self.field("Content-Type").startswith("application/http"):
            return self.block
        return self.block.partition(b"\r\n\r\n")[2]

    def field(self, name: str) -> str:
        """Return a named field, "" where the record has none of that name."""
        value = self.fields.get(name)
        if value is None:
            value = next((own for key, own in self.fields.items() if key.lower() == name.lower()), "")
        return value

    def mismatch(self) -> str | None:
        """Tell which digest of the record is another than that of what it holds; None if all are right."""
        told = [("block", self.field("WARC-Block-Digest"), self.block)]
        if self.type == "response":  # the payload of a `revisit` is in another record
            told.append(("payload", self.field("WARC-Payload-Digest"), self.payload))
        for what, digest, content in told:
            name, _, value = digest.partition(":")
            if name.lower() in DIGESTS and not _is_digest(name.lower(), value, content):
                return f"not what was written: its {what} digest is another"
        return None


def _is_digest(name: str, value: str, content: bytes) -> bool:
    digest = hashlib.new(name, content, usedforsecurity=False).digest()
    return value.lower() in (base64.b32encode(digest).decode().lower(), digest.hex())


def read_records(path: Path, size: int | None = None, damaged: Damaged | None = None) -> Iterator[WarcRecord]:
    """Yield the whole records of a WARC, or of its first bytes, in order.

    What is no record is told to `damaged`, and the reading goes on where the next one begins; without it,
    `ArchiveError` names file and offset.
    """
    with os.fdopen(open_file(path), "rb") as file:
        end = _size(file) if size is None else min(size, _size(file))
        offset = 0
        while offset < end:
            try:
                record = read_record(file, offset, end)
            except DamagedRecord as error:
                if damaged is None:
                    raise ArchiveError(f"{path}:{offset}: {error}") from error
                damaged(offset, str(error))
                offset = _next_member(file, offset + 1, end)
                continue
            yield record
            offset = record.end


def record_at(path: Path, offset: int) -> WarcRecord:
    """Return the record that begins at an offset of a WARC; raise `DamagedRecord` if none does."""
    with os.fdopen(open_file(path), "rb") as file:
        return read_record(file, offset, _size(file))


def read_record(file: IO[bytes], offset: int, end: int) -> WarcRecord:
    """Return the record that begins at an offset of an open WARC and ends before `end`; raise `DamagedRecord` if none
    does."""
    member = zlib.decompressobj(wbits=31)
    parts: list[bytes] = []
    length = 0
    position = offset
    file.seek(offset)
    while not member.eof:
        chunk = file.read(min(CHUNK, end - position))
        if not chunk:
            raise DamagedRecord("the file ends within a record" if offset < end else "the file ends before it")
        position += len(chunk)
        try:
            part = member.decompress(chunk, MAX_RECORD)
        except zlib.error as error:
            if not (parts or chunk.startswith(MEMBER)):
                raise DamagedRecord("no record begins here") from error
            raise DamagedRecord(f"its compression is broken ({error})") from error
        length += len(part)
        if length >= MAX_RECORD:
            raise DamagedRecord(f"more than {MAX_RECORD} bytes")
        parts.append(part)
    return _parse(b"".join(parts), offset, position - len(member.unused_data))


def _parse(content: bytes, offset: int, end: int) -> WarcRecord:
    head, separator, rest = content.partition(b"\r\n\r\n")
    version, *lines = head.decode("utf-8", "surrogateescape").split("\r\n")
    if not separator or not version.startswith("WARC/"):
        raise DamagedRecord("not a WARC record")
    fields: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon:
            raise DamagedRecord("not a WARC record")
        fields.setdefault(name, value.strip())
    record = WarcRecord(offset, end, version, fields, rest[:-4])
    if rest[-4:] != b"\r\n\r\n" or record.field("Content-Length") != str(len(rest) - 4):
        raise DamagedRecord("not as long as it says")
    return record


def pack_record(record: WarcRecord) -> bytes:
    """Return a record as a gzip member, with the length and the digests of the block that it has."""
    fields = dict(record.fields)
    for name in fields:
        if name.lower() == "content-length":
            fields[name] = str(len(record.block))
        elif name.lower() == "warc-block-digest":
            fields[name] = digest_of(record.block)
        elif name.lower() == "warc-payload-digest" and record.type != "revisit":
            fields[name] = digest_of(record.payload)
    lines = [record.version, *(f"{name}: {value}" for name, value in fields.items()), "", ""]
    head = "\r\n".join(lines).encode("utf-8", "surrogateescape")
    return gzip.compress(head + record.block + b"\r\n\r\n", mtime=0)


def digest_of(content: bytes) -> str:
    """Return the digest of a record's block or payload as WARC has it."""
    return f"sha1:{base64.b32encode(hashlib.sha1(content, usedforsecurity=False).digest()).decode()}"


def _size(file: IO[bytes]) -> int:
    return os.fstat(file.fileno()).st_size


def _next_member(file: IO[bytes], start: int, end: int) -> int:
    """Return where the next record begins that can be read, `end` if none does."""
    position, tail = start, b""
    while position < end:
        file.seek(position)
        chunk = file.read(min(CHUNK, end - position))
        if not chunk:
            return end
        found = (tail + chunk).find(MEMBER)
        while found >= 0:
            candidate = position - len(tail) + found
            try:
                read_record(file, candidate, end)
            except DamagedRecord:
                found = (tail + chunk).find(MEMBER, found + 1)
            else:
                return candidate
        tail = (tail + chunk)[-len(MEMBER) + 1 :]
        position += len(chunk)
    return end
