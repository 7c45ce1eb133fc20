"""Read sitemaps: every address that the portal tells search engines of, and when each was changed if it tells."""

import logging
from datetime import timedelta
from typing import Final

from scrapy.http import Response

from narayacrawl.downloader.fetch import GONE
from narayacrawl.ledger.database import timestamp, to_utc
from narayacrawl.ledger.discovered import DiscoveredArticle, Source
from narayacrawl.ledger.source_coverage import articles_in_sitemap
from narayacrawl.ledger.source_state import SourceState
from narayacrawl.sources.discovery import Discovery, SourceError
from narayacrawl.sources.sitemap_parser import (
    Sitemap,
    SitemapFile,
    is_news,
    may_hold_articles,
    read_sitemap,
    sitemap_urls,
)
from narayacrawl.urls import are_numbered, key, may_be_article, may_be_numbered

logger = logging.getLogger(__name__)

SMALL_INDEX: Final = 10
"""So many files are read in every run, whatever the index tells of them."""
MAX_FRUITLESS_FILES: Final = 200
UNCHANGED_FILE_LIFETIME: Final = timedelta(days=1)
"""After that a file is read though its index tells of no change: of what was removed it does not tell."""


async def read_sitemaps(discovery: Discovery) -> bool:
    """Read the sitemaps; return True if they were read to their end. Raises `SourceError` if there are none."""
    return await Sitemaps(discovery).read()


class Sitemaps:
    """Read a portal's sitemaps, indexes and the files they list."""

    def __init__(self, discovery: Discovery) -> None:
        self.discovery = discovery
        self.fetched: set[str] = set()
        """Keys of the sitemaps that were fetched."""
        self.listed: set[str] = set()
        """Keys of all files that an index lists."""
        self.queue: list[SitemapFile] = []
        self.complete_files: list[int] = []
        """Ids of the files whose entries were all recorded in this run."""
        self.is_complete = True
        self.is_news_only = True
        self.fruitless = 0
        """How many files in a row listed other files only, or nothing: an index may name endlessly many."""
        self.entries = 0
        """How many articles the files have listed that were read."""
        self.has_unread_files = False
        """True if a file was not read again, for it is as it was."""

    async def read(self) -> bool:
        await self.read_entry_points()
        is_long = len(self.queue) > SMALL_INDEX
        while self.queue:
            # Newest first: new posts are in the last file, and at its end.
            file = self.queue.pop()
            self.listed.add(key(file.url))
            is_wanted = may_hold_articles(file.url) and self.discovery.portal.owns(file.url)
            if key(file.url) in self.fetched or not is_wanted:
                continue
            if self.fruitless >= MAX_FRUITLESS_FILES:
                self.is_complete = False
                logger.warning("sitemaps left: %d files in a row listed no address", self.fruitless)
                break
            state = self.discovery.state_of(f"sitemap {key(file.url)}")
            if is_long and not self.discovery.scope.is_full and _is_unchanged(state, file):
                self.discovery.count("source/sitemap/unchanged_files")
                self.has_unread_files = True
                continue
            await self.discovery.frontier.wait_until_empty()
            await self.read_file(file, state)
        return self.record_delisted() and self.is_complete and not self.is_news_only

    async def read_entry_points(self) -> None:
        """Read the sitemaps that robots.txt names, or else the first that is at a usual address."""
        robots = await self.discovery.fetch("/robots.txt", obey_robots=False)
        robots_txt = robots.body if robots.status == 200 else b""
        refusals = []
        for url in sitemap_urls(robots_txt, self.discovery.portal.base):
            is_guess = url.encode() not in robots_txt
            if is_guess and not self.is_news_only:
                break
            try:
                response = await self.discovery.fetch(url)
                if response.status in GONE:
                    refusals.append(f"{response.status} at {url}")
                    continue
                self.record(url, response, self.parse(url, response))
            except (SourceError, ValueError) as error:
                refusals.append(str(error))
                self.is_complete &= is_guess
        if not self.fetched:
            raise SourceError(f"no sitemap ({'; '.join(refusals)})")

    def parse(self, url: str, response: Response) -> Sitemap:
        """Parse an answer; raises `ValueError`, one line, if it is no sitemap."""
        if response.status != 200:
            raise ValueError(f"{response.status} at {url}")
        sitemap = read_sitemap(response.body, response.url)
        self.fetched.add(key(url))
        self.discovery.count("source/read")
        return sitemap

    async def read_file(self, file: SitemapFile, state: SourceState) -> None:
        """Read a file that an index lists."""
        self.fetched.add(key(file.url))
        try:
            response = await self.discovery.fetch(file.url, state)
            if response.status == 304:
                self.has_unread_files = True
                self.discovery.save_state(state, lastmod=file.lastmod)
                return
            self.record(file.url, response, self.parse(file.url, response), state, file.lastmod)
        except (SourceError, ValueError) as error:
            self.is_complete = False
            self.discovery.count("source/sitemap/files_failed")
            logger.warning("sitemap not read: %s", error)

    def record(
        self,
        url: str,
        response: Response,
        sitemap: Sitemap,
        state: SourceState | None = None,
        lastmod: str | None = None,
    ) -> None:
        """Record what a sitemap lists; the files of an index are queued."""
        self.queue += sitemap.files
        self.fruitless = 0 if sitemap.entries else self.fruitless + 1
        self.is_news_only &= is_news(url)
        if not sitemap.entries:
            return
        state = state or self.discovery.state_of(f"sitemap {key(url)}")
        are_years_articles = are_numbered(entry.url for entry in sitemap.entries)
        wanted = [
            entry
            for entry in reversed(sitemap.entries)
            if may_be_article(entry.url) or (are_years_articles and may_be_numbered(entry.url))
            if not self.is_old(entry)
        ]
        # What lists only some articles must not be taken for delisting the others.
        source = Source("sitemap", None if is_news(url) or self.discovery.narrowing else state.id)
        self.discovery.record(wanted, source)
        self.discovery.save_state(state, response, lastmod=lastmod)
        self.entries += len(wanted)
        if not self.queue and not self.has_unread_files and not is_news(url):
            self.discovery.tell_total(self.entries)
        if source.file is not None:
            self.complete_files.append(source.file)

    def is_old(self, entry: DiscoveredArticle) -> bool:
        """True if an entry was last changed before the window begins."""
        since = self.discovery.since
        return bool(since and entry.lastmod and entry.lastmod < (to_utc(since.isoformat()) or ""))

    def record_delisted(self) -> bool:
        """Make articles due that no file lists any more, now that all are read: an entry may have moved to another
        file, or its file be gone. Return False if so many are missing that it is not believed."""
        files = self.complete_files
        if self.is_complete and not self.discovery.narrowing:
            existing = {f"sitemap {name}" for name in self.listed | self.fetched}
            files = files + [state.id for state in self.discovery.states_of("sitemap") if state.name not in existing]
        known, seen = articles_in_sitemap(self.discovery.ledger.connection, self.discovery.ledger.run, files)
        return self.discovery.record_delisted(known - seen, len(known), Source("sitemap"))


def _is_unchanged(state: SourceState, file: SitemapFile) -> bool:
    """True if the index tells that a file is as it was when it was read, not long ago."""
    if file.lastmod is None or state.lastmod != file.lastmod or state.last_read is None:
        return False
    return state.last_read > timestamp(-UNCHANGED_FILE_LIFETIME)
