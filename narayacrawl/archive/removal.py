"""Remove one article from an archive and its ledger for good.

In this order, each step on the disk before the next: the search index is deleted; the tombstone beside the segments is
written, which every reader obeys; the tombstone in the ledger; then each segment with a line of the article is written
anew under another name without it, and its manifest names the one that it replaces. Its kept pages leave the WARCs in
the same way. Whatever was interrupted is completed by removing the article again; what is left in a WARC, by the next
run, too.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, select

from narayacrawl.archive.images import ImageRegister, images_only_of
from narayacrawl.archive.manifest import Manifest, file_sha256, read_manifest, save_manifest
from narayacrawl.archive.reader import list_segments
from narayacrawl.archive.search_files import discard_index, index_locked
from narayacrawl.archive.segment_files import (
    DAMAGED,
    JSONL,
    MANIFEST,
    TEMPORARY,
    UNPACKING_ERRORS,
    ArchiveError,
    create_file,
    open_segment,
    read_lines,
    sync,
)
from narayacrawl.archive.segments import finish_merges, free_name
from narayacrawl.archive.selection import read_record
from narayacrawl.archive.tombstones import RemovedLines, read_tombstones, save_tombstones
from narayacrawl.archive.warc import unread_warcs
from narayacrawl.archive.warc_rewriting import remove_pages
from narayacrawl.ledger.database import transaction
from narayacrawl.ledger.tables import addresses, articles
from narayacrawl.ledger.tombstones import Tombstone, bury
from narayacrawl.urls import key


@dataclass(slots=True)
class Removal:
    """What was removed."""

    revisions: int = 0
    """How many lines."""
    segments: int = 0
    """From how many segments."""
    warcs: int = 0
    """From how many files of kept pages it was taken."""
    images: int = 0
    """How many kept images."""
    unreadable: tuple[Path, ...] = ()
    """Copies of damaged segments and WARCs that cannot be read, and so may hold the article still."""


def remove_article(
    connection: Connection, portal: str, folder: Path, url: str, why: str, images: ImageRegister | None = None
) -> Removal:
    """Remove the article at an address, whether or not it was ever met, and the images that only it has; the caller
    holds the portal's lock and has recovered the archive. Raises `ArchiveError`, `LedgerError` or `OSError`; then it is
    to be done again. `PortalBusy` where a search reads the archive: nothing was done."""
    with index_locked(folder):  # or a search would read the article in again
        discard_index(folder)
        return _remove(connection, portal, folder, url, why, images)


def _remove(
    connection: Connection, portal: str, folder: Path, url: str, why: str, images: ImageRegister | None
) -> Removal:
    earlier = read_tombstones(folder)
    moment = datetime.now(UTC).isoformat(timespec="seconds")
    found = _tombstones(connection, portal, folder, key(url), why, moment, earlier)
    others = [own for own in earlier if not any({*own.keys} & {*new.keys} for new in found)]
    save_tombstones(folder, [*others, *found])
    bury(connection, portal, found)
    removed = Removal()
    lines = RemovedLines([*others, *found])
    if images is not None:  # as long as a line tells which
        removed.images = images.remove(images_only_of(folder, lines))
    for name, path in list_segments(folder).items():
        if count := sum(line in lines for line in read_lines(path)):
            _write_without(folder, name, path, lines)
            removed.revisions += count
            removed.segments += 1
    removed.warcs = remove_pages(connection, portal, folder)
    removed.unreadable = (*_clean_copies(folder / DAMAGED, lines), *unread_warcs(folder))
    return removed


def _tombstones(
    connection: Connection, portal: str, folder: Path, name: str, why: str, moment: str, earlier: list[Tombstone]
) -> list[Tombstone]:
    """Return the tombstones of the articles that have this key of an address, or had it when they were written."""
    ids = _ids_written_at(folder, name)
    with transaction(connection):
        at_address = select(addresses.c.article).where(addresses.c.portal == portal, addresses.c.key == name)
        known = {*connection.execute(at_address).scalars()}
        written = select(articles.c.id).where(articles.c.portal == portal, articles.c.post_id.in_(ids))
        known |= {*connection.execute(written).scalars()}
        rows = {article: _identity(connection, article) for article in known}
    unknown_ids = ids - {post_id for post_id, _ in rows.values()}
    told = [*rows.values(), *((post_id, frozenset({name})) for post_id in sorted(unknown_ids))]
    tombstones = []
    for post_id, keys in told or [(None, frozenset({name}))]:
        before = next((own for own in earlier if {*own.keys} & keys and own.id in (None, post_id)), None)
        # The address that was asked for comes first, unless another article has it now.
        ordered = sorted(keys | ({name} if len(told) < 2 or not keys else set()), key=lambda own: (own != name, own))
        if before:
            why, moment = before.why, before.removed
            ordered = list(dict.fromkeys([*before.keys, *ordered]))
        tombstones.append(Tombstone(post_id, tuple(ordered), why, moment))
    return tombstones


def _identity(connection: Connection, article: int) -> tuple[int | None, frozenset[str]]:
    """Return the post id and the keys of all addresses of an article of the ledger."""
    post_id = connection.execute(select(articles.c.post_id).where(articles.c.id == article)).scalar()
    keys = connection.execute(select(addresses.c.key).where(addresses.c.article == article)).scalars()
    return post_id, frozenset(keys)


def _ids_written_at(folder: Path, name: str) -> set[int]:
    """Return the post ids of the records with this key of an address: another post may have it now."""
    longest = max(re.split(r"%[\dA-F]{2}|[^\w/.~-]", name.partition("/")[2]), key=len).encode()
    ids = set()
    for path in list_segments(folder).values():
        for number, line in enumerate(read_lines(path), 1):
            if longest not in line[:4_000]:
                continue
            record = read_record(line, f"{path}:{number}")
            if record["id"] is not None and key(record["url"]) == name:
                ids.add(int(record["id"]))
    return ids


def _write_without(folder: Path, name: str, path: Path, removed: RemovedLines) -> None:
    """Write a segment anew without these lines, under a name of its own, and delete it."""
    manifest = read_manifest(folder, name)
    new = free_name(folder, re.sub(r"(\d{6,})-\d{1,5}$", r"\1", name))
    ending = path.name.removeprefix(name)
    target, temporary = folder / f"{new}{ending}", folder / f"{new}{ending}{TEMPORARY}"
    dates = []
    with create_file(temporary, target.name) as file:
        for line in read_lines(path):
            if line not in removed:
                file.write(line + b"\n")
                dates.append(read_record(line, str(path))["date"])
    dates.sort(key=datetime.fromisoformat)
    replaced = {name, *(manifest.replaces if manifest else ())}
    save_manifest(
        folder,
        Manifest(
            segment=target.name,
            count=len(dates),
            bytes=temporary.stat().st_size,
            sha256=file_sha256(temporary),
            first_date=dates[0] if dates else None,
            last_date=dates[-1] if dates else None,
            replaces=sorted(replaced),
        ),
    )
    temporary.rename(target)
    sync(folder)
    finish_merges(folder)


def _clean_copies(folder: Path, removed: RemovedLines) -> Iterator[Path]:
    """Remove the lines from the copies of damaged segments; yield those that cannot be read to their end."""
    for path in sorted(folder.glob(f"*{JSONL}*")) if folder.is_dir() and not folder.is_symlink() else ():
        if path.name.endswith((MANIFEST, TEMPORARY)):
            continue
        lines: list[bytes] = []
        try:
            with open_segment(path) as file:
                lines += file.read().split(b"\n")
        except (*UNPACKING_ERRORS, OSError, ArchiveError):
            yield path
            continue
        kept = [line for line in lines if line not in removed]
        if len(kept) < len(lines):
            temporary = path.with_name(path.name + TEMPORARY)
            with create_file(temporary, path.name) as copy:
                copy.write(b"\n".join(kept))
            temporary.rename(path)
            with suppress(OSError):
                sync(folder)
