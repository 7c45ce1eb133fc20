"""Dates that a page writes without their year."""

import pytest

from narayacrawl.language.dates import parse_date
from narayacrawl.language.yearless_dates import YearlessDate
from tests.language.test_dates import JAKARTA


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("14 Desember, 21.35 WIB", "2025-12-14T21:35:00+07:00"),
        ("14 Des", "2025-12-14T00:00:00+07:00"),
        ("Minggu, 14 Des | 21:35 WITA", "2025-12-14T21:35:00+08:00"),
        ("Minggu, 14 Desember pukul 9.35 malam", "2025-12-14T21:35:00+07:00"),
        ("Terbit: 14 Des, pukul 20 WIB", "2025-12-14T20:00:00+07:00"),
        ("Dec 14, 9:35 pm", "2025-12-14T21:35:00+07:00"),
        ("Sunday, December 14th", "2025-12-14T00:00:00+07:00"),
        ("[12月14日 21時35分]", "2025-12-14T21:35:00+07:00"),
    ],
)
def test_a_date_without_its_year_is_read_in_one(text: str, moment: str) -> None:
    yearless = YearlessDate.read(text)
    assert yearless
    assert parse_date(yearless.text_in(2025), JAKARTA, guess=False).isoformat() == moment


@pytest.mark.parametrize(
    "text",
    [
        "14 Desember 2025",
        "14/12/25, 8 Des",
        "14 Des - 20 Des",
        "31 Juni",
        "14 orang, 3 perahu",
        "Desember",
        "21:35 WIB",
        "",
        "Warga berkumpul sejak 14 Desember" + " dan menunggu" * 10,
    ],
    ids=["year", "short year", "two days", "no such day", "count", "month", "time", "empty", "sentence"],
)
def test_what_is_no_single_day_without_a_year_is_none(text: str) -> None:
    assert YearlessDate.read(text) is None


@pytest.mark.parametrize(
    ("text", "year", "exists"),
    [("Minggu, 14 Des", 2025, True), ("Senin, 14 Des", 2025, False), ("29 Feb", 2025, False), ("29 Feb", 2024, True)],
)
def test_the_weekday_and_the_calendar_refuse_a_year(text: str, year: int, exists: bool) -> None:
    yearless = YearlessDate.read(text)
    assert yearless
    assert (yearless.day_in(year) is not None) == exists
