"""Select the lines of an archive that are exported: the last revision of each article, or each revision once.

Articles are distinguished by the portal's id, or by address if a record has none. Memory holds no record, only a
number for each article and a byte for each line.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, Final

import orjson

from narayacrawl.archive.reader import Segment, SegmentGone
from narayacrawl.archive.segment_files import ArchiveError

REVISION_BITS: Final = 24
POSITION_BITS: Final = 40
POSITION_MASK: Final = (1 << POSITION_BITS) - 1


@dataclass(frozen=True, slots=True)
class Selection:
    """The selected lines of a list of segments."""

    segments: Sequence[Segment]
    starts: Sequence[int]
    """Position of each segment's first line among all lines."""
    selected: bytearray
    """One byte for each line, in order: 1 if it is selected."""
    count: int
    """How many lines are selected."""

    def lines(self) -> Iterator[bytes]:
        """Yield the selected lines, without line ends, in the archive's order.

        Raises `SegmentGone` if a segment changed since the selection, `ArchiveError` if it is damaged.
        """
        bounds = pairwise((*self.starts, len(self.selected)))
        for segment, (start, end) in zip(self.segments, bounds, strict=True):
            if self.selected.find(1, start, end) < 0:
                continue
            position = start
            for position, line in enumerate(segment.lines(), start + 1):
                if position > end:
                    break
                if self.selected[position - 1]:
                    yield line
            if position != end:
                raise SegmentGone(str(segment.path))


def select_lines(
    segments: Sequence[Segment],
    *,
    since: date | None = None,
    until: date | None = None,
    all_revisions: bool = False,
    includes_rereads: bool = True,
    show: Callable[[Sequence[Segment]], Iterable[Segment]] = iter,
) -> Selection:
    """Select the last revision of each article, if it was published between two days, both included, by its local date.

    Of several lines with the same revision the last one is selected. With `all_revisions` every revision published then
    is selected. Without `includes_rereads` those that better rules made are passed over, as if they were not there.
    `show` passes the segments on and sees how far it is. Raises `ArchiveError`, which names file and line, if a line is
    not a record.
    """
    first_day, last_day = str(since or ""), str(until or "9")
    latest: dict[int, int] = {}
    selected = bytearray()
    starts = []
    for segment in show(segments):
        starts.append(len(selected))
        for record in _records(segment):
            revision: int = record["revision"]
            if not includes_rereads and record.get("change") == "reread":
                selected.append(False)
                continue
            article = article_number(record)
            key = article << REVISION_BITS | revision if all_revisions else article
            version = revision << POSITION_BITS | len(selected)
            if version > latest.get(key, -1):
                latest[key] = version
            day = (record["date"] or "")[:10]
            selected.append(first_day <= day <= last_day and (day != "" or since is until is None))
    is_published_then = bytes(selected)
    selected[:] = bytes(len(selected))
    count = 0
    for version in latest.values():
        position = version & POSITION_MASK
        selected[position] = is_published_then[position]
        count += is_published_then[position]
    return Selection(segments, starts, selected, count)


def article_number(record: dict[str, Any]) -> int:
    """Return a number that identifies the article: its id, or a negative one from 127 bits of its address' hash."""
    if record["id"] is not None:
        return int(record["id"])
    return -1 - (int.from_bytes(hashlib.blake2b(record["url"].encode(), digest_size=16).digest()) >> 1)


def _records(segment: Segment) -> Iterable[dict[str, Any]]:
    for number, line in enumerate(segment.lines(), 1):
        yield read_record(line, f"{segment.path}:{number}")


def read_record(line: bytes, place: str) -> dict[str, Any]:
    """Return the record of a line; raise `ArchiveError`, which names `place`, if it is not one."""
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
