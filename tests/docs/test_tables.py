"""The documentation's tables say what the code says."""

import ast
import re
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import get_args

import pytest

from narayacrawl import settings
from narayacrawl.audit.findings import KINDS
from narayacrawl.items import Article
from narayacrawl.monitors import outcome
from narayacrawl.pages import ArticlePage
from narayacrawl.wordpress.arguments import Arguments, SourceName
from tests.conftest import ROOT
from tests.docs.markdown import DOCUMENTS, blocks, code, prose, table

PACKAGE = ROOT / "narayacrawl"
DOCS = ROOT / "docs"
CONTRIBUTING = ROOT / "CONTRIBUTING.md"


def texts() -> str:
    """The texts that the package's code may print, a literal a line, `…` for what is filled in; constants are in."""
    trees = [ast.parse(path.read_bytes()) for path in sorted(PACKAGE.rglob("*.py"))]
    everywhere = {name: value for tree in trees for name, value in constants_of(tree).items()}
    return "\n".join(text for tree in trees for text in texts_of(tree, everywhere | constants_of(tree)))


def constants_of(tree: ast.Module) -> dict[str, object]:
    return {
        node.target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.AnnAssign)
        and isinstance(node.target, ast.Name)
        and isinstance(node.value, ast.Constant)
    }


def texts_of(tree: ast.Module, constants: Mapping[str, object]) -> list[str]:
    """Those of one module."""

    def shown(part: ast.expr) -> str:
        if not isinstance(part, ast.FormattedValue):
            return str(part.value) if isinstance(part, ast.Constant) else "…"
        if not isinstance(part.value, ast.Name) or part.value.id not in constants:
            return "…"
        form = "".join(map(shown, part.format_spec.values)) if isinstance(part.format_spec, ast.JoinedStr) else ""
        value = constants[part.value.id]
        return format(value, form) if isinstance(value, int | float) else str(value)

    nodes = list(ast.walk(tree))
    found = ["".join(map(shown, node.values)) for node in nodes if isinstance(node, ast.JoinedStr)]
    return found + [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]


@pytest.fixture(scope="module")
def printed() -> str:
    return texts()


def first_column(path: Path, *head: str) -> list[str]:
    return [name for row in table(path, *head) for name in code(row[0])]


def test_record_has_the_fields_in_their_order() -> None:
    assert first_column(DOCS / "record.md", "field") == [field.name for field in fields(Article)]


def test_every_argument_is_explained() -> None:
    named = [re.match(r"-a (\w+)=", text) for text in first_column(DOCS / "crawl.md", "argument")]
    own = [name for name, argument in Arguments.model_fields.items() if argument.alias is None]  # not Scrapyd's
    assert [match[1] for match in named if match] == own


def test_every_source_is_explained() -> None:
    assert first_column(DOCS / "sources.md", "source") == [name for name in get_args(SourceName) if name != "auto"]


def test_exit_statuses_are_those_of_the_monitors() -> None:
    statuses = [int(row[0]) for row in table(DOCS / "operate.md", "status")]
    known = [outcome.GOOD, outcome.FAILED, outcome.MISUSED, outcome.UNTRUSTED, outcome.BUSY, outcome.INTERRUPTED]
    assert statuses == known


def test_settings_have_the_defaults_that_are_told() -> None:
    told = {code(row[0])[0]: "".join(code(row[1])) for row in table(DOCS / "archive.md", "setting", "default")}
    names = ("ARCHIVE", "ARCHIVE_COMPRESSION", "WARC", "LEDGER")
    assert told == {name: str(getattr(settings, name)) for name in names}


def test_every_selector_of_a_theme_is_explained() -> None:
    own = [name for name in vars(ArticlePage) if name.endswith("_css")]
    assert first_column(DOCS / "add-a-portal.md", "name") == [*own, "timezone"]


def test_every_finding_of_an_audit_is_explained() -> None:
    assert first_column(DOCS / "audit.md", "finding") == list(KINDS)


def test_options_of_explain_are_there(printed: str) -> None:
    options = [text.split()[0] for text in first_column(DOCS / "explain.md", "option")]
    assert options == [option for option in options if f"\n{option}\n" in printed]


def test_every_line_to_troubleshoot_is_one_that_is_printed(printed: str) -> None:
    parts = [
        (line, part)
        for line in first_column(DOCS / "troubleshoot.md", "line", "cause")
        for part in line.split("…")
        if part.strip(" :,")
    ]
    assert [line for line, part in parts if part.strip(" :,") not in printed] == []


def test_every_stat_that_is_told_is_counted(printed: str) -> None:
    names = first_column(DOCS / "operate.md", "stat")
    # Some are counted by a method that puts the prefix before them.
    assert [name for name in names if name.removeprefix("narayacrawl/").rstrip("…") not in printed] == []


def test_every_room_stands_in_the_tree() -> None:
    [tree] = [block.text for block in blocks(CONTRIBUTING) if block.text.startswith("narayacrawl/\n")]
    inside = tree.partition("tests/")[0]
    shown = {re.sub(r"/?$", "", line.split()[0]) for line in inside.splitlines()[1:]}
    rooms = {path.parent.name for path in PACKAGE.rglob("__init__.py")} - {"narayacrawl"} | {"templates"}
    files = {path.name for path in PACKAGE.glob("*.py")}
    assert shown == rooms | files


def test_rooms_and_tests_that_a_change_goes_to_are_there() -> None:
    missing = []
    for _, room, tests in table(CONTRIBUTING, "symptom", "room", "tests"):
        places = [PACKAGE / name if (PACKAGE / name).exists() else ROOT / name for name in code(room)]
        places += [ROOT / name for name in code(tests)]
        missing += [place for place in places if not place.is_dir()]
    assert missing == []


def test_benchmarks_that_are_named_are_there() -> None:
    names = first_column(CONTRIBUTING, "benchmark")
    assert [name for name in names if not (ROOT / "benchmarks" / name).is_file()] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_file_that_is_named_is_there(path: Path) -> None:
    """Of the repository: what begins with one of its folders."""
    named = [
        text
        for _, line in prose(path)
        for text in code(line)
        if re.fullmatch(r"(?:narayacrawl|fixtures|tests|docs|benchmarks)/[\w./-]*\w(?:\.\w+)?/?", text)
    ]
    made = (
        "radar",
        "narayacrawl/article",
        "narayacrawl/date",
        "narayacrawl/source",
        "narayacrawl/dropped",
        "narayacrawl/image",
        "narayacrawl/warc/",
    )
    assert [text for text in named if not (ROOT / text).exists() and not any(part in text for part in made)] == []
