"""The archive: a folder for each portal, of JSON Lines segments, one for every run that wrote something.

A segment is `20251124T224801Z-000012.jsonl`, after the run's beginning in UTC and its number in the ledger; while it is
written it ends in `.part`, compressed in `.gz` or `.zst`. Beside it stands `20251124T224801Z-000012.manifest.json`.
A month that was compacted is one segment, `202511-000001-000948.jsonl`: its month, its first and last run. Its
manifest names the segments it replaces: where it stands, they count no more.

Everything here can be cut off at any moment: a file takes its name only when it is whole and on the disk, what it
replaces goes only after that, and `recover` finishes or takes back what was cut off.
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
from narayacrawl.archive.segment_files import COMPRESSIONS, JSONL, MANIFEST, PART, TEMPORARY, ArchiveError, sync

SEALED: Final = re.compile(r"(?P<name>\d{6}[\w-]*)\.jsonl(?:\.gz|\.zst)?")
RUN: Final = re.compile(r"\d{8}T\d{6}Z-(?P<run>\d{6,})(?:-\d+)?")
MONTH: Final = re.compile(r"(?P<month>\d{6})-(?P<first>\d{6,})-(?P<last>\d{6,})(?:-\d+)?")


def portals(archive: Path) -> dict[str, Path]:
    """The folders of an archive that hold a segment, sealed or not, by their names."""
    folders = sorted(archive.iterdir()) if archive.is_dir() else []
    return {folder.name: folder for folder in folders if next(folder.glob(f"*{JSONL}*"), None)}


def archive_folder(settings: BaseSettings) -> Path | None:
    """The folder of all portals' archives: ARCHIVE, which is beside scrapy.cfg unless it is absolute; None where it is
    empty."""
    folder: str | None = settings["ARCHIVE"]
    return Path(closest_scrapy_cfg()).parent.absolute() / folder if folder else None


def portal_folder(archive: Path, portal: str) -> Path:
    """The folder of one portal, after its name; a port's colon is no good in a file's name."""
    return archive / portal.replace(":", "_")


def compression(settings: BaseSettings) -> str:
    """ARCHIVE_COMPRESSION: "", "gzip" or "zstd"; `ArchiveError` for anything else."""
    told: str = settings.get("ARCHIVE_COMPRESSION") or ""
    if told and told not in COMPRESSIONS:
        raise ArchiveError(f"ARCHIVE_COMPRESSION={told}: known are {', '.join(COMPRESSIONS)}")
    return told


def segment_name(started: datetime, run: int) -> str:
    """The name of a run's segment: of a moment with zone, and the run's number."""
    return f"{started.astimezone(UTC):%Y%m%dT%H%M%SZ}-{run:06d}"


def last_run(folder: Path) -> int:
    """The highest number of a run that a segment here is named after; 0 where there is none."""
    numbers = [0]
    for name in {path.name.partition(".")[0] for path in folder.glob("*.jsonl*")}:
        if match := RUN.fullmatch(name):
            numbers.append(int(match["run"]))
        elif match := MONTH.fullmatch(name):
            numbers.append(int(match["last"]))
    return max(numbers)


def sealed_segments(folder: Path) -> dict[str, Path]:
    """The sealed segments by name, in the order of their names: compacted months stand before the runs of theirs.

    Where compression was cut off, a segment has two files that say the same; the plain one is told.
    """
    found: dict[str, Path] = {}
    for path in sorted(folder.glob("*.jsonl*")):
        if match := SEALED.fullmatch(path.name):
            found.setdefault(match["name"], path)
    return dict(sorted(found.items()))


def seal(folder: Path, name: str, compression: str = "", replaces: Iterable[str] = ()) -> None:
    """Give a written segment its own name, for good; then compress it, and write its manifest.

    `OSError` where the disk does not take it: what is written stays.
    """
    part, path = folder / f"{name}{PART}", folder / f"{name}{JSONL}"
    if part.exists():
        sync(part)
        part.rename(path)
        sync(folder)
    # Where sealing was cut off, the compressed file may be the only one already, or there beside the plain one.
    if compression and path.exists():
        _compress(path, compression)
    path = sealed_segments(folder)[name]
    for other in folder.glob(f"{name}{JSONL}.*"):
        if other != path:
            other.unlink()
    write_manifest(path, replaces)


def _compress(path: Path, compression: str) -> None:
    ending, opener = COMPRESSIONS[compression]
    packed = path.with_name(f"{path.name.removesuffix(JSONL)}{ending}")
    temporary = packed.with_name(packed.name + TEMPORARY)
    with path.open("rb") as plain, opener(temporary, "wb") as file:
        shutil.copyfileobj(plain, file, 1024 * 1024)
    sync(temporary)
    temporary.rename(packed)
    sync(path.parent)
    path.unlink()


def recover(folder: Path, acknowledged: Mapping[str, int] | None, compression: str = "") -> None:
    """Finish or take back what a killed run or compaction left in a portal's folder.

    `acknowledged` tells of every segment that may not be sealed yet how many bytes count; None: nobody knows, and all
    whole lines do. `ArchiveError` where less is there than that, or a segment that nobody wrote.
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
    """Which of these segments are not in the folder, nor in a compacted month."""
    there = set(sealed_segments(folder))
    if all(name in there for name in names):
        return []
    for name in [name for name in there if MONTH.fullmatch(name)]:
        manifest = read_manifest(folder, name)
        there.update(manifest.replaces if manifest else ())
    return [name for name in names if name not in there]


def finish_merges(folder: Path) -> None:
    """Remove what a compacted month has replaced; take back a merge that did not come so far.

    `ArchiveError` where the month is not what its manifest says: nothing is removed for it.
    """
    for part in folder.glob(f"*{PART}"):
        if MONTH.fullmatch(part.name.removesuffix(PART)):
            part.unlink()
    for path in sorted(folder.glob(f"*{MANIFEST}")):
        name = path.name.removesuffix(MANIFEST)
        if not MONTH.fullmatch(name) or (manifest := read_manifest(folder, name)) is None:
            continue
        if name not in sealed_segments(folder):
            path.unlink()
        elif left := [file for file in folder.iterdir() if file.name.partition(".")[0] in manifest.replaces]:
            segment = folder / manifest.segment
            if not segment.exists() or file_sha256(segment) != manifest.sha256:
                raise ArchiveError(f"{segment} is not what its manifest says: restore it from a backup")
            for file in left:
                file.unlink()
            sync(folder)


def _cut_back(part: Path, size: int) -> None:
    """Keep the first `size` bytes of an unsealed segment; a file without any goes."""
    if part.stat().st_size < size:
        raise ArchiveError(
            f"{part} has {part.stat().st_size} bytes, {size} were acknowledged: restore it from a backup"
        )
    if size == 0:
        part.unlink()
        return
    os.truncate(part, size)
    sync(part)


def whole_lines(path: Path) -> int:
    """How many bytes of a file end with a line's end."""
    whole = 0
    with path.open("rb") as file:
        for line in file:
            whole += len(line) if line.endswith(b"\n") else 0
    return whole
