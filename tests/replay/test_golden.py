import json
from pathlib import Path
from typing import Any

import pytest

from narayacrawl.replay.cache_storage import FixtureError
from narayacrawl.replay.golden import differences, read_golden, write_golden

ONE = {"url": "https://x.example/1", "title": "Satu", "images": []}
TWO = {"url": "https://x.example/2", "title": "Dua", "images": [{"url": "a.jpg"}]}


def test_golden_comes_back_sorted_by_address(tmp_path: Path) -> None:
    write_golden(tmp_path, [TWO, ONE])
    assert read_golden(tmp_path) == [ONE, TWO]


def test_golden_is_readable_text(tmp_path: Path) -> None:
    write_golden(tmp_path, [{"url": "https://x.example/é", "title": "“Kafé”"}])
    assert (tmp_path / "articles.jsonl").read_bytes() == '{"url": "https://x.example/é", "title": "“Kafé”"}\n'.encode()


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("", "articles.jsonl: empty"),
        ("\n\n", "articles.jsonl: empty"),
        ('{"url": "a"}\n{"url":\n', "articles.jsonl:2: not an article"),
        ('{"title": "a"}\n', "articles.jsonl:1: not an article"),
        ("[]\n", "articles.jsonl:1: not an article"),
        ('{"url": "a"}\n{"url": "a"}\n', "articles.jsonl:2: a second time: a"),
    ],
)
def test_refuses_unusable_golden(content: str, complaint: str, tmp_path: Path) -> None:
    (tmp_path / "articles.jsonl").write_text(content, encoding="utf-8")
    with pytest.raises(FixtureError, match=complaint):
        read_golden(tmp_path)


def test_refuses_missing_golden(tmp_path: Path) -> None:
    with pytest.raises(FixtureError, match="No such file"):
        read_golden(tmp_path)


@pytest.mark.parametrize(
    ("golden", "articles", "found"),
    [
        ([ONE, TWO], [TWO, ONE], []),
        ([ONE], [ONE, TWO], ["+ https://x.example/2"]),
        ([ONE, TWO], [ONE], ["- https://x.example/2"]),
        ([ONE], [ONE, ONE], ["+ https://x.example/1"]),
        ([ONE], [ONE | {"title": "Dua"}], ['~ https://x.example/1\n    title: "Satu" → "Dua"']),
        ([ONE], [ONE | {"images": None}], ["~ https://x.example/1\n    images: [] → null"]),
        ([ONE], [ONE | {"id": 7}], ["~ https://x.example/1\n    id: (no such field) → 7"]),
    ],
)
def test_tells_differences(golden: list[dict[str, Any]], articles: list[dict[str, Any]], found: list[str]) -> None:
    assert list(differences(golden, articles)) == found


def test_difference_deep_in_a_body_is_shown() -> None:
    old, new = "a" * 500 + "lama" + "b" * 500, "a" * 500 + "baru" + "b" * 500
    [text] = differences([{"url": "u", "body": old}], [{"url": "u", "body": new}])
    assert "aalamabb" in text
    assert "aabarubb" in text
    assert len(text) < 200


def test_golden_is_one_json_object_a_line(tmp_path: Path) -> None:
    write_golden(tmp_path, [{"url": "u", "body": "Satu.\n\nDua.\u2028Tiga."}])
    [line] = (tmp_path / "articles.jsonl").read_text(encoding="utf-8").split("\n")[:-1]
    assert json.loads(line)["body"] == "Satu.\n\nDua.\u2028Tiga."
