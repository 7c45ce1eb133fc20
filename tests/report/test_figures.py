"""What a report counts in a ledger."""

from collections import Counter
from datetime import date

import pytest

from narayacrawl.report.articles import LATER, OTHER_SECTIONS, UNKNOWN_SECTION, distribution, leading_sections, spread
from narayacrawl.report.runs import LAST_RUNS, READ
from tests.report.written import FINE, WrittenLedger

TODAY, YESTERDAY = date(2026, 3, 10), date(2026, 3, 9)


def test_articles_are_counted_by_the_portal_s_own_day_and_section(ledger: WrittenLedger) -> None:
    ledger.article(section="Ekonomi")
    ledger.article(section="Ekonomi", ago=2)
    ledger.article(section=None, ago=11)  # one in the morning there, the day before in UTC
    ledger.article(section="Daerah", ago=13)
    found = ledger.figures.articles
    assert found.by_day == {TODAY: {"Ekonomi": 2, UNKNOWN_SECTION: 1}, YESTERDAY: {"Daerah": 1}}
    assert found.latest == "2026-03-10T12:00:00+07:00"


def test_only_what_is_written_is_an_article(ledger: WrittenLedger) -> None:
    ledger.article(revision=3)
    ledger.article(state="gone")
    for state in ("pending", "failed", "rejected", "removed"):
        ledger.article(state=state, revision=0)
    ledger.article(portal="lain")
    ledger.article(held="2026-03-09T00:00:00+00:00")
    found = ledger.figures.articles
    assert (found.written, found.later_revisions, found.held) == (3, 2, 1)
    assert found.states == Counter(done=2, gone=1, pending=1, failed=1, rejected=1, removed=1)


@pytest.mark.parametrize(
    ("published", "counts"),
    [
        (None, (1, 0)),
        ("", (1, 0)),
        ("kemarin", (1, 0)),
        ("0001-01-01T00:00:00+07:00", (0, 1)),
        ("1970-01-01T00:00:00+00:00", (0, 1)),
        ("2026-03-12T00:00:00+07:00", (0, 1)),
        ("9999-12-31T23:59:59+00:00", (0, 1)),
        ("2026-03-11T00:30:00+09:00", (0, 0)),
    ],
)
def test_what_has_no_date_or_one_that_cannot_be_right_is_counted_apart(
    ledger: WrittenLedger, published: str | None, counts: tuple[int, int]
) -> None:
    ledger.run(ago=50)
    ledger.article(published=published)
    found = ledger.figures.articles
    assert (found.written, (found.undated, found.misdated), bool(found.by_day)) == (1, counts, counts == (0, 0))


def test_delays_are_those_of_articles_that_were_published_since_the_first_run(ledger: WrittenLedger) -> None:
    ledger.run(ago=30)
    ledger.article(ago=31, delay=500)  # the first run found it
    ledger.article(ago=25, delay=40)
    ledger.article(ago=2, delay=12)
    ledger.article(ago=1, delay=-3)  # the portal's clock is ahead
    ledger.article(ago=1, delay=None)
    ledger.article(ago=1, date_precision="day")
    ledger.article(ago=12, date_precision=None, delay=7)  # midnight there: an old ledger told days so
    ledger.article(ago=1, date_precision=None, delay=9)
    assert ledger.figures.articles.delays == {YESTERDAY: [40], TODAY: [0, 9, 12]}


def test_delays_have_a_median_and_a_ninth_decile_and_are_counted_by_length(ledger: WrittenLedger) -> None:
    ledger.run(ago=50)
    for minutes in (1, 2, 15, 16, 60, 61, 20_000):
        ledger.article(ago=1, delay=minutes)
    found = ledger.figures.articles
    assert spread(found.delays[TODAY]) == (16, 61)
    assert [count for count in distribution(found, [TODAY]).items() if count[1]] == [
        ("up to 15 minutes", 3), ("up to 1 hour", 2), ("up to 3 hours", 1), (LATER, 1),
    ]  # fmt: skip


def test_many_sections_are_one_but_for_the_largest(ledger: WrittenLedger) -> None:
    for number in range(30):
        for _ in range(2 if number == 7 else 1):
            ledger.article(section=f"Kanal {number:02}")
    found = ledger.figures.articles
    assert leading_sections(found, [TODAY], 4) == ["Kanal 07", "Kanal 00", "Kanal 01", OTHER_SECTIONS]
    assert leading_sections(found, [YESTERDAY], 4) == []


# Runs


def test_runs_are_summed_up_by_the_day_they_began_on_and_with_those_that_were_folded(ledger: WrittenLedger) -> None:
    asked = {"downloader/request_count": 5, "downloader/response_bytes": 9_000, "narayacrawl/article/gone": 1}
    ledger.run(ago=1, articles=2, stats=asked)
    ledger.run(ago=2, articles=1, stats=asked)
    ledger.run(ago=20, articles=0, stats=asked)
    ledger.run(ago=1, portal="lain", articles=9, stats=asked)
    ledger.day(400, 96, 50, {"downloader/request_count": 700})
    runs = ledger.figures.runs
    assert (runs.count, runs.first) == (99, "2025-02-03")
    told = {str(day): (own.runs, own.lines, own.stats["downloader/request_count"]) for day, own in runs.by_day.items()}
    assert told == {"2025-02-03": (96, 50, 700), "2026-03-09": (1, 0, 5), "2026-03-10": (2, 3, 10)}


def test_stats_that_are_no_sums_are_not_added(ledger: WrittenLedger) -> None:
    own = {"narayacrawl/article/held": 7, "start_time": "2026", "elapsed_time_seconds": 1.5, "memusage/max": 9}
    ledger.run(stats=own)
    assert ledger.figures.runs.by_day[TODAY].stats == {"item_scraped_count": 1, "narayacrawl/article/read": 1}


def test_repairs_and_rebuilds_are_no_runs(ledger: WrittenLedger) -> None:
    for spider in ("audit", "rebuild"):
        ledger.run(spider=spider)
    assert ledger.figures.runs.count == 0


def test_run_that_was_folded_is_counted_in_its_day_alone(ledger: WrittenLedger) -> None:
    ledger.run(ago=24 * 400, articles=5, unfinished=True)  # it has an end, but no stats of its own any more
    ledger.day(400, 1, 5, {"downloader/request_count": 7})
    ledger.run(ago=1)
    runs = ledger.figures.runs
    assert (runs.count, len(runs.last), runs.by_day[date(2025, 2, 3)].lines) == (2, 1, 5)


def test_run_that_goes_on_or_was_killed_has_no_stats(ledger: WrittenLedger) -> None:
    ledger.run(ago=1)
    ledger.run(ended=None, reason="killed", articles=3, unfinished=True)
    [done, killed] = ledger.figures.runs.last
    assert (done.stats, killed.stats, killed.lines, killed.reason) == (FINE, {}, 3, "killed")


def test_only_the_last_runs_are_kept_one_by_one(ledger: WrittenLedger) -> None:
    for number in range(LAST_RUNS + 10):
        ledger.run(ago=100 - number, stats={READ: number % 2})
    runs = ledger.figures.runs
    assert (runs.count, len(runs.last), len(runs.with_fields)) == (LAST_RUNS + 10, LAST_RUNS, LAST_RUNS // 2 + 5)
    assert runs.last[-1].started == max(run.started for run in runs.last)


def test_an_alarm_is_counted_and_its_last_line_kept(ledger: WrittenLedger) -> None:
    for ago, line in ((30, "authors in 3 of 31 articles"), (3, "authors in 0 of 31 articles")):
        ledger.run(ago=ago, stats={"narayacrawl/alarm/field/authors": line})
    ledger.run(ago=2)
    [(name, alarm)] = ledger.figures.runs.alarms.items()
    assert (name, alarm.runs, alarm.line) == ("field/authors", 2, "authors in 0 of 31 articles")
    assert (alarm.first, alarm.last) == ("2026-03-08T23:00:00+00:00", "2026-03-10T02:00:00+00:00")


# What waits


def test_last_failures_are_the_latest_first_and_their_reasons_are_counted(ledger: WrittenLedger) -> None:
    for number in range(30):
        ledger.article(
            state="failed", revision=0, reason="not read: 503", failures=2, ago=number, url=f"https://k/{number}"
        )
    ledger.article(state="rejected", revision=0, reason="listing")
    waiting = ledger.figures.waiting
    assert [own.url for own in waiting.failures] == [f"https://k/{number}" for number in range(20)]
    assert waiting.reasons == [("failed", "not read: 503", 30), ("rejected", "listing", 1)]


def test_a_wait_that_is_over_is_none(ledger: WrittenLedger) -> None:
    ledger.portal(retry_after="2026-03-10T04:59:00+00:00", timezone="Asia/Jayapura")
    figures = ledger.figures
    assert (figures.waiting.retry_after, figures.waiting.timezone) == (None, "Asia/Jayapura")


def test_a_reread_is_no_run_and_what_it_wrote_is_counted(ledger: WrittenLedger) -> None:
    ledger.run()
    ledger.run(spider="reread", articles=5, stats={"narayacrawl/written/reread": 5})
    runs = ledger.figures.runs
    assert (runs.count, len(runs.last)) == (1, 1)
    assert sum(day.stats["narayacrawl/written/reread"] for day in runs.by_day.values()) == 5
