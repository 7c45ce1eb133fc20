"""Two readings of one date, of which one may only be coarser."""

import pytest

from narayacrawl.language.same_date import keep_finer

SECOND = ("2025-12-14T21:35:12+07:00", "second")
MINUTE = ("2025-12-14T21:35:00+07:00", "minute")
DAY = ("2025-12-14T00:00:00+07:00", "day")
NIGHT = ("2025-12-15T03:10:40+07:00", "second")


@pytest.mark.parametrize(
    ("new", "old"),
    [
        pytest.param(SECOND, SECOND, id="the same"),
        pytest.param(MINUTE, SECOND, id="the minute"),
        pytest.param(DAY, SECOND, id="the day"),
        pytest.param(DAY, MINUTE, id="the day of a minute"),
        pytest.param(("2025-12-15T00:00:00+07:00", "day"), NIGHT, id="the day here, not in UTC"),
        pytest.param(("2025-12-14T00:00:00+07:00", "second"), SECOND, id="midnight, whatever is told of it"),
        pytest.param(("2025-12-14T21:35:00+07:00", "second"), SECOND, id="a whole minute"),
        pytest.param(("2025-12-14T14:35:12+00:00", "second"), SECOND, id="in another zone"),
        pytest.param(("2025-12-14T22:35:12+08:00", "second"), SECOND, id="by another clock"),
        pytest.param(("2025-12-14T21:35:00+08:00", "minute"), SECOND, id="without a zone"),
        pytest.param(("2025-12-15T00:00:00+08:00", "day"), ("2025-12-14T23:30:00+07:00", "second"), id="its day there"),
    ],
)
def test_the_finer_date_that_is_known_stays(new: tuple[str, str], old: tuple[str, str]) -> None:
    assert keep_finer(new, old) == old


@pytest.mark.parametrize(
    ("new", "old"),
    [
        pytest.param(SECOND, MINUTE, id="to the second"),
        pytest.param(SECOND, DAY, id="of a day"),
        pytest.param(("2025-12-14T21:36:00+07:00", "minute"), SECOND, id="another minute"),
        pytest.param(("2025-12-14T21:35:13+07:00", "second"), SECOND, id="another second"),
        pytest.param(("2025-12-13T00:00:00+07:00", "day"), SECOND, id="another day"),
    ],
)
def test_a_finer_date_or_another_one_is_taken(new: tuple[str, str], old: tuple[str, str]) -> None:
    assert keep_finer(new, old) == new


def test_an_edit_that_the_portal_tells_of_may_set_a_date_to_midnight() -> None:
    midnight = ("2025-12-14T00:00:00+07:00", "second")
    assert keep_finer(midnight, SECOND, is_exact=True) == midnight
    assert keep_finer(DAY, SECOND, is_exact=True) == SECOND
