"""Decode the body of an answer, compressed or sent in chunks: whole ones only, a piece at a time, so that whoever reads
it can stop where it is too long. No Scrapy: kept pages are decoded, too."""

import re
import sys
import zlib
from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from typing import Final

import brotli  # Scrapy brings it

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

CHUNK: Final = 1024 * 1024
MAX_ENCODINGS: Final = 3
MAX_GZIP_MEMBERS: Final = 100
GZIP: Final = b"\x1f\x8b\x08"
ZSTD_OPTIONS: Final[dict[int, int]] = {zstd.DecompressionParameter.window_log_max: 23}
"""RFC 9659: a window of 8 MB, which is what memory is taken for."""
ERRORS: Final = (EOFError, OSError, ValueError, zlib.error, brotli.error, zstd.ZstdError)
"""What a decoder raises of a body that is not whole or corrupt."""
CHUNK_SIZE: Final = re.compile(rb"[ \t]*([0-9a-fA-F]{1,8})[^\n]{0,4000}\n")
MAX_CHUNKS: Final = 100_000
"""Fifty bytes a chunk, in a page of the largest size."""


def gunzip(body: bytes) -> Iterator[bytes]:
    """Yield what a gzip body holds; what stands behind it is passed over, as browsers do."""
    for _ in range(MAX_GZIP_MEMBERS):
        decompressor = zlib.decompressobj(wbits=31)
        yield from _all_of(decompressor, body)
        body = decompressor.unused_data
        if not body.startswith(GZIP):
            return
    raise ValueError(f"more than {MAX_GZIP_MEMBERS} gzip members")


def inflate(body: bytes) -> Iterator[bytes]:
    """Yield what a deflate body holds, with the header of zlib or, as some servers send it, without."""
    has_header = len(body) > 1 and body[0] & 0x0F == 8 and int.from_bytes(body[:2]) % 31 == 0
    return _all_of(zlib.decompressobj(wbits=15 if has_header else -15), body)


def _all_of(decompressor: "zlib._Decompress", body: bytes) -> Iterator[bytes]:
    while not decompressor.eof:
        chunk = decompressor.decompress(body, CHUNK)
        body = decompressor.unconsumed_tail
        if not chunk and not body and not decompressor.eof:
            raise EOFError("it ends too early")
        yield chunk


def unbrotli(body: bytes) -> Iterator[bytes]:
    """Yield what a Brotli body holds."""
    decompressor = brotli.Decompressor()
    yield decompressor.process(body, output_buffer_limit=CHUNK)
    while not decompressor.is_finished():
        chunk = decompressor.process(b"", output_buffer_limit=CHUNK)
        if not chunk and not decompressor.is_finished():
            raise EOFError("it ends too early")
        yield chunk


def unzstd(body: bytes) -> Iterator[bytes]:
    """Yield what a Zstandard body holds."""
    with zstd.ZstdFile(BytesIO(body), options=ZSTD_OPTIONS) as file:
        while chunk := file.read(CHUNK):
            yield chunk


DECODERS: Final[Mapping[bytes, Callable[[bytes], Iterator[bytes]]]] = {
    b"gzip": gunzip,
    b"x-gzip": gunzip,
    b"deflate": inflate,
    b"br": unbrotli,
    b"zstd": unzstd,
}


def unchunk(body: bytes) -> Iterator[bytes]:
    """Yield what a body holds that was sent in chunks (RFC 9112, 7.1); trailers and what follows are passed over."""
    position = 0
    for _ in range(MAX_CHUNKS):
        size = CHUNK_SIZE.match(body, position)
        if size is None:
            raise ValueError("no length of a chunk where one must stand")
        if not (length := int(size[1], 16)):
            return
        position = size.end() + length
        if position > len(body):
            raise EOFError("it ends too early")
        yield body[size.end() : position]
        end = body[position : position + 2]
        if end[:1] != b"\n" and end != b"\r\n":
            raise ValueError("a chunk that is longer than it says")
        position += 1 if end[:1] == b"\n" else 2
    raise ValueError(f"more than {MAX_CHUNKS} chunks")
