"""Processes forked from one that has imported what a crawl imports: importing takes longer than a small crawl."""

import atexit
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

PATIENCE: Final = 300
"""Seconds after which a process is taken to hang."""

_processes = get_context("forkserver")
_processes.set_forkserver_preload(["tests.preloaded"])
# The server that forks finds this checkout's modules from wherever the tests are run.
_checkout = str(Path(__file__).parents[1])
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (_checkout, os.environ.get("PYTHONPATH"))))


def process(target: Callable[..., object], *args: object) -> BaseProcess:
    """A process of its own that calls `target`, begun."""
    made = _processes.Process(target=target, args=args)
    made.start()
    return made


def status(process: BaseProcess, patience: float = PATIENCE) -> int | None:
    """The exit status of a process that ends by itself; None where it hung, and was killed."""
    process.join(patience)
    if process.exitcode is None:
        process.kill()
        process.join()
        return None
    return process.exitcode


def run_scrapy(args: Sequence[str], cwd: Path, env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """What `python -m scrapy ARGS` does in `cwd` with the environment `env`."""
    with TemporaryDirectory(prefix="scrapy-") as name:
        out, err = Path(name, "out"), Path(name, "err")
        ended = status(process(_scrapy, ["scrapy", *args], cwd, dict(env), out, err))
        stdout, stderr = out.read_text(encoding="utf-8"), err.read_text(encoding="utf-8")
    if ended is None:
        raise subprocess.TimeoutExpired(["scrapy", *args], PATIENCE, stdout, stderr)
    return subprocess.CompletedProcess(["scrapy", *args], ended, stdout, stderr)


def _scrapy(argv: list[str], cwd: Path, env: Mapping[str, str], out: Path, err: Path) -> None:
    import scrapy.cmdline

    redirect(out, err)
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
    time.tzset()
    # It reads the environment.
    sys.modules.pop("narayacrawl.settings", None)
    atexit.register(sys.stdout.flush)
    try:
        scrapy.cmdline.execute(argv)
    finally:
        atexit._run_exitfuncs()


def redirect(out: Path, err: Path) -> None:
    """Have this process write its stdout and stderr to these files."""
    for path, descriptor in ((out, 1), (err, 2)):
        opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        os.dup2(opened, descriptor)
        os.close(opened)
