"""Parse XML as portals send it: after a PHP warning, truncated, in another encoding than declared. Pure: no I/O."""

import re
from collections import deque

from lxml import etree

from narayacrawl.urls import absolute

__all__ = ["MAX_MARKUP", "absolute_url", "decode_text", "excerpt", "parse_xml"]

MAX_MARKUP = 1_000_000
"""How many tags, attributes and references are parsed at most. Each takes about a hundred bytes of memory, whatever its
length; a sitemap of the 50,000 entries that the protocol allows has half of them."""

_DECLARED = re.compile(
    r"<\?xml[^>]{1,200}?encoding\s*=\s*[\"']((?:iso-?8859|windows|cp|latin|koi8|gb|big5|euc|shift)[\w-]*)[\"']",
    re.IGNORECASE | re.ASCII,
)
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff\ufffe\uffff]")
_HTML = re.compile(r"<!doctype\s+html|<html[\s>]", re.IGNORECASE)
_JSON = re.compile(r"\s*(?:\{|\[\s*[\[{\"])")
# Half a character, which no text may have: the parser takes it for one and cannot say it.
_SURROGATE = (
    r"#(?:x0{0,2}[dD][89a-fA-F][0-9a-fA-F]{2}"
    r"|0{0,2}(?:5529[6-9]|55[3-9][0-9]{2}|56[0-9]{3}|57[0-2][0-9]{2}|573[0-3][0-9]|5734[0-3]));"
)
# Kept: references that XML itself defines, and CDATA sections, even one that never ends.
_AMPERSAND = re.compile(
    rf"(<!\[CDATA\[.*?(?:\]\]>|\Z)|&(?!{_SURROGATE})(?:amp|lt|gt|quot|apos|#[0-9]{{1,7}}|#x[0-9a-fA-F]{{1,6}});)|&",
    re.DOTALL,
)
_ESCAPED = re.compile(r"&(?:amp|#0{0,3}38);")


def decode_text(body: bytes) -> str:
    """Decode a response body, without byte order mark and control characters.

    Valid UTF-8 is decoded as UTF-8, whatever it declares: wrong declarations are frequent, text of another encoding
    that is valid UTF-8 by chance is not.
    """
    if body.startswith(b"\xff\xfe") or body[1:2] == b"\0":
        encoding = "utf-16-le"
    elif body.startswith((b"\xfe\xff", b"\0")):
        encoding = "utf-16-be"
    else:
        encoding = _declared_encoding(body)
    try:
        return _NOT_XML.sub("", body.decode(encoding, "replace"))
    except LookupError:  # an unknown encoding is declared
        return _NOT_XML.sub("", body.decode("utf-8", "replace"))


def _declared_encoding(body: bytes) -> str:
    """Return `utf-8` if the body is valid UTF-8, else the encoding that it declares."""
    try:
        body.decode()
    except UnicodeDecodeError:
        declared = _DECLARED.search(body[:2_000].decode("latin-1"))
        return declared[1] if declared else "utf-8"
    return "utf-8"


def parse_xml(text: str, begin: re.Pattern[str], end: re.Pattern[str]) -> etree._Element | None:
    """Return the root element of the XML document in a text, parsed as far as possible; None if there is none, or if it
    stands inside HTML or JSON.

    `begin` matches the start of the root element, `end` the end of an entry. Parsing starts at the root, which leaves
    out DOCTYPE and entity definitions, and stops after the last whole entry: a truncated address would be a wrong one.
    Ampersands that begin no reference of XML (`&nbsp;` neither) are kept as characters. An element whose prefix is not
    declared has it in its name (`dc:date`). Raises `ValueError`, one line, if there is too much markup.
    """
    root = begin.search(text)
    if root is None or _HTML.search(text, 0, root.start()) or _JSON.match(text):
        return None
    last = deque(end.finditer(text, root.end()), maxlen=1)
    if not last:
        return etree.Element("empty")
    bounds = root.start(), last[0].end()
    count = sum(text.count(mark, *bounds) for mark in "<=&")
    if count > MAX_MARKUP:
        raise ValueError(f"too much markup: {count} tags and attributes")
    xml = _AMPERSAND.sub(lambda match: match[1] or "&amp;", text[slice(*bounds)]).encode()
    # Not Scrapy's Sitemap: it feeds the parser piece by piece, which takes quadratic time if a tag never ends.
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(xml, parser)
    except etree.XMLSyntaxError:
        return None


def absolute_url(text: str | None, base: str) -> str | None:
    """Return an element's text as absolute address, also if its ampersands are escaped twice; None if it is not one."""
    return absolute(_ESCAPED.sub("&", text or ""), base)


def excerpt(text: str) -> str:
    """Return the beginning of a text, in one line, for an error message."""
    return repr(" ".join(text[:1_000].split())[:60]) if text.strip() else "nothing"
