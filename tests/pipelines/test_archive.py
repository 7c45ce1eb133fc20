"""Articles on their way into a segment."""

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from narayacrawl.archive.writer import SegmentWriter
from narayacrawl.ledger.database import open_ledger
from narayacrawl.ledger.identity import FetchedArticles, article_at
from narayacrawl.ledger.ledger import Ledger
from narayacrawl.ledger.runs import begin_run
from narayacrawl.ledger.scope import Scope
from narayacrawl.pipelines.archive import ArchivePipeline
from narayacrawl.pipelines.dropped import Dropped
from tests.archived import article


class FakeRun:
    """A run of a portal with a ledger and a segment, and no crawl."""

    def __init__(self, folder: Path) -> None:
        connection = open_ledger(f"sqlite:///{folder}/ledger.db")
        self.ledger = Ledger(connection, "portal", run=begin_run(connection, "portal", "portal", {}))
        self.fetched = FetchedArticles(self.ledger)
        self.scope = Scope()
        self.segment = SegmentWriter(folder, "20251101T000000Z-000001")
        self.raw_pages = None
        self.failed: list[Exception] = []

    def fail(self, error: Exception) -> None:
        self.failed.append(error)


def written(run: FakeRun, *items: Any) -> list[object]:
    """What becomes of articles that come together: the article, or the exception."""
    slot = SimpleNamespace(active=range(len(items)), needs_backout=lambda: False)
    engine = SimpleNamespace(scraper=SimpleNamespace(slot=slot), downloader=SimpleNamespace(active=set()))
    settings = SimpleNamespace(getint=lambda name: 0)
    stats = SimpleNamespace(get_value=lambda *_: 0, inc_value=lambda *_: None)
    crawler: Any = SimpleNamespace(engine=engine, settings=settings, stats=stats)
    pipeline = ArchivePipeline(crawler, run)  # type: ignore[arg-type]
    for item in items:
        run.fetched.identify(article_at(run.ledger, item.url), item.id, item.url, item.url, item.url)

    async def together() -> list[object]:
        return await asyncio.gather(*map(pipeline.process_item, items), return_exceptions=True)

    return asyncio.run(together())


@pytest.fixture
def run(tmp_path: Path) -> FakeRun:
    return FakeRun(tmp_path)


def test_article_passes_when_its_line_counts(run: FakeRun) -> None:
    first, second = article(1), article(2)
    assert written(run, first, second) == [first, second]
    assert (run.segment.path.read_bytes().count(b"\n"), run.ledger.count("done")) == (2, 2)


def test_article_that_cannot_be_written_is_dropped_alone(run: FakeRun) -> None:
    bad, good = article(1), article(2)
    bad.title = "Pasar \ud83d"
    found = written(run, bad, good)
    assert (isinstance(found[0], Dropped), found[1], run.failed) == (True, good, [])
    assert (run.segment.path.read_bytes().count(b"\n"), run.ledger.count("done")) == (1, 1)
