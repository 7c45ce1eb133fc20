"""A crawl that kills itself at a named point.

    python -m tests.crash.launch POINT N crawl narayapost -a url=…

The harness does the same in processes that are forked from one which has imported all this: importing takes longer than
the crawl.
"""

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import scrapy.cmdline

import narayacrawl.pipelines.archive
from tests.conftest import ROOT
from tests.crash.points import POINTS, Passing
from tests.forked import redirect

BATCH = 4
LONGEST = 0.1
"""Articles and seconds a batch: a small portal then has many."""


def child(
    words: Sequence[str], folder: Path, point: str, last: int, prepare: Callable[[], object] | None = None
) -> None:
    """Be `scrapy WORDS`, with `log` and `out` of `folder` for stderr and stdout, and `passed` there for how often the
    point was passed, where the process comes to tell it."""
    redirect(folder / "out", folder / "log")
    for name in ("CI", "SCRAPY_SETTINGS_MODULE"):
        os.environ.pop(name, None)
    os.chdir(ROOT)
    passing = Passing(last)
    try:
        run(words, point, passing, prepare)
    finally:
        (folder / "passed").write_text(str(passing.count))


def run(words: Sequence[str], point: str, passing: Passing, prepare: Callable[[], object] | None = None) -> None:
    narayacrawl.pipelines.archive.BATCH_SIZE = BATCH  # type: ignore[misc]
    narayacrawl.pipelines.archive.MAX_WAIT = LONGEST  # type: ignore[misc]
    if point:
        POINTS[point](passing)
    if prepare:
        prepare()
    scrapy.cmdline.execute(["scrapy", *words])


if __name__ == "__main__":
    run(sys.argv[3:], sys.argv[1], Passing(int(sys.argv[2])))
