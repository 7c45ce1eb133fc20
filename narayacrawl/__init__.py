"""The newsroom of one WordPress portal, as data.

To import this costs little: what a function needs is imported when it is called. An older Python can import it, too,
so that `python -m narayacrawl` can say which one it needs.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator

if sys.version_info >= (3, 11):  # noqa: UP036
    from narayacrawl.items import Article, Image, RelatedLink

__all__ = ["Article", "Image", "RelatedLink", "extract", "read"]
__version__ = "0.1.0"


def extract(html: str | bytes, url: str, *, fetched_at: str | None = None, encoding: str | None = None) -> Article:
    """Read the article of a page that one already has, as a crawl reads it.

    `html` is text, or bytes in `encoding`; None finds it out: UTF-8 where they are that, else what they declare. `url`
    is where the page was answered, `fetched_at` when, ISO 8601 with offset: relative dates (`2 jam lalu`) are read
    against it. Nothing is dropped: `title` is "" and `date` None where the page has none that can be read. Other pages
    of a split article are not fetched. `ValueError`, one line, for a page of more elements than memory is taken for:
    12 MB of text, or a quarter of a million elements.
    """
    import gc

    from narayacrawl.pages import ArticlePage, parse_html
    from narayacrawl.pages.encoding import decode_html
    from narayacrawl.pipelines.normalize import normalize
    from narayacrawl.urls import site

    if isinstance(html, bytes):
        html = html.decode(encoding, "replace") if encoding else decode_html(html)
    # A page's reading makes up to a million objects and hardly a cycle: looking for some takes longer than the reading.
    is_collecting = gc.isenabled()
    gc.disable()
    try:
        # Not named: the page's tree and outline go before the pipelines begin.
        published = ArticlePage(parse_html(html), url, fetched_at=fetched_at).published(portal=site(url))
        return normalize(published)
    finally:
        if is_collecting:
            gc.enable()


def read(folder: str | os.PathLike[str], *, ledger: str | None = None) -> Iterator[Article]:
    """Read the last revision of every article of a portal's archive (`data/narayapost`), in the archive's order.

    It may run beside a crawl: what the ledger has acknowledged is read. `ledger` is the ledger's SQLAlchemy address,
    None for the one in the archive. `ArchiveError` or `LedgerError`, one line, where something cannot be read.
    """
    from narayacrawl.archive.articles import read_articles

    return read_articles(folder, ledger)
