"""One walk over a page: its blocks in reading order, the regions they stand in, and the places where fields are found.

Nothing is thrown away here but what no reader sees (scripts, form fields, drawings). The body is chosen from the
outline in `body.py`, the fields in `article.py`; so the tree is walked once, whatever is asked of it.
"""

from html import escape
from typing import cast

from lxml.etree import XPath, iterwalk
from lxml.etree import _Element as Element

from narayacrawl.addresses import NO_ADDRESS
from narayacrawl.pages.images import image_url
from narayacrawl.pages.inline import Inline, plain
from narayacrawl.pages.pieces import AUTHOR_ADDRESS, Container, Mark, Piece, Region, linked_length, seen_text
from narayacrawl.pages.regions import role
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
        self._kinds = ["p"]
        self._rules: list[str | None] = [None]
        self._open_containers: list[Container] = []
        self._open_regions: list[Region] = []
        self._tables: list[tuple[Element, int]] = []
        self._walk(body)

    def _most_of_the_page(self) -> Element | None:
        lengths = [len(p.text) - p.linked for p in self.pieces]
        total = sum(lengths)
        title = next((i for i, p in enumerate(self.pieces) if p.kind == "h1"), 0)
        for region in self.regions:
            if region.end <= title:
                continue  # a menu may be longer than the article, but stands above it
            inside = self.pieces[region.start : region.end]
            own = sum(lengths[region.start : region.end])
            others = total - own
            if not own and cast("float", LENGTH(region.element)) > MOST * others:  # it was closed: look inside
                own = len(seen_text(region.element)) - linked_length(region.element)
            if region.rule == "comments" or own <= MOST * others:
                continue
            # Few articles are shorter than what their theme recommends below them.
            if any(p.kind == "h1" for p in inside) or (own + others > 1000 and region.rule != "related"):
                return region.element
        return None

    def _walk(self, body: Element) -> None:
        walk = iterwalk(body, events=("start", "end", "comment", "pi"))
        for event, element in walk:
            if event == "start":
                tag = element.tag
                if tag in UNSEEN:
                    walk.skip_subtree()
                    if tag == "iframe":
                        self.pieces.append(Piece("p", "", escape(element.get("src") or ""), "embed", element))
                elif tag in BLOCKS:
                    if self._start_block(tag, element):
                        walk.skip_subtree()
                else:
                    self._start_inline(tag, element)
                continue
            if event == "end" and element.tag not in UNSEEN:
                if element.tag in BLOCKS:
                    self._end_block(element)
                else:
                    self._end_inline(element)
            if element is not body:
                self._inline.text(element.tail)

    # Inline elements

    def _start_inline(self, tag: str, element: Element) -> None:
        names = element.get("class") or ""
        own = role(tag, names) if names else None
        rule = self._rules[-1]
        if rule is None and own is not None and own.region == "hidden":
            self._flush(element)
            rule = "hidden"
        self._rules.append(rule)
        if tag == "br":
            self._inline.line_break()
        elif tag == "img":
            if url := image_url(element, self.url):
                self.pieces.append(Piece("image", "", "", rule, element, links=[(url, "")]))
        else:
            href = (element.get("href") or "").strip() if tag == "a" else ""
            self._inline.start(tag, None if href.lower().startswith(NO_ADDRESS) else href or None)
        if (
            tag == "time"
            or element.get("rel")
            or element.get("itemprop")
            or (own is not None and own.mark)
            or (tag == "a" and AUTHOR_ADDRESS.search(element.get("href") or ""))
        ):
            self.marks.append(Mark(element, names, rule, len(self.pieces)))
        self._inline.text(element.text)

    def _end_inline(self, element: Element) -> None:
        if self._rules[-1] == "hidden" and self._rules[-2] is None:
            self._flush(element)
        self._rules.pop()
        self._inline.end(element.tag)

    # Blocks

    def _start_block(self, tag: str, element: Element) -> bool:
        """A block begins; True where what is inside is not walked."""
        if self._inline.parts:
            self._flush(element)
        get = element.get
        names = " ".join(filter(None, (get("class"), get("id"))))
        own = role(tag, names)
        rule = self._rules[-1]
        body = own.body or get("itemprop") == "articleBody"
        closed = False
        if body and rule not in NEVER_BODY:
            rule = None
        elif rule in (None, "meta") and own.region is not None and element not in self._misnamed:
            rule = own.region
            if rule == "footer" and any(c.element.tag == "article" for c in self._open_containers):
                rule = "meta"  # the article's own footer, not the site's
            self._open_regions.append(Region(element, rule, len(self.pieces)))
            self.regions.append(self._open_regions[-1])
            # A form or a footer may be drawn around the whole article.
            closed = rule in ALWAYS_CLOSED or (rule in CLOSED and cast("float", LENGTH(element)) < SHORT)
            closed = closed and element.find(".//h1") is None
        if tag == "form" and "post-password-form" in names:
            self.protected = True
        self._rules.append(rule)
        if own.mark or get("itemprop"):
            self.marks.append(Mark(element, names, rule, len(self.pieces)))
        if tag in CONTAINERS:
            container = Container(element, len(self.pieces), body)
            self.containers.append(container)
            self._open_containers.append(container)
        elif tag == "table" and not self._tables and is_data(element):
            self._tables.append((element, len(self.pieces)))
        self._kinds.append(self._kind(tag, element, own.region))
        if closed:
            self._close(element, rule or "")
            return True
        self._inline.text(element.text)
        return False

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
        return "blockquote" if tag == "blockquote" else self._kinds[-1]

    def _end_block(self, element: Element) -> None:
        if self._inline.parts:
            self._flush(element)
        self._rules.pop()
        self._kinds.pop()
        if element.tag in CONTAINERS:
            self._open_containers.pop().end = len(self.pieces)
        if self._tables and self._tables[-1][0] is element:
            self._end_table(*self._tables.pop())
        if self._open_regions and self._open_regions[-1].element is element:
            self._open_regions.pop().end = len(self.pieces)

    def _flush(self, element: Element) -> None:
        """Make pieces of what was read since the last block began or ended."""
        lines, links = self._inline.take()
        for line in lines:
            text = plain(line)
            if text:
                own = [(href, title) for href, title in links if title in text]
                linked = min(len(text), sum(len(title) for _, title in own))
                self.pieces.append(Piece(self._kinds[-1], text, line, self._rules[-1], element, linked, own))

    def _end_table(self, table: Element, start: int) -> None:
        """Make one piece of a table's cells; images and captions stay as they are."""
        inside = self.pieces[start:]
        self.pieces[start:] = [piece for piece in inside if not piece.text or piece.kind == "caption"]
        own = table_piece(table, [piece for piece in inside if piece.text and piece.kind != "caption"], self._rules[-1])
        if own is not None:
            self.pieces.append(own)
