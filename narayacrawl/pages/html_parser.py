"""Parse the HTML of a page into a selector, in time and memory that grow with the page: what would take more is left
out, or the page is refused."""

import re
from collections.abc import Iterator
from typing import Any, Final

import lxml.html
from lxml.etree import ErrorTypes, HTMLParser, fromstring
from lxml.etree import _Element as Element
from parsel import Selector

EMPTY = b"<html/>"
_OPTIONS: Final[dict[str, Any]] = {
    "encoding": "utf-8",
    "huge_tree": True,
    "collect_ids": False,
    "remove_comments": True,
    "remove_pis": True,
}
PARSER = HTMLParser(**_OPTIONS)
REWRITABLE = lxml.html.HTMLParser(**_OPTIONS)
"""Makes elements that can rewrite the links inside them."""

MAX_WEIGHT: Final = 12_000_000
"""Of a page: its bytes, and 40 more for each element or three attributes. So heavy a page takes up to 200 MB to read;
the heaviest of four hundred portals' has a fifth of it."""
BYTES_AN_ELEMENT: Final = 40
ATTRIBUTES_AN_ELEMENT: Final = 3
LIGHT: Final = 800_000
"""A page of fewer bytes cannot be too heavy: an element takes three."""

MAX_ATTRIBUTES: Final = 500
"""Of one tag: to append an attribute, the parser walks over those before it."""
CROWDED_LENGTH: Final = 2 * MAX_ATTRIBUTES
"""A tag that has more is longer: an attribute takes a letter and what parts it from the one before."""
SMALL: Final = 20_000
"""In a page of fewer bytes, no tag takes the parser long."""

MAX_DEPTH: Final = 500
"""Elements within elements of a page that is deeper than the parser goes (2,048), which stops there."""
NEVER_DEEP: Final = frozenset(
    b"area base br col embed hr img input link meta source track wbr html head body script style"  # never open
    b" p li dt dd tr td th thead tbody tfoot colgroup option optgroup rp rt".split()  # the next one ends it
)

_ATTRIBUTES = rb"[^>=]*+(?:=(?:\s*+(?:\"[^\"]*+\"|'[^']*+'))?+[^>=]*+)*+"
# No repetition is ever taken back, whatever the page.
_START_OF_TAG = re.compile(rb"<[a-zA-Z]")
_PLAUSIBLE_TAG = re.compile(rb"<[a-zA-Z][^\s/>]*+" + _ATTRIBUTES + rb">?")
_COMMENT_OR_TAG = re.compile(rb"<!--(?:-?>|.*?--!?>|.*)|<(/?)([a-zA-Z][^\s/>]*+)" + _ATTRIBUTES + rb">?", re.DOTALL)
_QUOTED = re.compile(rb"=\s*+(?:\"[^\"]*+\"|'[^']*+')")
_BESIDE_ATTRIBUTES: Final = (b" ", b"\n", b"\t", b"\r", b"\f", b"\v", b"/", b'"', b"'")
_BEFORE_VALUE: Final = frozenset(b"= \t\n\r\f\v")
_END_OF_RAW_TEXT: Final = {
    name: re.compile(rb"</" + name + rb"(?=[\s/>])", re.IGNORECASE)
    for name in b"script style textarea title xmp iframe noembed noframes".split()
}
"""Between their tags stands no markup (HTML, 13.2.5)."""


class PageRefused(ValueError):
    """A page that costs too much to read; its text says why, in one line."""


def parse_html(text: str, parser: HTMLParser = PARSER) -> Selector:
    """Parse a page into plain lxml elements: those of lxml.html cost a look-up in Python each, and parsel's own parser
    keeps a table of all ids.

    Raises `PageRefused` for a page of more elements than memory is taken for.
    """
    data = text.encode("utf-8", "replace")
    if b"\0" in data:
        data = data.replace(b"\0", b"")
    return Selector(root=_parse(_bounded(data), parser), type="html")


def _parse(data: bytes, parser: HTMLParser) -> Element:
    root = fromstring(data if data and not data.isspace() else EMPTY, parser)
    if _is_cut_off(parser):
        root = fromstring(_flattened(data), parser)
        if _is_cut_off(parser):
            raise PageRefused(f"elements nest too deep: more than {MAX_DEPTH:,}")
    return fromstring(EMPTY, parser) if root is None else root


def _is_cut_off(parser: HTMLParser) -> bool:
    """True if the parser has stopped in the midst of the last page: it says nothing, and gives what it has."""
    error = parser.error_log.last_error
    return error is not None and error.type == ErrorTypes.ERR_RESOURCE_LIMIT


def _bounded(data: bytes) -> bytes:
    """Return a page that the parser takes no more for than for others of its size. Raises `PageRefused`."""
    if len(data) > LIGHT:
        _refuse_heavy(data)
    return _without_crowded_tags(data) if len(data) > SMALL else data


def _refuse_heavy(data: bytes) -> None:
    allowed = (MAX_WEIGHT - len(data)) // BYTES_AN_ELEMENT
    if allowed < 0:
        raise PageRefused(f"{len(data):,} bytes: no more than {MAX_WEIGHT:,} are read")
    if not _may_have_more_elements(data, allowed):
        return
    elements = attributes = 0
    is_paragraph_open = False
    for tag in _tags(data):
        is_end = bool(tag[1])
        if tag[2] in b"pP":
            elements += is_end and not is_paragraph_open  # an end without a start makes one, too
            is_paragraph_open = not is_end
        if not is_end:
            elements += 1
            attributes += _count_attributes(tag[0])
        if elements + attributes // ATTRIBUTES_AN_ELEMENT > allowed:
            raise PageRefused(f"too much markup: more than {allowed:,} elements in {len(data):,} bytes")


def _may_have_more_elements(data: bytes, allowed: int) -> bool:
    """True if a page may have more elements than these, or as many attributes as stand for them, by the signs that part
    them alone."""
    quotes = data.count(b'"') + data.count(b"'")
    attributes = sum(map(data.count, _BESIDE_ATTRIBUTES)) - (quotes + 1) // 2
    return data.count(b"<") + attributes // ATTRIBUTES_AN_ELEMENT > allowed


def _tags(data: bytes) -> Iterator[re.Match[bytes]]:
    """Yield the tags of a page: the slash of an end tag, and the name."""
    position = 0
    while (tag := _COMMENT_OR_TAG.search(data, position)) is not None:
        position = tag.end()
        if tag[2] is None:
            continue
        yield tag
        if not tag[1] and (end_pattern := _END_OF_RAW_TEXT.get(tag[2].lower())):
            end = end_pattern.search(data, position)
            if end is None:
                return
            position = end.start()


def _count_attributes(tag: bytes) -> int:
    """Count the attributes of a tag: at least as many as any parser finds."""
    if len(tag) < 4:
        return 0
    return len(_QUOTED.sub(b" ", tag).replace(b"/", b" ").split()) - 1


def _without_crowded_tags(data: bytes) -> bytes:
    """Return a page without the attributes of tags that have more than `MAX_ATTRIBUTES`."""
    if not _may_have_crowded_tags(data):
        return data
    kept: list[bytes] = []
    start = 0
    for tag in _tags(data):
        if len(tag[0]) > CROWDED_LENGTH and _count_attributes(tag[0]) > MAX_ATTRIBUTES:
            kept += [data[start : tag.end(2)], b">"]
            start = tag.end()
    return b"".join([*kept, data[start:]]) if kept else data


def _may_have_crowded_tags(data: bytes) -> bool:
    """True if a page has a tag of so many attributes, or a script that looks like one.

    Such a tag is longer than `CROWDED_LENGTH`. So the last `>` in each piece of that length is looked at: outside of a
    quoted value it ends a tag, and the next piece begins behind it.
    """
    position, size = 0, len(data)
    find, find_last, start_of_tag = data.find, data.rfind, _START_OF_TAG.search
    while size - position > CROWDED_LENGTH:
        end = find_last(b">", position, position + CROWDED_LENGTH)
        is_long = end < 0
        if is_long:
            end = find(b">", position + CROWDED_LENGTH)
            end = size if end < 0 else end
        double, single = find_last(b'"', position, end), find_last(b"'", position, end)
        is_quoted = (double > 0 and data[double - 1] in _BEFORE_VALUE and _opens_value(data, double)) or (
            single > 0 and data[single - 1] in _BEFORE_VALUE and _opens_value(data, single)
        )
        if is_long or is_quoted:
            start = start_of_tag(data, position, end)
            if start is not None and (is_quoted or end - start.start() > CROWDED_LENGTH):
                tag = _PLAUSIBLE_TAG.match(data, start.start())
                if tag is None or _may_be_crowded(tag[0]):
                    return True
                position = tag.end()
                continue
        position = end + 1
    return False


def _opens_value(data: bytes, quote: int) -> bool:
    """True if a quotation mark may open an attribute's value."""
    before = data[max(0, quote - 60) : quote].rstrip()
    return not before or before.endswith(b"=")


def _may_be_crowded(tag: bytes) -> bool:
    """True if a tag, or one that its quotation marks may hide, has so many attributes."""
    if len(tag) <= CROWDED_LENGTH or sum(map(tag.count, _BESIDE_ATTRIBUTES)) < MAX_ATTRIBUTES:
        return False
    return _count_attributes(tag) > MAX_ATTRIBUTES or _START_OF_TAG.search(tag, 1) is not None


def _flattened(data: bytes) -> bytes:
    """Return a page without the tags that stand deeper than `MAX_DEPTH`, as far as that can be told without parsing:
    most of so deep a page are elements that nobody closed."""
    kept: list[bytes] = []
    depth = start = 0
    for tag in _tags(data):
        if tag[2].lower() in NEVER_DEEP:
            continue
        depth = max(depth - 1, 0) if tag[1] else depth + 1
        if depth >= MAX_DEPTH + (not tag[1]):
            kept.append(data[start : tag.start()])
            start = tag.end()
    return b"".join([*kept, data[start:]])
