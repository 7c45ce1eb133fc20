"""What the headers of an answer tell."""

from datetime import UTC, datetime

import pytest
from scrapy.http import Response

from narayacrawl.downloader.fetch import answered_at, fetched_at, read_http_date

NOON = "Mon, 05 Jan 2026 12:00:00 GMT"


def answer(flags: list[str] | None = None, **headers: str) -> Response:
    return Response("https://portal.example/", headers=dict(headers), flags=flags or [])


def test_answer_was_made_at_its_date_less_its_age() -> None:
    assert answered_at(answer(Date=NOON, Age="3600")) == "2026-01-05T11:00:00+00:00"


@pytest.mark.parametrize("age", ["-5", "x", "9" * 5_000, "1.5", "\u0663"])
def test_age_that_nobody_can_read_is_none(age: str) -> None:
    assert answered_at(answer(Date=NOON, Age=age)) == "2026-01-05T12:00:00+00:00"


@pytest.mark.parametrize(
    "date",
    ["", "x", "Fri, 31 Dec 9999 23:59:59 -1200", "Mon, 05 Jan 2026 99:00:00 GMT",
     "Mon, 05 Jan 2026 12:00:00 +9999", "0" * 10_000],
    ids=lambda date: date[:40],
)  # fmt: skip
def test_date_that_nobody_can_read_is_now(date: str) -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    for told in (answered_at(answer(Date=date)), fetched_at(answer(["cached"], Date=date))):
        assert before <= datetime.fromisoformat(told) <= datetime.now(UTC)


def test_date_in_the_future_is_not_believed() -> None:
    assert datetime.fromisoformat(answered_at(answer(Date="Tue, 01 Jan 2097 00:00:00 GMT"))) <= datetime.now(UTC)


def test_date_is_read_in_utc() -> None:
    assert read_http_date("Mon, 05 Jan 2026 19:00:00 +0700") == datetime(2026, 1, 5, 12, tzinfo=UTC)
