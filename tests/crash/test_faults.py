"""What a crawl does when the disk or the clock fails it: one clear line and status 1, and nothing acknowledged is lost;
or a right result."""

import json
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from filelock import FileLock

from narayacrawl.archive.segment_files import LOCK, MANIFEST
from tests.crash.faults import (
    break_a_batch,
    fill_disk_when_sealing,
    limit_files,
    limit_segment,
    refuse_a_sync,
    refuse_an_acknowledgement,
    set_clock,
    small_disk,
    tear_a_record,
    tear_a_write,
)
from tests.crash.portal import Served
from tests.crash.trial import Ended, Trial
from tests.crash.verdict import LedgerFile, Verdict, on_the_way

AN_HOUR = timedelta(hours=1)


def kept(trial: Trial) -> Verdict:
    """What is wrong with what was acknowledged so far, or with the ledger's word on it."""
    verdict = on_the_way(trial.archive, trial.portal.truth, trial.ledger)
    count = LedgerFile(trial.ledger).count
    verdict.say(count.keys() <= {"done", "pending"}, f"the ledger says {dict(count)}")
    return verdict


def line(ended: Ended, status: int = 1) -> str:
    """The one line that says why a crawl failed."""
    assert "Traceback" not in ended.log
    assert (ended.status, ended.log.count("scrapy crawl: ")) == (status, 1), ended.log
    return ended.last_line.removeprefix("scrapy crawl: ")


# The disk is full


@pytest.mark.slow
def test_file_that_may_not_grow_ends_the_crawl(trial: Trial) -> None:
    ended = trial.run(prepare=partial(limit_segment, 15_000))
    assert line(ended).startswith("output failed: File too large: ")
    assert not kept(trial)
    assert LedgerFile(trial.ledger).count["done"] > 0
    assert not trial.finish()


@pytest.mark.slow
def test_ledger_that_may_not_grow_ends_the_crawl(trial: Trial) -> None:
    ended = trial.run(prepare=partial(limit_files, 200_000))
    assert line(ended).startswith(f"output failed: ledger {trial.ledger}: ")
    assert not kept(trial)
    assert not trial.finish()


@pytest.mark.slow
def test_ledger_that_may_not_be_laid_out_is_an_error(trial: Trial) -> None:
    assert line(trial.run(prepare=partial(limit_files, 20_000))).startswith(f"ledger {trial.ledger}: ")
    assert not trial.finish()


@pytest.mark.slow
def test_full_disk_ends_the_crawl(press: Served, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "24k") as mount_again:
        trial = Trial(press, tmp_path, archive=tmp_path / "disk" / "data", ledger=tmp_path / "ledger.db")
        assert line(trial.run()) == f"output failed: No space left on device: {trial.segments}"
        assert not kept(trial)
        assert ": No space left on device: " in line(trial.run())
        assert not kept(trial)
        mount_again("size=4m")
        assert not trial.finish()


@pytest.mark.slow
def test_full_disk_of_the_ledger_ends_the_crawl(press: Served, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "200k") as mount_again:
        trial = Trial(press, tmp_path, ledger=tmp_path / "disk" / "ledger.db")
        assert line(trial.run()) == f"output failed: ledger {trial.ledger}: database or disk is full"
        assert not kept(trial)
        mount_again("size=4m")
        assert not trial.finish()


@pytest.mark.slow
def test_full_disk_when_sealing_fails_the_crawl(trial: Trial) -> None:
    ended = trial.run(prepare=fill_disk_when_sealing)
    assert line(ended).startswith(f"output failed: No space left on device: {trial.segments}")
    assert not kept(trial)
    assert not trial.finish()


@pytest.mark.slow
def test_nothing_is_written_behind_half_a_batch(trial: Trial) -> None:
    ended = trial.run(prepare=partial(tear_a_write, 2))
    assert line(ended) == f"output failed: No space left on device: {trial.segments}"
    assert not kept(trial)
    assert not trial.finish()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (partial(tear_a_record, 1), "No space left on device"),
        (partial(tear_a_record, 20), "No space left on device"),
        (partial(refuse_a_sync, 2), "Input/output error"),
    ],
    ids=["the first record", "a record", "a sync"],
)
def test_a_page_that_cannot_be_kept_ends_the_crawl(fault: partial[None], told: str, trial: Trial) -> None:
    trial.warc = True
    assert line(trial.run(prepare=fault)) == f"output failed: {told}: {trial.segments}"
    assert not kept(trial)
    assert not trial.finish()


@pytest.mark.slow
def test_a_disk_that_is_full_of_pages_ends_the_crawl(press: Served, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "40k") as mount_again:
        trial = Trial(press, tmp_path, archive=tmp_path / "disk" / "data", ledger=tmp_path / "ledger.db", warc=True)
        assert line(trial.run()) == f"output failed: No space left on device: {trial.segments}"
        assert not kept(trial)
        mount_again("size=4m")
        assert not trial.finish()


@pytest.mark.slow
def test_nothing_is_acknowledged_behind_a_batch_that_was_not(trial: Trial) -> None:
    assert line(trial.run(prepare=partial(refuse_an_acknowledgement, 2))) == "output failed: ledger: refused"
    assert not kept(trial)
    assert not trial.finish()


@pytest.mark.slow
def test_batch_that_raises_what_nobody_expects_ends_the_crawl(trial: Trial) -> None:
    assert line(trial.run(prepare=partial(break_a_batch, 2))) == "output failed: TypeError: no JSON"
    assert not kept(trial)
    assert not trial.finish()


# The archive cannot be written, or is not there


@pytest.mark.slow
def test_read_only_archive_is_an_error(press: Served, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "4m") as mount_again:
        trial = Trial(press, tmp_path, archive=tmp_path / "disk" / "data")
        trial.run(point="acknowledged", last=2)
        mount_again("ro")
        assert line(trial.run()) == f"archive: Read-only file system: {trial.segments / LOCK}"
        mount_again("rw")
        assert not trial.finish()


@pytest.mark.slow
def test_new_archive_on_a_read_only_disk_is_an_error(press: Served, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "4m") as mount_again:
        mount_again("ro")
        trial = Trial(press, tmp_path, archive=tmp_path / "disk" / "data")
        assert line(trial.run()).startswith("archive: Read-only file system: ")


@pytest.mark.slow
def test_read_only_ledger_is_an_error(press: Served, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "4m") as mount_again:
        trial = Trial(press, tmp_path, ledger=tmp_path / "disk" / "ledger.db")
        trial.run(point="acknowledged", last=2)
        mount_again("ro")
        assert line(trial.run()).startswith(f"ledger {trial.ledger}: ")
        mount_again("rw")
        assert not trial.finish()


@pytest.mark.slow
def test_archive_that_is_a_file_is_an_error(press: Served, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    trial = Trial(press, tmp_path, archive=tmp_path / "file", ledger=tmp_path / "ledger.db")
    assert line(trial.run(), status=2) == f"ARCHIVE={tmp_path / 'file'} is a file: name a folder"


@pytest.mark.slow
def test_second_run_of_a_portal_is_an_error(trial: Trial) -> None:
    trial.segments.mkdir(parents=True)
    with FileLock(trial.segments / LOCK):
        assert line(trial.run(), status=4).startswith("another run of narayapost is going on")
    assert not trial.finish()


@pytest.mark.slow
def test_lost_segment_is_an_error(trial: Trial) -> None:
    trial.run()
    [segment] = trial.segments.glob("*.jsonl")
    segment.unlink()
    assert line(trial.run()).endswith(f"lacks 1 segment that the ledger knows: {segment.stem}")


@pytest.mark.slow
def test_lost_unsealed_segment_is_an_error(trial: Trial) -> None:
    trial.run(point="acknowledged", last=2)
    [segment] = trial.segments.glob("*.part")
    segment.unlink()
    assert "lacks 1 segment that the ledger knows: " in line(trial.run())


@pytest.mark.slow
@pytest.mark.parametrize("compression", ["", "gzip"])
def test_segment_that_was_cut_off_is_an_error(compression: str, trial: Trial) -> None:
    trial.compression = compression
    trial.run()
    [segment] = (path for path in trial.segments.glob("*.jsonl*"))
    segment.write_bytes(segment.read_bytes()[:-100])
    assert str(segment) in line(trial.run())


@pytest.mark.slow
def test_unsealed_segment_that_was_cut_off_is_an_error(trial: Trial) -> None:
    trial.run(point="acknowledged", last=3)
    [part] = trial.segments.glob("*.part")
    part.write_bytes(part.read_bytes()[:-100])
    assert line(trial.run()).startswith(f"{part} has ")


@pytest.mark.slow
def test_lost_manifest_is_made_anew(trial: Trial) -> None:
    trial.run()
    [manifest] = trial.segments.glob(f"*{MANIFEST}")
    manifest.unlink()
    assert not trial.finish()


@pytest.mark.slow
def test_damaged_manifest_does_not_keep_a_crawl_from_a_right_result(trial: Trial) -> None:
    trial.run(point="acknowledged", last=2)
    trial.run(point="acknowledged", last=2)
    [manifest] = trial.segments.glob(f"*{MANIFEST}")
    manifest.write_text(json.dumps({"segment": 1}))
    ended = trial.run()
    assert ended.status == 0 or str(manifest) in line(ended)


# The clock


@pytest.mark.slow
@pytest.mark.parametrize("by", [-AN_HOUR, 24 * AN_HOUR, -24 * 40 * AN_HOUR], ids=str)
def test_clock_that_jumps_between_runs_changes_nothing(by: timedelta, trial: Trial) -> None:
    trial.run(point="acknowledged", last=2)
    trial.run(point="before the manifest", last=2, prepare=partial(set_clock, by))
    trial.run(point="acknowledged", last=1)
    assert not trial.finish()
