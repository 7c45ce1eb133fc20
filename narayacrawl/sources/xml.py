"""XML as portals send it: behind a PHP warning, cut off, in another encoding than it says. Pure: bytes and text in."""

import re
from collections import deque

from lxml import etree

from narayacrawl.urls import absolute

__all__ = ["MOST_MARKUP", "address", "decoded", "excerpt", "tree"]

MOST_MARKUP = 2_000_000
"""How many tags and attributes are read. Each takes some two hundred bytes of memory, whatever its length; a sitemap of
the 50,000 entries that the protocol allows has a quarter of them."""

_DECLARED = re.compile(
    r"<\?xml[^>]{1,200}?encoding\s*=\s*[\"']((?:iso-?8859|windows|cp|latin|koi8|gb|big5|euc|shift)[\w-]*)[\"']",
    re.IGNORECASE | re.ASCII,
)
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff\ufffe\uffff]")
_OTHER = re.compile(r"<!doctype\s+html|<html[\s>]", re.IGNORECASE)
_JSON = re.compile(r"\s*(?:\{|\[\s*[\[{\"])")
# Half a character, which no text may have: the parser takes it for one and cannot say it.
_SURROGATE = (
    r"#(?:x0{0,2}[dD][89a-fA-F][0-9a-fA-F]{2}"
    r"|0{0,2}(?:5529[6-9]|55[3-9][0-9]{2}|56[0-9]{3}|57[0-2][0-9]{2}|573[0-3][0-9]|5734[0-3]));"
)
# What XML knows is kept, and so is CDATA, also one that never ends.
_AMPERSAND = re.compile(
    rf"(<!\[CDATA\[.*?(?:\]\]>|\Z)|&(?!{_SURROGATE})(?:amp|lt|gt|quot|apos|#[0-9]{{1,7}}|#x[0-9a-fA-F]{{1,6}});)|&",
    re.DOTALL,
)
_ESCAPED = re.compile(r"&(?:amp|#0{0,3}38);")


def decoded(body: bytes) -> str:
    """The text of an answer, without byte order mark and control characters.

    What is UTF-8 is read as that, whatever it says of itself: a wrong declaration is frequent, text of another encoding
    that happens to be UTF-8 is not.
    """
    if body.startswith(b"\xff\xfe") or body[1:2] == b"\0":
        encoding = "utf-16-le"
    elif body.startswith((b"\xfe\xff", b"\0")):
        encoding = "utf-16-be"
    else:
        encoding = _eight_bits(body)
    try:
        return _NO_XML.sub("", body.decode(encoding, "replace"))
    except LookupError:  # nobody knows that encoding
        return _NO_XML.sub("", body.decode("utf-8", "replace"))


def _eight_bits(body: bytes) -> str:
    """The encoding that a body declares, where it is not UTF-8."""
    try:
        body.decode()
    except UnicodeDecodeError:
        declared = _DECLARED.search(body[:2_000].decode("latin-1"))
        return declared[1] if declared else "utf-8"
    return "utf-8"


def tree(text: str, begin: re.Pattern[str], end: re.Pattern[str]) -> etree._Element | None:
    """The root element of the XML document in an answer, read as far as it can be; None where there is none, or an
    HTML page or JSON around it. ValueError, one line, where it has too many elements.

    `begin` matches how the root element begins, `end` how an entry ends. The document begins with its root, so that no
    DOCTYPE and no entity of its own is left, and ends with its last whole entry: of an answer cut off within an
    address, that address would be wrong. Ampersands that begin nothing XML knows (`&nbsp;` too) stand for themselves.
    An element whose prefix is declared nowhere has it in its name (`dc:date`).
    """
    root = begin.search(text)
    if root is None or _OTHER.search(text, 0, root.start()) or _JSON.match(text):
        return None
    last = deque(end.finditer(text, root.end()), maxlen=1)
    if not last:
        return etree.Element("empty")
    whole = root.start(), last[0].end()
    marks = text.count("<", *whole) + text.count("=", *whole)
    if marks > MOST_MARKUP:
        raise ValueError(f"too much markup: {marks} tags and attributes")
    xml = _AMPERSAND.sub(lambda match: match[1] or "&amp;", text[slice(*whole)]).encode()
    # Not Scrapy's Sitemap: it pushes bytes into the parser, which takes quadratic time over tags that never end.
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(xml, parser)
    except etree.XMLSyntaxError:
        return None


def address(text: str | None, base: str) -> str | None:
    """The absolute address that an element's text is, its ampersands escaped once too often or not; None where it is
    none."""
    return absolute(_ESCAPED.sub("&", text or ""), base)


def excerpt(text: str) -> str:
    """How an answer begins, in one line, to say what it is instead."""
    return repr(" ".join(text[:1_000].split())[:60]) if text.strip() else "nothing"
