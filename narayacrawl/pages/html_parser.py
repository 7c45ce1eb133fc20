"""Parse the HTML of a page into a selector."""

from lxml.etree import HTMLParser, fromstring
from parsel import Selector

EMPTY = b"<html/>"
PARSER = HTMLParser(encoding="utf-8", huge_tree=True, collect_ids=False, remove_comments=True, remove_pis=True)


def parse_html(text: str) -> Selector:
    """Parse a page into plain lxml elements: those of lxml.html cost a look-up in Python each, and parsel's own parser
    keeps a table of all ids."""
    if "\x00" in text:
        text = text.replace("\x00", "")
    data = EMPTY if not text or text.isspace() else text.encode("utf-8", "replace")
    root = fromstring(data, PARSER)
    return Selector(root=fromstring(EMPTY, PARSER) if root is None else root, type="html")
