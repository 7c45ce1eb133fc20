"""What the segments of a portal hold, every line read once and held against the ledger; what is damaged is told."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection

from narayacrawl.archive.manifest import file_sha256, read_manifest
from narayacrawl.archive.reader import list_segments, refuse_unknown_segments
from narayacrawl.archive.segment_files import PART, ArchiveError, read_lines
from narayacrawl.archive.segments import missing
from narayacrawl.archive.selection import read_record
from narayacrawl.items import digest as digest_of
from narayacrawl.language.english import counted
from narayacrawl.ledger import discovery
from narayacrawl.ledger.database import transaction
from narayacrawl.ledger.discovered import DiscoveredArticle
from narayacrawl.ledger.discovery import QUERY_BATCH
from narayacrawl.ledger.runs import segments_of
from narayacrawl.ledger.tables import articles
from narayacrawl.urls import key

_COLUMNS: Final = (articles.c.id, articles.c.post_id, articles.c.revision, articles.c.hash)


@dataclass(frozen=True, slots=True)
class Damage:
    """A segment, or a line of it, that is not what was written."""

    segment: str
    """Its name."""
    path: Path | None
    """Its file; None where there is none."""
    place: str
    """`FILE` or `FILE:LINE`."""
    why: str


@dataclass(slots=True)
class UnknownArticle:
    """An article of the archive that the ledger does not know."""

    url: str
    id: int | None
    revision: int
    """The highest there is."""
    is_named: bool = False
    """Whether a source names it."""


@dataclass(slots=True)
class ArchiveContent:
    """What the segments hold."""

    revisions: dict[int, int] = field(default_factory=dict)
    """The highest revision of each article, by its id in the ledger."""
    older: dict[int, int] = field(default_factory=dict)
    """How many lines each has of the revisions before its last."""
    altered: dict[int, str] = field(default_factory=dict)
    """Where the last revision of an article is another than the one that was written."""
    strays: list[UnknownArticle] = field(default_factory=list)
    damages: list[Damage] = field(default_factory=list)
    _by_post: dict[int, UnknownArticle] = field(default_factory=dict)
    _by_key: dict[str, UnknownArticle] = field(default_factory=dict)

    def stray(self, url: str, post_id: int | None) -> UnknownArticle | None:
        """The article with this id, or with this address, among those that the ledger does not know."""
        if post_id is not None and post_id in self._by_post:
            return self._by_post[post_id]
        there = self._by_key.get(key(url))
        return there if there is None or None in (post_id, there.id) else None

    def note_stray(self, record: dict[str, Any]) -> None:
        """Note a line of an article that the ledger does not know."""
        url, post_id, revision = record["url"], record["id"], record["revision"]
        own = self.stray(url, post_id)
        if own is None:
            own = UnknownArticle(url, post_id, revision)
            self.strays.append(own)
        if revision >= own.revision:
            own.url, own.revision = url, revision
        own.id = own.id if post_id is None else post_id
        self._by_key[key(url)] = own
        if own.id is not None:
            self._by_post[own.id] = own


def check_archive(connection: Connection, portal: str, folder: Path) -> ArchiveContent:
    """Read the segments of a portal that is not crawled meanwhile. `LedgerError` where they are another ledger's."""
    refuse_unknown_segments(connection, portal, folder)
    known = {row.segment: row.acknowledged for row in segments_of(connection, portal) if row.acknowledged}
    names = list_segments(folder)
    found = ArchiveContent()
    for name in missing(folder, list(known)):
        if name not in names:
            found.damages.append(Damage(name, None, str(folder / name), "this segment is not there"))
    for name, path in names.items():
        size = known.get(name, 0) if path.name.endswith(PART) else None
        before, count = len(found.damages), 0
        records = numbered_records(path, size, found.damages, name)
        while lines := list(islice(records, QUERY_BATCH)):
            _hold(connection, portal, path, lines, found)
            count = lines[-1][0]
        if len(found.damages) == before and (why := _disagreement(folder, name, path, size, count)):
            found.damages.append(Damage(name, path, str(path), why))
    return found


def numbered_records(
    path: Path, size: int | None, damages: list[Damage], name: str = ""
) -> Iterator[tuple[int, bytes, dict[str, Any]]]:
    """The lines of a segment that are records, with their numbers; of all else `damages` are told."""
    number = 0
    try:
        for number, line in enumerate(read_lines(path, size), 1):
            try:
                record = _record(line)
            except (ArchiveError, ValueError, TypeError, KeyError):
                damages.append(Damage(name, path, f"{path}:{number}", "not a record"))
            else:
                yield number, line, record
    except (ArchiveError, OSError) as error:
        why = str(error).removeprefix(f"{path}:").partition(": ")[2] or str(error)
        damages.append(Damage(name, path, f"{path}:{number + 1}", why))


def _record(line: bytes) -> dict[str, Any]:
    """What a line holds; raises where a crawl would not have written it."""
    record = read_record(line, "")
    datetime.fromisoformat(record["date"])
    datetime.fromisoformat(record["fetched_at"])
    key(record["url"])
    digest_of(record["title"], record["date"], record["body"])
    return record | {"id": record["id"], "modified": record["modified"]}


def _hold(
    connection: Connection,
    portal: str,
    path: Path,
    lines: Sequence[tuple[int, bytes, dict[str, Any]]],
    found: ArchiveContent,
) -> None:
    """Hold some lines against what the ledger knows of their articles."""
    named = [DiscoveredArticle(record["url"], record["id"]) for _, _, record in lines]
    with transaction(connection):
        keys, posts = discovery.find_known(connection, portal, named, _COLUMNS)
    for (number, _, record), one in zip(lines, named, strict=True):
        own = discovery.match_known(one, keys, posts)
        if own is None:
            found.note_stray(record)
            continue
        revision = record["revision"]
        found.revisions[own.id] = max(revision, found.revisions.get(own.id, 0))
        if revision < own.revision:
            found.older[own.id] = found.older.get(own.id, 0) + 1
        is_last = own.hash is not None and revision == own.revision
        if is_last and digest_of(record["title"], record["date"], record["body"]) != own.hash:
            found.altered[own.id] = f"{path}:{number}"


def _disagreement(folder: Path, name: str, path: Path, size: int | None, count: int) -> str | None:
    """How a segment of so many lines differs from what is known of it; None where it does not."""
    if size is not None:
        there = path.stat().st_size
        return f"{there} bytes, {size} were acknowledged" if there < size else None
    try:
        manifest = read_manifest(folder, name)
    except ArchiveError:
        return "its manifest is none"
    if manifest is None:
        return None
    if count != manifest.count:
        return f"{counted(count, 'line')}, {manifest.count} were sealed"
    if path.name == manifest.segment and file_sha256(path) != manifest.sha256:
        return "not what was sealed: its SHA-256 is another than its manifest tells"
    return None
