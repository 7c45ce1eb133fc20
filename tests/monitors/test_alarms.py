from scrapy.utils.test import get_crawler

from narayacrawl.monitors.alarms import Alarm, alarms, raise_alarm
from narayacrawl.monitors.outcome import FAILED, UNTRUSTED, outcome
from tests.monitors.test_outcome import FINE

PAGES = [f"https://portal.example/{number}/" for number in range(3)]
ALARM = {"narayacrawl/alarm/field/authors": f"authors in 0 of 31 articles: {PAGES[0]} {PAGES[1]}"}


def test_an_alarm_is_a_stat_with_two_articles_at_its_end() -> None:
    stats = get_crawler().stats
    raise_alarm(stats, Alarm("field/authors", "authors in 0 of 31 articles", PAGES))
    assert alarms(stats.get_stats()) == {"field/authors": ALARM["narayacrawl/alarm/field/authors"]}


def test_an_alarm_makes_a_good_run_untrusted_and_is_named() -> None:
    told = outcome(FINE | ALARM)
    assert told.status == UNTRUSTED
    assert told.reason == f"1 alarm (field/authors): authors in 0 of 31 articles: {PAGES[0]} {PAGES[1]}"


def test_a_run_that_failed_stays_so_with_an_alarm() -> None:
    assert outcome(FINE | ALARM | {"narayacrawl/listing/empty": 1}).status == FAILED
