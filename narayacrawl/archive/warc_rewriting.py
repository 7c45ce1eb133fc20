"""Write WARCs of the archive anew: without the pages of removed articles, or without what cannot be read.

The new file has the name of the old one with the next number at its end. Each step is on the disk before the next: the
new file's manifest, its final name, the new offsets in the ledger; only then is the old file deleted. What was
interrupted, `finish_rewriting` completes or undoes.
"""

import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

import orjson
from sqlalchemy import Connection

from narayacrawl.archive.manifest import file_sha256
from narayacrawl.archive.removed_pages import RemovedPages, other_records
from narayacrawl.archive.segment_files import TEMPORARY, ArchiveError, create_file, open_file, replace_file, sync
from narayacrawl.archive.tombstones import read_tombstones
from narayacrawl.archive.warc import (
    MANIFEST,
    REMOVING,
    WARC,
    WarcManifest,
    read_warc_manifest,
    run_of,
    save_warc_manifest,
    sealed_warcs,
    warc_folder,
    warcs_of_runs,
)
from narayacrawl.archive.warc_pages import kept_articles, metadata_of, named_records
from narayacrawl.archive.warc_records import WarcRecord, pack_record, read_records
from narayacrawl.ledger.kept_pages import move_pages

Change: TypeAlias = Callable[[WarcRecord], WarcRecord | None]
"""Returns what becomes of a record: itself, another one, or None if it is to go."""
Show: TypeAlias = Callable[[Sequence[Path]], Iterable[Path]]


def remove_pages(connection: Connection, portal: str, folder: Path, show: Show = iter) -> int:
    """Take the pages of all removed articles out of the WARCs of a portal's folder; return how many of these were
    written anew. `show` passes them on and sees how far it is.

    Raises `ArchiveError` if one of them is damaged: it may hold what is to go.
    """
    own = warc_folder(folder)
    if not own.is_dir():
        return 0
    # What a removal that was interrupted has found: one file tells of pages that are in the next.
    found = json.loads((own / REMOVING).read_bytes()) if (own / REMOVING).exists() else {}
    removed = RemovedPages(read_tombstones(folder), {*found.get("ids", ())}, {*found.get("keys", ())})
    warcs = list(sealed_warcs(folder).values())
    for path in show(warcs):
        removed.collect(read_records(path))
    removed.close()
    found = {"ids": sorted(removed.ids), "keys": sorted(removed.keys)}
    replace_file(own / REMOVING, lambda file: file.write(json.dumps(found).encode()))
    count = sum(_write_without(connection, portal, folder, path, removed) for path in warcs)
    (own / REMOVING).unlink()
    sync(own)
    return count


def _write_without(connection: Connection, portal: str, folder: Path, path: Path, removed: RemovedPages) -> bool:
    """Write a WARC anew without what is to go; False if it holds nothing of it."""
    others = other_records(read_records(path), removed)
    goes: set[int] = set()
    ids: set[str] = set()
    edited: dict[int, WarcRecord] = {}
    for record in read_records(path):
        # A request stands behind its answer, and goes with it.
        if record.field("WARC-Concurrent-To") in ids or removed.has(record, others):
            goes.add(record.offset)
            ids.add(record.id)
        elif record.id in others and (other := removed.without_posts(record)):
            edited[record.offset] = other
    if not goes and not edited:
        return False
    rewrite(connection, portal, folder, path, lambda own: edited.get(own.offset, None if own.offset in goes else own))
    return True


def rewrite(connection: Connection, portal: str, folder: Path, path: Path, change: Change) -> None:
    """Write a sealed WARC anew, its records changed and without what is none, and delete it."""
    target = path.with_name(f"{_next_name(path.name.removesuffix(WARC))}{WARC}")
    temporary = path.with_name(target.name + TEMPORARY)
    count = _write_changed(path, temporary, change)
    manifest = WarcManifest(target.name, count, temporary.stat().st_size, file_sha256(temporary))
    save_warc_manifest(folder, manifest)
    temporary.rename(target)
    sync(target.parent)
    finish_rewriting(connection, portal, folder)


def _write_changed(path: Path, temporary: Path, change: Change) -> int:
    """Write the changed records of a WARC; return how many there are."""
    offsets: dict[str, int] = {}
    count = 0
    with os.fdopen(open_file(path), "rb") as old, create_file(temporary) as file:
        for record in read_records(path, damaged=lambda *_: None):
            changed = change(record)
            if changed is not None and (told := metadata_of(changed)) is not None:
                changed = _moved(changed, told, offsets)
            if changed is None:
                continue
            offsets[record.id] = file.tell()
            if changed is record:
                old.seek(record.offset)
                file.write(old.read(record.end - record.offset))
            else:
                file.write(pack_record(changed))
            count += 1
    return count


def _moved(record: WarcRecord, told: dict[str, Any], offsets: Mapping[str, int]) -> WarcRecord | None:
    """Return what is told of an article with the offsets that its records have now; None if a page of it is not there
    any more."""
    try:
        if any(page["id"] not in offsets for page in told["pages"]):
            return None
        if told.get("rest") and told["rest"]["id"] not in offsets:
            told["rest"] = None
        is_same = all(named["offset"] == offsets[named["id"]] for named in named_records(told))
        for named in named_records(told):
            named["offset"] = offsets[named["id"]]
    except (TypeError, KeyError):
        return None  # none that a crawl has written
    return record if is_same else replace(record, block=orjson.dumps(told))


def _next_name(name: str) -> str:
    """Return the name of a WARC when it is written anew: the higher the number, the newer the file."""
    run = run_of(name)
    return f"{run}-{int(name[len(run) + 1 :] or 1) + 1}"


def finish_rewriting(connection: Connection, portal: str, folder: Path) -> None:
    """Complete or undo what was interrupted when WARCs of a portal's folder were written anew: have the ledger know
    where their pages are now, and delete the former files.

    Raises `ArchiveError` if a new file is not what its manifest says: then the former one stays.
    """
    own = warc_folder(folder)
    if not own.is_dir():
        return
    for path in own.glob(f"*{TEMPORARY}"):
        path.unlink()
    current, sealed = warcs_of_runs(folder), sealed_warcs(folder)
    for path in own.glob(f"*{MANIFEST}"):
        name = path.name.removesuffix(MANIFEST)
        if name not in sealed and run_of(name) in current and name != run_of(name):
            path.unlink()
    former = [name for name, path in sealed.items() if current[run_of(name)] != path]
    for run in dict.fromkeys(map(run_of, former)):
        path = current[run]
        manifest = read_warc_manifest(folder, path.name.removesuffix(WARC))
        if manifest is None or file_sha256(path) != manifest.sha256:
            raise ArchiveError(f"{path} is not what its manifest says: restore it from a backup")
        places = {kept.record: kept.offset for kept in kept_articles(path, lambda *_: None)}
        move_pages(connection, portal, run, places, manifest.bytes)
    for name in former:
        (own / f"{name}{MANIFEST}").unlink(missing_ok=True)
        (own / f"{name}{WARC}").unlink()
    if former:
        sync(own)


def complete_removal(connection: Connection, portal: str, folder: Path) -> None:
    """Do what an interrupted removal has left to do."""
    finish_rewriting(connection, portal, folder)
    if (warc_folder(folder) / REMOVING).exists():
        remove_pages(connection, portal, folder)
