"""Each promise of SECURITY.md names tests that exist."""

import ast
import re
from typing import Final

import pytest

from tests.conftest import ROOT

NAMED: Final = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
ROWS: Final = [row for row in (ROOT / "SECURITY.md").read_text(encoding="utf-8").splitlines() if row.startswith("| ")]
PROMISES: Final = [row for row in ROWS if row != "| promise | held by |"]


@pytest.mark.parametrize("promise", PROMISES, ids=[row.split("|")[1].strip()[:60] for row in PROMISES])
def test_a_promise_is_held_by_tests_that_exist(promise: str) -> None:
    named = NAMED.findall(promise.split("|")[2])
    assert named
    for path, test in named:
        tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
        assert test in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_each_part_makes_promises() -> None:
    assert len(PROMISES) >= 20
