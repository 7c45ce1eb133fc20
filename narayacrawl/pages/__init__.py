"""Read a page: its HTML and address in, its fields and links out.

Goes in: what is read from the HTML of one page. May import `language`, `urls` and `items`; no Scrapy, no I/O, no clock.
Inside, imports go one way: `outline`, then `fields`, then `body`, then `article` and `listing` with the modules beside
them. `ArticlePage` and `ListingPage` are public: a portal subclasses them.

`ArticlePage` is imported when it is first asked for: its patterns take a fifth of a crawl's start, and most crawls find
nothing new.
"""

from typing import TYPE_CHECKING

from narayacrawl.pages.html_parser import PageRefused, parse_html
from narayacrawl.pages.listing import ListingPage

if TYPE_CHECKING:
    from narayacrawl.pages.article import ArticlePage

__all__ = ["ArticlePage", "ListingPage", "PageRefused", "parse_html"]


def __getattr__(name: str) -> object:
    if name == "ArticlePage":
        from narayacrawl.pages.article import ArticlePage

        return ArticlePage
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
