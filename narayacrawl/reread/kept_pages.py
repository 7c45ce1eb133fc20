"""Read from WARC files which articles they keep, and of each the answers that it was read from.

`narayacrawl.archive.warc` tells how the records of an article belong together. FastWARC reads them.
"""

import json
import os
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import IO, Any, Final

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from narayacrawl.archive.segment_files import PART_ENDING, ArchiveError, open_file
from narayacrawl.archive.warc_records import digest_of
from narayacrawl.reread.page_reader import MAX_REST_ANSWERS, KeptAnswer, KeptArticle
from narayacrawl.reread.reading import NotRead

MAX_RECORD: Final = 16 * 1024 * 1024
"""Bytes of a record that is read: an answer as it was sent is never larger."""
MAX_REMEMBERED: Final = 20_000
"""Answers whose place is remembered while a file is looked through: those of an article stand shortly before it."""
BROKEN: Final = "broken record"
ANSWERS: Final = WarcRecordType.response | WarcRecordType.metadata


@dataclass(frozen=True, slots=True)
class KeptPlace:
    """Where an article is kept: in which file, and where its `metadata` record begins there."""

    path: Path
    offset: int
    moved: tuple[tuple[str, int], ...] = ()
    """Ids and places of its answers, where they do not stand where the record says: the file was unpacked, or is made
    of several."""

    def __str__(self) -> str:
        return f"{self.path}:{self.offset}"


@dataclass(frozen=True, slots=True)
class KeptPages:
    """What a `metadata` record says: which article it is of, and where its answers are."""

    place: KeptPlace
    url: str
    id: int | None
    portal: str
    revision: int
    """Of the article's last line when they were kept."""
    fetched_at: str
    timezone: str | None
    base: str
    pages: tuple[tuple[str, int], ...] = field(repr=False)
    """Id and offset of each page's `response`."""
    rest: tuple[str, int] | None = field(repr=False)
    post: int | None


def find_kept(path: Path) -> Iterator[KeptPages | NotRead]:
    """Look through a WARC for the articles that it keeps, in order; what is broken is one `NotRead`. Raises `OSError`
    where the file cannot be opened."""
    answers: OrderedDict[str, int] = OrderedDict()
    with path.open("rb") as file:
        records = iter(ArchiveIterator(file, ANSWERS, parse_http=False))
        while True:
            try:
                record = next(records)
            except StopIteration:
                return
            except Exception as error:  # FastWARC's, of a file that ends or is no WARC: nothing can be read behind it
                yield NotRead(BROKEN, f"{path}: {error}")
                return
            if record.record_type == WarcRecordType.response:
                answers[record.record_id or ""] = record.stream_pos
                if len(answers) > MAX_REMEMBERED:
                    answers.popitem(last=False)
                continue
            place = KeptPlace(path, record.stream_pos)
            if record.headers.get("Content-Type") != "application/json":
                continue  # of another program
            try:
                kept = _parse(record, place)
            except NotRead as error:
                yield error
                continue
            named = [*kept.pages, *([kept.rest] if kept.rest else [])]
            if any(answers.get(own, offset) != offset for own, offset in named):
                moved = tuple((own, answers.get(own, offset)) for own, offset in named)
                kept = replace(kept, place=replace(place, moved=moved))
            yield kept


def read_kept_pages(place: KeptPlace) -> KeptPages:
    """Return what the record at a place says. Raises `NotRead`."""
    with _record_at(place.path, place.offset, WarcRecordType.metadata) as record:
        return _parse(record, place)


def read_kept_article(kept: KeptPages) -> KeptArticle:
    """Return an article with its answers. Raises `NotRead`."""
    path, moved = kept.place.path, dict(kept.place.moved)
    return KeptArticle(
        portal=kept.portal,
        url=kept.url,
        id=kept.id,
        fetched_at=kept.fetched_at,
        timezone=kept.timezone,
        base=kept.base,
        pages=[_read_answer(path, own, moved.get(own, offset)) for own, offset in kept.pages],
        rest=_read_rest(path, kept.rest[0], moved.get(*kept.rest)) if kept.rest else None,
        post=kept.post,
    )


def _parse(record: WarcRecord, place: KeptPlace) -> KeptPages:
    try:
        told: Any = json.loads(_content(record, place))
        rest = told["rest"]
        kept = KeptPages(
            place=place,
            url=told["url"],
            id=told["id"],
            portal=told["portal"],
            revision=told["revision"],
            fetched_at=told["fetched_at"],
            timezone=told["timezone"],
            base=told["base"],
            pages=tuple((own["id"], int(own["offset"])) for own in told["pages"]),
            rest=(rest["id"], int(rest["offset"])) if rest else None,
            post=rest["post"] if rest else None,
        )
        datetime.fromisoformat(kept.fetched_at).astimezone(UTC)
    except (ValueError, TypeError, KeyError) as error:
        raise NotRead(BROKEN, f"{place}: no record of an article ({error!r})") from error
    if not kept.pages:
        raise NotRead(BROKEN, f"{place}: it names no page")
    return kept


def _read_answer(path: Path, record_id: str, offset: int) -> KeptAnswer:
    place = KeptPlace(path, offset)
    with _record_at(path, offset, WarcRecordType.response) as record:
        if record.record_id != record_id:
            raise NotRead(BROKEN, f"{place}: another record than {record_id}")
        record.parse_http(max_header_len=MAX_RECORD)
        body = _payload(record, place)
        headers = [(name.lower(), value) for name, value in record.http_headers.items_bytes()]
    types = [value for name, value in headers if name == b"content-type"]
    return KeptAnswer(
        url=record.headers.get("WARC-Target-URI") or "",
        body=body,
        content_type=types[-1].decode("latin-1") if types else None,
        encodings=tuple(value for name, value in headers if name == b"content-encoding"),
    )


# Its answer tells of many articles, which are read one after the other.
_read_rest = lru_cache(MAX_REST_ANSWERS)(_read_answer)


@contextmanager
def _record_at(path: Path, offset: int, kind: WarcRecordType) -> Iterator[WarcRecord]:
    """Open the record of this kind that begins at an offset. Raises `NotRead` where none does, or it is broken."""
    try:
        with _opened(path) as file:
            file.seek(offset)
            record = next(iter(ArchiveIterator(file, parse_http=False)), None)
            if record is None or record.record_type != kind or record.stream_pos != offset:
                raise NotRead(BROKEN, f"{path}:{offset}: no {kind} record")
            yield record
    except FileNotFoundError as error:
        raise NotRead("missing WARC", f"no file {path}") from error
    except (OSError, ValueError, ArchiveError) as error:  # the disk's, a link, and FastWARC's own
        raise NotRead(BROKEN, f"{path}:{offset}: {error}") from error


def _opened(path: Path) -> IO[bytes]:
    """Open a file of the archive; one that was sealed meanwhile has another name."""
    try:
        return os.fdopen(open_file(path), "rb")
    except FileNotFoundError:
        return os.fdopen(open_file(path.with_name(path.name.removesuffix(PART_ENDING))), "rb")


def _payload(record: WarcRecord, place: KeptPlace) -> bytes:
    """Return the body of an answer, whole as it was kept. Raises `NotRead`."""
    body = _content(record, place)
    told = record.headers.get("WARC-Payload-Digest") or ""
    if told.startswith("sha1:") and told != digest_of(body):
        raise NotRead(BROKEN, f"{place}: its digest is another")
    return body


def _content(record: WarcRecord, place: KeptPlace) -> bytes:
    length = record.content_length
    if length > MAX_RECORD:
        raise NotRead(BROKEN, f"{place}: {length:,} bytes, no more than {MAX_RECORD:,} are read")
    content = record.reader.read()
    if len(content) != length:
        raise NotRead(BROKEN, f"{place}: {len(content):,} bytes where it says {length:,}")
    return content
