"""Read the answer that a WARC record holds, whatever stands in it: status, content type, body as it was before it was
sent. No Scrapy."""

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from narayacrawl.downloader.decoders import DECODERS, ERRORS, MAX_ENCODINGS, unchunk
from narayacrawl.reread.reading import NotRead

MAX_HEADER: Final = 256 * 1024
STATUS_LINE: Final = re.compile(rb"(?:HTTP/\d(?:\.\d)?|SPDY/\d(?:\.\d)?|h[23]|QUIC)[ \t]+(\d{3})(?:[ \t][^\n]*)?\n")
HEADER_END: Final = re.compile(rb"\n\r?\n")


class HttpAnswer(NamedTuple):
    """An answer of a server."""

    status: int
    content_type: str | None
    encodings: list[bytes]
    """In which its body is packed, in the order in which that was done; the last one is undone first."""
    body: bytes

    def content(self, most: int) -> bytes:
        """Return the body as it was before it was sent. Raises `NotRead` if it is not whole, or more than so many
        bytes.

        Many archives hold it unpacked under the header that it came with.
        """
        body = self.body
        for encoding in reversed(self.encodings):
            try:
                body = _joined(unchunk(body) if encoding == b"chunked" else DECODERS[encoding](body), most)
            except ERRORS as error:
                if body[:200].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
                    continue
                raise NotRead("body not whole", f"{encoding.decode()}: {error}") from error
        if len(body) > most:
            raise NotRead("too large", f"more than {most:,} bytes")
        return body


def _joined(pieces: Iterable[bytes], most: int) -> bytes:
    body = bytearray()
    for piece in pieces:
        body += piece
        if len(body) > most:
            raise NotRead("too large", f"more than {most:,} bytes when unpacked")
    return bytes(body)


def read_answer(content: bytes) -> HttpAnswer:
    """Read an answer. Raises `NotRead` if its header cannot be read."""
    head = content[:MAX_HEADER]
    status = STATUS_LINE.match(head)
    if status is None:
        raise NotRead("malformed HTTP", "it begins with no status line")
    # One without a field ends with the status line.
    end = HEADER_END.search(head, status.end() - 1)
    if end is None:
        raise NotRead("malformed HTTP", "its header does not end")
    content_type = None
    encodings: list[bytes] = []
    chunked: list[bytes] = []
    for line in head[status.end() : end.start() + 1].splitlines():
        name, _, value = line.partition(b":")
        name, value = name.strip().lower(), value.strip()
        if name == b"content-type":
            content_type = content_type or value.decode("latin-1")
        elif name in (b"content-encoding", b"transfer-encoding"):
            (encodings if name == b"content-encoding" else chunked).extend(_names(value))
    encodings += chunked
    if len(encodings) > MAX_ENCODINGS:
        raise NotRead("body not whole", f"packed more than {MAX_ENCODINGS} times")
    return HttpAnswer(int(status[1]), content_type, encodings, content[end.end() :])


def _names(value: bytes) -> list[bytes]:
    """Return the known ones of the encodings that a field names: with another one a body is taken as it stands."""
    return [own for name in value.lower().split(b",") if (own := name.strip()) in DECODERS or own == b"chunked"]
