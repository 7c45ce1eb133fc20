"""Dates told relative to the moment of the fetch."""

from datetime import datetime

import pytest

from narayacrawl.language.dates import parse_date
from narayacrawl.language.relative_dates import is_relative
from tests.language.test_dates import JAKARTA, NOW


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("baru saja", "2025-12-14T21:40:05+07:00"),
        ("5 menit lalu", "2025-12-14T21:35:05+07:00"),
        ("2 jam yang lalu", "2025-12-14T19:40:05+07:00"),
        ("Update 2 jam lalu", "2025-12-14T19:40:05+07:00"),
        ("satu jam lalu", "2025-12-14T20:40:05+07:00"),
        ("sejam lalu", "2025-12-14T20:40:05+07:00"),
        ("semenit yang lalu", "2025-12-14T21:39:05+07:00"),
        ("setengah jam yang lalu", "2025-12-14T21:10:05+07:00"),
        ("beberapa detik yang lalu", "2025-12-14T21:40:05+07:00"),
        ("sekitar 2 jam yang lalu", "2025-12-14T19:40:05+07:00"),
        ("hampir setahun yang lalu", "2024-12-14T21:40:05+07:00"),
        ("about 2 hours ago", "2025-12-14T19:40:05+07:00"),
        ("2h ago", "2025-12-14T19:40:05+07:00"),
        ("sehari yang lalu", "2025-12-13T21:40:05+07:00"),
        ("seminggu yang lalu", "2025-12-07T21:40:05+07:00"),
        ("Diterbitkan 3 hari yang lalu pukul 20.15 WIT", "2025-12-11T20:15:00+09:00"),
        ("an hour ago", "2025-12-14T20:40:05+07:00"),
        ("2 hours ago", "2025-12-14T19:40:05+07:00"),
        ("2 jam 5 menit yang lalu", "2025-12-14T19:35:05+07:00"),
        ("3 hari lalu", "2025-12-11T21:40:05+07:00"),
        ("2 minggu yang lalu", "2025-11-30T21:40:05+07:00"),
        ("10 bulan lalu", "2025-02-14T21:40:05+07:00"),
        ("2 tahun lalu", "2023-12-14T21:40:05+07:00"),
        ("hari ini 09.00", "2025-12-14T09:00:00+07:00"),
        ("Kemarin, 13:05 WIB", "2025-12-13T13:05:00+07:00"),
        ("Kemarin pukul 13.05 WITA", "2025-12-13T13:05:00+08:00"),
        ("kemarin", "2025-12-13T00:00:00+07:00"),
        ("yesterday", "2025-12-13T00:00:00+07:00"),
        ("Kemarin pukul 8.15 malam", "2025-12-13T20:15:00+07:00"),
        ("Hari ini pukul 08.15 WITA", "2025-12-14T08:15:00+08:00"),
    ],
)
def test_reads_a_relative_date_against_now(text: str, moment: str) -> None:
    assert is_relative(text)
    assert parse_date(text, JAKARTA, now=NOW).isoformat() == moment


def test_a_month_ago_is_at_most_the_last_day_of_that_month() -> None:
    now = datetime(2025, 3, 31, 12, tzinfo=JAKARTA)
    assert parse_date("sebulan lalu", JAKARTA, now=now).date().isoformat() == "2025-02-28"


@pytest.mark.parametrize("text", ["baru saja", "kemarin 13:05", "2 jam 5 menit yang lalu"])
def test_refuses_a_relative_date_without_now(text: str) -> None:
    with pytest.raises(ValueError, match=text):
        parse_date(text, JAKARTA)


def test_refuses_a_relative_date_against_a_naive_now() -> None:
    with pytest.raises(ValueError, match="aware"):
        parse_date("kemarin", JAKARTA, now=NOW.replace(tzinfo=None))


@pytest.mark.parametrize("text", ["14 Desember 2025", "2025-12-14", "Minggu lalu, 14 Desember 2025", "Minggu", ""])
def test_an_absolute_date_is_not_relative(text: str) -> None:
    assert not is_relative(text)
