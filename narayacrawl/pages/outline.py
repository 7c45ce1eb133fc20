"""One walk over a page: its blocks in reading order, the regions they stand in, and the places where fields are found.

Nothing is thrown away here but what no reader sees (scripts, form fields, drawings). The body is chosen from the
outline in `body.py`, the fields in `article.py`; so the tree is walked once, whatever is asked of it.
"""

from collections.abc import Iterator
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple, cast

from lxml.etree import XPath, iterwalk
from lxml.etree import _Element as Element

from narayacrawl.addresses import NO_ADDRESS
from narayacrawl.pages.images import is_furniture
from narayacrawl.pages.inline import KEPT, Inline
from narayacrawl.pages.pieces import (
    AUTHOR_ADDRESS,
    Container,
    Mark,
    Piece,
    Region,
    fold,
    linked_length,
    seen_text,
    text_length,
    text_of,
)
from narayacrawl.pages.regions import BARE, NO_ROLE, Role, role
from narayacrawl.pages.tables import is_data, table_piece

UNSEEN = frozenset(
    {"script", "style", "noscript", "template", "svg", "math", "canvas", "map", "iframe", "object", "embed"}
    | {"button", "select", "option", "textarea", "input", "audio", "video", "head", "link", "meta"}
)
CONTAINERS = frozenset(
    {"article", "body", "center", "div", "main", "section", "td", "th", "form", "fieldset", "details", "header"}
)
HEADINGS = {"h1": "h1", "h2": "h2", "h3": "h3", "h4": "h4", "h5": "h4", "h6": "h4"}
BLOCKS = (
    CONTAINERS
    | HEADINGS.keys()
    | {"address", "aside", "blockquote", "dd", "dialog", "dl", "dt", "figcaption", "figure", "footer", "hgroup", "hr"}
    | {"legend", "li", "nav", "ol", "p", "pre", "summary", "ul"}
    | {"caption", "table", "tbody", "tfoot", "thead", "tr"}
)
# Regions that inline elements may be.
APART = frozenset({"hidden", "caption"})
# AMP's element beside HTML's own.
IMAGES = frozenset({"img", "amp-img"})
# What such an element holds is of this kind; of a list item it depends on the list.
KINDS = HEADINGS | {"blockquote": "blockquote", "caption": "caption", "li": ""}
# No theme names a wrapper after these; comments stand below the headline, however long.
SMALL_PARTS = frozenset({"caption", "meta", "tags", "share", "author", "comments"})
ARTICLES = frozenset({"article", "main"})
# What no field of an article stands in: passed over, whatever is inside, where it is but a part of the page's text.
CLOSED = frozenset({"share", "popup", "newsletter", "form", "footer", "embed"})
SHORT, SMALL = 1000, 0.3
BREADCRUMB = XPath(".//*[contains(@class, 'breadcrumb')]")
WIDGETS = XPath(
    "(self::aside or descendant-or-self::*[contains(concat(' ', @class, ' '), ' widget ')])"
    " and not(descendant::main or descendant::article"
    " or descendant::*[contains(@class, 'post') or contains(@class, 'entry')])"
)
# A region that holds so many times the text of all the rest is named wrongly.
MOST = 1.5
# A heading so long that the document's title has is no site's or section's name.
LONG_ENOUGH = 15
# A page has one wrapper within another, both named wrongly, but hardly so many.
MOST_MISNAMED = 6
# A body's name does not lift what stands in these: a comment's `comment-content`, a card's `entry-content`.
NEVER_BODY = frozenset({"comments", "related", "sidebar", "ad", "navigation"})
# Passed over however long; a related line tells its links.
ALWAYS_CLOSED = NEVER_BODY - {"related"}


def holds_widgets(element: Element) -> bool:
    """Whether a region is made of WordPress' widgets, without a post among them: the sidebar that it is called, however
    long."""
    return WIDGETS(element) is True


class Opened(NamedTuple):
    """A block that has begun: itself as container and as region, the rule and kind of what goes on after it."""

    container: Container | None
    region: Region | None
    rule: str | None
    kind: str


class Outline:
    """The page as a flat list of pieces. `containers`, `regions` and `marks` are in document order.

    A region that holds most of the page's text is named wrongly (`div.right-sidebar`), and the page is read again
    without it: of a short page only one that holds its `h1` too.
    """

    def __init__(self, root: Element, url: str) -> None:
        self.root, self.url = root, url
        body = root.find("body")
        self._body = root if body is None else body
        self._document_title = fold(root.findtext(".//title") or "")
        self._misnamed: set[Element] = set()
        self._read()
        while (misnamed := self._most_of_the_page()) is not None and len(self._misnamed) <= MOST_MISNAMED:
            self._misnamed.add(misnamed)
            self._read()
        if len(self._misnamed) > MOST_MISNAMED:  # a page of menus, rightly named
            self._misnamed.clear()
            self._read()

    @cached_property
    def _length(self) -> int:
        """How many characters of text the page has, scripts and white space too."""
        return text_length(self._body)

    def _read(self) -> None:
        self.pieces: list[Piece] = []
        self.containers: list[Container] = []
        self.regions: list[Region] = []
        self.marks: list[Mark] = []
        self.protected = False
        self._inline = Inline()
        # The rule and kind of what is read now.
        self._rule: str | None = None
        self._kind = "p"
        self._hidden: tuple[Element, str | None, str] | None = None
        self._table: tuple[Element, int] | None = None
        self._walk(self._body)

    def _most_of_the_page(self) -> Element | None:
        free = sum(len(p.text) - p.linked for p in self.pieces if p.rule is None)
        if (MOST + 1) * free >= self._length:
            return None  # all the rest together holds no more
        # Sums up to each piece: of the text outside links, inside, and outside links in no region.
        own_to = [0, *accumulate(len(p.text) - p.linked for p in self.pieces)]
        linked_to = [0, *accumulate(p.linked for p in self.pieces)]
        free_to = [0, *accumulate(len(p.text) - p.linked if p.rule is None else 0 for p in self.pieces)]
        title = next((i for i, p in enumerate(self.pieces) if p.kind == "h1"), 0)
        for element, rule, start, end in ((r.element, r.rule, r.start, r.end) for r in self.regions):
            if end <= title or rule == "comments":
                continue  # a menu may be longer than the article, but stands above it
            own, linked = own_to[end] - own_to[start], linked_to[end] - linked_to[start]
            others = free_to[-1] - (free_to[end] - free_to[start])
            if not own and text_length(element) > MOST * others:  # it was closed: look inside
                linked = linked_length(element)
                own = len(seen_text(element)) - linked
            if own <= MOST * others or own < linked:
                continue
            # Few articles are shorter than what their theme recommends below them.
            if any(
                p.kind == "h1" or (p.kind == "h2" and self._is_headline(p.text)) for p in self.pieces[start:end]
            ) or (
                own + others > 1000
                and rule not in ("related", "popup")
                and not holds_widgets(element)
                and not self._stands_beside_text(element, start, end, title)
            ):
                return element
        return None

    def _stands_beside_text(self, element: Element, start: int, end: int, title: int) -> bool:
        """Whether the article's text is outside of a region: below the title, in an element named like a body, and
        longer than what the region has in such."""
        outside = [
            text_length(c.element) for c in self.containers if c.body and title < c.start and not start <= c.start < end
        ]
        named = (e for e in element.iter("div", "section") if role("div", e.get("class") or "").body)
        return max(outside, default=0) > max(map(text_length, named), default=0)

    def _is_headline(self, heading: str) -> bool:
        """Whether a heading is told by the document's title, as the headline is."""
        return len(heading) > LONG_ENOUGH and fold(heading) in self._document_title

    def _walk(self, body: Element) -> None:  # noqa: PLR0915 - calls for every element cost more than the reading
        """Read every element in order. This is where a page's time goes: a step that most elements need stands here,
        one that few need in a method of its own."""
        walk = iterwalk(body, events=("start", "end", "comment", "pi"))
        events = cast("Iterator[tuple[str, Element]]", walk)
        inline, pieces, opened = self._inline, self.pieces, list[Opened]()
        parts = inline.parts
        for event, element in events:
            tag = element.tag
            if event != "start":
                if event == "end" and tag in BLOCKS:
                    if parts:
                        self._flush(element)
                    container, region, self._rule, self._kind = opened.pop()
                    if container is not None:
                        container.end = len(pieces)
                    elif tag == "table" and self._table is not None and self._table[0] is element:
                        self._end_table(*self._table)
                    if region is not None:
                        region.end = len(pieces)
                elif tag in KEPT:
                    inline.end(tag)
                if self._hidden is not None and self._hidden[0] is element:
                    self._flush(element)
                    _, self._rule, self._kind = self._hidden
                    self._hidden = None
                text = element.tail if element is not body else None
            elif tag in UNSEEN:
                walk.skip_subtree()
                if tag == "iframe":
                    pieces.append(Piece("p", "", "embed", element))
                continue
            elif tag in BLOCKS:
                if parts:
                    self._flush(cast("Element", element.getparent()))
                rule, kind, region = self._rule, self._kind, None
                container = Container(element, len(pieces)) if tag in CONTAINERS else None
                own = self._read_names(tag, element, container) if element.attrib else BARE.get(tag, NO_ROLE)
                if own.region is not None:
                    region = self._open_region(element, own)
                if container is not None:
                    self.containers.append(container)
                elif tag in KINDS:
                    self._kind = KINDS[tag] or self._list_kind(element)
                elif tag == "table" and self._table is None and is_data(element):
                    self._table = (element, len(pieces))
                opened.append(Opened(container, region, rule, kind))
                if region is not None and self._is_closed(element):
                    self._close(element)
                    walk.skip_subtree()
                    continue
                text = element.text
            else:
                if element.attrib or tag == "br":
                    self._start_inline(tag, element)
                elif tag in KEPT:
                    inline.start(tag, None)
                text = element.text
            # White space before any other text of a block is nothing.
            if text and (parts or not text.isspace()):
                parts.append(text)

    # Inline elements

    def _start_inline(self, tag: str, element: Element) -> None:
        get = element.get
        names = get("class") or ""
        own = role(tag, names) if names else NO_ROLE
        if (
            own.region in APART
            and self._hidden is None
            and self._rule is None
            and (own.region == "hidden" or not self._inline.parts)  # a caption begins its line
        ):
            self._flush(element)
            self._hidden, self._rule = (element, self._rule, self._kind), own.region
            if own.region == "caption":
                self._kind = "caption"
        author = False
        if tag == "a":
            href = (get("href") or "").strip()
            author = "author" in href and AUTHOR_ADDRESS.search(href) is not None
            self._inline.start(tag, None if not href or href[:11].lower().startswith(NO_ADDRESS) else href)
        elif tag == "br":
            self._inline.line_break()
        elif tag in IMAGES:
            if not is_furniture(element):
                self.pieces.append(Piece("image", "", self._rule, element))
        elif tag in KEPT:
            self._inline.start(tag, None)
        if own.mark or author or tag == "time" or get("rel") or get("itemprop"):
            self.marks.append(Mark(element, names, self._rule, len(self.pieces)))

    # Blocks

    def _read_names(self, tag: str, element: Element, container: Container | None) -> Role:
        """What the attributes of a block say of it; notes a container named like a body, a mark, a password form."""
        get = element.get
        names, identity, prop = get("class") or "", get("id"), get("itemprop")
        if identity:
            names = f"{names} {identity}" if names else identity
        own = role(tag, names)
        if (own.body or prop == "articleBody") and self._rule not in NEVER_BODY:
            self._rule = None
            own = own._replace(region=None)
        if own.post and tag == "li":  # one of a list of others
            own = own._replace(region="related")
        if container is not None:
            container.body, container.post = own.body or prop == "articleBody", own.post
        if tag == "form" and "post-password-form" in names:
            self.protected = True
        if own.mark or prop:
            region = own.region if self._may_open(element) else None
            self.marks.append(Mark(element, names, region or self._rule, len(self.pieces)))
        return own

    def _may_open(self, element: Element) -> bool:
        """Whether a region begins with an element that is named like one: inside another there is none."""
        return self._rule in (None, "meta") and element not in self._misnamed

    def _holds_headline(self, element: Element, rule: str | None) -> bool:
        """Whether a region holds the headline and much text: it is a wrapper, named after one of its parts, or one that
        the page forgot to close."""
        if rule in SMALL_PARTS or not len(element) or text_length(element) <= SHORT:
            return False
        return any(h.tag == "h1" or self._is_headline(text_of(h)) for h in element.iter("h1", "h2"))

    def _open_region(self, element: Element, own: Role) -> Region | None:
        if own.region == "caption":
            self._kind = "caption"
        if not self._may_open(element) or self._holds_headline(element, own.region):
            return None
        self._rule = own.region
        if self._rule == "footer" and any(c.element.tag == "article" for c in self.containers if c.end < 0):
            self._rule = "meta"  # the article's own footer, not the site's
        region = Region(element, cast("str", self._rule), len(self.pieces))
        self.regions.append(region)
        return region

    def _is_closed(self, element: Element) -> bool:
        """Whether a region is passed over; a form or a footer may be drawn around the whole article, and related lines
        stand inside one."""
        if self._rule in CLOSED:
            closed = text_length(element) < max(SHORT, SMALL * self._length)
        else:
            closed = self._rule in ALWAYS_CLOSED or (self._rule == "related" and not self._in_article())
        return closed and next(element.iter("h1"), None) is None

    def _in_article(self) -> bool:
        """Whether what is read now stands in an element that may be the article's."""
        return any(c.end < 0 and (c.body or c.post or c.element.tag in ARTICLES) for c in self.containers)

    def _close(self, element: Element) -> None:
        """Read a region whose inside is nobody's as one piece, without its text."""
        self.pieces.append(Piece("p", "", self._rule, element))
        if self._rule == "navigation":
            steps = cast("list[Element]", BREADCRUMB(element))
            self.marks += [Mark(step, step.get("class") or "", self._rule, len(self.pieces)) for step in steps]

    @staticmethod
    def _list_kind(item: Element) -> str:
        parent = item.getparent()
        return "ol" if parent is not None and parent.tag == "ol" else "ul"

    def _flush(self, element: Element) -> None:
        """Make pieces of what was read since the last block began or ended."""
        for text, links, parts in self._inline.take():
            linked = min(len(text), sum([len(title) for _, title in links])) if links else 0
            self.pieces.append(Piece(self._kind, text, self._rule, element, linked, links, parts))

    def _end_table(self, table: Element, start: int) -> None:
        """Make one piece of a table's cells; images and captions stay as they are."""
        self._table = None
        inside = self.pieces[start:]
        self.pieces[start:] = [piece for piece in inside if not piece.text or piece.kind == "caption"]
        own = table_piece(table, [piece for piece in inside if piece.text and piece.kind != "caption"], self._rule)
        if own is not None:
            self.pieces.append(own)
