"""Explain a page: what of it went into which field, and which rule left out each other block.

Made from what `ArticlePage` keeps of its reading: nothing is read a second time, so an explanation cannot differ from
the crawl.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from lxml.etree import _Element as Element

from narayacrawl.explain.block_outcomes import ExplainedBlock, Place, block_outcomes
from narayacrawl.explain.field_origins import describe_element, describe_path, field_origins
from narayacrawl.items import Article, Image
from narayacrawl.language.english import counted
from narayacrawl.pages.article import ArticlePage
from narayacrawl.pages.body_classes import NON_ARTICLE_CLASSES, is_single, rejection_by_class
from narayacrawl.pages.listing import ListingPage
from narayacrawl.urls import may_be_article

MIN_BODY_LENGTH: Final = 200
"""A body of fewer characters raises the question what was left out."""
MIN_LOST_LENGTH: Final = 100
"""Dropped text of fewer characters is not worth a warning."""
NOTHING_WRITTEN: Final = "nothing of what follows is written: so it would be read if it were an article"
MAX_ELEMENTS_NAMED: Final = 3
"""A warning names at most this many elements."""
LISTING_CLASSES: Final = {
    "home": "front page",
    "category": "category page",
    "tag": "tag page",
    "author": "author's page",
    "date": "archive of a day, month or year",
    "search": "search page",
}
"""Kinds of listing, by WordPress' class of the body."""
CSS_ATTRIBUTES: Final = ("title_css", "date_css", "authors_css", "section_css", "tags_css", "body_css")


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the record."""

    name: str
    values: list[str]
    """As in the record, the entries of a list one by one; [] if the page has none."""
    origin: str | None = None
    """Where it was found; None if the page has none."""
    as_published: str | None = None
    """The page's own text if the record has another; None if they are the same."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """The explanation of one page."""

    url: str
    """The address that answered."""
    rejection: str | None
    """Why the page yields no article, in one line; None if it does."""
    fields: list[Field]
    container: str | None
    """Path of the element that holds the body, `main > article#post-12 > div.entry-content`; None without text."""
    container_reason: str
    """Why this element was chosen, in one line."""
    warnings: list[str] = field(default_factory=list)
    """What a person should check, one line each."""
    blocks: list[ExplainedBlock] = field(default_factory=list)
    """The blocks of the page, in reading order."""

    def blocks_at(self, place: Place) -> list[ExplainedBlock]:
        """Return the blocks above, inside or below the container; all are above if there is none."""
        return [block for block in self.blocks if block.place == place]

    @property
    def kept(self) -> list[ExplainedBlock]:
        """Return the blocks of the body without its pictures."""
        return [block for block in self.blocks if block.outcome == "kept" and block.kind != "image"]

    @property
    def kept_size(self) -> str:
        """Return how much was kept: `12 blocks, 3,412 characters, 2 pictures`."""
        pictures = sum(block.outcome == "kept" and block.kind == "image" for block in self.blocks)
        characters = sum(len(block.text) for block in self.kept)
        text = f"{counted(len(self.kept), 'block')}, {characters:,} characters"
        return f"{text}, {counted(pictures, 'picture')}" if pictures else text

    @property
    def dropped(self) -> dict[str, int]:
        """Count the blocks in the container that each rule left out and no field has, the most first."""
        return count_by_rule(block for block in self.blocks_at("inside") if block.outcome == "dropped")

    @property
    def read_into_fields(self) -> dict[str, int]:
        """Count the blocks in the container that were read into fields, by rule, the most first."""
        return count_by_rule(block for block in self.blocks_at("inside") if block.outcome == "field")

    @property
    def outside(self) -> dict[str, int]:
        """Count by rule the blocks outside the container that are not part of the body, the most first."""
        return count_by_rule(b for b in self.blocks if b.place != "inside" and b.outcome != "kept")


def count_by_rule(blocks: Iterable[ExplainedBlock]) -> dict[str, int]:
    """Count these blocks by rule, the most first; `other` for no rule."""
    return dict(Counter(block.rule or "other" for block in blocks).most_common())


def explain(page: ArticlePage, article: Article, *, dropped: str | None = None) -> Explanation:
    """Explain how a page is read.

    `article` is the record that the pipelines make of `page.published()`; `dropped` is their reason for not writing it,
    None if they write it.
    """
    container = page.body.container
    listing = _listing(page)
    explanation = Explanation(
        url=page.response_url,
        rejection=listing or _rejection(page, dropped),
        fields=_fields(page, article),
        container=describe_path(container.element) if container else None,
        container_reason=_container_reason(page),
        blocks=block_outcomes(page, article),
    )
    if listing:
        explanation.warnings.append(NOTHING_WRITTEN)
    explanation.warnings.extend(_warnings(page, explanation))
    return explanation


# Fields


def _fields(page: ArticlePage, article: Article) -> list[Field]:
    """Return the fields of the record with their origins."""
    origins = field_origins(page, article)
    values = {
        "url": [article.url],
        "id": [] if article.id is None else [str(article.id)],
        "title": [article.title] if article.title else [],
        "description": [article.description] if article.description else [],
        "standfirst": article.standfirst.split("\n\n") if article.standfirst else [],
        "date": [article.date] if article.date else [],
        "date_precision": [article.date_precision] if article.date_precision else [],
        "modified": [article.modified] if article.modified else [],
        "authors": article.authors,
        "editors": article.editors,
        "site_name": [article.site_name] if article.site_name else [],
        "section": [article.section] if article.section else [],
        "sections": [" › ".join(article.sections)] if article.sections else [],
        "tags": [", ".join(article.tags)] if article.tags else [],
        "dateline": [article.dateline] if article.dateline else [],
        "words": [f"{article.words:,}"],
        "images": [_image_line(image) for image in article.images],
        "media": [f"{media.kind} {media.url}" for media in article.media],
        "related": [f"{link.title} ({link.url})" for link in article.related],
        "language": [article.language] if page.language else [],
        "free": [] if article.free is None else ["yes" if article.free else "no, for subscribers"],
    }
    published_texts = {"date": page.dates.published, "modified": page.dates.modified, "title": page.title}
    return [
        Field(name, entries, origins[name], text if (text := published_texts.get(name)) and [text] != entries else None)
        for name, entries in values.items()
    ]


def _image_line(image: Image) -> str:
    """Return an image's address, caption and credit on one line."""
    parts = [image.url, image.caption, f"({image.credit})" if image.credit else None]
    return " ".join(part for part in parts if part)


# Reasons and warnings


def _listing(page: ArticlePage) -> str | None:
    """Tell what kind of listing a page is, by its classes or its address, and what a crawl finds on it; None if it is
    none."""
    classes, url = page.body_classes, page.response_url
    if rejection_by_class(classes) == "listing":
        shown = next(name for name in (*LISTING_CLASSES, *NON_ARTICLE_CLASSES) if name in classes)
        what = f"{LISTING_CLASSES.get(shown, 'listing')} (the body's class is {shown})"
    elif is_single(classes) or may_be_article(url):
        return None
    else:
        parts = urlsplit(url)
        kind = "listing" if parts.path.strip("/") or parts.query else "front page"
        what = f"{kind} (no article has an address like that)"
    links = len(ListingPage(page.selector, url).entries)
    return f"{what}: a crawl follows its links to {counted(links, 'article')}" if links else what


def _rejection(page: ArticlePage, dropped: str | None) -> str | None:
    """Explain why the page yields no article; None if it does."""
    if page.rejection is None:
        return dropped
    classes = [
        name for name, reason in NON_ARTICLE_CLASSES.items() if reason == page.rejection and name in page.body_classes
    ]
    reasons = {
        "protected": "its text stands behind a password form",
        "no title": "no heading and no metadata tell one",
        "no article": "neither body class nor metadata call it one, and it has no text with a date",
    }
    reason = f"the body's class is {classes[0]}" if classes else reasons.get(page.rejection)
    return f"{page.rejection} ({reason})" if reason else page.rejection


def _container_reason(page: ArticlePage) -> str:
    """Explain why the body's container was chosen."""
    container = page.body.container
    if container is None:
        return "no element of the page holds running text"
    if page.body_css:
        return f"named by body_css {page.body_css}" if container.is_body else "by its text: it holds most of the page's"
    if container.is_body:
        return "by its name, which themes give to an article's text"
    return "by its text: no element with a believable name, so the smallest that holds most of the page's text"


def _warnings(page: ArticlePage, explanation: Explanation) -> Iterator[str]:
    """Yield what a person should check."""
    for name in CSS_ATTRIBUTES:
        if (css := getattr(page, name)) and not page.selector.css(css):
            yield f"{name} {css} matches nothing on this page"
    for length, path in _other_body_containers(page)[:MAX_ELEMENTS_NAMED]:
        yield f"{path} is named like a body too, with {length:,} characters outside links"
    kept = sum(len(block.text) for block in explanation.kept)
    if kept < MIN_BODY_LENGTH:
        yield f"the body is short: {kept:,} characters" if kept else "the body is empty"
        if dropped := _dropped_text(explanation)[:MAX_ELEMENTS_NAMED]:
            elements = (f"{rule}: {element} ({length:,})" for length, rule, element in dropped)
            yield f"left out, with characters outside links: {', '.join(elements)}"
    yield from _overruled(page)
    if page.page_count > 1:
        yield f"page {page.number} of {page.page_count}: a crawl joins the bodies of all pages"


def _overruled(page: ArticlePage) -> Iterator[str]:
    """Tell which rules were overruled, each with the element that is kept in spite of it."""
    for element, rule in page.outline.overruled.items():
        yield f"the rule {rule} is overruled at {describe_element(element)}: what stands there reads like the article"


def _dropped_text(explanation: Explanation) -> list[tuple[int, str, str]]:
    """Return what rules dropped of more than a line of text: length, rule and element, the longest first."""
    lengths: Counter[tuple[str, str]] = Counter()
    for block in explanation.blocks:
        if block.rule is not None and block.outcome != "kept":
            lengths[block.rule, block.element] += block.unlinked_chars
    return [
        (length, *rule_and_element) for rule_and_element, length in lengths.most_common() if length >= MIN_LOST_LENGTH
    ]


def _other_body_containers(page: ArticlePage) -> list[tuple[int, str]]:
    """Return the other containers with a body's class: the length of their text and their path, the longest first."""
    chosen, blocks = page.body.container, page.outline.blocks
    found = []
    for other in page.outline.containers:
        if other.is_body and chosen is not None and not _overlap(other.element, chosen.element):
            length = sum(
                len(block.text) - block.linked_chars for block in blocks[other.start : other.end] if block.rule is None
            )
            if length >= MIN_BODY_LENGTH:
                found.append((length, describe_path(other.element)))
    return sorted(found, reverse=True)


def _overlap(one: Element, other: Element) -> bool:
    """True if one element is the other or contains it."""
    return one is other or other in one.iterancestors() or one in other.iterancestors()
