"""The archive: a folder for each portal, of JSON Lines segments, one for every run that wrote something.

A segment is `20251124T224801Z-000012.jsonl`, after the run's beginning in UTC and its number in the ledger; while it is
written it ends in `.part`, compressed in `.gz` or `.zst`. Beside it stands `20251124T224801Z-000012.manifest.json`.
A month that was compacted is one segment, `202511-000001-000948.jsonl`: its month, its first and last run. Its
manifest names the segments it replaces: where it stands, they count no more.

Everything here can be cut off at any moment: a file takes its name only when it is whole and on the disk, what it
replaces goes only after that, and `recover` finishes or takes back what was cut off.
"""

import gzip
import hashlib
import json
import os
import re
import shutil
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Final, Literal, cast

import orjson
from scrapy.settings import BaseSettings
from scrapy.utils.conf import closest_scrapy_cfg

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

LINES: Final = ".jsonl"
PART: Final = ".jsonl.part"
TEMPORARY: Final = ".tmp"
LOCK: Final = ".lock"
"""A portal's file that its run, or whoever else changes its folder, holds locked."""
MANIFEST: Final = ".manifest.json"

COMPRESSIONS: Final[Mapping[str, tuple[str, Callable[[Path, Literal["rb", "wb"]], IO[bytes]]]]] = {
    "gzip": (".jsonl.gz", lambda path, mode: cast("IO[bytes]", gzip.open(path, mode))),  # noqa: SIM115 - the caller does
    "zstd": (".jsonl.zst", lambda path, mode: cast("IO[bytes]", zstd.open(path, mode))),
}
"""By the name in ARCHIVE_COMPRESSION: the file's ending, and what opens it."""

SEALED: Final = re.compile(r"(?P<name>\d{6}[\w-]*)\.jsonl(?:\.gz|\.zst)?")
RUN: Final = re.compile(r"\d{8}T\d{6}Z-(?P<run>\d{6,})(?:-\d+)?")
MONTH: Final = re.compile(r"(?P<month>\d{6})-(?P<first>\d{6,})-(?P<last>\d{6,})(?:-\d+)?")

UNPACKING_ERRORS: Final = (EOFError, zlib.error, gzip.BadGzipFile, zstd.ZstdError)


class ArchiveError(Exception):
    """An archive that does not hold what the ledger has acknowledged; its text is one line that names the file."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a sealed segment holds: a file of JSON beside it."""

    segment: str
    """The file's name."""
    count: int
    """Articles, one a line."""
    bytes: int
    """Size of the file."""
    sha256: str
    """Of the file."""
    first_date: str | None
    """The earliest `date` of its articles, as it stands there; None where it holds none."""
    last_date: str | None
    replaces: list[str]
    """Names of the segments that were merged into it, at once or in steps; [] where none were."""


def portals(archive: Path) -> dict[str, Path]:
    """The folders of an archive that hold a segment, sealed or not, by their names."""
    folders = sorted(archive.iterdir()) if archive.is_dir() else []
    return {folder.name: folder for folder in folders if next(folder.glob(f"*{LINES}*"), None)}


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


def open_segment(path: Path) -> IO[bytes]:
    """A segment's lines as a file, unpacked by its ending."""
    opener = next((o for ending, o in COMPRESSIONS.values() if path.name.endswith(ending)), None)
    return opener(path, "rb") if opener else path.open("rb")


def read_lines(path: Path, size: int | None = None) -> Iterator[bytes]:
    """The lines of a segment, without their ends; of one that is not sealed, those of its first `size` bytes.

    `ArchiveError` names file and line where a line has no end, or what was compressed cannot be unpacked.
    """
    number = 0
    with open_segment(path) as file:
        try:
            while size != 0 and (line := file.readline()):
                number += 1
                if size is not None:
                    line = line[:size]
                    size -= len(line)
                if not line.endswith(b"\n"):
                    raise ArchiveError(f"{path}:{number}: a torn line")
                yield line[:-1]
        except UNPACKING_ERRORS as error:
            raise ArchiveError(f"{path}:{number + 1}: damaged ({error})") from error


def read_manifest(folder: Path, name: str) -> Manifest | None:
    """The manifest of a segment; None where there is none yet, `ArchiveError` where it is not one."""
    path = folder / f"{name}{MANIFEST}"
    try:
        return Manifest(**json.loads(path.read_bytes()))
    except FileNotFoundError:
        return None
    except (ValueError, TypeError) as error:
        raise ArchiveError(f"{path}: not a manifest ({error})") from error


def seal(folder: Path, name: str, compression: str = "", replaces: Iterable[str] = ()) -> None:
    """Give a written segment its own name, for good; then compress it, and write its manifest.

    `OSError` where the disk does not take it: what is written stays.
    """
    part, path = folder / f"{name}{PART}", folder / f"{name}{LINES}"
    if part.exists():
        sync(part)
        part.rename(path)
        sync(folder)
    # Where sealing was cut off, the compressed file may be the only one already, or there beside the plain one.
    if compression and path.exists():
        _compress(path, compression)
    path = sealed_segments(folder)[name]
    for other in folder.glob(f"{name}{LINES}.*"):
        if other != path:
            other.unlink()
    write_manifest(path, replaces)


def write_manifest(path: Path, replaces: Iterable[str] = ()) -> Manifest:
    """Write the manifest of a sealed segment; `ArchiveError` where one of its lines is no record."""
    count = 0
    first = last = None
    for line in read_lines(path):
        count += 1
        try:
            date = orjson.loads(line)["date"]
            dated = datetime.fromisoformat(date), date
        except (ValueError, TypeError, KeyError) as error:
            raise ArchiveError(f"{path}:{count}: not a record ({error})") from error
        first, last = min(first or dated, dated), max(last or dated, dated)
    manifest = Manifest(
        segment=path.name,
        count=count,
        bytes=path.stat().st_size,
        sha256=digest(path),
        first_date=first[1] if first else None,
        last_date=last[1] if last else None,
        replaces=sorted(replaces),
    )
    save_manifest(path.parent, manifest)
    return manifest


def save_manifest(folder: Path, manifest: Manifest) -> None:
    """Write a manifest, in the place of a former one."""
    written = json.dumps(asdict(manifest), ensure_ascii=False, indent=1) + "\n"
    name = manifest.segment.partition(".")[0]
    _replace(folder / f"{name}{MANIFEST}", lambda file: file.write(written.encode()))


def digest(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _compress(path: Path, compression: str) -> None:
    ending, opener = COMPRESSIONS[compression]
    packed = path.with_name(f"{path.name.removesuffix(LINES)}{ending}")
    temporary = packed.with_name(packed.name + TEMPORARY)
    with path.open("rb") as plain, opener(temporary, "wb") as file:
        shutil.copyfileobj(plain, file, 1024 * 1024)
    sync(temporary)
    temporary.rename(packed)
    sync(path.parent)
    path.unlink()


def _replace(path: Path, write: Callable[[IO[bytes]], object]) -> None:
    """Put a whole file in the place of another, or of none."""
    temporary = path.with_name(path.name + TEMPORARY)
    with temporary.open("wb") as file:
        write(file)
    sync(temporary)
    temporary.rename(path)
    sync(path.parent)


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
            if not segment.exists() or digest(segment) != manifest.sha256:
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


def sync(path: Path) -> None:
    """Wait until a file, or a folder's list of names, is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
