"""What a portal's archive holds at a moment, though a crawl or a compaction of it goes on."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from scrapy.settings import BaseSettings
from sqlalchemy import Connection, select

from narayacrawl.archive.manifest import read_manifest
from narayacrawl.archive.segment_files import JSONL, PART, ArchiveError, read_lines
from narayacrawl.archive.segments import MONTH, RUN, sealed_segments, whole_lines
from narayacrawl.language.english import counted
from narayacrawl.ledger.database import LedgerError, is_kept, ledger_errors, ledger_url, name_of, open_ledger
from narayacrawl.ledger.runs import segments_of
from narayacrawl.ledger.tables import runs

ATTEMPTS: Final = 5


class SegmentGone(Exception):
    """A segment that was there when the folder was listed: by now it is sealed, compressed or merged into another."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment, and how much of it counts."""

    path: Path
    size: int | None
    """Bytes that count of one that is not sealed; None: all."""
    count: int | None
    """Lines it must have, by its manifest; None where nothing tells."""

    def lines(self) -> Iterator[bytes]:
        """Its lines, without their ends. `ArchiveError`, `SegmentGone`."""
        number = 0
        try:
            for line in read_lines(self.path, self.size):
                number += 1
                yield line
        except FileNotFoundError as error:
            raise SegmentGone(str(self.path)) from error
        except OSError as error:
            raise ArchiveError(f"{self.path}:{number + 1}: {error.strerror or error}") from error
        if self.count not in (None, number):
            raise ArchiveError(f"{self.path}:{number}: the last line, {self.count} lines were sealed")


def acknowledged_sizes(settings: BaseSettings, parts: Sequence[Path]) -> Mapping[Path, int] | None:
    """How many bytes the ledger knows to be written of these unsealed segments; None where there is no ledger.

    `ArchiveError` where it is not the ledger that they were written with, `LedgerError` where it cannot be read.
    """
    if not parts:
        return None
    url = ledger_url(settings.get("LEDGER"), parts[0].parents[1])
    if not is_kept(url):
        return None
    # By the run's number, not by the portal: the folder need not be named after it to the letter.
    numbers = {path: int(RUN.fullmatch(path.name.removesuffix(PART))["run"]) for path in parts}  # type: ignore[index]
    asked = select(runs.c.id, runs.c.segment, runs.c.acknowledged).where(runs.c.id.in_(numbers.values()))
    with closing(open_ledger(url, create=False)) as connection, ledger_errors(url), connection.begin():
        rows = {row.id: row for row in connection.execute(asked)}
    for path, number in numbers.items():
        # A run that has not acknowledged anything has no segment yet.
        if number not in rows or rows[number].segment not in (None, path.name.removesuffix(PART)):
            raise ArchiveError(f"{path} is not of this ledger: name the ledger it was written with (-s LEDGER=)")
    return {path: rows[number].acknowledged for path, number in numbers.items()}


def segments_now(folder: Path, settings: BaseSettings) -> list[Segment]:
    """The segments that count now, in the order of their names, each line of the archive once.

    Of one that is still written, or was when its run was killed, the acknowledged part counts. `ArchiveError` where a
    segment is not as large as it must be.
    """
    for _ in range(ATTEMPTS):
        try:
            names = list_segments(folder)
            segments = _segments(folder, names, settings)
            # Listing is not done at once: a segment may be renamed from what is not listed yet to what already was.
            if list_segments(folder) == names:
                return segments
        except FileNotFoundError:
            continue
    raise ArchiveError(f"{folder} changed {ATTEMPTS} times while it was listed: try again")


def refuse_unknown_segments(connection: Connection, portal: str, folder: Path) -> None:
    """`LedgerError` where the ledger does not know a segment: it has been lost, is an old one or another's, and would
    have written again what is there."""
    known = {row.segment for row in segments_of(connection, portal)}
    strange = []
    for name in {path.name.partition(".")[0] for path in folder.glob(f"*{JSONL}*")} - known:
        if MONTH.fullmatch(name):
            manifest = read_manifest(folder, name)
            strange += [name] if manifest and known.isdisjoint(manifest.replaces) else []
        elif RUN.fullmatch(name):
            strange.append(name)
    if strange:
        raise LedgerError(
            f"the ledger {name_of(connection)} knows nothing of the {counted(len(strange), 'segment')} in {folder}:"
            f" name theirs with -s LEDGER=, or make it anew: scrapy ledger rebuild {portal}"
        )


def list_segments(folder: Path) -> dict[str, Path]:
    """The segments by name, sealed or not, without what a month has replaced and what is no month yet."""
    parts = {path.name.removesuffix(PART): path for path in folder.glob(f"*{PART}")}
    sealed = sealed_segments(folder)
    months = [read_manifest(folder, name) for name in sealed if MONTH.fullmatch(name)]
    replaced = {name for manifest in months if manifest for name in manifest.replaces}
    found = {name: path for name, path in parts.items() if RUN.fullmatch(name)} | sealed
    return {name: path for name, path in sorted(found.items()) if name not in replaced}


def _segments(folder: Path, names: Mapping[str, Path], settings: BaseSettings) -> list[Segment]:
    parts = [path for path in names.values() if path.name.endswith(PART)]
    # Before their sizes are asked: what the ledger knows is in the files already.
    known = acknowledged_sizes(settings, parts)
    segments = []
    for name, path in names.items():
        if path not in parts:
            segments.append(_sealed(folder, name, path))
            continue
        size = whole_lines(path) if known is None else known[path]
        if path.stat().st_size < size:
            raise ArchiveError(f"{path} has {path.stat().st_size} bytes, {size} were acknowledged")
        if size:
            segments.append(Segment(path, size, None))
    return segments


def _sealed(folder: Path, name: str, path: Path) -> Segment:
    manifest = read_manifest(folder, name)
    if manifest is None:
        return Segment(path, None, None)
    size = path.stat().st_size
    if path.name == manifest.segment and size != manifest.bytes:
        raise ArchiveError(f"{path}:{_last_line(path)}: {size} bytes, {manifest.bytes} were sealed")
    return Segment(path, None, manifest.count)


def _last_line(path: Path) -> int:
    """The number of the last line that can be read."""
    number = 0
    with suppress(ArchiveError):
        for _ in read_lines(path):
            number += 1
    return number
