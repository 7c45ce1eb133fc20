"""What a portal answers with, whichever of its parts does."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from types import MappingProxyType
from typing import Final, NamedTuple

NO_HEADERS: Final[Mapping[str, str]] = MappingProxyType({})
HTML, TEXT, JSON = b"text/html; charset=UTF-8", b"text/plain; charset=utf-8", b"application/json; charset=UTF-8"
XML = b"application/xml; charset=UTF-8"


class Answer(NamedTuple):
    """One answer; `headers` are those beside the content's type and length."""

    status: int
    kind: bytes
    """The content type; empty where there is no content."""
    body: bytes
    headers: Mapping[str, str] = NO_HEADERS


MISSING = Answer(
    404, HTML, b"<!DOCTYPE html><html lang='id'><body class='error404'><h1>Halaman tidak ditemukan</h1></body></html>"
)


def http_date(moment: datetime) -> str:
    """`Sun, 14 Dec 2025 14:35:12 GMT`."""
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def is_unchanged(asked: Mapping[str, str], tag: str, last_modified: datetime) -> bool:
    """Whether WordPress answers 304: with both validators both must hold, with one that one.

    The entity tag must be the same to the letter, so one that a cache has made weak never is. `asked` has lower-case
    names.
    """
    told_tag, told_date = asked.get("if-none-match"), asked.get("if-modified-since")
    try:
        is_as_new = told_date is not None and parsedate_to_datetime(told_date) >= last_modified
    except ValueError:
        is_as_new = False
    if told_tag is not None and told_date is not None:
        return told_tag == tag and is_as_new
    return told_tag == tag or is_as_new
