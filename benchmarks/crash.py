"""How often a killed crawl loses, repeats or tears an article: the long form of `tests/crash`.

    python benchmarks/crash.py [--kills 20] [--random 100] [--signals 20] [--only WORDS] [--seed N]

Real crawls of a portal on loopback, each in a process of its own. `--kills`: so many a named point, by SIGKILL exactly
there, at its first, a middle, its last and any other passing, up to three runs of one archive one after the other.
`--random`: so many at a random moment of a run. `--signals`: so many of each of SIGTERM, SIGINT and SIGINT twice, at a
random moment of a polite crawl, some of whose pages do not come.

After each kill the ledger is held against the acknowledged bytes; then the crawl is run until it ends by itself, and
all is held against what the portal published. The exit status is 1 where anything is lost, twice or torn, or not as it
should be otherwise. `--only` names points by a part of their names, `random` and `signals`, apart by commas.
"""

import argparse
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.crash.interrupting import SIGNALS, Interruption, interrupted
from tests.crash.killing import (
    COMPRESSIONS,
    choices,
    compressions_of,
    duration,
    killed_after,
    killed_at,
    passings,
)
from tests.crash.points import POINTS
from tests.crash.portal import Served, served
from tests.crash.verdict import Verdict

AT_ONCE = 3
"""Kills of one archive before a run may end by itself."""
SIDE_BY_SIDE = 6
"""Polite crawls, which mostly wait."""
LONGEST = 10.0
"""Seconds that a crawl which is told to end may take."""
LATEST = 60.0
"""Seconds after which a polite crawl is told to end at the latest."""


@dataclass
class Row:
    """What came of one point."""

    name: str
    kills: int = 0
    restarts: int = 0
    lost: int = 0
    twice: int = 0
    torn: int = 0
    other: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    """From a signal to the end."""

    def add(self, kills: int, restarts: int, verdict: Verdict) -> None:
        self.kills += kills
        self.restarts += restarts
        self.lost += len(verdict.lost)
        self.twice += len(verdict.twice)
        self.torn += len(verdict.torn)
        self.other += [*verdict.torn, *verdict.other]

    @property
    def is_clean(self) -> bool:
        return not (self.lost or self.twice or self.torn or self.other)


def at_point(portal: Served, folder: Path, point: str, kills: int, chance: random.Random) -> Row:
    row = Row(point)
    packing = compressions_of(point)
    total = passings(portal, folder / "measured", point, packing[-1])
    if not total:
        row.other.append(f"{point}: no run comes to it")
        return row
    chosen = choices(total, chance)
    for number in count():
        if row.kills >= kills:
            return row
        lasts = [next(chosen)] if number < AT_ONCE else [next(chosen) for _ in range(min(AT_ONCE, kills - row.kills))]
        compression, later = packing[number % len(packing)], chance.choice((None, None, *COMPRESSIONS))
        trial = killed_at(portal, folder / str(number), point, lasts, compression=compression, later=later)
        row.add(trial.kills, trial.restarts, trial.verdict)
        if number > 3 * kills:
            row.other.append(f"{point}: {row.kills} kills in {number} trials")
            return row
    raise AssertionError


def at_random(portal: Served, folder: Path, kills: int, chance: random.Random) -> Row:
    row = Row("random moment")
    longest = max(duration(portal, folder / f"measured-{number}") for number in range(3))
    for number in count():
        if row.kills >= kills:
            return row
        moments = [chance.uniform(0, longest) for _ in range(min(AT_ONCE, kills - row.kills))]
        trial = killed_after(portal, folder / str(number), moments, compression=COMPRESSIONS[number % 3])
        row.add(trial.kills, trial.restarts, trial.verdict)
    raise AssertionError


def at_signal(folder: Path, name: str, seed: float) -> Interruption:
    chance = random.Random(seed)
    moment, gap = chance.uniform(0, LATEST), chance.uniform(0, 5)
    hold = ["--hold", str(chance.randint(0, 6)), *chance.choice(([], ["--whole"]))]

    def wait(process: subprocess.Popen[str]) -> None:
        with suppress(subprocess.TimeoutExpired):
            process.wait(moment)

    with served(16, *hold) as portal:
        return interrupted(portal, folder, SIGNALS[name], wait, gap=gap)


def at_signals(folder: Path, each: int, chance: random.Random) -> Iterator[Row]:
    rows = {name: Row(name) for name in SIGNALS}
    with ThreadPoolExecutor(SIDE_BY_SIDE) as threads:
        ending = [
            (name, threads.submit(at_signal, folder / f"{name}-{number}", name, chance.random()))
            for number in range(each)
            for name in SIGNALS
        ]
        for name, future in ending:
            ended = future.result()
            rows[name].add(1, 1, ended.verdict)
            rows[name].seconds.append(ended.seconds)
            if ended.seconds >= LONGEST:
                rows[name].other.append(f"ended after {ended.seconds:.1f} s")
    yield from rows.values()


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--kills", type=int, default=20, help="a named point")
    parser.add_argument("--random", type=int, default=100, help="at random moments")
    parser.add_argument("--signals", type=int, default=20, help="of each signal")
    parser.add_argument("--articles", type=int, default=60)
    parser.add_argument("--only", default="", help="parts of names, apart by commas")
    parser.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000)
    options = parser.parse_args()
    words = [word.strip() for word in options.only.split(",") if word.strip()]
    table = Table("point", "kills", "restarts", "lost", "twice", "torn", "other", "longest end", box=None)
    table.title = f"seed {options.seed}"
    console, rows = Console(width=120), []

    def wanted(name: str) -> bool:
        return not words or any(word in name for word in words)

    def ended(row: Row) -> None:
        rows.append(row)
        console.print(f"{row.name}: {row.kills} kills, {'clean' if row.is_clean else row.other}")
        figures = (row.kills, row.restarts, row.lost, row.twice, row.torn, len(row.other) - row.torn)
        longest = f"{max(row.seconds):.1f} s of {LONGEST:.0f}" if row.seconds else ""
        table.add_row(row.name, *map(str, figures), longest)

    with served(options.articles) as portal, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number, point in enumerate(POINTS):
            if options.kills and wanted(point):
                chance = random.Random(f"{options.seed} {point}")
                ended(at_point(portal, folder / str(number), point, options.kills, chance))
        if options.random and wanted("random"):
            ended(at_random(portal, folder / "random", options.random, random.Random(options.seed)))
        if options.signals and wanted("signals"):
            for row in at_signals(folder / "signals", options.signals, random.Random(options.seed)):
                ended(row)
    console.print(table)
    sys.exit(not all(row.is_clean for row in rows))


if __name__ == "__main__":
    main()
