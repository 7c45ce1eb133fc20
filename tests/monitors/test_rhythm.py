from datetime import UTC, date, datetime, timedelta

import pytest

from narayacrawl.monitors.rhythm import idul_fitri, silence

MONDAY = datetime(2026, 6, 1, 1, tzinfo=UTC)


def newsroom(*, hours: range, days: int, week: int = 7, start: datetime = MONDAY) -> list[datetime]:
    """Moments of a newsroom that publishes at these hours of `week` days a week, the latest first."""
    moments = (start + timedelta(days=day, hours=hour) for day in range(days) if day % 7 < week for hour in hours)
    return sorted(moments, reverse=True)


ROUND_THE_CLOCK = newsroom(hours=range(24), days=40)
WEEKDAYS = newsroom(hours=range(10), days=54, week=5)


@pytest.mark.parametrize(
    ("moments", "silent", "is_alarm"),
    [
        pytest.param(ROUND_THE_CLOCK, timedelta(hours=9), False, id="a night"),
        pytest.param(ROUND_THE_CLOCK, timedelta(hours=30), True, id="a day and more of a portal that never sleeps"),
        pytest.param(WEEKDAYS, timedelta(hours=63), False, id="a weekend"),
        pytest.param(WEEKDAYS, timedelta(hours=111), False, id="a long weekend"),
        pytest.param(WEEKDAYS, timedelta(days=7), True, id="a week"),
        pytest.param(newsroom(hours=range(10), days=5), timedelta(hours=87), False, id="the first long weekend"),
        pytest.param(newsroom(hours=range(10), days=5), timedelta(days=5), True, id="five days after the first week"),
        pytest.param(newsroom(hours=range(1), days=9), timedelta(days=30), False, id="too young for a rhythm"),
        pytest.param([], timedelta(days=30), False, id="no article at all"),
    ],
)
def test_a_portal_is_silent_when_its_own_rhythm_says_so(
    moments: list[datetime], silent: timedelta, is_alarm: bool
) -> None:
    now = (moments[0] if moments else MONDAY) + silent
    assert (silence(moments, now) is not None) is is_alarm


def test_the_days_of_lebaran_are_no_silence() -> None:
    last_day = datetime(2026, 3, 18, tzinfo=UTC)
    moments = newsroom(hours=range(10), days=54, week=5, start=last_day - timedelta(days=53))
    assert silence(moments, moments[0] + timedelta(days=9)) is None
    assert silence(moments, moments[0] + timedelta(days=20)) is not None


@pytest.mark.parametrize("fitr", [date(2024, 4, 10), date(2025, 3, 31), date(2026, 3, 20), date(2030, 2, 5)])
def test_idul_fitri_is_known_to_a_day(fitr: date) -> None:
    [own] = idul_fitri(fitr.year)
    assert abs(own - fitr) <= timedelta(days=1)


def test_a_year_may_have_two() -> None:
    assert len(idul_fitri(2033)) == 2


def test_a_silence_that_was_accepted_begins_anew() -> None:
    now = ROUND_THE_CLOCK[0] + timedelta(days=9)
    assert silence(ROUND_THE_CLOCK, now, accepted=now - timedelta(hours=3)) is None


def test_the_line_tells_how_long() -> None:
    alarm = silence(ROUND_THE_CLOCK, ROUND_THE_CLOCK[0] + timedelta(days=3))
    assert alarm is not None
    assert str(alarm) == "no new article for 3 days (longest silence before: 1 hour)"
