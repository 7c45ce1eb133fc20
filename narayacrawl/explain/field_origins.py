"""Where on its page a field was found, in the words that a person looks for it by.

Each function compares the value with the places that `ArticlePage` reads it from, in the same order: it tells, it
decides nothing. None where the value is in none of them.
"""

from urllib.parse import parse_qs, urlsplit

from lxml.etree import _Element as Element

from narayacrawl.items import Article
from narayacrawl.pages.article import ArticlePage
from narayacrawl.pages.fields.images import image_url, same_picture
from narayacrawl.pages.fields.metadata import texts
from narayacrawl.pages.outline.blocks import fold
from narayacrawl.pages.outline.regions import role
from narayacrawl.urls import absolute, clean_url

ELSEWHERE = frozenset({"related", "sidebar", "comments", "ad", "popup", "footer", "navigation", "newsletter", "share"})
"""Regions that show other articles' names, dates and pictures."""
SHORT = 300  # a longer block that holds a name or a date is text, not the line that tells it
LONGEST_NAME = 32
TITLE_SOURCES = {
    "json-ld": "JSON-LD headline",
    "og:title": "meta og:title",
    "twitter:title": "meta twitter:title",
    "document title": "title tag",
}
DATE_SOURCES = {"own": "date_css", "json-ld": "JSON-LD", "opengraph": "OpenGraph", "meta": "meta tag", "url": "address"}


def selector_of(element: Element) -> str:
    """A short CSS-like name of an element: `article#post-12`, `div.entry-content`. Of its classes the first one that a
    rule knows; where none does its id, else its first class."""
    names = [name for name in (element.get("class") or "").split() if len(name) <= LONGEST_NAME]
    known = next((name for name in names if (own := role("div", name)).region or own.body), None)
    identity = (element.get("id") or "").strip()
    if known is None and 0 < len(identity) <= LONGEST_NAME:
        return f"{element.tag}#{identity}"
    return ".".join([str(element.tag), *([known] if known else names[:1])])


def path_of(element: Element, depth: int = 3) -> str:
    """The element with those around it, from the outside in: `main > article#post-12 > div.entry-content`."""
    around = [e for e in element.iterancestors() if e.tag not in ("html", "body")][: depth - 1]
    return " > ".join(map(selector_of, [*reversed(around), element]))


def shown_at(page: ArticlePage, words: str) -> str | None:
    """The smallest element near the title that shows these words, letters and digits compared; None where none does."""
    folded = fold(words)
    if not folded:
        return None
    near = page.title_position
    found = [
        (len(mark.text), abs(mark.position - near), mark.element)
        for mark in page.outline.marks
        if mark.region not in ELSEWHERE and len(mark.text) <= SHORT and folded in fold(mark.text)
    ]
    found += [
        (len(block.text), abs(position - near), block.element)
        for position, block in enumerate(page.outline.blocks)
        if block.rule not in ELSEWHERE and 0 < len(block.text) <= SHORT and folded in fold(block.text)
    ]
    return selector_of(min(found, key=lambda place: place[:2])[2]) if found else None


def _stated(page: ArticlePage, value: str, key: str, *names: str) -> str | None:
    """Which metadata gives this value: the JSON-LD article's `key`, else one of these meta tags."""
    if value in page.metadata.names(page.metadata.article.get(key)):
        return f"JSON-LD {key}"
    return next((f"meta {name}" for name in names if value in page.metadata.meta.get(name, ())), None)


def url_source(page: ArticlePage) -> str:
    stated = {
        "link rel=canonical": page.metadata.link("canonical"),
        "meta og:url": page.metadata.first("og:url"),
        "JSON-LD url": next(iter(texts(page.metadata.article.get("url"))), None),
    }
    found = ((place, absolute(href, page.response_url)) for place, href in stated.items() if href)
    return next((place for place, url in found if url and clean_url(url) == page.url), "where the page was answered")


def id_source(page: ArticlePage) -> str | None:
    if page.id is None:
        return None
    if f"postid-{page.id}" in page.body_names:
        return f"body class postid-{page.id}"
    for rel in ("shortlink", "canonical"):
        if parse_qs(urlsplit(page.metadata.link(rel) or "").query).get("p") == [str(page.id)]:
            return f"link rel={rel}"
    rest = page.metadata.link("alternate application/json") or ""
    return "link to its REST record" if rest.endswith(f"/{page.id}") else "comment form or article id"


def title_source(page: ArticlePage) -> str | None:
    if page.title is None:
        return None
    if page.title_css and page.title == page.selector.css(page.title_css).xpath("normalize-space()").get():
        return f"title_css {page.title_css}"
    headings = reversed(page.outline.blocks[: page.title_position])
    heading = next((block.element for block in headings if block.text == page.title), None)
    if heading is not None:
        return selector_of(heading)
    return TITLE_SOURCES.get(page.titles.source or "", page.titles.source)


def description_source(page: ArticlePage) -> str | None:
    told = {f"meta {name}": page.metadata.first(name) for name in ("description", "og:description")}
    stated = next((place for place, text in told.items() if text and text == page.description), "JSON-LD description")
    return stated if page.description else None


def date_source(page: ArticlePage) -> str | None:
    words, source = page.moments.published, page.moments.source
    if words is None or source is None:
        return None
    if source in ("time", "text"):
        return _dated_at(page, words) or source
    return DATE_SOURCES.get(source, source)


def modified_source(page: ArticlePage) -> str | None:
    words = page.moments.modified
    if words is None:
        return None
    stated = _stated(page, words, "dateModified", "article:modified_time", "og:updated_time", "datemodified")
    return stated or _dated_at(page, words) or "JSON-LD or meta tag, offset corrected"


def _dated_at(page: ArticlePage, words: str) -> str | None:
    """The element that tells a date in an attribute or shows it."""
    told = (
        mark.element
        for mark in page.outline.marks
        if words in (mark.element.get("datetime"), mark.element.get("content"))
    )
    element = next(told, None)
    return selector_of(element) if element is not None else shown_at(page, words)


def authors_source(page: ArticlePage, authors: list[str]) -> str | None:
    """The byline or metadata, with the credit lines where they name more."""
    if not authors:
        return None
    place, found = page.byline_source, []
    named = next((fold(name) for name in page.byline), "")
    if place == "own":
        found.append(f"authors_css {page.authors_css}")
    elif place in ("byline", "text"):
        found.append(" ".join(filter(None, ["byline" if place == "byline" else "line of text", shown_at(page, named)])))
    elif place == "meta":
        told = (name for name, contents in page.metadata.meta.items() if any(named in fold(c) for c in contents))
        found.append(f"meta {next(told, 'tag')}")
    elif place != "credit line" and place is not None:
        found.append("JSON-LD author" if place == "json-ld" else place)
    if {*authors} - {*page.byline} or place == "credit line":
        found.append("credit line")
    return ", ".join(found) or None


def editors_source(page: ArticlePage, editors: list[str]) -> str | None:
    if not editors:
        return None
    return "credit line" if {*editors} <= {*page.body.editors} else "byline"


def section_source(page: ArticlePage) -> str | None:
    section = page.section
    if section is None:
        return None
    if page.section_css and section == page.selector.css(page.section_css).xpath("normalize-space()").get():
        return f"section_css {page.section_css}"
    places = {
        "breadcrumb": page.sections.breadcrumb,
        "JSON-LD breadcrumb": page.metadata.breadcrumb,
        "meta article:section": page.metadata.meta.get("article:section", []),
        "category link": [name for name, _ in page.sections.categories],
        "JSON-LD articleSection": texts(page.metadata.article.get("articleSection")),
    }
    return next((place for place, names in places.items() if section in names), "link to the permalink's category")


def tags_source(page: ArticlePage) -> str | None:
    if not page.tags:
        return None
    if page.tags_css and page.selector.css(page.tags_css):
        return f"tags_css {page.tags_css}"
    told = [*page.metadata.meta.get("article:tag", []), *texts(page.metadata.article.get("keywords"))]
    shown = any(fold(page.tags[0]) in fold(p.text) for p in page.outline.blocks if p.links and p.rule not in ELSEWHERE)
    return "meta article:tag or JSON-LD keywords" if told and not shown else "links to tags"


def language_source(page: ArticlePage) -> str | None:
    if page.language is None:
        return None
    if page.metadata.language:
        return "html lang"
    return "meta og:locale" if page.metadata.first("og:locale") else "JSON-LD inLanguage"


def images_source(page: ArticlePage) -> str | None:
    """Where the first picture was found; the others are the body's."""
    if not page.images:
        return None
    first = same_picture(page.images[0].url)
    container = page.body.container
    for position, block in enumerate(page.outline.blocks):
        url = image_url(block.element, page.response_url) if block.kind == "image" else None
        if url and same_picture(url) == first:
            inside = container is not None and container.start <= position < container.end
            return "body" if inside else selector_of(block.element)
    return "meta og:image or twitter:image"


def sources(page: ArticlePage, article: Article) -> dict[str, str | None]:
    """Where each field of the record was found; None where the page has none."""
    return {
        "url": url_source(page),
        "id": id_source(page),
        "title": title_source(page),
        "description": description_source(page),
        "date": date_source(page),
        "modified": modified_source(page) if article.modified else None,
        "authors": authors_source(page, article.authors),
        "editors": editors_source(page, article.editors),
        "section": section_source(page),
        "tags": tags_source(page),
        "dateline": "opening of the first paragraph" if article.dateline else None,
        "images": images_source(page),
        "related": "related lines in the body" if article.related else None,
        "language": language_source(page),
    }
