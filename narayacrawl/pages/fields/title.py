"""The headline of an article and the name of its portal, which stand side by side in most places."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from typing import NamedTuple, cast
from urllib.parse import urlsplit

from lxml.etree import _Element as Element
from lxml.etree import iterwalk

from narayacrawl.pages.fields.metadata import Metadata, texts
from narayacrawl.pages.outline.blocks import PageBlock, fold, text_of
from narayacrawl.pages.outline.outline import HEADINGS, Outline
from narayacrawl.urls import absolute

# `Judul – NarayaPost`: wp_get_document_title() writes an en dash, plugins and themes what they like.
SEPARATOR = re.compile(r"\s(?:[|–—»·•:]|-{1,2})\s")
SITE_NAME = re.compile(rf"^(?P<head>.+){SEPARATOR.pattern}(?P<tail>[^|–—»·•]+)$")
# The first default theme puts a word between: `NarayaPost » Blog Archive » Judul`.
ARCHIVE = re.compile(r"^Blog\sArchi\w*\s»\s")
LAST_PART = re.compile(r".+»\s*(?P<part>[^»]+)$")
# An `h1` here is the headline where it says what the metadata says: the region is named wrongly.
ELSEWHERE = frozenset({"related", "comments", "sidebar", "ad", "author", "popup", "footer"})
# A heading here repeats the headline, or is no headline at all.
BESIDE = frozenset({"navigation", "hidden", "newsletter", "form", "promo", "share", "embed"})
# What stands inside a heading beside the headline: a kicker above it, a line below it, Bootstrap's `small`.
KICKER = re.compile(
    r".*(?:kicker|(?:top|over|roof|pre|sub|sur|super|anti)[-_]?(?:title|line|head)|dach-?zeile|eyebrow|tag-?line|badge).*"
    r"|.*small|label|screen-reader-text|sr-only|visually-hidden",
    re.IGNORECASE,
)
# A heading so long is the headline even where the metadata's goes on.
LONG_ENOUGH = 15
LONGEST = 500
LONGEST_NAME = 80
# So many headlines of one object are looked at.
MOST_STATED = 5


class Stated(NamedTuple):
    """A headline that the page's metadata gives, without the site's name, and where it stands."""

    text: str
    source: str
    folded: str


@dataclass(slots=True)
class Heading:
    """A heading of the page, which may be several of its blocks."""

    blocks: list[PageBlock]
    end: int
    """How many blocks stand up to it."""
    element: Element

    @property
    def kind(self) -> str:
        return self.blocks[0].kind

    @property
    def text(self) -> str:
        return " ".join(block.text for block in self.blocks)


class Found(NamedTuple):
    """The headline, how many blocks stand up to it, and where it was read."""

    title: str | None
    position: int
    source: str | None


def heading_of(element: Element) -> Element:
    """The heading that an element stands in, or itself."""
    above: Element | None = element
    for _ in range(5):
        if above is None or above.tag in HEADINGS:
            break
        above = above.getparent()
    return element if above is None or above.tag not in HEADINGS else above


def without_ends(title: str, names: frozenset[str]) -> str:
    """A title without one of these (folded) names at its end or its beginning."""
    parted = [*SEPARATOR.finditer(title)]
    for separator in parted:
        if fold(title[separator.end() :]) in names:
            return title[: separator.start()].rstrip()
    for separator in reversed(parted):
        if fold(title[: separator.start()]) in names:
            return ARCHIVE.sub("", title[separator.end() :].lstrip())
    return title


def bare_text(heading: Element) -> str:
    """The text of a heading without its kicker and the line below it."""
    parts: list[str] = []
    walk = iterwalk(heading, events=("start", "end", "comment", "pi"))
    for event, own in cast("Iterator[tuple[str, Element]]", walk):
        if event != "start":
            parts.append((own.tail or "") if own is not heading else "")
        elif own is not heading and (own.tag == "small" or any(map(is_kicker, (own.get("class") or "").split()))):
            walk.skip_subtree()
        else:
            parts.append(own.text or "")
    return "".join(parts)


def is_kicker(name: str) -> bool:
    """Whether a class is of what stands in a heading beside the headline."""
    return len(name) <= LONGEST_NAME and KICKER.fullmatch(name) is not None


class Titles:
    """The headline as a reader sees it.

    `title`: None where the page has none; `position`: how many blocks stand up to it; `source`: `h1`, `h2`, `h3`, or,
    where no heading is the headline, `json-ld`, `og:title`, `twitter:title`, `document title`.
    """

    def __init__(self, metadata: Metadata, outline: Outline) -> None:
        self.metadata, self.outline = metadata, outline

    # The site's name

    @cached_property
    def site_name(self) -> str | None:
        """The portal's name: metadata, the link home as core themes print it, a heading that leads home, the end of the
        document's title."""
        return self.metadata.site_name or self._linked_site() or self._titled_site()

    def _linked_site(self) -> str | None:
        named = (m.text for m in self.outline.marks if "site-title" in m.names or "site-name" in m.names)
        led = (p.text for p in self.outline.blocks if p.kind in ("h1", "h2") and p.links and self._leads_home(p))
        return next(filter(None, named), None) or next(led, None)

    def _titled_site(self) -> str | None:
        match = SITE_NAME.match((self.metadata.document_title or "")[:LONGEST])
        headings = (fold(p.text) for p in self.outline.blocks if p.kind in ("h1", "h2"))
        return match["tail"] if match and fold(match["head"]) in headings else None

    def _leads_home(self, block: PageBlock) -> bool:
        """Whether a line is nothing but a link to the front page."""
        href = block.links[0][0] if len(block.links) == 1 and block.linked == len(block.text) else None
        return href is not None and is_home(href, self.outline.url)

    @cached_property
    def _sites(self) -> frozenset[str]:
        """The names of the site, folded: its own, its host, and the first word of that."""
        host = (urlsplit(self.metadata.url).hostname or "").removeprefix("www.")
        names = (self.metadata.site_name, self._linked_site() if not self.metadata.site_name else None)
        return frozenset(fold(name) for name in (*names, host, host.partition(".")[0]) if name)

    # The headline

    @cached_property
    def stated(self) -> list[Stated]:
        """The headline as the page's metadata gives it, without the site's name."""
        meta = self.metadata
        stated = [
            *((headline, "json-ld") for headline in texts(meta.article.get("headline"))[:MOST_STATED]),
            (meta.first("og:title"), "og:title"),
            (meta.first("twitter:title"), "twitter:title"),
            (meta.document_title, "document title"),
        ]
        plain = ((" ".join(unescape(title)[:LONGEST].split()), source) for title, source in stated if title)
        bare = ((self._without_site(title), source) for title, source in plain)
        return [Stated(title, source, fold(title)) for title, source in bare]

    def _without_site(self, title: str) -> str:
        """A title without the names of site and section around it."""
        around = self._sites
        while (shorter := without_ends(title, around)) != title:
            title, around = shorter, around | self._sections
        return title

    @cached_property
    def _sections(self) -> frozenset[str]:
        return frozenset(map(fold, (*self.metadata.meta.get("article:section", ()), *self.metadata.breadcrumb)))

    def _headings(self) -> list[Heading]:
        headings: list[Heading] = []
        for index, block in enumerate(self.outline.blocks):
            if block.kind not in ("h1", "h2", "h3") or not block.text:
                continue
            if block.rule in ELSEWHERE and block.kind != "h1":
                continue
            element = heading_of(block.element)
            if headings and headings[-1].element is element:
                headings[-1].end = index + 1
                if headings[-1].blocks[0].rule in BESIDE:
                    headings[-1].blocks = [block]
                elif block.rule not in BESIDE:
                    headings[-1].blocks.append(block)
            else:
                headings.append(Heading([block], index + 1, element))
        return headings

    @cached_property
    def _found(self) -> Found:
        """The heading that agrees with the metadata, `h1` first; else the `h1` that is not the site's name and shares
        most words with the metadata; else the metadata's headline."""
        headings = self._headings()
        own = [h for h in headings if h.blocks[0].rule not in BESIDE | ELSEWHERE]
        tops = [h for h in own if h.kind == "h1" and not self._is_site(h)]
        lower = [h for h in own if h.kind != "h1"]
        beside = [h for h in headings if h.kind == "h1" and h.blocks[0].rule in BESIDE]
        misplaced = [h for h in headings if h.blocks[0].rule in ELSEWHERE and not self._is_site(h)]
        found = (
            self._equal(tops)
            or self._begun(tops)
            or self._equal(misplaced)
            or self._equal(lower)
            or self._begun(lower)
            or self._equal(beside)
            or self._begun(beside)
            or self._last_part(own)
        )
        if found is None and tops:
            words = {word for stated in self.stated for word in stated.text.casefold().split() if len(word) > 3}
            best = max(tops, key=lambda h: len(words & {*h.text.casefold().split()}))
            found = self._as(best, self._bare(best))
        return found or self._unmarked() or self._only_stated()

    def _is_site(self, heading: Heading) -> bool:
        return self._leads_home(heading.blocks[0]) or fold(heading.text) in self._sites

    def _equal(self, headings: list[Heading]) -> Found | None:
        """The heading that says what the metadata says, with what stands inside it beside the headline or without."""
        stated = {s.folded: s.text for s in reversed(self.stated)}
        for heading in headings:
            if len(heading.element):
                spans = (e for e in heading.element.iter("span", "div", "strong") if not len(e))
                inner = [self._bare(heading), *(text for e in spans if len(text := text_of(e)) > LONG_ENOUGH)]
                for text in inner:
                    if text != heading.text and fold(text) in stated:
                        return self._as(heading, text)
            folded = fold(heading.text)
            if folded and folded in stated:
                # The metadata tells what stands between a kicker and the headline.
                parted = len(heading.blocks) > 1 or self._bare(heading) != heading.text
                return self._as(heading, stated[folded] if parted else heading.text)
        return None

    def _begun(self, headings: list[Heading]) -> Found | None:
        """The heading that begins as the metadata does and is longer or shorter."""
        stated = [s.folded for s in self.stated]
        for heading in headings:
            text = self._bare(heading)
            folded = fold(text)
            longer = len(folded) > LONG_ENOUGH and any(s.startswith(folded) for s in stated)
            shorter = heading.kind == "h1" and any(len(s) > LONG_ENOUGH and folded.startswith(s) for s in stated)
            if longer or shorter:
                return self._as(heading, text)
        return None

    def _last_part(self, headings: list[Heading]) -> Found | None:
        """The heading that closes the document's title, `NarayaPost » Judul`."""
        last = LAST_PART.match((self.metadata.document_title or "")[:LONGEST])
        folded = fold(last["part"]) if last else ""
        same = (h for h in headings if folded and fold(h.text) == folded and not self._is_site(h))
        return next((self._as(heading, heading.text) for heading in same), None)

    def _bare(self, heading: Heading) -> str:
        if not len(heading.element) or heading.element.tag not in HEADINGS:
            return heading.text
        bare = " ".join(bare_text(heading.element).split())
        return bare if fold(bare) and fold(bare) != fold(heading.text) else heading.text

    def _as(self, heading: Heading, title: str) -> Found:
        """A heading with this title; its blocks say no more than that, so that the body's reading knows it again."""
        if title != heading.text:
            heading.blocks[0].text = title
            for block in heading.blocks[1:]:
                block.rule = "title"
            heading.blocks = heading.blocks[:1]
        return Found(title, heading.end, heading.kind)

    def _unmarked(self) -> Found | None:
        """The line that says what the metadata says where no heading does: a theme's `div` or `span`."""
        stated = {s.folded for s in self.stated if len(s.folded) > LONG_ENOUGH}
        for index, block in enumerate(self.outline.blocks):
            if (
                block.rule not in BESIDE | ELSEWHERE
                and stated
                and len(block.text) < LONGEST
                and fold(block.text) in stated
            ):
                return Found(block.text, index + 1, "text")
        return None

    def _only_stated(self) -> Found:
        # A post without a title has the site's name alone in its document title, as the link home has.
        url = self.outline.url
        home = {fold(text) for p in self.outline.blocks for href, text in p.links if text and is_home(href, url)}
        stated = [s for s in self.stated if s.folded and s.folded not in home]
        if not stated:
            return Found(None, 0, None)
        first = stated[0]
        if first.text.endswith(("…", "...")):
            first = next((s for s in stated[1:] if s.folded.startswith(first.folded)), first)
        return Found(first.text, 0, first.source)

    @property
    def title(self) -> str | None:
        return self._found.title

    @property
    def position(self) -> int:
        return self._found.position

    @property
    def source(self) -> str | None:
        return self._found.source


def is_home(href: str, base: str) -> bool:
    """Whether a link leads to a front page; the copy of an archive holds the address that it was made of."""
    href = href[max(href.rfind("http:"), href.rfind("https:"), 0) :]
    url = absolute(href, base) if len(href) < 80 else None
    return url is not None and not urlsplit(url).path.strip("/")
