"""Archives whose runs were killed, at a named point or at a random moment, and then finished."""

import random
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from tests.crash.portal import Served
from tests.crash.trial import Trial
from tests.crash.verdict import read

COMPRESSIONS: Final = ("", "gzip", "zstd")

COMMANDS: Final = {"compaction": "export", "compaction and export": "export", "rebuilding": "rebuild"}
"""By how the name of a point begins."""


def command_of(point: str) -> str:
    """The command that comes to a point."""
    return COMMANDS.get(point.partition(",")[0], "crawl")


def compressions_of(point: str) -> tuple[str, ...]:
    """What a segment must be compressed with, so that a run comes to a point."""
    return COMPRESSIONS[1:] if "compressed" in point else COMPRESSIONS


def opened(portal: Served, folder: Path, point: str, compression: str, *, warc: bool = False) -> Trial:
    """An archive in which a run can come to a point."""
    trial = Trial(portal, folder, compression, warc=warc or point.startswith("WARC"))
    if "recovery" in point:
        trial.run("crawl", "fsync, before acknowledgement", 2)
    elif point.startswith("compaction"):
        for last in (1, 2):
            trial.run("crawl", "acknowledged", last)
        trial.run("crawl")
    elif point.startswith("rebuilding"):
        for last in (2, 2):
            trial.run("crawl", "fsync, before acknowledgement", last)
        trial.lose_ledger()
    trial.kills = trial.restarts = 0
    return trial


def passings(portal: Served, folder: Path, point: str, compression: str, *, warc: bool = False) -> int:
    """How often a run that is not killed passes a point."""
    return opened(portal, folder, point, compression, warc=warc).run(command_of(point), point).passed


def killed_at(
    portal: Served,
    folder: Path,
    point: str,
    lasts: Iterable[int],
    *,
    compression: str = "",
    later: str | None = None,
    warc: bool = False,
) -> Trial:
    """Runs that were killed at the N-th passing of a point, one N after the other, and one that was not, which
    compresses as `later` tells. With `warc` they keep raw pages."""
    trial, command = opened(portal, folder, point, compression, warc=warc), command_of(point)
    for last in lasts:
        if not trial.run(command, point, last).is_killed:
            break
        if "recovery" in point:  # something must be left to recover
            kills = trial.kills
            trial.run("crawl", "fsync, before acknowledgement", 1)
            trial.kills = kills
    trial.compression = compression if later is None else later
    if command == "export":
        trial.restarts += 1
        ended = trial.run("export")
        trial.verdict.say(ended.status == 0, f"export ended with {ended.status}: {ended.last_line}")
        exported = sorted(record["id"] for record in read(trial.output, trial.verdict))
        trial.verdict.say(exported == sorted(portal.truth), "the exported file lacks articles, or has some twice")
    if command == "rebuild":
        trial.restarts += 1
        ended = trial.run("rebuild")
        is_done = "knows articles of" in ended.last_line  # it was killed when all but its end was noted
        trial.verdict.say(ended.status == 0 or is_done, f"rebuild ended with {ended.status}: {ended.last_line}")
    trial.finish()
    return trial


def choices(count: int, chance: random.Random) -> Iterator[int]:
    """The first, a middle and the last passing of so many, then any."""
    yield from (1, (count + 1) // 2, count)
    while True:
        yield chance.randint(1, count)


def duration(portal: Served, folder: Path) -> float:
    """Seconds that a crawl takes from its process' beginning to its end."""
    begun = time.monotonic()
    Trial(portal, folder).run()
    return time.monotonic() - begun


def killed_after(
    portal: Served, folder: Path, moments: Iterable[float], *, compression: str = "", warc: bool = False
) -> Trial:
    """Runs that were killed so many seconds after their beginning, one after the other, and one that was not."""
    trial = Trial(portal, folder, compression, warc=warc)
    for moment in moments:
        process = trial.begin(trial.words("crawl"))
        process.join(moment)
        process.kill()
        if not trial.end(process).is_killed:
            break
        trial.killed()
    trial.finish()
    return trial
