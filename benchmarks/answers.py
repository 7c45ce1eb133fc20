"""Define the answer that every part of a portal returns, and the validators that WordPress checks."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from types import MappingProxyType
from typing import Final, NamedTuple

NO_HEADERS: Final[Mapping[str, str]] = MappingProxyType({})
HTML, TEXT, JSON = b"text/html; charset=UTF-8", b"text/plain; charset=utf-8", b"application/json; charset=UTF-8"
XML = b"application/xml; charset=UTF-8"


class Answer(NamedTuple):
    """One HTTP response; `headers` are those beside content type and length."""

    status: int
    kind: bytes
    """The content type; empty if there is no content."""
    body: bytes
    headers: Mapping[str, str] = NO_HEADERS


MISSING = Answer(
    404, HTML, b"<!DOCTYPE html><html lang='id'><body class='error404'><h1>Halaman tidak ditemukan</h1></body></html>"
)


def http_date(moment: datetime) -> str:
    """Format a date for HTTP headers: `Sun, 14 Dec 2025 14:35:12 GMT`."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def is_unchanged(headers: Mapping[str, str], etag: str, last_modified: datetime) -> bool:
    """True if WordPress answers a request with 304: if it has both validators, both must match.

    The entity tag must be identical, so one that a cache made weak never matches. `headers` has lower-case names.
    """
    request_etag, request_date = headers.get("if-none-match"), headers.get("if-modified-since")
    try:
        is_as_new = request_date is not None and parsedate_to_datetime(request_date) >= last_modified
    except ValueError:
        is_as_new = False
    if request_etag is not None and request_date is not None:
        return request_etag == etag and is_as_new
    return request_etag == etag or is_as_new
