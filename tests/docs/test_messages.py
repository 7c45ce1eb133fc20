"""Every line that tells a user of a failure stands in the documentation, with what to do."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.conftest import ROOT
from tests.docs.markdown import code, table

PACKAGE: Final = ROOT / "narayacrawl"
TROUBLESHOOT: Final = ROOT / "docs" / "troubleshoot.md"
EXCEPTIONS: Final = (
    *("UsageError", "LedgerError", "ArchiveError", "StoreError", "PortalBusy", "PortalWaits", "FixtureError"),
    *("PatternError", "QueryError", "SearchError", "Refused", "NotKept", "NoWarc", "NoFiles", "PoolError"),
    "ReadingFailed",
)
"""Exceptions whose text is printed; `ValueError` where a module checks what the user has written."""
CHECKING: Final = (
    *("commands", "schedule", "wordpress/arguments.py", "spiders", "exporters/match.py", "exporters/files.py"),
)
LOGGED: Final = ("warning", "error")
MIN_TEXT, MIN_LINE = 7, 5
"""A message, and a line of the documentation, of fewer letters than that says nothing by itself."""


def shown(node: ast.expr) -> Iterator[str]:
    """The texts that an expression may be, `…` for what is filled in."""
    if isinstance(node, ast.IfExp):
        yield from shown(node.body)
        yield from shown(node.orelse)
    elif isinstance(node, ast.JoinedStr):
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield re.sub(r"%[-.\d]*[sdrfg]", "…", node.value)


def told(path: Path, tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line number and text of each message of a module."""
    is_checking = path.relative_to(PACKAGE).as_posix().startswith(CHECKING)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args:
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            owner = ast.unparse(node.func).partition(".")[0]
            arguments: list[ast.expr] = []
            if name in EXCEPTIONS or (name == "ValueError" and is_checking):
                arguments = [node.args[-1 if name == "Refused" else 0]]
            elif name == "Outcome":
                arguments = node.args[1:]
            elif name in LOGGED and owner in ("logger", "self"):
                arguments = node.args[:1]
            for argument in arguments:
                for text in shown(argument):
                    yield node.lineno, text
        elif path.name == "outcome.py" and isinstance(node, ast.Return) and node.value is not None:
            for text in shown(node.value):
                yield node.lineno, text


def messages() -> list[tuple[str, str]]:
    found = [
        (f"{path.relative_to(ROOT)}:{number}", text)
        for path in sorted(PACKAGE.rglob("*.py"))
        for number, text in told(path, ast.parse(path.read_bytes()))
        if len(re.findall(r"[^\W_]", text)) >= MIN_TEXT and " " in text.strip("… ,;:") and not text.startswith(", ")
    ]
    assert len(found) > 150, "the messages are found by how they are raised"
    return found


def lines() -> list[str]:
    return [line for row in table(TROUBLESHOOT, "line", "cause") for line in code(row[0])]


def matches(line: str, message: str) -> bool:
    """True if a line of the documentation is that of a message: its parts stand there in their order."""
    parts = [part.strip() for part in line.split("…")]
    return re.search(".*".join(map(re.escape, parts)), message) is not None


@pytest.mark.slow
def test_every_message_has_a_line() -> None:
    documented = lines()
    missing = [(place, text) for place, text in messages() if not any(matches(line, text) for line in documented)]
    assert missing == [], "\n" + "\n".join(f"{place}\t{text}" for place, text in missing)


def test_no_line_stands_for_any_message() -> None:
    assert [line for line in lines() if len(re.findall(r"[^\W_]", line)) < MIN_LINE] == []


@pytest.mark.parametrize(
    ("line", "message", "is_its"),
    [
        ("unreachable: …", "unreachable: no page was answered (…)", True),
        ("… is a link: …", "… is a link: the archive holds files only", True),
        ("… written with REQUEST_BUDGET=…", "… written; …", False),
        ("no spider …", "no portal …", False),
    ],
)
def test_line_is_known_by_its_parts(line: str, message: str, *, is_its: bool) -> None:
    assert matches(line, message) is is_its
