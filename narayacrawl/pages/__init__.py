"""What a page says: parsel in, fields out. No Scrapy, no I/O, no clock."""

from narayacrawl.pages.article import ArticlePage
from narayacrawl.pages.listing import ListingPage

__all__ = ["ArticlePage", "ListingPage"]
