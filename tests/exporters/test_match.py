import orjson
import pytest

import narayacrawl.exporters.match
from narayacrawl.exporters.match import Match, PatternError
from tests.archived import article


@pytest.mark.parametrize(
    ("pattern", "texts"),
    [
        ("beras|gabah", ["Beras", "GABAH"]),
        (r"\bberas\b", ["Beras"]),
        ("^gabah$", ["GABAH"]),
        ("café", ["Café"]),  # written with a combining accent
        ("tidak ada", []),
    ],
)
def test_title_or_text_matches_in_any_case(pattern: str, texts: list[str]) -> None:
    lines = [
        orjson.dumps(article(1, title="Harga", body="Beras naik.")),
        orjson.dumps(article(2, title="Sawah", body="Panen.\n\nGABAH\n\nSelesai.")),
        orjson.dumps(article(3, title="Café", body="Buka.")),
        orjson.dumps(article(4, title="Pemberasan", body="Lain.")),
    ]
    match = Match(pattern)
    found = list(match.among(lines))
    named = {"Beras": 1, "GABAH": 2, "Café": 3}
    wanted = {named[text] for text in texts} | ({4} if pattern.startswith("beras") else set())
    assert {orjson.loads(line)["id"] for line in found} == wanted
    assert match.count == len(found)


@pytest.mark.parametrize("pattern", ["(", "a{99999999999}", "*", " ", "(?P<a>.)(?P<a>.)", "(" * 9_000])
def test_bad_pattern_is_one_line(pattern: str) -> None:
    with pytest.raises(PatternError) as raised:
        Match(pattern)
    assert "\n" not in str(raised.value)


def test_pattern_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(narayacrawl.exporters.match, "MAX_SECONDS", 0.1)
    lines = [orjson.dumps(article(1, body="a" * 200))]
    with pytest.raises(PatternError, match=r"takes more than 0 s for one article: repeat nothing that repeats itself"):
        list(Match("(a+)+b$").among(lines))
