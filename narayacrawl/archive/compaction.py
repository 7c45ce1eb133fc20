"""Compact an archive: merge the segments of a month into one that holds their lines, byte for byte, in their order.

Every step is on the disk before the next: the merged lines, the manifest that names the segments they replace, the
merged segment's final name. Only then are the replaced segments deleted. `finish_merges` completes or undoes a merge
that was interrupted.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Final, TypeAlias

from filelock import FileLock, Timeout

from narayacrawl.archive.listing import MONTH, RUN
from narayacrawl.archive.manifest import Manifest, file_sha256, read_manifest, save_manifest, write_manifest
from narayacrawl.archive.segment_files import (
    COMPRESSIONS,
    JSONL,
    LOCK,
    PART,
    ArchiveError,
    create_file,
    open_segment,
    sync,
)
from narayacrawl.archive.segments import finish_merges, free_name, sealed_segments
from narayacrawl.ledger.database import PortalBusy

CHUNK: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Merge:
    """A month that was compacted."""

    month: str
    """`2025-11`"""
    path: Path
    count: int
    """How many segments were merged into it."""


Month: TypeAlias = Mapping[str, Path]
"""The segments of a month by their names."""


def compact(
    folder: Path, compression: str = "", show: Callable[[Sequence[Month]], Iterable[Month]] = iter
) -> list[Merge]:
    """Merge the sealed segments of each month that has several of them in a portal's folder; `show` passes the months
    on and sees how far it is.

    Raises `PortalBusy` if a crawl of the portal is running, `ArchiveError` if a segment does not match its manifest,
    `OSError` if the disk refuses a write. Nothing is lost in either case.
    """
    try:
        with FileLock(folder / LOCK, blocking=False):
            finish_merges(folder)
            months: dict[str, dict[str, Path]] = {}
            for name, path in sealed_segments(folder).items():
                if RUN.fullmatch(name) or MONTH.fullmatch(name):
                    months.setdefault(name[:6], {})[name] = path
            divided = [segments for segments in months.values() if len(segments) > 1]
            return [_merge(folder, segments, compression) for segments in show(divided)]
    except Timeout:
        raise PortalBusy(f"a crawl of {folder.name} is running: compact when it has ended") from None


def _merge(folder: Path, segments: Mapping[str, Path], compression: str) -> Merge:
    """Merge the segments of one month."""
    manifests = {name: _verified_manifest(folder, name, path) for name, path in segments.items()}
    name = free_name(folder, _month_name(segments))
    ending = COMPRESSIONS[compression][0] if compression else JSONL
    part, path = folder / f"{name}{PART}", folder / f"{name}{ending}"
    count = sum(manifest.count for manifest in manifests.values())
    try:
        with create_file(part, path.name) as file:
            _copy(segments.values(), file, count)
        save_manifest(folder, _merged_manifest(path.name, part, manifests))
        part.rename(path)
        sync(folder)
    except (OSError, ArchiveError):
        # Otherwise the useless part file would stay on a disk that may be full.
        with suppress(OSError):
            finish_merges(folder)
        raise
    finish_merges(folder)
    month = next(iter(segments))[:6]
    return Merge(f"{month[:4]}-{month[4:]}", path, len(segments))


def _verified_manifest(folder: Path, name: str, path: Path) -> Manifest:
    """Return the manifest of a segment, checked against its file; write one if it is missing or describes another file.

    Raises `ArchiveError` if the file does not match.
    """
    manifest = read_manifest(folder, name)
    if manifest is None or manifest.segment != path.name:
        return write_manifest(path, manifest.replaces if manifest else ())
    if path.stat().st_size != manifest.bytes or file_sha256(path) != manifest.sha256:
        raise ArchiveError(f"{path} is not what its manifest says: restore it from a backup")
    return manifest


def _month_name(segments: Iterable[str]) -> str:
    """Return the name of the merged segment: month, first run, last run."""
    numbers: list[int] = []
    for name in segments:
        if match := RUN.fullmatch(name):
            numbers.append(int(match["run"]))
        elif match := MONTH.fullmatch(name):
            numbers += int(match["first"]), int(match["last"])
    return f"{next(iter(segments))[:6]}-{min(numbers):06d}-{max(numbers):06d}"


def _copy(paths: Iterable[Path], into: IO[bytes], count: int) -> None:
    """Copy the lines of all segments; raise `ArchiveError` if they are not `count` lines."""
    for path in paths:
        with open_segment(path) as file:
            while chunk := file.read(CHUNK):
                into.write(chunk)
                count -= chunk.count(b"\n")
    if count:
        raise ArchiveError(f"{next(iter(paths)).parent}: {count} lines less than the manifests of a month tell")


def _merged_manifest(segment: str, part: Path, manifests: Mapping[str, Manifest]) -> Manifest:
    """Return the manifest of the merged segment, whose lines are still in the file `part`."""
    dates = [date for manifest in manifests.values() for date in (manifest.first_date, manifest.last_date) if date]
    dates.sort(key=datetime.fromisoformat)
    return Manifest(
        segment=segment,
        count=sum(manifest.count for manifest in manifests.values()),
        bytes=part.stat().st_size,
        sha256=file_sha256(part),
        first_date=dates[0] if dates else None,
        last_date=dates[-1] if dates else None,
        replaces=sorted({*manifests, *(name for manifest in manifests.values() for name in manifest.replaces)}),
    )
