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
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from scrapy.settings import BaseSettings
from scrapy.utils.conf import closest_scrapy_cfg

from narayacrawl.archive.manifest import file_sha256, read_manifest, write_manifest
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

SEALED: Final = re.compile(r"(?P<name>\d{6}[\w-]*)\.jsonl(?:\.gz|\.zst)?")
FOLDER: Final = re.compile(r"[^\W_][\w @+,=~-]*(?:\.[\w @+,=~-]+)*(?<! )|_[\w.-]*[\w-]")
"""The name of a folder on any file system."""
DEVICE: Final = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
MAX_NAME: Final = 200
RUN: Final = re.compile(r"\d{8}T\d{6}Z-(?P<run>\d{6,})(?P<again>-\d+)?")
MONTH: Final = re.compile(r"(?P<month>\d{6})-(?P<first>\d{6,})-(?P<last>\d{6,})(?:-\d+)?")


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


def may_replace(name: str) -> bool:
    """True if a segment with this name may replace others: it is none that a run has written."""
    match = RUN.fullmatch(name)
    return match is None or match["again"] is not None


def segment_name(started: datetime, run: int) -> str:
    """Return the name of a run's segment; `started` must have a time zone."""
    return f"{started.astimezone(UTC):%Y%m%dT%H%M%SZ}-{run:06d}"


def free_name(folder: Path, name: str) -> str:
    """Return the name, or if it is taken (an article was removed, a run restored from a backup) the name with a number
    at its end."""
    taken = {path.name.partition(".")[0] for path in folder.iterdir()}
    names = (name if number == 1 else f"{name}-{number}" for number in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)


def last_run(folder: Path) -> int:
    """Return the highest run number in the names of a folder's segments; 0 if there is none."""
    numbers = [0]
    for name in {path.name.partition(".")[0] for path in folder.glob("*.jsonl*")}:
        if match := RUN.fullmatch(name):
            numbers.append(int(match["run"]))
        elif match := MONTH.fullmatch(name):
            numbers.append(int(match["last"]))
    return max(numbers)


def sealed_segments(folder: Path) -> dict[str, Path]:
    """Return the sealed segments, sorted by name: a compacted month stands before the runs of the same month.

    If compression was interrupted, a segment has a plain and a compressed file with the same lines; the plain one is
    returned.
    """
    segments: dict[str, Path] = {}
    for path in sorted(folder.glob("*.jsonl*")):
        if match := SEALED.fullmatch(path.name):
            segments.setdefault(match["name"], path)
    return dict(sorted(segments.items()))


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
    path = sealed_segments(folder)[name]
    for other in folder.glob(f"{name}{JSONL}.*"):
        if other != path:
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


def recover(folder: Path, acknowledged: Mapping[str, int] | None, compression: str = "") -> None:
    """Complete or undo what a killed run or compaction left in a portal's folder.

    `acknowledged` maps each segment that may be unsealed to its valid size in bytes; without it all whole lines are
    valid. Raises `ArchiveError` if a segment is smaller than that, or unsealed and not in `acknowledged`.
    """
    for path in folder.glob(f"*{TEMPORARY}"):
        path.unlink()
    finish_merges(folder)
    for part in sorted(folder.glob(f"*{PART}")):
        name = part.name.removesuffix(PART)
        if acknowledged is None:
            _cut_back(part, whole_lines(part))
        elif name in acknowledged:
            _cut_back(part, acknowledged[name])
        else:
            raise ArchiveError(f"{part} is not of this ledger: name the ledger it was written with (-s LEDGER=)")
        if part.exists():
            seal(folder, name, compression)
    for name in sealed_segments(folder):
        if not (folder / f"{name}{MANIFEST}").exists():
            seal(folder, name, compression)


def missing(folder: Path, names: Sequence[str]) -> list[str]:
    """Return those of these segments that are neither in the folder nor replaced by another one."""
    present = set(sealed_segments(folder))
    if all(name in present for name in names):
        return []
    for name in [name for name in present if may_replace(name)]:
        manifest = read_manifest(folder, name)
        present.update(manifest.replaces if manifest else ())
    return [name for name in names if name not in present]


def finish_merges(folder: Path) -> None:
    """Delete the segments that another one replaces, a compacted month's, too; delete the files of an unfinished merge.

    Raises `ArchiveError` if a segment does not match its manifest: then nothing that it replaces is deleted.
    """
    for part in folder.glob(f"*{PART}"):
        if MONTH.fullmatch(part.name.removesuffix(PART)):
            part.unlink()
    for path in sorted(folder.glob(f"*{MANIFEST}")):
        name = path.name.removesuffix(MANIFEST)
        if not may_replace(name) or (manifest := read_manifest(folder, name)) is None or not manifest.replaces:
            continue
        if name not in sealed_segments(folder):
            path.unlink()
        elif replaced := [file for file in folder.iterdir() if file.name.partition(".")[0] in manifest.replaces]:
            segment = folder / manifest.segment
            if not segment.exists() or file_sha256(segment) != manifest.sha256:
                raise ArchiveError(f"{segment} is not what its manifest says: restore it from a backup")
            for file in replaced:
                file.unlink()
            sync(folder)


def _cut_back(part: Path, size: int) -> None:
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
