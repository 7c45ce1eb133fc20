"""Parse WordPress' feeds and build their addresses. Pure: bytes or an address in, no I/O, no clock.

RSS 2.0 at `/feed/`, Atom at `/feed/atom/`, RSS 1.0 at `/feed/rdf/`, RSS 0.92 at `/feed/rss/`; the same for a section, a
tag, an author. https://developer.wordpress.org/advanced-administration/wordpress/feeds/
"""

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit, urlunsplit

from lxml import etree
from parsel import Selector

from narayacrawl.language.lengths import MAX_COUNTED_LENGTH
from narayacrawl.language.numbers import read_number
from narayacrawl.ledger.discovered import DiscoveredArticle
from narayacrawl.pages.fragment import fragment_length
from narayacrawl.sources.timestamps import to_local_timestamp, to_timestamp
from narayacrawl.sources.xml import absolute_url, decode_text, excerpt, parse_xml
from narayacrawl.urls import absolute, same_site

__all__ = ["atom_url", "feed_page_url", "feed_urls", "post_id", "read_feed", "section_feed_url"]

MAX_ENTRIES = 50_000
"""As many as a sitemap may have; WordPress' feeds have ten."""
MAX_BASE_LENGTH = 2_000
"""A longer `xml:base` is ignored: it would become part of every relative address."""

DATES = ("pubDate", "published", "dc:date")
_BEGIN = re.compile(r"<(?:rss|(?:[a-z]\w{0,20}:)?(?:feed|RDF))(?=[\s>/])")
_END = re.compile(r"</(?:[a-z]\w{0,20}:)?(?:item|entry)\s*>")
_FEED_NAMESPACES = ("http://purl.org/rss/1.0/", "http://www.w3.org/2005/Atom")
_COMMENT = "#comment-"
_FEED_PATH = re.compile(r"/feed(?:/(?:feed|rss2?|rdf|atom))?(/?)$")
_PAGE_PATH = re.compile(r"/page/[0-9]+/?$")
_OF_COMMENTS = re.compile(r"comment|komentar", re.IGNORECASE)


def read_feed(body: bytes, url: str) -> list[DiscoveredArticle]:
    """Return the articles that a feed lists, in its order; raise `ValueError`, one line, if it is not a feed or too
    large.

    Broken XML is parsed as far as possible. Comments and entries without an http address are left out. The post id is
    the one that Jetpack adds, or that of the link, or that of the guid (`https://portal.example/?p=31`) if the guid is
    of the article's own site: an imported article keeps its old site's guid, but not the id. Only Atom has `lastmod`.
    """
    text = decode_text(body)
    root = parse_xml(text, _BEGIN, _END)
    if root is None:
        raise ValueError(f"no feed: {excerpt(text)}")
    base = _base(root, url)
    if len(base) > MAX_BASE_LENGTH:
        base = url
    entries = list(islice(root.iter("{*}item", "{*}entry"), MAX_ENTRIES + 1))
    if len(entries) > MAX_ENTRIES:
        raise ValueError(f"a feed of more than {MAX_ENTRIES} entries")
    return [article for entry in entries if (article := _entry_article(entry, base))]


def _base(element: etree._Element, url: str) -> str:
    """Return the base of an element's relative addresses: its `xml:base`, or else `url`."""
    return absolute(element.get("{http://www.w3.org/XML/1998/namespace}base"), url) or url


def _entry_article(entry: etree._Element, base: str) -> DiscoveredArticle | None:
    """Return the article of an entry; None if it has no address or is a comment."""
    base = _base(entry, base)
    for elements in (entry.iterchildren("*"), _own_descendants(entry)):
        fields = _fields(elements)
        link = next((url for text in _links(entry, fields) if (url := absolute_url(text, base))), None)
        if link is not None:
            break
    if link is None or _COMMENT in link:
        return None
    if not any(name in fields for name in DATES):
        fields |= {name: text for name, text in _fields(_own_descendants(entry)).items() if name in DATES}
    guid = absolute_url(fields.get("guid") or fields.get("id"), base) or ""
    dates = (to_local_timestamp(fields.get(name, "")) for name in DATES)
    # An entry's `description` or `summary` may be an excerpt.
    content = fields.get("content:encoded") or fields.get("content")
    own_guid = guid if same_site(guid, link) else ""
    return DiscoveredArticle(
        url=link,
        id=read_number(fields.get("post-id")) or post_id(link) or post_id(own_guid),
        published=next(filter(None, dates), None),
        lastmod=to_timestamp(fields.get("updated", "")) if _local_name(entry) == "entry" else None,
        length=(fragment_length(content[:MAX_COUNTED_LENGTH], link) or None) if content else None,
    )


def _fields(elements: Iterable[etree._Element]) -> dict[str, str]:
    """Return the text of each kind of element, the first of several, by its name; with its prefix if it is none of the
    feed's own."""
    fields: dict[str, str] = {}
    for element in elements:
        if text := (element.text or "").strip():
            is_of_feed = element.prefix is None or etree.QName(element).namespace in _FEED_NAMESPACES
            name = _local_name(element)
            fields.setdefault(name if is_of_feed else f"{element.prefix}:{name}", text)
    return fields


def _own_descendants(entry: etree._Element) -> Iterator[etree._Element]:
    """Yield the elements inside an entry: HTML that is not escaped and closes nowhere (`<br>`) holds what comes after
    it, the next entries, too."""
    for element in entry.iterdescendants("*"):
        if _local_name(element) in ("item", "entry"):
            return
        yield element


def _links(entry: etree._Element, fields: dict[str, str]) -> Iterator[str | None]:
    """Yield the entry's addresses, best first."""
    yield fields.get("feedburner:origLink")
    if _local_name(entry) == "item":
        yield fields.get("link")
        yield entry.get("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about")
        guid = entry.find("{*}guid")
        if guid is not None and guid.get("isPermaLink", "true") == "true":
            yield fields.get("guid")
        return
    links = [link for link in entry.iterchildren("{*}link") if link.get("rel", "alternate") == "alternate"]
    for link in sorted(links, key=lambda link: link.get("type", "text/html") != "text/html"):
        yield link.get("href")


def _local_name(element: etree._Element) -> str:
    """Return the name without its namespace; `dc:date` if the feed does not declare `dc`."""
    return str(element.tag).rpartition("}")[2]


def post_id(url: str) -> int | None:
    """Return the post id in an address: `/?p=31`, `/?post_type=berita&p=31`; None if it has none."""
    try:
        ids = parse_qs(urlsplit(url).query).get("p", [])
    except ValueError:
        return None
    return read_number(ids[0]) or None if len(ids) == 1 else None


def feed_page_url(feed: str, number: int) -> str:
    """Return the address of a page of a feed; page 1 is the feed itself, later ones have older entries."""
    return feed if number == 1 else f"{feed}{'&' if '?' in feed else '?'}paged={number}"


def atom_url(feed: str) -> str | None:
    """Return the address of the same feed as Atom, which has `lastmod`; None if it does not have a form of
    WordPress."""
    parts = urlsplit(feed)
    path, found = _FEED_PATH.subn(r"/feed/atom\1", parts.path)
    if found:
        return urlunsplit(parts._replace(path=path))
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    if dict(pairs).get("feed") not in ("feed", "rss", "rss2", "rdf", "atom"):
        return None
    query = urlencode([(name, "atom" if name == "feed" else value) for name, value in pairs])
    return urlunsplit(parts._replace(query=query))


def section_feed_url(section_url: str) -> str:
    """Return the address of a section's feed, from that of any page of its listing: `/ekonomi/feed/` for `/ekonomi/`,
    `/?cat=3&feed=rss2` for `/?cat=3`."""
    parts = urlsplit(section_url)._replace(fragment="")
    path = _PAGE_PATH.sub("/", parts.path)
    if parts.query:
        pairs = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] not in ("paged", "feed")]
        return urlunsplit(parts._replace(path=path or "/", query=urlencode([*pairs, ("feed", "rss2")])))
    return urlunsplit(parts._replace(path=f"{path.rstrip('/')}/feed/"))


def feed_urls(selector: Selector, url: str) -> list[str]:
    """Return the addresses of the feeds that a page's head links to, in its order, each once.

    Feeds of comments are left out; a post's own comment feed is recognised by its title only.
    """
    urls: dict[str, None] = {}
    for link in selector.xpath("//link[@rel and @href]"):
        kind = link.attrib.get("type", "").partition(";")[0].strip().lower()
        if kind not in ("application/rss+xml", "application/atom+xml"):
            continue
        feed = absolute(link.attrib["href"], url)
        rel = link.attrib["rel"].lower().split()
        if feed and "alternate" in rel and not _OF_COMMENTS.search(f"{feed} {link.attrib.get('title', '')}"):
            urls[feed] = None
    return list(urls)
