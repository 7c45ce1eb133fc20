"""The WARC of a run: written, sealed, cut back."""

import gzip
import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from warcio.checker import Checker

from narayacrawl.archive.segment_files import ArchiveError
from narayacrawl.archive.warc import (
    PART,
    read_warc_manifest,
    recover_warcs,
    seal_warc,
    sealed_warcs,
    warc_folder,
    whole_records,
)
from narayacrawl.archive.warc_records import digest_of
from narayacrawl.archive.warc_writer import WarcWriter

NAME = "20251124T224801Z-000012"
HEAD = b"HTTP/1.1 200 OK\r\nX-Judul: K\xe9bar\x01\r\nContent-Length: 11\r\n\r\n"
BODY = b"Kabar pagi."


@pytest.fixture
def writer(tmp_path: Path) -> WarcWriter:
    """A WARC with a response, on the disk."""
    writer = WarcWriter(tmp_path, NAME)
    headers = {"WARC-Payload-Digest": digest_of(BODY)}
    writer.write("response", "https://portal.example/berita/", headers, BODY, head=HEAD)
    writer.sync()
    return writer


def problems(path: Path) -> str:
    """What `warcio check` finds in a file."""

    class Told(Checker):  # type: ignore[misc]
        def __init__(self) -> None:
            self.exit_value = 0
            self.verbose = True
            self.lines: list[str] = []

    told = Told()
    told.process_one(str(path))
    return "" if told.exit_value == 0 else f"{path.name}: exit value {told.exit_value}"


def test_each_record_is_a_member_of_its_own_at_the_offset_that_was_told(writer: WarcWriter) -> None:
    record, offset = writer.write("metadata", "https://portal.example/berita/", {}, b"{}")
    content = writer.path.read_bytes()
    told = gzip.decompress(content[offset:])
    assert (told.startswith(b"WARC/1.1\r\n"), record.encode() in told, told.count(b"WARC/1.1")) == (True, True, 1)
    assert (writer.size, writer.records) == (len(content), 2)


def test_a_message_is_kept_as_it_was_sent(writer: WarcWriter) -> None:
    assert HEAD + BODY + b"\r\n\r\n" in gzip.decompress(writer.path.read_bytes())


def test_a_sealed_file_has_its_name_and_a_manifest(writer: WarcWriter, tmp_path: Path) -> None:
    seal_warc(tmp_path, NAME, writer.records)
    [path] = sealed_warcs(tmp_path).values()
    manifest = read_warc_manifest(tmp_path, NAME)
    assert manifest is not None
    content = path.read_bytes()
    assert (manifest.warc, manifest.records, manifest.bytes) == (f"{NAME}.warc.gz", 1, len(content))
    assert manifest.sha256 == hashlib.sha256(content).hexdigest()
    assert (problems(path), list(tmp_path.rglob(f"*{PART}"))) == ("", [])


def torn(path: Path, size: int) -> None:
    path.write_bytes(path.read_bytes() + b"\x1f\x8b\x08sobek")


def cut_in_sealing(path: Path, size: int) -> None:
    path.rename(path.with_name(f"{NAME}.warc.gz"))


def half_a_manifest(path: Path, size: int) -> None:
    path.with_name(f"{NAME}.warc.manifest.json.tmp").write_text("{")
    cut_in_sealing(path, size)


@pytest.mark.parametrize("spoil", [torn, cut_in_sealing, half_a_manifest, lambda *_: None])
def test_what_an_interrupted_run_left_is_cut_back_and_sealed(
    writer: WarcWriter, tmp_path: Path, spoil: Callable[[Path, int], None]
) -> None:
    spoil(writer.path, writer.size)
    recover_warcs(tmp_path, {NAME: writer.size})
    [path] = sealed_warcs(tmp_path).values()
    manifest = read_warc_manifest(tmp_path, NAME)
    assert manifest is not None
    assert (path.stat().st_size, manifest.records, manifest.bytes) == (writer.size, 1, writer.size)
    assert sorted(file.name for file in warc_folder(tmp_path).iterdir()) == [
        f"{NAME}.warc.gz",
        f"{NAME}.warc.manifest.json",
    ]


@pytest.mark.parametrize("spoil", [torn, cut_in_sealing, half_a_manifest])
def test_without_a_ledger_all_whole_records_count(
    writer: WarcWriter, tmp_path: Path, spoil: Callable[[Path, int], None]
) -> None:
    spoil(writer.path, writer.size)
    recover_warcs(tmp_path, None)
    [path] = sealed_warcs(tmp_path).values()
    manifest = read_warc_manifest(tmp_path, NAME)
    assert manifest is not None
    assert path.stat().st_size == manifest.bytes == writer.size


def test_what_was_not_acknowledged_is_removed(writer: WarcWriter, tmp_path: Path) -> None:
    recover_warcs(tmp_path, {NAME: 0})
    assert list(warc_folder(tmp_path).iterdir()) == []


@pytest.mark.parametrize("what", ["smaller", "missing"])
def test_a_file_that_lacks_acknowledged_bytes_is_refused(writer: WarcWriter, tmp_path: Path, what: str) -> None:
    if what == "missing":
        writer.path.unlink()
    with pytest.raises(ArchiveError, match=f"{writer.path}.* were acknowledged: restore it from a backup"):
        recover_warcs(tmp_path, {NAME: writer.size + 1})


def test_records_are_counted_up_to_what_is_damaged(writer: WarcWriter) -> None:
    size = writer.size
    for _ in range(3):
        writer.write("metadata", "https://portal.example/berita/", {}, b"{}")
    content = writer.path.read_bytes()
    assert whole_records(writer.path) == (4, len(content))
    writer.path.write_bytes(content[: size + 20] + b"\xff" * 20 + content[size + 40 :])
    assert whole_records(writer.path) == (1, size)


def test_the_file_of_another_run_is_not_written_over(writer: WarcWriter, tmp_path: Path) -> None:
    with pytest.raises(FileExistsError):
        WarcWriter(tmp_path, NAME).write("metadata", "", {}, b"{}")
