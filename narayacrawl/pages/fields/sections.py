"""Read an article's section and tags from its breadcrumb, its metadata, its term links and its permalink."""

import re
from functools import cached_property, lru_cache
from html import unescape
from itertools import islice
from urllib.parse import unquote, urlsplit

from lxml.etree import _Element as Element

from narayacrawl.pages.fields.metadata import Metadata, texts
from narayacrawl.pages.outline.blocks import SECTION_ADDRESS, TAG_ADDRESS, fold, is_tag_list, text_of
from narayacrawl.pages.outline.outline import Outline
from narayacrawl.urls import absolute, key

UNRELATED_REGIONS = frozenset({"related", "sidebar", "comments", "ad", "popup", "footer"})
BREADCRUMB_CLASS = re.compile(r"breadcrumb|(?<!td-)(?<!entry-)crumbs?(?:$|\s)|(?:^|\s)remah(?:$|\s)", re.IGNORECASE)
# What is a tag in every portal; the address of a topic or a label may be a section's.
OWN_TAG_ADDRESS = re.compile(r"/tags?/[^/]|[?&]tag=", re.IGNORECASE)
BYLINE_REGIONS = frozenset({"meta", "author", "header"})
CATEGORY_CLASS = re.compile(
    r"(?:.*[-_])?cat(?:s|egor(?:y|ies))?(?:[-_](?:links?|list|name|labels?|meta|wrap|tag))?|taxonomy-category|.*(?:kanal|rubrik).*",
    re.IGNORECASE,
)
# The article's header: this many blocks around the headline, each this short.
MAX_BLOCKS_ABOVE, MAX_BLOCKS_BELOW, MAX_HEADER_LINE_LENGTH = 3, 8, 120
# Folders that WordPress and themes put before all sections.
SECTION_BASES = frozenset({"category", "kategori", "kanal", "rubrik", "section", "topics"})
MAX_SECTION_DEPTH, MAX_SECTION_LENGTH = 4, 60
HOME_NAMES = frozenset(
    {"beranda", "home", "depan", "halaman depan", "halaman utama", "homepage", "index", "berita utama"}
)


@lru_cache(maxsize=20_000)
def is_category_class(names: str) -> bool:
    """True if one of these classes and ids is of an element that holds categories."""
    lower = names.lower()
    if "cat" not in lower and "kanal" not in lower and "rubrik" not in lower:
        return False
    return any(map(CATEGORY_CLASS.fullmatch, names.split()))


class Sections:
    """The section and the tags of one page."""

    def __init__(self, metadata: Metadata, outline: Outline, url: str) -> None:
        self.metadata, self.outline, self.url = metadata, outline, url

    @cached_property
    def categories(self) -> list[tuple[str, str]]:
        """Return the category links that belong to the article: (name, address)."""
        found: dict[str, str] = {}
        seen: set[Element] = set()
        for field_element in self.outline.field_elements:
            if field_element.region in UNRELATED_REGIONS or field_element.region == "navigation":
                continue
            element = field_element.element
            if element.tag == "a":
                if "category" in (element.get("rel") or "").split() or is_category_class(field_element.class_and_id):
                    found.setdefault(field_element.text, absolute(element.get("href"), self.url) or "")
            elif element.tag != "article" and is_category_class(field_element.class_and_id):
                links = element.iter("a")
                first = next(links, None)
                if first is None or first in seen:  # one category element inside another
                    continue
                for link in (first, *links):
                    seen.add(link)
                    href = link.get("href")
                    if not OWN_TAG_ADDRESS.search(href or ""):  # themes name the list of tags like that of categories
                        found.setdefault(text_of(link), absolute(href, self.url) or "")
        return [(name, href) for name, href in found.items() if name]

    @cached_property
    def breadcrumb(self) -> list[str]:
        """Return the steps of the visible breadcrumb between the front page and the article."""
        for field_element in self.outline.field_elements:
            element = field_element.element
            if element.tag not in ("a", "span", "li") and BREADCRUMB_CLASS.search(field_element.class_and_id):
                links = [(a, absolute(a.get("href"), self.url)) for a in element.iter("a")]
                steps = [
                    text_of(a)
                    for a, url in links
                    if url and key(url) != key(self.url) and urlsplit(url).path.strip("/") + urlsplit(url).query
                ]
                if steps := [step for step in steps if step and step.lower() not in HOME_NAMES]:
                    return steps
        return []

    @cached_property
    def primary(self) -> str | None:
        """Return the article's section, its entities decoded."""
        section = self._primary()
        return unescape(section) if section else section

    def _primary(self) -> str | None:
        """Return the primary category, the child rather than its parent: breadcrumb, OpenGraph, microdata, the
        permalink's own category, then the deepest that is shown (WordPress lists categories by name)."""
        if self.breadcrumb:
            return self.breadcrumb[-1]
        steps = self.metadata.breadcrumb
        if len(steps) > 2:
            return steps[-2]
        if open_graph := self.metadata.first("article:section"):
            return open_graph
        if microdata := self.microdata_section:
            return microdata
        folders = [unquote(s) for s in urlsplit(self.url).path.split("/") if s][:-1]
        for folder in reversed(folders):
            for name, href in self.categories:
                if urlsplit(href).path.rstrip("/").rpartition("/")[2] == folder:
                    return name
        json_ld_sections = texts(self.metadata.article.get("articleSection"))
        if len(json_ld_sections) == 1:
            return json_ld_sections[0]
        if self.categories:
            return max(self.categories, key=lambda category: urlsplit(category[1]).path.strip("/").count("/"))[0]
        return json_ld_sections[0] if json_ld_sections else self._linked_section(folders)

    @cached_property
    def microdata_section(self) -> str | None:
        """Return the section that the page's microdata tells of the article; None if it tells none, or several."""
        shown = {
            field_element.element.get("content") or field_element.text
            for field_element in self.outline.field_elements
            if field_element.element.get("itemprop") == "articleSection"
            and field_element.region not in UNRELATED_REGIONS
            and len([*islice(field_element.element.iter("a"), 2)]) < 2
        }
        name = shown.pop().strip() if len(shown) == 1 else ""
        return name if 0 < len(name) <= MAX_SECTION_LENGTH else None

    def parents_of(self, section: str) -> list[str]:
        """Return the sections above this one, the highest first: by the visible breadcrumb or JSON-LD's, else by the
        addresses of the page's links to sections."""
        steps = self.metadata.breadcrumb[:-1]
        category_names = {name for name, _ in self.categories}
        if steps and steps[0] not in category_names:  # the front page
            steps = steps[1:]
        for path in (self.breadcrumb, steps):
            names = [unescape(name) for name in path]
            if section in names[:MAX_SECTION_DEPTH]:
                site = fold(self.metadata.site_name or "")
                above = names[: names.index(section)]
                return [name for name in dict.fromkeys(above) if name != section and fold(name) != site]
        href = next((href for name, href in self.categories if name == section), None)
        return self._linked_parents(section, href) if href else []

    def _linked_parents(self, section: str, href: str) -> list[str]:
        """Return the names of the links to the sections above the one at this address."""
        folders = urlsplit(href).path.strip("/").split("/")
        if folders[0] in SECTION_BASES:
            base, folders = f"/{folders[0]}", folders[1:]
        else:
            base = ""
        if not 1 < len(folders) <= MAX_SECTION_DEPTH:
            return []
        paths = {f"{base}/{'/'.join(folders[:depth])}": depth for depth in range(1, len(folders))}
        found: dict[int, str] = {}
        for a in self.outline.root.iter("a"):
            address = a.get("href") or ""
            if folders[0] not in address:  # most are settled so, without reading them
                continue
            depth = paths.get(urlsplit(own).path.rstrip("/"), 0) if (own := absolute(address, self.url)) else 0
            if depth and depth not in found and (name := text_of(a)) and len(name) <= MAX_SECTION_LENGTH:
                found[depth] = name
        return [found[depth] for depth in sorted(found) if found[depth] != section]

    def _linked_section(self, folders: list[str]) -> str | None:
        """Return the name of a category linked in the article's header, the permalink's own if there is one; else the
        name of any link on the page, its menu included, that leads to it."""
        blocks = self.outline.blocks[self._header_slice]
        header = (
            block
            for block in blocks
            if block.rule not in UNRELATED_REGIONS and len(block.text) <= MAX_HEADER_LINE_LENGTH
        )
        header_links = [link for block in header for link in block.links if SECTION_ADDRESS.search(link[0])]
        links = [(a.get("href") or "", a) for a in self.outline.root.iter("a")] if folders else []
        sections = [*header_links, *((href, text_of(a)) for href, a in links if SECTION_ADDRESS.search(href))]
        for folder in reversed(folders):
            for href, name in sections:
                if urlsplit(href).path.rstrip("/").rpartition("/")[2] == folder and name:
                    return name
        return header_links[0][1] if header_links else None

    @property
    def _header_slice(self) -> slice:
        """Return the slice of the page's blocks that is the article's header."""
        headline = next((i for i, block in enumerate(self.outline.blocks) if block.kind == "h1"), None)
        return (
            slice(0, 0) if headline is None else slice(max(0, headline - MAX_BLOCKS_ABOVE), headline + MAX_BLOCKS_BELOW)
        )

    def _metadata_tags(self) -> list[str]:
        """Return the tags that the metadata names."""
        return self.metadata.meta.get("article:tag") or texts(self.metadata.article.get("keywords"))

    def _listed_tags(self) -> list[str]:
        """Return the tags in the first lines below the headline that hold nothing but links to tags."""
        blocks = self.outline.blocks
        top = next((i for i, block in enumerate(blocks) if block.kind == "h1"), len(blocks))
        found: list[str] = []
        for block in blocks[top:]:
            if block.rule in (None, "meta", "tags") and is_tag_list(block):
                found += [text for _, text in block.links]
            elif found and block.text:
                break
        return found

    def _header_tags(self) -> list[str]:
        """Return the links to tags in the lines that tell author and date below the headline."""
        blocks = self.outline.blocks
        headline = next((i for i, block in enumerate(blocks) if block.kind == "h1"), len(blocks))
        header = (b for b in blocks[headline + 1 : headline + MAX_BLOCKS_BELOW] if b.rule in BYLINE_REGIONS)
        return [text for block in header for href, text in block.links if OWN_TAG_ADDRESS.search(href)]

    @cached_property
    def tags(self) -> list[str]:
        """Return the tag links that belong to the article, else its metadata's tags."""
        categories = {href for _, href in self.categories}
        visible = []
        for field_element in self.outline.field_elements:
            element = field_element.element
            if element.tag != "a" or field_element.region in UNRELATED_REGIONS:
                continue
            rel = (element.get("rel") or "").split()
            if "tag" in rel and "category" not in rel and absolute(element.get("href"), self.url) not in categories:
                visible.append(field_element.text)
        if not visible:  # without rel=tag: the theme's list of tags, whose addresses are those of tags
            links = [link for block in self.outline.blocks if block.rule == "tags" for link in block.links]
            visible = [text for href, text in links if TAG_ADDRESS.search(href)]
            visible = visible or self._listed_tags() or self._header_tags()
        tags = visible or [unescape(tag) for tag in self._metadata_tags()]
        if len(tags) == 1 and not visible:
            tags = tags[0].split(",")
        return list(dict.fromkeys(tag.strip().lstrip("#").strip() for tag in tags if tag.strip(" #")))
