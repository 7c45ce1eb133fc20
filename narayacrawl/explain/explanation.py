"""What of a page went into which field, and which rule left out each other block.

Made of what `ArticlePage` keeps of its reading: nothing is read a second way, so an explanation cannot differ from the
crawl.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from lxml.etree import _Element as Element

from narayacrawl.explain.block_outcomes import ExplainedBlock, Place, fates
from narayacrawl.explain.field_origins import path_of, sources
from narayacrawl.items import Article, Image
from narayacrawl.pages.article import NO_ARTICLE, ArticlePage

SHORT_BODY: Final = 200
"""A body of fewer characters makes one ask what was left out."""
LINE: Final = 100
MOST_NAMED: Final = 3
"""So many elements are named in a warning."""
SELECTORS: Final = ("title_css", "date_css", "authors_css", "section_css", "tags_css", "body_css")


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the record."""

    name: str
    values: list[str]
    """As in the record, a list's entries one by one; [] where the page has none."""
    source: str | None = None
    """Where it was found; None where the page has none."""
    published: str | None = None
    """The page's own words where the record has others; None where they are the same."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """A page, explained."""

    url: str
    """Where the page was answered."""
    rejection: str | None
    """Why the page yields no article, one line; None where it does."""
    fields: list[Field]
    container: str | None
    """Path of the element that holds the body, `main > article#post-12 > div.entry-content`; None without text."""
    choice: str
    """Why this element, one line."""
    warnings: list[str] = field(default_factory=list)
    """What a person should look at, one line each."""
    blocks: list[ExplainedBlock] = field(default_factory=list)
    """The blocks of the page, in reading order."""

    def at(self, place: Place) -> list[ExplainedBlock]:
        """The blocks above, inside or below the container; all are above where there is none."""
        return [block for block in self.blocks if block.place == place]

    @property
    def kept(self) -> list[ExplainedBlock]:
        """The blocks of the body, without its pictures."""
        return [block for block in self.blocks if block.fate == "kept" and block.kind != "image"]

    @property
    def dropped(self) -> dict[str, int]:
        """How many blocks in the container each rule left out, the most first."""
        return counts(block for block in self.at("inside") if block.fate != "kept")

    @property
    def outside(self) -> dict[str, int]:
        """How many blocks outside the container that are not the body's each rule names, the most first."""
        return counts(b for b in self.blocks if b.place != "inside" and b.fate != "kept")


def counts(blocks: Iterable[ExplainedBlock]) -> dict[str, int]:
    """How many of these blocks each rule names, the most first; `other` for none."""
    return dict(Counter(block.rule or "other" for block in blocks).most_common())


def explain(page: ArticlePage, article: Article, *, dropped: str | None = None) -> Explanation:
    """Explain how a page is read.

    `article` is the record that the pipelines make of `page.published()`; `dropped` their reason for not writing it,
    None where they do.
    """
    container = page.body.container
    explanation = Explanation(
        url=page.response_url,
        rejection=_rejection(page, dropped),
        fields=_fields(page, article),
        container=path_of(container.element) if container else None,
        choice=_choice(page),
        blocks=fates(page, article),
    )
    explanation.warnings.extend(_warnings(page, explanation))
    return explanation


# Fields


def _fields(page: ArticlePage, article: Article) -> list[Field]:
    found = sources(page, article)
    values = {
        "url": [article.url],
        "id": [] if article.id is None else [str(article.id)],
        "title": [article.title] if article.title else [],
        "description": [article.description] if article.description else [],
        "date": [article.date] if article.date else [],
        "modified": [article.modified] if article.modified else [],
        "authors": article.authors,
        "editors": article.editors,
        "section": [article.section] if article.section else [],
        "tags": [", ".join(article.tags)] if article.tags else [],
        "dateline": [article.dateline] if article.dateline else [],
        "images": [_pictured(image) for image in article.images],
        "related": [f"{link.title} ({link.url})" for link in article.related],
        "language": [article.language] if page.language else [],
    }
    published = {"date": page.moments.published, "modified": page.moments.modified, "title": page.title}
    return [
        Field(name, own, found[name], words if (words := published.get(name)) and [words] != own else None)
        for name, own in values.items()
    ]


def _pictured(image: Image) -> str:
    told = [image.url, image.caption, f"({image.credit})" if image.credit else None]
    return " ".join(part for part in told if part)


# Why


def _rejection(page: ArticlePage, dropped: str | None) -> str | None:
    if page.rejection is None:
        return dropped
    names = [name for name, reason in NO_ARTICLE.items() if reason == page.rejection and name in page.body_names]
    because = {
        "protected": "its text stands behind a password form",
        "no title": "no heading and no metadata tell one",
        "no article": "neither body class nor metadata call it one, and it has no text with a date",
    }
    reason = f"the body's class is {names[0]}" if names else because.get(page.rejection)
    return f"{page.rejection} ({reason})" if reason else page.rejection


def _choice(page: ArticlePage) -> str:
    container = page.body.container
    if container is None:
        return "no element of the page holds running text"
    if page.body_css:
        return f"named by body_css {page.body_css}" if container.body else "by its text: it holds most of the page's"
    if container.body:
        return "by its name, which themes give to an article's text"
    return "by its text: no element with a believable name, so the smallest that holds most of the page's text"


def _warnings(page: ArticlePage, explanation: Explanation) -> Iterator[str]:
    for name in SELECTORS:
        if (css := getattr(page, name)) and not page.selector.css(css):
            yield f"{name} {css} matches nothing on this page"
    for held, path in _rivals(page)[:MOST_NAMED]:
        yield f"{path} is named like a body too, with {held:,} characters outside links"
    kept = sum(len(block.text) for block in explanation.kept)
    if kept < SHORT_BODY:
        yield f"the body is short: {kept:,} characters" if kept else "the body is empty"
        if lost := _lost(explanation)[:MOST_NAMED]:
            told = (f"{rule}: {element} ({running:,})" for running, rule, element in lost)
            yield f"left out, with characters outside links: {', '.join(told)}"
    if page.page_count > 1:
        yield f"page {page.number} of {page.page_count}: a crawl joins the bodies of all pages"


def _lost(explanation: Explanation) -> list[tuple[int, str, str]]:
    """What rules left out in more than a line of running text: how much, rule and element, the most first."""
    found: Counter[tuple[str, str]] = Counter()
    for block in explanation.blocks:
        if block.rule is not None and block.fate != "kept":
            found[block.rule, block.element] += block.running
    return [(running, *place) for place, running in found.most_common() if running >= LINE]


def _rivals(page: ArticlePage) -> list[tuple[int, str]]:
    """The other containers that are named like a body: how much running text each holds and its path, the most
    first."""
    own, blocks = page.body.container, page.outline.blocks
    found = []
    for other in page.outline.containers:
        if other.body and own is not None and not _overlap(other.element, own.element):
            held = sum(len(p.text) - p.linked for p in blocks[other.start : other.end] if p.rule is None)
            if held >= SHORT_BODY:
                found.append((held, path_of(other.element)))
    return sorted(found, reverse=True)


def _overlap(one: Element, other: Element) -> bool:
    return one is other or other in one.iterancestors() or one in other.iterancestors()
