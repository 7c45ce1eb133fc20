"""Tell the elements of a page that are bylines, by a class, an author's address, `rel=author` or microdata, and read
the names in them."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import cast
from urllib.parse import unquote

from lxml.etree import _Element as Element
from lxml.etree import iterwalk

from narayacrawl.language.byline_extras import strip_extras
from narayacrawl.language.credits import (
    clean_name,
    credit_names,
    names_before_editor,
    opens_like_byline,
    split_names,
)
from narayacrawl.pages.fields.page_names import PERSON_ADDRESS
from narayacrawl.pages.outline.blocks import AUTHOR_ADDRESS, FieldElement, fold
from narayacrawl.pages.outline.regions import MAX_CLASS_LENGTH
from narayacrawl.pages.outline.tags import BLOCK_TAGS, HEADING_KINDS

UNRELATED_REGIONS = frozenset(
    {"related", "sidebar", "comments", "ad", "popup", "footer", "navigation", "newsletter", "caption", "embed"}
)
# Parts of the names of a byline, and its whole names.
BYLINE_PARTS = ("author", "byline", "penulis", "reporter", "jurnalis", "wartawan")
BYLINE_NAMES = frozenset({"fn", "posted-by", "vcard"})
# Parts of the names of what holds no name in an author's box.
NAMELESS_PARTS = (
    *("desc", "bio", "avatar", "image", "img", "photo", "social", "link", "icon", "post-count", "posts-count"),
    *("follow", "email", "role", "job", "label", "pre", "author-url", "authorurl"),
)
AUTHOR_TITLE_CLASS = re.compile(r"(?:^|\s)author[-_]?title(?:\s|$)", re.IGNORECASE)
# Parts of a byline that stand beside the name.
BYLINE_EXTRA_CLASS = re.compile(
    r"date|time|publish|tanggal|role|job|label|position|count|source|sumber|(?<!\S)posted-on(?!\S)", re.IGNORECASE
)
BYLINE_EXTRA_PROPERTIES = frozenset({"jobTitle", "description", "image", "email", "datePublished", "dateModified"})
DATE_OR_TIME = re.compile(r"\b(?:19|20)\d\d\b|\d[:.]\d\d\b")
# Lines of an author's box that are no name.
AUTHOR_BOX_TEXT = re.compile(
    r"\b(?:view all|lihat semua|all posts|more (?:by|from)|recent (?:stories|posts|articles)|semua (?:tulisan|artikel)"
    r"|min(?:ute)?s? read|menit (?:baca|membaca)|(?:this|the) (?:article|story|post)|(?:artikel|berita|tulisan) ini"
    r"|diese[nr]? (?:artikel|beitrag)|cet article)\b"
    r"|^(?:posted|updated|published|publicado|veröffentlicht|diperbarui)(?:\s+(?:on|at|am|el|pada))?(?:\s\w+\s\d.*)?$"
    r"|^(?:on|at|am|in|pada|von|by|oleh|par|por|e-?mail|foto|photo|quelle|source|sumber|show authors)$",
    re.IGNORECASE,
)
# A class that is an author's and nothing else: `post-author`, `author-info__name`.
NAME_CLASS = re.compile(
    r"(?:.*[-_])?(?:author|byline|penulis|reporter|jurnalis|wartawan)s?(?:[-_]*(?:names?|links?|vcard|text)|[\w-]*[-_]names?)?"
    r"|fn|posted-by",
    re.IGNORECASE,
)
# A line of a box that says whose name comes next, where that is no author's.
ROLE_LABEL = re.compile(
    r"(?P<editor>editor|redaktur(?:\spelaksana)?|penyunting)\s?:?"
    r"|(?:foto(?:grafer)?|photos?|photographer|fotograf(?:in)?|ilustrasi|ilustrator|illustration|videografer|bild(?:er)?)(?:\s(?:oleh|by|von|par))?\s?:?",
    re.IGNORECASE,
)
# The heading of an author's box.
AUTHOR_BOX_LABEL = re.compile(
    r"(?:tentang|profil|mengenal)\s(?:sang\s)?penulis|about\s(?:the\s)?(?:author|writer)|über\s(?:den|die)\s(?:autor\w*|verfasser\w*)"
    r"|(?:à\spropos\sde\sl.auteur\w*)|sobre\s(?:el|la|o|a)\sautora?",
    re.IGNORECASE,
)
MAX_ADDRESS_LENGTH = 300
# Steps through one element.
MAX_WALK_STEPS = 1000


@lru_cache(maxsize=20_000)
def is_byline_class(names: str) -> bool | None:
    """True if classes and ids are those of a byline; None if they belong to a part of one that holds no name."""
    words, lower = {*names.split()}, names.lower()
    if "hentry" in words or (any(part in lower for part in NAMELESS_PARTS) and not {"fn", "author-name"} & words):
        return None
    return any(part in lower for part in BYLINE_PARTS) or not BYLINE_NAMES.isdisjoint(lower.split())


@lru_cache(maxsize=20_000)
def is_byline_extra_class(names: str) -> bool:
    """True if a class is of a byline's date or role."""
    return BYLINE_EXTRA_CLASS.search(names) is not None


@lru_cache(maxsize=20_000)
def is_name_class(names: str) -> bool:
    """True if a class is an author's name's and nothing else's."""
    return any(map(NAME_CLASS.fullmatch, names.split()))


def is_byline(field_element: FieldElement) -> bool:
    """True if an element is a byline: by its class, an author's address, `rel=author` or microdata."""
    if field_element.region in UNRELATED_REGIONS:
        return False
    by_class = is_byline_class(field_element.class_and_id) if field_element.class_and_id else False
    if by_class is None:
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
            text = current.text if event == "start" else current.tail
            _append_text(text, parts, glued=event in ("start", "end"))
    return [line for part in "".join(parts).split("\n") if (line := " ".join(part.split()))]


def _is_byline_extra(element: Element) -> bool:
    """True if an element of a byline holds something other than the name."""
    names = (element.get("class") or "")[:MAX_CLASS_LENGTH]
    return (
        element.tag in ("time", "sup", "script", "style", "svg")
        or (element.tag == "button" and not is_byline_class(names))
        or element.get("itemprop") in BYLINE_EXTRA_PROPERTIES
        or is_byline_extra_class(names)
    )


def _append_text(text: str | None, parts: list[str], *, glued: bool = True) -> None:
    """Append a text; one that is glued to the word before it begins a new line, but after a single letter (a drop cap).
    A comment parts no words."""
    if text:
        before = parts[-1] if parts else ""
        if glued and before[-1:].isalnum() and (text[0].isupper() or (text[0].isalnum() and before[-2:-1].isalnum())):
            parts.append("\n")
        parts.append(" ".join(text.split("\n")))


def names_of_element(field_element: FieldElement) -> tuple[list[str], list[str]]:
    """Return the (authors, editors) of a byline element: those of its first line that names an author, and the editors
    above it."""
    editors: list[str] = []
    role: str | None = None
    for line in byline_lines(field_element.element):
        if label := ROLE_LABEL.fullmatch(line):
            role = "editor" if label["editor"] else "picture"
            continue
        text = strip_extras(line)
        if (credit := credit_names(text) or names_before_editor(text)) and any(credit):
            return credit
        is_no_name = (
            not text or len(text) > 80 or AUTHOR_BOX_TEXT.search(text.rstrip(" :")) or DATE_OR_TIME.search(text)
        )
        name = name_of_link(field_element.element, text) or (None if is_no_name else clean_name(text))
        if name and not name[0].isdigit():
            if role is None:
                return split_names(name), editors
            editors += split_names(name) if role == "editor" else []
            role = None
    names = [
        element.get("content") or ""
        for element in islice(field_element.element.iter("meta"), 10)
        if element.get("itemprop") == "name"
    ]
    return [name for text in names if (name := clean_name(text))], editors


def name_of_link(element: Element, text: str) -> str | None:
    """Return the end of a link's text that is the name in its address: `Alle Beiträge von sari` at `/author/sari/`,
    where a word in lower case parts them."""
    href = (element.get("href") or "") if element.tag == "a" else ""
    match = PERSON_ADDRESS.search(href) if len(href) < MAX_ADDRESS_LENGTH else None
    words = text.split()
    if match is None or len(words) < 2:
        return None
    slug = fold(unquote(match["slug"]))
    ends = (" ".join(words[start:]) for start in range(1, min(len(words), 6)) if words[start - 1].islower())
    return next((end for end in ends if fold(end) == slug), None)


def is_proven(field_element: FieldElement) -> bool:
    """True if more than a part of a class says that an element is a byline: a class of nothing but the name, a link to
    a person's page, `rel=author`, microdata, or words like `Oleh`."""
    element = field_element.element
    if is_name_class(field_element.class_and_id) or element.get("itemprop") == "author":
        return True
    if "author" in (element.get("rel") or "").split() or opens_like_byline(field_element.text[:80]):
        return True
    links = islice(element.iter("a"), 5)
    return any(leads_to_person(link) for link in (*links, *element.iterancestors("a")))


def leads_to_person(link: Element) -> bool:
    """True if a link leads to a person's page."""
    href = link.get("href") or ""
    if "author" in (link.get("rel") or "").split():
        return True
    return is_person_address(href)


def is_person_address(href: str) -> bool:
    """True for the address of a person's page."""
    return len(href) < MAX_ADDRESS_LENGTH and (AUTHOR_ADDRESS.search(href) or PERSON_ADDRESS.search(href)) is not None
