"""Count by which rules the pages of a run were read, and what of WordPress' markup they show."""

from typing import Final

from narayacrawl.archive.figures import Figures
from narayacrawl.items import PublishedArticle
from narayacrawl.pages import ArticlePage
from narayacrawl.pages.outline.blocks import Container
from narayacrawl.pages.outline.regions import classify

OTHERS: Final = frozenset({"related", "sidebar", "comments", "ad", "popup", "footer", "navigation"})
"""Regions that show other articles' dates, names and tags."""
MAX_NAME_LENGTH: Final = 32


def count_page(page: ArticlePage, published: PublishedArticle, figures: Figures) -> None:
    """Count how one article's page was read."""
    url = published.url
    figures.counts["page/count"] += 1
    body = page.body
    rules = {
        "title": "own" if page.title_css else page.headline.source,
        "date": page.dates.source,
        "authors": page.byline_source,
        "container": container_name(body.container, is_own=page.body_css is not None),
    }
    for name, rule in rules.items():
        figures.rule(f"rule/{name}", rule or "none", url)
    for rule in set(page.outline.overruled.values()):
        figures.rule("overruled", rule, url)
    for mark, is_present in marks(page).items():
        figures.has(f"mark/{mark}", url, is_present=is_present)


def container_name(container: Container | None, *, is_own: bool = False) -> str:
    """Return what a text's container was known by: `own` selector, its class, `text` where no class tells it, or
    `none`."""
    if container is None:
        return "none"
    if is_own:
        return "own"
    if not container.is_body:
        return "text"
    element = container.element
    names = (name for name in (element.get("class") or "").split() if len(name) <= MAX_NAME_LENGTH)
    named = next((name for name in names if classify("div", name).is_body), f"in {element.tag}")
    return named.rstrip("0123456789")


def marks(page: ArticlePage) -> dict[str, bool]:
    """Tell what markup of an article a page has, whether or not a field was read from it: a redesign that costs no
    field shows in it."""
    metadata, sections = page.metadata, page.sections
    times = datetimes = dates = authors = tags = False
    for field in page.outline.field_elements:
        if field.region in OTHERS:
            continue
        element, names = field.element, field.class_and_id.lower()
        times = times or element.tag == "time"
        datetimes = datetimes or element.get("datetime") is not None
        dates = dates or "date" in names
        authors = authors or "author" in names or "byline" in names
        tags = tags or (element.tag == "a" and "tag" in (element.get("rel") or ""))
    blocks = page.outline.blocks
    return {
        "json-ld": bool(metadata.article),
        "opengraph": "og:title" in metadata.meta,
        "canonical": metadata.link("canonical") is not None,
        "post-class": "single-post" in page.body_classes,
        "time": times,
        "datetime": datetimes,
        "date": dates,
        "byline": authors,
        "tag-links": tags,
        "category-links": bool(sections.categories),
        "breadcrumb": bool(sections.breadcrumb or metadata.breadcrumb),
        "captions": any(block.kind == "caption" for block in blocks),
        "pictures": any(block.kind == "image" for block in blocks),
    }
