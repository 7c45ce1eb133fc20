"""Tell where on its page a field was found, in words to search the page for.

Each function compares the value with the places that `ArticlePage` reads it from, in the same order; it decides
nothing. None means that the value is in none of them.
"""

from urllib.parse import parse_qs, urlsplit

from lxml.etree import _Element as Element

from narayacrawl.items import Article, Media
from narayacrawl.pages.article import ArticlePage
from narayacrawl.pages.fields.images import image_url, picture_key
from narayacrawl.pages.fields.media import media_among
from narayacrawl.pages.fields.metadata import texts
from narayacrawl.pages.outline.blocks import fold
from narayacrawl.pages.outline.regions import classify
from narayacrawl.urls import absolute, clean_url

UNRELATED_REGIONS = frozenset(
    {"related", "sidebar", "comments", "ad", "popup", "footer", "navigation", "newsletter", "share"}
)
"""Regions that show other articles' names, dates and pictures."""
MAX_LINE_LENGTH = 300  # a longer block that holds a name or a date is text, not a byline or date line
MAX_NAME_LENGTH = 32
TITLE_ORIGINS = {
    "json-ld": "JSON-LD headline",
    "og:title": "meta og:title",
    "twitter:title": "meta twitter:title",
    "document title": "title tag",
}
DATE_ORIGINS = {"own": "date_css", "json-ld": "JSON-LD", "opengraph": "OpenGraph", "meta": "meta tag", "url": "address"}

PRECISION_ORIGINS = {
    "second": "seconds in the date's text",
    "minute": "hour and minute in the date's text",
    "day": "no time of day in the date's text",
}
ACCESS_ORIGINS = {
    "json-ld": "JSON-LD isAccessibleForFree",
    "meta": "meta article:content_tier",
    "part": "JSON-LD hasPart",
    "wall": "message of a membership plugin",
}


def describe_element(element: Element) -> str:
    """Return a short CSS-like name of an element: `article#post-12`, `div.entry-content`. Of its classes the first one
    that a rule knows; if none, its id, else its first class."""
    names = [name for name in (element.get("class") or "").split() if len(name) <= MAX_NAME_LENGTH]
    known = next(
        (name for name in names if (classification := classify("div", name)).region or classification.is_body), None
    )
    identity = (element.get("id") or "").strip()
    if known is None and 0 < len(identity) <= MAX_NAME_LENGTH:
        return f"{element.tag}#{identity}"
    return ".".join([str(element.tag), *([known] if known else names[:1])])


def describe_path(element: Element, depth: int = 3) -> str:
    """Return the element with its nearest ancestors, outermost first: `main > article#post-12 > div.entry-content`."""
    ancestors = [ancestor for ancestor in element.iterancestors() if ancestor.tag not in ("html", "body")][: depth - 1]
    return " > ".join(map(describe_element, [*reversed(ancestors), element]))


def element_showing(page: ArticlePage, text: str) -> str | None:
    """Return the smallest element near the headline that shows this text, comparing letters and digits; None if none
    does."""
    folded = fold(text)
    if not folded:
        return None
    headline_end = page.headline.end
    candidates = [
        (len(field.text), abs(field.position - headline_end), field.element)
        for field in page.outline.field_elements
        if field.region not in UNRELATED_REGIONS and len(field.text) <= MAX_LINE_LENGTH and folded in fold(field.text)
    ]
    candidates += [
        (len(block.text), abs(position - headline_end), block.element)
        for position, block in enumerate(page.outline.blocks)
        if block.rule not in UNRELATED_REGIONS and 0 < len(block.text) <= MAX_LINE_LENGTH and folded in fold(block.text)
    ]
    return describe_element(min(candidates, key=lambda candidate: candidate[:2])[2]) if candidates else None


def _metadata_origin(page: ArticlePage, value: str, key: str, *names: str) -> str | None:
    """Return which metadata gives this value: the JSON-LD article's `key`, else one of these meta tags."""
    if value in page.metadata.names(page.metadata.article.get(key)):
        return f"JSON-LD {key}"
    return next((f"meta {name}" for name in names if value in page.metadata.meta.get(name, ())), None)


def url_origin(page: ArticlePage) -> str:
    """Return where the address was found."""
    hrefs = {
        "link rel=canonical": page.metadata.link("canonical"),
        "meta og:url": page.metadata.first("og:url"),
        "JSON-LD url": next(iter(texts(page.metadata.article.get("url"))), None),
    }
    urls = ((place, absolute(href, page.response_url)) for place, href in hrefs.items() if href)
    return next((place for place, url in urls if url and clean_url(url) == page.url), "where the page was answered")


def id_origin(page: ArticlePage) -> str | None:
    """Return where the post id was found."""
    if page.id is None:
        return None
    if f"postid-{page.id}" in page.body_classes:
        return f"body class postid-{page.id}"
    for rel in ("shortlink", "canonical"):
        if parse_qs(urlsplit(page.metadata.link(rel) or "").query).get("p") == [str(page.id)]:
            return f"link rel={rel}"
    rest = page.metadata.link("alternate application/json") or ""
    return "link to its REST record" if rest.endswith(f"/{page.id}") else "comment form or article id"


def title_origin(page: ArticlePage) -> str | None:
    """Return where the title was found."""
    if page.title is None:
        return None
    if page.title_css and page.title == page.selector.css(page.title_css).xpath("normalize-space()").get():
        return f"title_css {page.title_css}"
    headings = reversed(page.outline.blocks[: page.headline.end])
    heading = next((block.element for block in headings if block.text == page.title), None)
    if heading is not None:
        return describe_element(heading)
    return TITLE_ORIGINS.get(page.headline.source or "", page.headline.source)


def description_origin(page: ArticlePage) -> str | None:
    """Return where the description was found."""
    contents = {f"meta {name}": page.metadata.first(name) for name in ("description", "og:description")}
    origins = (origin for origin, content in contents.items() if content and content == page.description)
    origin = next(origins, "JSON-LD description")
    return origin if page.description else None


def date_origin(page: ArticlePage) -> str | None:
    """Return where the publication date was found."""
    text, source = page.dates.published, page.dates.source
    if text is None or source is None:
        return None
    if source in ("time", "text"):
        return _date_element(page, text) or source
    return DATE_ORIGINS.get(source, source)


def modified_origin(page: ArticlePage) -> str | None:
    """Return where the modification date was found."""
    text = page.dates.modified
    if text is None:
        return None
    origin = _metadata_origin(page, text, "dateModified", "article:modified_time", "og:updated_time", "datemodified")
    return origin or _date_element(page, text) or "JSON-LD or meta tag, offset corrected"


def _date_element(page: ArticlePage, text: str) -> str | None:
    """Return the element that holds a date in an attribute or shows it."""
    elements = (
        field.element
        for field in page.outline.field_elements
        if text in (field.element.get("datetime"), field.element.get("content"))
    )
    element = next(elements, None)
    return describe_element(element) if element is not None else element_showing(page, text)


def authors_origin(page: ArticlePage, authors: list[str]) -> str | None:
    """Return the byline or metadata, and the credit lines if they add names."""
    if not authors:
        return None
    source, origins = page.byline_source, []
    first_name = next((fold(name) for name in page.byline), "")
    if source == "own":
        origins.append(f"authors_css {page.authors_css}")
    elif source in ("byline", "text"):
        place = "byline" if source == "byline" else "line of text"
        origins.append(" ".join(filter(None, [place, element_showing(page, first_name)])))
    elif source == "meta":
        names = (name for name, contents in page.metadata.meta.items() if any(first_name in fold(c) for c in contents))
        origins.append(f"meta {next(names, 'tag')}")
    elif source != "credit line" and source is not None:
        origins.append("JSON-LD author" if source == "json-ld" else source)
    if {*authors} - {*page.byline} or source == "credit line":
        origins.append("credit line")
    return ", ".join(origins) or None


def editors_origin(page: ArticlePage, editors: list[str]) -> str | None:
    """Return where the editors were found."""
    if not editors:
        return None
    return "credit line" if {*editors} <= {*page.body.editors} else "byline"


def section_origin(page: ArticlePage) -> str | None:
    """Return where the section was found."""
    section = page.section
    if section is None:
        return None
    if page.section_css and section == page.selector.css(page.section_css).xpath("normalize-space()").get():
        return f"section_css {page.section_css}"
    places = {
        "breadcrumb": page.sections.breadcrumb,
        "JSON-LD breadcrumb": page.metadata.breadcrumb,
        "meta article:section": page.metadata.meta.get("article:section", []),
        "microdata articleSection": [name for name in [page.sections.microdata_section] if name],
        "category link": [name for name, _ in page.sections.categories],
        "JSON-LD articleSection": texts(page.metadata.article.get("articleSection")),
    }
    return next((place for place, names in places.items() if section in names), "link to the permalink's category")


def sections_origin(page: ArticlePage) -> str | None:
    """Return where the path to the section was found."""
    if len(page.section_path) < 2:
        return section_origin(page)
    parent = page.section_path[-2]
    places = {"breadcrumb": page.sections.breadcrumb, "JSON-LD breadcrumb": page.metadata.breadcrumb}
    return next((place for place, names in places.items() if parent in names), "links to the sections above it")


def site_name_origin(page: ArticlePage) -> str | None:
    """Return where the portal's name was found."""
    if page.site_name is None:
        return None
    meta = next((n for n in ("og:site_name", "application-name") if page.metadata.first(n) == page.site_name), None)
    if meta:
        return f"meta {meta}"
    if page.metadata.site_name == page.site_name:
        return "JSON-LD WebSite or publisher"
    return element_showing(page, page.site_name) or "title tag"


def media_origin(page: ArticlePage, media: list[Media]) -> str | None:
    """Return the element of the first player or embed."""
    if not media:
        return None
    embeds = (block for block in page.outline.blocks if block.rule == "embed")
    element = next((b.element for b in embeds if media[0] in media_among([b], page.response_url)), None)
    return describe_element(element) if element is not None else "another page of the article"


def tags_origin(page: ArticlePage) -> str | None:
    """Return where the tags were found."""
    if not page.tags:
        return None
    if page.tags_css and page.selector.css(page.tags_css):
        return f"tags_css {page.tags_css}"
    metadata_tags = [*page.metadata.meta.get("article:tag", []), *texts(page.metadata.article.get("keywords"))]
    is_visible = any(
        fold(page.tags[0]) in fold(block.text)
        for block in page.outline.blocks
        if block.links and block.rule not in UNRELATED_REGIONS
    )
    return "meta article:tag or JSON-LD keywords" if metadata_tags and not is_visible else "links to tags"


def language_origin(page: ArticlePage) -> str | None:
    """Return where the language was found."""
    if page.language is None:
        return None
    if page.metadata.language:
        return "html lang"
    return "meta og:locale" if page.metadata.first("og:locale") else "JSON-LD inLanguage"


def images_origin(page: ArticlePage) -> str | None:
    """Return where the first picture was found; the others are the body's."""
    if not page.images:
        return None
    first = picture_key(page.images[0].url)
    container = page.body.container
    for position, block in enumerate(page.outline.blocks):
        url = image_url(block.element, page.response_url) if block.kind == "image" else None
        if url and picture_key(url) == first:
            is_inside = container is not None and container.start <= position < container.end
            return "body" if is_inside else describe_element(block.element)
    meta = page.metadata.first("og:image") or page.metadata.first("twitter:image")
    return "meta og:image or twitter:image" if meta else "JSON-LD image"


def field_origins(page: ArticlePage, article: Article) -> dict[str, str | None]:
    """Return where each field of the record was found; None if the page has none."""
    return {
        "url": url_origin(page),
        "id": id_origin(page),
        "title": title_origin(page),
        "description": description_origin(page),
        "standfirst": describe_element(page.body.standfirst[0].element) if page.body.standfirst else None,
        "date": date_origin(page),
        "date_precision": PRECISION_ORIGINS.get(article.date_precision or ""),
        "modified": modified_origin(page) if article.modified else None,
        "authors": authors_origin(page, article.authors),
        "editors": editors_origin(page, article.editors),
        "site_name": site_name_origin(page),
        "section": section_origin(page),
        "sections": sections_origin(page),
        "tags": tags_origin(page),
        "dateline": "opening of the first paragraph" if article.dateline else None,
        "words": "counted in the body" if article.words else None,
        "images": images_origin(page),
        "media": media_origin(page, article.media),
        "related": "related lines in the body" if article.related else None,
        "language": language_origin(page),
        "free": ACCESS_ORIGINS.get(page.access.source or ""),
    }
