"""Sitemaps: what one names, and where they are. Pure: an answer's bytes or an address in, no I/O, no clock.

https://www.sitemaps.org/protocol.html, and its entries for news:
https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap
"""

import re
import zlib
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import parse_qs, urljoin, urlsplit

from scrapy.utils.gz import gunzip
from scrapy.utils.sitemap import sitemap_urls_from_robots

from narayacrawl.ledger.discovered import DiscoveredArticle
from narayacrawl.sources.feed_parser import post_id, read_feed
from narayacrawl.sources.timestamps import stated, to_timestamp
from narayacrawl.sources.xml import address, decoded, excerpt, tree
from narayacrawl.urls import absolute, key

__all__ = ["Sitemap", "SitemapFile", "is_news", "may_hold_articles", "read_sitemap", "sitemap_urls"]

GZIP = b"\x1f\x8b\x08"
MOST_BYTES = 50 * 1024 * 1024
"""How large a sitemap may be by the protocol, uncompressed."""
TOO_LARGE = f"no sitemap: more than {MOST_BYTES} bytes"
COMMON = ("/wp-sitemap.xml", "/sitemap_index.xml", "/sitemap.xml", "/?sitemap=index")
"""WordPress' own; Yoast's and Rank Math's; everybody's; WordPress' own again, without pretty permalinks."""

_BEGIN = re.compile(r"<(?:[a-z]\w{0,20}:)?(?:urlset|sitemapindex)(?=[\s>/])")
_END = re.compile(r"</(?:[a-z]\w{0,20}:)?(?:url|sitemap)\s*>")
# What a file's name tells beside its kind, and what kinds hold no posts. The first alternative of the latter are post
# types, the second taxonomies; the rest is plugins'.
_BESIDE = re.compile(
    r"\.(?:xml|gz|txt|html)(?=\.|$)|(?:wp-)?sitemaps?(?:[-_]index)?(?![a-z])|(?:(?<=[-_.])p)?[0-9]+|[-_.\s]+"
)
_NO_POSTS = re.compile(
    r"(?:(?:posts|pt|post ?type) )?(?:pages?|attachments?|elementor library)"
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
    entries: list[DiscoveredArticle]


def read_sitemap(body: bytes, url: str) -> Sitemap:
    """What a sitemap names, be it XML, one address a line or a feed, compressed or not; ValueError, one line, where it
    is none of them or larger than a sitemap may be.

    Read is what can be of broken XML. Entries without an http address are left out.
    """
    body = _plain(body)
    text = decoded(body)
    root = tree(text, _BEGIN, _END)
    if root is None:
        return Sitemap([], _other(body, text, url))
    told = Sitemap([], [])
    for entry in root.iter("{*}url", "{*}sitemap"):
        link = address(entry.findtext("{*}loc"), url)
        lastmod = to_timestamp(entry.findtext("{*}lastmod") or "")
        if link and entry.tag.endswith("sitemap"):
            told.files.append(SitemapFile(link, lastmod))
        elif link:
            published = stated(entry.findtext("{*}news/{*}publication_date") or "")
            told.entries.append(DiscoveredArticle(link, post_id(link), published, lastmod))
    return told


def _plain(body: bytes) -> bytes:
    """The body, uncompressed where it is compressed: neither its name nor its headers tell for sure."""
    if body.startswith(GZIP):
        try:
            body = gunzip(body, max_size=MOST_BYTES)
        except (OSError, EOFError, zlib.error) as error:
            raise ValueError(f"no sitemap: broken gzip, {error}") from error
        except ValueError as error:  # Scrapy's, of a bomb
            raise ValueError(TOO_LARGE) from error
    if len(body) > MOST_BYTES:
        raise ValueError(TOO_LARGE)
    return body


def _other(body: bytes, text: str, url: str) -> list[DiscoveredArticle]:
    """The articles of a sitemap that is a feed, or plain text of one address a line."""
    with suppress(ValueError):
        return read_feed(body, url)
    links = text.split()
    if not links or not all(link.lower().startswith(("http://", "https://")) for link in links):
        raise ValueError(f"no sitemap: {excerpt(text)}")
    return [DiscoveredArticle(link, post_id(link)) for text in links if (link := absolute(text, url))]


def _kind(url: str) -> str:
    """What a file holds, as its name tells: `posts berita` of `/wp-sitemap-posts-berita-1.xml`, `post` of
    `/post-sitemap2.xml`, nothing of `/sitemap-1.xml`."""
    parts = urlsplit(url)
    query = parse_qs(parts.query)
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
    """Where a portal's sitemaps may be, each address once: those that its robots.txt names, then the usual ones, in the
    folder of its front page and at the host's root."""
    named = sitemap_urls_from_robots((robots or b"").removeprefix(b"\xef\xbb\xbf"))
    found: dict[str, str] = {}
    usual = (urljoin(base, form) for path in COMMON for form in (path.lstrip("/"), path))
    for link in [*(absolute(link, base) for link in named), *usual]:
        if link:
            found.setdefault(key(link), link)
    return list(found.values())
