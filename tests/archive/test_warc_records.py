"""The records of a WARC: where they are, and what is damaged."""

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from narayacrawl.archive.segment_files import ArchiveError
from narayacrawl.archive.warc_records import DamagedRecord, pack_record, read_records, record_at
from tests.warcs import Warc


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A WARC of six records: what it is, three pages, each with its request but the last."""
    warc = Warc(tmp_path, 1)
    for number in (1, 2):
        warc.answer(f"/{number}/", b"<p>Berita.</p>" * 40)
    warc.writer.write("metadata", "https://portal.example/2/", {"Content-Type": "application/json"}, b"{}")
    return warc.seal()


def test_each_record_is_where_it_says(path: Path) -> None:
    records = list(read_records(path))
    assert [record.type for record in records] == ["warcinfo", *["response", "request"] * 2, "metadata"]
    assert [record.offset for record in records[1:]] == [record.end for record in records[:-1]]
    assert records[-1].end == path.stat().st_size
    assert record_at(path, records[3].offset) == records[3]
    assert (records[3].uri, records[3].payload) == ("https://portal.example/2/", b"<p>Berita.</p>" * 40)
    assert [record.mismatch() for record in records] == [None] * 6


def test_packed_record_is_itself_again(path: Path, tmp_path: Path) -> None:
    packed = b"".join(pack_record(record) for record in read_records(path))
    again = tmp_path / "again.warc.gz"
    again.write_bytes(packed)
    assert [own.fields for own in read_records(again)] == [own.fields for own in read_records(path)]
    assert [own.mismatch() for own in read_records(again)] == [None] * 6


def flipped(content: bytes, start: int, end: int) -> bytes:
    middle = start + 60
    return content[:middle] + bytes([content[middle] ^ 0x55, content[middle + 1] ^ 0x55]) + content[middle + 2 :]


DAMAGES: dict[str, tuple[Callable[[bytes, int, int], bytes], str, int]] = {
    "bytes": (flipped, "its compression is broken", 5),
    "checksum": (lambda own, _, end: own[: end - 6] + b"\0\0" + own[end - 4 :], "its compression is broken", 5),
    "zeros": (lambda own, start, end: own[:start] + bytes(end - start) + own[end:], "no record begins here", 5),
    "more": (lambda own, start, _: own[:start] + b"lain" + own[start:], "no record begins here", 6),
    "cut": (lambda own, start, _: own[: start + 30], "the file ends within a record", 3),
    "end cut": (lambda own, _, end: own[: end - 3], "the file ends within a record", 3),
    "other": (lambda own, start, end: own[:start] + gzip.compress(b"lain") + own[end:], "not a WARC record", 5),
    "short": (
        lambda own, start, end: own[:start] + gzip.compress(gzip.decompress(own[start:end])[:-9]) + own[end:],
        "not as long as it says",
        5,
    ),
}


@pytest.mark.parametrize("what", DAMAGES)
def test_damage_is_told_with_its_place_and_costs_itself(what: str, path: Path) -> None:
    spoil, reason, count = DAMAGES[what]
    third = list(read_records(path))[3]
    path.write_bytes(spoil(path.read_bytes(), third.offset, third.end))
    found: list[tuple[int, str]] = []
    assert len(list(read_records(path, damaged=lambda *told: found.append(told)))) == count
    assert [(offset, why.startswith(reason)) for offset, why in found] == [(third.offset, True)]
    with pytest.raises(ArchiveError, match=f"{path}:{third.offset}: {reason}"):
        list(read_records(path))
    with pytest.raises(DamagedRecord, match=reason):
        record_at(path, third.offset)


def test_content_that_is_another_has_another_digest(path: Path) -> None:
    content, record = path.read_bytes(), list(read_records(path))[1]
    changed = gzip.decompress(content[: record.end][record.offset :]).replace(b"Berita", b"berita")
    path.write_bytes(content[: record.offset] + gzip.compress(changed) + content[record.end :])
    told = [own.mismatch() for own in read_records(path)]
    assert told == [None, "not what was written: its block digest is another", *[None] * 4]


def test_only_the_valid_bytes_of_an_unsealed_file_are_read(path: Path) -> None:
    end = list(read_records(path))[2].end
    path.write_bytes(path.read_bytes()[: end + 40])
    assert len(list(read_records(path, end))) == 3
