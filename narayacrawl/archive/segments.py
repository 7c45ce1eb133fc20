"""Name, list, seal and recover segments: the JSON Lines files of a portal's folder, one for each run that wrote.

A segment is named after the start of its run in UTC and the run's number in the ledger:
`20251124T224801Z-000012.jsonl`. While it is written it ends in `.part`; compressed it ends in `.gz` or `.zst`. Its
manifest, `20251124T224801Z-000012.manifest.json`, stands beside it. A compacted month is one segment, named after the
month, its first and its last run: `202511-000001-000948.jsonl`. Its manifest names the segments that it replaces: if
some are still there, they are ignored. A segment from which an article was removed is written anew under a name with
the next number at its end, `20251124T224801Z-000012-2.jsonl`, and its manifest names the one that it replaces.

Every function may be interrupted at any moment: a file gets its final name only when it is whole and on the disk, the
files it replaces are deleted only after that, and `recover` completes or undoes an interrupted step.
"""

import os
import re
import shutil
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from scrapy.settings import BaseSettings
from scrapy.utils.conf import closest_scrapy_cfg

from narayacrawl.archive.listing import MONTH, Listing
from narayacrawl.archive.manifest import file_sha256, write_manifest
from narayacrawl.archive.segment_files import (
    COMPRESSIONS,
    JSONL,
    MANIFEST,
    NO_LINK,
    PART,
    TEMPORARY,
    ArchiveError,
    create_file,
    open_file,
    open_segment,
    sync,
)

FOLDER: Final = re.compile(r"[^\W_][\w @+,=~-]*(?:\.[\w @+,=~-]+)*(?<! )|_[\w.-]*[\w-]")
"""The name of a folder on any file system."""
DEVICE: Final = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
MAX_NAME: Final = 200
ENDINGS: Final = (JSONL, *(ending for ending, _ in COMPRESSIONS.values()))
"""Of a sealed segment: where an interrupted seal has left two files, the first one counts."""


def portals(archive: Path) -> dict[str, Path]:
    """Return the folders of an archive that hold a segment, sealed or not, by name."""
    folders = sorted(archive.iterdir()) if archive.is_dir() else []
    own = (folder for folder in folders if _is_inside(folder, archive))
    return {folder.name: folder for folder in own if next(folder.glob(f"*{JSONL}*"), None)}


def archive_folder(settings: BaseSettings) -> Path | None:
    """Return the folder named by ARCHIVE, relative to that of scrapy.cfg; None if the setting is empty."""
    folder: str | None = settings["ARCHIVE"]
    return Path(closest_scrapy_cfg()).parent.absolute() / folder if folder else None


def portal_folder(archive: Path, portal: str) -> Path:
    """Return the folder of one portal. The colon before a port is replaced, and Windows' names of devices get an
    underscore: some file systems forbid them.

    Raises `ArchiveError` if the name is that of no folder of the archive (`..`, `a/b`), or the folder is a link that
    leads out of it.
    """
    name = portal.replace(":", "_")
    if not FOLDER.fullmatch(name) or len(name.encode()) > MAX_NAME:
        raise ArchiveError(f"{portal!r} cannot name a portal's folder: give the spider another name")
    folder = archive / (f"{name}_" if DEVICE.fullmatch(name) else name)
    if not _is_inside(folder, archive):
        raise ArchiveError(f"{folder} is a link that leads out of the archive: set ARCHIVE to where it is to be")
    return folder


def _is_inside(folder: Path, archive: Path) -> bool:
    return folder.resolve().is_relative_to(archive.resolve())


def compression(settings: BaseSettings) -> str:
    """Return the setting ARCHIVE_COMPRESSION: "", "gzip" or "zstd"; raise `ArchiveError` for any other value."""
    name: str = settings.get("ARCHIVE_COMPRESSION") or ""
    if name and name not in COMPRESSIONS:
        raise ArchiveError(f"ARCHIVE_COMPRESSION={name}: known are {', '.join(COMPRESSIONS)}")
    return name


def segment_name(started: datetime, run: int) -> str:
    """Return the name of a run's segment; `started` must have a time zone."""
    return f"{started.astimezone(UTC):%Y%m%dT%H%M%SZ}-{run:06d}"


def free_name(folder: Path, name: str) -> str:
    """Return the name, or if it is taken (an article was removed, a run restored from a backup) the name with a number
    at its end."""
    taken = Listing(folder).files_of
    names = (name if number == 1 else f"{name}-{number}" for number in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)


def sealed_segments(folder: Path) -> dict[str, Path]:
    """Return the sealed segments as `Listing` sorts them."""
    return {name: folder / file for name, file in Listing(folder).sealed.items()}


def seal(folder: Path, name: str, compression: str = "", replaces: Iterable[str] = ()) -> None:
    """Give a written segment its final name, compress it, and write its manifest.

    Raises `OSError` if the disk refuses a write: the lines are kept.
    """
    part, path = folder / f"{name}{PART}", folder / f"{name}{JSONL}"
    if part.exists():
        sync(part)
        part.rename(path)
        sync(folder)
    # After an interrupted seal the compressed file may already stand alone, or beside the plain one.
    if compression and path.exists():
        _compress(path, compression)
    path, *others = (file for ending in ENDINGS if (file := folder / f"{name}{ending}").exists())
    for other in others:
        other.unlink()
    write_manifest(path, replaces)


def _compress(path: Path, compression: str) -> None:
    ending, _ = COMPRESSIONS[compression]
    packed = path.with_name(f"{path.name.removesuffix(JSONL)}{ending}")
    temporary = packed.with_name(packed.name + TEMPORARY)
    with open_segment(path) as plain, create_file(temporary, packed.name) as file:
        shutil.copyfileobj(plain, file, 1024 * 1024)
    temporary.rename(packed)
    sync(path.parent)
    path.unlink()


def recover(
    folder: Path, acknowledged: Mapping[str, int] | None, compression: str = "", listing: Listing | None = None
) -> bool:
    """Complete or undo what a killed run or compaction left in a portal's folder; return True if there was anything.

    `acknowledged` maps each segment that may be unsealed to its valid size in bytes; without it all whole lines are
    valid. Raises `ArchiveError` if a segment is smaller than that, or unsealed and not in `acknowledged`.
    """
    listing = listing or Listing(folder)
    has_changed = bool(listing.temporary)
    for path in listing.temporary:
        path.unlink()
    if finish_merges(folder, listing):
        has_changed, listing = True, Listing(folder)
    for name in listing.parts:
        has_changed = True
        part = folder / f"{name}{PART}"
        if acknowledged is None:
            cut_back(part, whole_lines(part))
        elif name in acknowledged:
            cut_back(part, acknowledged[name])
        else:
            raise ArchiveError(f"{part} is not of this ledger: name the ledger it was written with (-s LEDGER=)")
        if part.exists():
            seal(folder, name, compression)
    for name in sorted(listing.sealed.keys() - listing.manifests):
        has_changed = True
        seal(folder, name, compression)
    return has_changed


def missing(folder: Path, names: Iterable[str], listing: Listing | None = None) -> list[str]:
    """Return those of these segments that are neither in the folder nor replaced by another one, in their order."""
    listing = listing or Listing(folder)
    absent = [name for name in names if name not in listing.sealed]
    replaced = listing.replaced if absent else set()  # to know them, manifests are opened
    return [name for name in absent if name not in replaced]


def finish_merges(folder: Path, listing: Listing | None = None) -> bool:
    """Delete the segments that another one replaces, a compacted month's, too; delete the files of an unfinished merge.
    Return True if there was anything to delete.

    Raises `ArchiveError` if a segment does not match its manifest: then nothing that it replaces is deleted.
    """
    listing = listing or Listing(folder)
    unfinished = [folder / f"{name}{PART}" for name in listing.parts if MONTH.fullmatch(name)]
    for path in unfinished:
        path.unlink()
    deleted: set[str] = set()
    for name, manifest in listing.replacing.items():
        if name in deleted:
            continue  # another one replaces it
        if name not in listing.sealed:
            (folder / f"{name}{MANIFEST}").unlink()
            deleted.add(name)
        elif replaced := (listing.files_of.keys() & manifest.replaces) - deleted:
            segment = folder / manifest.segment
            if not segment.exists() or file_sha256(segment) != manifest.sha256:
                raise ArchiveError(f"{segment} is not what its manifest says: restore it from a backup")
            for path in sorted(folder / file for own in replaced for file in listing.files_of[own]):
                path.unlink()
            deleted |= replaced
            sync(folder)
    return bool(unfinished or deleted)


def cut_back(part: Path, size: int) -> None:
    """Truncate an unsealed segment to its first `size` bytes; delete it if that is none."""
    if part.is_symlink():
        raise ArchiveError(f"{part} is a link: the archive holds files only")
    if part.stat().st_size < size:
        raise ArchiveError(
            f"{part} has {part.stat().st_size} bytes, {size} were acknowledged: restore it from a backup"
        )
    if size == 0:
        part.unlink()
        return
    descriptor = os.open(part, os.O_RDWR | NO_LINK)
    try:
        os.truncate(descriptor, size)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def whole_lines(path: Path) -> int:
    """Return the size of a file up to its last line end."""
    size = 0
    with os.fdopen(open_file(path), "rb") as file:
        for line in file:
            size += len(line) if line.endswith(b"\n") else 0
    return size
