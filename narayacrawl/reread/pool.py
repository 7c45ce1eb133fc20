"""Read WARC files on all cores: processes that each read one part of a file after the other.

What they give comes in the order of the files, and of the records in them. A process that dies costs the record that it
was reading; another one reads the rest of its part.
"""

import multiprocessing
import os
import signal
import threading
import time
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Final, Self

from narayacrawl.reread.pool_worker import DIED, NOTHING, Damage, Part, Read, work
from narayacrawl.reread.warc_frames import Frames, NoWarc, Span

PART: Final = 2 * 1024 * 1024
"""Bytes of a file that a process reads before it is given the next part: a few hundred pages."""
MAX_WAITING: Final = 64 * 1024 * 1024
"""Bytes of lines that wait for those before them; then only these are taken."""
PARTS_AHEAD: Final = 8
"""Parts for each process that are begun before the first of them is done."""
MAX_STILL: Final = 300.0
"""Seconds that a page may take, whatever it does; then its process is ended."""
LOOKED_AFTER: Final = 10.0
MAX_DEATHS: Final = 3
"""A part at which a process dies so often between two pages is given up."""


class PoolError(Exception):
    """The processes cannot work; one line says why."""


def cores() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def split(path: str, size: int, part: int = PART) -> Iterator[Part]:
    """Split a file into parts."""
    for start in range(0, max(size, 1), part):
        end = start + part
        yield Part(path, Span(start, end if end < size else None, is_exact=start == 0))


@contextmanager
def leaving_ctrl_c() -> Iterator[None]:
    """Let a process begin that inherits that Ctrl-C is nothing to it: before it can say so, it would end with a
    traceback."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


class Task:
    """A part that is to be read, is being read, or waits until those before it are told of."""

    def __init__(self, part: Part) -> None:
        self.part = part
        self.reads: deque[Read] = deque()
        self.is_verified = part.span.is_exact
        """True if it is known to begin where the one before it ends."""
        self.is_dropped = False
        self.worker: Worker | None = None
        self.deaths = 0
        self.last: Read | None = None


class Worker:
    """A process, and the task that it has."""

    def __init__(self) -> None:
        # Neither threads nor files of this process are its: a forked one would have both.
        context = multiprocessing.get_context("spawn")
        self.connection, other = context.Pipe()
        self.noted = context.RawArray("q", [NOTHING, 0])
        self.process = context.Process(target=work, args=(other, self.noted), daemon=True)
        with leaving_ctrl_c():
            self.process.start()
        other.close()
        self.task: Task | None = None
        self._still: tuple[tuple[int, int], float] = ((NOTHING, 0), time.monotonic())

    def place(self) -> tuple[int, int] | None:
        """Return the place of the page that is being read."""
        offset, number = self.noted
        return None if offset == NOTHING else (offset, number)

    def begin(self, task: Task) -> None:
        self.task, task.worker = task, self
        self.connection.send(task.part)

    def end_if_still(self) -> None:
        """End the process where it has read at one page for too long."""
        place, now = tuple(self.noted), time.monotonic()
        if place[0] == NOTHING or place != self._still[0]:
            self._still = (place, now)
        elif now - self._still[1] > MAX_STILL:
            self.process.kill()

    def close(self) -> None:
        self.process.terminate()
        self.connection.close()
        self.process.join(5)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()


class Pool:
    """Reads files in processes; to be used in a `with`, which ends them."""

    def __init__(self, paths: Sequence[str], processes: int = 0, *, part: int = PART) -> None:
        self._parts = self._split(paths, part)
        self._processes = processes or cores()
        self._workers: list[Worker] = []
        self._tasks: deque[Task] = deque()
        """Those that are not told of yet, in order."""
        self._pending: deque[Task] = deque()
        """Those that no process has."""
        self._has_read = False
        self._deaths = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            worker.close()
        self._workers.clear()

    @staticmethod
    def _split(paths: Sequence[str], part: int) -> Iterator[Part | Read]:
        for path in paths:
            try:
                with Path(path).open("rb") as file:
                    size = os.fstat(file.fileno()).st_size
                    Frames(file, size, Span())
            except (OSError, NoWarc) as error:
                why = (isinstance(error, OSError) and error.strerror) or str(error)
                yield Read(path, 0, 0, None, damages=[Damage(path, None, why)], is_whole=True, has_failed=True)
            else:
                yield from split(path, size, part)

    def read(self) -> Iterator[Read]:
        """Yield what is read, in order. Raises `PoolError` where no process can work."""
        path, expected, has_failed = "", 0, False
        while True:
            self._give()
            if not self._tasks:
                return
            head = self._tasks[0]
            if head.part.path != path:
                path, expected, has_failed = head.part.path, 0, False
            if has_failed or (head.part.span.end is not None and expected >= head.part.span.end):
                self._drop(head)  # nothing begins in it: a record before it reaches beyond
                continue
            if head.reads and not head.is_verified:
                if expected not in (head.reads[0].first, NOTHING):
                    self._begin_again(head, expected)
                    continue
                head.is_verified = True
            while head.reads:
                read = head.reads.popleft()
                expected, has_failed = read.position, has_failed or read.has_failed
                yield read
                if read.is_whole:
                    self._tasks.popleft()
            if self._tasks and self._tasks[0] is head:
                self._receive(head)

    def _give(self) -> None:
        """Give every process without a task one, as far ahead as may be."""
        while len(self._tasks) < PARTS_AHEAD * self._processes:
            if (part := next(self._parts, None)) is None:
                break
            task = Task(part if isinstance(part, Part) else Part(part.path, Span()))
            self._tasks.append(task)
            if isinstance(part, Part):
                self._pending.append(task)
            else:
                task.reads.append(part)
        while self._pending:
            worker = next((own for own in self._workers if own.task is None), None)
            if worker is None and len(self._workers) < self._processes:
                worker = Worker()
                self._workers.append(worker)
            if worker is None:
                return
            task = self._pending.popleft()
            try:
                worker.begin(task)
            except OSError:
                self._bury(worker)

    def _begin_again(self, task: Task, start: int) -> None:
        """Have a part read from another byte on: what looked like the beginning of a record stands within one."""
        self._drop(task)
        again = Task(Part(task.part.path, Span(start, task.part.span.end)))
        self._tasks.appendleft(again)
        self._pending.appendleft(again)

    def _drop(self, task: Task) -> None:
        """Take a task out; what its process still gives is not looked at."""
        self._tasks.remove(task)
        if task in self._pending:
            self._pending.remove(task)
        task.is_dropped = True

    def _receive(self, head: Task) -> None:
        """Wait for what is read next, or for a death."""
        busy = [own for own in self._workers if own.task is not None]
        waiting = sum(read.size for task in self._tasks for read in task.reads)
        if waiting > MAX_WAITING and head.worker is not None:
            busy = [head.worker]
        connections: dict[Connection, Worker] = {own.connection: own for own in busy}
        ready = wait([*connections], LOOKED_AFTER)
        for worker in [connections[own] for own in ready if isinstance(own, Connection)]:
            try:
                read = worker.connection.recv()
            except (EOFError, OSError, ValueError):  # or half a message
                self._bury(worker)
            else:
                self._take(worker, read)
        if not ready:
            for worker in self._workers:
                worker.end_if_still()

    def _take(self, worker: Worker, read: Read) -> None:
        task = worker.task
        assert task is not None
        self._has_read = True
        task.last = read
        if not task.is_dropped:
            task.reads.append(read)
        if read.is_whole:
            worker.task = task.worker = None

    def _bury(self, worker: Worker) -> None:
        """Have another process go on where one has died, behind the page at which it did."""
        task, place = worker.task, worker.place()
        self._workers.remove(worker)
        worker.close()
        self._deaths += 1
        if not self._has_read and self._deaths >= MAX_DEATHS:
            raise PoolError(f"{self._deaths} processes ended before they had read a page: see what they have printed")
        if task is None or task.is_dropped:
            return
        task.worker = None
        part, last = task.part, task.last
        if last is not None:
            span = Span(last.position, part.span.end)
            task.part = part = replace(part, span=span, begin=last.begin)
        if place is not None:
            task.part = replace(part, skipped=part.skipped | {place})
            task.deaths = 0
        else:
            task.deaths += 1
        if task.deaths < MAX_DEATHS:
            self._pending.appendleft(task)
            return
        at = task.part.span.start
        why = f"{DIED}: {MAX_DEATHS} processes ended there, and the rest of the part is not read"
        task.is_verified = True
        task.reads.append(
            Read(
                part.path,
                at,
                NOTHING,
                None,
                counts=Counter({DIED: 1}),
                damages=[Damage(part.path, at, why)],
                is_whole=True,
            )
        )
