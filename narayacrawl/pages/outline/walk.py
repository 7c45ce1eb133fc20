"""Walk over the elements of a page once: collect its blocks, its regions, and the elements that may hold a field.

Only what no reader sees is left out here (scripts, form fields, drawings).
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cached_property
from typing import cast

from lxml.etree import XPath, iterwalk
from lxml.etree import _Element as Element

from narayacrawl.language.text import one_line
from narayacrawl.pages.outline.blocks import (
    AUTHOR_ADDRESS,
    Container,
    FieldElement,
    PageBlock,
    Region,
    text_length,
)
from narayacrawl.pages.outline.images import is_decorative, is_picture, is_twin
from narayacrawl.pages.outline.inline import INLINE_TAGS, InlineReader, decode_address, text_of_tokens
from narayacrawl.pages.outline.mislabelled_regions import SHORT_REGION_LENGTH, contains_headline, holds_headline
from narayacrawl.pages.outline.regions import (
    ALWAYS_SKIPPED,
    HIDDEN,
    INLINE_REGIONS,
    MAX_CLASS_LENGTH,
    NO_BODY_REGIONS,
    SKIPPED_REGIONS,
    TAG_CLASSIFICATIONS,
    UNCLASSIFIED,
    Classification,
    classify,
    is_hidden,
)
from narayacrawl.pages.outline.tables import is_data_table, table_block
from narayacrawl.pages.outline.tags import (
    ARTICLE_TAGS,
    BLOCK_KINDS,
    BLOCK_TAGS,
    CONTAINER_TAGS,
    IMAGE_TAGS,
    INVISIBLE_TAGS,
    PLAYER_TAGS,
)
from narayacrawl.urls import NO_ADDRESS

# Such a region is skipped if it holds less than this share of the page's text.
MAX_SKIPPED_SHARE = 0.3
BREADCRUMB = XPath("descendant::*/@class[contains(., 'breadcrumb')]/..")
MAX_NESTED_REGIONS = 30
# Regions whose players are the article's.
PLAYER_REGIONS = frozenset({None, "meta", "caption", "embed", "header"})
# An open block element: its container and region, and the rule and kind to restore when it ends.
OpenBlock = tuple[Container | None, Region | None, str | None, str]


class PageWalk:
    """One walk over the elements in `body`. `containers`, `regions` and `field_elements` are in document order.

    `mislabelled` are elements that open no region, whatever their class; a region in `continued` ends where the element
    given for it begins; `is_headline` tells if a heading's text is that of the headline.
    """

    def __init__(
        self,
        body: Element,
        mislabelled: Collection[Element],
        continued: Mapping[Element, Element],
        is_headline: Callable[[str], bool],
    ) -> None:
        self._body, self._mislabelled, self._is_headline = body, mislabelled, is_headline
        self._continued, self._region_ends = continued, {*continued.values()}
        self.blocks: list[PageBlock] = []
        self.containers: list[Container] = []
        self.regions: list[Region] = []
        self.field_elements: list[FieldElement] = []
        self.has_password_form = False
        self._inline = InlineReader()
        self._open_blocks: list[OpenBlock] = []
        self._region_depths: list[int] = []  # depths of the open elements that are named like regions
        # Rule and kind of the block that is being read.
        self._rule: str | None = None
        self._kind = "p"
        self._inline_region: tuple[Element, str | None, str] | None = None
        self._table: tuple[Element, int, int] | None = None
        self._walk(body)

    @cached_property
    def _page_length(self) -> int:
        """Count the characters of text on the page, scripts and white space included."""
        return text_length(self._body)

    def _walk(self, body: Element) -> None:  # noqa: PLR0915 - calls for every element cost more than the reading
        """Read every element in order. A page's time is spent here: a step that most elements need stands here, one
        that few need has a method of its own."""
        walk = iterwalk(body, events=("start", "end", "comment", "pi"))
        events = cast("Iterator[tuple[str, Element]]", walk)
        inline, blocks, containers, open_blocks = self._inline, self.blocks, self.containers, self._open_blocks
        tokens, region_ends = inline.tokens, self._region_ends
        for event, element in events:
            tag = element.tag
            if event != "start":
                if event == "end" and tag in BLOCK_TAGS:
                    if tokens:
                        self._flush_text(element)
                    container, region, self._rule, self._kind = open_blocks.pop()
                    if container is not None:
                        container.end = len(blocks)
                    elif tag == "table" and self._table is not None and self._table[0] is element:
                        self._end_table(*self._table)
                    if region is not None:
                        region.end = len(blocks)
                elif tag in INLINE_TAGS:
                    inline.end(tag)
                if self._inline_region is not None and self._inline_region[0] is element:
                    self._flush_text(element)
                    _, self._rule, self._kind = self._inline_region
                    self._inline_region = None
                text = element.tail if element is not body else None
            elif tag in BLOCK_TAGS:
                if tokens:
                    self._flush_text(cast("Element", element.getparent()))
                if region_ends and element in region_ends:
                    self._end_region()
                rule, kind, container, region = self._rule, self._kind, None, None
                if items := element.items():
                    attributes: dict[str, str] = dict(items)  # type: ignore[arg-type]
                    class_and_id, identity = attributes.get("class") or "", attributes.get("id")
                    if identity and len(identity) <= MAX_CLASS_LENGTH:
                        class_and_id = f"{class_and_id} {identity}" if class_and_id else identity
                    if len(class_and_id) > MAX_CLASS_LENGTH:
                        class_and_id = class_and_id[:MAX_CLASS_LENGTH]
                    classification = classify(tag, class_and_id)
                    if ("style" in attributes or "hidden" in attributes) and is_hidden(attributes):
                        classification = HIDDEN
                    itemprop = attributes.get("itemprop")
                else:
                    class_and_id, classification, itemprop = "", TAG_CLASSIFICATIONS.get(tag, UNCLASSIFIED), None
                if tag in CONTAINER_TAGS:
                    container = Container(element, len(blocks))
                    containers.append(container)
                if classification is not UNCLASSIFIED or itemprop:
                    region = self._classify_block(element, class_and_id, classification, itemprop, container)
                if tag in BLOCK_KINDS:
                    self._kind = BLOCK_KINDS[tag] or self._list_kind(element)
                elif tag == "table" and self._table is None and is_data_table(element):
                    self._table = (element, len(blocks), len(containers))
                open_blocks.append((container, region, rule, kind))
                if region is not None and self._is_skipped(region):
                    self._skip_region(region)
                    walk.skip_subtree()
                    continue
                text = element.text
            elif tag in INVISIBLE_TAGS:
                walk.skip_subtree()
                if tag in PLAYER_TAGS:
                    self._add_player(element)
                elif tag == "noscript":
                    self._add_picture_without_script(element)
                continue
            else:
                if tag == "br":
                    inline.line_break()
                elif items := element.items():
                    if not self._start_inline(tag, element, dict(items)):  # type: ignore[arg-type]
                        walk.skip_subtree()
                        continue
                elif tag in INLINE_TAGS:
                    inline.start(tag, None)
                text = element.text
            # Leading white space of a block is dropped.
            if text and (tokens or not text.isspace()):
                tokens.append(text)

    # Inline elements

    def _start_inline(self, tag: str, element: Element, attributes: dict[str, str]) -> bool:
        """Open an inline element with attributes: a region, a link, an image or an element that may hold a field.
        False for one whose own text is left out: it stands for an address, or no reader sees it in a line that goes on
        after it."""
        inline, get = self._inline, attributes.get
        class_and_id = get("class", "")[:MAX_CLASS_LENGTH]
        classification = classify(tag, class_and_id) if class_and_id else UNCLASSIFIED
        if ("style" in attributes or "hidden" in attributes) and tag not in IMAGE_TAGS and is_hidden(attributes):
            classification = HIDDEN
        if code := get("data-cfemail"):
            if tag in INLINE_TAGS:
                inline.start(tag, None)
            inline.tokens.append(decode_address(code))
            return False
        region = classification.region
        if region == "hidden" and text_of_tokens(inline.tokens):
            if tag in INLINE_TAGS:
                inline.start(tag, None)
            return False
        if (
            region in INLINE_REGIONS
            and self._inline_region is None
            and self._rule is None
            # They begin their line.
            and (region == "hidden" or tag != "a")
            and not text_of_tokens(inline.tokens)
        ):
            self._flush_text(element)
            self._inline_region, self._rule = (element, self._rule, self._kind), region
            if region == "caption":
                self._kind = "caption"
        author = False
        if tag == "a":
            href = get("href", "").strip()
            author = "author" in href and AUTHOR_ADDRESS.search(href) is not None
            inline.start(tag, None if not href or href[:11].lower().startswith(NO_ADDRESS) else href)
        elif tag in IMAGE_TAGS:
            if not is_decorative(element):
                self.blocks.append(PageBlock("image", "", self._rule, element))
        elif tag in INLINE_TAGS:
            inline.start(tag, None)
        elif tag in PLAYER_TAGS:
            self._add_player(element)
        if classification.is_field or author or tag == "time" or get("rel") or get("itemprop"):
            self.field_elements.append(FieldElement(element, class_and_id, self._rule, len(self.blocks)))
        return True

    def _add_picture_without_script(self, noscript: Element) -> None:
        """Record the picture of a `noscript`, but the twin of one that loads late, which is recorded already."""
        image = next(noscript.iter("img"), None)
        last = self.blocks[-1] if self.blocks else None
        if image is None or not is_picture(image) or is_hidden(dict(image.items())):  # type: ignore[arg-type]
            return
        if last is None or last.kind != "image" or not is_twin(image, last.element):
            self.blocks.append(PageBlock("image", "", self._rule, image))

    def _add_player(self, element: Element) -> None:
        """Record a player as a block without text; one in another region belongs to that."""
        rule = "embed" if self._rule in PLAYER_REGIONS else self._rule
        self.blocks.append(PageBlock("p", "", rule, element))

    # Blocks

    def _classify_block(
        self,
        element: Element,
        class_and_id: str,
        classification: Classification,
        itemprop: str | None,
        container: Container | None,
    ) -> Region | None:
        """Apply a block's classification: a container with a body's name, an element that may hold a field, a password
        form. Return the region that begins with it; None if none does."""
        is_body = classification.is_body or itemprop == "articleBody"
        region = classification.region
        if is_body and self._rule not in NO_BODY_REGIONS:
            self._rule = region = None
        if classification.is_post and element.tag == "li":
            region = "related"  # an entry in a list of other articles
        if container is not None:
            container.is_body, container.is_post = is_body, classification.is_post
        if element.tag == "form" and "post-password-form" in class_and_id:
            self.has_password_form = True
        opens_region = region is not None and self._may_open_region(element)
        if classification.is_field or itemprop:
            self.field_elements.append(
                FieldElement(element, class_and_id, region if opens_region else self._rule, len(self.blocks))
            )
        if region == "caption":
            self._kind = "caption"
        return self._open_region(element, region) if region is not None and opens_region else None

    def _may_open_region(self, element: Element) -> bool:
        """True if an element named like a region may open one: regions do not nest."""
        return self._rule in (None, "meta") and element not in self._mislabelled

    def _open_region(self, element: Element, rule: str) -> Region | None:
        """Open a region; None if regions nest too deep or this one wraps the headline."""
        depth = len(self._open_blocks)
        while self._region_depths and self._region_depths[-1] >= depth:
            self._region_depths.pop()
        if len(self._region_depths) == MAX_NESTED_REGIONS:
            return None
        self._region_depths.append(depth)
        region = Region(element, rule, len(self.blocks))
        if contains_headline(region, self._is_headline):
            return None
        if rule == "footer" and any(c is not None and c.element.tag == "article" for c, *_ in self._open_blocks):
            region.rule = "meta"  # the article's own footer, not the site's
        self._rule = region.rule
        self.regions.append(region)
        return region

    def _end_region(self) -> None:
        """End the region that is open: what follows in its element is the article's text."""
        self._rule = None
        depth = self._region_depths.pop() if self._region_depths else 0
        self._open_blocks[depth + 1 :] = [
            (container, region, None, kind) for container, region, _, kind in self._open_blocks[depth + 1 :]
        ]

    def _is_skipped(self, region: Region) -> bool:
        """True if a region is skipped. A form or a footer may be drawn around the whole article, and related lines
        stand inside it, so their size and place decide."""
        if region.element in self._continued:
            return False
        if self._rule in SKIPPED_REGIONS:
            is_skipped = region.length < SHORT_REGION_LENGTH or region.length < MAX_SKIPPED_SHARE * self._page_length
        else:
            is_skipped = self._rule in ALWAYS_SKIPPED or (self._rule == "related" and not self._in_article())
        return is_skipped and not holds_headline(region)

    def _in_article(self) -> bool:
        """True if the current element stands in one that may be the article's."""
        open_containers = (container for container, *_ in self._open_blocks if container is not None)
        return any(
            container.is_body or container.is_post or container.element.tag in ARTICLE_TAGS
            for container in open_containers
        )

    def _skip_region(self, region: Region) -> None:
        """Record a skipped region as one block without text."""
        self.blocks.append(PageBlock("p", "", self._rule, region.element))
        if self._rule == "navigation" and region.length < SHORT_REGION_LENGTH:  # a menu is longer than a breadcrumb
            steps = cast("list[Element]", BREADCRUMB(region.element))
            self.field_elements += [
                FieldElement(step, (step.get("class") or "")[:MAX_CLASS_LENGTH], self._rule, len(self.blocks))
                for step in steps
            ]

    @staticmethod
    def _list_kind(item: Element) -> str:
        parent = item.getparent()
        return "ol" if parent is not None and parent.tag == "ol" else "ul"

    def _flush_text(self, element: Element) -> None:
        """Make blocks of the inline content read since the last block began or ended."""
        inline = self._inline
        if not inline.has_tags:
            if text := one_line("".join(cast("list[str]", inline.tokens))):
                self.blocks.append(PageBlock(self._kind, text, self._rule, element, 0, (), (text,)))
            inline.tokens.clear()
            return
        for text, links, tokens in inline.take_lines():
            linked = min(len(text), sum([len(title) for _, title in links])) if links else 0
            self.blocks.append(PageBlock(self._kind, text, self._rule, element, linked, links, tokens))

    def _end_table(self, table: Element, start: int, first_container: int) -> None:
        """Replace the blocks of a table's cells by one block; images and captions stay as they are. Containers in it,
        from the first on, end no later than what is left."""
        self._table = None
        inside = self.blocks[start:]
        self.blocks[start:] = [block for block in inside if not block.text or block.kind == "caption"]
        block = table_block(table, [block for block in inside if block.text and block.kind != "caption"], self._rule)
        if block is not None:
            self.blocks.append(block)
        left = len(self.blocks)
        for container in self.containers[first_container:]:
            container.start, container.end = min(container.start, left), min(container.end, left)
