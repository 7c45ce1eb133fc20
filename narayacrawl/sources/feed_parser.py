"""WordPress' feeds: what one names, and where they are. Pure: an answer's bytes or an address in, no I/O, no clock.

RSS 2.0 at `/feed/`, Atom at `/feed/atom/`, RSS 1.0 at `/feed/rdf/`, RSS 0.92 at `/feed/rss/`; the same for a section, a
tag, an author. https://developer.wordpress.org/advanced-administration/wordpress/feeds/
"""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit, urlunsplit

from lxml import etree
from parsel import Selector

from narayacrawl.ledger.discovered import DiscoveredArticle
from narayacrawl.sources.timestamps import stated, to_timestamp
from narayacrawl.sources.xml import address, decoded, excerpt, tree
from narayacrawl.urls import absolute, same_site

__all__ = ["atom_url", "feed_page_url", "feed_urls", "post_id", "read_feed", "section_feed_url"]

LONGEST_BASE = 2_000
"""What a feed says its addresses are relative to is repeated in each, so that a longer one is not believed."""

_BEGIN = re.compile(r"<(?:rss|feed|rdf:RDF)(?=[\s>/])")
_END = re.compile(r"</(?:item|entry)\s*>")
_COMMENT = "#comment-"
_FEED_PATH = re.compile(r"/feed(?:/(?:feed|rss2?|rdf|atom))?(/?)$")
_PAGE_PATH = re.compile(r"/page/[0-9]+/?$")
_OF_COMMENTS = re.compile(r"comment|komentar", re.IGNORECASE)


def read_feed(body: bytes, url: str) -> list[DiscoveredArticle]:
    """The articles that a feed names, in its order; ValueError, one line, where it is no feed or too large.

    Read is what can be of broken XML. Left out are entries without an http address, and comments. The id is that of the
    guid (`https://portal.example/?p=31`) where the guid is of the article's own site: an article that was imported
    keeps the guid, not the id, that it had elsewhere; or the one that Jetpack adds. Only Atom tells of changes.
    """
    text = decoded(body)
    root = tree(text, _BEGIN, _END)
    if root is None:
        raise ValueError(f"no feed: {excerpt(text)}")
    base = _base(root, url)
    if len(base) > LONGEST_BASE:
        base = url
    return [named for entry in root.iter("{*}item", "{*}entry") if (named := _named(entry, base))]


def _base(element: etree._Element, url: str) -> str:
    """What an element's addresses are relative to; `url` where it does not say."""
    return absolute(element.get("{http://www.w3.org/XML/1998/namespace}base"), url) or url


def _named(entry: etree._Element, base: str) -> DiscoveredArticle | None:
    """An entry's article; None where it names none."""
    told: dict[str, str] = {}
    for child in entry.iterchildren("*"):
        if words := (child.text or "").strip():
            told.setdefault(f"{child.prefix}:{_local(child)}" if child.prefix else _local(child), words)
    base = _base(entry, base)
    link = next((link for text in _links(entry, told) if (link := address(text, base))), None)
    if link is None or _COMMENT in link:
        return None
    guid = address(told.get("guid") or told.get("id"), base) or ""
    dates = (stated(told.get(name, "")) for name in ("pubDate", "published", "dc:date"))
    return DiscoveredArticle(
        url=link,
        id=_number(told.get("post-id", "")) or post_id(link) or (post_id(guid) if same_site(guid, link) else None),
        published=next(filter(None, dates), None),
        lastmod=to_timestamp(told.get("updated", "")) if _local(entry) == "entry" else None,
    )


def _links(entry: etree._Element, told: dict[str, str]) -> Iterator[str | None]:
    """The entry's addresses, best first."""
    yield told.get("feedburner:origLink")
    if _local(entry) == "item":
        yield told.get("link")
        yield entry.get("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about")
        guid = entry.find("{*}guid")
        if guid is not None and guid.get("isPermaLink", "true") == "true":
            yield told.get("guid")
        return
    links = [link for link in entry.iterchildren("{*}link") if link.get("rel", "alternate") == "alternate"]
    for link in sorted(links, key=lambda link: link.get("type", "text/html") != "text/html"):
        yield link.get("href")


def _local(element: etree._Element) -> str:
    """The name without its namespace; `dc:date` where the feed declares no `dc`."""
    return str(element.tag).rpartition("}")[2]


def post_id(url: str) -> int | None:
    """The post that an address names by its id: `/?p=31`, `/?post_type=berita&p=31`."""
    try:
        ids = parse_qs(urlsplit(url).query).get("p", [])
    except ValueError:
        return None
    return _number(ids[0]) if len(ids) == 1 else None


def _number(digits: str) -> int | None:
    return int(digits) if re.fullmatch("[1-9][0-9]{0,17}", digits) else None


def feed_page_url(feed: str, number: int) -> str:
    """The feed's page of older entries; page 1 is the feed itself."""
    return feed if number == 1 else f"{feed}{'&' if '?' in feed else '?'}paged={number}"


def atom_url(feed: str) -> str | None:
    """The same feed as Atom, which tells of changes; None where the address is none of WordPress' own forms."""
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
    """The feed of a section, of any of its listing's pages: `/ekonomi/` has `/ekonomi/feed/`, `/?cat=3` has
    `/?cat=3&feed=rss2`."""
    parts = urlsplit(section_url)._replace(fragment="")
    path = _PAGE_PATH.sub("/", parts.path)
    if parts.query:
        pairs = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] not in ("paged", "feed")]
        return urlunsplit(parts._replace(path=path or "/", query=urlencode([*pairs, ("feed", "rss2")])))
    return urlunsplit(parts._replace(path=f"{path.rstrip('/')}/feed/"))


def feed_urls(selector: Selector, url: str) -> list[str]:
    """The feeds that a page's head links to, in its order, each once; not those of comments: a post's own are told
    by their title alone."""
    found: dict[str, None] = {}
    for link in selector.xpath("//link[@rel and @href]"):
        kind = link.attrib.get("type", "").partition(";")[0].strip().lower()
        if kind not in ("application/rss+xml", "application/atom+xml"):
            continue
        feed = absolute(link.attrib["href"], url)
        rel = link.attrib["rel"].lower().split()
        if feed and "alternate" in rel and not _OF_COMMENTS.search(f"{feed} {link.attrib.get('title', '')}"):
            found[feed] = None
    return list(found)
