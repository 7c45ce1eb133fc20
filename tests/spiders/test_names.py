"""One name for a portal everywhere, portals short, and nothing in fixtures/ that nobody reads."""

import ast
import json
import tokenize
from importlib import import_module
from pathlib import Path

import pytest
from scrapy import Spider

from narayacrawl.replay.cache_storage import read_recording, read_responses
from tests.conftest import ROOT

FIXTURES = ROOT / "fixtures"
FOLDERS = sorted(folder for folder in FIXTURES.iterdir() if folder.is_dir())
SPIDERS = sorted(path for path in (ROOT / "narayacrawl" / "spiders").glob("*.py") if path.stem != "__init__")
ANY_PORTAL = "wordpress"
MOST_LINES = 15
MOST_BYTES = 5_000_000
"""A news page has up to half a million bytes, a hundred whole posts of the REST API two million."""
NO_CODE = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}

each_spider = pytest.mark.parametrize("path", SPIDERS, ids=lambda path: path.stem)
each_portal_spider = pytest.mark.parametrize(
    "path", [path for path in SPIDERS if path.stem != ANY_PORTAL], ids=lambda path: path.stem
)
each_folder = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)


def spider_classes(path: Path) -> list[type[Spider]]:
    """The spiders that a file defines; those that it imports are none."""
    module = import_module(f"narayacrawl.spiders.{path.stem}")
    return [
        thing
        for thing in vars(module).values()
        if isinstance(thing, type) and issubclass(thing, Spider) and thing.__module__ == module.__name__
    ]


def lines_of_code(path: Path) -> int:
    """Lines that hold code: no docstring, no comment, no empty line."""
    tree = ast.parse(path.read_bytes())
    docstrings = {
        number
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for number in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }
    with path.open("rb") as file:
        tokens = [token for token in tokenize.tokenize(file.readline) if token.type not in NO_CODE]
    return len({token.start[0] for token in tokens if token.type != tokenize.ENCODING} - docstrings)


@each_spider
def test_file_holds_one_spider_of_its_name(path: Path) -> None:
    assert [spider.name for spider in spider_classes(path)] == [path.stem]


@each_spider
def test_class_is_named_after_the_spider(path: Path) -> None:
    assert [spider.__name__ for spider in spider_classes(path)] == [f"{path.stem.capitalize()}Spider"]


@each_portal_spider
def test_portal_is_at_most_fifteen_lines_of_code(path: Path) -> None:
    assert lines_of_code(path) <= MOST_LINES


@each_portal_spider
def test_portal_has_its_fixtures(path: Path) -> None:
    assert (FIXTURES / path.stem).is_dir()


@each_folder
def test_fixtures_are_named_after_their_portal(folder: Path) -> None:
    recording = read_recording(folder)
    host = recording.arguments.get("url", "").split("/")[2:3]
    assert folder.name == (host[0] if recording.spider == ANY_PORTAL else recording.spider)


@each_folder
def test_fixtures_hold_recording_responses_pages_and_golden(folder: Path) -> None:
    names = {path.name for path in folder.iterdir()}
    assert names == {"recording.json", "responses.jsonl", "pages", "articles.jsonl"}


@each_folder
def test_every_page_belongs_to_a_response(folder: Path) -> None:
    named = {response.file for response in read_responses(folder).values()}
    assert {f"pages/{path.name}" for path in (folder / "pages").iterdir()} - named == set()


@each_folder
def test_pages_and_bodies_are_small(folder: Path) -> None:
    sizes = {path.name: path.stat().st_size for path in (folder / "pages").iterdir()}
    lines = (folder / "articles.jsonl").read_text(encoding="utf-8").splitlines()
    sizes |= {record["url"]: len(record["body"].encode()) for record in map(json.loads, lines)}
    assert {name: size for name, size in sizes.items() if size >= MOST_BYTES} == {}
