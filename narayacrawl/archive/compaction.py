"""Compaction: the segments of a month become one, which holds their lines, byte for byte, in their order.

Every step is on the disk before the next: the merged lines, the manifest that names what they replace, the segment's
own name. Only then goes what it replaced. `finish_merges` finishes or takes back what was cut off.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Final

from filelock import FileLock, Timeout

from narayacrawl.archive.manifest import Manifest, file_sha256, read_manifest, save_manifest, write_manifest
from narayacrawl.archive.segment_files import COMPRESSIONS, JSONL, LOCK, PART, ArchiveError, open_segment, sync
from narayacrawl.archive.segments import MONTH, RUN, finish_merges, sealed_segments

CHUNK: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Merge:
    """A month that was compacted."""

    month: str
    """`2025-11`"""
    path: Path
    count: int
    """Segments that were merged into it."""


def compact(folder: Path, compression: str = "") -> list[Merge]:
    """Merge the sealed segments of each month in a portal's folder, where there are several.

    `ArchiveError` while a crawl of the portal runs, or where a segment is not what its manifest says; `OSError` where
    the disk does not take it. Nothing is lost then.
    """
    try:
        with FileLock(folder / LOCK, blocking=False):
            finish_merges(folder)
            months: dict[str, dict[str, Path]] = {}
            for name, path in sealed_segments(folder).items():
                if RUN.fullmatch(name) or MONTH.fullmatch(name):
                    months.setdefault(name[:6], {})[name] = path
            return [_merge(folder, own, compression) for own in months.values() if len(own) > 1]
    except Timeout:
        raise ArchiveError(f"a crawl of {folder.name} is running: compact when it has ended") from None


def _merge(folder: Path, segments: Mapping[str, Path], compression: str) -> Merge:
    """Make one segment of those of a month."""
    manifests = {name: _verified(folder, name, path) for name, path in segments.items()}
    name = _free_name(folder, _month_name(segments))
    ending, opener = COMPRESSIONS.get(compression, (JSONL, lambda path, mode: path.open(mode)))
    part, path = folder / f"{name}{PART}", folder / f"{name}{ending}"
    count = sum(manifest.count for manifest in manifests.values())
    try:
        with opener(part, "wb") as file:
            _copy(segments.values(), file, count)
        sync(part)
        save_manifest(folder, _merged(path.name, part, manifests))
        part.rename(path)
        sync(folder)
    except (OSError, ArchiveError):
        # A full disk would be fuller by what is of no use.
        with suppress(OSError):
            finish_merges(folder)
        raise
    finish_merges(folder)
    month = next(iter(segments))[:6]
    return Merge(f"{month[:4]}-{month[4:]}", path, len(segments))


def _verified(folder: Path, name: str, path: Path) -> Manifest:
    """The manifest of a segment that is what it says; one is made where there is none, or it is of another file."""
    manifest = read_manifest(folder, name)
    if manifest is None or manifest.segment != path.name:
        return write_manifest(path, manifest.replaces if manifest else ())
    if path.stat().st_size != manifest.bytes or file_sha256(path) != manifest.sha256:
        raise ArchiveError(f"{path} is not what its manifest says: restore it from a backup")
    return manifest


def _month_name(segments: Iterable[str]) -> str:
    numbers: list[int] = []
    for name in segments:
        if match := RUN.fullmatch(name):
            numbers.append(int(match["run"]))
        elif match := MONTH.fullmatch(name):
            numbers += int(match["first"]), int(match["last"])
    return f"{next(iter(segments))[:6]}-{min(numbers):06d}-{max(numbers):06d}"


def _free_name(folder: Path, name: str) -> str:
    """The name, or where it is taken (a run between came back from a backup) one with a number behind."""
    taken = {path.name.partition(".")[0] for path in folder.iterdir()}
    names = (name if number == 1 else f"{name}-{number}" for number in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)


def _copy(paths: Iterable[Path], into: IO[bytes], count: int) -> None:
    """Copy the lines of all segments, which are so many."""
    for path in paths:
        with open_segment(path) as file:
            while chunk := file.read(CHUNK):
                into.write(chunk)
                count -= chunk.count(b"\n")
    if count:
        raise ArchiveError(f"{next(iter(paths)).parent}: {count} lines less than the manifests of a month tell")


def _merged(segment: str, part: Path, manifests: Mapping[str, Manifest]) -> Manifest:
    """The manifest of the merged segment, which is still named `part`."""
    dates = [date for own in manifests.values() for date in (own.first_date, own.last_date) if date is not None]
    dates.sort(key=datetime.fromisoformat)
    return Manifest(
        segment=segment,
        count=sum(manifest.count for manifest in manifests.values()),
        bytes=part.stat().st_size,
        sha256=file_sha256(part),
        first_date=dates[0] if dates else None,
        last_date=dates[-1] if dates else None,
        replaces=sorted({*manifests, *(name for own in manifests.values() for name in own.replaces)}),
    )
