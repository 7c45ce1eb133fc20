from collections.abc import Sequence
from typing import Any

import pytest

from narayacrawl.archive.diff import Change, changes, shown, text_lines, word_changes


def texts(change: Change) -> list[str]:
    return [f"{line.mark}{''.join(text for text, _ in line.words)}" for line in change.lines]


def changed(old: Any, new: Any, field: str = "body") -> list[str]:
    [change] = changes({field: old}, {field: new})
    return texts(change)


def test_title_date_and_body_come_first() -> None:
    old, new = (dict.fromkeys(("url", "body", "tags", "date", "title"), value) for value in ("a", "b"))
    assert [change.field for change in changes(old, new)] == ["title", "date", "body", "url", "tags"]


@pytest.mark.parametrize("field", ["fetched_at", "revision", "change", "modified"])
def test_what_the_head_tells_is_no_change(field: str) -> None:
    assert changes({field: 1}, {field: 2}) == []


def test_html_and_words_are_told_only_where_the_body_is_the_same() -> None:
    old = {"body": "a", "body_html": "<p>a</p>", "words": 1}
    new = {"body": "b c", "body_html": "<p>b c</p>", "words": 2}
    assert [change.field for change in changes(old, new)] == ["body"]
    assert [change.field for change in changes(old, new | {"body": "a"})] == ["body_html", "words"]


def test_field_that_one_record_lacks_is_told() -> None:
    [change] = changes({}, {"section": "Daerah"})
    assert (change.old, change.new) == ([("–", True)], [("Daerah", True)])


@pytest.mark.parametrize("field", ["standfirst", "date_precision", "free", "site_name", "sections", "words", "media"])
def test_field_that_older_records_lack_is_no_change(field: str) -> None:
    assert changes({"title": "a"}, {"title": "a", field: "second"}) == []


def test_list_tells_what_went_and_came() -> None:
    assert changed(["a", "b", "b"], ["b", "c"], "tags") == ["-a", "-b", "+c"]


def test_list_in_another_order_is_told_as_a_whole() -> None:
    [change] = changes({"tags": ["a", "b"]}, {"tags": ["b", "a"]})
    assert (change.old, change.new) == ([("a, b", True)], [("b, a", True)])


def test_image_with_another_caption_went_and_came() -> None:
    old = {"url": "https://portal.example/a.jpg", "caption": "Dermaga", "credit": None}
    told = ["-https://portal.example/a.jpg · Dermaga", "+https://portal.example/a.jpg · Muara"]
    assert changed([old], [old | {"caption": "Muara"}], "images") == told


@pytest.mark.parametrize(
    ("field", "old", "new"),
    [("body", "a\n\nb", "a\nb"), ("title", "a b", "a\u200b b"), ("tags", ["a b"], ["a  b"])],
)
def test_difference_that_nobody_sees_is_told(field: str, old: Any, new: Any) -> None:
    assert changed(old, new, field) == ["@no visible difference"]


def test_control_characters_are_not_shown() -> None:
    assert shown("a\x1b[31m\nb") == "a[31m b"


# Texts


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (["a"], ["a", "b"], ["@@@ -1 +1,2 @@", " a", "+b"]),
        ([], ["a"], ["@@@ -0,0 +1 @@", "+a"]),
        (["a", "b", "c", "d"], ["a", "b", "c"], ["@@@ -3,2 +3 @@", " c", "-d"]),
        # What is alike stands together, though other paragraphs go and come around it.
        (
            ["satu", "harga beras naik lagi"],
            ["harga beras turun lagi", "dua"],
            ["@@@ -1,2 +1,2 @@", "-satu", "-harga beras naik lagi", "+harga beras turun lagi", "+dua"],
        ),
        (
            ["harga beras naik lagi", "harga gula tetap saja"],
            ["harga beras turun lagi", "harga gula turun saja"],
            [
                "@@@ -1,2 +1,2 @@",
                "-harga beras naik lagi",
                "+harga beras turun lagi",
                "-harga gula tetap saja",
                "+harga gula turun saja",
            ],
        ),
    ],
)
def test_text_is_told_by_paragraphs(old: Sequence[str], new: Sequence[str], told: Sequence[str]) -> None:
    assert texts(Change("body", lines=list(text_lines(old, new)))) == told


def test_distant_changes_have_places_of_their_own() -> None:
    old = [str(number) for number in range(9)]
    lines = texts(Change("body", lines=list(text_lines(old, ["x", *old[1:8], "y"]))))
    assert [line for line in lines if line.startswith("@")] == ["@@@ -1,2 +1,2 @@", "@@@ -8,2 +8,2 @@"]


def test_every_line_of_a_long_rewriting_is_told() -> None:
    old, new = [f"lama {n}" for n in range(300)], [f"baru {n}" for n in range(300)]
    assert len(list(text_lines(old, new))) == 601


def test_changed_words_are_told() -> None:
    before, after, edits = word_changes("beras naik Rp13.500 sejak Senin", "beras naik lagi Rp13.900 sejak Senin")
    assert before == [("beras naik ", False), ("Rp13.500", True), (" sejak Senin", False)]
    assert after == [("beras naik ", False), ("lagi Rp13.900", True), (" sejak Senin", False)]
    assert edits == [("Rp13.500", "lagi Rp13.900")]


def test_changes_that_only_a_space_parts_are_one() -> None:
    assert word_changes("a satu dua b", "a tiga empat b")[2] == [("satu dua", "tiga empat")]
