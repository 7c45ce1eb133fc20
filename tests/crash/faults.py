"""What goes wrong around a crawl: in the crawl's own process (functions that change it), or on the disk."""

import errno
import os
import resource
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, tzinfo
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, Self

import pytest
from scrapy.utils.misc import load_object

from narayacrawl.archive import run as archive_run
from narayacrawl.archive import segments, warc_writer, writer
from narayacrawl.archive.writer import SegmentWriter
from narayacrawl.ledger import database
from narayacrawl.ledger.ledger import Ledger
from tests.crash.points import own_os

# In the crawl's process


def limit_files(size: int) -> None:
    """No file grows beyond so many bytes."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def limit_segment(size: int) -> None:
    """The segment does not grow beyond so many bytes."""
    own = own_os()

    def write(descriptor: int, data: bytes) -> int:
        _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, most))
        try:
            return os.write(descriptor, data)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

    own.write = write


def tear_a_write(time: int, module: ModuleType = writer) -> None:
    """The N-th batch is written half; after that there is room again."""
    own, count = own_os(module), 0

    def write(descriptor: int, data: bytes) -> int:
        nonlocal count
        count += 1
        if count == time:
            os.write(descriptor, data[: len(data) // 2])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return os.write(descriptor, data)

    own.write = write


def tear_a_record(time: int) -> None:
    """The N-th record of the WARC is written half; after that there is room again."""
    tear_a_write(time, warc_writer)


def refuse_a_sync(time: int) -> None:
    """The WARC is not brought to the disk for the N-th batch."""
    own, count = own_os(warc_writer), 0

    def fsync(descriptor: int) -> None:
        nonlocal count
        count += 1
        if count == time:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        os.fsync(descriptor)

    own.fsync = fsync


def refuse_an_acknowledgement(time: int) -> None:
    """The N-th batch is not acknowledged; those after it are."""
    acknowledge, count = Ledger.acknowledge, 0

    def acknowledging(*args: Any) -> None:
        nonlocal count
        count += 1
        if count == time:
            raise database.LedgerError("ledger: refused")
        acknowledge(*args)

    setattr(Ledger, "acknowledge", acknowledging)  # noqa: B010


def break_a_batch(time: int) -> None:
    """The N-th batch raises what nobody expects."""
    write, count = SegmentWriter.append, 0

    def writing(*args: Any) -> int:
        nonlocal count
        count += 1
        if count == time:
            raise TypeError("no JSON")
        return write(*args)

    setattr(SegmentWriter, "append", writing)  # noqa: B010


def fill_disk_when_sealing() -> None:
    def full(path: Path, *_: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    setattr(segments, "write_manifest", full)  # noqa: B010 - mypy knows the function's type


def be_impatient() -> None:
    """Wait for nobody who holds the ledger."""
    setattr(database, "LOCK_TIMEOUT", 0.01)  # noqa: B010 - it is final


def lock_ledger_at(function_name: str, time: int, ledger: Path) -> None:
    """Let somebody else hold the ledger from the N-th call of a function on, which is told by its dotted path."""
    be_impatient()
    path, _, name = function_name.rpartition(".")
    owner = load_object(path) if path.rpartition(".")[2][0].isupper() else import_module(path)
    function: Callable[..., Any] = getattr(owner, name)
    calls: list[object] = []

    def called(*args: Any, **kwargs: Any) -> Any:
        calls.append(sqlite3.connect(ledger, isolation_level=None) if len(calls) == time - 1 else None)
        if isinstance(other := calls[-1], sqlite3.Connection):
            other.execute("BEGIN EXCLUSIVE")
        return function(*args, **kwargs)

    setattr(owner, name, called)


def set_clock(by: timedelta) -> None:
    """Let the crawl's clock tell another time."""

    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            told = datetime.now(tz) + by
            return cls.combine(told.date(), told.timetz())

    for module in (archive_run, database):
        setattr(module, "datetime", Clock)  # noqa: B010


# On the disk


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Callable[[str], None]]:
    """A disk of this size at a folder; what it gives mounts it again with other options. Where none can be made, the
    test is skipped."""
    folder.mkdir()
    mount = shutil.which("mount")
    told = mount and subprocess.run(
        [mount, "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], capture_output=True, check=False
    )
    if not told or told.returncode:
        pytest.skip("no disk can be mounted here")

    def mount_again(options: str) -> None:
        subprocess.run(["mount", "-o", f"remount,{options}", folder], check=True)

    try:
        yield mount_again
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)
