"""Check the segments of a portal: read each line once, compare it with the ledger, and collect what is damaged."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, Final, TypeAlias

from sqlalchemy import Connection

from narayacrawl.archive.listing import Listing
from narayacrawl.archive.manifest import file_sha256, read_manifest
from narayacrawl.archive.reader import list_segments, refuse_unknown_segments
from narayacrawl.archive.segment_files import PART, ArchiveError, read_lines
from narayacrawl.archive.segments import missing
from narayacrawl.archive.selection import read_record
from narayacrawl.audit.image_check import ImageCheck
from narayacrawl.audit.page_check import PageCheck
from narayacrawl.items import digest as digest_of
from narayacrawl.language.english import counted
from narayacrawl.ledger import discovery
from narayacrawl.ledger.database import transaction
from narayacrawl.ledger.discovered import DiscoveredArticle
from narayacrawl.ledger.discovery import QUERY_BATCH
from narayacrawl.ledger.runs import segments_of
from narayacrawl.ledger.tables import articles
from narayacrawl.urls import key

NamedSegment: TypeAlias = tuple[str, Path]
"""A segment's name and its file."""

_COLUMNS: Final = (articles.c.id, articles.c.post_id, articles.c.revision, articles.c.hash, articles.c.state)


@dataclass(frozen=True, slots=True)
class Damage:
    """A segment, or one line of it, that is not as it was written."""

    segment: str
    """The segment's name."""
    path: Path | None
    """The segment's file; None if it does not exist."""
    place: str
    """`FILE` or `FILE:LINE`."""
    reason: str


@dataclass(slots=True)
class UnknownArticle:
    """An article of the archive that the ledger does not know."""

    url: str
    id: int | None
    revision: int
    """Its highest revision."""
    is_listed: bool = False
    """True if a source lists it."""


@dataclass(slots=True)
class ArchiveContent:
    """What a portal's segments hold."""

    revisions: dict[int, int] = field(default_factory=dict)
    """The highest revision of each article, by its id in the ledger."""
    lengths: dict[int, int] = field(default_factory=dict)
    """How many characters the body of each article's last revision has, where the ledger knows that revision."""
    former_lengths: dict[int, int] = field(default_factory=dict)
    """The most characters that the body of any revision before it has."""
    older_lines: dict[int, int] = field(default_factory=dict)
    """How many lines each article has of revisions before the one that the ledger knows."""
    altered: dict[int, str] = field(default_factory=dict)
    """`FILE:LINE` of an article's last revision, if its hash differs from the one in the ledger."""
    unknown_articles: list[UnknownArticle] = field(default_factory=list)
    damages: list[Damage] = field(default_factory=list)
    images: ImageCheck | None = None
    """What the articles' images lack; None where none are kept."""
    pages: PageCheck | None = None
    """What the kept pages lack; None where none are kept."""
    _by_id: dict[int, UnknownArticle] = field(default_factory=dict)
    _by_key: dict[str, UnknownArticle] = field(default_factory=dict)

    def find_unknown(self, url: str, post_id: int | None) -> UnknownArticle | None:
        """Return the unknown article with this id, or else with this address; None if there is none."""
        if post_id is not None and post_id in self._by_id:
            return self._by_id[post_id]
        at_address = self._by_key.get(key(url))
        return at_address if at_address is None or None in (post_id, at_address.id) else None

    def add_unknown(self, record: dict[str, Any]) -> None:
        """Record a line of an article that the ledger does not know."""
        url, post_id, revision = record["url"], record["id"], record["revision"]
        article = self.find_unknown(url, post_id)
        if article is None:
            article = UnknownArticle(url, post_id, revision)
            self.unknown_articles.append(article)
        if revision >= article.revision:
            article.url, article.revision = url, revision
        article.id = article.id if post_id is None else post_id
        self._by_key[key(url)] = article
        if article.id is not None:
            self._by_id[article.id] = article


def check_archive(
    connection: Connection,
    portal: str,
    folder: Path,
    images: ImageCheck | None = None,
    pages: PageCheck | None = None,
    show: Callable[[Sequence[NamedSegment]], Iterable[NamedSegment]] = iter,
) -> ArchiveContent:
    """Read the segments of a portal while no run of it is going on, and look for the images and the kept pages, whose
    files were read before, of what they hold; raise `LedgerError` if they are another ledger's. `show` passes the
    segments on and sees how far it is."""
    listing, runs = Listing(folder), segments_of(connection, portal)
    refuse_unknown_segments(connection, portal, listing, {row.segment for row in runs})
    acknowledged = {row.segment: row.acknowledged for row in runs if row.acknowledged}
    segments = list_segments(folder)
    archived = ArchiveContent(images=images, pages=pages)
    for name in missing(folder, acknowledged, listing):
        if name not in segments:
            archived.damages.append(Damage(name, None, str(folder / name), "this segment is not there"))
    for name, path in show(list(segments.items())):
        size = acknowledged.get(name, 0) if path.name.endswith(PART) else None
        damages_before, count = len(archived.damages), 0
        records = numbered_records(path, size, archived.damages, name)
        while lines := list(islice(records, QUERY_BATCH)):
            _compare_lines(connection, portal, name, path, lines, archived)
            count = lines[-1][0]
        is_intact = len(archived.damages) == damages_before
        if is_intact and (reason := _manifest_mismatch(folder, name, path, size, count)):
            archived.damages.append(Damage(name, path, str(path), reason))
    if pages:
        pages.check_rows()
    return archived


def numbered_records(
    path: Path, size: int | None, damages: list[Damage], name: str = ""
) -> Iterator[tuple[int, bytes, dict[str, Any]]]:
    """Yield number, line and record of each readable line of a segment; append a `Damage` for each other one."""
    number = 0
    try:
        for number, line in enumerate(read_lines(path, size), 1):
            try:
                record = _valid_record(line)
            except (ArchiveError, ValueError, TypeError, KeyError):
                damages.append(Damage(name, path, f"{path}:{number}", "not a record"))
            else:
                yield number, line, record
    except (ArchiveError, OSError) as error:
        reason = str(error).removeprefix(f"{path}:").partition(": ")[2] or str(error)
        damages.append(Damage(name, path, f"{path}:{number + 1}", reason))


def _valid_record(line: bytes) -> dict[str, Any]:
    """Return the record of a line; raise if it is not one that a crawl can have written."""
    record = read_record(line, "")
    datetime.fromisoformat(record["date"])
    datetime.fromisoformat(record["fetched_at"])
    key(record["url"])
    digest_of(record["title"], record["date"], record["body"])
    return record | {"id": record["id"], "modified": record["modified"]}


def _compare_lines(
    connection: Connection,
    portal: str,
    name: str,
    path: Path,
    lines: Sequence[tuple[int, bytes, dict[str, Any]]],
    archived: ArchiveContent,
) -> None:
    """Compare lines of a segment with what the ledger knows of their articles."""
    discovered = [DiscoveredArticle(record["url"], record["id"]) for _, _, record in lines]
    with transaction(connection):
        by_key, by_id = discovery.find_known(connection, portal, discovered, _COLUMNS)
    for (number, _, record), article in zip(lines, discovered, strict=True):
        known = discovery.match_known(article, by_key, by_id)
        if known is None:
            archived.add_unknown(record)
            continue
        revision = record["revision"]
        archived.revisions[known.id] = max(revision, archived.revisions.get(known.id, 0))
        if archived.pages:
            archived.pages.check_line(name, known.id, record)
        length = len(record["body"])
        if revision < known.revision:
            archived.older_lines[known.id] = archived.older_lines.get(known.id, 0) + 1
            archived.former_lengths[known.id] = max(length, archived.former_lengths.get(known.id, 0))
        elif revision == known.revision:
            archived.lengths[known.id] = length
            if archived.images and known.state == "done":
                archived.images.check(known.id, record["url"], record.get("images") or [])
        is_last = known.hash is not None and revision == known.revision
        if is_last and digest_of(record["title"], record["date"], record["body"]) != known.hash:
            archived.altered[known.id] = f"{path}:{number}"


def _manifest_mismatch(folder: Path, name: str, path: Path, size: int | None, count: int) -> str | None:
    """Return how a segment of `count` lines differs from its manifest, or if unsealed from its acknowledged size; None
    if it does not."""
    if size is not None:
        actual_size = path.stat().st_size
        return f"{actual_size} bytes, {size} were acknowledged" if actual_size < size else None
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
