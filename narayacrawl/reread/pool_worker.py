"""Read parts of WARC files in a process of its own, and pass on what is in them. No Scrapy."""

import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

from narayacrawl.archive.writer import segment_line
from narayacrawl.items import Article
from narayacrawl.reread.warc_file import BUFFER, WarcPart
from narayacrawl.reread.warc_frames import NoWarc, Span
from narayacrawl.reread.warc_records import Counted, Place

MAX_LINES: Final = 4 * 1024 * 1024
"""Bytes of lines that are gathered before they are passed on."""
MAX_SECONDS: Final = 1.0
"""Seconds after which it is passed on what there is."""
NOTHING: Final = -1
"""Noted while no page is being read."""
DIED: Final = "reader died"


@dataclass(frozen=True, slots=True)
class Damage:
    """A record, or a file, of which something is to be told."""

    path: str
    offset: int | None
    """None for what is said of the whole file."""
    reason: str

    def __str__(self) -> str:
        return f"{self.path}{'' if self.offset is None else f', byte {self.offset}'}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a file, for one process."""

    path: str
    span: Span
    begin: tuple[int, int] | None = None
    """The first record that is not read yet; None for the first one of the part."""
    skipped: frozenset[tuple[int, int]] = frozenset()
    """Records that have cost a process its life."""


@dataclass(slots=True)
class Read:
    """What was read of a part since the last time."""

    path: str
    first: int
    """Where the first record of the part begins."""
    position: int
    """Where the next one begins that is not read yet."""
    begin: tuple[int, int] | None
    """The first record that is not told of here, nor before."""
    lines: list[bytes] = field(default_factory=list)
    """The articles' records, as lines without their ends."""
    size: int = 0
    """Bytes of them."""
    counts: Counter[str] = field(default_factory=Counter)
    """How many records yield no article, by reason."""
    damages: list[Damage] = field(default_factory=list)
    is_whole: bool = False
    """True for the last of a part."""
    has_failed: bool = False
    """True if nothing more of the file can be read."""

    def add(self, offset: int, own: bytes | Counted) -> None:
        """Add what was read of the record at this byte."""
        if isinstance(own, bytes):
            self.lines.append(own)
            self.size += len(own)
            return
        self.counts[own.reason] += 1
        if own.why is not None:
            self.damages.append(Damage(self.path, offset, f"{own.reason}: {own.why}"))


def work(connection: Connection, noted: Any) -> None:  # noqa: ANN401 - an array in shared memory
    """Read part after part, until no more come; `noted` holds the place of the page that is being read."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal sends it to all; the pool ends them
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while True:
            for read in read_part(connection.recv(), noted):
                connection.send(read)


def read_part(part: Part, noted: Any) -> Iterator[Read]:  # noqa: ANN401
    """Read a part, and yield every now and then what was read of it."""

    def note(place: Place) -> None:
        noted[1] = place.number
        noted[0] = place.offset

    read = Read(part.path, part.span.start, part.span.start, part.begin)
    try:
        with Path(part.path).open("rb", buffering=BUFFER) as file:
            begin = Place(*part.begin) if part.begin else None
            skipped = frozenset(Place(*own) for own in part.skipped)
            warc = WarcPart(file, part.span, begin=begin, skipped=skipped, note=note)
            read = Read(part.path, warc.first, warc.position, part.begin)
            since = time.monotonic()
            for place, own in warc.read():
                noted[0] = NOTHING
                read.add(place.offset, _as_line(own, place))
                read.position, read.begin = warc.position, (place.offset, place.number + 1)
                if read.size >= MAX_LINES or time.monotonic() - since >= MAX_SECONDS:
                    yield read
                    read = Read(part.path, warc.first, warc.position, read.begin)
                    since = time.monotonic()
            read.position = warc.position
    except (OSError, NoWarc) as error:
        read.damages.append(Damage(part.path, None, (isinstance(error, OSError) and error.strerror) or str(error)))
        read.has_failed = True
    noted[0] = NOTHING
    read.is_whole = True
    yield read


def _as_line(own: Article | Counted, place: Place) -> bytes | Counted:
    """Return an article's record as a line without its end."""
    if isinstance(own, Counted):
        return own
    try:
        return segment_line(own)[:-1]
    except TypeError:  # half a surrogate pair
        return Counted("not encodable", place, "it cannot be written as UTF-8")
