"""Read who wrote an article: the names in its byline, else those in its metadata, else those in a line of text."""

import re
from collections.abc import Callable, Sequence
from html import unescape
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from narayacrawl.items import Block
from narayacrawl.language.credits import clean_name, is_full_name, names_of_byline_line, split_names
from narayacrawl.pages.fields.byline_text import (
    lines_around_headline,
    names_after_label,
    names_at_end,
    names_below_label,
    names_beside_date,
    names_in_share_boxes,
    names_linked_to_profiles,
)
from narayacrawl.pages.fields.bylines import MAX_DISTANCE, Bylines, VisibleByline
from narayacrawl.pages.fields.metadata import Metadata, types
from narayacrawl.pages.fields.page_names import PageNames
from narayacrawl.pages.outline.blocks import fold
from narayacrawl.pages.outline.outline import Outline

# Meta tags that name the author, as newsrooms' own systems and their analytics write them.
AUTHOR_META_NAMES = (
    "author", "article:author", "article:author_name", "byl", "parsely-author", "sailthru.author", "cxenseparse:author",
    "dc.creator", "dcterms.creator", "dc.author", "citation_author",
)  # fmt: skip


TAG = re.compile(r"<[^<>]{1,500}>")


class Byline(NamedTuple):
    """The names of an article's authors and where they were read: `byline`, `json-ld`, `meta`, `text`; None for
    nowhere. `editors` are those that the byline itself names."""

    names: list[str]
    source: str | None
    editors: list[str]


def read_byline(
    outline: Outline,
    metadata: Metadata,
    headline_end: int,
    page_names: PageNames,
    closing: Callable[[], Sequence[Block]],
) -> Byline:
    """Read the byline of an article. `closing` returns the last short blocks of its text, which are read only where
    nothing else names an author."""
    above, below = lines_around_headline(outline, headline_end)
    lines = [*above, *below]
    found = Bylines(outline, headline_end, page_names).nearest()
    visible, editors = found.authors, found.editors
    if not visible or found.distance > MAX_DISTANCE or not found.is_proven:
        names = names_linked_to_profiles(lines, page_names) or names_in_share_boxes(outline, headline_end, page_names)
        if names:
            visible, found = names, VisibleByline(names, editors, 0, True)
    from_metadata, source = metadata_names(metadata, page_names)
    # The user who posts an article may name its author below the headline.
    from_lines = [
        name for block in lines if block.rule in (None, "header") for name in names_of_byline_line(block.text)
    ]
    folded_lines = fold(" ".join(from_lines))
    is_new = not any(fold(name) in folded_lines for name in (*visible, *from_metadata))
    if from_lines and (is_new or (not visible and {*map(fold, from_metadata)} <= {*map(fold, from_lines)})):
        return Byline(from_lines, "text", editors)
    if from_metadata and (not visible or prefers_metadata(found, from_metadata, has_article=bool(metadata.article))):
        return Byline(from_metadata, source, editors)
    if visible:
        spelled = {fold(name): name for name in from_metadata if " " in name}
        names = [name if " " in name else spelled.get(fold(name), name) for name in visible]
        return Byline(names, "byline", editors)
    from_text = page_names.authors_among(
        names_after_label(lines)
        or names_beside_date(below)
        or names_at_end(closing())
        or names_below_label(outline, headline_end)
    )
    return Byline(from_text, "text" if from_text else None, editors)


def prefers_metadata(found: VisibleByline, from_metadata: list[str], *, has_article: bool) -> bool:
    """True if the metadata's names are better than the byline's: full names of which the byline shows a part, or
    persons where the byline shows a desk, something that may be no byline or, far from the headline, another article's
    author."""
    visible = found.authors
    visible_keys, metadata_keys = [*map(fold, visible)], [*map(fold, from_metadata)]
    has_person = any(map(is_full_name, from_metadata))
    if {*visible_keys} & {*metadata_keys}:
        return {*visible_keys} < {*metadata_keys} or (
            len(metadata_keys) > 1 and has_person and has_article and not {*metadata_keys} < {*visible_keys}
        )
    if found.distance > MAX_DISTANCE:
        return has_person or has_article or not found.is_proven
    if has_person and all(any(visible_key.startswith(key) for key in metadata_keys) for visible_key in visible_keys):
        return True  # `Budi Santoso, Redaktur Ekonomi` in the byline, `Budi Santoso` in the metadata
    if has_article and not found.is_proven and not any(map(is_full_name, visible)):
        return True
    if not has_person or (found.is_proven and all(map(is_full_name, visible))):
        return False
    initials = "".join(word[0] for word in from_metadata[0].split()).casefold()
    return has_article or visible_keys in ([initials], [metadata_keys[0][: len(visible_keys[0])]])


# Metadata


def metadata_names(metadata: Metadata, page_names: PageNames) -> tuple[list[str], str | None]:
    """Return the (authors, source) of the JSON-LD, else of the meta tags, else of `twitter:data1`, which Yoast and Rank
    Math label `Ditulis oleh` in the site's language; without the organisation that publishes the page."""
    pages = (node for node in metadata.graph if "WebPage" in types(node) and node.get("author"))
    node = metadata.article or next(pages, {})
    publisher = publisher_among_authors(metadata, node)
    label, data = metadata.first("twitter:label1"), metadata.meta.get("twitter:data1", [])
    sources = (
        ("json-ld", metadata.names(node.get("author"))),
        *(("meta", metadata.meta.get(name, [])) for name in AUTHOR_META_NAMES),
        ("meta", data if label and not any(map(str.isdigit, "".join(data))) else []),
    )
    for source, values in sources:
        plain = (TAG.sub("", unescape(value)) if "<" in value or "&lt;" in value else value for value in values)
        names = [name for value in plain if "://" not in value and len(value) <= 200 and (name := clean_name(value))]
        told = page_names.authors_among([author for name in names for author in split_names(name)])
        if authors := [name for name in told if fold(name) not in publisher]:
            return authors, source
    return [], None


def publisher_among_authors(metadata: Metadata, node: dict[str, Any]) -> frozenset[str]:
    """Return the names, folded, of the organisations that a JSON-LD object gives as author and publisher, or as author
    with the name of the page's host."""
    value = node.get("author")
    entities = [metadata.resolve(entry) for entry in (value if isinstance(value, list) else [value])]
    organisations = [
        entity
        for entity in entities
        if isinstance(entity, dict) and "Organization" in (kinds := types(entity)) and "Person" not in kinds
    ]
    if not organisations:
        return frozenset()
    host = (urlsplit(metadata.url).hostname or "").removeprefix("www.").partition(".")[0]
    publishers = {fold(host), *map(fold, metadata.names(node.get("publisher")))}
    return frozenset(fold(name) for entity in organisations for name in metadata.names(entity)) & publishers
