"""What a page says: parsel in, fields out. No Scrapy, no I/O, no clock."""

from lxml.etree import HTMLParser, fromstring
from parsel import Selector

from narayacrawl.pages.article import ArticlePage
from narayacrawl.pages.listing import ListingPage

__all__ = ["ArticlePage", "ListingPage", "parse_html"]

EMPTY = b"<html/>"
PARSER = HTMLParser(encoding="utf-8", huge_tree=True, collect_ids=False, remove_comments=True, remove_pis=True)


def parse_html(text: str) -> Selector:
    """A page's tree, of plain lxml elements: those of lxml.html cost a look-up in Python each, and parsel's parser
    keeps a table of all ids."""
    if "\x00" in text:
        text = text.replace("\x00", "")
    data = EMPTY if not text or text.isspace() else text.encode("utf-8", "replace")
    root = fromstring(data, PARSER)
    return Selector(root=fromstring(EMPTY, PARSER) if root is None else root, type="html")
