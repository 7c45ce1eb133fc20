import os
from pathlib import Path

import pytest

from narayacrawl.archive.listing import Listing
from narayacrawl.archive.segment_files import MANIFEST
from narayacrawl.archive.segments import missing, recover
from tests.archived import article, name, write_segment


@pytest.mark.parametrize(("past", "present", "due"), [(100, 5, 0), (101, 5, 106), (0, 1_000, 0), (0, 1_001, 1_001)])
def test_many_segments_or_some_of_past_months_are_to_be_merged(
    past: int, present: int, due: int, tmp_path: Path
) -> None:
    names = [name(run, 10) for run in range(past)] + [name(run, 11) for run in range(past, past + present)]
    for own in ["202509-000001-000009", *names]:
        (tmp_path / f"{own}.jsonl").touch()
    assert Listing(tmp_path).due_for_compaction("202511") == due


def test_missing_manifests_are_written_without_listing_the_folder_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for run in range(1, 6):
        write_segment(tmp_path, run, [article(run)])
        (tmp_path / f"{name(run)}{MANIFEST}").unlink()
    listings, real = [], os.listdir

    def listed(folder: Path) -> list[str]:
        listings.append(folder)
        return real(folder)

    monkeypatch.setattr(os, "listdir", listed)
    recover(tmp_path, {})
    assert len(listings) == 1
    assert len(list(tmp_path.glob(f"*{MANIFEST}"))) == 5


def test_start_opens_no_manifest_of_a_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for run in range(1, 4):
        write_segment(tmp_path, run, [article(run)])
    monkeypatch.setattr("narayacrawl.archive.listing.read_manifest", lambda *_: pytest.fail("a manifest was opened"))
    listing = Listing(tmp_path)
    assert not recover(tmp_path, {}, listing=listing)
    assert missing(tmp_path, [name(1), name(4)], listing) == [name(4)]
