import os
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest
from scrapy.settings import Settings
from sqlalchemy import insert

from narayacrawl.archive.manifest import write_manifest
from narayacrawl.archive.reader import SegmentGone, segments_now
from narayacrawl.archive.segment_files import MANIFEST, ArchiveError, read_lines
from narayacrawl.archive.segments import seal
from narayacrawl.ledger.database import LedgerError, open_ledger
from narayacrawl.ledger.tables import runs
from tests.archived import article, name, write_part, write_segment

THREE = [article(number) for number in (1, 2, 3)]
LEDGER = "sqlite:///%(archive)s/ledger.db"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "portal"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings({"ARCHIVE": str(tmp_path), "LEDGER": LEDGER})


def write_ledger(archive: Path, *rows: tuple[int, str | None, int]) -> None:
    """A ledger with these runs: id, segment, acknowledged bytes."""
    with closing(open_ledger(f"sqlite:///{archive}/ledger.db")) as ledger, ledger.begin():
        for run, segment, size in rows:
            row = {"id": run, "portal": "portal", "spider": "portal", "arguments": "{}", "started": "2025-11-24"}
            ledger.execute(insert(runs).values(row | {"segment": segment, "acknowledged": size}))


def listed(folder: Path, settings: Settings) -> list[tuple[str, int]]:
    """Name and number of lines of each segment."""
    return [(segment.path.name, len(list(segment.lines()))) for segment in segments_now(folder, settings)]


def first_lines(part: Path, count: int) -> int:
    """The size of so many lines."""
    return len(b"".join(part.read_bytes().splitlines(keepends=True)[:count]))


def test_acknowledged_lines_of_a_run_that_goes_on_count(folder: Path, settings: Settings) -> None:
    write_segment(folder, 1, THREE, compression="gzip")
    part = write_part(folder, 2, THREE)
    write_ledger(folder.parent, (2, name(2), first_lines(part, 2)))
    assert listed(folder, settings) == [(f"{name(1)}.jsonl.gz", 3), (part.name, 2)]


def test_run_that_has_acknowledged_nothing_has_no_segment(folder: Path, settings: Settings) -> None:
    write_part(folder, 2, THREE)
    write_ledger(folder.parent, (2, None, 0))
    assert listed(folder, settings) == []


@pytest.mark.parametrize("ledger", ["", None, LEDGER, "sqlite://"])
def test_whole_lines_count_without_a_ledger(ledger: str | None, folder: Path, settings: Settings) -> None:
    part = write_part(folder, 1, THREE)
    os.truncate(part, part.stat().st_size - 1)
    settings.set("LEDGER", ledger)
    assert listed(folder, settings) == [(part.name, 2)]


@pytest.mark.parametrize(
    ("rows", "line"),
    [
        ([], "is not of this ledger"),
        ([(2, "20240101T000000Z-000002", 1)], "is not of this ledger"),
        ([(2, name(2), 1_000_000)], "1000000 were acknowledged"),
    ],
)
def test_unsealed_segment_that_the_ledger_does_not_know_so_is_told(
    rows: Sequence[tuple[int, str, int]], line: str, folder: Path, settings: Settings
) -> None:
    write_part(folder, 2, THREE)
    write_ledger(folder.parent, *rows)
    with pytest.raises(ArchiveError, match=line):
        segments_now(folder, settings)


def test_acknowledged_part_of_a_line_is_told(folder: Path, settings: Settings) -> None:
    part = write_part(folder, 2, THREE)
    write_ledger(folder.parent, (2, name(2), first_lines(part, 1) + 1))
    with pytest.raises(ArchiveError, match=r"part:2: a torn line"):
        listed(folder, settings)


def test_ledger_is_asked_only_where_a_segment_is_not_sealed(folder: Path, settings: Settings) -> None:
    write_segment(folder, 1, THREE)
    (folder.parent / "ledger.db").write_bytes(b"no database" * 1000)
    assert listed(folder, settings) == [(f"{name(1)}.jsonl", 3)]
    write_part(folder, 2, THREE)
    with pytest.raises(LedgerError):
        segments_now(folder, settings)


def test_unfinished_month_does_not_count(folder: Path, settings: Settings) -> None:
    write_part(folder, 1, THREE).rename(folder / "202511-000001-000002.jsonl.part")
    assert listed(folder, settings) == []


def test_merged_segments_do_not_count_beside_their_month(folder: Path, settings: Settings) -> None:
    month = write_segment(folder, 1, THREE).rename(folder / "202511-000001-000002.jsonl")
    write_manifest(month, [name(1), name(2)])
    (folder / f"{name(1)}{MANIFEST}").unlink()
    write_segment(folder, 1, THREE[:1])
    assert listed(folder, settings) == [(month.name, 3)]


# Damage


@pytest.mark.parametrize("compression", ["", "gzip", "zstd"])
def test_segment_of_another_size_than_sealed_is_told(compression: str, folder: Path, settings: Settings) -> None:
    path = write_segment(folder, 1, THREE, compression=compression)
    os.truncate(path, path.stat().st_size - 9)
    with pytest.raises(ArchiveError, match=rf"{path.name}:\d: \d+ bytes, \d+ were sealed"):
        segments_now(folder, settings)


def test_line_that_is_missing_is_told(folder: Path, settings: Settings) -> None:
    path = write_segment(folder, 1, THREE, compression="gzip")
    lines = list(read_lines(path))
    path.unlink()
    (folder / f"{name(1)}.jsonl").write_bytes(b"\n".join(lines[:2]) + b"\n")
    with pytest.raises(ArchiveError, match=r"jsonl:2: the last line, 3 lines were sealed"):
        listed(folder, settings)


def test_segment_without_its_manifest_is_read(folder: Path, settings: Settings) -> None:
    path = write_segment(folder, 1, THREE)
    (folder / f"{name(1)}{MANIFEST}").unlink()
    assert listed(folder, settings) == [(path.name, 3)]


def test_segment_that_went_after_it_was_listed_is_no_damage(folder: Path, settings: Settings) -> None:
    path = write_segment(folder, 1, THREE)
    [segment] = segments_now(folder, settings)
    path.unlink()
    with pytest.raises(SegmentGone):
        list(segment.lines())


# A folder that changes


def test_segment_that_is_sealed_while_the_folder_is_listed_is_found(
    folder: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_part(folder, 1, THREE)

    def known(*_: object) -> None:
        if (folder / f"{name(1)}.jsonl.part").exists():
            seal(folder, name(1), "zstd")

    monkeypatch.setattr("narayacrawl.archive.reader.acknowledged_sizes", known)
    assert listed(folder, settings) == [(f"{name(1)}.jsonl.zst", 3)]


def test_folder_that_never_stays_the_same_is_told(
    folder: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_part(folder, 1, THREE)
    later = iter(range(2, 100))

    def known(*_: object) -> None:
        write_segment(folder, next(later), THREE)

    monkeypatch.setattr("narayacrawl.archive.reader.acknowledged_sizes", known)
    with pytest.raises(ArchiveError, match="changed 5 times while it was listed: try again"):
        segments_now(folder, settings)


def test_replaced_segments_that_go_while_the_folder_is_listed_change_nothing(
    folder: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    month = write_segment(folder, 1, THREE).rename(folder / "202511-000001-000009.jsonl")
    replaced = [name(run) for run in range(1, 10)]
    write_manifest(month, replaced)
    left = [write_segment(folder, run, THREE) for run in range(1, 10)]
    write_part(folder, 10, THREE)
    monkeypatch.setattr("narayacrawl.archive.reader.acknowledged_sizes", lambda *_: left.pop().unlink())
    segments_now(folder, settings)
    assert len(left) == 8
