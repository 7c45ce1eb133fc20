"""Whole crawls of a portal whose pages change from one run to the next."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.answers import Answer
from narayacrawl.extensions.watch import has_something_to_judge
from narayacrawl.monitors.outcome import GOOD, UNTRUSTED
from tests.conftest import ROOT
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


@pytest.mark.parametrize(
    ("stats", "is_something"),
    [
        ({}, False),
        ({"narayacrawl/record/count": 1}, True),
        ({"narayacrawl/article/rejected/no_title": 1}, True),
        ({"narayacrawl/source/rest/failed": 1}, True),
        ({"downloader/response_status_count/503": 2}, False),
        ({"downloader/response_status_count/503": 5}, True),
        ({"narayacrawl/source/listing/listed": 2}, True),
    ],
)
def test_a_run_that_finds_nothing_new_on_a_portal_as_ever_has_nothing_to_judge(
    stats: dict[str, int], is_something: bool
) -> None:
    fine = {
        "narayacrawl/listing/read": 1,
        "narayacrawl/source/listing/listed": 30,
        "narayacrawl/source/rest/complete": 1,
    }
    fine |= {"downloader/response_status_count/200": 4, "downloader/response_status_count/304": 1}
    assert has_something_to_judge(fine | stats) is is_something


def test_what_judges_is_not_imported_with_the_extension() -> None:
    names = ("checks", "portal_checks", "rhythm", "shares", "alerts")
    code = "import sys, narayacrawl.extensions.watch; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert not {f"narayacrawl.monitors.{name}" for name in names} & {*done.stdout.split()}


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


@pytest.mark.long
def test_dates_that_only_a_fall_back_reads_are_noticed(room: Newsroom, reader: Reader) -> None:
    room.add(NEW)
    replace(room, b'property="article:published_time"', b'property="article:terbit"')
    assert reader.crawl().status == UNTRUSTED
    assert "rule/date" in alarms(reader)
    # A run of a part of the portal is like no other.
    room.add(NEW)
    replace(room, b'property="article:published_time"', b'property="article:terbit"')
    assert (reader.crawl("limit=31").status, alarms(reader)) == (GOOD, [])


def test_a_portal_that_goes_silent_is_noticed_by_a_run_that_finds_nothing(room: Newsroom, reader: Reader) -> None:
    for hours in range(40 * 24, 48, -24):
        started = f"strftime('%Y-%m-%dT%H:%M:%S+00:00', 'now', '-{hours} hours')"
        reader.sql(
            "INSERT INTO runs (portal, spider, arguments, started, ended, articles, acknowledged, sealed, stats)"
            f" VALUES ('narayapost', 'narayapost', '{{}}', {started}, '', 1, 0, 0, '{{}}')"
        )
    reader.sql("UPDATE runs SET articles = 0 WHERE id = 1")
    crawl = reader.crawl()
    assert (crawl.status, alarms(reader)) == (UNTRUSTED, ["rhythm"])
    assert "no new article for 3 days (longest silence before: 24 hours)" in crawl.log
