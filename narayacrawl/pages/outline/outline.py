"""One walk over a page: its blocks in reading order, the regions they stand in, and the places where fields are found.

Nothing is thrown away here but what no reader sees (scripts, form fields, drawings). The body is chosen from the
outline in `body.py`, the fields in `article.py`; so the tree is walked once, whatever is asked of it.
"""

from collections.abc import Iterator
from functools import cached_property
from typing import cast

from lxml.etree import XPath, iterwalk
from lxml.etree import _Element as Element

from narayacrawl.pages.outline.blocks import AUTHOR_ADDRESS, Container, Mark, PageBlock, Region, fold, text_length
from narayacrawl.pages.outline.images import is_furniture
from narayacrawl.pages.outline.inline import KEPT, Inline, text_of_parts
from narayacrawl.pages.outline.link_cards import Lists
from narayacrawl.pages.outline.mislabelled_regions import SHORT, first_misnamed, holds_headline
from narayacrawl.pages.outline.regions import BARE, NO_ROLE, Role, role
from narayacrawl.pages.outline.tables import is_data, table_block
from narayacrawl.urls import NO_ADDRESS

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
APART = frozenset({"hidden", "caption", "share"})
# AMP's element beside HTML's own.
IMAGES = frozenset({"img", "amp-img"})
# What such an element holds is of this kind; of a list item it depends on the list.
KINDS = HEADINGS | {"blockquote": "blockquote", "caption": "caption", "li": ""}
ARTICLES = frozenset({"article", "main"})
# What no field of an article stands in: passed over, whatever is inside, where it is but a part of the page's text.
CLOSED = frozenset({"share", "popup", "newsletter", "form", "footer", "embed"})
SMALL = 0.3
BREADCRUMB = XPath(".//*[contains(@class, 'breadcrumb')]")
# A heading so long that the document's title has is no site's or section's name.
LONG_ENOUGH, LONGEST_TITLE = 15, 500
# A page has one wrapper within another, both named wrongly, but hardly so many.
MOST_MISNAMED = 6
# Nor are so many elements named like regions within each other.
MOST_NESTED = 30
# A class that is longer is made of data.
LONGEST_NAMES = 1000
# A body's name does not lift what stands in these: a comment's `comment-content`, a card's `entry-content`.
NEVER_BODY = frozenset({"comments", "related", "sidebar", "ad", "navigation"})
# Passed over however long; a related line tells its links.
ALWAYS_CLOSED = NEVER_BODY - {"related"}


# A block that has begun: itself as container and as region, the rule and kind of what goes on after it.
Opened = tuple[Container | None, Region | None, str | None, str]


class Outline:
    """The page as a flat list of blocks. `containers`, `regions` and `marks` are in document order.

    A region that holds most of the page's text is named wrongly (`div.right-sidebar`), and the page is read again
    without it: of a short page only one that holds its `h1` too.
    """

    def __init__(self, root: Element, url: str) -> None:
        self.root, self.url = root, url
        body = root.find("body")
        self._body = root if body is None else body
        self._document_title = fold((root.findtext(".//title") or "")[:LONGEST_TITLE])
        self.lists = Lists()
        self._misnamed: set[Element] = set()
        self._read()
        while (misnamed := first_misnamed(self.blocks, self.regions, self.containers, self._is_headline)) is not None:
            if len(self._misnamed) == MOST_MISNAMED:  # a page of menus, rightly named
                self._misnamed.clear()
                self._read()
                return
            self._misnamed.add(misnamed)
            self._read()

    @cached_property
    def _length(self) -> int:
        """How many characters of text the page has, scripts and white space too."""
        return text_length(self._body)

    def _read(self) -> None:
        self.blocks: list[PageBlock] = []
        self.containers: list[Container] = []
        self.regions: list[Region] = []
        self.marks: list[Mark] = []
        self.protected = False
        self._inline = Inline()
        self._opened: list[Opened] = []
        self._named: list[int] = []  # how deep each element stands that is named like a region and still open
        # The rule and kind of what is read now.
        self._rule: str | None = None
        self._kind = "p"
        self._hidden: tuple[Element, str | None, str] | None = None
        self._table: tuple[Element, int] | None = None
        self._walk(self._body)

    def _is_headline(self, heading: str) -> bool:
        """Whether a heading is told by the document's title, as the headline is."""
        return len(heading) > LONG_ENOUGH and fold(heading) in self._document_title

    def _walk(self, body: Element) -> None:  # noqa: PLR0915 - calls for every element cost more than the reading
        """Read every element in order. This is where a page's time goes: a step that most elements need stands here,
        one that few need in a method of its own."""
        walk = iterwalk(body, events=("start", "end", "comment", "pi"))
        events = cast("Iterator[tuple[str, Element]]", walk)
        inline, blocks, containers, opened = self._inline, self.blocks, self.containers, self._opened
        parts = inline.parts
        for event, element in events:
            tag = element.tag
            if event != "start":
                if event == "end" and tag in BLOCKS:
                    if parts:
                        self._flush(element)
                    container, region, self._rule, self._kind = opened.pop()
                    if container is not None:
                        container.end = len(blocks)
                    elif tag == "table" and self._table is not None and self._table[0] is element:
                        self._end_table(*self._table)
                    if region is not None:
                        region.end = len(blocks)
                elif tag in KEPT:
                    inline.end(tag)
                if self._hidden is not None and self._hidden[0] is element:
                    self._flush(element)
                    _, self._rule, self._kind = self._hidden
                    self._hidden = None
                text = element.tail if element is not body else None
            elif tag in BLOCKS:
                if parts:
                    self._flush(cast("Element", element.getparent()))
                rule, kind, container, region = self._rule, self._kind, None, None
                names, identity, prop = element.get("class"), element.get("id"), element.get("itemprop")
                if identity and len(identity) <= LONGEST_NAMES:
                    names = f"{names} {identity}" if names else identity
                if names and len(names) > LONGEST_NAMES:
                    names = names[:LONGEST_NAMES]
                own = role(tag, names) if names else BARE.get(tag, NO_ROLE)
                if tag in CONTAINERS:
                    container = Container(element, len(blocks))
                    containers.append(container)
                if own is not NO_ROLE or prop:
                    region = self._read_role(element, names or "", own, prop, container)
                if tag in KINDS:
                    self._kind = KINDS[tag] or self._list_kind(element)
                elif tag == "table" and self._table is None and is_data(element):
                    self._table = (element, len(blocks))
                opened.append((container, region, rule, kind))
                if region is not None and self._is_closed(region):
                    self._close(region)
                    walk.skip_subtree()
                    continue
                text = element.text
            elif tag in UNSEEN:
                walk.skip_subtree()
                if tag == "iframe":
                    blocks.append(PageBlock("p", "", "embed", element))
                continue
            else:
                if tag == "br":
                    inline.line_break()
                elif element.attrib:
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
        names = (get("class") or "")[:LONGEST_NAMES]
        own = role(tag, names) if names else NO_ROLE
        if (
            own.region in APART
            and self._hidden is None
            and self._rule is None
            # The others begin their line.
            and (own.region == "hidden" or (tag != "a" and not text_of_parts(self._inline.parts)))
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
        elif tag in IMAGES:
            if not is_furniture(element):
                self.blocks.append(PageBlock("image", "", self._rule, element))
        elif tag in KEPT:
            self._inline.start(tag, None)
        if own.mark or author or tag == "time" or get("rel") or get("itemprop"):
            self.marks.append(Mark(element, names, self._rule, len(self.blocks)))

    # Blocks

    def _read_role(
        self, element: Element, names: str, own: Role, prop: str | None, container: Container | None
    ) -> Region | None:
        """What a block's names say of it: a container named like a body, a mark, a password form; the region that
        begins with it, None for none."""
        body = own.body or prop == "articleBody"
        region = own.region
        if body and self._rule not in NEVER_BODY:
            self._rule = region = None
        if own.post and element.tag == "li":
            region = "related"  # one of a list of others
        if container is not None:
            container.body, container.post = body, own.post
        if element.tag == "form" and "post-password-form" in names:
            self.protected = True
        opens = region is not None and self._may_open(element)
        if own.mark or prop:
            self.marks.append(Mark(element, names, region if opens else self._rule, len(self.blocks)))
        if region == "caption":
            self._kind = "caption"
        return self._open_region(element, region) if region is not None and opens else None

    def _may_open(self, element: Element) -> bool:
        """Whether a region begins with an element that is named like one: inside another there is none."""
        return self._rule in (None, "meta") and element not in self._misnamed

    def _open_region(self, element: Element, rule: str) -> Region | None:
        depth = len(self._opened)
        while self._named and self._named[-1] >= depth:
            self._named.pop()
        if len(self._named) == MOST_NESTED:
            return None
        self._named.append(depth)
        region = Region(element, rule, len(self.blocks))
        if holds_headline(region, self._is_headline):
            return None
        if rule == "footer" and any(c is not None and c.element.tag == "article" for c, *_ in self._opened):
            region.rule = "meta"  # the article's own footer, not the site's
        self._rule = region.rule
        self.regions.append(region)
        return region

    def _is_closed(self, region: Region) -> bool:
        """Whether a region is passed over; a form or a footer may be drawn around the whole article, and related lines
        stand inside one."""
        if self._rule in CLOSED:
            closed = region.length < SHORT or region.length < SMALL * self._length
        else:
            closed = self._rule in ALWAYS_CLOSED or (self._rule == "related" and not self._in_article())
        return closed and next(region.element.iter("h1"), None) is None

    def _in_article(self) -> bool:
        """Whether what is read now stands in an element that may be the article's."""
        open_containers = (container for container, *_ in self._opened if container is not None)
        return any(c.body or c.post or c.element.tag in ARTICLES for c in open_containers)

    def _close(self, region: Region) -> None:
        """Read a region whose inside is nobody's as one block, without its text."""
        self.blocks.append(PageBlock("p", "", self._rule, region.element))
        if self._rule == "navigation" and region.length < SHORT:  # a menu is longer than a breadcrumb
            steps = cast("list[Element]", BREADCRUMB(region.element))
            self.marks += [
                Mark(step, (step.get("class") or "")[:LONGEST_NAMES], self._rule, len(self.blocks)) for step in steps
            ]

    @staticmethod
    def _list_kind(item: Element) -> str:
        parent = item.getparent()
        return "ol" if parent is not None and parent.tag == "ol" else "ul"

    def _flush(self, element: Element) -> None:
        """Make blocks of what was read since the last block began or ended."""
        inline = self._inline
        if not inline.tagged:
            if text := " ".join("".join(cast("list[str]", inline.parts)).split()):
                self.blocks.append(PageBlock(self._kind, text, self._rule, element, 0, (), (text,)))
            inline.parts.clear()
            return
        for text, links, parts in inline.take():
            linked = min(len(text), sum([len(title) for _, title in links])) if links else 0
            self.blocks.append(PageBlock(self._kind, text, self._rule, element, linked, links, parts))

    def _end_table(self, table: Element, start: int) -> None:
        """Make one block of a table's cells; images and captions stay as they are."""
        self._table = None
        inside = self.blocks[start:]
        self.blocks[start:] = [block for block in inside if not block.text or block.kind == "caption"]
        own = table_block(table, [block for block in inside if block.text and block.kind != "caption"], self._rule)
        if own is not None:
            self.blocks.append(own)
