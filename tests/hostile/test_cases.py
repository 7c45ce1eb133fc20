"""A portal that is spoiled in every way: the crawl ends by itself, and all else is written, exactly."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hostile.cases import CASES, Case
from tests.hostile.room import CPU, MEMORY, HostileReader, Room, absent, differing, hostile_room


@pytest.fixture
def room() -> Iterator[Room]:
    with hostile_room() as made:
        yield made


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_all_else_is_written(case: Case, room: Room, tmp_path: Path) -> None:
    reader = HostileReader(room.url, tmp_path, room)
    if case.crawled_before:
        assert reader.crawl().status == 0
    case.spoil(room)
    done = reader.crawl(*case.arguments)
    told = "\n".join(line for line in done.log.splitlines() if "narayacrawl" in line)[-3_000:]
    assert room.unspoiled == set()
    assert done.status == case.status, told
    assert differing(reader, room, case.missing) == []
    assert not case.crawled_before or all(record["revision"] == 1 for record in reader.archived())
    assert (reader.outside, room.strayed) == ("", [])
    assert "Traceback" not in done.log, told
    assert reader.used["cpu"] <= CPU
    assert reader.used["memory"] <= MEMORY
    for stat, count in case.stats.items():
        assert done.stat(stat) == count, told
    if len(case.missing) == 1:
        path = room.path_of(*case.missing)
        own = [line for line in done.log.splitlines() if "[narayacrawl" in line and path in line]
        assert len(own) == (1 if absent(reader, room) or case.crawled_before else 0), own
    if case.heals:
        assert case.crawled_before or absent(reader, room) == {*case.missing}
        room.repair()
        again = reader.crawl()
        assert (again.status, differing(reader, room)) == (0, []), again.log[-3_000:]
