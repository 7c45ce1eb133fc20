"""Count how often a killed crawl loses, repeats or truncates an article: the long form of `tests/crash`.

    python benchmarks/crash.py [--kills 20] [--random 100] [--signals 20] [--only WORDS] [--seed N]

Each crawl of a portal on loopback runs in its own process. `--kills` is the number of SIGKILLs at each named point of
the code: the first, a middle, the last and random times it is reached, in up to three successive runs of one archive.
`--random` is the number of SIGKILLs at random moments, `--signals` the number of each of SIGTERM, SIGINT and two
SIGINTs, at random moments of a polite crawl, some of whose responses never arrive. Every other archive of those that
are killed keeps raw pages (`-s WARC=1`).

After each kill the ledger is compared with the acknowledged bytes; then the crawl is run until it ends normally, and
its archive is compared with the portal's articles. The exit status is 1 if an article is lost, written twice or
truncated, or anything else is wrong. `--only` selects points by parts of their names, `random` and `signals`, separated
by commas.
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
    command_of,
    compressions_of,
    duration,
    killed_after,
    killed_at,
    passings,
)
from tests.crash.points import POINTS
from tests.crash.portal import Served, served
from tests.crash.verdict import Verdict

MAX_KILLS_IN_A_ROW = 3
"""How often one archive's runs are killed before one may end normally."""
PARALLEL_CRAWLS = 6
"""How many polite crawls run at the same time: they mostly wait."""
MAX_SIGNAL_SECONDS = 60.0
"""A polite crawl gets its signal within this time."""
MAX_SHUTDOWN_SECONDS = 10.0
"""A crawl that is told to end has ended within this time."""


@dataclass
class Row:
    """The results of one point."""

    name: str
    kills: int = 0
    restarts: int = 0
    lost: int = 0
    twice: int = 0
    torn: int = 0
    other: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    """How long each crawl took to end after a signal."""

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


def kill_at_point(portal: Served, folder: Path, point: str, kills: int, chance: random.Random) -> Row:
    """Kill runs at a named point, with each compression that matters there."""
    row = Row(point)
    compressions = compressions_of(point)
    total = passings(portal, folder / "measured", point, compressions[-1])
    if not total:
        row.other.append(f"{point}: no run comes to it")
        return row
    chosen = choices(total, chance)
    for number in count():
        if row.kills >= kills:
            return row
        in_a_row = 1 if number < MAX_KILLS_IN_A_ROW else min(MAX_KILLS_IN_A_ROW, kills - row.kills)
        lasts = [next(chosen) for _ in range(in_a_row)]
        compression, later = compressions[number % len(compressions)], chance.choice((None, None, *COMPRESSIONS))
        warc = number % 2 == 1 and command_of(point) == "crawl"
        trial = killed_at(portal, folder / str(number), point, lasts, compression=compression, later=later, warc=warc)
        row.add(trial.kills, trial.restarts, trial.verdict)
        if number > 3 * kills:
            row.other.append(f"{point}: {row.kills} kills in {number} trials")
            return row
    raise AssertionError


def kill_at_random(portal: Served, folder: Path, kills: int, chance: random.Random) -> Row:
    """Kill runs at random moments."""
    row = Row("random moment")
    longest = max(duration(portal, folder / f"measured-{number}") for number in range(3))
    for number in count():
        if row.kills >= kills:
            return row
        moments = [chance.uniform(0, longest) for _ in range(min(MAX_KILLS_IN_A_ROW, kills - row.kills))]
        own = folder / str(number)
        trial = killed_after(portal, own, moments, compression=COMPRESSIONS[number % 3], warc=number % 2 == 1)
        row.add(trial.kills, trial.restarts, trial.verdict)
    raise AssertionError


def interrupt(folder: Path, name: str, seed: float) -> Interruption:
    """Send a signal to one polite crawl at a random moment."""
    chance = random.Random(seed)
    moment, gap = chance.uniform(0, MAX_SIGNAL_SECONDS), chance.uniform(0, 5)
    hold = ["--hold", str(chance.randint(0, 6)), *chance.choice(([], ["--whole"]))]

    def wait(process: subprocess.Popen[str]) -> None:
        with suppress(subprocess.TimeoutExpired):
            process.wait(moment)

    with served(16, *hold) as portal:
        return interrupted(portal, folder, SIGNALS[name], wait, gap=gap)


def interrupt_all(folder: Path, each: int, chance: random.Random) -> Iterator[Row]:
    """Send each signal to several polite crawls; yield a row for each signal."""
    rows = {name: Row(name) for name in SIGNALS}
    with ThreadPoolExecutor(PARALLEL_CRAWLS) as threads:
        futures = [
            (name, threads.submit(interrupt, folder / f"{name}-{number}", name, chance.random()))
            for number in range(each)
            for name in SIGNALS
        ]
        for name, future in futures:
            interruption = future.result()
            rows[name].add(1, 1, interruption.verdict)
            rows[name].seconds.append(interruption.seconds)
            if interruption.seconds >= MAX_SHUTDOWN_SECONDS:
                rows[name].other.append(f"ended after {interruption.seconds:.1f} s")
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

    def is_selected(name: str) -> bool:
        return not words or any(word in name for word in words)

    def report(row: Row) -> None:
        rows.append(row)
        console.print(f"{row.name}: {row.kills} kills, {'clean' if row.is_clean else row.other}")
        figures = (row.kills, row.restarts, row.lost, row.twice, row.torn, len(row.other) - row.torn)
        longest = f"{max(row.seconds):.1f} s of {MAX_SHUTDOWN_SECONDS:.0f}" if row.seconds else ""
        table.add_row(row.name, *map(str, figures), longest)

    with served(options.articles) as portal, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number, point in enumerate(POINTS):
            if options.kills and is_selected(point):
                chance = random.Random(f"{options.seed} {point}")
                report(kill_at_point(portal, folder / str(number), point, options.kills, chance))
        if options.random and is_selected("random"):
            report(kill_at_random(portal, folder / "random", options.random, random.Random(options.seed)))
        if options.signals and is_selected("signals"):
            for row in interrupt_all(folder / "signals", options.signals, random.Random(options.seed)):
                report(row)
    console.print(table)
    sys.exit(not all(row.is_clean for row in rows))


if __name__ == "__main__":
    main()
