"""Read a page's metadata: JSON-LD, OpenGraph, meta tags, link relations. One pass over the head's own elements reads
all of it.

Formats: https://json-ld.org and https://schema.org/Article as Yoast, Rank Math and AIOSEO write them (one `@graph`),
https://ogp.me.
"""

from collections.abc import Iterator
from functools import cached_property
from html import unescape
from typing import Any, cast

from lxml.etree import XPath
from lxml.etree import _Element as Element

from narayacrawl.pages.fields.json_reader import read_json
from narayacrawl.urls import absolute, key

ARTICLE_TYPES = frozenset({"Article", "BlogPosting", "LiveBlogPosting", "Report", "SocialMediaPosting", "TechArticle"})

# Microdata (HTML Living Standard, 5.2): its items. More than these are a list without end.
ITEMS, MAX_ITEMS = XPath("//*[@itemscope and @itemtype]"), 20
# What scripts and empty template fields leave in place of an address.
NO_ADDRESSES = frozenset({"", "#", "undefined", "null", "none", "nil", "nan", "false", "true", "[object object]"})
# The relations that are read; most links of a head are style sheets.
RELATIONS = frozenset({"canonical", "shortlink", "alternate", "next", "prev", "amphtml", "https://api.w.org/"})


def stated_address(href: str, base: str) -> str | None:
    """Return the absolute address that a page's metadata states, its entities decoded; None for what a script left in
    its place."""
    href = unescape(href) if "&" in href else href
    return None if href.strip("/ ").lower() in NO_ADDRESSES else absolute(href, base)


def nodes(value: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    """Yield every object of a JSON-LD document that stands on its own: the top level, lists, `@graph`, a page's
    `mainEntity`."""
    if depth > 4:
        return
    if isinstance(value, list):
        for entry in value:
            yield from nodes(entry, depth + 1)
    elif isinstance(value, dict):
        if "@type" in value:
            yield value
        yield from nodes(value.get("@graph"), depth + 1)
        yield from nodes(value.get("mainEntity"), depth + 1)


def types(node: dict[str, Any]) -> list[str]:
    """Return the types of a JSON-LD object without their namespace."""
    kind = node.get("@type")
    return [str(k).rpartition("/")[2] for k in (kind if isinstance(kind, list) else [kind])]


def is_article(node: dict[str, Any]) -> bool:
    """True if a JSON-LD object is an article."""
    return any(kind in ARTICLE_TYPES or kind.endswith("NewsArticle") for kind in types(node))


def texts(value: Any) -> list[str]:
    """Return the strings of a value that may be one string or several, stripped, without empty ones."""
    return [v.strip() for v in (value if isinstance(value, list) else [value]) if isinstance(v, str) and v.strip()]


def _holds_h1(element: Element) -> bool:
    return next(element.iter("h1"), None) is not None


def _name_of(entity: dict[str, Any]) -> Any:
    """Return the name of a JSON-LD object: its `name`, also as a value object, else given name and family name."""
    name = entity.get("name")
    if isinstance(name, dict):
        name = name.get("@value")
    parts = [part for part in (entity.get("givenName"), entity.get("familyName")) if isinstance(part, str)]
    return name or (" ".join(parts) if len(parts) == 2 else None)


class Metadata:
    """The metadata of one page.

    `meta` maps a lower-cased `property`, `name` or `itemprop` to its contents in order; `links` maps a `rel` to
    absolute addresses; `graph` holds every JSON-LD object; `article` is the one that describes this page's article, {}
    if there is none. `invalid_json_ld` keeps the texts of which none is such an object: broken, or without a type.
    """

    def __init__(self, root: Element, url: str) -> None:
        self.url, self._root = url, root
        self.language = root.get("lang") or root.get("xml:lang") or None
        self.meta: dict[str, list[str]] = {}
        self.links: dict[str, list[str]] = {}
        self.graph: list[dict[str, Any]] = []
        self.invalid_json_ld: list[str] = []
        self.document_title: str | None = None
        for element in root.iter("meta", "link", "title", "script"):
            self._read(element)
        self._by_id = {node["@id"]: node for node in self.graph if isinstance(node.get("@id"), str)}
        self.article = self._article()

    def _read(self, element: Element) -> None:
        """Read one element of the head: most are scripts and style sheets, which tell nothing."""
        tag, get = element.tag, element.get
        if tag == "script":
            kind = get("type")
            if kind and kind.strip().lower() == "application/ld+json" and element.text:
                found = [*nodes(read_json(element.text))]
                if not found:
                    self.invalid_json_ld.append(element.text)
                self.graph.extend(found)
        elif tag == "link":
            if (rel := get("rel")) and rel != "stylesheet" and (rels := RELATIONS.intersection(rel.lower().split())):
                self._read_link(element, rels)
        elif tag == "meta":
            if (content := (get("content") or "").strip()) and not self._is_of_card(element):
                for attribute in ("property", "name", "itemprop"):
                    if name := get(attribute):
                        self.meta.setdefault(name.lower(), []).append(content)
        elif self.document_title is None and element.text:
            self.document_title = " ".join(element.text.split())

    def _is_of_card(self, meta: Element) -> bool:
        """True if a microdata element describes another article: one of several items of a type that hold no `h1`."""
        if meta.get("itemprop") is None:
            return False
        item = next((ancestor for ancestor in meta.iterancestors() if ancestor.get("itemscope") is not None), None)
        kind = item.get("itemtype") if item is not None else None
        return item is not None and kind in self._types_of_cards and not _holds_h1(item)

    @cached_property
    def _types_of_cards(self) -> frozenset[str]:
        """The types of which several items hold no headline."""
        items: dict[str, list[Element]] = {}
        for item in cast("list[Element]", ITEMS(self._root)):
            items.setdefault(item.get("itemtype") or "", []).append(item)
        return frozenset(
            kind for kind, alike in items.items() if kind and sum(not _holds_h1(item) for item in alike[:MAX_ITEMS]) > 1
        )

    def _read_link(self, element: Element, rels: frozenset[str]) -> None:
        """Read the address of a link element under each of its relations."""
        address = stated_address(element.get("href") or "", self.url)
        for rel in rels if address else ():
            # The type tells feeds, REST addresses and AMP pages apart.
            kind = element.get("type")
            name = f"{rel} {kind}" if kind and rel == "alternate" else rel
            self.links.setdefault(name, []).append(address or "")

    def _article(self) -> dict[str, Any]:
        """Return the article object with this page's address, else one without an address, else the first."""
        articles = [node for node in self.graph if is_article(node)]
        if len(articles) < 2:
            return articles[0] if articles else {}
        own_addresses = {key(address) for address in (self.url, *self.links.get("canonical", ()))}
        addresses = [(self._addresses(node), node) for node in articles]
        for node_addresses, node in addresses:
            if own_addresses & node_addresses:
                return node
        return next((node for node_addresses, node in addresses if not node_addresses), articles[0])

    def _addresses(self, node: dict[str, Any]) -> set[str]:
        """Return the addresses that an object gives for itself and its page, as `key` writes them."""
        page = node.get("mainEntityOfPage")
        values = [node.get("url"), node.get("@id"), page.get("@id") if isinstance(page, dict) else page]
        hrefs = [href for href in values if isinstance(href, str) and href.strip() and not href.startswith("#")]
        return {key(address) for href in hrefs if (address := absolute(href, self.url))}

    def first(self, *names: str) -> str | None:
        """Return the content of the first of these meta tags that is present."""
        return next((self.meta[name][0] for name in names if name in self.meta), None)

    def link(self, rel: str) -> str | None:
        """Return the first address with this relation."""
        found = self.links.get(rel)
        return found[0] if found else None

    def resolve(self, value: Any) -> Any:
        """Follow a JSON-LD reference `{"@id": …}` to the object it names and merge both."""
        if isinstance(value, dict) and isinstance(value.get("@id"), str):
            return {**self._by_id.get(value["@id"], {}), **value}
        return value

    def names(self, value: Any) -> list[str]:
        """Return the names of persons or organisations: strings, objects, references, or a list of these."""
        found = []
        for entry in value if isinstance(value, list) else [value]:
            entity = self.resolve(entry)
            found += texts(_name_of(entity) if isinstance(entity, dict) else entity)
        return found

    @property
    def site_name(self) -> str | None:
        """Return the portal's name: OpenGraph, or the JSON-LD WebSite or publisher."""
        if name := self.first("og:site_name", "application-name"):
            return name
        for node in self.graph:
            if "WebSite" in types(node) and (names := texts(node.get("name"))):
                return names[0]
        publisher = self.names(self.article.get("publisher"))
        return publisher[0] if publisher else None

    def addresses(self, value: Any) -> list[str]:
        """Return the absolute addresses of pictures: strings, objects, references, or a list of these."""
        found = []
        for entry in value if isinstance(value, list) else [value]:
            entity = self.resolve(entry)
            if isinstance(entity, dict):
                entity = entity.get("url") or entity.get("contentUrl") or entity.get("@id")
            found += [address for href in texts(entity) if (address := absolute(href, self.url))]
        return found

    @property
    def images(self) -> list[str]:
        """Return the addresses of the article's picture: OpenGraph, Twitter, then the JSON-LD of the article."""
        stated = (self.first("og:image"), self.first("twitter:image"))
        return [*self.addresses([*filter(None, stated)]), *self.addresses(self.article.get("image"))]

    @property
    def site_images(self) -> list[str]:
        """Return the addresses of the portal's own pictures: logos and images of its JSON-LD objects."""
        owners = [self.resolve(self.article.get("publisher"))]
        owners += [node for node in self.graph if {"Organization", "NewsMediaOrganization", "WebSite"} & {*types(node)}]
        values = [owner.get(name) for owner in owners if isinstance(owner, dict) for name in ("logo", "image")]
        return [address for value in values for address in self.addresses(value)]

    @property
    def breadcrumb(self) -> list[str]:
        """Return the names of the JSON-LD breadcrumb, from the front page to this page; [] if there is none."""
        for node in self.graph:
            if "BreadcrumbList" in types(node) and isinstance(node.get("itemListElement"), list):
                steps = [step for step in node["itemListElement"] if isinstance(step, dict)]
                names = [texts(s.get("name")) or self.names(s.get("item")) for s in steps]
                return [name[0] for name in names if name]
        return []
