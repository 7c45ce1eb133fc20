"""Read who wrote an article: the names in its byline, else those in its metadata, else those in a line of text."""

import re
from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple

from narayacrawl.language.credits import clean_name, is_full_name, name_in_byline, names_of_byline_line, split_names
from narayacrawl.language.places import PLACES
from narayacrawl.pages.fields.bylines import (
    AUTHOR_BOX_TEXT,
    DATE_OR_TIME,
    MAX_DISTANCE,
    UNRELATED_REGIONS,
    SiteNames,
    nearest_byline_names,
)
from narayacrawl.pages.fields.metadata import Metadata, types
from narayacrawl.pages.outline.blocks import PageBlock, fold
from narayacrawl.pages.outline.inline import SENTENCE_END
from narayacrawl.pages.outline.outline import Outline

# A person's page, in the addresses of newsrooms' own systems.
PERSON_ADDRESS = re.compile(
    r"/(?:authors?|autor(?:a|en|es|in|innen)?|auteurs?|penulis|reporter|wartawan|jurnalis|kontributor|contributors?|staff|team"
    r"|people|profile?s?|redaktion|redaksi|writers?|journalists?|users?)/(?P<slug>[^/?#]+)/?$",
    re.IGNORECASE,
)
# Meta tags that name the author, as newsrooms' own systems and their analytics write them.
AUTHOR_META_NAMES = (
    "author", "article:author", "article:author_name", "byl", "parsely-author", "sailthru.author", "cxenseparse:author",
    "dc.creator", "dcterms.creator", "dc.author", "citation_author",
)  # fmt: skip


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
    site_names: SiteNames,
    closing_lines: Callable[[], list[str]],
) -> Byline:
    """Read the byline of an article. `closing_lines` returns the last lines of its text, which are read only where
    nothing else names an author."""
    above, below = lines_around_headline(outline, headline_end)
    lines = [*above, *below]
    visible, editors, distance = nearest_byline_names(outline, headline_end, site_names)
    if distance > MAX_DISTANCE and (profile_names := names_linked_to_profiles(lines, site_names)):
        visible, distance = profile_names, 0
    from_metadata, source = metadata_names(metadata, site_names)
    # The user who posts an article may name its author below the headline.
    from_lines = [
        name for block in lines if block.rule in (None, "header") for name in names_of_byline_line(block.text)
    ]
    folded_lines = fold(" ".join(from_lines))
    if from_lines and not any(fold(name) in folded_lines for name in (*visible, *from_metadata)):
        return Byline(from_lines, "text", editors)
    if from_metadata and (
        not visible or prefers_metadata(visible, from_metadata, distance, has_article=bool(metadata.article))
    ):
        return Byline(from_metadata, source, editors)
    if visible:
        return Byline(visible, "byline", editors)
    from_text = site_names.remove_from(
        names_after_label(lines) or names_beside_date(below, metadata) or names_at_end(closing_lines())
    )
    return Byline(from_text, "text" if from_text else None, editors)


def prefers_metadata(visible: list[str], from_metadata: list[str], distance: int, *, has_article: bool) -> bool:
    """True if the metadata's names are better than the byline's: full names of which the byline shows a part, or
    persons where the byline shows a desk or, far from the headline, another article's author."""
    visible_keys, metadata_keys = [*map(fold, visible)], [*map(fold, from_metadata)]
    has_person = any(map(is_full_name, from_metadata))
    if {*visible_keys} & {*metadata_keys}:
        return {*visible_keys} < {*metadata_keys} or (
            len(metadata_keys) > 1 and has_person and has_article and not {*metadata_keys} < {*visible_keys}
        )
    if distance > MAX_DISTANCE:
        return has_person or has_article
    if has_person and all(any(visible_key.startswith(key) for key in metadata_keys) for visible_key in visible_keys):
        return True  # `Budi Santoso, Redaktur Ekonomi` in the byline, `Budi Santoso` in the metadata
    if all(map(is_full_name, visible)) or not has_person:
        return False
    initials = "".join(word[0] for word in from_metadata[0].split()).casefold()
    return has_article or visible_keys in ([initials], [metadata_keys[0][: len(visible_keys[0])]])


# Metadata


def metadata_names(metadata: Metadata, site_names: SiteNames) -> tuple[list[str], str | None]:
    """Return the (authors, source) of the JSON-LD, else of the meta tags, else of `twitter:data1`, which Yoast and Rank
    Math label `Ditulis oleh` in the site's language."""
    pages = (node for node in metadata.graph if "WebPage" in types(node) and node.get("author"))
    label, data = metadata.first("twitter:label1"), metadata.meta.get("twitter:data1", [])
    sources = (
        ("json-ld", metadata.names((metadata.article or next(pages, {})).get("author"))),
        *(("meta", metadata.meta.get(name, [])) for name in AUTHOR_META_NAMES),
        ("meta", data if label and not any(map(str.isdigit, "".join(data))) else []),
    )
    for source, values in sources:
        names = [name for value in values if "://" not in value and len(value) <= 200 and (name := clean_name(value))]
        authors = site_names.remove_from([author for name in names for author in split_names(name)])
        if authors:
            return authors, source
    return [], None


# Text


def lines_around_headline(outline: Outline, headline_end: int) -> tuple[list[PageBlock], list[PageBlock]]:
    """Return the short lines above and below the headline; none if no heading is the headline."""
    blocks = outline.blocks
    if not headline_end:
        return [], []
    below_headline = blocks[headline_end : headline_end + 6]
    first_sentence = next((i for i, block in enumerate(below_headline) if _is_sentence(block)), len(below_headline))
    # Below the text's first sentence a caption names who took the picture.
    below_headline[first_sentence:] = [b for b in below_headline[first_sentence:] if b.kind != "caption"]
    sides = blocks[max(0, headline_end - 3) : headline_end], below_headline
    above, below = (
        [block for block in side if 0 < len(block.text) <= 200 and may_name_author(block)] for side in sides
    )
    return above, below


def _is_sentence(block: PageBlock) -> bool:
    return block.rule is None and block.kind == "p" and block.text.endswith(SENTENCE_END)


def may_name_author(block: PageBlock) -> bool:
    """True if a line beside the headline may name its author; a caption may not, unless it is a byline laid over the
    picture."""
    return block.rule not in UNRELATED_REGIONS or (block.rule == "caption" and bool(names_of_byline_line(block.text)))


def names_linked_to_profiles(lines: list[PageBlock], site_names: SiteNames) -> list[str]:
    """Return the names beside the headline that link to a person's page."""
    names = []
    for href, text in (link for block in lines for link in block.links):
        match = PERSON_ADDRESS.search(href)
        name = clean_name(text) if match and len(text) <= 60 and not AUTHOR_BOX_TEXT.search(text) else None
        if match and name and (is_full_name(name) or fold(name) == fold(match["slug"])):
            names.append(name)
    return site_names.remove_from(names)


def names_after_label(lines: list[PageBlock]) -> list[str]:
    """Return the names of a line that opens with a byline's words: `Oleh Budi • …`."""
    found = (split_names(name) for block in lines if (name := name_in_byline(block.text)))
    return next(found, [])


def names_beside_date(lines: list[PageBlock], metadata: Metadata) -> list[str]:
    """Return the name that stands alone on the line beside the date."""
    sections = {*map(fold, (*metadata.meta.get("article:section", ()), *metadata.breadcrumb))}
    for block, neighbour in [*pairwise(lines), *pairwise(reversed(lines))]:
        name = block.text
        beside_date = DATE_OR_TIME.search(neighbour.text) and len(neighbour.text) <= 60 and neighbour.kind == block.kind
        if beside_date and not block.links and is_full_name(name) and fold(name) not in sections:
            return [name] if name.lower() not in PLACES else []
    return []


def names_at_end(closing_lines: list[str]) -> list[str]:
    """Return the names that close a text: `Teks: Budi Santoso`, `(Budi Santoso)`."""
    for line in closing_lines:
        if names := names_of_byline_line(line):
            return names
        if line.startswith("(") and line.endswith(")") and is_full_name(line[1:-1]):
            return [line[1:-1]]
    return []
