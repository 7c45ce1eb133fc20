from typing import Any

import pytest

from narayacrawl.monitors.portal_checks import portal_alarms

Stats = dict[str, Any]

FINE: Stats = {
    "narayacrawl/listing/read": 1,
    "narayacrawl/source/listing/listed": 40,
    "narayacrawl/source/rest/complete": 1,
    "narayacrawl/source/response_status_count/200": 2,
    "downloader/response_status_count/200": 40,
}
REST_FAILED: Stats = {"narayacrawl/source/rest/complete": 0, "narayacrawl/source/rest/failed": 1}
PAST = [FINE] * 8


@pytest.mark.parametrize(
    ("stats", "alarms"),
    [
        pytest.param({}, [], id="as ever"),
        pytest.param({"downloader/response_status_count/500": 15}, ["http"], id="errors"),
        pytest.param({"downloader/response_status_count/500": 4}, [], id="a few errors"),
        pytest.param({"downloader/response_status_count/403": 9}, ["blocked"], id="blocks"),
        pytest.param({"narayacrawl/wall/cloudflare": 12}, ["blocked"], id="a wall that answers with 200"),
        pytest.param({"downloader/response_status_count/429": 3}, [], id="a few answers that ask for a wait"),
        pytest.param({"downloader/exception_type_count/x.DownloadTimeoutError": 20}, ["http"], id="no answers"),
        pytest.param({"narayacrawl/source/listing/listed": 3}, ["listing"], id="few links"),
        pytest.param({"narayacrawl/source/listing/listed": 21}, [], id="half of the links"),
        pytest.param(REST_FAILED, [], id="a source that failed once"),
        pytest.param(
            REST_FAILED | {"narayacrawl/source/response_status_count/404": 1}, ["source/rest"], id="switched off"
        ),
        pytest.param(
            REST_FAILED | {"narayacrawl/source/response_status_count/503": 1}, [], id="a source that is overloaded"
        ),
    ],
)
def test_answers_are_compared_with_those_before(stats: Stats, alarms: list[str]) -> None:
    assert [alarm.name for alarm in portal_alarms(FINE | stats, PAST)] == alarms
    assert portal_alarms(FINE | stats, []) == []


def test_a_source_that_fails_three_times_in_a_row_has_stopped() -> None:
    failed = FINE | REST_FAILED
    assert portal_alarms(failed, [failed, *PAST]) == []
    [alarm] = portal_alarms(failed, [failed, failed, *PAST])
    assert str(alarm) == "source rest failed, 3 runs in a row (before: read in 8 of 8)"


def test_a_source_that_never_worked_has_not_stopped() -> None:
    failed = FINE | REST_FAILED
    assert portal_alarms(failed, [failed] * 9) == []
