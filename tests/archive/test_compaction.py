import hashlib
from pathlib import Path

import pytest
from filelock import FileLock
from scrapy.settings import Settings

from narayacrawl.archive.compaction import compact
from narayacrawl.archive.manifest import read_manifest
from narayacrawl.archive.reader import segments_now
from narayacrawl.archive.segment_files import MANIFEST, ArchiveError, read_lines
from narayacrawl.archive.segments import finish_merges, missing, recover
from narayacrawl.ledger.database import PortalBusy
from tests.archived import all_lines, article, name, write_part, write_segment
from tests.cuts import Cut, cuts
from tests.slow import first_quick


def write_months(folder: Path) -> None:
    """Two segments of October, three of November, in different compressions, and an unsealed one."""
    write_segment(folder, 1, [article(1), article(2)], month=10)
    write_segment(folder, 2, [article(3)], month=10, compression="gzip")
    write_segment(folder, 3, [article(4), article(1, revision=2)], compression="zstd")
    write_segment(folder, 4, [article(5)])
    write_segment(folder, 5, [article(6, id=None)])


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if not path.name.endswith((MANIFEST, ".lock")))


def counted_lines(folder: Path) -> list[bytes]:
    """The lines that an export reads."""
    segments = segments_now(folder, Settings({"ARCHIVE": str(folder.parent)}))
    return [line for segment in segments for line in segment.lines()]


@pytest.mark.parametrize(("compression", "ending"), [("", ".jsonl"), ("gzip", ".jsonl.gz"), ("zstd", ".jsonl.zst")])
def test_segments_of_a_month_become_one(compression: str, ending: str, tmp_path: Path) -> None:
    write_months(tmp_path)
    before = all_lines(tmp_path)
    merges = compact(tmp_path, compression)
    assert [(merge.month, merge.count) for merge in merges] == [("2025-10", 2), ("2025-11", 3)]
    assert names(tmp_path) == [f"202510-000001-000002{ending}", f"202511-000003-000005{ending}"]
    assert all_lines(tmp_path) == before


def test_month_of_one_segment_stays_as_it_is(tmp_path: Path) -> None:
    path = write_segment(tmp_path, 1, [article(1)])
    assert compact(tmp_path, "zstd") == []
    assert names(tmp_path) == [path.name]


def test_unsealed_segment_stays_as_it_is(tmp_path: Path) -> None:
    write_months(tmp_path)
    part = write_part(tmp_path, 6, [article(7)])
    compact(tmp_path)
    assert names(tmp_path) == ["202510-000001-000002.jsonl", "202511-000003-000005.jsonl", part.name]


def test_other_files_stay_as_they_are(tmp_path: Path) -> None:
    write_months(tmp_path)
    (tmp_path / "202511 saved.jsonl").write_bytes(b"")
    (tmp_path / "202511saved.jsonl").write_bytes(b"")
    compact(tmp_path)
    assert {"202511 saved.jsonl", "202511saved.jsonl"} <= set(names(tmp_path))


@pytest.mark.parametrize("compression", ["", "zstd"])
def test_manifest_tells_what_the_merged_file_holds(compression: str, tmp_path: Path) -> None:
    dates = ["2025-11-24T01:00:00+07:00", "2025-11-24T00:30:00+09:00"]
    for run, date in enumerate(dates, 1):
        write_segment(tmp_path, run, [article(run, date=date), article(9, date="2025-11-24T00:45:00+07:00")])
    [merge] = compact(tmp_path, compression)
    manifest = read_manifest(tmp_path, merge.path.name.partition(".")[0])
    assert manifest is not None
    content = merge.path.read_bytes()
    assert (manifest.segment, manifest.bytes) == (merge.path.name, len(content))
    assert manifest.sha256 == hashlib.sha256(content).hexdigest()
    assert (manifest.count, manifest.first_date, manifest.last_date) == (4, dates[1], dates[0])
    assert manifest.replaces == [name(1), name(2)]


def test_month_is_merged_again_with_later_runs(tmp_path: Path) -> None:
    write_months(tmp_path)
    compact(tmp_path, "zstd")
    write_segment(tmp_path, 6, [article(7)])
    before = all_lines(tmp_path)
    compact(tmp_path)
    assert names(tmp_path) == ["202510-000001-000002.jsonl.zst", "202511-000003-000006.jsonl"]
    assert all_lines(tmp_path) == before
    assert missing(tmp_path, [f"{name(run, 10 if run < 3 else 11)}" for run in range(1, 7)]) == []


def test_run_that_came_back_between_is_merged_under_another_name(tmp_path: Path) -> None:
    for run in (1, 3):
        write_segment(tmp_path, run, [article(run)])
    compact(tmp_path)
    write_segment(tmp_path, 2, [article(2)])
    compact(tmp_path)
    assert names(tmp_path) == ["202511-000001-000003-2.jsonl"]
    assert len(all_lines(tmp_path)) == 3


def test_segment_without_its_manifest_is_merged(tmp_path: Path) -> None:
    write_months(tmp_path)
    for path in tmp_path.glob(f"*{MANIFEST}"):
        path.unlink()
    before = all_lines(tmp_path)
    compact(tmp_path)
    assert all_lines(tmp_path) == before


def test_compaction_waits_for_no_crawl(tmp_path: Path) -> None:
    write_months(tmp_path)
    with FileLock(tmp_path / ".lock"), pytest.raises(PortalBusy, match="is running: compact when it has ended"):
        compact(tmp_path)


@pytest.mark.parametrize("content", [b"", b"nonsense\n", b"{}\n"])
def test_damaged_segment_is_told_and_nothing_is_merged(content: bytes, tmp_path: Path) -> None:
    write_months(tmp_path)
    (tmp_path / f"{name(4)}.jsonl").write_bytes(content)
    with pytest.raises(ArchiveError, match=f"{name(4)}.jsonl is not what its manifest says"):
        compact(tmp_path)
    assert len(names(tmp_path)) == 4


def test_merge_of_another_content_replaces_nothing(tmp_path: Path) -> None:
    kept = write_segment(tmp_path, 1, [article(1)])
    write_segment(tmp_path, 2, [article(2)])
    [merge] = compact(tmp_path)
    merge.path.write_bytes(b"torn")
    write_segment(tmp_path, 1, [article(1)])
    with pytest.raises(ArchiveError, match="is not what its manifest says"):
        finish_merges(tmp_path)
    assert kept.exists()


@pytest.mark.slow
@pytest.mark.parametrize("error", first_quick(Cut, OSError))
@pytest.mark.parametrize("compression", first_quick("", "zstd"))
def test_compaction_cut_off_anywhere_loses_nothing(
    error: type[BaseException], compression: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_months(tmp_path / "expected")
    expected = all_lines(tmp_path / "expected")
    tried = 0
    for folder in cuts(monkeypatch, tmp_path, write_months, lambda folder: compact(folder, compression), error):
        tried += 1
        assert counted_lines(folder) == expected
        recover(folder, {})
        assert all_lines(folder) == expected
        compact(folder, compression)
        assert all_lines(folder) == expected
        assert [file.partition(".")[0] for file in names(folder)] == ["202510-000001-000002", "202511-000003-000005"]
        assert len(list(folder.glob(f"*{MANIFEST}"))) == 2
    assert tried > 40


@pytest.mark.slow
def test_recovery_of_a_merge_may_be_cut_off_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_months(tmp_path / "expected")
    expected = all_lines(tmp_path / "expected")
    merged = tmp_path / "merged"
    write_months(merged)
    compact(merged)

    def replaced_and_merged(folder: Path) -> None:
        write_months(folder)
        for path in merged.iterdir():
            (folder / path.name).write_bytes(path.read_bytes())
        (folder / "202511-000003-000099.jsonl.part").write_bytes(b"")
        (folder / f"202511-000003-000099{MANIFEST}").write_bytes(
            (merged / f"202511-000003-000005{MANIFEST}").read_bytes()
        )

    for folder in cuts(monkeypatch, tmp_path, replaced_and_merged, finish_merges):
        assert counted_lines(folder) == expected
        finish_merges(folder)
        assert all_lines(folder) == expected


def test_reader_that_has_begun_reads_on(tmp_path: Path) -> None:
    path = write_segment(tmp_path, 1, [article(1), article(2)])
    write_segment(tmp_path, 2, [article(3)])
    lines = read_lines(path)
    next(lines)
    compact(tmp_path)
    assert len(list(lines)) == 1
