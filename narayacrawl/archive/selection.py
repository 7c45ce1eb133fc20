"""Which lines of an archive are exported: the last revision of each article, or each revision once.

An article is known by the portal's own id, by its address where it has none. Nothing of a record is kept in memory but
that: a number for each article, a byte for each line.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, Final

import orjson

from narayacrawl.archive.reader import Segment, SegmentGone
from narayacrawl.archive.segment_files import ArchiveError

REVISION_BITS: Final = 24
PLACE_BITS: Final = 40
PLACE: Final = (1 << PLACE_BITS) - 1


@dataclass(frozen=True, slots=True)
class Selection:
    """The chosen lines of a list of segments."""

    segments: Sequence[Segment]
    starts: Sequence[int]
    """The place of each segment's first line among all lines."""
    chosen: bytearray
    """1 for each line that is chosen, in order."""
    count: int

    def lines(self) -> Iterator[bytes]:
        """The chosen lines, without their ends, in the archive's order. `ArchiveError`, `SegmentGone`."""
        bounds = pairwise((*self.starts, len(self.chosen)))
        for segment, (start, end) in zip(self.segments, bounds, strict=True):
            if self.chosen.find(1, start, end) < 0:
                continue
            place = start
            for place, line in enumerate(segment.lines(), start + 1):
                if place > end:
                    break
                if self.chosen[place - 1]:
                    yield line
            if place != end:
                raise SegmentGone(str(segment.path))


def select_lines(
    segments: Sequence[Segment],
    *,
    since: date | None = None,
    until: date | None = None,
    all_revisions: bool = False,
) -> Selection:
    """Choose each article's last revision, of equals the one that stands last; of all articles whose last revision was
    published between two days, which are included, by its own local date.

    With `all_revisions` every revision is chosen that was published then. `ArchiveError` names file and line of what
    is no record.
    """
    first_day, last_day = str(since or ""), str(until or "9")
    last: dict[int, int] = {}
    chosen = bytearray()
    starts = []
    for segment in segments:
        starts.append(len(chosen))
        for record in _records(segment):
            revision: int = record["revision"]
            article = article_number(record)
            key = article << REVISION_BITS | revision if all_revisions else article
            version = revision << PLACE_BITS | len(chosen)
            if version > last.get(key, -1):
                last[key] = version
            day = (record["date"] or "")[:10]
            chosen.append(first_day <= day <= last_day and (day != "" or since is until is None))
    is_within = bytes(chosen)
    chosen[:] = bytes(len(chosen))
    count = 0
    for version in last.values():
        place = version & PLACE
        chosen[place] = is_within[place]
        count += is_within[place]
    return Selection(segments, starts, chosen, count)


def article_number(record: dict[str, Any]) -> int:
    """A number that stands for the article: its id, or below zero 127 bits of its address' hash."""
    if record["id"] is not None:
        return int(record["id"])
    return -1 - (int.from_bytes(hashlib.blake2b(record["url"].encode(), digest_size=16).digest()) >> 1)


def _records(segment: Segment) -> Iterable[dict[str, Any]]:
    for number, line in enumerate(segment.lines(), 1):
        yield read_record(line, f"{segment.path}:{number}")


def read_record(line: bytes, place: str) -> dict[str, Any]:
    """The record that a line holds; `ArchiveError` that names its place where it is none."""
    try:
        record = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise ArchiveError(f"{place}: not a record ({error})") from error
    if not _is_record(record):
        raise ArchiveError(f"{place}: not a record")
    assert isinstance(record, dict)
    return record


def _is_record(record: Any) -> bool:
    return (
        isinstance(record, dict)
        and isinstance(record.get("url"), str)
        and isinstance(record.get("id", ""), int | None)
        and isinstance(record.get("date", 0), str | None)
        and isinstance(record.get("revision"), int)
        and 0 <= record["revision"] < 1 << REVISION_BITS
    )
