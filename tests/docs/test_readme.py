"""The README is one screen of each thing: what it is, the two commands, a crawl, a record, where to read on."""

import json
import re
import tomllib
from itertools import chain
from typing import Any

from tests.conftest import ROOT
from tests.docs.markdown import blocks, code, table

README = ROOT / "README.md"
GOLDEN = ROOT / "fixtures" / "narayapost" / "articles.jsonl"


def project() -> dict[str, Any]:
    with (ROOT / "pyproject.toml").open("rb") as file:
        found: dict[str, Any] = tomllib.load(file)["project"]
    return found


def test_readme_has_at_most_150_lines() -> None:
    assert len(README.read_text(encoding="utf-8").splitlines()) <= 150


def test_first_command_sets_up_and_replays() -> None:
    first, _ = blocks(README)[:2]
    [command] = first.commands
    assert command.startswith("python3 -m venv .venv && .venv/bin/pip install ")
    assert command.endswith(".venv/bin/scrapy replay narayapost -O articles.jsonl")


def test_second_command_sets_up_and_runs_the_tests() -> None:
    _, second = blocks(README)[:2]
    [command] = second.commands
    assert command.startswith("python3 -m venv .venv && .venv/bin/pip install ")
    assert ".venv/bin/python -m pytest" in command


def test_printed_record_is_one_of_the_fixtures() -> None:
    [text] = [block.text for block in blocks(README) if block.language == "json"]
    printed = json.loads(text)
    [record] = [
        json.loads(line)
        for line in GOLDEN.read_text(encoding="utf-8").splitlines()
        if json.loads(line)["url"] == printed["url"]
    ]
    assert list(printed) == list(record)
    for name, value in printed.items():
        if isinstance(value, str) and value.endswith("…"):
            assert record[name].startswith(value.removesuffix("…"))
        else:
            assert record[name] == value


def test_every_command_stands_in_the_table() -> None:
    files = (ROOT / "narayacrawl" / "commands").glob("[a-z]*.py")
    own = {path.stem for path in files if "\nclass Command(" in path.read_text(encoding="utf-8")}
    assert {code(row[0])[0].split()[1] for row in table(README, "command")} == own


def test_every_dependency_is_listed_with_its_reason() -> None:
    rows = table(README, "package", "why")
    listed = re.findall(r"[\w.-]+", " ".join(row[0] for row in rows))
    wanted = [*project()["dependencies"], *chain(*project()["optional-dependencies"].values())]
    names = [match[0] for text in wanted if (match := re.match(r"[\w.-]+", text))]
    # The row of mypy says: and stubs.
    stubs = [name for name in names if name.startswith("types-") or name.endswith("-stubs")]
    assert [name for name in names if name not in [*listed, *stubs]] == []
    assert all(row[1] for row in rows)
