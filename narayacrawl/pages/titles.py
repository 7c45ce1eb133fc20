"""The headline of an article and the name of its portal, which stand side by side in most places."""

import re
from functools import cached_property
from urllib.parse import urlsplit

from parsel import Selector

from narayacrawl.addresses import absolute
from narayacrawl.pages.metadata import Metadata, texts
from narayacrawl.pages.outline import Outline
from narayacrawl.pages.pieces import fold

# `Judul – NarayaPost`: wp_get_document_title() writes an en dash, plugins and themes what they like.
SITE_NAME = re.compile(r"^(?P<head>.+?)\s+(?:[|–—»·•:]|-{1,2})\s+(?P<tail>[^|–—»·•]+?)$")
ELSEWHERE = frozenset({"related", "comments", "sidebar", "ad", "author", "popup", "footer"})
SITE_LINK = "normalize-space((//*[contains(@class, 'site-title') or contains(@class, 'site-name')])[1])"
# A heading so long is the headline even where the metadata's goes on.
LONG_ENOUGH = 15


class Titles:
    """`title` as a reader sees it, None where the page has none; `position`: how many pieces stand up to it."""

    def __init__(self, metadata: Metadata, outline: Outline, selector: Selector) -> None:
        self.metadata, self.outline, self.selector = metadata, outline, selector

    @cached_property
    def site_name(self) -> str | None:
        """The portal's name: metadata, the link home as core themes print it, the end of the document's title."""
        return self.metadata.site_name or self.selector.xpath(SITE_LINK).get() or self._titled_site()

    def _titled_site(self) -> str | None:
        match = SITE_NAME.match(self.metadata.document_title or "")
        headings = (fold(p.text) for p in self.outline.pieces if p.kind in ("h1", "h2"))
        return match["tail"] if match and fold(match["head"]) in headings else None

    @cached_property
    def stated(self) -> list[str]:
        """The headline as the page's metadata gives it, without the site's name."""
        meta = self.metadata
        stated = [
            *texts(meta.article.get("headline")),
            meta.first("og:title"),
            meta.first("twitter:title"),
            meta.document_title,
        ]
        return [self._without_site(title) for title in stated if title]

    def _without_site(self, title: str) -> str:
        match = SITE_NAME.match(title)
        if match and self.metadata.site_name and fold(match["tail"]) == fold(self.metadata.site_name):
            return match["head"]
        return title

    @cached_property
    def _found(self) -> tuple[str | None, int]:
        """The heading that agrees with the metadata, `h1` first; else the last `h1` that is not the site's name; else
        the metadata's headline."""
        headings = [
            (i, p)
            for i, p in enumerate(self.outline.pieces)
            if p.kind in ("h1", "h2", "h3") and p.rule not in ELSEWHERE
        ]
        stated = [fold(title) for title in self.stated]
        tops = [(i, p) for i, p in headings if p.kind == "h1"]
        for candidates in (tops, headings):
            for i, piece in candidates:
                folded = fold(piece.text)
                if folded and any(folded == s or (len(folded) > LONG_ENOUGH and s.startswith(folded)) for s in stated):
                    return piece.text, i + 1
        others = [(i, p) for i, p in tops if fold(p.text) != fold(self.site_name or "")]
        if others:
            return others[-1][1].text, others[-1][0] + 1
        # A post without a title has the site's name alone in its document title, as the link home has.
        root = self.outline.url
        links = ((absolute(href, root), text) for piece in self.outline.pieces for href, text in piece.links)
        home = {fold(text) for url, text in links if url and not urlsplit(url).path.strip("/")}
        return next(((title, 0) for title in self.stated if fold(title) not in home), (None, 0))

    @property
    def title(self) -> str | None:
        return self._found[0]

    @property
    def position(self) -> int:
        return self._found[1]
