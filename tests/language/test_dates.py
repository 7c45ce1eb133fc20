from calendar import month_name
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib import import_module
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from narayacrawl.language.dates import date_in_line, date_precision, parse_date
from narayacrawl.language.indonesian import MONTHS, WEEKDAYS, ZONES
from narayacrawl.language.month_names import LANGUAGES, month_number

JAKARTA = ZoneInfo("Asia/Jakarta")
NOW = datetime(2025, 12, 14, 14, 40, 5, 999, tzinfo=UTC)  # 21:40:05 WIB, a Sunday

EVENING = "2025-12-14T21:35:12+07:00"
DAY = "2025-12-14T00:00:00+07:00"
LUNCH = "2025-12-14T13:05:00+07:00"


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2025-12-14T21:35:12+07:00", EVENING),
        ("2025-12-14T21:35:12+0700", EVENING),
        ("2025-12-14T21:35:12 +07:00", EVENING),
        ("2025-12-14T21:35:12 07:00", EVENING),
        ("2025-12-14T14:35:12Z", "2025-12-14T14:35:12+00:00"),
        ("20251214T143512Z", "2025-12-14T14:35:12+00:00"),
        ("2025-12-14T21:35:12.123456+07:00", EVENING),
        ("2025-12-14T21:35:12.1+07:00", EVENING),
        ("2025-12-14 21:35:12", EVENING),
        ("2025-12-14T21:35", "2025-12-14T21:35:00+07:00"),
        ("2025-12-14", DAY),
        ("2025-12-14 9:05", "2025-12-14T09:05:00+07:00"),
        ("2026-05-13WIB18:45:00+07:00", "2026-05-13T18:45:00+07:00"),
        ("Sun, 14 Dec 2025 14:35:12 +0000", "2025-12-14T14:35:12+00:00"),
        ("Sun, 14 Dec 2025 14:35:12 GMT", "2025-12-14T14:35:12+00:00"),
        ("Sun, 14 Dec 2025 14:35:12 -0500", "2025-12-14T14:35:12-05:00"),
        ("1765722912", EVENING),
        ("1765722912123", EVENING),
    ],
)
def test_reads_what_machines_write(text: str, moment: str) -> None:
    assert parse_date(text, JAKARTA).isoformat() == moment


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Sun Dec 14 13:05:00 2025", LUNCH),
        ("Desember 14 13:05 2025", LUNCH),
        ("Minggu, 14 Desember 2025 | 13:05 WIB", LUNCH),
        ("Minggu, 14 Desember 2025 – 13:05", LUNCH),
        ("Minggu, 14 Desember 2025 pukul 13.05", LUNCH),
        ("Ahad 14 Desember 2025 • jam 13:05 (WIB)", LUNCH),
        ("14 Des 2025, 13.05.00 WIB", LUNCH),
        ("14 Desember 2025 –13.05", LUNCH),
        ("13:05 WIB, 14 Desember 2025", LUNCH),
        ("Minggu,\xa014 Desember 2025 (13:05\xa0WIB)", LUNCH),
        ("14 Desember 2025 13:05 UTC+7", LUNCH),
        ("14 Desember 2025 13:05 WIB (GMT+7)", LUNCH),
        ("14/12/2025 13:05", LUNCH),
        ("14.12.2025 13.05", LUNCH),
        ("Minggu, Desember 14, 2025 1:05 pm", LUNCH),
        ("Sunday, December 14, 2025 at 1:05 p.m.", LUNCH),
        ("14 Des 2025 - 13.05 WITA", "2025-12-14T13:05:00+08:00"),
        ("13:05:00 pm IST Dec 14, 2025", "2025-12-14T13:05:00+05:30"),
        ("December 14, 2025 1:05 PM EST", "2025-12-14T13:05:00-05:00"),
        ("2025-12-14T13:05:00+01:00CET", "2025-12-14T13:05:00+01:00"),
        ("2025-12-14MEZ13:05:00+0100", "2025-12-14T13:05:00+01:00"),
        ("Jum’at, 12 Desember 2025 13:05 WIT", "2025-12-12T13:05:00+09:00"),
        ("Jum'at, 12 Desember 2025", "2025-12-12T00:00:00+07:00"),
        ("Jumat, 12 Desember 2025", "2025-12-12T00:00:00+07:00"),
        ("December 14, 2025 12:05 am", "2025-12-14T00:05:00+07:00"),
        ("Sunday 14th December 2025 9pm", "2025-12-14T21:00:00+07:00"),
        ("Minggu, Desember 14, 2025", DAY),
        ("Min, 14 Des 2025", DAY),
        ("14-12-2025", DAY),
        ("14.12.2025", DAY),
        ("2025/12/14", DAY),
        ("14Desember2025", DAY),
        ("Diterbitkan: Minggu, 14 Desember 2025", DAY),
        ("Dipublikasikan pada 14 Desember 2025", DAY),
        ("Posted on December 14, 2025 by Admin", DAY),
        ("Update: 14 Desember 2025 oleh Bayu Adi", DAY),
        ("Minggu, 14 Desember 2025 (14/12/2025)", DAY),
    ],
)
def test_reads_what_readers_are_shown(text: str, moment: str) -> None:
    assert parse_date(text, JAKARTA).isoformat() == moment


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("14. Dezember 2025, 13:05 Uhr", LUNCH),
        ("Veröffentlicht am So, 14.12.2025 um 13:05 Uhr", LUNCH),
        ("dimanche 14 décembre 2025 à 13h05", LUNCH),
        ("14 de diciembre de 2025 a las 13:05 h", LUNCH),
        ("14 de dezembro de 2025 às 13h05", LUNCH),
        ("Pubblicato il 14 dicembre 2025 alle ore 13:05", LUNCH),
        ("Gepubliceerd op zondag 14 december 2025 om 13.05 uur", LUNCH),
        ("14 grudnia 2025 r., godz. 13:05", LUNCH),
        ("14 декабря 2025 г. в 13:05", LUNCH),
        ("14 грудня 2025 р. о 13:05", LUNCH),
        ("Den 14 december 2025 kl. 13.05", LUNCH),
        ("14. joulukuuta 2025 klo 13.05", LUNCH),
        ("2025. december 14. 13:05", LUNCH),
        ("14 Aralık 2025 13:05", LUNCH),
        ("2025年12月14日（日）13:05", LUNCH),
        ("2025年12月14日 午後1時05分", LUNCH),
        ("2025년 12월 14일 오후 1:05", LUNCH),
        ("14 Tháng 12, 2025 13:05", LUNCH),
        ("Tháng Mười Hai 14, 2025", DAY),
        ("ngày 14 tháng 12 năm 2025", DAY),
        ("1er décembre 2025", "2025-12-01T00:00:00+07:00"),
        ("1º de dezembro de 2025", "2025-12-01T00:00:00+07:00"),
        ("14.12.25", DAY),
        ("14.12.25 13:05", LUNCH),
        ("14.12.95", "1995-12-14T00:00:00+07:00"),
    ],
)
def test_reads_the_dates_of_other_languages_without_a_guess(text: str, moment: str) -> None:
    assert parse_date(text, JAKARTA, guess=False).isoformat() == moment


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("14/12/25", DAY),
        ("14-12-25 13.05", LUNCH),
        ("Minggu (14/12/25)", DAY),
        ("Minggu (14/12/25) pukul 13.05 WITA", "2025-12-14T13:05:00+08:00"),
        ("14 Des 25, 13:05 WIB", LUNCH),
        ("14 Des '25", DAY),
        ("14-Des-25 13:05", LUNCH),
        ("Diterbitkan: 14 Desember 25 | 13.05", LUNCH),
        ("jam 8 malam 14 Des 25", "2025-12-14T20:00:00+07:00"),
        ("14/12/95", "1995-12-14T00:00:00+07:00"),
        ("Kamis, 12/11/25", "2025-12-11T00:00:00+07:00"),
        ("1 Agust 25", "2025-08-01T00:00:00+07:00"),
        ("1 Sept 25", "2025-09-01T00:00:00+07:00"),
        ("1 Nop 25 20:15:05", "2025-11-01T20:15:05+07:00"),
    ],
)
def test_reads_a_year_of_two_digits(text: str, moment: str) -> None:
    assert parse_date(text, JAKARTA, guess=False).isoformat() == moment


@pytest.mark.parametrize(
    ("clock", "time"),
    [
        ("pukul 3.15 sore", "15:15"),
        ("jam 6 petang", "18:00"),
        ("8.15 malam", "20:15"),
        ("12.30 malam", "00:30"),
        ("jam 1 malam", "01:00"),
        ("11.40 siang", "11:40"),
        ("12.10 siang", "12:10"),
        ("1.05 siang", "13:05"),
        ("7:20 pagi", "07:20"),
        ("pukul 4.05 subuh", "04:05"),
        ("2.45 dini hari", "02:45"),
        ("12.15 dini hari", "00:15"),
        ("20.15 malam", "20:15"),
        ("3.15 WIB sore", "15:15"),
        ("3.15 sore WIB", "15:15"),
        ("pukul 20 WIB", "20:00"),
        ("jam 7 WIB", "07:00"),
        ("20 WIB", "20:00"),
        ("pkl. 20.30 WIB", "20:30"),
    ],
)
def test_reads_a_time_of_day_in_words(clock: str, time: str) -> None:
    moment = parse_date(f"Minggu, 14 Desember 2025, {clock}", JAKARTA, guess=False)
    assert moment.isoformat() == f"2025-12-14T{time}:00+07:00"


@pytest.mark.parametrize("text", ["Minggu malam, 14 Desember 2025", "14 Desember 2025, siang"])
def test_a_part_of_the_day_alone_is_no_time(text: str) -> None:
    assert parse_date(text, JAKARTA, guess=False).isoformat() == DAY


def test_no_two_languages_name_different_months_alike() -> None:
    named: dict[str, set[int]] = {}
    for language in LANGUAGES:
        info = import_module(f"dateparser.data.date_translation_data.{language}").info
        for number, english in enumerate(month_name[1:], start=1):
            for name in info[english.lower()]:
                named.setdefault(name.lower(), {month_number(name.lower()) or number}).add(number)
    assert [name for name, numbers in named.items() if len(numbers) > 1] == []


@pytest.mark.parametrize(
    ("line", "part"),
    [
        ("Oleh Budi • 14 Des 2025 | 21:35 WIB • 3 menit membaca", "14 des 2025 | 21:35 wib"),
        ("Von Ana Berg am 14.12.2025, 21:35 | 3 Kommentare", "14.12.2025, 21:35"),
        ("Kultur, 14.12.25", "14.12.25"),
        ("14 décembre 2025 à 21h35 | Mer", "14 décembre 2025 à 21h35"),
        ("Versi 2.0, 14 Des 2025 - 13.05.00 WIB", "14 des 2025 - 13.05.00 wib"),
        ("Sari • 14 Des 25 pukul 9.35 malam • Pasar", "14 des 25 pukul 21:35"),
        ("Sari | 14/12/25 21:35 | Pasar", "14/12/25 21:35"),
        ("Turnamen 14 Mei 25 regu", None),
        ("12 komentar, 2025", None),
        ("Lomba pada Minggu (14/12/2025)", None),
        ("Lomba pada 14 Desember 2025.", None),
    ],
)
def test_finds_the_date_in_a_line_that_tells_more(line: str, part: str | None) -> None:
    assert date_in_line(line) == part


@pytest.mark.parametrize("text", ["14 Desember 2025 13:05 CLT", "13.05.25 WIB", "14/13/25", "14 Des 13.05"])
def test_leaves_what_is_in_no_exact_form_where_it_may_not_guess(text: str) -> None:
    with pytest.raises(ValueError, match="unreadable"):
        parse_date(text, JAKARTA, guess=False)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("12/11/2025", "2025-11-12"),
        ("Rabu, 12/11/2025", "2025-11-12"),
        ("Kamis, 12/11/2025", "2025-12-11"),
        ("Senin, 12/11/2025", "2025-11-12"),
        ("Senin, 14 Desember 2025", "2025-12-14"),
    ],
)
def test_weekday_decides_only_between_day_first_and_month_first(text: str, day: str) -> None:
    assert parse_date(text, JAKARTA).date().isoformat() == day


@pytest.mark.parametrize("text", ["14 Desember 2025 13:05 CLT", "13:05:00 14 Desember 2025 CLT"])
def test_leaves_an_unusual_wording_to_dateparser(text: str) -> None:
    assert parse_date(text, JAKARTA).date().isoformat() == "2025-12-14"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "abc",
        "5",
        "13:05",
        "Minggu",
        "besok",
        "1 hari",
        "14 Desember",
        "Desember 2025",
        "2025",
        "31/02/25",
        "12 Mei 20 peserta",
        "31 Februari 2025",
        "2025-02-31",
        "14/13/2025",
        "12/14/2025",
        "2025-12-14T25:00:00",
        "14 Desember 2025 25:00",
        "14 Desember 2025 13:05 +15:00",
        "1989-12-31",
        "2101-01-01",
        "0001-11-30T00:00:00+00:00",
        "9999999999999",
        "14 Desember 2025 | 15 Desember 2025",
        "14 Desember 2025 13:05, diperbarui 14:05",
        "14 Desember 2025 09:00-10:00",
        "Minggu ke-14 Desember 2025",
        "Pada 14 Desember 2025 banjir melanda Demak",
        "14 Desember 2025 dibaca 1200 kali",
    ],
)
def test_refuses_what_tells_no_single_moment(text: str) -> None:
    with pytest.raises(ValueError, match="unreadable date"):
        parse_date(text, JAKARTA, now=NOW)


def test_refuses_a_text_of_more_than_200_characters() -> None:
    with pytest.raises(ValueError, match="218 characters"):
        parse_date("14 Desember 2025 |" + " " * 200, JAKARTA)


@pytest.mark.parametrize(
    ("text", "precision"),
    [
        ("2025-12-14T21:35:12+07:00", "second"),
        ("2025-12-14T21:35:00Z", "second"),
        ("20251214T143512Z", "second"),
        ("2025-12-14 21:35:12", "second"),
        ("1765722912", "second"),
        ("1765722912123", "second"),
        ("Sun, 14 Dec 2025 14:35:12 +0000", "second"),
        ("14 Des 2025, 13.05.00 WIB", "second"),
        ("2025-12-14T21:35+07:00", "minute"),
        ("2025-12-14 9:05", "minute"),
        ("Minggu, 14 Desember 2025 | 13:05 WIB", "minute"),
        ("14/12/2025 13.05", "minute"),
        ("December 14, 2025 9:35 pm", "minute"),
        ("2 jam yang lalu", "minute"),
        ("baru saja", "minute"),
        ("14 Des 25 jam 8 malam", "minute"),
        ("2 hari lalu pukul 3.15 sore", "minute"),
        ("sejam yang lalu", "minute"),
        ("kemarin 13:05", "minute"),
        ("2025-12-14", "day"),
        ("20251214", "day"),
        ("14.12.2025", "day"),
        ("14.12.25", "day"),
        ("14/12/25", "day"),
        ("Minggu, 14 Des 25", "day"),
        ("Minggu malam, 14 Desember 2025", "day"),
        ("sehari yang lalu", "day"),
        ("Minggu, 14 Desember 2025", "day"),
        ("kemarin", "day"),
        ("3 hari lalu", "day"),
        ("sebulan yang lalu", "day"),
    ],
)
def test_a_date_is_as_exact_as_it_is_written(text: str, precision: str) -> None:
    assert parse_date(text, JAKARTA, now=NOW)
    assert date_precision(text) == precision


@given(
    moment=st.datetimes(datetime(1990, 1, 2), datetime(2100, 12, 30)),
    month=st.sampled_from(sorted(MONTHS)),
    weekday=st.sampled_from(["", *sorted(WEEKDAYS)]),
    zone=st.sampled_from(sorted(ZONES)),
    separator=st.sampled_from([" | ", " - ", " – ", ", ", " • ", " pukul ", " ", " jam "]),
    clock=st.sampled_from(["%H:%M:%S", "%H.%M.%S"]),
    spelled=st.sampled_from([str.lower, str.title, str.upper]),
)
def test_reads_back_every_indonesian_date(
    moment: datetime, month: str, weekday: str, zone: str, separator: str, clock: str, spelled: Callable[[str], str]
) -> None:
    moment = moment.replace(month=MONTHS[month], day=min(moment.day, 28), microsecond=0, tzinfo=ZONES[zone])
    text = f"{weekday}, {moment.day} {month} {moment.year}{separator}{moment.strftime(clock)} {zone}"
    assert parse_date(spelled(text), JAKARTA) == moment


@settings(deadline=None)  # the first text that reaches dateparser pays for its import
@given(st.text(max_size=60))
def test_any_text_is_a_moment_of_our_time_or_refused(text: str) -> None:
    try:
        moment = parse_date(text, JAKARTA, now=NOW)
    except ValueError:
        return
    assert moment.tzinfo is not None
    assert 1990 <= moment.year <= 2100


def test_keeps_the_given_timezone_where_the_text_names_none() -> None:
    assert parse_date("14 Desember 2025", ZoneInfo("Asia/Makassar")).utcoffset() == timedelta(hours=8)
