"""Read and write the manifest of a sealed segment: its number of articles, checksum, first and last date."""

import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import orjson

from narayacrawl.archive.segment_files import MANIFEST, ArchiveError, open_file, read_lines, replace_file


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a sealed segment holds, as the JSON file beside it says."""

    segment: str
    """The file's name."""
    count: int
    """How many records it holds, one a line."""
    bytes: int
    """The file's size."""
    sha256: str
    """The file's checksum."""
    first_date: str | None
    """The earliest `date` of its records, as they spell it; None if it holds no record."""
    last_date: str | None
    replaces: list[str]
    """Names of the segments that were merged into it, at once or in several steps; [] if there are none."""


def read_manifest(folder: Path, name: str) -> Manifest | None:
    """Return the manifest of a segment, None if it has none yet; raise `ArchiveError` if the file is not a manifest."""
    path = folder / f"{name}{MANIFEST}"
    try:
        with os.fdopen(open_file(path), "rb") as file:
            return Manifest(**json.loads(file.read()))
    except FileNotFoundError:
        return None
    except (ValueError, TypeError) as error:
        raise ArchiveError(f"{path}: not a manifest ({error})") from error


def write_manifest(path: Path, replaces: Iterable[str] = ()) -> Manifest:
    """Write the manifest of a sealed segment; raise `ArchiveError` if one of its lines is not a record."""
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
        sha256=file_sha256(path),
        first_date=first[1] if first else None,
        last_date=last[1] if last else None,
        replaces=sorted(replaces),
    )
    save_manifest(path.parent, manifest)
    return manifest


def save_manifest(folder: Path, manifest: Manifest) -> None:
    """Write a manifest, replacing an earlier one."""
    text = json.dumps(asdict(manifest), ensure_ascii=False, indent=1) + "\n"
    name = manifest.segment.partition(".")[0]
    replace_file(folder / f"{name}{MANIFEST}", lambda file: file.write(text.encode()))


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with os.fdopen(open_file(path), "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
