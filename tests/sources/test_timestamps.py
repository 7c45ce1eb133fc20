import pytest
from hypothesis import given
from hypothesis import strategies as st

from narayacrawl.sources.timestamps import to_local_timestamp, to_timestamp

MOMENTS = {
    "2025-12-14T14:35:12Z": "2025-12-14T14:35:12+00:00",
    "2025-12-14T14:35:12z": "2025-12-14T14:35:12+00:00",
    "2025-12-14T21:35:12+07:00": "2025-12-14T14:35:12+00:00",
    "2025-12-14T21:35:12+0700": "2025-12-14T14:35:12+00:00",
    "2025-12-14T21:35:12+07": "2025-12-14T14:35:12+00:00",
    "2025-12-14T09:35:12-05:00": "2025-12-14T14:35:12+00:00",
    "2025-12-14T14:35Z": "2025-12-14T14:35:00+00:00",
    "2025-12-14T14:35:12.345Z": "2025-12-14T14:35:12+00:00",
    "2025-12-14T14:35:12.123456789+00:00": "2025-12-14T14:35:12+00:00",
    "2025-12-14T14:35:12": "2025-12-14T14:35:12+00:00",
    "2025-12-14 14:35:12": "2025-12-14T14:35:12+00:00",
    "2025-12-14 14:35 +00:00": "2025-12-14T14:35:00+00:00",
    "\n\t2025-12-14T14:35:12Z\t": "2025-12-14T14:35:12+00:00",
    "2025-12-14": "2025-12-14T23:59:59+00:00",
    "2024-02": "2024-02-29T23:59:59+00:00",
    "2025": "2025-12-31T23:59:59+00:00",
    "Sun, 14 Dec 2025 14:35:12 GMT": "2025-12-14T14:35:12+00:00",
    "Sun, 14 Dec 2025 21:35:12 +0700": "2025-12-14T14:35:12+00:00",
    "14 Dec 2025 14:35 UT": "2025-12-14T14:35:00+00:00",
    "Sun, 14 Dec 25 09:35:12 EST": "2025-12-14T14:35:12+00:00",
    "Sun, 14 Dec 2025 21:35:12 WIB": "2025-12-14T14:35:12+00:00",
    "Sunday, 14-Dec-25 14:35:12 GMT": "2025-12-14T14:35:12+00:00",
    "Sun Dec 14 14:35:12 2025": "2025-12-14T14:35:12+00:00",
    "Sun, 14 Dec 2025 14:35:12 -0000": "2025-12-14T14:35:12+00:00",
    "Sun, 14 Dec 2025 09:35:12 -05:00": "2025-12-14T14:35:12+00:00",
    "Min, 14 Des 25 21:35:12 +07:00": "2025-12-14T14:35:12+00:00",
}


@pytest.mark.parametrize(("text", "told"), MOMENTS.items())
def test_a_moment_is_told_in_utc_to_the_second(text: str, told: str) -> None:
    assert to_timestamp(text) == told


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "kemarin", "Sun, 14 Dec 2025", "14/12/2025", "2025-13-01", "2025-02-30", "2025-00", "0000"),
        *("0000-00-00", "0000-00-00 00:00:00", "-0001-11-30T00:00:00+00:00", "1989-12-31T00:00:00Z", "1970-01-01"),
        *("2101-01-01", "9999-12-31T23:59:59-14:00", "2025-12-14T24:30:00Z", "2025-12-14T14:35:12+99:00"),
        *("2025-12T14:35", "1765722912", "Sun, 99 Foo 2025 14:35:12 GMT", "2025-12-14T14:35:12Z" * 1_000, "٢٠٢٥-١٢-١٤"),
    ],
)
def test_what_nobody_can_read_is_none(text: str) -> None:
    assert (to_timestamp(text), to_local_timestamp(text)) == (None, None)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("2025-12-14T21:35:12+07:00", "2025-12-14T21:35:12+07:00"),
        ("Sun, 14 Dec 2025 21:35:12 +0700", "2025-12-14T21:35:12+07:00"),
        ("2025-12-14T14:35:12Z", "2025-12-14T14:35:12+00:00"),
        ("2025-12-14 14:35:12", None),
        ("2025-12-14", None),
    ],
)
def test_a_stated_moment_keeps_its_offset_and_has_one(text: str, told: str | None) -> None:
    assert to_local_timestamp(text) == told


@given(st.text(max_size=40) | st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[+-][0-9]{4}"))
def test_no_text_raises(text: str) -> None:
    to_timestamp(text)
    to_local_timestamp(text)


OFFSETS = {
    "Sen, 20 Okt 2025 08:15:00 +0700": 7,
    "Mon, 20 Oct 2025 08:15:00 +07:00": 7,
    "Mon, 20 Oct 2025 08:15:00 +7": 7,
    "Mon, 20 Oct 2025 08:15:00 +08": 8,
    "Mon, 20 Oct 2025 08:15:00+07:00": 7,
    "Mon, 20 Oct 2025 08:15:00 GMT+7": 7,
    "Mon, 20 Oct 2025 08:15:00 UTC+09:00": 9,
    "Mon, 20 Oct 2025 08:15:00 WIB": 7,
    "Mon, 20 Oct 2025 08:15:00 +0700 (WIB)": 7,
    "Senin, 20 Oktober 2025 08:15:00 WITA": 8,
    "Senin, 20 Oktober 2025 | 08.15 WIT": 9,
    "Senin, 20/10/2025 08:15 WIB": 7,
    "20 oktober 2025 pukul 08.15 wita": 8,
    "2025-10-20 08:15:00 +7": 7,
    "2025-10-20 08:15 WIT": 9,
    "Mon, 20 Oct 2025 08:15:00 GMT": 0,
}


@pytest.mark.parametrize(("text", "hours"), OFFSETS.items())
def test_offset_and_zone_of_a_feed_are_read_however_they_are_written(text: str, hours: int) -> None:
    assert to_local_timestamp(text) == f"2025-10-20T08:15:00+{hours:02}:00"


MONTHS = "Jan Peb Maret Apr Mei Juni Jul Agt Sept Okt Nop Des"


@pytest.mark.parametrize(("number", "month"), [*enumerate(MONTHS.split(), 1)])
def test_month_of_a_feed_may_be_indonesian(number: int, month: str) -> None:
    assert to_local_timestamp(f"Jum, 20 {month} 2025 08:00:00 +0700") == f"2025-{number:02}-20T08:00:00+07:00"


@pytest.mark.parametrize("text", ["Mon, 20 Oct 2025 08:15:00", "Senin, 20 Oktober 2025 08.15", "20.10.2025 WIB"])
def test_date_without_zone_or_time_has_no_local_moment(text: str) -> None:
    assert to_local_timestamp(text) is None
