"""Decompress answers, whole ones only: Scrapy's middleware takes what there is of a truncated or corrupt body."""

import logging
import sys
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from io import BytesIO
from typing import Final

import brotli  # Scrapy brings it
from scrapy import Request, Spider
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.http import Response

from narayacrawl.downloader.answer_parser import BadAnswer

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

logger = logging.getLogger(__name__)

CHUNK: Final = 1024 * 1024
MAX_ENCODINGS: Final = 3
MAX_GZIP_MEMBERS: Final = 100
GZIP: Final = b"\x1f\x8b\x08"
ZSTD_OPTIONS: Final[dict[int, int]] = {zstd.DecompressionParameter.window_log_max: 23}
"""RFC 9659: a window of 8 MB, which is what memory is taken for."""
ERRORS: Final = (EOFError, OSError, ValueError, zlib.error, brotli.error, zstd.ZstdError)


class CompressionMiddleware(HttpCompressionMiddleware):
    """Decompresses a body as Scrapy's middleware does, up to the size that an answer may have.

    Raises `BadAnswer` for a page whose body is not whole or not what its checksum says.
    """

    def process_response(
        self, request: Request, response: Response, spider: Spider | None = None
    ) -> Request | Response:
        if not any(response.headers.getlist("Content-Encoding")):
            return response
        try:
            return super().process_response(request, response)
        except BadAnswer as error:
            bad = error
        if response.status != 200:  # its status says all that is asked
            return response.replace(body=b"")
        if self.stats:
            self.stats.inc_value(f"narayacrawl/bad_answer/{bad.reason}")
        raise bad

    def _warn_unknown_encoding(self, response: Response, encodings: list[bytes]) -> None:
        names = b", ".join(encodings).decode("latin-1")
        logger.warning("no known compression (%s), taken as it is: %s", names, response.url)

    def _handle_encoding(self, body: bytes, content_encoding: list[bytes], max_size: int) -> tuple[bytes, list[bytes]]:
        return decompress(body, content_encoding, max_size)


def decompress(body: bytes, encodings: Sequence[bytes], max_size: int) -> tuple[bytes, list[bytes]]:
    """Decompress a body as the values of its `Content-Encoding` say; return it with the encodings that are left,
    because nobody knows them. Raises `BadAnswer` where it is not whole, corrupt, or more than `max_size` bytes."""
    if b",".join(encodings).count(b",") >= MAX_ENCODINGS:
        raise BadAnswer("encoding", f"a body that is compressed more than {MAX_ENCODINGS} times")
    known, unknown = HttpCompressionMiddleware._split_encodings([*encodings])
    try:
        for encoding in known:
            body = _decode(body, encoding, max_size)
    except ERRORS as error:
        raise BadAnswer("encoding", f"a compressed body that is not whole or corrupt: {error}") from error
    return body, unknown


def _decode(body: bytes, encoding: bytes, max_size: int) -> bytes:
    decoded = bytearray()
    for chunk in DECODERS[encoding](body) if body else ():
        decoded += chunk
        if max_size and len(decoded) > max_size:
            raise BadAnswer("size", f"more than {max_size} bytes when decompressed")
    return bytes(decoded)


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
