"""What is wrong with the WARCs of a portal's folder, and with what the ledger says of them."""

import hashlib
import json
import sqlite3
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from narayacrawl.archive.segment_files import TEMPORARY
from narayacrawl.archive.warc import PART, WARC, read_warc_manifest, warc_folder


class Record(NamedTuple):
    """One record of a WARC."""

    kind: str
    id: str
    uri: str
    status: str
    content: bytes


class KeptLedger(NamedTuple):
    """What a ledger says of WARCs."""

    runs: list[tuple[int, str, int, int]]
    """(id, segment, warc, warc_sealed) of each run that keeps a WARC."""
    pages: list[tuple[Any, ...]]
    """(article, run, offset, uri, record, digest) of each kept page."""
    written: dict[int, str]
    """Address of each article that was written, by its id."""

    @classmethod
    def read(cls, connection: sqlite3.Connection) -> "KeptLedger":
        runs = connection.execute(
            "SELECT id, segment, warc, warc_sealed FROM runs WHERE warc IS NOT NULL ORDER BY id"
        ).fetchall()
        pages = connection.execute('SELECT article, run, "offset", uri, record, digest FROM pages').fetchall()
        written = dict(connection.execute("SELECT id, url FROM articles WHERE revision > 0").fetchall())
        return cls(runs, pages, written)


def records_of(content: bytes) -> dict[int, Record]:
    """The records of a WARC by where they begin. Raises `ValueError` for what `warcio check` would find."""
    found: dict[int, Record] = {}
    try:
        records = ArchiveIterator(BytesIO(content), check_digests="raise", verify_http=True)
        for record in records:
            told = record.rec_headers.get_header
            uri, content_of = told("WARC-Target-URI") or "", record.raw_stream.read()
            status = record.http_headers.get_statuscode() if record.http_headers else ""
            found[records.get_record_offset()] = Record(
                record.rec_type, told("WARC-Record-ID"), uri, status, content_of
            )
    except (ArchiveLoadFailed, EOFError) as error:
        raise ValueError(str(error)) from error
    return found


def wrong_with_warcs(folder: Path, ledger: KeptLedger, *, is_finished: bool) -> list[str]:
    """What is wrong after a kill, or after the last run."""
    wrong: list[str] = []
    files: dict[int, dict[int, Record]] = {}
    for run, name, size, sealed in ledger.runs:
        part, path = (warc_folder(folder) / f"{name}{ending}" for ending in (PART, WARC))
        content = next((file.read_bytes() for file in (part, path) if file.exists()), b"")
        if len(content) < size or (is_finished and len(content) != size):
            wrong.append(f"{name}: a WARC of {len(content)} bytes, {size} acknowledged")
        try:
            files[run] = records_of(content[:size])
        except ValueError as error:
            wrong.append(f"{name}: {error}")
            continue
        if is_finished and content:
            manifest = read_warc_manifest(folder, name)
            told = manifest and (manifest.records, manifest.bytes, manifest.sha256)
            if told != (len(files[run]), len(content), hashlib.sha256(content).hexdigest()):
                wrong.append(f"{name}: its WARC is not what its manifest says")
        if is_finished and not sealed:
            wrong.append(f"{name}: its WARC is not noted as sealed")
    for article, run, offset, uri, record, digest in ledger.pages:
        told_wrong = _wrong_with_page(files.get(run, {}), offset, uri, record, digest, ledger.written.get(article))
        wrong += [f"page of {ledger.written.get(article)}: {why}" for why in told_wrong]
    if lacking := ledger.written.keys() - {article for article, *_ in ledger.pages}:
        wrong.append(f"{len(lacking)} written articles whose page is not there")
    if is_finished:
        left = [path.name for path in warc_folder(folder).iterdir() if path.name.endswith((PART, TEMPORARY))]
        wrong += [f"left behind: {name}" for name in left]
    return wrong


def _wrong_with_page(
    records: dict[int, Record], offset: int, uri: str, record: str, digest: str, url: str | None
) -> list[str]:
    told = records.get(offset)
    if told is None or told.kind != "metadata":
        return [f"no metadata record at {offset}"]
    named = json.loads(told.content)
    pages = [records.get(page["offset"]) for page in named["pages"]]
    wrong = []
    if (named["url"], told.uri) != (url, f"urn:article:{url}"):
        wrong.append(f"{named['url']} in the record of {told.uri}")
    for place, page in zip(named["pages"], pages, strict=True):
        if page is None or (page.kind, page.status, page.id) != ("response", "200", place["id"]):
            wrong.append(f"no response {place}")
    first = pages[0]
    if first is not None and (first.uri, first.id) != (uri, record):
        wrong.append(f"{first.uri} {first.id} is not {uri} {record}")
    return wrong
