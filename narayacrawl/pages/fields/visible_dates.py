"""Read the dates that a page shows: `time` elements, elements with a date's class, lines of the article's header, lines
that say `published`.

A date anywhere else belongs to something else: a comment, a card, an event in the text. So only these places count, and
below the article only if all dates there are of one day.
"""

import re
from collections.abc import Iterator
from functools import cached_property

from lxml.etree import _Element as Element

from narayacrawl.language.dates import date_in_line
from narayacrawl.pages.fields.date_elements import (
    ISO_TIMESTAMP,
    MAX_ELEMENT_LENGTH,
    MAX_LINE_LENGTH,
    MAY_TELL_DATE,
    MODIFIED_CLASS,
    attribute_dates,
    class_id_itemprop,
    is_date_element,
    line_text,
    machine_date,
    spaced_text,
    text_and_date,
)
from narayacrawl.pages.fields.date_labels import (
    LABEL,
    LONE_LABEL,
    LONE_MODIFIED_LABEL,
    is_edit,
    label_before,
    names_edit,
    publication_and_edit,
)
from narayacrawl.pages.fields.page_furniture import PageFurniture
from narayacrawl.pages.outline.blocks import (
    AUTHOR_ADDRESS,
    Container,
    FieldElement,
    PageBlock,
)
from narayacrawl.pages.outline.outline import Outline
from narayacrawl.pages.outline.regions import MAX_CLASS_LENGTH, classify

UNRELATED_REGIONS = frozenset({"related", "sidebar", "comments", "ad", "popup", "navigation", "newsletter"})
PUBLISHED_CLASS = re.compile(
    r"published|publish-date|dtpublished|datecreated|date-?published|wp-block-post-date|entry-date|post-date",
    re.IGNORECASE,
)
# hAtom requires `updated` on every entry, so themes write it on their only date, beside a class of their own.
THEME_DATE_CLASS = re.compile(r"(?:^|[\s_-])(?:entry|post|meta|module|posts)[_-](?:meta[_-])?date\b", re.IGNORECASE)
LABELLED = re.compile(
    rf"^\W{{0,3}}(?:{LABEL}|(?:von|by|par|por|di|door|oleh|autor|author|auteur|autore|penulis)\b[^|]{{1,60}}?"
    r"\s(?:am|on|le|el|il|op|em|pada)\s+\d)",
    re.IGNORECASE,
)
# The foot of an article in WordPress' first default theme (Kubrick, `p.postmetadata.alt`) and its translations.
PUBLISHED_SENTENCE = re.compile(
    r"(?:this (?:entry|post|article) was|(?:dieser|der) (?:beitrag|artikel|eintrag) wurde"
    r"|(?:cet article|cette entrée|ce billet) a été"
    r"|est[ae] (?:entrada|artículo|artigo|post) (?:fue|foi)|(?:tulisan|artikel|entri|pos) ini di)",
    re.IGNORECASE,
)
LABEL_INSIDE = re.compile(rf"(?<!\w){LABEL}(?=\W{{1,3}}\d)", re.IGNORECASE)
# Blocks above the headline that may be its header; what stands higher is the page's own, such as today's date.
MAX_BLOCKS_ABOVE = 5
# Blocks above the headline that may be its header without a class that says so.
MAX_UNNAMED_BLOCKS_ABOVE = 3
# Blocks below the text that may belong to the article.
MAX_BLOCKS_BELOW_TEXT = 3
# What such a box shows is dated by its own: prices, prayer times.
WIDGET_CLASS = re.compile(r"(?:^|\s)widget(?:[\s_-]|$)", re.IGNORECASE)
HEADER_LINE_KINDS = frozenset({"p", "ul", "h2", "h3", "h4"})
MAX_SENTENCE_LENGTH, MAX_REGION_LENGTH = 400, 1000
# Only the nearest elements count; a live blog has hundreds.
MAX_ELEMENTS = 40


class VisibleDates:
    """The dates shown around the headline, which ends before block `headline_end`, and the text in `container`."""

    def __init__(self, outline: Outline, headline_end: int, container: Container | None) -> None:
        self.outline, self.headline_end, self.container = outline, headline_end, container
        start = container.start if container else 0
        # First block that may be the article's text; the header stands between the headline and it.
        self.text_start = max(start, headline_end)
        self.end = container.end + MAX_BLOCKS_BELOW_TEXT if container else len(outline.blocks)
        headline = outline.blocks[headline_end - 1].element if 0 < headline_end <= len(outline.blocks) else None
        self._furniture = PageFurniture(headline)
        self._in_card: dict[Element, bool] = {}  # ancestors of date elements, True for those in a card

    @cached_property
    def elements(self) -> list[FieldElement]:
        """Return the elements that may show the article's own dates, nearest to the headline first."""
        first = self.headline_end - MAX_BLOCKS_ABOVE
        elements = [
            element
            for element in self.outline.field_elements
            if element.position >= first
            and element.region not in self._unrelated_regions
            and is_date_element(element)
            and element.element.tag not in ("article", "body")
            and not self._is_in_card(element.element)
            and not self._is_the_pages(element)
        ]
        elements.sort(key=lambda element: (abs(element.position - self.headline_end), element.element.tag != "time"))
        return elements[:MAX_ELEMENTS]

    def _is_the_pages(self, element: FieldElement) -> bool:
        """True if an element above the headline or below the text belongs to the page, not to the article, and is not
        named as a publication date."""
        is_around = element.position < self.headline_end or (self.container and element.position >= self.container.end)
        return (
            bool(is_around)
            and not PUBLISHED_CLASS.search(class_id_itemprop(element))
            and self._furniture.holds(element.element)
        )

    @cached_property
    def _unrelated_regions(self) -> frozenset[str]:
        """Return the regions that hold something else; one that holds the headline is mislabelled."""
        at = self.headline_end
        return UNRELATED_REGIONS - {r.rule for r in self.outline.regions if r.start < at <= r.end}

    def _is_in_card(self, element: Element) -> bool:
        """True if an element stands in another article's card: one that does not hold this article's body."""
        if self.container is None:
            return False
        path: list[Element] = []
        in_card = False
        for ancestor in element.iterancestors():
            if ancestor in self._in_card:
                in_card = self._in_card[ancestor]
                break
            path.append(ancestor)
            if ancestor in self._article_elements:
                break
            if classify(ancestor.tag, (ancestor.get("class") or "")[:MAX_CLASS_LENGTH]).is_card:
                in_card = True
                break
        self._in_card.update(dict.fromkeys(path, in_card))
        return in_card

    @cached_property
    def _article_elements(self) -> set[Element]:
        """Return the elements around the article's text and its headline."""
        around = {self.container.element, *self.container.element.iterancestors()} if self.container else set()
        if 0 < self.headline_end <= len(self.outline.blocks):
            around.update(self.outline.blocks[self.headline_end - 1].element.iterancestors())
        return around

    @cached_property
    def _has_published_class(self) -> bool:
        """True if an element is named as the publication date."""
        return any("published" in class_id_itemprop(element).lower() for element in self.elements)

    def is_modified(self, field_element: FieldElement) -> bool:
        """True if an element shows the modification date."""
        names = class_id_itemprop(field_element)
        if "published" in names.lower() or field_element.element.get("pubdate") is not None:
            return False  # Twenty Twenty-One writes `published updated` on the publication date
        if is_edit(field_element.text):
            return True
        label = label_before(field_element.element)
        if label and LONE_LABEL.fullmatch(label):
            return False
        if MODIFIED_CLASS.search(names) and (self._has_published_class or not THEME_DATE_CLASS.search(names)):
            return not publication_and_edit(field_element.text[:MAX_ELEMENT_LENGTH])[1]
        return bool(label) and LONE_MODIFIED_LABEL.fullmatch(label) is not None

    def in_markup(self, *, below: bool = False) -> list[tuple[str, str]]:
        """Return every (`time`, text) in the markup above the article's end, or below it, those named as the
        publication date first."""
        elements = [element for element in self._publication_elements if machine_date(element)]
        elements.sort(key=lambda element: not PUBLISHED_CLASS.search(class_id_itemprop(element)))
        return [("time", machine_date(element)) for element in self._on_side(elements, below=below)]

    @cached_property
    def _publication_elements(self) -> list[FieldElement]:
        """Return the elements that may show the publication date."""
        return [element for element in self.elements if not self.is_modified(element)]

    def _without_list(self, elements: list[FieldElement]) -> list[FieldElement]:
        """Return the elements in and above the article, and those below it if all show one day: several days are a list
        of other articles."""
        end = self.container.end if self.container else len(self.outline.blocks)
        below = [element for element in elements if element.position >= end]
        if len({(machine_date(element) or element.text)[:10] for element in below}) > 1:
            return [element for element in elements if element.position < end]
        return elements

    def in_attributes(self) -> Iterator[str]:
        """Yield the exact dates that scripts read from elements whose text tells less: `data-timestamp`, a `title`."""
        for element in self._without_list(self._publication_elements):
            yield from attribute_dates(element)

    def _on_side(self, elements: list[FieldElement], *, below: bool) -> list[FieldElement]:
        """Return the elements that may be the article's and stand above its end, or below it."""
        end = self.container.end if self.container else len(self.outline.blocks)
        return [element for element in self._without_list(elements) if (element.position >= end) == below]

    def below_text(self) -> Iterator[str]:
        """Yield the texts of date elements below the article, and the dates in them."""
        for element in self._on_side(self._publication_elements, below=True):
            yield from text_and_date(spaced_text(element.element), MAX_ELEMENT_LENGTH, find_part=True)

    def in_header(self) -> Iterator[str]:
        """Yield the texts of date elements above the article's end and of the lines of its header, and the dates in
        them."""
        for element in self._on_side(self._publication_elements, below=False):
            yield from text_and_date(spaced_text(element.element), MAX_ELEMENT_LENGTH, find_part=True)
        for block, in_header in self._header_lines():
            yield from text_and_date(line_text(block), MAX_LINE_LENGTH, find_part=in_header)

    def _header_lines(self) -> Iterator[tuple[PageBlock, bool]]:
        """Yield the lines around the headline that may be the article's header, and whether they certainly are."""
        first = max(0, self.headline_end - MAX_UNNAMED_BLOCKS_ABOVE)
        blocks = self.outline.blocks[first : self.text_start + MAX_UNNAMED_BLOCKS_ABOVE + 1]
        for position, block in enumerate(blocks, first):
            is_named = block.rule in ("meta", "header")
            if (
                (position <= self.text_start or is_named)
                and (block.kind in HEADER_LINE_KINDS or (block.kind == "caption" and self._is_right_below(position)))
                and block.rule not in self._unrelated_regions
                and MAY_TELL_DATE.search(block.text[: 2 * MAX_LINE_LENGTH])
                and not self._follows_edit_label(position)
                and not (position < self.headline_end and self._furniture.holds(block.element))
            ):
                yield block, is_named or position <= max(self.text_start - 1, self.headline_end)

    def _is_right_below(self, position: int) -> bool:
        """True if a block follows the headline: the caption of no picture, whatever its class says."""
        return position == self.headline_end and self.outline.blocks[position].element.tag != "figcaption"

    def _follows_edit_label(self, position: int) -> bool:
        """True if the block before is a label of the last edit."""
        before = self.outline.blocks[position - 1].text if position else ""
        return len(before) <= MAX_LINE_LENGTH and LONE_MODIFIED_LABEL.fullmatch(before) is not None

    def modified(self) -> Iterator[str]:
        """Yield the visible modification dates: those of named elements, then of header lines with such a label."""
        yield from (machine_date(element) or element.text for element in self.elements if self.is_modified(element))
        for block in (
            block for block, in_header in self._header_lines() if in_header and len(block.text) <= MAX_LINE_LENGTH
        ):
            text = line_text(block)
            if names_edit(text) and (date := date_in_line(publication_and_edit(text)[1])):
                yield date

    def beside_headline(self) -> Iterator[str]:
        """Yield the date in a small region of another name beside the headline; in a longer one, and below the text,
        only if a label says that it is the publication date."""
        for region in self.outline.regions:
            is_near = self.headline_end - MAX_BLOCKS_ABOVE <= region.start <= self.text_start + MAX_BLOCKS_ABOVE
            if is_near and region.rule in ("sidebar", "ad", "share") and not self._furniture.holds(region.element):
                text = spaced_text(region.element)
                is_below = self.container is not None and region.start >= self.container.end
                if not is_below:
                    is_widget = WIDGET_CLASS.search(region.element.get("class") or "") is not None
                    yield from text_and_date(text, MAX_ELEMENT_LENGTH, find_part=not is_widget)
                if (is_below or len(text) > MAX_ELEMENT_LENGTH) and len(text) <= MAX_REGION_LENGTH:
                    dates = {
                        date_in_line(text[label.end() : label.end() + MAX_LINE_LENGTH // 2])
                        for label in LABEL_INSIDE.finditer(text)
                    }
                    yield from (date for date in dates if date and len(dates) == 1)

    def in_labelled_lines(self) -> Iterator[str]:
        """Yield the dates of lines anywhere in the article that say that it was published then."""
        blocks = self.outline.blocks
        for position in range(max(0, self.headline_end - MAX_BLOCKS_ABOVE), min(self.end, len(blocks))):
            block = blocks[position]
            if not block.text or len(block.text) > MAX_SENTENCE_LENGTH or block.rule in self._unrelated_regions:
                continue
            if PUBLISHED_SENTENCE.match(block.text):
                yield from text_and_date(block.text[:MAX_ELEMENT_LENGTH], MAX_ELEMENT_LENGTH, find_part=True)
            if LONE_LABEL.fullmatch(block.text):
                if position + 1 < len(blocks):
                    yield from text_and_date(blocks[position + 1].text, MAX_LINE_LENGTH, find_part=False)
            elif MAY_TELL_DATE.search(block.text) and LABELLED.match(block.text):
                yield from text_and_date(line_text(block), MAX_ELEMENT_LENGTH, find_part=True)
            elif self._is_foot(position) and (
                date := date_in_line(ISO_TIMESTAMP.sub(" | ", spaced_text(block.element)))
            ):
                yield date

    def _is_foot(self, position: int) -> bool:
        """True if a block is a byline below the text."""
        is_below_text = self.container is not None and self.container.end <= position
        return is_below_text and any(AUTHOR_ADDRESS.search(href) for href, _ in self.outline.blocks[position].links)
