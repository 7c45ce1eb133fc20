"""Numbers as strangers write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from narayacrawl.language.numbers import MAX_NUMBER, read_number


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("0", 0), ("31", 31), ("007", 7), (31, 31), (str(MAX_NUMBER), MAX_NUMBER), (MAX_NUMBER, MAX_NUMBER),
        (str(MAX_NUMBER + 1), None), (MAX_NUMBER + 1, None), ("9" * 5_000, None), (10**30, None), ("", None),
        ("-1", None), (-1, None), ("+1", None), ("1.0", None), (1.0, None), (float("inf"), None), (True, None),
        ("\u0663\u0661", None), ("3\u00b2", None), (" 3", None), ("3\n", None), (None, None), ([3], None),
    ],
)  # fmt: skip
def test_reads_whole_numbers_and_nothing_else(value: object, number: int | None) -> None:
    assert read_number(value) == number


def test_number_above_the_most_is_none() -> None:
    assert (read_number("49", most=49), read_number("50", most=49)) == (49, None)


@given(st.one_of(st.text(), st.text("0123456789", max_size=6_000), st.integers(), st.floats(), st.none(), st.binary()))
def test_never_raises_and_fits_a_ledger(value: object) -> None:
    number = read_number(value)
    assert number is None or 0 <= number <= MAX_NUMBER
