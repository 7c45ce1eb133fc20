"""A pool of processes reads what one process reads, in its order, whatever happens to them."""

import gzip
import os
import signal
import zlib
from collections import Counter
from pathlib import Path

import pytest

from narayacrawl.archive.writer import segment_line
from narayacrawl.items import Article
from narayacrawl.reread.pool import Pool, split
from narayacrawl.reread.pool_worker import Read
from narayacrawl.reread.warc_file import read_file
from narayacrawl.reread.warc_records import Counted
from tests.reread.warcs import answer, packed, page_record, page_url, record

pytestmark = pytest.mark.slow
MEMBERS = [packed(page_record(number)) for number in range(12)]


def one_after_the_other(path: Path) -> tuple[list[bytes], Counter[str]]:
    found = list(read_file(path))
    lines = [segment_line(own)[:-1] for own in found if isinstance(own, Article)]
    return lines, Counter(own.reason for own in found if isinstance(own, Counted))


def summed(reads: list[Read]) -> tuple[list[bytes], Counter[str]]:
    counts: Counter[str] = Counter()
    for read in reads:
        counts += read.counts
    return [line for read in reads for line in read.lines], counts


def nested_warc() -> bytes:
    """A record that holds a packed WARC as it is: its bytes look like members, and begin none."""
    inner = answer(b"".join(MEMBERS[:3]), content_type="application/gzip")
    stored = zlib.compressobj(0, wbits=31)
    return stored.compress(record(inner, page_url(1))) + stored.flush()


FILES = {
    "members": b"".join(MEMBERS),
    "a broken one": b"".join([*MEMBERS[:5], MEMBERS[5][:-50], *MEMBERS[6:]]),
    "not packed": b"".join(map(page_record, range(12))),
    "one member": gzip.compress(b"".join(map(page_record, range(12)))),
    "a WARC in a WARC": b"".join([*MEMBERS[:2], nested_warc(), *MEMBERS[2:]]),
    "a broken end": b"".join(MEMBERS) + b"\0" * 3_000,
}


@pytest.mark.parametrize("part", [300, 1_000_000])
def test_parts_of_a_file_give_what_the_whole_gives(part: int, tmp_path: Path) -> None:
    paths = []
    for number, content in enumerate(FILES.values()):
        paths.append(tmp_path / f"{number}.warc.gz")
        paths[-1].write_bytes(content)
    with Pool([*map(str, paths)], 2, part=part) as pool:
        reads = list(pool.read())
    for path in paths:
        assert summed([read for read in reads if read.path == str(path)]) == one_after_the_other(path), path.name


def test_a_file_that_is_none_or_is_not_there_costs_itself(tmp_path: Path) -> None:
    good, other = tmp_path / "a.warc.gz", tmp_path / "b.warc.gz"
    good.write_bytes(b"".join(MEMBERS[:2]))
    other.write_bytes(b"<html>")
    with Pool([str(other), str(tmp_path / "c"), str(good)], 1) as pool:
        reads = list(pool.read())
    assert len(summed(reads)[0]) == 2
    assert [str(damage) for read in reads for damage in read.damages] == [
        f"{other}: no WARC file: there is no record in it",
        f"{tmp_path / 'c'}: No such file or directory",
    ]


def test_a_process_that_is_killed_costs_no_more_than_its_page(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(b"".join(packed(page_record(number)) for number in range(200)))
    reads: list[Read] = []
    killed = 0
    with Pool([str(path)], 2, part=15_000) as pool:
        for read in pool.read():
            reads.append(read)
            if killed < 3 and (busy := [worker for worker in pool._workers if worker.task is not None]):
                os.kill(busy[-1].process.pid or 0, signal.SIGKILL)
                killed += 1
    lines, counts = summed(reads)
    assert killed
    assert counts["reader died"] <= killed
    assert len(lines) + counts["reader died"] == 200
    everything, _ = one_after_the_other(path)
    assert [line for line in everything if line in lines] == lines


def test_parts_meet() -> None:
    spans = [part.span for part in split("a", 1_000, 300)]
    assert [span.start for span in spans] == [0, 300, 600, 900]
    assert [span.end for span in spans] == [300, 600, 900, None]
