"""Decode the bytes of a page, whatever its header and itself declare."""

import codecs
import re
from collections.abc import Iterator

from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom, resolve_encoding

# Two bytes of GB 2312, the characters in use; in Western text such bytes stand alone.
_CHINESE = re.compile(rb"(?:[\xa1-\xf7][\xa1-\xfe])+")
_NOT_ASCII = re.compile(rb"[\x80-\xff]+")
MIN_CHINESE_SHARE = 0.9


def decode_html(body: bytes, content_type: str | None = None) -> str:
    """Decode a page, without byte order mark.

    What is UTF-8 is decoded as UTF-8, and what is not is not, whatever is declared: text of another encoding is no
    valid UTF-8, and a portal that moved to UTF-8 often declares what it had. Else the header's encoding counts, then
    the page's own, then Windows-1252.
    """
    encoding, mark = read_bom(body)
    if mark:
        return body[len(mark) :].decode(encoding or "utf-8", "replace")
    if b"\0" in body[:2]:
        return body.decode("utf-16-le" if body[1:2] == b"\0" else "utf-16-be", "replace")
    try:
        return body.decode()
    except UnicodeDecodeError:
        pass
    text = body.decode("utf-8", "replace")
    damaged = text.count("\ufffd")
    if len(text) - len(text.encode("ascii", "ignore")) > 2 * damaged:
        return text
    return _decode_other(body, list(_other_encodings(body, content_type)))


def _other_encodings(body: bytes, content_type: str | None) -> Iterator[str]:
    """Yield the declared encodings that a page which is no UTF-8 may have."""
    for name in (http_content_type_encoding(content_type), html_body_declared_encoding(body)):
        encoding = resolve_encoding(name) if name else None
        if encoding and not encoding.startswith(("utf", "ascii")):
            yield encoding


def _decode_other(body: bytes, declared: list[str]) -> str:
    for encoding in declared:
        try:
            return body.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            pass
    chinese = sum(map(len, _CHINESE.findall(body)))
    if not declared and chinese > MIN_CHINESE_SHARE * sum(map(len, _NOT_ASCII.findall(body))):
        return body.decode("gb18030", "replace")
    return body.decode(_known(declared) or "cp1252", "replace")


def _known(encodings: list[str]) -> str | None:
    """Return the first encoding that Python can decode."""
    for encoding in encodings:
        try:
            codecs.lookup(encoding)
        except LookupError:
            continue
        return encoding
    return None
