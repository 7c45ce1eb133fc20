"""Who wrote an article: the names in its byline, else those in its metadata."""

import re

from lxml.etree import iterwalk

from narayacrawl.credits import byline_parts, byline_text, clean_name
from narayacrawl.indonesian import WEEKDAYS
from narayacrawl.pages.metadata import Metadata
from narayacrawl.pages.outline import Outline
from narayacrawl.pages.pieces import AUTHOR_ADDRESS, Mark

ELSEWHERE = frozenset({"related", "sidebar", "comments", "ad", "popup", "footer", "navigation", "newsletter"})
BYLINE_WORD = re.compile(r".*(?:author|byline|penulis|reporter|jurnalis|wartawan).*|fn|posted-by|vcard", re.IGNORECASE)
# Parts of an author's box that hold no name.
NO_NAME = re.compile(
    r".*(?:desc|bio|avatar|image|img|photo|social|link|icon|posts?-(?:link|count)|follow|email|role|job|label|pre(?:fix)?).*|.*author-?url.*",
    re.IGNORECASE,
)
DATE_WORD = re.compile(r".*date.*|.*time.*|posted-on|.*publish.*|.*tanggal.*", re.IGNORECASE)
# `Oleh Sari | Minggu, 14 Desember 2025`, in one element: a name has no digit.
WITH_DATE = re.compile(r"\s*(?:(?:[|•·]|\s[–—-])\s*[^|•·]*\d|,\s*(?:\w+,?\s+)?\d).*$")
DATED = re.compile(r"\b(?:19|20)\d\d\b|\d[:.]\d\d\b")
DESK = re.compile(r"(?:redaksi|redaktion|tim|team|admin\w*|editor|news\w*|staff|the)\b", re.IGNORECASE)
# What is left of a date whose digits were cut off.
DAYS = WEEKDAYS.keys() | {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}
# Lines of a byline's box that are no name.
BOX = re.compile(
    r"\b(?:view all|lihat semua|all posts|more by|semua tulisan|min(?:ute)?s? read|menit (?:baca|membaca))\b"
    r"|^(?:posted|updated|published|von|by|oleh)$",
    re.IGNORECASE,
)


def is_byline(mark: Mark) -> bool:
    element = mark.element
    if element.tag in ("article", "meta", "link") or "hentry" in mark.names:
        return False
    words = mark.names.split()
    if any(NO_NAME.fullmatch(word) for word in words) and not any(word in ("fn", "author-name") for word in words):
        return False
    return (
        AUTHOR_ADDRESS.search(element.get("href") or "") is not None
        or "author" in (element.get("rel") or "").split()
        or element.get("itemprop") == "author"
        or any(map(BYLINE_WORD.fullmatch, words))
    )


def name_text(mark: Mark) -> str:
    """The text of a byline without the date that stands in it."""
    parts = [mark.element.text or ""]
    walk = iterwalk(mark.element, events=("start", "end"))
    for event, element in walk:
        if event == "end":
            parts.append(element.tail or "" if element is not mark.element else "")
        elif element is not mark.element:
            if element.tag == "time" or any(map(DATE_WORD.fullmatch, (element.get("class") or "").split())):
                walk.skip_subtree()
            else:
                parts.append(element.text or "")
    return WITH_DATE.sub("", " ".join("".join(parts).split()))


def byline_names(outline: Outline, title_position: int) -> list[str]:
    """The names of the byline nearest to the title, in order; [] where the page shows none."""
    marks = [m for m in outline.marks if m.region not in ELSEWHERE and is_byline(m)]
    around = {ancestor for m in marks if m.text for ancestor in m.element.iterancestors()}
    inner = [m for m in marks if m.element not in around]
    groups: dict[int, list[str]] = {}
    for mark in inner:
        text = name_text(mark)
        name = None if not text or len(text) > 80 or BOX.search(text) or DATED.search(text) else clean_name(text)
        if name and name.lower() not in DAYS:
            groups.setdefault(mark.position, []).extend(byline_parts(name))
    if not groups:
        return []
    # A byline may be cut in several pieces (`Oleh`, the name, the date): those next to each other are one.
    nearest = min(groups, key=lambda position: abs(position - title_position))
    return list(
        dict.fromkeys(name for position, names in groups.items() if abs(position - nearest) <= 2 for name in names)
    )


def text_names(outline: Outline, title_position: int) -> list[str]:
    """The name of a byline that only its words tell (`Oleh Budi • …`), in the lines next to the title; [] where there
    is none."""
    near = outline.pieces[max(0, title_position - 2) : title_position + 4]
    lines = [piece.text for piece in near if piece.rule in (None, "meta", "header") and len(piece.text) <= 120]
    return [name for line in lines if (name := byline_text(line))][:1]


def is_person(name: str, site_name: str | None) -> bool:
    """Whether a name is a full one of a person, not a desk's or an account's."""
    return " " in name and not DESK.match(name) and not (site_name and site_name.casefold() in name.casefold())


def metadata_names(metadata: Metadata) -> list[str]:
    """The authors that JSON-LD names, else the meta tags: `author`, `article:author` where it is no address, Twitter's
    `Ditulis oleh`."""
    stated = metadata.names(metadata.article.get("author"))
    stated = stated or [
        n for n in metadata.meta.get("author", []) + metadata.meta.get("article:author", []) if "://" not in n
    ]
    if not stated and re.search(r"ditulis|written|oleh", metadata.first("twitter:label1") or "", re.IGNORECASE):
        stated = metadata.meta.get("twitter:data1", [])
    names = [name for text in stated if (name := clean_name(text))]
    return list(dict.fromkeys(part for name in names for part in byline_parts(name)))
