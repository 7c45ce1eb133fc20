"""The sitemaps of a portal as WordPress writes them: `/wp-sitemap.xml` and, of posts, 2,000 addresses a file.

Ascending by id, so the newest are in the last file; what is deleted moves all later ones up. WordPress tells `lastmod`
of each post since 6.5, in its own time zone, and of no file in the index: that is a plugin's.
"""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from benchmarks.answers import XML, Answer
from benchmarks.newsroom import SECTIONS

if TYPE_CHECKING:
    from benchmarks.portal import Portal

LASTMODS = ("none", "urls", "all")
"""What `lastmod` is told of: WordPress to 6.4, since 6.5, and with files in the index too."""
PER_FILE = 2_000
PATH = re.compile(r"/wp-sitemap(?:-(posts-post|posts-page|taxonomies-category)-([1-9]\d{0,5}))?\.xml")
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<?xml-stylesheet type="text/xsl" href="{site}/{sheet}.xsl" ?>\n'
_SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


class Sitemaps:
    def __init__(self, portal: "Portal", lastmod: str) -> None:
        assert lastmod in LASTMODS
        self.portal = portal
        self.tells_urls, self.tells_files = lastmod != "none", lastmod == "all"

    def answer(self, path: str) -> Answer | None:
        """The sitemap at a path; None where there is none."""
        match = PATH.fullmatch(path)
        if not match:
            return None
        if not match[1]:
            return self._written("sitemapindex", "sitemap", self._files())
        at = int(match[2])
        if match[1] == "posts-post":
            numbers = self.portal.desk.numbers()[(at - 1) * PER_FILE : at * PER_FILE]
            return self._written("urlset", "url", self._posts(numbers)) if numbers else None
        if at > 1:
            return None
        paths = ["/"] if match[1] == "posts-page" else [f"/category/{section}/" for section in sorted(SECTIONS)]
        return self._written("urlset", "url", [_entry("url", f"{self.portal.site}{path}", None) for path in paths])

    def _files(self) -> Iterable[str]:
        desk, start = self.portal.desk, f"{self.portal.site}/wp-sitemap-"
        numbers = desk.numbers()
        for first in range(0, len(numbers), PER_FILE):
            newest = max(map(desk.modified, numbers[first : first + PER_FILE])) if self.tells_files else None
            yield _entry("sitemap", f"{start}posts-post-{first // PER_FILE + 1}.xml", newest)
        yield _entry("sitemap", f"{start}posts-page-1.xml", None)
        yield _entry("sitemap", f"{start}taxonomies-category-1.xml", None)

    def _posts(self, numbers: Iterable[int]) -> Iterable[str]:
        site = self.portal.site
        for own in map(self.portal.desk.article, numbers):
            yield _entry("url", f"{site}{own.path}", own.modified if self.tells_urls else None)

    def _written(self, root: str, kind: str, entries: Iterable[str]) -> Answer:
        head = _HEAD.format(site=self.portal.site, sheet="wp-sitemap" if kind == "url" else "wp-sitemap-index")
        return Answer(200, XML, f'{head}<{root} xmlns="{_SPACE}">{"".join(entries)}</{root}>\n'.encode())


def _entry(kind: str, url: str, lastmod: datetime | None) -> str:
    told = f"<lastmod>{lastmod.isoformat()}</lastmod>" if lastmod else ""
    return f"<{kind}><loc>{url}</loc>{told}</{kind}>"
