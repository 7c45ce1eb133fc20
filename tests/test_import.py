"""What is imported when: the package by its name alone, and each command only what it needs itself."""

import ast
import subprocess
import sys

import pytest

from tests.conftest import ROOT

HEAVY = {"scrapy", "twisted", "sqlalchemy", "itemadapter", "pydantic", "rich", "pyarrow"}
OF_COMMANDS = {"sqlalchemy", "rich", "pyarrow", "dateparser", "nh3", "orjson", "filelock"}


def imported(code: str, environment: dict[str, str]) -> set[str]:
    """The packages that a fresh process has imported after running `code`."""
    told = "import sys; print(*{name.partition('.')[0] for name in sys.modules}, file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{told}"], env=environment, cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(done.stderr.split())


def test_the_package_imports_nothing_heavy(environment: dict[str, str]) -> None:
    assert imported("import narayacrawl; narayacrawl.Article", environment) & (HEAVY | {"lxml"}) == set()


def test_extract_imports_neither_scrapy_nor_the_ledger(environment: dict[str, str]) -> None:
    page = "<html lang=id><h1>Pasar</h1><time datetime='2025-12-14T14:35:12+00:00'></time><p>Pagi.</p></html>"
    code = f"import narayacrawl; narayacrawl.extract({page!r}, 'https://portal.example/pasar/')"
    assert imported(code, environment) & HEAVY == set()


def test_the_schema_imports_itemadapter_when_it_is_asked_for(environment: dict[str, str]) -> None:
    assert "itemadapter" not in imported("from narayacrawl.items import article_schema", environment)


def test_listing_the_commands_imports_what_none_of_them_needs_for_that(environment: dict[str, str]) -> None:
    code = "from scrapy.utils.misc import walk_modules_iter; list(walk_modules_iter('narayacrawl.commands'))"
    assert imported(code, environment) & OF_COMMANDS == set()


@pytest.mark.parametrize("command", ["genspider", "explain", "ledger"])
def test_a_command_does_not_import_what_another_needs(command: str, environment: dict[str, str]) -> None:
    code = f"""
import sys
from scrapy.cmdline import execute
sys.argv = ["scrapy", {command!r}, "--help"]
try:
    execute()
except SystemExit:
    pass
"""
    assert imported(code, environment) & OF_COMMANDS == set()


@pytest.mark.parametrize("name", ["__init__.py", "__main__.py"])
def test_what_is_read_before_the_version_is_checked_can_be_parsed_by_python_3_8(name: str) -> None:
    source = (ROOT / "narayacrawl" / name).read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 8))


def test_an_older_python_is_told_which_one_is_needed(environment: dict[str, str]) -> None:
    code = "import sys; sys.version_info = (3, 8, 20, 'final', 0); import narayacrawl.__main__ as own; own.main()"
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=ROOT, capture_output=True, text=True, check=False
    )
    told = "narayacrawl needs Python 3.11 or later; this is Python 3.8\n"
    assert (done.returncode, done.stdout, done.stderr) == (1, "", told)
