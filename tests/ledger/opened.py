"""A run of a portal on a ledger file, without a crawl: what it discovers, what is due, what becomes of it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, select

from narayacrawl.ledger.database import open_ledger, transaction
from narayacrawl.ledger.discovered import LISTING, DiscoveredArticle, DiscoveryResult, Source
from narayacrawl.ledger.due import DueArticles
from narayacrawl.ledger.identity import FetchedArticles, article_at
from narayacrawl.ledger.ledger import FetchedArticle, Ledger
from narayacrawl.ledger.runs import begin_run
from narayacrawl.ledger.scope import Scope
from narayacrawl.ledger.tables import articles

HOST = "https://portal.example"
A, B, C = (f"{HOST}/ekonomi/berita-{name}/" for name in "abc")


class LedgerRun:
    """A ledger in one run, and what a crawl does with it."""

    def __init__(self, connection: Connection, number: int, scope: Scope, code: str = "") -> None:
        self.connection = connection
        self.ledger = Ledger(connection, "portal", run=number, code=code)
        self.due = DueArticles(self.ledger, scope)
        self.fetched = FetchedArticles(self.ledger)

    def discover(self, listed: Sequence[str | DiscoveredArticle], source: Source = LISTING) -> DiscoveryResult:
        """Have a source list addresses, or what else it knows of articles."""
        discovered = [DiscoveredArticle(one) if isinstance(one, str) else one for one in listed]
        result = self.ledger.record_discovered(discovered, source)
        self.due.look_again(result)
        return result

    def delist(self, ids: Sequence[int], source: Source) -> DiscoveryResult:
        """Have a source list these articles no more."""
        result = self.ledger.mark_delisted(ids, source)
        self.due.look_again(result)
        return result

    def due_urls(self) -> list[str]:
        """The addresses of everything that is due now."""
        return [due.url for due in iter(self.due.next, None)]

    def article_at(self, url: str) -> int:
        return article_at(self.ledger, url)

    def identify(self, asked: int, post_id: int | None, canonical: str, *others: str) -> FetchedArticle | None:
        return self.fetched.identify(asked, post_id, canonical, *others).fetched

    def acknowledge(self, *fetched: FetchedArticle, size: int | None = None, lines: int = 0) -> None:
        self.ledger.acknowledge(fetched, size, lines)
        for own in fetched:
            self.fetched.discard(own.article)

    def write(self, url: str, post_id: int | None = None, digest: str = "x") -> None:
        """Have an article read and written."""
        fetched = self.identify(self.article_at(url), post_id, url, url, url)
        assert fetched is not None
        fetched.revision, fetched.hash = fetched.revision + 1, digest
        self.acknowledge(fetched)

    def state_of(self, article: int) -> str | None:
        with transaction(self.connection):
            return self.connection.execute(select(articles.c.state).where(articles.c.id == article)).scalar()


@contextmanager
def opened(
    path: Path, scope: Scope | None = None, arguments: Mapping[str, str] | None = None, code: str = ""
) -> Iterator[LedgerRun]:
    """A run of the portal with the ledger at `path`."""
    connection = open_ledger(f"sqlite:///{path}")
    try:
        number = begin_run(connection, "portal", "portal", arguments or {})
        yield LedgerRun(connection, number, scope or Scope(), code)
    finally:
        connection.close()
