"""Who wrote an article: the names in its byline, else those in its metadata, else those in a line of text."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from lxml.etree import _Element as Element

from narayacrawl.credits import byline_line, byline_parts, byline_text, clean_name, credit_names, is_full_name
from narayacrawl.indonesian import WEEKDAYS
from narayacrawl.pages.metadata import Metadata, types
from narayacrawl.pages.outline import BLOCKS, Outline
from narayacrawl.pages.pieces import AUTHOR_ADDRESS, Mark, Piece, fold

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
WITH_DATE = re.compile(r"\s*(?:(?:[|•·]|\s[–—-])\s*[^|•·]*\d|,\s*(?:\w+,?\s+)?\d).*$")
DATED = re.compile(r"\b(?:19|20)\d\d\b|\d[:.]\d\d\b")
AFTER_DATE = re.compile(r"\d.{0,40}?\s(?:oleh|by|von|par|por|door)\s(?P<name>[^\d|•·]{2,60})$", re.IGNORECASE)
# What is left of a date whose digits were cut off.
DAYS = WEEKDAYS.keys() | {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}
# Lines of a byline's box that are no name.
BOX = re.compile(
    r"\b(?:view all|lihat semua|all posts|more (?:by|from)|recent (?:stories|posts|articles)|semua tulisan|min(?:ute)?s? read"
    r"|menit (?:baca|membaca))\b|^(?:posted|updated|published|publicado|veröffentlicht|diperbarui)(?:\s+(?:on|at|am|el|pada))?"
    r"(?:\s\w+\s\d.*)?$|^(?:von|by|oleh|par|por|e-?mail|foto|photo|quelle|source|sumber|show authors)$",
    re.IGNORECASE,
)
# The page of a person, as newsrooms' own systems call it.
PERSON_ADDRESS = re.compile(
    r"/(?:authors?|autor(?:a|en|es|in|innen)?|auteurs?|penulis|reporter|wartawan|jurnalis|kontributor|contributors?|staff|team"
    r"|people|profile?s?|redaktion|redaksi|writers?|journalists?|users?)/(?P<slug>[^/?#]+)/?$",
    re.IGNORECASE,
)
# Meta tags that name the writer, as newsrooms' own systems and their statistics write them.
META_AUTHORS = (
    "author", "article:author", "article:author_name", "byl", "parsely-author", "sailthru.author", "cxenseparse:author",
    "dc.creator", "dcterms.creator", "dc.author", "citation_author",
)  # fmt: skip
# So many pieces from the title a name may be another article's.
FAR = 12


class Byline(NamedTuple):
    """The names of an article's writers and where they were read: `byline`, `json-ld`, `meta`, `text`; None for
    nowhere. `editors` are those that the byline itself names."""

    names: list[str]
    source: str | None
    editors: list[str]


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
        return name if len(others) in (0, len(parts)) else " - ".join(others)


def read_byline(
    outline: Outline, metadata: Metadata, title_position: int, site: Site, closing: Callable[[], list[str]]
) -> Byline:
    """The byline of an article; `closing` gives the last lines of its text, which are read where nothing else names
    anybody."""
    lines = outline.pieces[max(0, title_position - 3) : title_position + 6]
    lines = [p for p in lines if p.rule not in ELSEWHERE and p.text and len(p.text) <= 200]
    shown, editors, distance = byline_names(outline, title_position, site)
    if distance > FAR and (linked := linked_names(lines, site)):
        shown, distance = linked, 0
    told, source = metadata_names(metadata, site)
    # Who posts an article may write beneath its title who wrote it.
    written = [name for p in lines if p.rule in (None, "header") for name in byline_line(p.text)]
    if written and not {*map(fold, written)} & {*map(fold, (*shown, *told))}:
        return Byline(written, "text", editors)
    if told and (not shown or prefers_metadata(shown, told, distance, has_article=bool(metadata.article))):
        return Byline(told, source, editors)
    if shown:
        return Byline(shown, "byline", editors)
    signed = site.without([*text_names(lines, metadata)] or [*signed_names(closing())])
    return Byline(signed, "text" if signed else None, editors)


def prefers_metadata(shown: list[str], told: list[str], distance: int, *, has_article: bool) -> bool:
    """Whether the metadata's names are better than the byline's: full ones of which it shows a part, or persons that no
    byline shows, since that is another article's then, or a desk's."""
    short, full = [*map(fold, shown)], [*map(fold, told)]
    persons = any(is_full_name(name) for name in told)
    if {*short} & {*full}:
        return {*short} < {*full}
    if len(short) == len(full) == 1 and persons:
        initials = "".join(word[0] for word in told[0].split()).casefold()
        return short[0] == initials or full[0].startswith(short[0]) or has_article or distance > FAR
    return persons and (has_article or distance > FAR)


# Marked bylines


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
    _collect(element, parts)
    return [line for part in "".join(parts).split("\n") if (line := " ".join(part.split()))]


def _collect(element: Element, parts: list[str]) -> None:
    _add(element.text, parts)
    for child in element:
        tag = child.tag
        if isinstance(tag, str) and not (
            tag in ("time", "sup", "script", "style", "svg", "button")
            or child.get("itemprop") in BESIDE_PROPERTY
            or ((names := child.get("class")) and beside_name(names))
        ):
            if tag in BLOCKS or tag == "br":
                parts.append("\n")
            _collect(child, parts)
            if tag in BLOCKS:
                parts.append("\n")
        _add(child.tail, parts)


def _add(text: str | None, parts: list[str]) -> None:
    if text:
        if parts and parts[-1][-1:].isalnum() and text[0].isupper():
            parts.append("\n")
        parts.append(" ".join(text.split("\n")))


def names_of(mark: Mark) -> tuple[list[str], list[str]]:
    """(authors, editors) that a marked byline names: those of its first line that names anybody."""
    for line in name_lines(mark.element):
        if len(line) > 120:
            continue
        if (credit := credit_names(line)) and any(credit):
            return credit
        after = AFTER_DATE.search(line)
        line = after["name"] if after else WITH_DATE.sub("", line)
        words = line.split()
        if words and words[-1].strip(",.").lower() in DAYS:
            line = " ".join(words[:-1])
        if not line or len(line) > 80 or BOX.search(line) or DATED.search(line):
            continue
        if name := clean_name(line):
            return byline_parts(name), []
    return [], []


def byline_names(outline: Outline, title_position: int, site: Site) -> tuple[list[str], list[str], int]:
    """(authors, editors, pieces from the title) of the byline nearest to the title; ([], [], FAR + 1) where the page
    shows none."""
    groups: dict[int, list[Mark]] = {}
    for mark in outline.marks:
        if is_byline(mark):
            groups.setdefault(mark.position, []).append(mark)
    by_distance = sorted(groups, key=lambda position: abs(position - title_position))
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
        others = {name for position in by_distance[:8] for name in names_at(position)}
        if len(others) > 2:  # the cards of other articles
            return [], [], FAR + 1
    # A byline may be cut in several pieces (`Oleh`, the name, the date): those next to each other are one.
    close = sorted(position for position in groups if abs(position - nearest) <= 2)
    names = [name for position in close for name in names_at(position)]
    return list(dict.fromkeys(names)), [name for position in close for name in read[position][1]], distance


def innermost(groups: dict[int, list[Mark]], position: int) -> list[Mark]:
    """The marks at a position that hold no other with text."""
    marks = groups[position]
    near = [m for at in range(position, position + 3) for m in groups.get(at, ())]
    around = {above for m in near if m.text for above in parents(m.element)}
    return [m for m in marks if m.element not in around]


def parents(element: Element) -> list[Element]:
    """The nearest elements around an element: a byline's box is not deep."""
    found = []
    above = element.getparent()
    while above is not None and len(found) < 6:
        found.append(above)
        above = above.getparent()
    return found


# Metadata


def metadata_names(metadata: Metadata, site: Site) -> tuple[list[str], str | None]:
    """(authors, where) that JSON-LD names, else the meta tags, else what Yoast and Rank Math tell Slack: `twitter:data1`,
    labelled `Ditulis oleh` in the site's language."""
    pages = (node for node in metadata.graph if "WebPage" in types(node) and node.get("author"))
    label, data = metadata.first("twitter:label1"), metadata.meta.get("twitter:data1", [])
    places = (
        ("json-ld", metadata.names(metadata.article.get("author"))),
        *(("meta", metadata.meta.get(name, [])) for name in META_AUTHORS),
        ("meta", data if label and not any(map(str.isdigit, "".join(data))) else []),
        ("json-ld", metadata.names(next(pages, {}).get("author")) if not metadata.article else []),
    )
    for source, stated in places:
        names = [name for text in stated if "://" not in text and (name := clean_name(text))]
        found = site.without([part for name in names for part in byline_parts(name)])
        if found:
            return found, source
    return [], None


# Text


def linked_names(lines: list[Piece], site: Site) -> list[str]:
    """The names that link to a person's page beside the title."""
    names = []
    for href, text in (link for piece in lines for link in piece.links):
        match = PERSON_ADDRESS.search(href)
        if match and len(text) <= 60 and not BOX.search(text) and (name := clean_name(text)):
            if is_full_name(name) or fold(name) == fold(match["slug"]):
                names.append(name)
    return site.without(names)


def text_names(lines: list[Piece], metadata: Metadata) -> list[str]:
    """The name of a byline that only its words tell (`Oleh Budi • …`), or its place next to the date, in the lines next
    to the title; [] where there is none."""
    labelled = [name for piece in lines if (name := byline_text(piece.text))]
    if labelled:
        return byline_parts(labelled[0])
    sections = {*map(fold, (*metadata.meta.get("article:section", ()), *metadata.breadcrumb))}
    for piece, other in [*zip(lines, lines[1:], strict=False), *zip(lines[1:], lines, strict=False)]:
        beside_date = DATED.search(other.text) and len(other.text) <= 60 and other.kind == piece.kind
        if beside_date and not piece.links and is_full_name(piece.text) and fold(piece.text) not in sections:
            return [piece.text]
    return []


def signed_names(closing: list[str]) -> list[str]:
    """The name that closes a text: `Teks: Budi Santoso`, `(Budi Santoso)`."""
    for line in closing:
        if names := byline_line(line):
            return names
        if line.startswith("(") and line.endswith(")") and is_full_name(line[1:-1]):
            return [line[1:-1]]
    return []
