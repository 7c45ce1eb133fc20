"""Whole crawls of a portal whose pages change from one run to the next."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.answers import Answer
from narayacrawl.monitors.outcome import GOOD, UNTRUSTED
from tests.desk import Newsroom, Reader, newsroom

pytestmark = pytest.mark.slow

NEW = 32


@pytest.fixture
def room() -> Iterator[Newsroom]:
    with newsroom(45) as room:
        yield room


@pytest.fixture
def reader(room: Newsroom, tmp_path: Path) -> Reader:
    """Has crawled the portal once."""
    reader = Reader(room.url, tmp_path, room)
    assert reader.crawl().status == GOOD
    return reader


def replace(room: Newsroom, old: bytes, new: bytes) -> None:
    """Have the theme write something else in all articles' pages."""
    paths = tuple(room.path_of(number) for number in room.portal.published.numbers())
    room.rewrite(paths, lambda _, answer: Answer(answer.status, answer.kind, answer.body.replace(old, new)))


def alarms(reader: Reader) -> list[str]:
    """The names of the last run's alarms, as the ledger keeps them."""
    [[stats]] = reader.sql("SELECT stats FROM runs ORDER BY id DESC LIMIT 1")
    return [name.removeprefix("narayacrawl/alarm/") for name in json.loads(stats) if "/alarm/" in name]


def test_a_renamed_container_is_noticed_until_it_is_accepted(room: Newsroom, reader: Reader) -> None:
    room.add(NEW)
    assert (reader.crawl().status, alarms(reader)) == (GOOD, [])
    room.add(NEW)
    replace(room, b'class="entry-content"', b'class="kotak-naskah"')
    crawl = reader.crawl()
    assert (crawl.status, alarms(reader)) == (UNTRUSTED, ["rule/container"])
    assert "entry-content 0 of 32 (before: 77 of 77)" in crawl.log
    assert crawl.last_line.count(room.url) == 2
    assert reader.crawl().status == GOOD  # nothing new: nothing to judge
    room.add(3)
    replace(room, b'class="entry-content"', b'class="kotak-naskah"')
    assert (reader.crawl().status, alarms(reader)) == (UNTRUSTED, ["rule/container"])
    assert reader.scrapy("ledger", "accept", "narayapost")[0] == 0
    assert reader.crawl().status == GOOD
    room.add(NEW)
    replace(room, b'class="entry-content"', b'class="kotak-naskah"')
    assert (reader.crawl().status, alarms(reader)) == (GOOD, [])


def test_dates_that_only_a_fall_back_reads_are_noticed(room: Newsroom, reader: Reader) -> None:
    room.add(NEW)
    replace(room, b'property="article:published_time"', b'property="article:terbit"')
    assert reader.crawl().status == UNTRUSTED
    assert "rule/date" in alarms(reader)
    # A run of a part of the portal is like no other.
    room.add(NEW)
    replace(room, b'property="article:published_time"', b'property="article:terbit"')
    assert (reader.crawl("limit=31").status, alarms(reader)) == (GOOD, [])
