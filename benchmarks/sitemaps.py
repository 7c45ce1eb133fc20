"""Answer the sitemaps of a portal as WordPress does: `/wp-sitemap.xml`, and files of 2,000 posts each.

Posts are sorted by id, so the newest are in the last file, and a deletion moves all later ones up. WordPress writes
`lastmod` of each post since 6.5, in the portal's time zone, and of no file in the index: only plugins do that.
"""

import re
from collections.abc import Iterable
from datetime import datetime

from benchmarks.answers import XML, Answer
from benchmarks.articles import SECTIONS
from benchmarks.published import PublishedArticles

LASTMODS = ("none", "urls", "all")
"""What has a `lastmod`: nothing (WordPress to 6.4), posts (since 6.5), or files in the index, too (plugins)."""
PER_FILE = 2_000
PATH = re.compile(r"/wp-sitemap(?:-(posts-post|posts-page|taxonomies-category)-([1-9]\d{0,5}))?\.xml")
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<?xml-stylesheet type="text/xsl" href="{site}/{sheet}.xsl" ?>\n'
_SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


class Sitemaps:
    """The sitemaps of one portal."""

    def __init__(self, site: str, published: PublishedArticles, lastmod: str) -> None:
        assert lastmod in LASTMODS
        self.site, self.published = site, published
        self.has_url_lastmod, self.has_file_lastmod = lastmod != "none", lastmod == "all"

    def answer(self, path: str) -> Answer | None:
        """Return the sitemap at a path; None if there is none."""
        match = PATH.fullmatch(path)
        if not match:
            return None
        if not match[1]:
            return self._xml("sitemapindex", "sitemap", self._files())
        page = int(match[2])
        if match[1] == "posts-post":
            numbers = self.published.numbers()[(page - 1) * PER_FILE : page * PER_FILE]
            return self._xml("urlset", "url", self._posts(numbers)) if numbers else None
        if page > 1:
            return None
        paths = ["/"] if match[1] == "posts-page" else [f"/category/{section}/" for section in sorted(SECTIONS)]
        return self._xml("urlset", "url", [_entry("url", f"{self.site}{path}", None) for path in paths])

    def _files(self) -> Iterable[str]:
        published, start = self.published, f"{self.site}/wp-sitemap-"
        numbers = published.numbers()
        for first in range(0, len(numbers), PER_FILE):
            newest = max(map(published.modified, numbers[first : first + PER_FILE])) if self.has_file_lastmod else None
            yield _entry("sitemap", f"{start}posts-post-{first // PER_FILE + 1}.xml", newest)
        yield _entry("sitemap", f"{start}posts-page-1.xml", None)
        yield _entry("sitemap", f"{start}taxonomies-category-1.xml", None)

    def _posts(self, numbers: Iterable[int]) -> Iterable[str]:
        for article in map(self.published.article, numbers):
            yield _entry("url", f"{self.site}{article.path}", article.modified if self.has_url_lastmod else None)

    def _xml(self, root: str, kind: str, entries: Iterable[str]) -> Answer:
        head = _HEAD.format(site=self.site, sheet="wp-sitemap" if kind == "url" else "wp-sitemap-index")
        return Answer(200, XML, f'{head}<{root} xmlns="{_SPACE}">{"".join(entries)}</{root}>\n'.encode())


def _entry(kind: str, url: str, lastmod: datetime | None) -> str:
    lastmod_element = f"<lastmod>{lastmod.isoformat()}</lastmod>" if lastmod else ""
    return f"<{kind}><loc>{url}</loc>{lastmod_element}</{kind}>"
