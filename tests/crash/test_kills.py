"""A crawl that is killed and run again: every article is there once, whole. `benchmarks/crash.py` is the long form."""

import random
from pathlib import Path

import pytest

from tests.crash.killing import compressions_of, duration, killed_after, killed_at
from tests.crash.points import POINTS
from tests.crash.portal import Served

LASTS = {
    "half a batch written": (2, 3),
    "before fsync": (1, 3),
    "fsync, before acknowledgement": (6, 1),
    "in acknowledgement, before commit": (1, 6),
    "acknowledged": (2, 1),
    "before any commit": (1, 12),
    "after any commit": (5, 9),
    "before rename": (2,),
    "after rename": (1,),
    "before fsync of the folder": (3,),
    "ledger half laid out": (3, 1),
    "recovery, before each step": (2,),
    "recovery, after each step": (1, 2),
    "compaction and export, before each step": (4,),
    "compaction and export, after each step": (3,),
    "rebuilding, before each commit": (4,),
    "rebuilding, after each commit": (3,),
    "rebuilding, before each step": (2,),
    "rebuilding, after each step": (1,),
}
"""At which passings, one run after the other; where nothing is said, the first."""


@pytest.mark.parametrize("point", POINTS)
def test_nothing_is_lost_twice_or_torn_after_kills_at(point: str, press: Served, tmp_path: Path) -> None:
    trial = killed_at(press, tmp_path, point, LASTS.get(point, (1,)), compression=compressions_of(point)[-1])
    assert trial.kills > 0
    assert not trial.verdict


@pytest.mark.parametrize("seed", range(2))
def test_nothing_is_lost_twice_or_torn_after_kills_at_random_moments(seed: int, press: Served, tmp_path: Path) -> None:
    chance = random.Random(seed)
    longest = duration(press, tmp_path / "measured")
    moments = [chance.uniform(0.2, 0.9) * longest for _ in range(2)]
    assert not killed_after(press, tmp_path / "killed", moments).verdict


def test_nothing_is_left_of_a_compression_that_another_one_follows(press: Served, tmp_path: Path) -> None:
    assert not killed_at(press, tmp_path, "half compressed", (1,), compression="gzip", later="zstd").verdict
