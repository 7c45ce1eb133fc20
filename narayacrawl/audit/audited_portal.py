"""The portal that an audit is of: where its archive and ledger lie, which of its sources were read, what was found."""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout
from scrapy.crawler import Crawler
from sqlalchemy import Connection, select

from narayacrawl.archive.segment_files import LOCK
from narayacrawl.audit.archive_check import ArchiveContent, check_archive
from narayacrawl.audit.findings import KINDS, Audit, compare
from narayacrawl.audit.image_check import ImageCheck
from narayacrawl.audit.page_check import PageCheck
from narayacrawl.extensions.progress import Work
from narayacrawl.language.english import counted
from narayacrawl.ledger.database import PortalBusy, open_ledger, transaction
from narayacrawl.ledger.runs import portals_of
from narayacrawl.ledger.tables import articles
from narayacrawl.wordpress import WordPressSpider


@dataclass(frozen=True, slots=True)
class AuditedPortal:
    """A portal's archive and ledger."""

    portal: str
    folder: Path
    """The portal's in the archive."""
    ledger: str
    """The ledger's address."""

    def known_portals(self) -> list[str]:
        """List the portals that the ledger has heard of; `LedgerError` where there is no ledger."""
        with closing(open_ledger(self.ledger, create=False)) as connection:
            return portals_of(connection)

    def listings(self, connection: Connection) -> list[str]:
        """List the addresses that were taken for an article's and were a listing's."""
        asked = select(articles.c.url).where(articles.c.portal == self.portal, articles.c.reason == "listing")
        with transaction(connection):
            return list(connection.execute(asked).scalars())

    def compare(
        self,
        connection: Connection,
        listed: Connection,
        sources: Mapping[str, bool | None],
        images: ImageCheck | None,
        work: Work,
        *,
        keeps_pages: bool = False,
    ) -> tuple[ArchiveContent, Audit]:
        """Return what the archive holds, and its comparison with what the sources list, which is in the ledger
        `listed`. With `keeps_pages` a crawl would keep the pages that it fetches."""
        pages = PageCheck(connection, self.portal, self.folder, can_fetch=keeps_pages)
        if pages.is_needed:
            work.begin("files of kept pages read")
            pages.check_files(work.each)
        work.begin("segments read")
        kept = pages if pages.is_needed else None
        archived = check_archive(connection, self.portal, self.folder, images, kept, work.each)
        work.begin("comparing with what the sources list")
        return archived, compare(connection, self.portal, listed, archived, sources)

    @contextmanager
    def locked(self) -> Iterator[Connection]:
        """Open the ledger and keep every run of the portal out; `PortalBusy` where one is going on."""
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(self.folder / LOCK, blocking=False), closing(open_ledger(self.ledger, create=False)) as own:
                yield own
        except Timeout:
            raise PortalBusy(f"a run of {self.portal} is going on (it holds {self.folder / LOCK})") from None


def sources_read(crawler: Crawler) -> dict[str, bool | None]:
    """Tell of each source that was asked whether it was read whole; None of one that could not be read at all."""
    assert isinstance(crawler.spider, WordPressSpider)
    stats = crawler.stats.get_stats()
    sources: dict[str, bool | None] = dict.fromkeys(crawler.spider.arguments.source)
    for name in sources:
        if stats.get(f"narayacrawl/source/{name}/complete"):
            sources[name] = True
        elif stats.get(f"narayacrawl/source/{name}/partial"):
            sources[name] = False
    if "listing" in sources and not stats.get("narayacrawl/listing/read"):
        sources["listing"] = None
    return sources


def summary(found: Audit) -> str:
    """Tell in one line what was found, and on what that rests."""
    counts = Counter(finding.kind for finding in found.findings)
    words = [f"{counts[kind]} {kind}" for kind in KINDS if counts[kind]]
    words = words or [f"{counted(found.good, 'article')} as the portal tells"]
    for is_whole, how in ((True, "read whole"), (False, "read in part"), (None, "not read")):
        if names := [name for name, own in found.sources.items() if own is is_whole]:
            words.append(f"{how}: {', '.join(names)}")
    if found.disbelieved:
        words.append(f"not believed: {counted(found.disbelieved, 'edit')} that a sitemap tells of nearly all it names")
    if found.lost_images:
        words.append(f"{counted(found.lost_images, 'image')} cannot be had")
    return "; ".join(words)
