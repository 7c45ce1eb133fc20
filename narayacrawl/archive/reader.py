"""Read a portal's archive as it is at one moment, even while a crawl or a compaction changes it."""

from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from scrapy.settings import BaseSettings
from sqlalchemy import Connection, select

from narayacrawl.archive.listing import RUN, Listing
from narayacrawl.archive.manifest import read_manifest
from narayacrawl.archive.segment_files import PART, ArchiveError, read_lines
from narayacrawl.archive.segments import whole_lines
from narayacrawl.archive.tombstones import NONE_REMOVED, RemovedLines, read_tombstones
from narayacrawl.language.english import counted
from narayacrawl.ledger.database import LedgerError, is_kept, ledger_errors, ledger_url, name_of, open_ledger
from narayacrawl.ledger.tables import runs

ATTEMPTS: Final = 5
CHECKED_AT_START: Final = 50
"""Of so many segments a run compares the sizes when it begins: it takes 3 ms."""


class SegmentGone(Exception):
    """A segment was sealed, compressed or merged into another after the folder was listed."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment, and how much of it is valid."""

    path: Path
    size: int | None
    """How many bytes of an unsealed segment are valid; None for all."""
    count: int | None
    """How many lines its manifest says it has; None if it has no manifest."""
    removed: RemovedLines = NONE_REMOVED
    """What is passed over, if a removal was interrupted or a segment is of an older backup."""

    def lines(self) -> Iterator[bytes]:
        """Yield its lines, without line ends, but those of removed articles.

        Raises `SegmentGone` if the file was renamed or deleted, `ArchiveError` if it is damaged or lacks lines.
        """
        number = 0
        try:
            for line in read_lines(self.path, self.size):
                number += 1
                if line not in self.removed:
                    yield line
        except FileNotFoundError as error:
            raise SegmentGone(str(self.path)) from error
        except OSError as error:
            raise ArchiveError(f"{self.path}:{number + 1}: {error.strerror or error}") from error
        if self.count not in (None, number):
            raise ArchiveError(f"{self.path}:{number}: the last line, {self.count} lines were sealed")


def acknowledged_sizes(settings: BaseSettings, parts: Sequence[Path]) -> Mapping[Path, int] | None:
    """Return how many bytes of each of these unsealed segments the ledger has acknowledged; None if there is no ledger.

    Raises `ArchiveError` if they were written with another ledger, `LedgerError` if it cannot be read.
    """
    if not parts:
        return None
    url = ledger_url(settings.get("LEDGER"), parts[0].parents[1])
    if not is_kept(url):
        return None
    # By the run's number, not by the portal: the folder's name may differ from it (`:` becomes `_`).
    numbers = {path: int(RUN.fullmatch(path.name.removesuffix(PART))["run"]) for path in parts}  # type: ignore[index]
    query = select(runs.c.id, runs.c.segment, runs.c.acknowledged).where(runs.c.id.in_(numbers.values()))
    with closing(open_ledger(url, create=False)) as connection, ledger_errors(url), connection.begin():
        rows = {row.id: row for row in connection.execute(query)}
    for path, number in numbers.items():
        # A run that has not acknowledged anything has no segment yet.
        if number not in rows or rows[number].segment not in (None, path.name.removesuffix(PART)):
            raise ArchiveError(f"{path} is not of this ledger: name the ledger it was written with (-s LEDGER=)")
    return {path: rows[number].acknowledged for path, number in numbers.items()}


def segments_now(folder: Path, settings: BaseSettings) -> list[Segment]:
    """Return the valid segments, sorted by name; together they hold each line of the archive once.

    A segment that is being written, or whose run was killed, is valid up to the acknowledged size. Raises
    `ArchiveError` if a segment is smaller than it must be.
    """
    for _ in range(ATTEMPTS):
        try:
            names = list_segments(folder)
            segments = _valid_segments(folder, names, settings)
            # Listing is not atomic: a segment may be renamed behind the position that the listing has reached.
            if list_segments(folder) == names:
                return segments
        except FileNotFoundError:
            continue
    raise ArchiveError(f"{folder} changed {ATTEMPTS} times while it was listed: try again")


def refuse_unknown_segments(connection: Connection, portal: str, listing: Listing, known: Set[str]) -> None:
    """Raise `LedgerError` if the archive has a segment that is not among those that the ledger knows.

    Such a ledger is new, restored from an old backup or another archive's: a run would write the archived articles
    again.
    """
    strange = []
    for name in listing.segments - known:
        if replacing := listing.replacing.get(name):
            strange += [name] if known.isdisjoint(replacing.replaces) else []
        elif RUN.fullmatch(name):
            strange.append(name)
    if strange:
        raise LedgerError(
            f"the ledger {name_of(connection)} knows nothing of the {counted(len(strange), 'segment')} in"
            f" {listing.folder}: name theirs with -s LEDGER=, or make it anew: scrapy ledger rebuild {portal}"
        )


def refuse_cut_segments(listing: Listing) -> None:
    """Raise `ArchiveError` if one of the last segments has another size than it was sealed with: what was written last
    is what a power cut takes. Of the others an audit tells."""
    for name, file in list(listing.sealed.items())[-CHECKED_AT_START:]:
        _sealed_segment(listing.folder, name, listing.folder / file, NONE_REMOVED)


def list_segments(folder: Path) -> dict[str, Path]:
    """Return the segments by name, sealed or not, without those that another one replaces and without unfinished
    merges."""
    listing = Listing(folder)
    segments = {name: f"{name}{PART}" for name in listing.parts if RUN.fullmatch(name)} | listing.sealed
    replaced = listing.replaced
    return {name: folder / file for name, file in sorted(segments.items()) if name not in replaced}


def _valid_segments(folder: Path, names: Mapping[str, Path], settings: BaseSettings) -> list[Segment]:
    parts = [path for path in names.values() if path.name.endswith(PART)]
    # Before their sizes are read: what the ledger has acknowledged is in the files already.
    acknowledged = acknowledged_sizes(settings, parts)
    removed = RemovedLines(read_tombstones(folder))
    segments = []
    for name, path in names.items():
        if path not in parts:
            segments.append(_sealed_segment(folder, name, path, removed))
            continue
        size = whole_lines(path) if acknowledged is None else acknowledged[path]
        if path.stat().st_size < size:
            raise ArchiveError(f"{path} has {path.stat().st_size} bytes, {size} were acknowledged")
        if size:
            segments.append(Segment(path, size, None, removed))
    return segments


def _sealed_segment(folder: Path, name: str, path: Path, removed: RemovedLines) -> Segment:
    manifest = read_manifest(folder, name)
    if manifest is None:
        return Segment(path, None, None, removed)
    size = path.stat().st_size
    if path.name == manifest.segment and size != manifest.bytes:
        raise ArchiveError(f"{path}:{_last_line(path)}: {size} bytes, {manifest.bytes} were sealed")
    return Segment(path, None, manifest.count, removed)


def _last_line(path: Path) -> int:
    """Return the number of the last readable line."""
    number = 0
    with suppress(ArchiveError):
        for _ in read_lines(path):
            number += 1
    return number
