"""Sitemaps: what one names, and where they are. Pure: an answer's bytes or an address in, no I/O, no clock.

https://www.sitemaps.org/protocol.html, and its entries for news:
https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap
"""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

from lxml import etree
from scrapy.utils import sitemap
from scrapy.utils.gz import gunzip

from narayacrawl.addresses import absolute, key
from narayacrawl.named import Named
from narayacrawl.sources.feed_page import post_id, read_feed
from narayacrawl.sources.markup import decoded, document, excerpt
from narayacrawl.sources.moments import moment, stated

__all__ = ["Sitemap", "SitemapFile", "is_news", "may_hold_articles", "read_sitemap", "sitemap_urls"]

GZIP = b"\x1f\x8b\x08"
MOST_BYTES = 50 * 1024 * 1024
"""How large a sitemap may be by the protocol, uncompressed."""
COMMON = ("/wp-sitemap.xml", "/sitemap_index.xml", "/sitemap.xml")
"""WordPress' own; Yoast's and Rank Math's; everybody's."""

_ROOT, _ENTRY = (rf"(?:[a-z]\w{{0,20}}:)?(?:{names})" for names in ("urlset|sitemapindex", "url|sitemap"))
# Scrapy reads an entry's own children, and the date of a news entry is one element deeper.
_NEWS = re.compile(rb"</?(?:[a-z]\w{0,20}:)?news\s*>")
_ESCAPED = re.compile(r"&(?:amp|#0{0,3}38);")
_FEED = re.compile(r"<(?:rss|feed)[\s>]")
_LINE = re.compile(r"https?://\S+", re.IGNORECASE)
# What a file's name tells beside its kind, and what kinds hold no posts. The first alternative of the latter are post
# types, the second taxonomies; the rest is plugins'.
_BESIDE = re.compile(r"\.(?:xml|gz|txt|html)(?=\.|$)|(?:wp-)?sitemaps?(?:[-_]index)?(?![a-z])|[0-9]+|[-_.\s]+")
_NO_POSTS = re.compile(
    r"(?:(?:posts|pt|posttype|post-type) )?(?:pages?|attachments?|elementor library)"
    r"|(?:taxonomies|taxonomy|tax) .*|(?:categor(?:y|ies)|(?:post )?tags?|post format|product (?:cat|tag))"
    r"|(?:users?|authors?)|(?:images?|videos?)|misc|externals?|(?:post )?archives?|addl|additional|locals?|locations"
)
_NEWS_KIND = re.compile(r"(?:google )?news")


@dataclass(frozen=True, slots=True)
class SitemapFile:
    """A sitemap as an index names it."""

    url: str
    lastmod: str | None
    """When it last changed, as in `Named`."""


@dataclass(frozen=True, slots=True)
class Sitemap:
    """What a sitemap names, in its order: an index names files, any other names articles and whatever else the portal
    has."""

    files: list[SitemapFile]
    entries: list[Named]


def read_sitemap(body: bytes, url: str) -> Sitemap:
    """What a sitemap names, be it XML, one address a line or a feed, compressed or not; ValueError, one line, where it
    is none of them or larger than a sitemap may be.

    Read is what can be of broken XML. Entries without an http address are left out.
    """
    body = _plain(body)
    text = decoded(body)
    xml = document(text, _ROOT, _ENTRY)
    if xml is None and _FEED.search(text):
        return Sitemap([], read_feed(body, url))
    if xml is None:
        return Sitemap([], [Named(link, id=post_id(link)) for link in _lines(text)])
    files: list[SitemapFile] = []
    entries: list[Named] = []
    try:
        read = sitemap.Sitemap(_NEWS.sub(b"", xml))
        for told in read:
            link = absolute(_ESCAPED.sub("&", told["loc"]), url)
            lastmod = moment(told.get("lastmod", ""))
            if link and read.type == "sitemapindex":
                files.append(SitemapFile(link, lastmod))
            elif link:
                entries.append(Named(link, post_id(link), stated(told.get("publication_date", "")), lastmod))
    except (etree.XMLSyntaxError, StopIteration) as error:
        if not files and not entries:
            raise ValueError(f"no sitemap: {error}") from error
    return Sitemap(files, entries)


def _plain(body: bytes) -> bytes:
    """The body, uncompressed where it is compressed: neither its name nor its headers tell for sure."""
    if body.startswith(GZIP):
        try:
            body = gunzip(body, max_size=MOST_BYTES)
        except (OSError, EOFError, zlib.error) as error:
            raise ValueError(f"no sitemap: broken gzip, {error}") from error
    if len(body) > MOST_BYTES:
        raise ValueError(f"no sitemap: {len(body)} bytes")
    return body


def _lines(text: str) -> Iterator[str]:
    """The addresses of a sitemap that is plain text."""
    lines = text.split("\n")
    if not any(map(str.strip, lines)) or not all(_LINE.fullmatch(line.strip()) for line in lines if line.strip()):
        raise ValueError(f"no sitemap: {excerpt(text)}")
    return (link for line in lines if (link := absolute(line, "")))


def _kind(url: str) -> str:
    """What a file holds, as its name tells: `posts berita` of `/wp-sitemap-posts-berita-1.xml`, `post` of
    `/post-sitemap2.xml`, nothing of `/sitemap-1.xml`."""
    parts = urlsplit(url)
    query: dict[str, list[Any]] = parse_qs(parts.query)
    told = [value for name in ("sitemap", "sitemap-subtype") for value in query.get(name, [])]
    name = " ".join(told) or parts.path.rstrip("/").rpartition("/")[2]
    return " ".join(_BESIDE.sub(" ", name.lower()).split())


def may_hold_articles(url: str) -> bool:
    """Whether a file that an index names may hold posts: false of the files that WordPress and the plugins for sitemaps
    make of pages, taxonomies, authors, images and videos."""
    return _NO_POSTS.fullmatch(_kind(url)) is None


def is_news(url: str) -> bool:
    """Whether a file is, by its name, a sitemap for Google News: the articles of the last two days alone."""
    return _NEWS_KIND.fullmatch(_kind(url)) is not None


def sitemap_urls(robots: bytes | None, base: str) -> list[str]:
    """Where a portal's sitemaps may be, each address once: those that its robots.txt names, then the usual ones."""
    named = sitemap.sitemap_urls_from_robots((robots or b"").removeprefix(b"\xef\xbb\xbf"))
    found: dict[str, str] = {}
    for link in [*(absolute(link, base) for link in named), *(urljoin(base, path) for path in COMMON)]:
        if link:
            found.setdefault(key(link), link)
    return list(found.values())
