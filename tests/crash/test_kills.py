"""A crawl that is killed and run again: every article is there once, whole. `benchmarks/crash.py` is the long form."""

import random
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import orjson
import pytest

from narayacrawl.archive.segment_files import read_lines
from narayacrawl.archive.segments import sealed_segments
from tests.crash.killing import compressions_of, duration, killed_after, killed_at
from tests.crash.points import POINTS
from tests.crash.portal import Served, served
from tests.crash.trial import Trial
from tests.slow import only_quick

LASTS = {
    "half a batch written": (2, 3),
    "before fsync": (1, 3),
    "fsync, before acknowledgement": (4, 1),
    "in acknowledgement, before commit": (1, 3),
    "acknowledged": (2, 1),
    "before any commit": (1, 12),
    "after any commit": (5, 9),
    "before rename": (2,),
    "after rename": (1,),
    "before fsync of the folder": (3,),
    "ledger half laid out": (3, 1),
    "recovery, before each step": (2,),
    "recovery, after each step": (1, 2),
    "WARC, half a record written": (9, 30),
    "WARC, before fsync": (2, 3),
    "WARC on the disk, before the lines": (2, 1),
    "WARC, sealing, before each step": (2,),
    "WARC, sealing, after each step": (3,),
    "WARC, recovery, before each step": (1, 2),
    "WARC, recovery, after each step": (2, 3),
    "compaction and export, before each step": (4,),
    "compaction and export, after each step": (3,),
    "rebuilding, before each commit": (4,),
    "rebuilding, after each commit": (3,),
    "rebuilding, before each step": (2,),
    "rebuilding, after each step": (1,),
}
"""At which passings, one run after the other; where nothing is said, the first."""

QUICK = ("fsync, before acknowledgement",)
"""Points that the quick tests kill at."""
WITH_PAGES = ("half a batch written", "fsync, before acknowledgement", "in acknowledgement, before commit")
"""Points that CI has a part of tried with runs that keep raw pages, too."""


def _of_pages(point: str) -> list[pytest.MarkDecorator]:
    return [] if point in WITH_PAGES else [pytest.mark.long]


@pytest.mark.parametrize("point", only_quick(POINTS, QUICK))
def test_nothing_is_lost_twice_or_torn_after_kills_at(point: str, press: Served, tmp_path: Path) -> None:
    trial = killed_at(press, tmp_path, point, LASTS.get(point, (1,)), compression=compressions_of(point)[-1])
    assert trial.kills > 0
    assert not trial.verdict


@pytest.mark.slow
@pytest.mark.parametrize(
    "point", [pytest.param(point, marks=_of_pages(point)) for point in POINTS if "WARC" not in point]
)
def test_no_page_is_lost_after_kills_at(point: str, press: Served, tmp_path: Path) -> None:
    lasts, compression = LASTS.get(point, (1,)), compressions_of(point)[-1]
    trial = killed_at(press, tmp_path, point, lasts, compression=compression, warc=True)
    assert trial.kills > 0
    assert not trial.verdict


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_nothing_is_lost_twice_or_torn_after_kills_at_random_moments(seed: int, press: Served, tmp_path: Path) -> None:
    chance = random.Random(seed)
    longest = duration(press, tmp_path / "measured")
    moments = [chance.uniform(0.2, 0.9) * longest for _ in range(2)]
    assert not killed_after(press, tmp_path / "killed", moments, warc=seed == 0).verdict


@pytest.mark.slow
def test_nothing_is_left_of_a_compression_that_another_one_follows(press: Served, tmp_path: Path) -> None:
    assert not killed_at(press, tmp_path, "half compressed", (1,), compression="gzip", later="zstd").verdict


@pytest.mark.slow
def test_edited_articles_are_written_once_more_though_runs_are_killed(tmp_path: Path) -> None:
    with served(12) as portal:
        trial = Trial(portal, tmp_path)
        trial.run()
    with served(12, "--edition", "2", "--port", str(urlsplit(portal.url).port)):
        words = [*trial.words("crawl"), "-a", "full=1"]
        for point in ("fsync, before acknowledgement", "half a batch written", "acknowledged", ""):
            ended = trial.end(trial.begin(words, point, 2))
    assert ended.status == 0
    lines = (orjson.loads(line) for path in sealed_segments(trial.segments).values() for line in read_lines(path))
    written = Counter((record["id"], record["revision"], "catatan 2" in record["body"]) for record in lines)
    assert written == Counter((number, edition, edition == 2) for number in range(1, 13) for edition in (1, 2))
