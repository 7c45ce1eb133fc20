"""The newsroom of one WordPress portal, as data."""

import gc

from w3lib.encoding import html_to_unicode

from narayacrawl.items import Article, Image, RelatedLink
from narayacrawl.pages import ArticlePage, parse_html
from narayacrawl.pipelines.body import normalize_body
from narayacrawl.pipelines.date import normalize_date
from narayacrawl.pipelines.record import record
from narayacrawl.pipelines.title import normalize_title
from narayacrawl.urls import site

__all__ = ["Article", "Image", "RelatedLink", "extract"]
__version__ = "0.1.0"


def extract(html: str | bytes, url: str, *, fetched_at: str | None = None) -> Article:
    """The article of a page that one already has: the same reading as the crawl's, for one page.

    `html` is text, or bytes in the encoding that they declare (UTF-8 where they declare none); `url` is where the page
    was answered; `fetched_at` when, ISO 8601 with offset: relative dates (`2 jam lalu`) are read against it. Nothing is
    dropped: `title` is "" and `date` None where the page has none that can be read. Other pages of a split article are
    not fetched.
    """
    # A page's reading makes up to a million objects and hardly a cycle: looking for some takes longer than the reading.
    collecting = gc.isenabled()
    gc.disable()
    try:
        return _read(html, url, fetched_at)
    finally:
        if collecting:
            gc.enable()


def _read(html: str | bytes, url: str, fetched_at: str | None) -> Article:
    text = html if isinstance(html, str) else html_to_unicode(None, html, default_encoding="utf-8")[1]
    # The page's tree and outline go before the pipelines begin.
    published = ArticlePage(parse_html(text), url, fetched_at=fetched_at).published(portal=site(url))
    return record(normalize_body(normalize_date(normalize_title(published))))
