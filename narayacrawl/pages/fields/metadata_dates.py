"""Read publication and modification dates from metadata: JSON-LD and meta tags, most trusted first.

Names of meta tags: https://ogp.me and Facebook's extensions of it, https://schema.org, Dublin Core (`dc.`, `dcterms.`),
PRISM, Google Scholar (`citation_`), Parse.ly, Sailthru, Cxense, Shareaholic, as each documents them.
"""

import re
from collections.abc import Iterator
from typing import Any

from narayacrawl.pages.fields.metadata import Metadata, texts, types

PUBLISHED_NAMES = ("article:published_time", "og:article:published_time", "og:published_time", "datepublished")
# Ending of any other name of the publication date, letters only: `bt:pubDate`, `prism.publicationDate`.
PUBLISHED_NAME_END = re.compile(
    r"(?:pubdate|publish(?:ed)?date|datepublished|publicationdate|publish(?:ed)?time|publishedat|firstpublished"
    r"|articlepublished|dateissued|articledate|postdate|datecreated)$"
)
OTHER_DATE_NAME = re.compile(r"unpublish|expir|modif|updat|related")
# Names that any page may use, also for its last change or today's date.
GENERIC_DATE_NAMES = (
    "sailthru.date", "date", "dc.date", "dcterms.date", "dcterms.created", "dc.date.created", "dcterms.issued",
    "published", "created",
)  # fmt: skip
MODIFIED_NAMES = ("article:modified_time", "og:article:modified_time", "og:updated_time", "datemodified")
NON_LETTERS = re.compile(r"[^a-z]+")
# JSON-LD types other than articles that are a page or what it is about.
MAX_DEPTH, MAX_DATES = 3, 5
OTHER_TYPES = frozenset({"ClaimReview", "CreativeWork", "HowTo", "PodcastEpisode", "Recipe"})
# In JSON that nobody can parse; quotes may be straight, single, escaped, or entities.
QUOTE = r"(?:\\?[\"']|&(?:quot|#0?34|#x22);)"
PUBLISHED_JSON = re.compile(
    rf"{QUOTE}datePublished{QUOTE}\s*:\s*(?:{QUOTE}([^\"'\\&\n]{{8,40}})[\"'\\&]|(\d{{10,13}})\b)"
)


def date_texts(value: Any, depth: int = 0) -> list[str]:
    """Return the dates of a JSON value: a text, a Unix epoch, an object with its value, or a list of these."""
    match value:
        case str():
            return texts(value)
        case bool():
            return []
        case int() | float() if 0 < value < 1e14:
            return [str(int(value))]
        case list() if depth < MAX_DEPTH:
            return [text for entry in value[:MAX_DATES] for text in date_texts(entry, depth + 1)]
        case dict() if depth < MAX_DEPTH:
            return date_texts(value.get("@value") or value.get("value") or value.get("$date"), depth + 1)
    return []


def json_ld_dates(metadata: Metadata) -> list[str]:
    """Return the dates at which the JSON-LD article was published, else created; if no JSON-LD tells an article, the
    publication date found in the text of what tells nothing."""
    article = metadata.article
    dates = date_texts(article.get("datePublished")) or date_texts(article.get("dateCreated"))
    if not dates and not article:
        dates = [
            match[1] or match[2] for script in metadata.invalid_json_ld for match in PUBLISHED_JSON.finditer(script)
        ][:1]
    return dates


def metadata_dates(metadata: Metadata) -> Iterator[tuple[str, str]]:
    """Yield every (source, text) that metadata names as the publication date: `json-ld`, `opengraph`, `meta`."""
    yield from (("json-ld", text) for text in json_ld_dates(metadata))
    for name in PUBLISHED_NAMES:
        yield from (("opengraph" if "article" in name else "meta", text) for text in metadata.meta.get(name, [])[:1])
    for name, contents in metadata.meta.items():
        if name not in PUBLISHED_NAMES and ("dat" in name or "publ" in name):
            letters = NON_LETTERS.sub("", name)
            if PUBLISHED_NAME_END.search(letters) and not OTHER_DATE_NAME.search(letters):
                yield "meta", contents[0]
    for node in metadata.graph:
        if any(kind in OTHER_TYPES or kind.endswith("Page") for kind in types(node)):
            yield from (("json-ld", text) for text in date_texts(node.get("datePublished")))


def generic_page_dates(metadata: Metadata) -> Iterator[tuple[str, str]]:
    """Yield every (`meta`, text) that is the date of a page, and so less certain than what the article shows."""
    for name in GENERIC_DATE_NAMES:
        yield from (("meta", text) for text in metadata.meta.get(name, [])[:1])


def metadata_modified_dates(metadata: Metadata) -> Iterator[str]:
    """Yield the modification dates that metadata names."""
    yield from date_texts(metadata.article.get("dateModified"))
    for name in MODIFIED_NAMES:
        yield from metadata.meta.get(name, [])[:1]
