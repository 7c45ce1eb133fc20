"""Outline a page: its blocks in reading order, the regions they stand in, and the elements that may hold a field.

`pages.body` chooses the body from the outline, `pages.fields` reads the fields; so the page is walked once, whatever is
read from it.
"""

from lxml.etree import _Element as Element

from narayacrawl.pages.outline.blocks import fold
from narayacrawl.pages.outline.link_cards import LinkCards
from narayacrawl.pages.outline.mislabelled_regions import find_mislabelled_region
from narayacrawl.pages.outline.walk import PageWalk

# A longer heading that the document's title repeats is no name of a site or section.
MIN_HEADLINE_LENGTH, MAX_TITLE_LENGTH = 15, 500
# More mislabelled wrappers than this, and the page is made of menus.
MAX_MISLABELLED = 6


class Outline:
    """The page as a flat list of blocks. `containers`, `regions` and `field_elements` are in document order.

    A region that holds most of the page's text is mislabelled (`div.right-sidebar`), and the page is read again without
    it; on a short page only one that also holds its `h1`.
    """

    def __init__(self, root: Element, url: str) -> None:
        self.root, self.url = root, url
        self.link_cards = LinkCards()
        self._document_title = fold((root.findtext(".//title") or "")[:MAX_TITLE_LENGTH])
        walk = self._walk_page()
        self.blocks, self.containers = walk.blocks, walk.containers
        self.regions, self.field_elements = walk.regions, walk.field_elements
        self.has_password_form = walk.has_password_form

    def _walk_page(self) -> PageWalk:
        """Walk over the page until no region is mislabelled."""
        body = self.root.find("body")
        body = self.root if body is None else body
        mislabelled: set[Element] = set()
        while True:
            walk = PageWalk(body, mislabelled, self._is_headline)
            region = find_mislabelled_region(walk.blocks, walk.regions, walk.containers, self._is_headline)
            if region is None:
                return walk
            if len(mislabelled) == MAX_MISLABELLED:  # a page of menus, labelled rightly
                return PageWalk(body, set(), self._is_headline)
            mislabelled.add(region)

    def _is_headline(self, heading: str) -> bool:
        """True if a heading is part of the document's title, as the headline is."""
        return len(heading) > MIN_HEADLINE_LENGTH and fold(heading) in self._document_title
