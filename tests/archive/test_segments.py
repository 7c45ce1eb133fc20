import hashlib
import os
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import orjson
import pytest
from scrapy.settings import Settings

from narayacrawl.archive.listing import Listing
from narayacrawl.archive.manifest import Manifest, read_manifest, save_manifest
from narayacrawl.archive.segment_files import MANIFEST, ArchiveError, read_lines
from narayacrawl.archive.segments import (
    archive_folder,
    missing,
    portal_folder,
    portals,
    recover,
    seal,
    sealed_segments,
    segment_name,
)
from tests.archived import all_lines, article, name, write_part, write_segment
from tests.cuts import cuts

ENDINGS = {"": ".jsonl", "gzip": ".jsonl.gz", "zstd": ".jsonl.zst"}
THREE = [article(number) for number in (1, 2, 3)]
WRITTEN = [orjson.dumps(one) for one in THREE]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# Names


@pytest.mark.parametrize(
    ("started", "run", "expected"),
    [
        (datetime(2025, 11, 24, 22, 48, 1, tzinfo=UTC), 12, "20251124T224801Z-000012"),
        (datetime(2025, 11, 25, 5, 48, 1, tzinfo=timezone(timedelta(hours=7))), 12, "20251124T224801Z-000012"),
        (datetime(2025, 11, 24, 22, 48, 1, tzinfo=UTC), 1_234_567, "20251124T224801Z-1234567"),
    ],
)
def test_segment_is_named_after_its_run(started: datetime, run: int, expected: str) -> None:
    assert segment_name(started, run) == expected


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ([], 0),
        (["20251124T224801Z-000012.jsonl.part"], 12),
        (["20251124T224801Z-000012.jsonl.zst", "202510-000001-000013.jsonl"], 13),
        (["20251124T224801Z-000012-2.jsonl", "202511-000001-000004-2.jsonl.gz", "articles.jsonl"], 12),
    ],
)
def test_last_run_is_the_highest_in_a_name(files: list[str], expected: int, tmp_path: Path) -> None:
    for file in files:
        (tmp_path / file).touch()
    assert Listing(tmp_path).last_run == expected


def test_compacted_months_stand_before_the_runs_of_theirs(tmp_path: Path) -> None:
    files = [
        "202510-000001-000003.jsonl",
        "20251031T220000Z-000004.jsonl",
        "202511-000005-000009.jsonl.zst",
        "202511-000005-000009-2.jsonl.zst",
        "20251101T000000Z-000010.jsonl",
        "20251101T000000Z-000010-2.jsonl",
    ]
    for file in [*files, "20251101T000000Z-000011.jsonl.part", "20251101T000000Z-000010.jsonl.gz.tmp"]:
        (tmp_path / file).touch()
    assert [path.name for path in sealed_segments(tmp_path).values()] == files


@pytest.mark.parametrize(("archive", "expected"), [("data", "/project/data"), ("/archive", "/archive")])
def test_archive_is_beside_the_project_unless_it_is_absolute(
    archive: str, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("narayacrawl.archive.segments.closest_scrapy_cfg", lambda: "/project/scrapy.cfg")
    assert archive_folder(Settings({"ARCHIVE": archive})) == Path(expected)


def test_folder_of_a_portal_has_no_colon_in_its_name(tmp_path: Path) -> None:
    assert portal_folder(tmp_path, "127.0.0.1:8088") == tmp_path / "127.0.0.1_8088"


@pytest.mark.parametrize(
    "portal", ["radar", "radar-contoh.example", "kabar_kita", "пример.рф", "portal.example_8080", "a", "Radar 2", "__1"]
)
def test_portal_has_a_folder_of_its_name(portal: str, tmp_path: Path) -> None:
    assert portal_folder(tmp_path, portal) == tmp_path / portal


@pytest.mark.parametrize(
    "portal",
    ["", ".", "..", "../lain", "a/b", "/etc", "a\\b", "a\0b", "a\nb", ".sembunyi", "a.", "a ", "a..b", "a*b", "a" * 300,
     "C:\\data", "~/data", "\u202eradar"],
)  # fmt: skip
def test_name_that_is_none_of_a_folder_is_refused(portal: str, tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="cannot name a portal's folder"):
        portal_folder(tmp_path, portal)


@pytest.mark.parametrize("portal", ["con", "NUL", "com1.example", "lpt9"])
def test_name_of_a_device_of_windows_gets_another_ending(portal: str, tmp_path: Path) -> None:
    assert portal_folder(tmp_path, portal) == tmp_path / f"{portal}_"


def test_folder_that_leads_out_of_the_archive_is_refused_and_not_listed(tmp_path: Path) -> None:
    archive, outside = tmp_path / "data", tmp_path / "lain"
    archive.mkdir()
    write_segment(outside, 1, [article(1)])
    (archive / "radar").symlink_to(outside)
    with pytest.raises(ArchiveError, match="leads out of the archive"):
        portal_folder(archive, "radar")
    assert portals(archive) == {}
    (tmp_path / "tautan").symlink_to(archive)  # that the archive is elsewhere is the user's will
    assert portal_folder(tmp_path / "tautan", "kabar") == tmp_path / "tautan" / "kabar"


LINKED: dict[str, tuple[str, Callable[[Path], object]]] = {
    "a segment": (f"{name(1)}.jsonl", lambda folder: list(read_lines(folder / f"{name(1)}.jsonl"))),
    "a compressed segment": (f"{name(1)}.jsonl.gz", lambda folder: list(read_lines(folder / f"{name(1)}.jsonl.gz"))),
    "a manifest": (f"{name(1)}.manifest.json", lambda folder: read_manifest(folder, name(1))),
    "an unsealed segment": (f"{name(1)}.jsonl.part", lambda folder: recover(folder, {name(1): 1})),
    "an unsealed segment without a ledger": (f"{name(1)}.jsonl.part", lambda folder: recover(folder, None)),
}


@pytest.mark.parametrize("what", LINKED)
def test_link_in_the_archive_is_not_followed(what: str, tmp_path: Path) -> None:
    file, read = LINKED[what]
    folder, outside = tmp_path / "radar", tmp_path / "lain.txt"
    folder.mkdir()
    outside.write_text('{"rahasia": 1}\n')
    (folder / file).symlink_to(outside)
    with pytest.raises(ArchiveError, match="is a link: the archive holds files only"):
        read(folder)
    assert outside.read_text() == '{"rahasia": 1}\n'


def test_files_are_created_beside_links_not_through_them(tmp_path: Path) -> None:
    folder, outside = tmp_path / "radar", tmp_path / "lain.txt"
    write_part(folder, 1, [article(1)])
    outside.write_text("asli")
    for ending in (".jsonl.gz.tmp", ".manifest.json.tmp", ".manifest.json"):
        (folder / f"{name(1)}{ending}").symlink_to(outside)
    seal(folder, name(1), "gzip")
    assert outside.read_text() == "asli"
    assert sorted(path.name for path in folder.iterdir() if path.is_symlink()) == []
    (folder / f"{name(2)}.jsonl.part").symlink_to(outside)
    with pytest.raises(FileExistsError):
        write_part(folder, 2, [article(2)])
    assert outside.read_text() == "asli"


@pytest.mark.parametrize("settings", [{}, {"ARCHIVE": ""}, {"ARCHIVE": None}])
def test_empty_setting_means_no_archive(settings: dict[str, Any]) -> None:
    assert archive_folder(Settings(settings)) is None


def test_portals_are_the_folders_with_a_segment(tmp_path: Path) -> None:
    write_segment(tmp_path / "sealed", 1, THREE)
    write_part(tmp_path / "going_8088", 1, THREE)
    (tmp_path / "empty").mkdir()
    (tmp_path / "ledger.db").touch()
    assert portals(tmp_path) == {"going_8088": tmp_path / "going_8088", "sealed": tmp_path / "sealed"}
    assert portals(tmp_path / "none") == {}


# Sealing


@pytest.mark.parametrize("compression", ENDINGS)
def test_sealed_segment_holds_the_lines_as_written(compression: str, tmp_path: Path) -> None:
    written = write_part(tmp_path, 1, THREE).read_bytes()
    seal(tmp_path, name(1), compression)
    assert names(tmp_path) == sorted([name(1) + ENDINGS[compression], name(1) + MANIFEST])
    assert b"".join(line + b"\n" for line in all_lines(tmp_path)) == written


@pytest.mark.parametrize("compression", ENDINGS)
def test_manifest_tells_what_the_file_holds(compression: str, tmp_path: Path) -> None:
    dates = ["2025-11-24T01:00:00+07:00", "2025-11-24T00:30:00+09:00", "2025-11-23T23:59:59+07:00"]
    articles = [article(number, date=date) for number, date in enumerate(dates)]
    path = write_segment(tmp_path, 1, articles, compression=compression)
    assert read_manifest(tmp_path, name(1)) == Manifest(
        segment=path.name,
        count=3,
        bytes=path.stat().st_size,
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        first_date=dates[1],
        last_date=dates[0],
        replaces=[],
    )


@pytest.mark.parametrize("content", [b"{}", b"[]", b"null", b"{"])
def test_what_is_no_manifest_is_told(content: bytes, tmp_path: Path) -> None:
    (tmp_path / f"{name(1)}{MANIFEST}").write_bytes(content)
    with pytest.raises(ArchiveError, match=r"manifest\.json: not a manifest"):
        read_manifest(tmp_path, name(1))


@pytest.mark.parametrize(
    ("content", "line"),
    [(b"{}\n", "1: not a record"), (b'{"date":"2025-11-24"}\n{"da', "2: a torn line"), (b"\n", "1: not a record")],
)
def test_segment_with_another_line_is_not_sealed_silently(content: bytes, line: str, tmp_path: Path) -> None:
    path = tmp_path / f"{name(1)}.jsonl.part"
    path.write_bytes(content)
    with pytest.raises(ArchiveError, match=f"{name(1)}.jsonl:{line}"):
        seal(tmp_path, name(1))


@pytest.mark.parametrize("compression", ["gzip", "zstd"])
@pytest.mark.parametrize("keep", [0, 10, -8])
def test_damage_of_a_compressed_segment_is_told(compression: str, keep: int, tmp_path: Path) -> None:
    path = write_segment(tmp_path, 1, THREE, compression=compression)
    path.write_bytes(path.read_bytes()[:keep] + (b"" if keep else b"nonsense"))
    with pytest.raises(ArchiveError, match=r"jsonl\.\w+:\d: damaged"):
        list(read_lines(path))


def test_lines_of_an_unsealed_segment_end_at_a_size(tmp_path: Path) -> None:
    part = write_part(tmp_path, 1, THREE)
    lines = part.read_bytes().splitlines(keepends=True)
    assert len(list(read_lines(part, len(lines[0] + lines[1])))) == 2
    assert list(read_lines(part, 0)) == []
    with pytest.raises(ArchiveError, match=":2: a torn line"):
        list(read_lines(part, len(lines[0]) + 1))


# Recovery


def acknowledged_lines(folder: Path, acknowledged: Mapping[str, int] | None, compression: str = "") -> int:
    recover(folder, acknowledged, compression)
    return len(all_lines(folder))


def test_unacknowledged_lines_are_cut_off(tmp_path: Path) -> None:
    size = len(write_part(tmp_path, 1, THREE).read_bytes().splitlines(keepends=True)[0])
    assert acknowledged_lines(tmp_path, {name(1): size}) == 1


def test_segment_without_acknowledged_lines_goes(tmp_path: Path) -> None:
    write_part(tmp_path, 1, THREE)
    assert acknowledged_lines(tmp_path, {name(1): 0}) == 0
    assert names(tmp_path) == []


def test_whole_lines_stay_where_nobody_knows_what_was_acknowledged(tmp_path: Path) -> None:
    part = write_part(tmp_path, 1, THREE)
    os.truncate(part, part.stat().st_size - 5)
    assert acknowledged_lines(tmp_path, None) == 2


@pytest.mark.parametrize(
    ("acknowledged", "line"),
    [({}, "is not of this ledger"), ({name(1): 100_000}, "100000 were acknowledged: restore it")],
)
def test_segment_that_is_not_what_the_ledger_knows_stays(
    acknowledged: dict[str, int], line: str, tmp_path: Path
) -> None:
    before = write_part(tmp_path, 1, THREE).read_bytes()
    with pytest.raises(ArchiveError, match=line):
        recover(tmp_path, acknowledged)
    assert (tmp_path / f"{name(1)}.jsonl.part").read_bytes() == before


def test_sealed_segment_is_left_alone(tmp_path: Path) -> None:
    path = write_segment(tmp_path, 1, THREE)
    assert acknowledged_lines(tmp_path, {name(1): 1}, "zstd") == 3
    assert sealed_segments(tmp_path) == {name(1): path}


@pytest.mark.parametrize("later", ENDINGS)
@pytest.mark.parametrize("compression", ENDINGS)
def test_sealing_cut_off_anywhere_is_finished(
    compression: str, later: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in cuts(
        monkeypatch,
        tmp_path,
        lambda folder: write_part(folder, 1, THREE),
        lambda folder: seal(folder, name(1), compression),
    ):
        size = len(b"".join(line + b"\n" for line in WRITTEN))
        for known in ({name(1): size}, None):
            recover(folder, known, later)
        manifest = read_manifest(folder, name(1))
        assert manifest is not None
        assert names(folder) == sorted([manifest.segment, name(1) + MANIFEST])
        assert all_lines(folder) == WRITTEN


# What is missing


def test_merged_segments_are_not_missing(tmp_path: Path) -> None:
    merged = write_segment(tmp_path, 1, THREE)
    manifest = read_manifest(tmp_path, name(1))
    assert manifest is not None
    merged.rename(tmp_path / "202511-000001-000002.jsonl")
    changes = {"segment": "202511-000001-000002.jsonl", "replaces": [name(1), name(2)]}
    save_manifest(tmp_path, Manifest(**(asdict(manifest) | changes)))
    write_segment(tmp_path, 3, THREE)
    assert missing(tmp_path, [name(1), name(2), name(3), name(4)]) == [name(4)]


def test_unsealed_segment_is_missing(tmp_path: Path) -> None:
    write_part(tmp_path, 1, THREE)
    assert missing(tmp_path, [name(1)]) == [name(1)]
