"""Which section and tags an article has, from its breadcrumb, its metadata, its term links and its permalink."""

import re
from functools import cached_property, lru_cache
from urllib.parse import unquote, urlsplit

from lxml.etree import _Element as Element

from narayacrawl.pages.fields.metadata import Metadata, texts
from narayacrawl.pages.outline.blocks import SECTION_ADDRESS, TAG_ADDRESS, lists_tags, text_of
from narayacrawl.pages.outline.outline import Outline
from narayacrawl.urls import absolute, key

ELSEWHERE = frozenset({"related", "sidebar", "comments", "ad", "popup", "footer"})
CATEGORY_WORD = re.compile(
    r"(?:.*[-_])?cat(?:s|egor(?:y|ies))?(?:[-_](?:links?|list|name|labels?|meta|wrap|tag))?|taxonomy-category|.*(?:kanal|rubrik).*",
    re.IGNORECASE,
)
# So many blocks around the title, and so short, are the article's header.
ABOVE, BELOW, HEADER_LENGTH = 3, 8, 120
HOME_WORDS = frozenset(
    {"beranda", "home", "depan", "halaman depan", "halaman utama", "homepage", "index", "berita utama"}
)


@lru_cache(maxsize=20_000)
def names_categories(names: str) -> bool:
    """Whether one of these classes and ids is of an element that holds categories."""
    return any(map(CATEGORY_WORD.fullmatch, names.split()))


class Sections:
    """The section and the tags of one page."""

    def __init__(self, metadata: Metadata, outline: Outline, url: str) -> None:
        self.metadata, self.outline, self.url = metadata, outline, url

    @cached_property
    def categories(self) -> list[tuple[str, str]]:
        """The category links that belong to the article: (name, address)."""
        found: dict[str, str] = {}
        seen: set[Element] = set()
        for mark in self.outline.marks:
            if mark.region in ELSEWHERE or mark.region == "navigation":
                continue
            element = mark.element
            if element.tag == "a":
                if "category" in (element.get("rel") or "").split() or names_categories(mark.names):
                    found.setdefault(mark.text, absolute(element.get("href"), self.url) or "")
            elif element.tag != "article" and names_categories(mark.names):
                links = element.iter("a")
                first = next(links, None)
                if first is None or first in seen:  # one category within another
                    continue
                for link in (first, *links):
                    seen.add(link)
                    found.setdefault(text_of(link), absolute(link.get("href"), self.url) or "")
        return [(name, href) for name, href in found.items() if name]

    @cached_property
    def breadcrumb(self) -> list[str]:
        """The steps between the front page and the article that the page shows."""
        for mark in self.outline.marks:
            if "breadcrumb" in mark.names.lower() and mark.element.tag not in ("a", "span", "li"):
                links = [(a, absolute(a.get("href"), self.url)) for a in mark.element.iter("a")]
                steps = [
                    text_of(a)
                    for a, url in links
                    if url and key(url) != key(self.url) and urlsplit(url).path.strip("/") + urlsplit(url).query
                ]
                return [step for step in steps if step and step.lower() not in HOME_WORDS]
        return []

    @cached_property
    def primary(self) -> str | None:
        """The primary category, the child where it is one: breadcrumb, OpenGraph, the permalink's own category, then
        the first that is shown (a child before its parents: WordPress shows them by name)."""
        if self.breadcrumb:
            return self.breadcrumb[-1]
        steps = self.metadata.breadcrumb
        if len(steps) > 2:
            return steps[-2]
        if stated := self.metadata.first("article:section"):
            return stated
        folders = [unquote(s) for s in urlsplit(self.url).path.split("/") if s][:-1]
        for folder in reversed(folders):
            for name, href in self.categories:
                if urlsplit(href).path.rstrip("/").rpartition("/")[2] == folder:
                    return name
        stated_sections = texts(self.metadata.article.get("articleSection"))
        if len(stated_sections) == 1:
            return stated_sections[0]
        if self.categories:
            return max(self.categories, key=lambda category: urlsplit(category[1]).path.strip("/").count("/"))[0]
        return stated_sections[0] if stated_sections else self._linked_section(folders)

    def _linked_section(self, folders: list[str]) -> str | None:
        """The name by which a link of the article's header calls a category, the permalink's own where there is one;
        else any link of the page, its menu's too, that calls this."""
        blocks = self.outline.blocks[self._beside_title]
        beside = (p for p in blocks if p.rule not in ELSEWHERE and len(p.text) <= HEADER_LENGTH)
        near = [link for block in beside for link in block.links if SECTION_ADDRESS.search(link[0])]
        links = [(a.get("href") or "", a) for a in self.outline.root.iter("a")] if folders else []
        sections = [*near, *((href, text_of(a)) for href, a in links if SECTION_ADDRESS.search(href))]
        for folder in reversed(folders):
            for href, name in sections:
                if urlsplit(href).path.rstrip("/").rpartition("/")[2] == folder and name:
                    return name
        return near[0][1] if near else None

    @property
    def _beside_title(self) -> slice:
        """Where among the page's blocks the article's header is."""
        title = next((i for i, p in enumerate(self.outline.blocks) if p.kind == "h1"), None)
        return slice(0, 0) if title is None else slice(max(0, title - ABOVE), title + BELOW)

    def _listed_tags(self) -> list[str]:
        """The first lines below the headline that are nothing but links to tags."""
        blocks = self.outline.blocks
        top = next((i for i, block in enumerate(blocks) if block.kind == "h1"), len(blocks))
        found: list[str] = []
        for block in blocks[top:]:
            if block.rule in (None, "meta", "tags") and lists_tags(block):
                found += [text for _, text in block.links]
            elif found and block.text:
                break
        return found

    @cached_property
    def tags(self) -> list[str]:
        """The tag links that belong to the article, else its metadata's tags."""
        categories = {href for _, href in self.categories}
        shown = []
        for mark in self.outline.marks:
            element = mark.element
            if element.tag != "a" or mark.region in ELSEWHERE:
                continue
            rel = (element.get("rel") or "").split()
            if "tag" in rel and "category" not in rel and absolute(element.get("href"), self.url) not in categories:
                shown.append(mark.text)
        if not shown:  # themes that leave out rel=tag name their list of tags, and the address tells a tag
            links = [link for block in self.outline.blocks if block.rule == "tags" for link in block.links]
            shown = [text for href, text in links if TAG_ADDRESS.search(href)] or self._listed_tags()
        stated = shown or self.metadata.meta.get("article:tag") or texts(self.metadata.article.get("keywords"))
        if len(stated) == 1 and not shown:
            stated = stated[0].split(",")
        return list(dict.fromkeys(tag.strip().lstrip("#").strip() for tag in stated if tag.strip(" #")))
