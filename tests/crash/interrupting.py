"""A polite crawl of a portal that answers slowly, told to end by signals."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from typing import IO, Final

from tests.conftest import ROOT
from tests.crash.portal import Served
from tests.crash.trial import Trial
from tests.crash.verdict import LedgerFile, Verdict, on_the_way
from tests.forked import PATIENCE

INTERRUPTED: Final = 5
POLITE: Final = {
    "AUTOTHROTTLE_ENABLED": "True",
    "CONCURRENT_REQUESTS_PER_DOMAIN": "2",
    "DOWNLOAD_TIMEOUT": "600",
}
"""A crawl that would wait for what does not come is taken to hang before."""
SIGNALS: Final[dict[str, tuple[signal.Signals, ...]]] = {
    "SIGTERM": (signal.SIGTERM,),
    "SIGINT": (signal.SIGINT,),
    "SIGINT twice": (signal.SIGINT, signal.SIGINT),
}


@dataclass(frozen=True)
class Interruption:
    """How a crawl ended that was told to, and what a later one made of what it left."""

    seconds: float
    """From the first signal to the end of the process."""
    written: int
    """Articles of the interrupted run."""
    verdict: Verdict
    log: str


def interrupted(
    portal: Served,
    folder: Path,
    signals: Sequence[signal.Signals],
    wait: Callable[[subprocess.Popen[str]], object],
    *,
    delay: float = 3,
    gap: float = 0,
) -> Interruption:
    """A crawl that was sent signals when `wait` had waited, each `gap` seconds after the one before had been heard, and
    judged.

    The portal is released then, and crawled to the end.
    """
    trial = Trial(portal, folder)
    words = [sys.executable, "-m", "scrapy", *trial.words("crawl", DOWNLOAD_DELAY=str(delay), **POLITE)]
    inherited = {name: value for name, value in os.environ.items() if name not in {"CI", "SCRAPY_SETTINGS_MODULE"}}
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True, cwd=ROOT, env=inherited) as process:
        assert process.stderr is not None
        hanging = Timer(PATIENCE, process.kill)
        hanging.start()
        try:
            log = _until("Spider opened", process.stderr)
            wait(process)
            sent = portal.sent()
            begun = time.monotonic()
            for number, own in enumerate(signals):
                if number:
                    time.sleep(gap)
                process.send_signal(own)
                log += _until("Received SIG", process.stderr)
            log += process.stderr.read()
            process.wait()
            seconds = time.monotonic() - begun
        finally:
            hanging.cancel()
            process.kill()
    verdict = on_the_way(trial.archive, portal.truth, trial.ledger)
    ledger = LedgerFile(trial.ledger)
    run = ledger.runs[-1]
    verdict.say(process.returncode == INTERRUPTED, f"exit status {process.returncode}")
    verdict.say(ledger.count.keys() <= {"done", "pending"}, f"the ledger says {dict(ledger.count)}")
    verdict.say("Traceback" not in log, "a traceback in the log")
    if len(signals) == 1:  # a second one asks for an end without any order
        verdict.say(sent <= ledger.done, f"sent before the signal and not written: {sent - ledger.done}")
        read = run.stats.get("narayacrawl/article/read", 0)
        verdict.say(read == run.articles, f"{read} articles read, {run.articles} written")
        verdict.say(not list(trial.segments.glob("*.part")), "not sealed")
    portal.tell("release")
    trial.verdict = verdict
    trial.finish()
    return Interruption(seconds, run.articles, trial.verdict, log)


def _until(told: str, log: IO[str]) -> str:
    """The log up to a line that tells this, or its end."""
    lines = []
    for line in log:
        lines.append(line)
        if told in line:
            break
    return "".join(lines)
