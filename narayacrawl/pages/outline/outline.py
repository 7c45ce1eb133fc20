"""Outline a page: its blocks in reading order, the regions they stand in, and the elements that may hold a field.

`pages.body` chooses the body from the outline, `pages.fields` reads the fields; so the page is walked once, whatever is
read from it.
"""

from lxml.etree import _Element as Element

from narayacrawl.pages.outline.blocks import fold
from narayacrawl.pages.outline.continued_text import ContinuedText, find_continued_text, text_in
from narayacrawl.pages.outline.link_cards import LinkCards
from narayacrawl.pages.outline.mislabelled_regions import find_mislabelled_region, holds_headline
from narayacrawl.pages.outline.walk import PageWalk

# A longer heading that the document's title repeats is no name of a site or section.
MIN_HEADLINE_LENGTH, MAX_TITLE_LENGTH = 15, 500
# Where more walks than this find a mislabelled wrapper each, the page is made of menus.
MAX_WALKS = 8


class Outline:
    """The page as a flat list of blocks. `containers`, `regions` and `field_elements` are in document order.

    A region that holds most of the page's text is mislabelled (`div.right-sidebar`), and the page is read again without
    it; on a short page only one that also holds its `h1`. A region that holds a part of the article's text ends where
    that begins.
    """

    def __init__(self, root: Element, url: str) -> None:
        self.root, self.url = root, url
        self.link_cards = LinkCards()
        self.overruled: dict[Element, str] = {}
        """The elements that end a region or open none though they are named like one, and its rule: what stands in
        them is the article's."""
        self._document_title = fold((root.findtext(".//title") or "")[:MAX_TITLE_LENGTH])
        walk = self._walk_page()
        self.blocks, self.containers = walk.blocks, walk.containers
        self.regions, self.field_elements = walk.regions, walk.field_elements
        self.has_password_form = walk.has_password_form

    def _walk_page(self) -> PageWalk:
        """Walk over the page until no region is mislabelled."""
        body = self.root.find("body")
        body = self.root if body is None else body
        mislabelled: dict[Element, str] = {}
        continued: dict[Element, ContinuedText] = {}
        for _ in range(MAX_WALKS):
            walk = PageWalk(body, mislabelled, {c: part.first for c, part in continued.items()}, self._is_headline)
            others = [region for region in walk.regions if region.element not in continued]
            region = find_mislabelled_region(walk.blocks, others, walk.containers, self._is_headline)
            if region is not None:
                part = text_in(region)
                if part and part.is_below_own and not holds_headline(region):
                    continued[region.element] = part
                else:
                    mislabelled[region.element] = region.rule
            elif not continued and (parts := find_continued_text(walk.blocks, others, walk.containers)):
                continued = {part.region.element: part for part in parts}
            else:
                self.overruled = mislabelled | {part.first: part.region.rule for part in continued.values()}
                return walk
        return PageWalk(body, {}, {}, self._is_headline)  # a page of menus, labelled rightly

    def _is_headline(self, heading: str) -> bool:
        """True if a heading is part of the document's title, as the headline is."""
        return len(heading) > MIN_HEADLINE_LENGTH and fold(heading) in self._document_title
