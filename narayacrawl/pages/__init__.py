"""What a page says: parsel in, fields out. No Scrapy, no I/O, no clock."""

from lxml.etree import HTMLParser
from parsel import Selector
from parsel.selector import create_root_node

from narayacrawl.pages.article import ArticlePage
from narayacrawl.pages.listing import ListingPage

__all__ = ["ArticlePage", "ListingPage", "parse_html"]


def parse_html(text: str) -> Selector:
    """A page's tree as parsel parses it, of plain lxml elements: those of lxml.html cost a look-up in Python each."""
    return Selector(root=create_root_node(text or "<html/>", HTMLParser), type="html")
