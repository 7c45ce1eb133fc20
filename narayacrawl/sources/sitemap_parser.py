"""Parse sitemaps and find their addresses. Pure: bytes or an address in, no I/O, no clock.

https://www.sitemaps.org/protocol.html, and its entries for news:
https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap
"""

import re
import zlib
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import parse_qs, urljoin, urlsplit

from scrapy.utils.gz import gunzip

from narayacrawl.ledger.discovered import DiscoveredArticle
from narayacrawl.sources.feed_parser import post_id, read_feed
from narayacrawl.sources.timestamps import to_local_timestamp, to_timestamp
from narayacrawl.sources.xml import absolute_url, decode_text, excerpt, parse_xml
from narayacrawl.urls import absolute, key

__all__ = ["Sitemap", "SitemapFile", "is_news", "may_hold_articles", "read_sitemap", "sitemap_urls"]

GZIP = b"\x1f\x8b\x08"
MAX_BYTES = 16 * 1024 * 1024
"""Of a sitemap that was compressed as a file; the protocol allows fifty, for 50,000 entries, which take a quarter
of them."""
MAX_LINES = 250_000
"""Of a text sitemap; the protocol allows a fifth of them."""
TOO_LARGE = f"no sitemap: more than {MAX_BYTES} bytes"
COMMON_PATHS = ("/wp-sitemap.xml", "/sitemap_index.xml", "/sitemap.xml", "/?sitemap=index")
"""That of WordPress, of Yoast and Rank Math, of many other tools, of WordPress without pretty permalinks."""

_BEGIN = re.compile(r"<(?:[a-z]\w{0,20}:)?(?:urlset|sitemapindex)(?=[\s>/])")
_END = re.compile(r"</(?:[a-z]\w{0,20}:)?(?:url|sitemap)\s*>")
# Parts of a file's name that do not tell its kind, and kinds without posts: first post types, then taxonomies, then
# other files of plugins.
_NOT_KIND = re.compile(
    r"\.(?:xml|gz|txt|html)(?=\.|$)|(?:wp-)?sitemaps?(?:[-_]index)?(?![a-z])|(?:(?<=[-_.])p)?[0-9]+|[-_.\s]+"
)
_NO_POSTS = re.compile(
    r"(?:(?:posts|pt|post ?type) )?(?:pages?|attachments?|elementor library)"
    r"|(?:taxonomies|taxonomy|tax) .*|(?:categor(?:y|ies)|(?:post )?tags?|post format|product (?:cat|tag))"
    r"|(?:users?|authors?)|(?:images?|videos?)|misc|externals?|(?:post )?archives?|addl|additional|locals?|locations"
)
# RFC 9309, 2.2: white space around the colon, a comment behind the value; and two on a line, which some write.
_ROBOTS_SITEMAP = re.compile(r"(?<!\S)site-?map[ \t]{0,99}:[ \t]{0,99}([^\s#]{1,2000})", re.IGNORECASE)
_NEWS_KIND = re.compile(r"(?:google )?news")


@dataclass(frozen=True, slots=True)
class SitemapFile:
    """A sitemap file that an index lists."""

    url: str
    lastmod: str | None
    """When it last changed, as in `DiscoveredArticle`."""


@dataclass(frozen=True, slots=True)
class Sitemap:
    """What a sitemap lists, in its order: an index lists files, other sitemaps list addresses, not of articles only."""

    files: list[SitemapFile]
    entries: list[DiscoveredArticle]


def read_sitemap(body: bytes, url: str) -> Sitemap:
    """Parse a sitemap: XML, a feed or plain text of one address a line, compressed or not.

    Broken XML is parsed as far as possible. Entries without an http address are left out. Raises `ValueError`, one
    line, if it is none of these or too large.
    """
    body = _decompress(body)
    text = decode_text(body)
    root = parse_xml(text, _BEGIN, _END)
    if root is None:
        return Sitemap([], _read_feed_or_text(body, text, url))
    sitemap = Sitemap([], [])
    for entry in root.iter("{*}url", "{*}sitemap"):
        link = absolute_url(entry.findtext("{*}loc"), url)
        lastmod = to_timestamp(entry.findtext("{*}lastmod") or "")
        if link and entry.tag.endswith("sitemap"):
            sitemap.files.append(SitemapFile(link, lastmod))
        elif link:
            published = to_local_timestamp(entry.findtext("{*}news/{*}publication_date") or "")
            sitemap.entries.append(DiscoveredArticle(link, post_id(link), published, lastmod))
    return sitemap


def _decompress(body: bytes) -> bytes:
    """Decompress the body if it is gzip: neither file name nor headers tell reliably."""
    if body.startswith(GZIP):
        try:
            body = gunzip(body, max_size=MAX_BYTES)
        except (OSError, EOFError, zlib.error) as error:
            raise ValueError(f"no sitemap: broken gzip, {error}") from error
        except ValueError as error:  # Scrapy raises it if a compressed body is too large
            raise ValueError(TOO_LARGE) from error
    if len(body) > MAX_BYTES:
        raise ValueError(TOO_LARGE)
    return body


def _read_feed_or_text(body: bytes, text: str, url: str) -> list[DiscoveredArticle]:
    """Return the articles of a sitemap that is a feed or plain text of one address a line."""
    with suppress(ValueError):
        return read_feed(body, url)
    if text.count("\n") > MAX_LINES:
        raise ValueError(f"no sitemap: more than {MAX_LINES} lines")
    lines = [line for line in text.split("\n") if line.strip()]
    links = [link for line in lines if (link := _address_of_line(line, url))]
    # A note or two stand between addresses; in a page or a log it is the other way round.
    if not links or len(links) <= len(lines) // 2:
        raise ValueError(f"no sitemap: {excerpt(text)}")
    return [DiscoveredArticle(link, post_id(link)) for link in links]


def _address_of_line(line: str, url: str) -> str | None:
    """Return the address that a line of a text sitemap is; None for a note."""
    word = line.strip()
    return absolute(word, url) if word.lower().startswith(("http://", "https://")) and " " not in word else None


def _kind(url: str) -> str:
    """Return the kind of a file by its name: `posts berita` for `/wp-sitemap-posts-berita-1.xml`, `post` for
    `/post-sitemap2.xml`, "" for `/sitemap-1.xml`."""
    parts = urlsplit(url)
    query = parse_qs(parts.query)
    values = [value for name in ("sitemap", "sitemap-subtype") for value in query.get(name, [])]
    name = " ".join(values) or parts.path.rstrip("/").rpartition("/")[2]
    return " ".join(_NOT_KIND.sub(" ", name.lower()).split())


def may_hold_articles(url: str) -> bool:
    """True if a file may list posts, by its name: not if WordPress or a sitemap plugin made it for pages, taxonomies,
    authors, images or videos."""
    return _NO_POSTS.fullmatch(_kind(url)) is None


def is_news(url: str) -> bool:
    """True if a file is, by its name, a sitemap for Google News, which lists articles of the last two days only."""
    return _NEWS_KIND.fullmatch(_kind(url)) is not None


def sitemap_urls(robots: bytes | None, base: str) -> list[str]:
    """Return the addresses at which a portal's sitemaps may be, each once: those in its robots.txt, then the common
    ones, in the folder of its front page and at the host's root."""
    in_robots = [match[1] for match in _ROBOTS_SITEMAP.finditer(decode_text(robots or b""))]
    urls: dict[str, str] = {}
    common = (urljoin(base, form) for path in COMMON_PATHS for form in (path.lstrip("/"), path))
    for link in [*(absolute(link, base) for link in in_robots), *common]:
        if link:
            urls.setdefault(key(link), link)
    return list(urls.values())
