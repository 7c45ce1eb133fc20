"""The dates that machines are told: JSON-LD and meta tags, most trusted first.

Names of meta tags: https://ogp.me and what Facebook made of it, https://schema.org, Dublin Core (`dc.`, `dcterms.`),
PRISM, Google Scholar (`citation_`), Parse.ly, Sailthru, Cxense, Shareaholic, as each documents them.
"""

import re
from collections.abc import Iterator

from narayacrawl.pages.fields.metadata import Metadata, texts, types

PUBLISHED_NAMES = ("article:published_time", "og:article:published_time", "og:published_time", "datepublished")
# How the letters of any other name end that tells the publish date: `bt:pubDate`, `prism.publicationDate`.
PUBLISHED_END = re.compile(
    r"(?:pubdate|publish(?:ed)?date|datepublished|publicationdate|publish(?:ed)?time|publishedat|firstpublished"
    r"|articlepublished|dateissued|articledate|postdate|datecreated)$"
)
UNPUBLISHED = re.compile(r"unpublish|expir|modif|updat|related")
# These tell the day of any page, be it that of the last change or of today.
ANY_PAGE_NAMES = (
    "sailthru.date", "date", "dc.date", "dcterms.date", "dcterms.created", "dc.date.created", "dcterms.issued",
    "published", "created",
)  # fmt: skip
MODIFIED_NAMES = ("article:modified_time", "og:article:modified_time", "og:updated_time", "datemodified")
NO_LETTER = re.compile(r"[^a-z]+")
# Kinds of JSON-LD that are a page or what it is about, beside articles.
OTHER_KINDS = frozenset({"ClaimReview", "CreativeWork", "HowTo", "PodcastEpisode", "Recipe"})
PUBLISHED_PAIR = re.compile(r'"datePublished"\s*:\s*"([^"\n]{8,40})"')


def json_ld_dates(metadata: Metadata) -> list[str]:
    """When the article of the JSON-LD was published, else created; where no parser takes it, what it tells so."""
    article = metadata.article
    told = texts(article.get("datePublished")) or texts(article.get("dateCreated"))
    if not told and not article:
        told = [pair[1] for script in metadata.unreadable for pair in PUBLISHED_PAIR.finditer(script)][:1]
    return told


def stated_dates(metadata: Metadata) -> Iterator[tuple[str, str]]:
    """Every (source, words) that is told to be the publish date: `json-ld`, `opengraph`, `meta`."""
    yield from (("json-ld", text) for text in json_ld_dates(metadata))
    for name in PUBLISHED_NAMES:
        yield from (("opengraph" if "article" in name else "meta", text) for text in metadata.meta.get(name, [])[:1])
    for name, contents in metadata.meta.items():
        if name not in PUBLISHED_NAMES and ("dat" in name or "publ" in name):
            letters = NO_LETTER.sub("", name)
            if PUBLISHED_END.search(letters) and not UNPUBLISHED.search(letters):
                yield "meta", contents[0]
    for node in metadata.graph:
        if any(kind in OTHER_KINDS or kind.endswith("Page") for kind in types(node)):
            yield from (("json-ld", text) for text in texts(node.get("datePublished")))


def page_dates(metadata: Metadata) -> Iterator[tuple[str, str]]:
    """Every (`meta`, words) that is the date of a page, and so less sure than what the article shows."""
    for name in ANY_PAGE_NAMES:
        yield from (("meta", text) for text in metadata.meta.get(name, [])[:1])


def stated_edits(metadata: Metadata) -> Iterator[str]:
    """What is told to be the last edit."""
    yield from texts(metadata.article.get("dateModified"))
    for name in MODIFIED_NAMES:
        yield from metadata.meta.get(name, [])[:1]
