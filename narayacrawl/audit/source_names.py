"""List a portal: a run that fetches no article and keeps what the sources list in memory."""

from collections.abc import Sequence
from dataclasses import replace

from scrapy.crawler import Crawler

from narayacrawl.archive.run import Run
from narayacrawl.ledger.database import transaction
from narayacrawl.ledger.discovered import REST, DiscoveredArticle, DiscoveryResult, Source
from narayacrawl.ledger.discovery import find_known, match_listed
from narayacrawl.ledger.ledger import Ledger


class SourceListLedger(Ledger):
    """Record what the sources list. If the REST API lists an article, the other sources' `lastmod` is ignored: the
    API's is exact to the second, theirs may be a day."""

    __slots__ = ()

    def record_discovered(self, discovered: Sequence[DiscoveredArticle], source: Source) -> DiscoveryResult:
        if source != REST:
            with transaction(self.connection) as connection:
                by_key, by_id = find_known(connection, self.portal, discovered)
            rows = [match_listed(article, by_key, by_id, source) for article in discovered]
            discovered = [
                replace(article, lastmod=None) if row is not None and row.rest else article
                for article, row in zip(discovered, rows, strict=True)
            ]
        return super().record_discovered(discovered, source)


class SourceListRun(Run):
    """A run without ARCHIVE that fetches no article; the audit reads its ledger after the crawl."""

    ledger_class = SourceListLedger

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.scope = replace(self.scope, fetches_nothing=True)

    def end(self) -> None:
        """Leave the ledger open for the audit."""
