"""Read the records of a WARC file that may be pages, whoever wrote it; FastWARC reads each. No Scrapy."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO, ClassVar, Final, NamedTuple, cast

from fastwarc.warc import ArchiveIterator, WarcRecordType

from narayacrawl.reread.warc_frames import MAX_HEADER, Broken, Frame, Frames

MAX_RECORD: Final = 16 * 1024 * 1024
"""Bytes of a record that is read: a page may have a third of it when it is unpacked."""
PAGES: Final = int(WarcRecordType.response) | int(WarcRecordType.resource)
BROKEN: Final = "broken record"


class Place(NamedTuple):
    """Where a record stands: the byte where its frame begins, and how many records stand before it in that."""

    offset: int
    number: int = 0


@dataclass(frozen=True, slots=True)
class RawPage:
    """A record that may be a page, as it stands in the file."""

    place: Place
    uri: str
    date: str | None
    content_type: str
    """Of the record: `application/http` where an answer stands in it, with its header."""
    content: bytes = field(repr=False)
    is_response: bool = True
    """False for a `resource`, which is the page itself."""
    is_broken: ClassVar[bool] = False


@dataclass(frozen=True, slots=True)
class Counted:
    """A record that yields no article."""

    reason: str
    """What it is counted under: `request record`, `no HTML`, `broken record`."""
    place: Place
    why: str | None = None
    """Of one that is damaged, in one line."""

    @property
    def is_broken(self) -> bool:
        """True if it does not stand in the file as it should."""
        return self.reason == BROKEN


def read_records(frames: Frames, pass_over: Callable[[Place], bool]) -> Iterator[RawPage | Counted]:
    """Read all records, in order; those that are passed over are not there.

    FastWARC goes through gzip members by itself, twice as fast, as long as all is well; where it is not, or the last
    record may not be whole, that frame is read alone.
    """
    while frames.position < frames.end:
        if frames.is_gzip:
            yield from _read_members(frames, pass_over)
        if frames.position < frames.end:
            for frame in frames.next():
                if isinstance(frame, Broken):
                    yield Counted(BROKEN, Place(frame.offset), frame.fault)
                else:
                    yield from _read_frame(frame, pass_over)


def _read_members(frames: Frames, pass_over: Callable[[Place], bool]) -> Iterator[RawPage | Counted]:
    """Read the records of gzip members of one each, up to the first one that is to be read alone, which is the position
    then.

    Each is held back until another one begins behind it: then it is whole.
    """
    held: RawPage | Counted | None = None
    frames.file.seek(frames.position)
    try:
        for record in ArchiveIterator(cast("BinaryIO", frames.file), parse_http=False, max_header_len=MAX_HEADER):
            place = Place(record.stream_pos)
            if not frames.is_member(place.offset):  # a member holds more than one record
                return
            frames.position = place.offset
            if held is not None:
                yield held
            if place.offset >= frames.end or record.content_length > MAX_RECORD:
                return
            held = None if pass_over(place) else _read_record(record, place)
            if held is not None and held.is_broken:
                return
    except OSError:
        return


def _read_frame(frame: Frame, pass_over: Callable[[Place], bool]) -> Iterator[RawPage | Counted]:
    """Read the records of a frame. Each is held back until what follows shows that it is whole."""
    held: RawPage | Counted | None = None
    place = Place(frame.offset)
    try:
        for number, record in enumerate(
            ArchiveIterator(cast("BinaryIO", frame), parse_http=False, max_header_len=MAX_HEADER)
        ):
            if held is not None:
                yield held
            held, place = None, Place(frame.offset, number)
            if not pass_over(place):
                held = _read_record(record, place)
    except OSError as error:
        fault = frame.fault or ("its length is wrong, or what follows it is no record" if held else str(error))
        held = Counted(BROKEN, place, fault)
    if frame.fault:
        held = Counted(BROKEN, place, frame.fault)
    if held is not None:
        yield held


def _read_record(record: Any, place: Place) -> RawPage | Counted:  # noqa: ANN401 - FastWARC's
    kind, headers = record.record_type, record.headers
    if not int(kind) & PAGES:
        return Counted(f"{kind} record", place)
    if headers.get("WARC-Truncated"):
        return Counted("truncated when it was kept", place)
    length = record.content_length
    if length > MAX_RECORD:
        return Counted("too large", place, f"{length:,} bytes: no more than {MAX_RECORD:,} are read")
    content = record.reader.read(length) if length else b""
    if len(content) < length:
        return Counted(BROKEN, place, f"{len(content):,} bytes where it says {length:,}")
    return RawPage(
        place=place,
        uri=(headers.get("WARC-Target-URI") or "").strip().strip("<>"),
        date=headers.get("WARC-Date"),
        content_type=(headers.get("Content-Type") or "").lower(),
        content=content,
        is_response=kind == WarcRecordType.response,
    )
