"""Sitemaps: every address that the portal tells search engines of, and when each was changed where it tells."""

import logging
from datetime import timedelta
from typing import Final

from scrapy.http import Response

from narayacrawl.downloader.fetch import GONE
from narayacrawl.ledger.discovered import Named
from narayacrawl.ledger.discovery import Source
from narayacrawl.ledger.source_coverage import named_by_sitemap
from narayacrawl.ledger.source_state import Visit
from narayacrawl.ledger.tables import moment, utc
from narayacrawl.sources.discovery import SourceError, Walk
from narayacrawl.sources.sitemap_parser import (
    Sitemap,
    SitemapFile,
    is_news,
    may_hold_articles,
    read_sitemap,
    sitemap_urls,
)
from narayacrawl.urls import key, may_be_article

logger = logging.getLogger(__name__)

FEW: Final = 10
"""So many files are read in every run, whatever the index tells of them."""
SWEEP: Final = timedelta(days=1)
"""After that a file is read though its index tells of no change: of what was removed it does not tell."""


async def read_sitemaps(walk: Walk) -> bool:
    """Walk the sitemaps; whether they were read to their end. `SourceError` where there are none."""
    return await Sitemaps(walk).read()


class Sitemaps:
    """One walk through the sitemaps."""

    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        self.asked: set[str] = set()
        self.named: set[str] = set()
        """Keys of all files that an index names."""
        self.waiting: list[SitemapFile] = []
        self.swept: list[int] = []
        """Ids of the files whose entries were all named in this run."""
        self.is_whole = True
        self.is_news_only = True

    async def read(self) -> bool:
        await self.begin()
        is_long = len(self.waiting) > FEW
        while self.waiting:
            # Newest first: new posts are in the last file, and at its end.
            one = self.waiting.pop()
            self.named.add(key(one.url))
            if key(one.url) in self.asked or not may_hold_articles(one.url) or not self.walk.spider.is_own(one.url):
                continue
            visit = self.walk.visit(f"sitemap {key(one.url)}")
            if is_long and not self.walk.is_full and _is_unchanged(visit, one):
                self.walk.spider.count("source/sitemap/unchanged_files")
                continue
            await self.walk.drawing.dried()
            await self.file(one, visit)
        return self.note_ceased() and self.is_whole and not self.is_news_only

    async def begin(self) -> None:
        """Read the sitemaps that robots.txt names, or else the first that is at a usual address."""
        robots = await self.walk.fetch("/robots.txt", obey_robots=False)
        told = robots.body if robots.status == 200 else b""
        refusals = []
        for url in sitemap_urls(told, self.walk.spider.base):
            is_guess = url.encode() not in told
            if is_guess and not self.is_news_only:
                break
            try:
                response = await self.walk.fetch(url)
                if response.status in GONE:
                    refusals.append(f"{response.status} at {url}")
                    continue
                self.take(url, response, self._read(url, response))
            except (SourceError, ValueError) as error:
                refusals.append(str(error))
                self.is_whole &= is_guess
        if not self.asked:
            raise SourceError(f"no sitemap ({'; '.join(refusals)})")

    def _read(self, url: str, response: Response) -> Sitemap:
        """`ValueError`, one line, where it is none."""
        if response.status != 200:
            raise ValueError(f"{response.status} at {url}")
        found = read_sitemap(response.body, response.url)
        self.asked.add(key(url))
        self.walk.spider.count("source/read")
        return found

    async def file(self, one: SitemapFile, visit: Visit) -> None:
        """Read a file that an index names."""
        self.asked.add(key(one.url))
        try:
            response = await self.walk.fetch(one.url, visit)
            if response.status == 304:
                self.walk.visited(visit, lastmod=one.lastmod)
                return
            self.take(one.url, response, self._read(one.url, response), visit, one.lastmod)
        except (SourceError, ValueError) as error:
            self.is_whole = False
            self.walk.spider.count("source/sitemap/files_failed")
            logger.warning("sitemap not read: %s", error)

    def take(
        self, url: str, response: Response, found: Sitemap, visit: Visit | None = None, lastmod: str | None = None
    ) -> None:
        """Name what a sitemap holds; the files of an index wait."""
        self.waiting += found.files
        self.is_news_only &= is_news(url)
        if not found.entries:
            return
        visit = visit or self.walk.visit(f"sitemap {key(url)}")
        named = [one for one in reversed(found.entries) if may_be_article(one.url) and not self.is_old(one)]
        # What only names some must not be taken for naming the others no more.
        source = Source("sitemap", None if is_news(url) or self.walk.scope else visit.id)
        self.walk.note(named, source)
        self.walk.visited(visit, response, lastmod=lastmod)
        if source.file is not None:
            self.swept.append(source.file)

    def is_old(self, one: Named) -> bool:
        """Whether an entry was last changed before the window begins."""
        return bool(self.walk.since and one.lastmod and one.lastmod < (utc(self.walk.since.isoformat()) or ""))

    def note_ceased(self) -> bool:
        """Have what is no longer named looked at, now that all files are read: an entry may have moved to another, or
        its file be there no more. False where too much is."""
        files = self.swept
        if self.is_whole and not self.walk.scope:
            there = {f"sitemap {name}" for name in self.named | self.asked}
            files = files + [visit.id for visit in self.walk.visits("sitemap") if visit.name not in there]
        known, seen = named_by_sitemap(self.walk.ledger.connection, self.walk.ledger.run, files)
        return self.walk.ceased(known - seen, len(known), Source("sitemap"))


def _is_unchanged(visit: Visit, one: SitemapFile) -> bool:
    """Whether the index tells that a file is as it was when it was read, not long ago."""
    if one.lastmod is None or visit.lastmod != one.lastmod or visit.visited is None:
        return False
    return visit.visited > moment(-SWEEP)
