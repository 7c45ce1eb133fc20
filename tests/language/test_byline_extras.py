"""What stands beside the name in a byline: dates, relative times and counts."""

import pytest

from narayacrawl.language.byline_extras import strip_extras


@pytest.mark.parametrize(
    "line",
    [
        "Sari Wulandari | Minggu, 14 Desember 2025",
        "Sari Wulandari 14/12/2025",
        "Sari Wulandari - 5 jam yang lalu",
        "Sari Wulandari 3 hours ago",
        "Sari Wulandari vor 5 Stunden",
        "Sari Wulandari sejam yang lalu",
        "Sari Wulandari, kemarin",
        "Sari Wulandari · baru saja",
        "Sari Wulandari Last Updated Dec 14, 2025",
        "Sari Wulandari diperbarui 14 Des 2025",
        "Sari Wulandari 1.204 views",
        "Sari Wulandari | Dibaca 1.204 kali",
        "Sari Wulandari 3 Komentar",
        "Sari Wulandari 3 menit baca",
        "Sari Wulandari dan 2 lainnya",
        "14 Desember 2025 oleh Sari Wulandari",
    ],
)
def test_takes_off_what_stands_beside_the_name(line: str) -> None:
    assert strip_extras(line) == "Sari Wulandari"


@pytest.mark.parametrize("line", ["Sari Wulandari", "Redaksi 2", "Kanal9 Muara", "Tim 5 Kanal Muara", "Bayu Hari Lalu"])
def test_leaves_a_name_with_a_number_or_such_a_word(line: str) -> None:
    assert strip_extras(line) == line


def test_a_line_too_long_for_a_byline_has_no_name() -> None:
    assert strip_extras(f"Sari Wulandari {'dan kapal ' * 20}") == ""
