"""Find the headline of an article: the heading that agrees with the titles in the metadata."""

import re
from functools import cached_property
from html import unescape
from typing import NamedTuple

from narayacrawl.pages.fields.headings import (
    REPEATING_REGIONS,
    UNRELATED_REGIONS,
    Heading,
    has_hidden_text,
    headings_of,
    without_kicker,
    without_links,
)
from narayacrawl.pages.fields.metadata import Metadata, texts
from narayacrawl.pages.fields.site_name import (
    MAX_TITLE_LENGTH,
    SEPARATOR,
    folded_site_names,
    is_front_page,
    is_home_link,
)
from narayacrawl.pages.outline.blocks import fold, text_of
from narayacrawl.pages.outline.outline import Outline

# WordPress' first default theme puts words between: `NarayaPost » Blog Archive » Judul`.
ARCHIVE_PREFIX = re.compile(r"^Blog\sArchi\w*\s»\s")
LAST_PART = re.compile(r".+»\s*(?P<part>[^»]+)$")
# `Judul (3 Komentar)`: a count of comments behind the headline.
COMMENT_COUNT = re.compile(
    r"\s\(?\d{1,6}\s(?:komentar|tanggapan|comments?|repl(?:y|ies)|kommentare?)\)?$", re.IGNORECASE
)
# A heading longer than this is the headline even if the metadata's title goes on.
MIN_CERTAIN_LENGTH = 15
MAX_JSON_LD_HEADLINES = 5


class MetadataTitle(NamedTuple):
    """A title in the page's metadata, without the site's name, and where it stands."""

    text: str
    source: str
    folded: str


class HeadlineMatch(NamedTuple):
    """The headline, the index of the block after it, and where it was read."""

    title: str | None
    end: int
    source: str | None


def strip_names(title: str, names: frozenset[str]) -> str:
    """Remove one of these (folded) names from the end or the beginning of a title."""
    separators = [*SEPARATOR.finditer(title)]
    for separator in separators:
        if fold(title[separator.end() :]) in names:
            return title[: separator.start()].rstrip()
    for separator in reversed(separators):
        if fold(title[: separator.start()]) in names:
            return ARCHIVE_PREFIX.sub("", title[separator.end() :].lstrip())
    return title


class Headline:
    """The headline as a reader sees it.

    `title` is None if the page has none; `end` is the index of the block after it; `source` is `h1`, `h2`, `h3`, or, if
    no heading is the headline, `text`, `json-ld`, `og:title`, `twitter:title`, `document title`.
    """

    def __init__(self, metadata: Metadata, outline: Outline) -> None:
        self.metadata, self.outline = metadata, outline

    @cached_property
    def _site_names(self) -> frozenset[str]:
        return folded_site_names(self.metadata, self.outline)

    @cached_property
    def metadata_titles(self) -> list[MetadataTitle]:
        """Return the titles in the page's metadata, without the site's name."""
        meta = self.metadata
        candidates = [
            *((headline, "json-ld") for headline in texts(meta.article.get("headline"))[:MAX_JSON_LD_HEADLINES]),
            (meta.first("og:title"), "og:title"),
            (meta.first("twitter:title"), "twitter:title"),
            (meta.document_title, "document title"),
        ]
        plain = (
            (" ".join(unescape(title)[:MAX_TITLE_LENGTH].split()), source) for title, source in candidates if title
        )
        titles = ((self._strip_site(title), source) for title, source in plain)
        return [MetadataTitle(title, source, fold(title)) for title, source in titles]

    def _strip_site(self, title: str) -> str:
        """Remove the names of site and section around a title."""
        names = self._site_names
        while (shorter := strip_names(title, names)) != title:
            title, names = shorter, names | self._section_names
        return title

    @cached_property
    def _section_names(self) -> frozenset[str]:
        return frozenset(map(fold, (*self.metadata.meta.get("article:section", ()), *self.metadata.breadcrumb)))

    @cached_property
    def _match(self) -> HeadlineMatch:
        """Find the heading that agrees with the metadata, `h1` first; else the `h1` that is not the site's name and
        shares most words with the metadata; else the metadata's title."""
        headings = headings_of(self.outline)
        article_headings = [
            heading for heading in headings if heading.blocks[0].rule not in REPEATING_REGIONS | UNRELATED_REGIONS
        ]
        top_headings = [
            heading for heading in article_headings if heading.kind == "h1" and not self._is_site_name(heading)
        ]
        lower_headings = [heading for heading in article_headings if heading.kind != "h1"]
        repeated = [
            heading for heading in headings if heading.kind == "h1" and heading.blocks[0].rule in REPEATING_REGIONS
        ]
        misplaced = [
            heading
            for heading in headings
            if heading.blocks[0].rule in UNRELATED_REGIONS and not self._is_site_name(heading)
        ]
        match = (
            self._find_equal(top_headings)
            or self._find_beginning(top_headings)
            or self._find_equal(misplaced)
            or self._find_equal(lower_headings)
            or self._find_beginning(lower_headings)
            or self._find_equal(repeated)
            or self._find_beginning(repeated)
            or self._find_last_part(article_headings)
        )
        if match is None and top_headings:
            words = {word for title in self.metadata_titles for word in title.text.casefold().split() if len(word) > 3}
            best = max(top_headings, key=lambda heading: len(words & {*heading.text.casefold().split()}))
            match = self._use_heading(best, without_kicker(best))
        return match or self._find_unmarked_line() or self._from_metadata()

    def _is_site_name(self, heading: Heading) -> bool:
        """True if a heading is the site's name or links home."""
        return is_home_link(heading.blocks[0], self.outline.url) or fold(heading.text) in self._site_names

    def _find_equal(self, headings: list[Heading]) -> HeadlineMatch | None:
        """Find the heading that equals a metadata title, with or without what else stands inside it."""
        title_of = {title.folded: title.text for title in reversed(self.metadata_titles)}
        for heading in headings:
            whole = heading.text
            if (count := COMMENT_COUNT.search(whole)) and fold(bare := whole[: count.start()]) in title_of:
                return self._use_heading(heading, bare)
            if len(heading.element):
                spans = (span for span in heading.element.iter("span", "div", "strong") if not len(span))
                inner = [
                    without_kicker(heading),
                    without_links(heading),
                    *(text for span in spans if len(text := text_of(span)) > MIN_CERTAIN_LENGTH),
                ]
                for text in inner:
                    if text != whole and fold(text) in title_of:
                        return self._use_heading(heading, text)
            folded = fold(whole)
            if folded and folded in title_of:
                # The metadata tells the headline from a kicker.
                has_kicker = len(heading.blocks) > 1 or without_kicker(heading) != whole or has_hidden_text(heading)
                return self._use_heading(heading, title_of[folded] if has_kicker else whole)
        return None

    def _find_beginning(self, headings: list[Heading]) -> HeadlineMatch | None:
        """Find the heading that begins like a metadata title and is longer or shorter."""
        folded_titles = [title.folded for title in self.metadata_titles]
        for heading in headings:
            text = without_kicker(heading)
            folded = fold(text)
            longer = len(folded) > MIN_CERTAIN_LENGTH and any(title.startswith(folded) for title in folded_titles)
            shorter = heading.kind == "h1" and any(
                len(title) > MIN_CERTAIN_LENGTH and folded.startswith(title) for title in folded_titles
            )
            if longer or shorter:
                return self._use_heading(heading, text)
        return None

    def _find_last_part(self, headings: list[Heading]) -> HeadlineMatch | None:
        """Find the heading that ends the document's title, `NarayaPost » Judul`."""
        last = LAST_PART.match((self.metadata.document_title or "")[:MAX_TITLE_LENGTH])
        folded = fold(last["part"]) if last else ""
        equal = (
            heading
            for heading in headings
            if folded and fold(heading.text) == folded and not self._is_site_name(heading)
        )
        return next((self._use_heading(heading, heading.text) for heading in equal), None)

    def _use_heading(self, heading: Heading, title: str) -> HeadlineMatch:
        """Use a heading with this title; its blocks keep that text only, so that the body's reading recognises it."""
        if title != heading.text:
            heading.blocks[0].text = title
            for block in heading.blocks[1:]:
                block.rule = "title"
            heading.blocks = heading.blocks[:1]
        return HeadlineMatch(title, heading.end, heading.kind)

    def _find_unmarked_line(self) -> HeadlineMatch | None:
        """Find the line that equals a metadata title where no heading does: a theme's `div` or `span`."""
        # A site that never tells its name puts it behind the title.
        heads = (
            fold(title.text[: separator.start()])
            for title in self.metadata_titles
            for separator in SEPARATOR.finditer(title.text)
        )
        titles = {*heads, *(title.folded for title in self.metadata_titles)}
        folded_titles = {title for title in titles if len(title) > MIN_CERTAIN_LENGTH}
        for index, block in enumerate(self.outline.blocks):
            if (
                block.rule not in REPEATING_REGIONS | UNRELATED_REGIONS
                and folded_titles
                and len(block.text) < MAX_TITLE_LENGTH
                and fold(block.text) in folded_titles
            ):
                return HeadlineMatch(block.text, index + 1, "text")
        return None

    def _from_metadata(self) -> HeadlineMatch:
        """Take the title from the metadata."""
        # A post without a title has the site's name alone in its document title, as the link home has.
        url = self.outline.url
        home_names = {
            fold(text)
            for block in self.outline.blocks
            for href, text in block.links
            if text and is_front_page(href, url)
        }
        stripped = ((strip_names(title.text, frozenset(home_names)), title) for title in self.metadata_titles)
        named = [MetadataTitle(text, title.source, fold(text)) for text, title in stripped]
        titles = [title for title in named if title.folded and title.folded not in home_names]
        if not titles:
            return HeadlineMatch(None, 0, None)
        first = titles[0]
        if first.text.endswith(("…", "...")):
            first = next((title for title in titles[1:] if title.folded.startswith(first.folded)), first)
        return HeadlineMatch(first.text, 0, first.source)

    @property
    def title(self) -> str | None:
        """Return the headline; None if the page has none."""
        return self._match.title

    @property
    def end(self) -> int:
        """Return the index of the block after the headline; 0 if no block is the headline."""
        return self._match.end

    @property
    def source(self) -> str | None:
        """Return where the headline was read."""
        return self._match.source
