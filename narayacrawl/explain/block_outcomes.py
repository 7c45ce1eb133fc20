"""What happened to each block of a page on its way into the record: kept, read into a field, or left out by a rule."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal, cast
from unicodedata import normalize

from lxml.etree import _Element as Element

from narayacrawl.explain.field_origins import ELSEWHERE, SHORT, selector_of
from narayacrawl.items import Article
from narayacrawl.pages.article import ArticlePage
from narayacrawl.pages.body.body import KINDS
from narayacrawl.pages.fields.images import image_url, same_picture
from narayacrawl.pages.outline.blocks import SEEN_TEXT, PageBlock, fold, linked_length
from narayacrawl.urls import absolute, clean_url

OPENING = frozenset({"p", "blockquote"})
"""Kinds of block that may open with a dateline."""

Fate = Literal["kept", "field", "dropped", "outside"]
"""`kept`: in the body, or a picture in it; `field`: left out of the body, read into a field; `dropped`: in the body's
container, left out; `outside`: not in it."""
Place = Literal["above", "inside", "below"]


@dataclass(frozen=True, slots=True)
class ExplainedBlock:
    """One block of the page, in reading order."""

    kind: str
    """`p`, `h1` … `h4`, `ul`, `ol`, `blockquote`, `table`, `caption`, `image`, or `region`: an element whose inside is
    not read."""
    text: str
    """What a reader sees of it; of a kept one what the record has, of an image or embed its address."""
    fate: Fate
    place: Place
    """Where it stands: before the body's container, in it, or after it."""
    rule: str | None
    """Name of the rule that leaves it out; None for a kept one, and outside where none does."""
    element: str
    """The element it stands in, `p.lead`; where a region is left out by its name, the region, `div.related-posts`."""
    into: str | None = None
    """The field that it was read into, where it was left out of the body."""
    running: int = 0
    """How many characters of it are outside links."""

    @property
    def is_named(self) -> bool:
        """Whether the element has a class or an id."""
        return "." in self.element or "#" in self.element


def fates(page: ArticlePage, article: Article) -> list[ExplainedBlock]:
    """What happened to each block of the page that has anything to show, in reading order; `article` is the record made
    of the page."""
    standfirst = _standfirst(page)
    positions = range(len(page.outline.blocks))
    blocks = [_fate_of(page, article, position, in_body=position in standfirst) for position in positions]
    return list(_finished(blocks, article))


def _standfirst(page: ArticlePage) -> set[int]:
    """Positions of the blocks above the container that are the body's: its first ones that the container lacks."""
    start, end = bounds(page)
    inside = sum(map(is_kept, page.outline.blocks[start:end]))
    texts = [block.text for block in page.body.blocks[: len(page.body.blocks) - inside]]
    found = set()
    for position in range(page.title_position, start):
        if texts and is_kept(page.outline.blocks[position]) and page.outline.blocks[position].text == texts[0]:
            found.add(position)
            texts.pop(0)
    return found


def bounds(page: ArticlePage) -> tuple[int, int]:
    """The positions in the outline where the body's container begins and ends; beyond the last where there is none."""
    container = page.body.container
    return (container.start, container.end) if container else (len(page.outline.blocks),) * 2


def is_kept(block: PageBlock) -> bool:
    """Whether a block in the container is a block of the body."""
    return block.rule is None and bool(block.text) and (block.kind in KINDS or block.kind == "h1")


def _fate_of(page: ArticlePage, article: Article, position: int, *, in_body: bool) -> ExplainedBlock:
    block, (start, end) = page.outline.blocks[position], bounds(page)
    place: Place = "above" if position < start else "inside" if position < end else "below"
    around = (r for r in reversed(page.outline.regions) if r.start <= position < r.end)
    region = next((r.element for r in around if r.rule == block.rule), None)
    kind, text, running, rule = block.kind, block.text, len(block.text) - block.linked, block.rule
    if kind == "image":
        text = image_url(block.element, page.response_url) or ""
    elif not text and block.element.tag == "iframe":
        text = absolute(block.element.get("src"), page.response_url) or "no address"
    elif not text and block.element is region:
        kind, text = "region", all_text(block.element)
        running = len(text) - linked_length(block.element)
    into = _field_of(block, page, article)
    if in_body or (place == "inside" and (is_kept(block) or (rule is None and into == "images"))):
        return ExplainedBlock(kind, text, "kept", place, None, selector_of(block.element), None, running)
    if place == "inside" and rule is None:
        rule = "caption" if kind == "caption" else "not the article's"
    fate: Fate = "field" if into else "dropped" if place == "inside" else "outside"
    named = selector_of(block.element if region is None else region)
    return ExplainedBlock(kind, text, fate, place, rule, named, into, running)


def all_text(element: Element) -> str:
    """What a reader may see inside an element, on one line, a space between the texts of two elements."""
    return " ".join(" ".join(map(str, cast("list[str]", SEEN_TEXT(element)))).split())


def _field_of(block: PageBlock, page: ArticlePage, article: Article) -> str | None:
    """The field that a block outside the body was read into; None where none tells its words."""
    text = fold(block.text)
    if block.kind == "image":
        url = image_url(block.element, page.response_url)
        picture = same_picture(url) if url else None
        return "images" if any(same_picture(image.url) == picture for image in article.images) else None
    if block.rule == "related":
        addresses = {clean_url(url) for href, _ in block.links if (url := absolute(href, page.response_url))}
        return "related" if addresses & {link.url for link in article.related} else None
    if not text or len(block.text) > SHORT or block.rule in ELSEWHERE:
        return None
    if block.kind in ("h1", "h2", "h3") and text == fold(article.title):
        return "title"
    if block.kind == "caption":
        told = [fold(words) for image in article.images for words in (image.caption, image.credit) if words]
        return "images" if any(words in text for words in told) else None
    if block.rule is None:
        return None
    lines = {"authors": article.authors, "editors": article.editors, "tags": article.tags}
    lines["date"] = [page.moments.published] if page.moments.published else []
    found = [name for name, values in lines.items() if any((own := fold(v)) and own in text for v in values)]
    return ", ".join(found) or None


def _finished(blocks: list[ExplainedBlock], article: Article) -> Iterator[ExplainedBlock]:
    """The blocks as the record has them: what the pipelines cut off is a block of its own."""
    texts = iter(aligned([b.text for b in blocks if b.fate == "kept" and b.kind != "image"], article.body))
    opening = article.dateline is not None
    for block in blocks:
        if block.fate != "kept" or block.kind == "image":
            if block.text:
                yield block
            continue
        final = next(texts)
        if final is None:  # nothing was left of it
            before, after = (block.text, "") if opening else ("", block.text)
        else:
            head, found, tail = block.text.partition(final)
            before, after = (head.strip(), tail.strip()) if found else ("", "")
        if before:
            yield replace(block, text=before, fate="field", rule="dateline", into="dateline")
        if final is not None:
            yield replace(block, text=final)
            opening = opening and block.kind not in OPENING
        if after:
            yield replace(block, text=after, fate="dropped", rule="end marker")


def aligned(texts: list[str], body: str) -> list[str | None]:
    """What the record's body has of each of these blocks, in order; None where nothing was left of it."""
    rest = body.split("\n\n") if body else []
    found: list[str | None] = []
    for position, text in enumerate(texts):
        own = fold(normalize("NFC", text))
        whole = len(rest) == len(texts) - position
        found.append(rest.pop(0) if rest and (whole or (own and fold(rest[0]) in own)) else None)
    return found
