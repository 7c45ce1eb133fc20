"""One walk over a page: its blocks in reading order, the regions they stand in, and the places where fields are found.

Nothing is thrown away here but what no reader sees (scripts, form fields, drawings). The body is chosen from the
outline in `body.py`, the fields in `article.py`; so the tree is walked once, whatever is asked of it.
"""

from html import escape
from itertools import accumulate
from typing import NamedTuple, cast

from lxml.etree import XPath, iterwalk
from lxml.etree import _Element as Element

from narayacrawl.addresses import NO_ADDRESS
from narayacrawl.pages.images import image_url
from narayacrawl.pages.inline import Inline
from narayacrawl.pages.pieces import AUTHOR_ADDRESS, Container, Mark, Piece, Region, linked_length, seen_text
from narayacrawl.pages.regions import NO_ROLE, role
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
# What no field of an article stands in: passed over, whatever is inside, where it is not long.
CLOSED = frozenset({"share", "popup", "newsletter", "form", "footer", "embed"})
SHORT = 1000
BREADCRUMB = XPath(".//*[contains(@class, 'breadcrumb')]")
LENGTH = XPath("string-length()")
# A region that holds so many times the text of all the rest is named wrongly.
MOST = 1.5
# A page has one wrapper within another, both named wrongly, but hardly so many.
MOST_MISNAMED = 6
# A body's name does not lift what stands in these: a comment's `comment-content`, a card's `entry-content`.
NEVER_BODY = frozenset({"comments", "related", "sidebar", "ad", "navigation"})
# Passed over however long; a related line tells its links.
ALWAYS_CLOSED = NEVER_BODY - {"related"}


class Opened(NamedTuple):
    """A block that has begun: the rule and kind of what is inside it, itself as container and as region."""

    rule: str | None
    kind: str
    container: Container | None
    region: Region | None


class Outline:
    """The page as a flat list of pieces. `containers`, `regions` and `marks` are in document order.

    A region that holds most of the page's text is named wrongly (`div.right-sidebar`), and the page is read again
    without it: of a short page only one that holds its `h1` too.
    """

    def __init__(self, root: Element, url: str) -> None:
        self.root, self.url = root, url
        body = root.find("body")
        self._misnamed: set[Element] = set()
        self._read(root if body is None else body)
        while (misnamed := self._most_of_the_page()) is not None and len(self._misnamed) <= MOST_MISNAMED:
            self._misnamed.add(misnamed)
            self._read(root if body is None else body)
        if len(self._misnamed) > MOST_MISNAMED:  # a page of menus, rightly named
            self._misnamed.clear()
            self._read(root if body is None else body)

    def _read(self, body: Element) -> None:
        self.pieces: list[Piece] = []
        self.containers: list[Container] = []
        self.regions: list[Region] = []
        self.marks: list[Mark] = []
        self.protected = False
        self._inline = Inline()
        self._open = [Opened(None, "p", None, None)]
        self._hidden: Element | None = None
        self._table: tuple[Element, int] | None = None
        self._walk(body)

    def _most_of_the_page(self) -> Element | None:
        # Sums up to each piece: of the text outside links, and inside.
        own_to = [0, *accumulate(len(p.text) - p.linked for p in self.pieces)]
        linked_to = [0, *accumulate(p.linked for p in self.pieces)]
        title = next((i for i, p in enumerate(self.pieces) if p.kind == "h1"), 0)
        for element, rule, start, end in ((r.element, r.rule, r.start, r.end) for r in self.regions):
            if end <= title or rule == "comments":
                continue  # a menu may be longer than the article, but stands above it
            own, linked = own_to[end] - own_to[start], linked_to[end] - linked_to[start]
            others = own_to[-1] - own
            if not own and cast("float", LENGTH(element)) > MOST * others:  # it was closed: look inside
                linked = linked_length(element)
                own = len(seen_text(element)) - linked
            if own <= MOST * others or own < linked:
                continue
            # Few articles are shorter than what their theme recommends below them.
            if (own + others > 1000 and rule != "related") or any(p.kind == "h1" for p in self.pieces[start:end]):
                return element
        return None

    def _walk(self, body: Element) -> None:
        walk = iterwalk(body, events=("start", "end", "comment", "pi"))
        add_text = self._inline.text
        for event, node in walk:
            element = cast("Element", node)
            tag = element.tag
            if event == "start":
                if tag in UNSEEN:
                    walk.skip_subtree()
                    if tag == "iframe":
                        self.pieces.append(Piece("p", "", escape(element.get("src") or ""), "embed", element))
                elif tag not in BLOCKS:
                    self._start_inline(tag, element)
                elif self._start_block(tag, element):
                    walk.skip_subtree()
                continue
            if event == "end" and tag not in UNSEEN:
                if tag in BLOCKS:
                    self._end_block(element)
                else:
                    self._inline.end(tag)
                    if element is self._hidden:
                        self._flush(element)
                        self._hidden = None
            if element is not body and (tail := element.tail):
                add_text(tail)

    # Inline elements

    def _start_inline(self, tag: str, element: Element) -> None:
        get = element.get
        names = get("class") or ""
        own = role(tag, names) if names else NO_ROLE
        if own.region == "hidden" and self._hidden is None and self._open[-1].rule is None:
            self._flush(element)
            self._hidden = element
        author = False
        if tag == "a":
            href = (get("href") or "").strip()
            start = href[:11].lower()
            author = "author" in href and AUTHOR_ADDRESS.search(href) is not None
            self._inline.start(tag, None if not href or start.startswith(NO_ADDRESS) else href)
        elif tag == "br":
            self._inline.line_break()
        elif tag == "img":
            if url := image_url(element, self.url):
                self.pieces.append(Piece("image", "", "", self._rule, element, 0, [(url, "")]))
        else:
            self._inline.start(tag, None)
        if own.mark or author or tag == "time" or get("rel") or get("itemprop"):
            self.marks.append(Mark(element, names, self._rule, len(self.pieces)))
        if text := element.text:
            self._inline.text(text)

    @property
    def _rule(self) -> str | None:
        """The rule that what is read now falls under."""
        return self._open[-1].rule if self._hidden is None else "hidden"

    # Blocks

    def _start_block(self, tag: str, element: Element) -> bool:
        """A block begins; True where what is inside is not walked."""
        if self._inline.parts:
            self._flush(element)
        get = element.get
        names, identity = get("class") or "", get("id")
        if identity:
            names = f"{names} {identity}" if names else identity
        own = role(tag, names)
        prop = get("itemprop")
        rule = self._rule
        body = own.body or prop == "articleBody"
        region = container = None
        if body and rule not in NEVER_BODY:
            rule = None
        elif own.region is not None and rule in (None, "meta") and element not in self._misnamed:
            rule = own.region
            if rule == "footer" and any(c.element.tag == "article" for c in self.containers if c.end < 0):
                rule = "meta"  # the article's own footer, not the site's
            region = Region(element, rule, len(self.pieces))
            self.regions.append(region)
        if tag == "form" and "post-password-form" in names:
            self.protected = True
        if own.mark or prop:
            self.marks.append(Mark(element, names, rule, len(self.pieces)))
        if tag in CONTAINERS:
            container = Container(element, len(self.pieces), body)
            self.containers.append(container)
        elif tag == "table" and self._table is None and is_data(element):
            self._table = (element, len(self.pieces))
        self._open.append(Opened(rule, self._kind(tag, element, own.region), container, region))
        if region is not None and self._is_closed(element, rule):
            self._close(element, rule or "")
            return True
        if text := element.text:
            self._inline.text(text)
        return False

    def _is_closed(self, element: Element, rule: str | None) -> bool:
        """Whether a region is passed over; a form or a footer may be drawn around the whole article."""
        return (rule in ALWAYS_CLOSED or (rule in CLOSED and cast("float", LENGTH(element)) < SHORT)) and next(
            element.iter("h1"), None
        ) is None

    def _close(self, element: Element, rule: str) -> None:
        """Read a region whose inside is nobody's as one piece, without its text."""
        self.pieces.append(Piece("p", "", "", rule, element))
        if rule == "navigation":
            steps = cast("list[Element]", BREADCRUMB(element))
            self.marks += [Mark(step, step.get("class") or "", rule, len(self.pieces)) for step in steps]

    def _kind(self, tag: str, element: Element, region: str | None) -> str:
        if tag in HEADINGS:
            return HEADINGS[tag]
        if tag == "li":
            parent = element.getparent()
            return "ol" if parent is not None and parent.tag == "ol" else "ul"
        if region == "caption" or tag == "caption":
            return "caption"
        return "blockquote" if tag == "blockquote" else self._open[-1].kind

    def _end_block(self, element: Element) -> None:
        if self._inline.parts:
            self._flush(element)
        _, _, container, region = self._open.pop()
        if container is not None:
            container.end = len(self.pieces)
        elif self._table is not None and self._table[0] is element:
            self._end_table(*self._table)
        if region is not None:
            region.end = len(self.pieces)

    def _flush(self, element: Element) -> None:
        """Make pieces of what was read since the last block began or ended."""
        for text, html, links in self._inline.take():
            linked = min(len(text), sum([len(title) for _, title in links])) if links else 0
            self.pieces.append(Piece(self._open[-1].kind, text, html, self._rule, element, linked, links))

    def _end_table(self, table: Element, start: int) -> None:
        """Make one piece of a table's cells; images and captions stay as they are."""
        self._table = None
        inside = self.pieces[start:]
        self.pieces[start:] = [piece for piece in inside if not piece.text or piece.kind == "caption"]
        own = table_piece(table, [piece for piece in inside if piece.text and piece.kind != "caption"], self._rule)
        if own is not None:
            self.pieces.append(own)
