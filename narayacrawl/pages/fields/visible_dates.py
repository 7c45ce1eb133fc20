"""The dates that a page shows: `time` elements, named ones, lines of the article's header, lines that say `published`.

A date elsewhere is another's: of a comment, of a card, of an event that the text tells. So only these places count, and
below the article only where all that stands there is one day.
"""

import re
from collections.abc import Iterator
from functools import cached_property, lru_cache
from typing import cast

from lxml.etree import XPath
from lxml.etree import _Element as Element

from narayacrawl.language.dates import dated_part
from narayacrawl.language.month_names import MODIFIED, PUBLISHED
from narayacrawl.pages.outline.blocks import AUTHOR_ADDRESS, Container, Mark, PageBlock
from narayacrawl.pages.outline.outline import LONGEST_NAMES, Outline
from narayacrawl.pages.outline.regions import role

ELSEWHERE = frozenset({"related", "sidebar", "comments", "ad", "popup", "navigation", "newsletter"})
DATE_WORD = re.compile(r"date|time|posted|publish|tanggal|waktu", re.IGNORECASE)
MODIFIED_WORD = re.compile(r"updated|modified|diperbarui", re.IGNORECASE)
PUBLISHED_WORD = re.compile(
    r"published|publish-date|dtpublished|datecreated|date-?published|wp-block-post-date|entry-date|post-date",
    re.IGNORECASE,
)
# hAtom wants an `updated` on every entry, so that themes write it on their only date, beside a name of their own.
DATE_OF_THEME = re.compile(r"(?:^|[\s_-])(?:entry|post|meta|module|posts)[_-](?:meta[_-])?date\b", re.IGNORECASE)
MODIFIED_LABEL = rf"(?:last |zuletzt |letzte |dernière |última )?(?:{'|'.join(MODIFIED)})\b"
MODIFIED_TEXT = re.compile(rf"^\W*{MODIFIED_LABEL}", re.IGNORECASE)
MODIFIED_INSIDE = re.compile(rf"(?<!\w){MODIFIED_LABEL}", re.IGNORECASE)
LABEL = rf"(?:first |erstmals |zuerst |pertama )?(?:{'|'.join(PUBLISHED)}|mise? en ligne)\b"
LABELLED = re.compile(
    rf"^\W{{0,3}}(?:{LABEL}|(?:von|by|par|por|di|door|oleh|autor|author|auteur|autore|penulis)\b[^|]{{1,60}}?"
    r"\s(?:am|on|le|el|il|op|em|pada)\s+\d)",
    re.IGNORECASE,
)
# The foot of an article in WordPress' first default theme (Kubrick, `p.postmetadata.alt`), as it was translated.
SENTENCE = re.compile(
    r"(?:this (?:entry|post|article) was|(?:dieser|der) (?:beitrag|artikel|eintrag) wurde"
    r"|(?:cet article|cette entrée|ce billet) a été"
    r"|est[ae] (?:entrada|artículo|artigo|post) (?:fue|foi)|(?:tulisan|artikel|entri|pos) ini di)",
    re.IGNORECASE,
)
LABEL_INSIDE = re.compile(rf"(?<!\w){LABEL}(?=\W{{1,3}}\d)", re.IGNORECASE)
LONE_LABEL = re.compile(rf"\W{{0,3}}{LABEL}(?:\s(?:am|on|le|el|il|op|em|pada))?\W{{0,3}}", re.IGNORECASE)
MACHINE_DATE = re.compile(r"(?:19|20)\d\d-?[01]\d-?[0-3]\dT[0-2]\d")
# Themes hide one, of the last edit for one, beside the date that they show.
HIDDEN_STAMP = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(?:[+-]\d\d:?\d\d|Z)?")
LENGTH = XPath("string-length()")
DIGIT = re.compile(r"\d")
# So many blocks before the title stand in its header; what comes earlier is the page's own, today's date for one.
CHROME = 5
# So many blocks before the title may be the article's without any name that says so.
NAMELESS = 3
# So many blocks after its text may belong to the article.
FOOT = 3
MARK_LENGTH, LINE_LENGTH, SENTENCE_LENGTH, REGION_LENGTH = 120, 100, 400, 1000
# The nearest marks count; a live blog has hundreds.
MOST_MARKS = 40
# tagDiv's themes write the local time with an offset of zero there: date( DATE_W3C, get_the_time( 'U' ) ).
LOCAL_AS_UTC = re.compile(r"\btd-(?:module|post)-date\b")


def spaced(element: Element) -> str:
    """All text inside an element on one line, a space between what stands in different elements: themes part day, month
    and year by style alone."""
    return " ".join(" ".join(map(str, element.itertext())).split())


class ShownDates:
    """What a page shows around the title at `title_position` and the text in `container`."""

    def __init__(self, outline: Outline, title_position: int, container: Container | None) -> None:
        self.outline, self.title_position, self.container = outline, title_position, container
        start = container.start if container else 0
        # First block that may be the article's text: what stands between it and the title is the header.
        self.text_start = max(start, title_position)
        self.end = container.end + FOOT if container else len(outline.blocks)
        self._cards: dict[Element, bool] = {}  # the elements around marks, and whether they stand in a card

    @cached_property
    def marks(self) -> list[Mark]:
        """The marks that may show the article's own dates, nearest to the title first."""
        first = self.title_position - CHROME
        marks = [
            m
            for m in self.outline.marks
            if m.position >= first
            and m.region not in self._elsewhere
            and is_dated(m)
            and m.element.tag not in ("article", "body")
            and not self._in_card(m.element)
        ]
        marks.sort(key=lambda m: (abs(m.position - self.title_position), m.element.tag != "time"))
        return marks[:MOST_MARKS]

    @cached_property
    def _elsewhere(self) -> frozenset[str]:
        """The regions that hold other matter; one that holds the title is named wrongly."""
        at = self.title_position
        return ELSEWHERE - {r.rule for r in self.outline.regions if r.start < at <= r.end}

    def _in_card(self, element: Element) -> bool:
        """Whether an element stands in another article's card: one that does not hold this article's body."""
        if self.container is None:
            return False
        path: list[Element] = []
        held = False
        for ancestor in element.iterancestors():
            if ancestor in self._cards:
                held = self._cards[ancestor]
                break
            path.append(ancestor)
            if ancestor in self._own:
                break
            if role(ancestor.tag, (ancestor.get("class") or "")[:LONGEST_NAMES]).card:
                held = True
                break
        self._cards.update(dict.fromkeys(path, held))
        return held

    @cached_property
    def _own(self) -> set[Element]:
        """What holds the article's text or its title."""
        own = {self.container.element, *self.container.element.iterancestors()} if self.container else set()
        if 0 < self.title_position <= len(self.outline.blocks):
            own.update(self.outline.blocks[self.title_position - 1].element.iterancestors())
        return own

    @cached_property
    def _says_published(self) -> bool:
        return any("published" in names_of(m).lower() for m in self.marks)

    def is_modified(self, mark: Mark) -> bool:
        """Whether a mark shows the last edit."""
        names = names_of(mark)
        if "published" in names.lower() or mark.element.get("pubdate") is not None:
            return False  # Twenty Twenty-One writes `published updated` on the publish date
        if MODIFIED_WORD.search(names) and (self._says_published or not DATE_OF_THEME.search(names)):
            return True
        return MODIFIED_TEXT.match(mark.text) is not None

    def times(self) -> list[tuple[str, str]]:
        """Every (`time`, words) in the markup, those named as the publish date first."""
        marks = [m for m in self._published_marks if machine_words(m)]
        marks.sort(key=lambda m: not PUBLISHED_WORD.search(names_of(m)))
        return [("time", machine_words(m)) for m in self._unless_list(marks)]

    @cached_property
    def _published_marks(self) -> list[Mark]:
        return [m for m in self.marks if not self.is_modified(m)]

    def _unless_list(self, marks: list[Mark]) -> list[Mark]:
        """The marks in and around the article, and those below where all tell one day: several are a list of others."""
        end = self.container.end if self.container else len(self.outline.blocks)
        below = [m for m in marks if m.position >= end]
        if len({(machine_words(m) or m.text)[:10] for m in below}) > 1:
            return [m for m in marks if m.position < end]
        return marks

    def header(self) -> Iterator[str]:
        """What the named elements and the lines of the article's header say, and the dates in it."""
        for mark in self._unless_list(self._published_marks):
            yield from either(spaced(mark.element), MARK_LENGTH, part=True)
        for block, in_header in self._header_lines():
            if not MODIFIED_TEXT.match(block.text):
                yield from either(line_of(block), LINE_LENGTH, part=in_header)

    def _header_lines(self) -> Iterator[tuple[PageBlock, bool]]:
        """The lines around the title that may be the article's header, and whether they surely are."""
        first = max(0, self.title_position - NAMELESS)
        blocks = self.outline.blocks[first : self.text_start + NAMELESS + 1]
        for position, block in enumerate(blocks, first):
            named = block.rule in ("meta", "header")
            if (
                (position <= self.text_start or named)
                and block.kind in ("p", "ul", "h2", "h3", "h4")
                and block.rule not in self._elsewhere
                and DIGIT.search(block.text)
            ):
                yield block, named or position <= max(self.text_start - 1, self.title_position)

    def edits(self) -> Iterator[str]:
        """What the page shows as the last edit: named elements, then lines of the header that say so."""
        yield from (machine_words(mark) or mark.text for mark in self.marks if self.is_modified(mark))
        for block in (
            block for block, in_header in self._header_lines() if in_header and len(block.text) <= LINE_LENGTH
        ):
            if (label := MODIFIED_INSIDE.search(block.text)) and (date := dated_part(block.text[label.end() :])):
                yield date

    def beside(self) -> Iterator[str]:
        """The date in a small region of another name beside the title; in a longer one only where it says that it is
        the publish date."""
        for region in self.outline.regions:
            near = self.title_position - CHROME <= region.start <= self.text_start + CHROME
            if near and region.rule in ("sidebar", "ad", "share"):
                text = spaced(region.element)
                yield from either(text, MARK_LENGTH, part=True)
                if MARK_LENGTH < len(text) <= REGION_LENGTH:
                    told = {dated_part(text[m.end() : m.end() + LINE_LENGTH // 2]) for m in LABEL_INSIDE.finditer(text)}
                    yield from (date for date in told if date and len(told) == 1)

    def labelled(self) -> Iterator[str]:
        """The dates of lines anywhere in the article that say that it was published then."""
        blocks = self.outline.blocks
        for position in range(max(0, self.title_position - CHROME), min(self.end, len(blocks))):
            block = blocks[position]
            if not block.text or len(block.text) > SENTENCE_LENGTH or block.rule in self._elsewhere:
                continue
            if SENTENCE.match(block.text):
                yield from either(block.text[:MARK_LENGTH], MARK_LENGTH, part=True)
            if LONE_LABEL.fullmatch(block.text):
                if position + 1 < len(blocks):
                    yield from either(blocks[position + 1].text, LINE_LENGTH, part=False)
            elif DIGIT.search(block.text) and LABELLED.match(block.text):
                yield from either(line_of(block), MARK_LENGTH, part=True)
            elif self._is_foot(position) and (date := dated_part(HIDDEN_STAMP.sub(" | ", spaced(block.element)))):
                yield date

    def _is_foot(self, position: int) -> bool:
        """Whether a block is a byline below the text."""
        own = self.container is not None and self.container.end <= position
        return own and any(AUTHOR_ADDRESS.search(href) for href, _ in self.outline.blocks[position].links)


def line_of(block: PageBlock) -> str:
    """A block's text, with spaces between its elements where it is all that its element holds."""
    element = block.element
    return spaced(element) if cast("float", LENGTH(element)) <= 2 * LINE_LENGTH else block.text


def names_of(mark: Mark) -> str:
    return f"{mark.names} {mark.element.get('itemprop') or ''}"


@lru_cache(maxsize=20_000)
def names_date(names: str) -> bool:
    """Whether classes and ids are of an element that shows a date."""
    return DATE_WORD.search(names) is not None


def is_dated(mark: Mark) -> bool:
    """Whether an element is named like one that shows a date."""
    element = mark.element
    return element.tag == "time" or names_date(mark.names) or "date" in (element.get("itemprop") or "").lower()


def machine_words(mark: Mark) -> str:
    """What an element tells in an attribute: `datetime`, `content`, hAtom's `title`; "" where it has none."""
    element = mark.element
    words = element.get("datetime") or element.get("content")
    if words and words.endswith("+00:00") and LOCAL_AS_UTC.search(mark.names):
        return words[:-6]
    if words is None and MACHINE_DATE.match(element.get("title") or ""):
        words = element.get("title")
    return words or ""


def either(text: str, longest: int, *, part: bool) -> Iterator[str]:
    """A short text with a digit in it, then its first date where other matter may stand beside it."""
    if len(text) <= longest and DIGIT.search(text):
        yield text
        text = HIDDEN_STAMP.sub(" | ", text)
        if part and (date := dated_part(text)):
            yield date
