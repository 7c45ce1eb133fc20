"""Read a page: its HTML and address in, its fields and links out.

Goes in: what is read from the HTML of one page. May import `language`, `urls` and `items`; no Scrapy, no I/O, no clock.
Inside, imports go one way: `outline`, then `fields`, then `body`, then `article` and `listing` with the modules beside
them. `ArticlePage` and `ListingPage` are public: a portal subclasses them.
"""

from narayacrawl.pages.article import ArticlePage
from narayacrawl.pages.html_parser import PageRefused, parse_html
from narayacrawl.pages.listing import ListingPage

__all__ = ["ArticlePage", "ListingPage", "PageRefused", "parse_html"]
