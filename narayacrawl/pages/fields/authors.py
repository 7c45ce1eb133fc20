"""Who wrote an article: the names in its byline, else those in its metadata, else those in a line of text."""

import re
from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple

from narayacrawl.language.credits import byline_line, byline_parts, byline_text, clean_name, is_full_name
from narayacrawl.language.places import PLACES
from narayacrawl.pages.fields.bylines import BOX, DATED, ELSEWHERE, FAR, Site, byline_names
from narayacrawl.pages.fields.metadata import Metadata, types
from narayacrawl.pages.outline.blocks import PageBlock, fold
from narayacrawl.pages.outline.outline import Outline

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


class Byline(NamedTuple):
    """The names of an article's writers and where they were read: `byline`, `json-ld`, `meta`, `text`; None for
    nowhere. `editors` are those that the byline itself names."""

    names: list[str]
    source: str | None
    editors: list[str]


def read_byline(
    outline: Outline, metadata: Metadata, title_position: int, site: Site, closing: Callable[[], list[str]]
) -> Byline:
    """The byline of an article; `closing` gives the last lines of its text, which are read where nothing else names
    anybody."""
    above, below = header_lines(outline, title_position)
    lines = [*above, *below]
    shown, editors, distance = byline_names(outline, title_position, site)
    if distance > FAR and (linked := linked_names(lines, site)):
        shown, distance = linked, 0
    told, source = metadata_names(metadata, site)
    # Who posts an article may write beneath its title who wrote it.
    written = [name for p in lines if p.rule in (None, "header") for name in byline_line(p.text)]
    folded = fold(" ".join(written))
    if written and not any(fold(name) in folded for name in (*shown, *told)):
        return Byline(written, "text", editors)
    if told and (not shown or prefers_metadata(shown, told, distance, has_article=bool(metadata.article))):
        return Byline(told, source, editors)
    if shown:
        return Byline(shown, "byline", editors)
    signed = site.without(labelled_names(lines) or dated_names(below, metadata) or signed_names(closing()))
    return Byline(signed, "text" if signed else None, editors)


def prefers_metadata(shown: list[str], told: list[str], distance: int, *, has_article: bool) -> bool:
    """Whether the metadata's names are better than the byline's: full ones of which it shows a part, or persons where
    it shows a desk or, far from the title, another article's writer."""
    short, full = [*map(fold, shown)], [*map(fold, told)]
    persons = any(map(is_full_name, told))
    if {*short} & {*full}:
        return {*short} < {*full} or (len(full) > 1 and persons and has_article and not {*full} < {*short})
    if distance > FAR:
        return persons or has_article
    if persons and all(any(name.startswith(other) for other in full) for name in short):
        return True  # `Budi Santoso, Redaktur Ekonomi` shown, `Budi Santoso` told
    if all(map(is_full_name, shown)) or not persons:
        return False
    initials = "".join(word[0] for word in told[0].split()).casefold()
    return has_article or short in ([initials], [full[0][: len(short[0])]])


# Metadata


def metadata_names(metadata: Metadata, site: Site) -> tuple[list[str], str | None]:
    """(authors, where) that JSON-LD names, else the meta tags, else `twitter:data1`, which Yoast and Rank Math label
    `Ditulis oleh` in the site's language."""
    pages = (node for node in metadata.graph if "WebPage" in types(node) and node.get("author"))
    label, data = metadata.first("twitter:label1"), metadata.meta.get("twitter:data1", [])
    places = (
        ("json-ld", metadata.names((metadata.article or next(pages, {})).get("author"))),
        *(("meta", metadata.meta.get(name, [])) for name in META_AUTHORS),
        ("meta", data if label and not any(map(str.isdigit, "".join(data))) else []),
    )
    for source, stated in places:
        names = [name for text in stated if "://" not in text and len(text) <= 200 and (name := clean_name(text))]
        found = site.without([part for name in names for part in byline_parts(name)])
        if found:
            return found, source
    return [], None


# Text


def header_lines(outline: Outline, title_position: int) -> tuple[list[PageBlock], list[PageBlock]]:
    """The short lines above and below the title; none where no heading is it."""
    blocks = outline.blocks
    if not title_position:
        return [], []
    sides = blocks[max(0, title_position - 3) : title_position], blocks[title_position : title_position + 6]
    above, below = ([block for block in side if 0 < len(block.text) <= 200 and may_sign(block)] for side in sides)
    return above, below


def may_sign(block: PageBlock) -> bool:
    """Whether a line beside the title may name its writer: a caption may not, but for a byline drawn into the
    picture."""
    return block.rule not in ELSEWHERE or (block.rule == "caption" and bool(byline_line(block.text)))


def linked_names(lines: list[PageBlock], site: Site) -> list[str]:
    """The names that link to a person's page beside the title."""
    names = []
    for href, text in (link for block in lines for link in block.links):
        match = PERSON_ADDRESS.search(href)
        name = clean_name(text) if match and len(text) <= 60 and not BOX.search(text) else None
        if match and name and (is_full_name(name) or fold(name) == fold(match["slug"])):
            names.append(name)
    return site.without(names)


def labelled_names(lines: list[PageBlock]) -> list[str]:
    """The names of a byline that only its words tell: `Oleh Budi • …`."""
    labelled = (byline_parts(name) for block in lines if (name := byline_text(block.text)))
    return next(labelled, [])


def dated_names(lines: list[PageBlock], metadata: Metadata) -> list[str]:
    """The name that only its place tells: a line of its own beside the date's."""
    sections = {*map(fold, (*metadata.meta.get("article:section", ()), *metadata.breadcrumb))}
    for block, other in [*pairwise(lines), *pairwise(reversed(lines))]:
        name = block.text
        beside_date = DATED.search(other.text) and len(other.text) <= 60 and other.kind == block.kind
        if beside_date and not block.links and is_full_name(name) and fold(name) not in sections:
            return [name] if name.lower() not in PLACES else []
    return []


def signed_names(closing: list[str]) -> list[str]:
    """The name that closes a text: `Teks: Budi Santoso`, `(Budi Santoso)`."""
    for line in closing:
        if names := byline_line(line):
            return names
        if line.startswith("(") and line.endswith(")") and is_full_name(line[1:-1]):
            return [line[1:-1]]
    return []
