"""Tell what stands around a listing's links: a menu, a card, a heading, a place of sections and names."""

import re
from typing import NamedTuple

from lxml.etree import _Element as Element

from narayacrawl.pages.outline.regions import classify

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
TERM_CLASS = re.compile(
    r"(?:^|[\s_-])(?:cat|category|categories|tag|tags|kategori|kanal|rubrik|author|breadcrumbs?|byline)(?:$|[\s_-])",
    re.IGNORECASE,
)
ASIDE_REGIONS = frozenset({"sidebar", "related", "footer"})
UNLISTED_REGIONS = frozenset({"navigation", "footer", "comments", "share"})


class LinkContext(NamedTuple):
    """What the ancestors of a link, up to the page's main parts, say about it."""

    region: str | None
    """The region of `UNLISTED_REGIONS` it stands in, unless a heading or card is nearer: a menu holds no cards, but a
    wrapper may be named after the pagination inside it."""
    aside: bool
    box: Element | None
    """The nearest card or list item."""
    kind: str | None
    """The nearest of `heading`, `card`, and `term`, a place of sections, tags and names."""


NO_CONTEXT = LinkContext(None, aside=False, box=None, kind=None)


class LinkContexts:
    """Read the contexts of one page's links, each ancestor once."""

    def __init__(self) -> None:
        self._contexts: dict[Element, LinkContext] = {}

    def of(self, element: Element) -> LinkContext:
        """Return the context of a link from its ancestors."""
        path: list[Element] = []
        ancestor = element.getparent()
        while ancestor is not None and ancestor not in self._contexts and ancestor.tag not in ("body", "main"):
            path.append(ancestor)
            ancestor = ancestor.getparent()
        context = NO_CONTEXT if ancestor is None else self._contexts.get(ancestor, NO_CONTEXT)
        for ancestor in reversed(path):
            context = self._contexts[ancestor] = self._within(ancestor, context)
        return context

    @staticmethod
    def _within(element: Element, outer: LinkContext) -> LinkContext:
        """Return the context inside an element, given the context around it."""
        tag, classes, identity = element.tag, element.get("class") or "", element.get("id")
        classification = classify(tag, classes)
        is_card, is_heading = classification.is_card, tag in HEADINGS
        if identity:
            classification = classify(tag, f"{classes} {identity}".strip())
        region = classification.region if classification.region in UNLISTED_REGIONS else outer.region
        if is_card or is_heading:
            region = None
        kind = "heading" if is_heading else "card" if is_card else "term" if TERM_CLASS.search(classes) else outer.kind
        box = element if is_card or tag == "li" else outer.box
        return LinkContext(region, classification.region in ASIDE_REGIONS or outer.aside, box, kind)
