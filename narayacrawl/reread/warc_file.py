"""Read the articles of a WARC file, whoever wrote it: what a process pool and a cluster share. No Scrapy."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from narayacrawl.items import Article
from narayacrawl.reread.foreign_page import read_raw_page
from narayacrawl.reread.reading import NotRead
from narayacrawl.reread.warc_frames import Frames, Span
from narayacrawl.reread.warc_records import Counted, Place, RawPage, read_records

DAMAGED: frozenset[str] = frozenset(
    {"broken record", "malformed HTTP", "body not whole", "too large", "not readable", "too slow"}
)
"""Reasons that are told with the record's place."""
BUFFER = 256 * 1024


def read_file(path: str | os.PathLike[str]) -> Iterator[Article | Counted]:
    """Read all records of a WARC file, in order: each is an article, or counted by a reason.

    Raises `NoWarc` for another file, `OSError` for one that cannot be read.
    """
    with Path(path).open("rb", buffering=BUFFER) as file:
        for _, read in WarcPart(file, Span()).read():
            yield read


class WarcPart:
    """Reads the records that begin in a part of a WARC file; those in `skipped` cost their reader's life, and those
    before `begin` are read already.

    `note` is told of each before its page is read.
    """

    def __init__(
        self,
        file: IO[bytes],
        span: Span,
        *,
        begin: Place | None = None,
        skipped: frozenset[Place] = frozenset(),
        note: Callable[[Place], object] | None = None,
    ) -> None:
        file.seek(0, os.SEEK_END)
        self._frames = Frames(file, file.tell(), span)
        self._begin, self._skipped, self._note = begin, skipped, note

    @property
    def first(self) -> int:
        """Where the first record begins."""
        return self._frames.first

    @property
    def position(self) -> int:
        """Where the next record begins that is not read yet."""
        return self._frames.position

    def read(self) -> Iterator[tuple[Place, Article | Counted]]:
        begin = self._begin
        for record in read_records(self._frames, lambda place: begin is not None and place < begin):
            if isinstance(record, Counted):
                yield record.place, record
            elif record.place in self._skipped:
                yield record.place, Counted("reader died", record.place, "the process that read it died")
            else:
                if self._note is not None:
                    self._note(record.place)
                yield record.place, self._article(record)

    @staticmethod
    def _article(raw: RawPage) -> Article | Counted:
        try:
            return read_raw_page(raw)
        except NotRead as error:
            return Counted(error.reason, raw.place, str(error) if error.reason in DAMAGED else None)
        except Exception as error:  # of one page, whatever it is: all others are read
            return Counted("not readable", raw.place, f"{type(error).__name__}: {error}")
