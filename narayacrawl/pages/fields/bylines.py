"""The byline of an article where its markup tells it: a class, an author's address, `rel=author`, microdata."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice, pairwise
from typing import NamedTuple, cast

from lxml.etree import _Element as Element
from lxml.etree import iterwalk

from narayacrawl.language.credits import byline_parts, clean_name, credit_names, is_full_name
from narayacrawl.language.indonesian import WEEKDAYS
from narayacrawl.pages.outline.blocks import AUTHOR_ADDRESS, Mark, fold
from narayacrawl.pages.outline.outline import BLOCKS, LONGEST_NAMES, Outline

ELSEWHERE = frozenset(
    {"related", "sidebar", "comments", "ad", "popup", "footer", "navigation", "newsletter", "caption", "embed"}
)
BYLINE_WORD = re.compile(r".*(?:author|byline|penulis|reporter|jurnalis|wartawan).*|fn|posted-by|vcard", re.IGNORECASE)
# Parts of an author's box that hold no name.
NO_NAME = re.compile(
    r".*(?:desc|bio|avatar|image|img|photo|social|link|icon|posts?-(?:link|count)|follow|email|role|job|label|pre(?:fix)?).*|.*author-?url.*",
    re.IGNORECASE,
)
# Parts of a byline beside the name.
BESIDE_NAME = re.compile(r".*(?:date|time|publish|tanggal|role|job|label|position|count).*|posted-on", re.IGNORECASE)
BESIDE_PROPERTY = frozenset({"jobTitle", "description", "image", "email", "datePublished", "dateModified"})
# `Oleh Sari | Minggu, 14 Desember 2025`, in one element: a name has no digit.
WITH_DATE = re.compile(
    r"\s{0,3}(?:(?:[|•·]|\s[–—-])[^|•·]{0,120}?\d|,\s*(?:\w+,?\s+)?\d"
    r"|\s(?:\d{1,2}[./-]\d{1,2}[./-]\d\d|\w{3,9}\s\d{1,2},?\s\d{4}|\d{1,2}\.?\s\w{3,9}\s\d{4})).*$"
)
DATED = re.compile(r"\b(?:19|20)\d\d\b|\d[:.]\d\d\b")
AFTER_DATE = re.compile(r"\d.{0,40}?\s(?:oleh|by|von|par|por|door)\s(?P<name>[^\d|•·]{2,60})$", re.IGNORECASE)
# What is left of a date whose digits were cut off.
DAYS = WEEKDAYS.keys() | {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}
# Lines of a byline's box that are no name.
BOX = re.compile(
    r"\b(?:view all|lihat semua|all posts|more (?:by|from)|recent (?:stories|posts|articles)|semua tulisan"
    r"|min(?:ute)?s? read|menit (?:baca|membaca))\b"
    r"|^(?:posted|updated|published|publicado|veröffentlicht|diperbarui)(?:\s+(?:on|at|am|el|pada))?(?:\s\w+\s\d.*)?$"
    r"|^(?:on|at|am|in|pada|von|by|oleh|par|por|e-?mail|foto|photo|quelle|source|sumber|show authors)$",
    re.IGNORECASE,
)
# So many blocks from the title a name may be another article's.
FAR = 12
# So many places of a page are looked at for a byline, so many elements at each, so many steps through an element.
MOST_PLACES, MOST_MARKS, LONGEST_BOX = 100, 30, 1000


class Site(NamedTuple):
    """What is no author's name on a page: the names of the site and the article's title, folded."""

    names: frozenset[str]
    title: str

    def without(self, names: list[str]) -> list[str]:
        """The names once each, without the site's: neither alone nor beside a name (`NarayaPost - Budi`)."""
        kept = (self._without(name) for name in names)
        return list(dict.fromkeys(name for name in kept if name and fold(name) != self.title))

    def _without(self, name: str) -> str:
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
def named_byline(names: str) -> bool | None:
    """Whether classes and ids are a byline's; None where they are of a part of one that holds no name."""
    words = names.split()
    if "hentry" in words or (any(map(NO_NAME.fullmatch, words)) and not {"fn", "author-name"} & {*words}):
        return None
    return any(map(BYLINE_WORD.fullmatch, words))


@lru_cache(maxsize=20_000)
def beside_name(names: str) -> bool:
    return any(map(BESIDE_NAME.fullmatch, names.split()))


def is_byline(mark: Mark) -> bool:
    named = named_byline(mark.names) if mark.names else False
    if named is None or mark.region in ELSEWHERE:
        return False
    element = mark.element
    if named:
        return element.tag != "article"
    if element.tag == "a":
        href = element.get("href") or ""
        if "author" in href and AUTHOR_ADDRESS.search(href):
            return True
        if "author" in (element.get("rel") or "").split():
            return True
    return element.get("itemprop") == "author"


def name_lines(element: Element) -> list[str]:
    """The lines of a byline, without the date and the role that stand in elements of their own. Names and roles that
    only the style sheet parts are lines of their own."""
    parts: list[str] = []
    walk = iterwalk(element, events=("start", "end", "comment", "pi"))
    beside: Element | None = None
    for event, own in islice(cast("Iterator[tuple[str, Element]]", walk), LONGEST_BOX):
        if own is element:
            _add(own.text if event == "start" else None, parts)
        elif event == "start" and _is_beside(own):
            walk.skip_subtree()
            beside = own
        else:
            if (own.tag in BLOCKS and own is not beside) or (own.tag == "br" and event == "start"):
                parts.append("\n")
            _add(own.text if event == "start" else own.tail, parts)
    return [line for part in "".join(parts).split("\n") if (line := " ".join(part.split()))]


def _is_beside(element: Element) -> bool:
    """Whether an element of a byline holds something beside the name."""
    names = element.get("class")
    return (
        element.tag in ("time", "sup", "script", "style", "svg", "button")
        or element.get("itemprop") in BESIDE_PROPERTY
        or (names is not None and beside_name(names[:LONGEST_NAMES]))
    )


def _add(text: str | None, parts: list[str]) -> None:
    if text:
        if parts and parts[-1][-1:].isalnum() and text[0].isupper():
            parts.append("\n")
        parts.append(" ".join(text.split("\n")))


def undated(line: str) -> str:
    """A line of a byline without its date: what stands before that, or the name after it."""
    if len(line) > 120:
        return ""
    after = AFTER_DATE.search(line)
    words = (after["name"] if after else WITH_DATE.sub("", line)).split()
    if words and words[-1].strip(",.").lower() in DAYS:
        words.pop()
    return " ".join(words)


def names_of(mark: Mark) -> tuple[list[str], list[str]]:
    """(authors, editors) that a marked byline names: those of its first line that names anybody."""
    for line in map(undated, name_lines(mark.element)):
        if (credit := credit_names(line)) and any(credit):
            return credit
        if not line or len(line) > 80 or BOX.search(line.rstrip(" :")) or DATED.search(line):
            continue
        if (name := clean_name(line)) and not name[0].isdigit():
            return byline_parts(name), []
    return [], []


def byline_names(outline: Outline, title_position: int, site: Site) -> tuple[list[str], list[str], int]:
    """(authors, editors, blocks from the title) of the byline nearest to the title; ([], [], FAR + 1) where the page
    shows none."""
    groups: dict[int, list[Mark]] = {}
    for mark in outline.marks:
        if is_byline(mark):
            group = groups.setdefault(mark.position, [])
            if len(group) < MOST_MARKS:
                group.append(mark)
    by_distance = sorted(groups, key=lambda position: abs(position - title_position))[:MOST_PLACES]
    read: dict[int, tuple[list[str], list[str]]] = {}

    def names_at(position: int) -> list[str]:
        if position not in read:
            found = [names_of(mark) for mark in innermost(groups, position)]
            authors = site.without([name for names, _ in found for name in names])
            read[position] = authors, [name for _, names in found for name in names]
        return read[position][0]

    nearest = next((position for position in by_distance if names_at(position)), None)
    if nearest is None:
        return [], [name for _, names in read.values() for name in names], FAR + 1
    distance = abs(nearest - title_position)
    if title_position and distance > FAR:
        others = sorted(position for position in by_distance[:12] if names_at(position))
        if sum(after - before > 2 for before, after in pairwise(others)) > 1:  # the cards of other articles
            return [], [], FAR + 1
    # A byline of several names may be cut in several blocks, alike and next to each other.
    kinds = {(m.element.tag, m.names) for m in groups[nearest]}
    alike = (at for at, marks in groups.items() if kinds & {(m.element.tag, m.names) for m in marks})
    close = sorted(position for position in alike if abs(position - nearest) <= 2)
    names = [name for position in close for name in names_at(position)]
    return list(dict.fromkeys(names)), [name for position in close for name in read[position][1]], distance


def innermost(groups: dict[int, list[Mark]], position: int) -> list[Mark]:
    """The marks at a position that hold no other with text."""
    marks = groups[position]
    near = [m for at in range(position, position + 3) for m in groups.get(at, ())]
    around = {above for m in near if not is_blank(m.element) for above in parents(m.element)}
    return [m for m in marks if m.element not in around]


def is_blank(element: Element) -> bool:
    """Whether there is no text in an element."""
    return all(text.isspace() for text in element.itertext())


def parents(element: Element) -> list[Element]:
    """The nearest elements around an element: a byline's box is not deep."""
    found: list[Element] = []
    above = element.getparent()
    while above is not None and len(found) < 6:
        found.append(above)
        above = above.getparent()
    return found
