"""Find the outcome of each block of a page: kept in the body, read into a field, or left out by a rule."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal, cast

from lxml.etree import _Element as Element

from narayacrawl.explain.field_origins import MAX_LINE_LENGTH, UNRELATED_REGIONS, describe_element
from narayacrawl.items import Article
from narayacrawl.language.text import normalize
from narayacrawl.pages.article import ArticlePage
from narayacrawl.pages.body.body import BODY_KINDS
from narayacrawl.pages.fields.images import image_url, picture_key
from narayacrawl.pages.outline.blocks import VISIBLE_TEXT, PageBlock, fold, linked_length
from narayacrawl.urls import absolute, clean_url

DATELINE_KINDS = frozenset({"p", "blockquote"})
"""Kinds of block that may open with a dateline."""

Outcome = Literal["kept", "field", "dropped", "outside"]
"""`kept`: in the body, or a picture in it; `field`: left out of the body but read into a field; `dropped`: left out,
inside the body's container; `outside`: not in the container."""
Place = Literal["above", "inside", "below"]


@dataclass(frozen=True, slots=True)
class ExplainedBlock:
    """One block of the page, in reading order."""

    kind: str
    """`p`, `h1` … `h4`, `ul`, `ol`, `blockquote`, `table`, `caption`, `image`, or `region`: an element whose content is
    not read."""
    text: str
    """Its text; for a kept block the record's text, for an image or embed its address."""
    outcome: Outcome
    place: Place
    """Where it stands: before the body's container, inside it, or after it."""
    rule: str | None
    """Name of the rule that leaves it out; None for a kept block, and outside the container if no rule does."""
    element: str
    """The element it stands in, `p.lead`; for a region left out by its class, the region, `div.related-posts`."""
    field: str | None = None
    """The field it was read into, if it was left out of the body."""
    unlinked_chars: int = 0
    """How many of its characters are outside links."""

    @property
    def has_class_or_id(self) -> bool:
        """True if the element has a class or an id."""
        return "." in self.element or "#" in self.element


def block_outcomes(page: ArticlePage, article: Article) -> list[ExplainedBlock]:
    """Return the outcome of each block of the page that has content, in reading order; `article` is the record made of
    the page."""
    openings = _positions_above(page)
    positions = range(len(page.outline.blocks))
    blocks = [_explain_block(page, article, position, in_body=position in openings) for position in positions]
    return list(_with_pipeline_changes(blocks, article))


def _positions_above(page: ArticlePage) -> set[int]:
    """Return the positions of the body's first blocks that stand above the container."""
    start, end = container_range(page)
    inside = sum(map(is_body_block, page.outline.blocks[start:end]))
    texts = [block.text for block in page.body.blocks[: len(page.body.blocks) - inside]]
    found = set()
    for position in range(page.headline.end, start):
        if texts and is_body_block(page.outline.blocks[position]) and page.outline.blocks[position].text == texts[0]:
            found.add(position)
            texts.pop(0)
    return found


def container_range(page: ArticlePage) -> tuple[int, int]:
    """Return the positions in the outline where the body's container begins and ends; the number of blocks for both if
    there is none."""
    container = page.body.container
    return (container.start, container.end) if container else (len(page.outline.blocks),) * 2


def is_body_block(block: PageBlock) -> bool:
    """True if a block in the container is a block of the body."""
    return block.rule is None and bool(block.text) and (block.kind in BODY_KINDS or block.kind == "h1")


def _explain_block(page: ArticlePage, article: Article, position: int, *, in_body: bool) -> ExplainedBlock:
    """Explain one block of the outline."""
    block, (start, end) = page.outline.blocks[position], container_range(page)
    place: Place = "above" if position < start else "inside" if position < end else "below"
    regions = (outer for outer in reversed(page.outline.regions) if outer.start <= position < outer.end)
    region = next((outer.element for outer in regions if outer.rule == block.rule), None)
    kind, text, unlinked_chars, rule = block.kind, block.text, len(block.text) - block.linked_chars, block.rule
    if kind == "image":
        text = image_url(block.element, page.response_url) or ""
    elif not text and block.element.tag == "iframe":
        text = absolute(block.element.get("src"), page.response_url) or "no address"
    elif not text and block.element is region:
        kind, text = "region", all_text(block.element)
        unlinked_chars = len(text) - linked_length(block.element)
    field = _field_read_from(block, page, article)
    if in_body or (place == "inside" and (is_body_block(block) or (rule is None and field == "images"))):
        return ExplainedBlock(kind, text, "kept", place, None, describe_element(block.element), None, unlinked_chars)
    if place == "inside" and rule is None:
        rule = "caption" if kind == "caption" else "not the article's"
    outcome: Outcome = "field" if field else "dropped" if place == "inside" else "outside"
    element_name = describe_element(block.element if region is None else region)
    return ExplainedBlock(kind, text, outcome, place, rule, element_name, field, unlinked_chars)


def all_text(element: Element) -> str:
    """Return the visible text inside an element on one line, with a space between the texts of two elements."""
    return " ".join(" ".join(map(str, cast("list[str]", VISIBLE_TEXT(element)))).split())


def _field_read_from(block: PageBlock, page: ArticlePage, article: Article) -> str | None:
    """Return the field that a block outside the body was read into; None if no field has its text."""
    text = fold(block.text)
    if any(block is other for other in page.body.standfirst):
        return "standfirst"
    if block.kind == "image":
        url = image_url(block.element, page.response_url)
        picture = picture_key(url) if url else None
        return "images" if any(picture_key(image.url) == picture for image in article.images) else None
    if block.rule == "related":
        addresses = {clean_url(url) for href, _ in block.links if (url := absolute(href, page.response_url))}
        return "related" if addresses & {link.url for link in article.related} else None
    if not text or len(block.text) > MAX_LINE_LENGTH or block.rule in UNRELATED_REGIONS:
        return None
    if block.kind in ("h1", "h2", "h3") and text == fold(article.title):
        return "title"
    if block.kind == "caption":
        texts = [fold(words) for image in article.images for words in (image.caption, image.credit) if words]
        return "images" if any(words in text for words in texts) else None
    if block.rule is None:
        return None
    values = {"authors": article.authors, "editors": article.editors, "tags": article.tags}
    values["date"] = [page.dates.published] if page.dates.published else []
    fields = [
        name for name, entries in values.items() if any((folded := fold(entry)) and folded in text for entry in entries)
    ]
    return ", ".join(fields) or None


def _with_pipeline_changes(blocks: list[ExplainedBlock], article: Article) -> Iterator[ExplainedBlock]:
    """Yield the blocks as the record has them: what the pipelines cut off becomes a block of its own."""
    texts = iter(align_with_body([b.text for b in blocks if b.outcome == "kept" and b.kind != "image"], article.body))
    may_be_dateline = article.dateline is not None
    for block in blocks:
        if block.outcome != "kept" or block.kind == "image":
            if block.text:
                yield block
            continue
        body_text = next(texts)
        if body_text is None:  # nothing was left of it
            before, after = (block.text, "") if may_be_dateline else ("", block.text)
        else:
            head, separator, tail = block.text.partition(body_text)
            before, after = (head.strip(), tail.strip()) if separator else ("", "")
        if before:
            yield replace(block, text=before, outcome="field", rule="dateline", field="dateline")
        if body_text is not None:
            yield replace(block, text=body_text)
            may_be_dateline = may_be_dateline and block.kind not in DATELINE_KINDS
        if after:
            yield replace(block, text=after, outcome="dropped", rule="end marker")


def align_with_body(texts: list[str], body: str) -> list[str | None]:
    """Return for each of these blocks, in order, its text in the record's body; None if nothing was left of it."""
    body_texts = body.split("\n\n") if body else []
    found: list[str | None] = []
    for position, text in enumerate(texts):
        folded = fold(normalize(text))
        is_one_to_one = len(body_texts) == len(texts) - position
        is_next = bool(body_texts) and (is_one_to_one or (bool(folded) and fold(body_texts[0]) in folded))
        found.append(body_texts.pop(0) if is_next else None)
    return found
