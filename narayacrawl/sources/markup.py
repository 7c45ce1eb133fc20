"""XML as portals send it: behind a PHP warning, cut off, in another encoding than it says. Pure: bytes in and out."""

import re
from collections import deque

__all__ = ["decoded", "document", "excerpt"]

_DECLARED = re.compile(
    rb"<\?xml[^>]{1,200}?encoding\s*=\s*[\"']((?:iso-?8859|windows|cp|latin|koi8|gb|big5|euc|shift)[\w-]*)[\"']",
    re.IGNORECASE,
)
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]")
_OTHER = re.compile(r"<!doctype\s+html|<html[\s>]", re.IGNORECASE)
_JSON = re.compile(r"\s*(?:\{|\[\s*[\[{\"])")
# What XML knows is kept, and so is CDATA, also one that never ends.
_AMPERSAND = re.compile(
    r"(<!\[CDATA\[.*?(?:\]\]>|\Z)|&(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9a-fA-F]{1,6});)|&", re.DOTALL
)


def decoded(body: bytes) -> str:
    """The text of an answer, without byte order mark and control characters.

    What is UTF-8 is read as that, whatever it says of itself: a wrong declaration is frequent, text of another encoding
    that happens to be UTF-8 is not.
    """
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if body.startswith(mark):
            return _CONTROLS.sub("", body[len(mark) :].decode(encoding, "replace"))
    if body[:1] and body[1:2] == b"\0":
        text = body.decode("utf-16-le", "replace")
    elif body[:1] == b"\0":
        text = body.decode("utf-16-be", "replace")
    else:
        text = _eight_bits(body)
    return _CONTROLS.sub("", text)


def _eight_bits(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        declared = _DECLARED.search(body[:2_000])
    try:
        return body.decode(declared[1].decode() if declared else "utf-8", "replace")
    except LookupError:  # nobody knows that encoding
        return body.decode("utf-8", "replace")


def document(text: str, root: str, entry: str) -> bytes | None:
    """The XML document in an answer, for a parser that recovers from errors; None where there is none of this root
    element, or an HTML page or JSON around it.

    `root` and `entry` are element names, alternatives parted by `|`. The document begins with its root element, so
    that no DOCTYPE and no entity of its own is left, and ends with its last whole entry: of an answer cut off within
    an address, that address would be wrong. Ampersands that begin nothing XML knows (`&nbsp;` too) stand for
    themselves. Without a namespace prefix that it declares nowhere, an element keeps its name as written.
    """
    begin = re.search(rf"<({root})(?=[\s>/])", text)
    if begin is None or _OTHER.search(text, 0, begin.start()) or _JSON.match(text):
        return None
    ends = deque(re.compile(rf"</(?:{entry})\s*>").finditer(text, begin.end()), maxlen=1)
    if not ends:
        return f"<{begin[1]}/>".encode()
    whole = text[begin.start() : ends[0].end()]
    return _AMPERSAND.sub(lambda match: match[1] or "&amp;", whole).encode()


def excerpt(text: str) -> str:
    """How an answer begins, in one line, to say what it is instead."""
    return repr(" ".join(text[:1_000].split())[:60]) if text.strip() else "nothing"
