"""Read the name of the portal from a page: its metadata, its link home, the end of the document's title."""

import re
from urllib.parse import urlsplit

from narayacrawl.pages.fields.metadata import Metadata
from narayacrawl.pages.outline.blocks import PageBlock, fold
from narayacrawl.pages.outline.outline import Outline
from narayacrawl.urls import absolute

# `Judul – NarayaPost`: wp_get_document_title() writes an en dash, plugins and themes what they like.
SEPARATOR = re.compile(r"\s(?:[|–—»·•:]|-{1,2})\s")
SITE_NAME = re.compile(rf"^(?P<head>.+){SEPARATOR.pattern}(?P<tail>[^|–—»·•]+)$")
MAX_TITLE_LENGTH = 500


def read_site_name(metadata: Metadata, outline: Outline) -> str | None:
    """Return the portal's name: metadata, the link home of WordPress' own themes, a heading that links home, the end of
    the document's title."""
    return metadata.site_name or _name_of_home_link(outline) or _name_in_document_title(metadata, outline)


def folded_site_names(metadata: Metadata, outline: Outline) -> frozenset[str]:
    """Return the names of the site, folded: its own, its host, and the first label of its host."""
    host = (urlsplit(metadata.url).hostname or "").removeprefix("www.")
    names = (metadata.site_name or _name_of_home_link(outline), host, host.partition(".")[0])
    return frozenset(fold(name) for name in names if name)


def bare_site_names(site_name: str | None, url: str) -> frozenset[str]:
    """Return the folded names that are no author's: the site's own and its host."""
    host = urlsplit(url).hostname or ""
    return frozenset(map(fold, (site_name or "", host, host.removeprefix("www."), "")))


def _name_of_home_link(outline: Outline) -> str | None:
    """Return the text of the site's title or of a heading that links home."""
    site_names = (
        element.text
        for element in outline.field_elements
        if "site-title" in element.class_and_id or "site-name" in element.class_and_id
    )
    home_headings = (
        block.text
        for block in outline.blocks
        if block.kind in ("h1", "h2") and block.links and is_home_link(block, outline.url)
    )
    return next(filter(None, site_names), None) or next(home_headings, None)


def _name_in_document_title(metadata: Metadata, outline: Outline) -> str | None:
    """Return the end of the document's title if the rest of it is a heading of the page."""
    match = SITE_NAME.match((metadata.document_title or "")[:MAX_TITLE_LENGTH])
    headings = (fold(block.text) for block in outline.blocks if block.kind in ("h1", "h2"))
    return match["tail"] if match and fold(match["head"]) in headings else None


def is_home_link(block: PageBlock, base: str) -> bool:
    """True if a line is nothing but a link to the front page."""
    href = block.links[0][0] if len(block.links) == 1 and block.linked_chars == len(block.text) else None
    return href is not None and is_front_page(href, base)


def is_front_page(href: str, base: str) -> bool:
    """True if a link leads to a front page; in a copy kept by an archive the address ends with the original one."""
    href = href[max(href.rfind("http:"), href.rfind("https:"), 0) :]
    url = absolute(href, base) if len(href) < 80 else None
    return url is not None and not urlsplit(url).path.strip("/")
