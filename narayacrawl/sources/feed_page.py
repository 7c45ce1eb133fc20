"""WordPress' feeds: what one names, and where they are. Pure: an answer's bytes or an address in, no I/O, no clock.

RSS 2.0 at `/feed/`, Atom at `/feed/atom/`, RSS 1.0 at `/feed/rdf/`, RSS 0.92 at `/feed/rss/`; the same for a section, a
tag, an author. https://developer.wordpress.org/advanced-administration/wordpress/feeds/
"""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit, urlunsplit

from lxml import etree
from parsel import Selector

from narayacrawl.addresses import absolute, same_site
from narayacrawl.named import Named
from narayacrawl.sources.markup import decoded, document, excerpt
from narayacrawl.sources.moments import moment, stated

__all__ = ["atom_url", "feed_page_url", "feed_urls", "post_id", "read_feed", "section_feed_url"]

_ROOT, _ENTRY = "rss|feed|rdf:RDF", "item|entry"
_COMMENT = "#comment-"
_ESCAPED = re.compile(r"&(?:amp|#0{0,3}38);")
_FEED_PATH = re.compile(r"/feed(?:/(?:feed|rss2?|rdf|atom))?(/?)$")
_PAGE_PATH = re.compile(r"/page/[0-9]+/?$")
_OF_COMMENTS = re.compile(r"comment|komentar", re.IGNORECASE)


def read_feed(body: bytes, url: str) -> list[Named]:
    """The articles that a feed names, in its order; ValueError, one line, where it is no feed.

    Read is what can be of broken XML. Left out are entries without an http address, and comments. The id is that of the
    guid (`https://portal.example/?p=31`) where the guid is of the article's own site: an article that was imported
    keeps the guid, not the id, that it had elsewhere; or the one that Jetpack adds. Only Atom tells of changes.
    """
    text = decoded(body)
    xml = document(text, _ROOT, _ENTRY)
    if xml is None:
        raise ValueError(f"no feed: {excerpt(text)}")
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, remove_comments=True)
    try:
        root = etree.fromstring(xml, parser, base_url=url)
    except etree.XMLSyntaxError as error:
        raise ValueError(f"no feed: {error.msg}") from error
    named = [] if root is None else [_named(entry, url) for entry in root.iter("{*}item", "{*}entry")]
    return [article for article in named if article]


def _named(entry: etree._Element, url: str) -> Named | None:
    """An entry's article; None where it names none."""
    told: dict[str, str] = {}
    for child in entry.iterchildren("*"):
        words = (child.text or "").strip()
        if words:
            told.setdefault(f"{child.prefix}:{_local(child)}" if child.prefix else _local(child), words)
    links = (absolute(_ESCAPED.sub("&", link), base) for link, base in _links(entry, told, url))
    link = next((link for link in links if link), None)
    if link is None or _COMMENT in link:
        return None
    guid = absolute(_ESCAPED.sub("&", told.get("guid") or told.get("id") or ""), url) or ""
    moments = (stated(told[name]) for name in ("pubDate", "published", "dc:date") if name in told)
    return Named(
        url=link,
        id=_number(told.get("post-id", "")) or post_id(link) or (post_id(guid) if same_site(guid, link) else None),
        published=next((published for published in moments if published), None),
        lastmod=moment(told.get("updated", "")) if _local(entry) == "entry" else None,
    )


def _links(entry: etree._Element, told: dict[str, str], url: str) -> Iterator[tuple[str, str]]:
    """The entry's addresses, best first, each with what it is relative to."""
    yield told.get("feedburner:origLink", ""), url
    if _local(entry) == "item":
        guid = next(entry.iterchildren("{*}guid"), None)
        yield told.get("link", ""), url
        yield entry.get("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about", ""), url
        if guid is not None and guid.get("isPermaLink", "true") == "true":
            yield told.get("guid", ""), url
        return
    links = [link for link in entry.iterchildren("{*}link") if link.get("rel", "alternate") == "alternate"]
    for link in sorted(links, key=lambda link: link.get("type", "text/html") != "text/html"):
        yield link.get("href", ""), link.base or url


def _local(element: etree._Element) -> str:
    """The name as the default namespace's, `dc:date` where the feed declares no `dc`."""
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
    path = _FEED_PATH.sub(r"/feed/atom\1", parts.path)
    if _FEED_PATH.search(parts.path):
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
