import pytest

from narayacrawl.language.lengths import count_words, is_less, is_most, is_much_less, strip_tags


@pytest.mark.parametrize(
    ("length", "other", "expected"),
    [(0, 100, False), (0, 101, True), (240, 500, False), (239, 500, True), (0, 0, False), (900, 1000, False)],
)
def test_tells_what_is_much_less(length: int, other: int, expected: bool) -> None:
    assert is_much_less(length, other) is expected


@pytest.mark.parametrize(
    ("length", "other", "expected"), [(739, 1000, True), (740, 1000, False), (0, 75, False), (0, 0, False)]
)
def test_tells_what_is_less(length: int, other: int, expected: bool) -> None:
    assert is_less(length, other) is expected


@pytest.mark.parametrize(
    ("length", "other", "expected"), [(899, 1000, False), (900, 1000, True), (2000, 1000, True), (120, 120, False)]
)
def test_tells_what_is_most_of_more_than_a_line(length: int, other: int, expected: bool) -> None:
    assert is_most(length, other) is expected


@pytest.mark.parametrize(
    ("text", "words"), [("", 0), ("dua kata", 2), (" dua\nkata" * 10_000, 20_000), ("東京の港", 5), ("ท่าเรือ", 8)]
)
def test_counts_words_of_scripts_with_and_without_spaces(text: str, words: int) -> None:
    assert count_words(text) == words


def test_a_text_without_tags_keeps_what_is_no_tag() -> None:
    assert strip_tags("<p>a < b</p><br><b>c") == "a < bc"
