"""Archives of the benchmarks' portal."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.crawl import portal
from tests.audit.archived import ARTICLES, Archive, Work, answer, run
from tests.slow import leave_to_long


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    leave_to_long(items, Path(__file__).parent, 3)


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """A portal that nobody works at, and its archive, which is only copied."""
    with portal("--articles", str(ARTICLES), "--with", "all") as site:
        archive = Archive(site, tmp_path_factory.mktemp("crawled") / "data")
        done = run(site, archive.path, "crawl")
        assert done.returncode == 0, done.stderr
        yield archive


@pytest.fixture
def archive(crawled: Archive, tmp_path: Path) -> Archive:
    shutil.copytree(crawled.path, tmp_path / "data")
    return Archive(crawled.site, tmp_path / "data")


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Work]:
    """A portal that was worked at since it was crawled, and the addresses of what was added, edited and deleted."""
    with portal("--articles", "40", "--with", "all") as site:
        archive = Archive(site, tmp_path_factory.mktemp("newsroom") / "data")
        assert run(site, archive.path, "crawl").returncode == 0
        # What a page said in the second of its edit may be either.
        archive.sql("update articles set as_of = '2026-01-01T00:00:00+00:00', lastmod = '2026-01-01T00:00:00+00:00'")
        work = {}
        for what, kind in (("edit", "stale"), ("delete", "extra"), ("add", "missing")):
            numbers = answer(site, f"{what}?n=3")
            work[kind] = [answer(site, f"record?number={number}")["url"] for number in numbers]
        work["stale"] = [url for url in work["stale"] if url not in work["extra"]]
        yield archive, work
