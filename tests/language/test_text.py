"""Text as the record holds it."""

import unicodedata
from urllib.parse import unquote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from narayacrawl.language.text import MAX_MARKS, clean_text, normalize, one_line, quote_unseen, without_unseen
from tests.growth import grows_in_proportion

UNSEEN = [
    chr(code)
    for code in (
        *(0x00, 0x07, 0x1B, 0x7F, 0x85, 0x9B, 0xAD, 0x61C, 0x200B, 0x200F, 0x202E, 0x2066, 0x2069, 0x206A, 0x206F),
        *(0xFDD0, 0xFEFF, 0xFFF9, 0xFFFE, 0xE0001, 0xE0041, 0xE007F),
    )
]


@pytest.mark.parametrize("character", UNSEEN, ids=ascii)
def test_what_nobody_sees_is_left_out(character: str) -> None:
    assert without_unseen(f"pa{character}sar") == "pasar"


@pytest.mark.parametrize(
    "text",
    [
        "\u0646\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        "\U0001f468\u200d\U0001f469\u200d\U0001f467",
        "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "\u0915\u094d\u200d\u0937",
    ],
    ids=["Persian", "a family", "the flag of England", "Hindi"],
)
def test_what_joins_letters_and_emoji_stays(text: str) -> None:
    assert clean_text(f"Kabar {text} hulu") == f"Kabar {text} hulu"


@pytest.mark.parametrize("character", UNSEEN, ids=ascii)
def test_address_keeps_what_nobody_sees_as_its_code(character: str) -> None:
    url = f"https://portal.example/pa{character}sar.jpg"
    assert (without_unseen(quote_unseen(url)), unquote(quote_unseen(url))) == (quote_unseen(url), url)


@example("", "\u061c\u200d")
@given(st.text(), st.text(st.sampled_from([*UNSEEN, "a", " ", "\u0301", "\u0323", "\u200d", "\ud800"])))
def test_clean_text_has_nothing_unseen_and_is_clean(text: str, hostile: str) -> None:
    cleaned = clean_text(text + hostile)
    assert without_unseen(cleaned) == cleaned == clean_text(cleaned)
    assert not any(unicodedata.category(character) in ("Cc", "Cs") for character in cleaned)


@given(st.text(st.characters(exclude_categories=["Mn", "Mc", "Me", "Cs"]), max_size=50), st.integers(0, MAX_MARKS))
def test_text_with_as_many_marks_as_languages_need_is_in_nfc(text: str, marks: int) -> None:
    text = f"{text}e{chr(0x301) * marks}" * 100
    assert normalize(text) == unicodedata.normalize("NFC", text)


def test_marks_beyond_the_most_are_left_out_and_the_text_goes_on() -> None:
    text = "x" + "\u0301" * 5_000 + "y" + "\u0301" * 5_000
    assert normalize(text) == unicodedata.normalize("NFC", "x" + "\u0301" * MAX_MARKS + "y" + "\u0301" * MAX_MARKS)


def test_time_grows_with_the_marks_and_no_faster() -> None:
    assert grows_in_proportion(lambda size: "x" + "\u0301\u0323" * (size // 2), normalize, 50_000)


@given(st.text(st.sampled_from([*UNSEEN, "a", " ", "\n", "\u00a0"]), max_size=40), st.integers(1, 5))
def test_a_text_that_is_split_piece_by_piece_is_the_same(text: str, length: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("narayacrawl.language.text.MAX_SPLIT_LENGTH", length)
        assert one_line(text) == " ".join(text.split())
