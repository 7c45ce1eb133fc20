"""Parse an answer's header and chunks within bounds: Twisted reads both as long as anybody writes them."""

# ruff: noqa: N802 - Twisted's names
from typing import Final

from scrapy.core.downloader.handlers.http11 import (
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
    _LenientHTTPClientParser,
)
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IAddress
from twisted.python.failure import Failure
from twisted.web._newclient import ParseError
from twisted.web._newclient import Request as SentRequest
from twisted.web.client import ResponseFailed
from twisted.web.http import _ChunkedTransferDecoder
from twisted.web.http_headers import InvalidHeaderName
from twisted.web.iweb import IResponse

MAX_HEADER_BYTES: Final = 256 * 1024
"""As Chrome has it; those of the answers before the last one (100, 103) count, too."""
MAX_LINE_BYTES: Final = 64 * 1024
"""A line that is not ended is searched again with each piece that comes."""
MAX_HEADER_LINES: Final = 1_000
MAX_INTERIM_ANSWERS: Final = 10
MAX_CHUNKS: Final = 100_000
"""Fifty bytes a chunk, in a page of the largest size; smaller ones cost more than they bring."""


PARSING_ERRORS: Final = (ParseError, ValueError, KeyError)
"""What Twisted raises of a header or a chunk that it cannot read."""


class BadAnswer(Exception):
    """An answer that is not read to its end, or cannot be; its text is one line that says why. It is not retried."""

    def __init__(self, reason: str, why: str) -> None:
        super().__init__(why)
        self.reason = reason
        """`header`, `chunks`, `size`, `time`, `encoding`."""


class ResponseParser(_LenientHTTPClientParser):
    """Parses one answer; a header whose name is none is left out."""

    MAX_LENGTH = MAX_LINE_BYTES
    # Scrapy gives this class to a parser that is made already: it has no state but what stands here.
    header_bytes = 0
    header_lines = 0
    interim_answers = 0

    def lineReceived(self, line: bytes) -> None:
        self.header_bytes += len(line) + 1
        self.header_lines += 1
        if self.header_bytes > MAX_HEADER_BYTES or self.header_lines > MAX_HEADER_LINES:
            raise BadAnswer("header", f"a header of more than {MAX_HEADER_BYTES} bytes or {MAX_HEADER_LINES} lines")
        super().lineReceived(line)

    def lineLengthExceeded(self, line: bytes) -> None:
        raise BadAnswer("header", f"a line of more than {MAX_LINE_BYTES} bytes in the header")

    def statusReceived(self, status: bytes) -> None:
        super().statusReceived(status)  # type: ignore[no-untyped-call]
        if not 100 <= self.response.code <= 999:
            raise BadAnswer("header", "a status of no three digits")

    def headerReceived(self, name: bytes, value: bytes) -> None:
        try:
            # RFC 9112, 5.1: white space before the colon is removed.
            super().headerReceived(name.rstrip(b" \t"), value)  # type: ignore[no-untyped-call]
        except InvalidHeaderName:
            self.response.unreadable_headers = getattr(self.response, "unreadable_headers", 0) + 1

    def allHeadersReceived(self) -> None:
        if self.response.code < 200:
            self.interim_answers += 1
            if self.interim_answers > MAX_INTERIM_ANSWERS:
                raise BadAnswer("header", f"more than {MAX_INTERIM_ANSWERS} answers before the last one")
        super().allHeadersReceived()  # type: ignore[no-untyped-call]


class ChunkedDecoder(_ChunkedTransferDecoder):
    """Decodes a body that comes in chunks, up to so many."""

    chunks = 0

    def _dataReceived_CHUNK_LENGTH(self) -> bool:
        self.chunks += 1
        if self.chunks > MAX_CHUNKS:
            raise BadAnswer("chunks", f"a body in more than {MAX_CHUNKS} chunks")
        return super()._dataReceived_CHUNK_LENGTH()


ResponseParser._transferDecoders = {b"chunked": ChunkedDecoder}


class ClientProtocol(_LenientHTTP11ClientProtocol):
    """Reads answers with `ResponseParser`."""

    def request(self, request: SentRequest) -> "Deferred[IResponse]":
        answer = super().request(request)
        assert self._parser is not None
        self._parser.__class__ = ResponseParser
        return answer


class ClientFactory(_LenientHTTP11ClientFactory):
    """Makes a `ClientProtocol` for each connection."""

    def buildProtocol(self, addr: IAddress | None) -> ClientProtocol:
        return ClientProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call]


def bad_answer(error: BaseException) -> BadAnswer | None:
    """Return the `BadAnswer` that stands behind a download that failed; None if the connection did."""
    for reason in reasons_of(error):
        if isinstance(reason, BadAnswer):
            return reason
        if isinstance(reason, PARSING_ERRORS):
            return BadAnswer("header", f"no valid HTTP: {str(reason)[:100]}")
    return None


def reasons_of(error: BaseException | None) -> list[BaseException]:
    """Return why a download failed, as Twisted tells it; the error itself where it tells nothing."""
    last = error
    while error is not None and not isinstance(error, ResponseFailed):
        last, error = error, error.__cause__
    if error is None:
        return [] if last is None else [last]
    failures: list[Failure] = error.reasons
    return [reason for failure in failures for reason in reasons_of(failure.value)]
