"""Rereads that are killed at named points, and go on: no revision lost, none twice, none that does not count."""

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Final

import orjson
import pytest
from scrapy.settings import BaseSettings
from sqlalchemy.engine.default import DefaultDialect

from narayacrawl.archive.articles import OWN_LEDGER
from narayacrawl.archive.manifest import file_sha256, read_manifest
from narayacrawl.archive.reader import segments_now
from narayacrawl.archive.segments import sealed_segments
from narayacrawl.reread import rewrite
from tests import forked
from tests.crash import launch
from tests.crash.points import POINTS, Passing, after, before, within
from tests.crash.trial import KILLED
from tests.desk import SPIDER, Reader
from tests.reread.rereading import ARTICLES, kept, read_title_better

pytestmark = pytest.mark.slow

BATCH: Final = 4
SHARED: Final = (
    *("half a batch written", "before fsync", "before any commit", "after any commit", "before rename", "after rename"),
    *("before fsync of the folder", "after fsync of the folder", "before the manifest", "half compressed"),
    *("recovery, before each step", "recovery, after each step"),
)
OWN: Final[dict[str, Callable[[Passing], None]]] = {
    "fsync, before acknowledgement": lambda passing: before(rewrite, "acknowledge_rereads", passing),
    "in acknowledgement, before commit": lambda passing: before(
        DefaultDialect, "do_commit", passing, within(rewrite, "acknowledge_rereads")
    ),
    "acknowledged": lambda passing: after(rewrite, "acknowledge_rereads", passing),
    "acknowledged, before sealing": lambda passing: before(rewrite, "seal", passing),
    "sealed, before the ledger knows": lambda passing: before(rewrite, "mark_sealed", passing),
    "sealed, before the run's end": lambda passing: before(rewrite, "end_run", passing),
}
ALL: Final = {**{name: POINTS[name] for name in SHARED}, **OWN}
SAMPLE: Final = ("in acknowledgement, before commit", 2)
CASES: Final = [
    pytest.param(name, last, marks=[] if (name, last) == SAMPLE else pytest.mark.long, id=f"{name} {last}")
    for last in (1, 2, 3)
    for name in ALL
]


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    with kept(tmp_path_factory.mktemp("crawled")) as reader:
        yield reader


def dies_at(point: str, last: int) -> None:
    """What the process that is to die begins with."""
    rewrite.BATCH_SIZE = BATCH  # type: ignore[misc]
    read_title_better()
    if last:
        ALL[point](Passing(last))


def run(folder: Path, point: str, last: int, compression: str) -> int | None:
    words = (
        "reread",
        "-s",
        f"ARCHIVE={folder / 'data'}",
        "-s",
        f"ARCHIVE_COMPRESSION={compression}",
        SPIDER,
        "--write",
    )
    prepare = partial(dies_at, point, last)
    return forked.status(forked.process(launch.child, words, folder, "", 0, prepare))


def revisions(folder: Path) -> Counter[tuple[int, int]]:
    """How often the archive has each revision, by what the ledger has acknowledged."""
    segments = segments_now(folder / "data" / SPIDER, BaseSettings({"LEDGER": OWN_LEDGER}))
    records = (orjson.loads(line) for segment in segments for line in segment.lines())
    return Counter((record["id"], record["revision"]) for record in records)


def known(reader: Reader) -> set[tuple[int, int]]:
    """The last revision of each post by the ledger."""
    return {(post, revision) for post, revision in reader.sql("SELECT post_id, revision FROM articles WHERE revision")}


@pytest.mark.parametrize(("point", "last"), CASES)
def test_nothing_is_lost_or_twice_after_a_kill_at(point: str, last: int, crawled: Reader, tmp_path: Path) -> None:
    shutil.copytree(crawled.folder / "data", tmp_path / "data")
    reader = Reader(crawled.url, tmp_path)
    compression = "gzip" if "compressed" in point else ""
    if point.startswith("recovery"):  # something must be left to recover
        assert run(tmp_path, "acknowledged", 1, compression) == KILLED
    ended = run(tmp_path, point, last, compression)
    written = revisions(tmp_path)
    assert max(written.values()) == 1
    assert known(reader) <= set(written), "acknowledged, and not there"
    assert {own for own in written if own[1] == 2} <= known(reader), "there, and not acknowledged"
    assert (ended, run(tmp_path, point, 0, compression)) in ((KILLED, 0), (0, 0)), (tmp_path / "log").read_text()
    posts = {post for post, _ in written}
    assert len(posts) == ARTICLES
    assert revisions(tmp_path) == Counter((post, revision) for post in posts for revision in (1, 2))
    assert known(reader) == {(post, 2) for post in posts}
    folder = tmp_path / "data" / SPIDER
    assert list(folder.glob("*.part")) == list(folder.glob("*.tmp")) == []
    for name, path in sealed_segments(folder).items():
        manifest = read_manifest(folder, name)
        assert manifest is not None
        assert manifest.sha256 == file_sha256(path)
