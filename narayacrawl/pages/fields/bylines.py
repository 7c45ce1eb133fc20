"""Read the byline of an article from its markup: a class, an author's address, `rel=author`, microdata."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice, pairwise
from typing import NamedTuple, cast

from lxml.etree import _Element as Element
from lxml.etree import iterwalk

from narayacrawl.language.credits import clean_name, credit_names, is_full_name, split_names
from narayacrawl.language.indonesian import WEEKDAYS
from narayacrawl.pages.outline.blocks import AUTHOR_ADDRESS, FieldElement, fold
from narayacrawl.pages.outline.outline import Outline
from narayacrawl.pages.outline.regions import MAX_CLASS_LENGTH
from narayacrawl.pages.outline.tags import BLOCK_TAGS, HEADING_KINDS

UNRELATED_REGIONS = frozenset(
    {"related", "sidebar", "comments", "ad", "popup", "footer", "navigation", "newsletter", "caption", "embed"}
)
BYLINE_CLASS = re.compile(r".*(?:author|byline|penulis|reporter|jurnalis|wartawan).*|fn|posted-by|vcard", re.IGNORECASE)
# Parts of an author's box that hold no name.
NAMELESS_CLASS = re.compile(
    r".*(?:desc|bio|avatar|image|img|photo|social|link|icon|posts?-(?:link|count)|follow|email|role|job|label|pre(?:fix)?).*|.*author-?url.*",
    re.IGNORECASE,
)
AUTHOR_TITLE_CLASS = re.compile(r"(?:^|\s)author[-_]?title(?:\s|$)", re.IGNORECASE)
# Parts of a byline that stand beside the name.
BYLINE_EXTRA_CLASS = re.compile(
    r".*(?:date|time|publish|tanggal|role|job|label|position|count).*|posted-on", re.IGNORECASE
)
BYLINE_EXTRA_PROPERTIES = frozenset({"jobTitle", "description", "image", "email", "datePublished", "dateModified"})
# `Oleh Sari | Minggu, 14 Desember 2025`, in one element: a name has no digit.
TRAILING_DATE = re.compile(
    r"\s{0,3}(?:(?:[|•·]|\s[–—-])[^|•·]{0,120}?\d|,\s*(?:\w+,?\s+)?\d"
    r"|\s(?:\d{1,2}[./-]\d{1,2}[./-]\d\d|\w{3,9}\s\d{1,2},?\s\d{4}|\d{1,2}\.?\s\w{3,9}\s\d{4})).*$"
)
DATE_OR_TIME = re.compile(r"\b(?:19|20)\d\d\b|\d[:.]\d\d\b")
NAME_AFTER_DATE = re.compile(r"\d.{0,40}?\s(?:oleh|by|von|par|por|door)\s(?P<name>[^\d|•·]{2,60})$", re.IGNORECASE)
# What is left of a date whose digits were cut off.
WEEKDAY_NAMES = WEEKDAYS.keys() | {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}
# Lines of an author's box that are no name.
AUTHOR_BOX_TEXT = re.compile(
    r"\b(?:view all|lihat semua|all posts|more (?:by|from)|recent (?:stories|posts|articles)|semua (?:tulisan|artikel)"
    r"|min(?:ute)?s? read|menit (?:baca|membaca))\b"
    r"|^(?:posted|updated|published|publicado|veröffentlicht|diperbarui)(?:\s+(?:on|at|am|el|pada))?(?:\s\w+\s\d.*)?$"
    r"|^(?:on|at|am|in|pada|von|by|oleh|par|por|e-?mail|foto|photo|quelle|source|sumber|show authors)$",
    re.IGNORECASE,
)
# A name more blocks than this from the headline may be another article's.
MAX_DISTANCE = 12
# Bounds of the search for a byline: positions on the page, elements at each, steps through one element.
MAX_POSITIONS, MAX_ELEMENTS_PER_POSITION, MAX_WALK_STEPS = 100, 30, 1000


class SiteNames(NamedTuple):
    """What is no author's name on a page: the names of the site and the article's title, folded."""

    names: frozenset[str]
    title: str

    def remove_from(self, names: list[str]) -> list[str]:
        """Return the names once each, without the site's: neither alone nor beside a name (`NarayaPost - Budi`)."""
        kept = (self._remove_site(name) for name in names)
        return list(dict.fromkeys(name for name in kept if name and fold(name) != self.title))

    def _remove_site(self, name: str) -> str:
        """Remove the site's name from one name; "" if nothing else is left."""
        if fold(name) in self.names:
            return ""
        parts = re.split(r"\s[-–—|/]\s|,\s", name)
        others = [part for part in parts if fold(part) not in self.names]
        if 0 < len(others) < len(parts):
            return " - ".join(others)
        words = name.split()
        ends = (count for count in (1, 2, 3) if fold(" ".join(words[-count:])) in self.names)
        person = " ".join(words[: -next(ends, len(words))])
        return person if is_full_name(person) else name


@lru_cache(maxsize=20_000)
def is_byline_class(names: str) -> bool | None:
    """True if classes and ids are those of a byline; None if they belong to a part of one that holds no name."""
    words = names.split()
    if "hentry" in words or (any(map(NAMELESS_CLASS.fullmatch, words)) and not {"fn", "author-name"} & {*words}):
        return None
    return any(map(BYLINE_CLASS.fullmatch, words))


@lru_cache(maxsize=20_000)
def is_byline_extra_class(names: str) -> bool:
    """True if a class is of a byline's date or role."""
    return any(map(BYLINE_EXTRA_CLASS.fullmatch, names.split()))


def is_byline(field_element: FieldElement) -> bool:
    """True if an element is a byline: by its class, an author's address, `rel=author` or microdata."""
    by_class = is_byline_class(field_element.class_and_id) if field_element.class_and_id else False
    if by_class is None or field_element.region in UNRELATED_REGIONS:
        return False
    element = field_element.element
    if by_class:
        # A role, but in the heading of an author's box (Twenty Twenty-One) the name.
        is_role = element.tag not in HEADING_KINDS and AUTHOR_TITLE_CLASS.search(field_element.class_and_id) is not None
        return element.tag != "article" and not is_role
    if element.tag == "a":
        href = element.get("href") or ""
        if "author" in href and AUTHOR_ADDRESS.search(href):
            return True
        if "author" in (element.get("rel") or "").split():
            return True
    return element.get("itemprop") == "author"


def byline_lines(element: Element) -> list[str]:
    """Return the lines of a byline without the date and role that stand in elements of their own. Names and roles that
    only the style sheet separates become lines of their own."""
    parts: list[str] = []
    walk = iterwalk(element, events=("start", "end", "comment", "pi"))
    extra: Element | None = None
    for event, current in islice(cast("Iterator[tuple[str, Element]]", walk), MAX_WALK_STEPS):
        if current is element:
            _append_text(current.text if event == "start" else None, parts)
        elif event == "start" and _is_byline_extra(current):
            walk.skip_subtree()
            extra = current
        else:
            if (current.tag in BLOCK_TAGS and current is not extra) or (current.tag == "br" and event == "start"):
                parts.append("\n")
            _append_text(current.text if event == "start" else current.tail, parts)
    return [line for part in "".join(parts).split("\n") if (line := " ".join(part.split()))]


def _is_byline_extra(element: Element) -> bool:
    """True if an element of a byline holds something other than the name."""
    names = element.get("class")
    return (
        element.tag in ("time", "sup", "script", "style", "svg", "button")
        or element.get("itemprop") in BYLINE_EXTRA_PROPERTIES
        or (names is not None and is_byline_extra_class(names[:MAX_CLASS_LENGTH]))
    )


def _append_text(text: str | None, parts: list[str]) -> None:
    """Append a text; where two words are glued together, the second begins a new line."""
    if text:
        if parts and parts[-1][-1:].isalnum() and text[0].isupper():
            parts.append("\n")
        parts.append(" ".join(text.split("\n")))


def strip_date(line: str) -> str:
    """Return a line of a byline without its date: what stands before the date, or the name after it."""
    if len(line) > 120:
        return ""
    match = NAME_AFTER_DATE.search(line)
    words = (match["name"] if match else TRAILING_DATE.sub("", line)).split()
    if words and words[-1].strip(",.").lower() in WEEKDAY_NAMES:
        words.pop()
    return " ".join(words)


def names_of_element(field_element: FieldElement) -> tuple[list[str], list[str]]:
    """Return the (authors, editors) of a byline element: those of its first line that names anyone."""
    for line in map(strip_date, byline_lines(field_element.element)):
        if (credit := credit_names(line)) and any(credit):
            return credit
        if not line or len(line) > 80 or AUTHOR_BOX_TEXT.search(line.rstrip(" :")) or DATE_OR_TIME.search(line):
            continue
        if (name := clean_name(line)) and not name[0].isdigit():
            return split_names(name), []
    return [], []


def nearest_byline_names(
    outline: Outline, headline_end: int, site_names: SiteNames
) -> tuple[list[str], list[str], int]:
    """Return the (authors, editors, distance in blocks) of the byline nearest to the headline; ([], [], MAX_DISTANCE +
    1) if the page shows none."""
    groups: dict[int, list[FieldElement]] = {}
    for element in outline.field_elements:
        if is_byline(element):
            group = groups.setdefault(element.position, [])
            if len(group) < MAX_ELEMENTS_PER_POSITION:
                group.append(element)
    by_distance = sorted(groups, key=lambda position: abs(position - headline_end))[:MAX_POSITIONS]
    names_read: dict[int, tuple[list[str], list[str]]] = {}

    def authors_at(position: int, *, of_outer: bool = False) -> list[str]:
        if position not in names_read or of_outer:
            elements = groups[position] if of_outer else innermost_elements(groups, position)
            found = [names_of_element(element) for element in elements]
            authors = site_names.remove_from([name for names, _ in found for name in names])
            names_read[position] = authors, [name for _, names in found for name in names]
        return names_read[position][0]

    nearest = next((position for position in by_distance if authors_at(position)), None)
    if nearest is None:  # a box whose inner bylines are links and roles
        close_by = [position for position in by_distance if abs(position - headline_end) <= MAX_DISTANCE]
        nearest = next((position for position in close_by if authors_at(position, of_outer=True)), None)
    if nearest is None:
        return [], [name for _, names in names_read.values() for name in names], MAX_DISTANCE + 1
    distance = abs(nearest - headline_end)
    if headline_end and distance > MAX_DISTANCE:
        named_positions = sorted(position for position in by_distance[:12] if authors_at(position))
        gaps = sum(after - before > 2 for before, after in pairwise(named_positions))
        if gaps > 1:  # bylines in other articles' cards
            return [], [], MAX_DISTANCE + 1
    # A byline of several names may be split into several blocks, alike and next to each other.
    kinds = {(element.element.tag, element.class_and_id) for element in groups[nearest]}
    alike = (
        position
        for position, field_elements in groups.items()
        if kinds & {(element.element.tag, element.class_and_id) for element in field_elements}
    )
    close = sorted(position for position in alike if abs(position - nearest) <= 2)
    names = [name for position in close for name in authors_at(position)]
    return list(dict.fromkeys(names)), [name for position in close for name in names_read[position][1]], distance


def innermost_elements(groups: dict[int, list[FieldElement]], position: int) -> list[FieldElement]:
    """Return the byline elements at a position that contain no other one with text."""
    at_position = groups[position]
    nearby = [other for near_position in range(position, position + 3) for other in groups.get(near_position, ())]
    outer = {ancestor for other in nearby if not is_blank(other.element) for ancestor in near_ancestors(other.element)}
    return [other for other in at_position if other.element not in outer]


def is_blank(element: Element) -> bool:
    """True if an element holds no text."""
    return all(text.isspace() for text in element.itertext())


def near_ancestors(element: Element) -> list[Element]:
    """Return the nearest ancestors of an element: a byline's box is not deep."""
    found: list[Element] = []
    ancestor = element.getparent()
    while ancestor is not None and len(found) < 6:
        found.append(ancestor)
        ancestor = ancestor.getparent()
    return found
