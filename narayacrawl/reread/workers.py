"""Read articles again in several processes, in their order; a process that dies costs the article that it was at."""

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import chain, islice
from typing import Final

from narayacrawl.reread.comparison import KeptInArchive, Result, Unread, read_again
from narayacrawl.reread.page_reader import PortalRules
from narayacrawl.reread.pool import cores
from narayacrawl.reread.pool_worker import DIED

CHUNK: Final = 16
"""Articles that a process is given at once."""
CHUNKS_AHEAD: Final = 4
"""Chunks for each process that are begun before the first of them is done: what is read waits for those before it."""
FEW: Final = 200
"""So few articles are read before other processes would have begun."""
METHOD: Final = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"


def read_all(kept: Iterable[KeptInArchive], rules: PortalRules, processes: int = 0) -> Iterator[Result]:
    """Read articles again, on all cores where they are many; yield what becomes of each, in their order."""
    remaining = iter(kept)
    processes = processes or cores()
    first = list(islice(remaining, FEW)) if processes > 1 else []
    if len(first) < FEW:
        yield from (read_again(own, rules) for own in chain(first, remaining))
        return
    with Workers(rules, processes) as workers:
        yield from workers.read(chain(first, remaining))


class Workers:
    """Processes that read articles again, to be used in a `with`, which ends them."""

    def __init__(self, rules: PortalRules, processes: int) -> None:
        self.rules = rules
        self.processes = processes
        self._executor = self._begin(processes)

    def __enter__(self) -> "Workers":
        return self

    def __exit__(self, *_: object) -> None:
        self._executor.shutdown(cancel_futures=True)

    @staticmethod
    def _begin(processes: int) -> ProcessPoolExecutor:
        context = multiprocessing.get_context(METHOD)
        if METHOD == "forkserver":
            # Those that it forks need not import it.
            context.set_forkserver_preload(["narayacrawl.reread.comparison"])
        return ProcessPoolExecutor(processes, context, initializer=_prepare)

    def read(self, kept: Iterable[KeptInArchive]) -> Iterator[Result]:
        """Yield what becomes of each article, in their order."""
        remaining = iter(kept)
        chunks: deque[tuple[list[KeptInArchive], Future[list[Result]]]] = deque()
        while True:
            while len(chunks) < CHUNKS_AHEAD * self.processes and (chunk := list(islice(remaining, CHUNK))):
                chunks.append((chunk, self._executor.submit(_read_chunk, chunk, self.rules)))
            if not chunks:
                return
            chunk, future = chunks.popleft()
            try:
                yield from future.result()
            except BrokenProcessPool:
                yield from self._read_apart([chunk, *(own for own, _ in chunks)])
                chunks.clear()

    def _read_apart(self, chunks: Sequence[list[KeptInArchive]]) -> Iterator[Result]:
        """Read chunks, one of whose articles has cost its reader's life, one after the other; that chunk by article."""
        self._begin_anew(1)
        for chunk in chunks:
            results = self._try(chunk)
            if results is not None:
                yield from results
                continue
            for own in chunk:
                [result] = self._try([own]) or [Unread(own.article, own.url, DIED, "the process that read it died")]
                yield result
        self._begin_anew(self.processes)

    def _try(self, chunk: list[KeptInArchive]) -> list[Result] | None:
        """Read a chunk in the one process that there is; None if it dies."""
        try:
            return self._executor.submit(_read_chunk, chunk, self.rules).result()
        except BrokenProcessPool:
            self._begin_anew(1)
            return None

    def _begin_anew(self, processes: int) -> None:
        self._executor.shutdown()
        self._executor = self._begin(processes)


def _read_chunk(chunk: Sequence[KeptInArchive], rules: PortalRules) -> list[Result]:
    return [read_again(own, rules) for own in chunk]


def _prepare() -> None:
    """Leave Ctrl-C to the process that gives the work, and end with it, however it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    assert parent is not None

    def end_with_it() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=end_with_it, daemon=True).start()
