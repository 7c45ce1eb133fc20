"""The points at which a process is killed: functions that make it kill itself when it passes one for the N-th time.

Nothing in the package knows of this: what is passed is patched here, in the process that is to die.
"""

import os
import shutil
import signal
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType, SimpleNamespace
from typing import Any, Final

from sqlalchemy.engine.default import DefaultDialect

from narayacrawl.archive import compaction, raw_pages, recovery, segment_files, segments, warc_writer, writer
from narayacrawl.archive import run as archive_run
from narayacrawl.commands import export, ledger
from narayacrawl.ledger import database
from narayacrawl.ledger.ledger import Ledger

STEPS: Final = ("fsync", "rename", "replace", "unlink", "truncate")
"""What changes a disk so that it lasts, beside writing."""

Call = Callable[..., Any]
When = Callable[..., bool]


class Passing:
    """Counts how often a point is passed; the N-th time is the process' last. With 0 it only counts."""

    def __init__(self, last: int) -> None:
        self.last = last
        self.count = 0

    def __call__(self) -> None:
        if self.is_last():
            self.die()

    def is_last(self) -> bool:
        self.count += 1
        return self.count == self.last

    def die(self) -> None:
        os.kill(os.getpid(), signal.SIGKILL)


def always(*_: Any, **__: Any) -> bool:
    return True


def before(owner: Any, name: str, passing: Passing, when: When = always) -> None:
    """Pass whenever a function is called."""
    function: Call = getattr(owner, name)

    def called(*args: Any, **kwargs: Any) -> Any:
        if when(*args, **kwargs):
            passing()
        return function(*args, **kwargs)

    setattr(owner, name, called)


def after(owner: Any, name: str, passing: Passing, when: When = always) -> None:
    """Pass whenever a function has done its work."""
    function: Call = getattr(owner, name)

    def called(*args: Any, **kwargs: Any) -> Any:
        is_meant = when(*args, **kwargs)
        result = function(*args, **kwargs)
        if is_meant:
            passing()
        return result

    setattr(owner, name, called)


def within(owner: Any, name: str) -> When:
    """Whether a function is at work."""
    function: Call = getattr(owner, name)
    depth = 0

    @contextmanager
    def entered() -> Iterator[None]:
        nonlocal depth
        depth += 1
        try:
            yield
        finally:
            depth -= 1

    def called(*args: Any, **kwargs: Any) -> Any:
        with entered():
            return function(*args, **kwargs)

    setattr(owner, name, called)
    return lambda *_, **__: depth > 0


def is_folder(descriptor: int) -> bool:
    return stat.S_ISDIR(os.fstat(descriptor).st_mode)


def named(*endings: str) -> When:
    """Whether the first argument is a path with one of these endings."""
    return lambda path, *_, **__: str(path).endswith(endings)


def own_os(module: ModuleType = writer) -> SimpleNamespace:
    """The `os` of a writer's module, to be changed there alone."""
    own = SimpleNamespace(**vars(os))
    setattr(module, "os", own)  # noqa: B010 - mypy knows the module's name
    return own


# A batch


def half_written(passing: Passing, module: ModuleType = writer) -> None:
    own = own_os(module)

    def write(descriptor: int, data: memoryview) -> int:
        if passing.is_last():
            os.write(descriptor, data[: len(data) // 2])
            passing.die()
        return os.write(descriptor, data)

    own.write = write


def in_acknowledgement(passing: Passing) -> None:
    before(DefaultDialect, "do_commit", passing, within(Ledger, "acknowledge"))


# Sealing


def sealing(passing: Passing) -> None:
    before(segments, "seal", passing)
    setattr(archive_run, "seal", segments.seal)  # noqa: B010 - recovery seals, too, and both are one point


def half_compressed(passing: Passing) -> None:
    own = SimpleNamespace(**vars(shutil))
    setattr(segments, "shutil", own)  # noqa: B010

    def copyfileobj(plain: Any, packed: Any, length: int) -> None:
        if passing.is_last():
            packed.write(plain.read(os.fstat(plain.fileno()).st_size // 2))
            packed.flush()
            passing.die()
        shutil.copyfileobj(plain, packed, length)

    own.copyfileobj = copyfileobj


# Steps on the disk, of whatever kind


def steps(patch: Callable[[Any, str, Passing, When], None], owner: Any, name: str) -> Callable[[Passing], None]:
    """Every step on the disk while a function is at work, before or after it."""

    def install(passing: Passing) -> None:
        when = within(owner, name)
        for step in STEPS:
            patch(os, step, passing, when)

    return install


def half_merged(passing: Passing) -> None:
    copy: Call = compaction._copy

    def copied(paths: Any, into: Any, count: int) -> None:
        paths = list(paths)
        if passing.is_last():
            copy(paths[:1], into, len(list(segment_files.read_lines(paths[0]))))
            into.flush()
            passing.die()
        copy(paths, into, count)

    compaction._copy = copied


# The ledger


def laying_out(passing: Passing) -> None:
    """After each statement of the first transaction, and before any."""
    passes = within(database, "_lay_out")
    after(DefaultDialect, "do_execute", passing, passes)
    after(DefaultDialect, "do_execute_no_params", passing, passes)
    before(database, "_lay_out", passing)


PLAIN: Final = named(segment_files.JSONL)
MANIFEST_TEMPORARY: Final = named(segment_files.MANIFEST + segment_files.TEMPORARY)

POINTS: Final[dict[str, Callable[[Passing], None]]] = {
    "half a batch written": half_written,
    "before fsync": lambda passing: before(own_os(), "fsync", passing),
    "fsync, before acknowledgement": lambda passing: before(Ledger, "acknowledge", passing),
    "in acknowledgement, before commit": in_acknowledgement,
    "acknowledged": lambda passing: after(Ledger, "acknowledge", passing),
    "before any commit": lambda passing: before(DefaultDialect, "do_commit", passing),
    "after any commit": lambda passing: after(DefaultDialect, "do_commit", passing),
    "acknowledged, before sealing": sealing,
    "before rename": lambda passing: before(os, "rename", passing),
    "after rename": lambda passing: after(os, "rename", passing),
    "before fsync of the folder": lambda passing: before(os, "fsync", passing, is_folder),
    "after fsync of the folder": lambda passing: after(os, "fsync", passing, is_folder),
    "half compressed": half_compressed,
    "compressed, before unlink": lambda passing: before(os, "unlink", passing, PLAIN),
    "compressed, after unlink": lambda passing: after(os, "unlink", passing, PLAIN),
    "before the manifest": lambda passing: before(segments, "write_manifest", passing),
    "manifest under its temporary name": lambda passing: before(os, "rename", passing, MANIFEST_TEMPORARY),
    "sealed, before the ledger knows": lambda passing: before(archive_run, "mark_sealed", passing),
    "sealed, before the run's end": lambda passing: before(archive_run, "end_run", passing),
    "ledger half laid out": laying_out,
    "recovery, before each step": steps(before, recovery, "recover"),
    "recovery, after each step": steps(after, recovery, "recover"),
    "WARC, half a record written": lambda passing: half_written(passing, warc_writer),
    "WARC, before fsync": lambda passing: before(own_os(warc_writer), "fsync", passing),
    "WARC on the disk, before the lines": lambda passing: before(writer.SegmentWriter, "append", passing),
    "WARC acknowledged, before sealing": lambda passing: before(raw_pages, "seal_warc", passing),
    "WARC sealed, before the ledger knows": lambda passing: before(raw_pages, "mark_warc_sealed", passing),
    "WARC, sealing, before each step": steps(before, raw_pages, "seal_warc"),
    "WARC, sealing, after each step": steps(after, raw_pages, "seal_warc"),
    "WARC, recovery, before each step": steps(before, recovery, "recover_warcs"),
    "WARC, recovery, after each step": steps(after, recovery, "recover_warcs"),
    "compaction, half merged": half_merged,
    "compaction and export, before each step": steps(before, export.Command, "execute"),
    "compaction and export, after each step": steps(after, export.Command, "execute"),
    "rebuilding, before each commit": lambda passing: before(DefaultDialect, "do_commit", passing),
    "rebuilding, after each commit": lambda passing: after(DefaultDialect, "do_commit", passing),
    "rebuilding, before each step": steps(before, ledger.Command, "execute"),
    "rebuilding, after each step": steps(after, ledger.Command, "execute"),
}
"""By name, in the order in which a run comes to them."""
