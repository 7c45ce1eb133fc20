"""Find the byline of an article among the elements of its page: the nearest to the headline."""

from itertools import islice, pairwise
from typing import NamedTuple

from lxml.etree import _Element as Element

from narayacrawl.language.credits import is_full_name
from narayacrawl.pages.fields.byline_elements import (
    is_byline,
    is_byline_extra_class,
    is_person_address,
    is_proven,
    leads_to_person,
    names_of_element,
)
from narayacrawl.pages.fields.page_names import PageNames
from narayacrawl.pages.outline.blocks import FieldElement
from narayacrawl.pages.outline.outline import Outline

# A name more blocks than this from the headline may be another article's.
MAX_DISTANCE = 12
FAR = MAX_DISTANCE + 1
# A block of running text, and what is more than a name.
MIN_TEXT_LENGTH, MIN_OWN_TEXT_LENGTH = 100, 18
# Bounds of the search for a byline: positions on the page, elements at each.
MAX_POSITIONS, MAX_ELEMENTS_PER_POSITION = 100, 30


class VisibleByline(NamedTuple):
    """The byline nearest to the headline: its names, its distance from there in blocks, and whether more than a part of
    a class says that it is one."""

    authors: list[str]
    editors: list[str]
    distance: int
    is_proven: bool


class Bylines:
    """The elements of a page that may be bylines, by the number of blocks before them."""

    def __init__(self, outline: Outline, headline_end: int, page_names: PageNames) -> None:
        self._headline_end, self._page_names, self._outline = headline_end, page_names, outline
        self._groups: dict[int, list[FieldElement]] = {}
        for element in outline.field_elements:
            if is_byline(element):
                group = self._groups.setdefault(element.position, [])
                if len(group) < MAX_ELEMENTS_PER_POSITION:
                    group.append(element)
        self._by_distance = sorted(self._groups, key=self._distance)[:MAX_POSITIONS]
        self._read: dict[int, VisibleByline] = {}

    def _distance(self, position: int) -> int:
        return abs(position - self._headline_end)

    def _at(self, position: int) -> VisibleByline:
        """Read the byline at a position."""
        if position not in self._read:
            self._read[position] = self._read_elements(position, innermost_elements(self._groups, position))
        return self._read[position]

    def _read_elements(self, position: int, elements: list[FieldElement]) -> VisibleByline:
        """Read the byline that these elements are; where some are proven, those that are neither proven nor like them
        are none."""
        found = [(element, *names_of_element(element)) for element in elements]
        proven = {kind_of(element) for element, authors, _ in found if authors and is_proven(element)}
        shown = [(element, authors) for element, authors, _ in found if not proven or kind_of(element) in proven]
        is_linked = any(leads_to_person(element.element) for element, authors in shown if authors)
        authors = self._page_names.authors_among([name for _, names in shown for name in names], is_linked=is_linked)
        editors = [name for _, _, names in found for name in names]
        return VisibleByline(authors, editors, self._distance(position), bool(proven))

    def nearest(self) -> VisibleByline:
        """Return the byline nearest to the headline, a proven one first; no names, MAX_DISTANCE + 1 blocks away, if the
        page shows none."""
        close_by = [position for position in self._by_distance if self._distance(position) <= MAX_DISTANCE]
        proven = (position for position in close_by if self._at(position).authors and self._at(position).is_proven)
        named = (position for position in self._by_distance if self._at(position).authors)
        nearest = next(proven, None)
        nearest = next(named, None) if nearest is None else nearest
        if nearest is None:
            nearest = self._nearest_box(close_by)
        if nearest is None:
            return VisibleByline([], [name for read in self._read.values() for name in read.editors], FAR, False)
        found = self._at(nearest)
        if self._headline_end and found.distance > MAX_DISTANCE and self._is_of_other_articles(found):
            return VisibleByline([], [], FAR, False)
        # A byline of several names may be split into several blocks, alike and next to each other.
        kinds = {*map(kind_of, self._groups[nearest])}
        alike = sorted(position for position, elements in self._groups.items() if kinds & {*map(kind_of, elements)})
        if self._headline_end and self._stands_in_list(nearest, alike):
            return VisibleByline([], [], FAR, False)
        parts = [self._at(position) for position in alike if abs(position - nearest) <= 2]
        authors = dict.fromkeys(name for part in parts for name in part.authors)
        return found._replace(authors=list(authors), editors=[name for part in parts for name in part.editors])

    def _nearest_box(self, close_by: list[int]) -> int | None:
        """Return the position of the nearest box that names someone though its inner bylines are links and roles."""
        for position in close_by:
            self._read[position] = self._read_elements(position, self._groups[position])
            if self._read[position].authors:
                return position
        return None

    def _stands_in_list(self, nearest: int, alike: list[int]) -> bool:
        """True if the byline nearest to the headline is one of several alike below the text, each with a text of its
        own or in one line with a link to an article: comments, or the cards of a widget that nothing marks."""
        blocks = self._outline.blocks
        if len(alike) < 2 or not any(
            len(block.text) > MIN_TEXT_LENGTH for block in blocks[self._headline_end : nearest]
        ):
            return False
        return all(
            any(block.rule is None and len(block.text) > MIN_OWN_TEXT_LENGTH for block in blocks[before + 1 : after])
            or any(
                len(text) > MIN_OWN_TEXT_LENGTH and not is_person_address(href) for href, text in blocks[before].links
            )
            for before, after in pairwise(alike[:5])
            if after < len(blocks)
        )

    def _is_of_other_articles(self, found: VisibleByline) -> bool:
        """True if a byline far from the headline stands in another article's card, or is no name."""
        named = sorted(position for position in self._by_distance[:12] if self._at(position).authors)
        gaps = sum(after - before > 2 for before, after in pairwise(named))
        return gaps > 1 or not (found.is_proven or all(map(is_full_name, found.authors)))


def kind_of(field_element: FieldElement) -> tuple[str, str]:
    """Return what like elements share: tag and classes."""
    return str(field_element.element.tag), field_element.class_and_id


def innermost_elements(groups: dict[int, list[FieldElement]], position: int) -> list[FieldElement]:
    """Return the byline elements at a position that contain no other one with text; a date or a role in it is none."""
    at_position = groups[position]
    nearby = [
        other.element
        for near_position in range(position, position + 3)
        for other in groups.get(near_position, ())
        if not is_byline_extra_class(other.class_and_id) and not is_blank(other.element)
    ]
    outer = {ancestor for element in nearby for ancestor in near_ancestors(element)}
    return [other for other in at_position if other.element not in outer]


def is_blank(element: Element) -> bool:
    """True if an element holds no text."""
    return all(text.isspace() for text in element.itertext())


def near_ancestors(element: Element) -> list[Element]:
    """Return the nearest ancestors of an element: a byline's box is not deep."""
    return [*islice(element.iterancestors(), 6)]
