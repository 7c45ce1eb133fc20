"""Find where the records of a WARC file begin: a gzip member each, or one behind the other in a file that is not
compressed. What is broken costs itself, and reading goes on where the next record begins.

A file may be read in parts: a part holds what begins in it, so that many processes share one file.
"""

import os
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Final, Protocol

GZIP: Final = b"\x1f\x8b\x08"
ZSTD: Final = b"\x28\xb5\x2f\xfd"
WARC: Final = b"WARC/"
PIECE: Final = 16 * 1024
BLOCK: Final = 1024 * 1024
MAX_HEADER: Final = 64 * 1024
CONTENT_LENGTH: Final = re.compile(rb"\ncontent-length:[ \t]*(\d{1,18})[ \t]*\r?\n", re.IGNORECASE)
HEADER_END: Final = re.compile(rb"\r?\n\r?\n")
CUT_OFF: Final = "the file ends in the midst of it"


class NoWarc(ValueError):
    """A file that holds no WARC record; the text says so in one line."""


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a file, in bytes: what begins from `start` on, before `end`."""

    start: int = 0
    end: int | None = None
    """None for the file's end."""
    is_exact: bool = True
    """False where `start` is just any byte: the part begins with the first record behind it."""


class Frame(Protocol):
    """Is read like a file, by FastWARC: one gzip member, or one record."""

    offset: int
    fault: str | None
    """Why it is not whole; None while nothing speaks against it."""

    def read(self, size: int = -1) -> bytes:
        """Return up to so many bytes; none at the end, or where it is broken."""

    def tell(self) -> int: ...


class Broken:
    """What stands where a record should begin, and is none."""

    def __init__(self, offset: int, fault: str) -> None:
        self.offset, self.fault = offset, fault


class Member:
    """A gzip member: decompressed as it is read, so that a bomb takes no memory."""

    def __init__(self, file: IO[bytes], offset: int) -> None:
        self.offset = offset
        self.fault: str | None = None
        self._file = file
        self._unpacker = zlib.decompressobj(wbits=31)
        self._packed = b""
        self._position = 0
        file.seek(offset)

    def read(self, size: int = -1) -> bytes:
        unpacker = self._unpacker
        while not unpacker.eof and self.fault is None:
            packed = self._packed or self._file.read(PIECE)
            try:
                data = unpacker.decompress(packed, max(size, 0))
            except zlib.error as error:
                self.fault = str(error)
                break
            self._packed = unpacker.unconsumed_tail
            if data:
                self._position += len(data)
                return data
            if not packed:
                self.fault = CUT_OFF
        return b""

    def tell(self) -> int:
        return self._position

    def end(self) -> int | None:
        """Read what is left; return where the member ends, None where it is broken."""
        while self.read(BLOCK):
            pass
        return None if self.fault else self._file.tell() - len(self._unpacker.unused_data)


class Plain:
    """A record of a file that is not compressed."""

    def __init__(self, file: IO[bytes], offset: int, length: int) -> None:
        self.offset = offset
        self.fault: str | None = None
        self._file = file
        self._left = length
        self._position = 0
        file.seek(offset)

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(min(self._left, size) if size >= 0 else self._left)
        self._left -= len(data)
        self._position += len(data)
        return data

    def tell(self) -> int:
        return self._position


class Frames:
    """Goes through the frames of a part of a file, in order.

    Raises `NoWarc` for a file that has none.
    """

    def __init__(self, file: IO[bytes], size: int, span: Span) -> None:
        self.file, self._size = file, size
        self.is_gzip = self._find_kind()
        self.first = span.start if span.is_exact else self._find(span.start)
        """Where the first frame begins that is no earlier than the part."""
        self.position = self.first
        """Where the next frame begins."""
        self.end = size if span.end is None else span.end
        """No frame that begins there, or behind it, is one of the part."""

    def _find_kind(self) -> bool:
        """True if the file is compressed."""
        self.file.seek(0)
        head = self.file.read(8)
        if head.startswith(GZIP) and _is_member(self.file, 0):
            return True
        if head.startswith(WARC):
            return False
        if not head:
            raise NoWarc("no WARC file: it is empty")
        if head.startswith(ZSTD):
            raise NoWarc("compressed with Zstandard: unpack it first, or pack it with gzip, a member a record")
        for self.is_gzip in (True, False):
            if self._find(0) < self._size:  # its first record is broken
                return self.is_gzip
        raise NoWarc("no WARC file: there is no record in it")

    def is_member(self, offset: int) -> bool:
        """True if a gzip member seems to begin there; where the file is read stays as it is."""
        return os.pread(self.file.fileno(), len(GZIP), offset) == GZIP

    def next(self) -> Iterator[Frame | Broken]:
        """Yield the next frame, to be read before the generator ends."""
        return self._member(self.position) if self.is_gzip else self._record(self.position)

    def _member(self, offset: int) -> Iterator[Frame | Broken]:
        self.file.seek(offset)
        if self.file.read(len(GZIP)) != GZIP:
            yield Broken(offset, "no gzip member begins there")
            self.position = self._find(offset + 1)
            return
        member = Member(self.file, offset)
        yield member
        end = member.end()
        self.position = self._find(offset + 1) if end is None else end

    def _record(self, offset: int) -> Iterator[Frame | Broken]:
        header = _plain_header(self.file, offset)
        if header is None:
            yield Broken(offset, "no WARC record begins there")
            self.position = self._find(offset + 1)
            return
        begin, length = header
        end = begin + length
        following = self._after(end) if end <= self._size else None
        if following is None:
            is_last = end > self._size and self._find(begin) >= self._size
            yield Broken(offset, CUT_OFF if is_last else "its length is wrong")
            self.position = self._find(begin)
            return
        yield Plain(self.file, offset, end - offset)
        self.position = following

    def _after(self, end: int) -> int | None:
        """Return where the next record begins behind the end of one; None if that is not its end."""
        self.file.seek(end)
        tail = self.file.read(16)
        rest = tail.lstrip(b"\r\n")
        if not rest and end + len(tail) >= self._size:
            return self._size
        return end + len(tail) - len(rest) if rest and rest[: len(WARC)] == WARC[: len(rest)] else None

    def _find(self, position: int) -> int:
        """Return where the next frame begins, at a position or behind it; the file's size if there is none."""
        sign = GZIP if self.is_gzip else WARC
        while position < self._size:
            self.file.seek(position)
            block = self.file.read(BLOCK)
            at = block.find(sign)
            while at >= 0:
                if self._begins_at(position + at):
                    return position + at
                at = block.find(sign, at + 1)
            if len(block) < BLOCK:
                break
            position += len(block) - len(sign) + 1
        return self._size

    def _begins_at(self, offset: int) -> bool:
        if self.is_gzip:
            return _is_member(self.file, offset)
        if offset:
            self.file.seek(offset - 1)
            if self.file.read(1) != b"\n":
                return False
        return _plain_header(self.file, offset) is not None


def _is_member(file: IO[bytes], offset: int) -> bool:
    """True if a gzip member begins there that holds a WARC record."""
    file.seek(offset)
    try:
        return zlib.decompressobj(wbits=31).decompress(file.read(512), len(WARC)) == WARC
    except zlib.error:
        return False


def _plain_header(file: IO[bytes], offset: int) -> tuple[int, int] | None:
    """Return where the content of a record begins, and its length; None if there is no record's header."""
    file.seek(offset)
    head = file.read(2 * 1024)
    if not head.startswith(WARC):
        return None
    if (end := HEADER_END.search(head)) is None:
        head += file.read(MAX_HEADER)
        end = HEADER_END.search(head)
    length = CONTENT_LENGTH.search(head, 0, end.end()) if end else None
    return (offset + end.end(), int(length[1])) if end and length else None
