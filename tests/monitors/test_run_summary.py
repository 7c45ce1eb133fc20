"""What is told of a run, and of one that goes on, by its stats alone."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from narayacrawl.language.english import bytes_worded, duration
from narayacrawl.monitors.crawl_figures import CrawlFigures
from narayacrawl.monitors.outcome import BUSY, FAILED, GOOD, INTERRUPTED, UNTRUSTED, Outcome
from narayacrawl.monitors.run_summary import RunSummary

BEGAN = datetime(2026, 1, 5, 9, tzinfo=UTC)
WRITTEN = {
    "narayacrawl/run": 7,
    "narayacrawl/article/read": 20,
    "narayacrawl/written/first": 12,
    "narayacrawl/written/edit": 3,
    "narayacrawl/article/gone": 1,
    "downloader/request_count": 48,
    "downloader/response_bytes": 2_100_000,
}
LOST = {
    "narayacrawl/article/failed": 6,
    "narayacrawl/failed/status_503": 4,
    "narayacrawl/failed/not_readable": 1,
    "narayacrawl/dropped/no_date": 5,
    "narayacrawl/dropped/unchanged": 9,
    "item_error_count": 2,
}


def summed(stats: dict[str, Any], status: int = GOOD, archive: str | None = "/srv/data/kabar") -> RunSummary:
    return RunSummary.of(
        stats,
        Outcome(status),
        portal="kabar",
        spider="kabar",
        started=BEGAN,
        ended=BEGAN + timedelta(seconds=192),
        archive=archive,
    )


def test_summary_tells_what_was_written_and_where() -> None:
    summary = summed(WRITTEN)
    assert [summary.title(), *(f"{word}: {line}" for word, line in summary.rows("scrapy"))] == [
        "kabar: good, after 3 min 12 s",
        "written: 12 new articles, 3 changed",
        "gone: 1",
        "failed: 0",
        "asked: 48 requests, 2.1 MB",
        "articles: /srv/data/kabar",
        "next: scrapy export kabar -O kabar.jsonl",
    ]


@pytest.mark.parametrize(
    ("stats", "archive", "kept", "told"),
    [
        ({}, "/srv/data/kabar", None, None),
        ({"narayacrawl/warc/bytes": 0}, "/srv/data/kabar", 0, "0 bytes of pages as they came in /srv/data/kabar/warc"),
        (
            {"narayacrawl/warc/bytes": 1_300_000},
            "/srv/data/kabar",
            1_300_000,
            "1.3 MB of pages as they came in /srv/data/kabar/warc",
        ),
    ],
)
def test_summary_tells_how_much_of_the_pages_is_kept(
    stats: dict[str, Any], archive: str, kept: int | None, told: str | None
) -> None:
    summary = summed(WRITTEN | stats, archive=archive)
    assert (summary.as_dict()["kept"], dict(summary.rows("scrapy")).get("kept")) == (kept, told)


def test_failures_are_counted_by_reason_the_most_frequent_first() -> None:
    expected = {"no_date": 5, "status_503": 4, "pipeline_crashed": 2, "not_readable": 1, "other": 1}
    assert list(summed(WRITTEN | LOST).failed.items()) == list(expected.items())


def test_summary_names_the_most_frequent_reasons() -> None:
    told = dict(summed(WRITTEN | LOST).rows("scrapy"))["failed"]
    assert told == "13 (5 no date, 4 status 503, 2 pipeline crashed, 1 not readable, 1 for other reasons)"


def test_every_alarm_is_told_before_what_to_do() -> None:
    alarms = {f"narayacrawl/alarm/{name}": f"{name} is not as usual" for name in ("dates", "bodies")}
    summary = summed(WRITTEN | alarms, UNTRUSTED)
    assert summary.alarms == {"dates": "dates is not as usual", "bodies": "bodies is not as usual"}
    assert [word for word, _ in summary.rows("scrapy")][-3:] == ["alarm", "alarm", "next"]


@pytest.mark.parametrize(
    ("stats", "status", "step"),
    [
        (WRITTEN, GOOD, "narayacrawl export kabar -O kabar.jsonl"),
        ({}, GOOD, "run it again when you like: only what is new or changed is fetched"),
        (WRITTEN | LOST, FAILED, "narayacrawl ledger failed kabar"),
        (WRITTEN, INTERRUPTED, "run the same again: it goes on where this one was"),
        ({}, FAILED, "docs/troubleshoot.md has what to do about the line below"),
    ],
)
def test_summary_says_what_to_do_next(stats: dict[str, Any], status: int, step: str) -> None:
    assert ("next", step) in summed(stats, status).rows("narayacrawl")


def test_run_that_did_not_begin_has_a_summary() -> None:
    assert (summed({}, BUSY).run, summed({}, BUSY).written) == (None, 0)


def test_spider_without_a_ledger_has_written_its_items() -> None:
    assert summed({"item_scraped_count": 4}).written == 4


# One that goes on

WALKED = {
    "narayacrawl/ledger/new": 100,
    "narayacrawl/source/rest/listed": 200,
    "narayacrawl/source/rest/to_list": 1000,
    "narayacrawl/portal/total": 1000,
    "narayacrawl/article/read": 45,
    "narayacrawl/article/rejected/listing": 5,
    "narayacrawl/written/first": 40,
    "narayacrawl/article/failed": 2,
}


def test_figures_tell_how_long_a_first_crawl_takes() -> None:
    # Half of what is listed is new, and a fifth is listed: 500 are expected.
    told = CrawlFigures.of(WALKED).text(rate=2.0)
    assert told == "found 100 of 1,000, fetched 52, new 40, changed 0, failed 2, 120/min, 3 min 44 s left"


@pytest.mark.parametrize(
    ("stats", "limit", "expected"),
    [
        (WALKED, None, 500),
        (WALKED, 60, 60),
        ({"narayacrawl/ledger/new": 30}, None, None),
        ({"narayacrawl/ledger/new": 30}, 20, 20),
        ({"narayacrawl/ledger/new": 30, "narayacrawl/source/sitemap/complete": 1}, None, 30),
        ({"narayacrawl/source/rest/complete": 1, "narayacrawl/article/read": 8}, None, 8),
    ],
)
def test_so_many_articles_are_expected(stats: dict[str, Any], limit: int | None, expected: int | None) -> None:
    assert CrawlFigures.of(stats, limit).expected == expected


@pytest.mark.parametrize(
    ("seconds", "worded"), [(0.4, "0 s"), (59.6, "1 min 0 s"), (192, "3 min 12 s"), (7505, "2 h 05 min")]
)
def test_duration_is_worded(seconds: float, worded: str) -> None:
    assert duration(seconds) == worded


@pytest.mark.parametrize(
    ("size", "worded"), [(1, "1 byte"), (812, "812 bytes"), (999_960, "1.0 MB"), (3_400_000_000_000_000, "3400.0 TB")]
)
def test_size_is_worded(size: int, worded: str) -> None:
    assert bytes_worded(size) == worded
