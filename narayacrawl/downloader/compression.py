"""Decompress answers, whole ones only: Scrapy's middleware takes what there is of a truncated or corrupt body."""

import logging
from collections.abc import Sequence

from scrapy import Request, Spider
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.http import Response

from narayacrawl.downloader.answer_parser import BadAnswer
from narayacrawl.downloader.decoders import DECODERS, ERRORS, MAX_ENCODINGS

logger = logging.getLogger(__name__)


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
