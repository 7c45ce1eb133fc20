"""Every regular expression of the package takes time that grows with the text, whatever the text."""

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from time import process_time
from typing import Any, AnyStr

import pytest

import narayacrawl

LENGTHS = (1_000, 4_000)
FLOOR, FACTOR = 0.005, 10
"""What takes less of the processor's seconds is not judged; nor is it any but linear where four times the text takes so
many times longer."""
UNITS = [
    " ", "a", "A ", "1", "-", "–", ".", ",", ":", "(", "[", "/", "<", "</", "&", "*", "|", "\n", "\u00a0", "\t", '"',
    "_", "@", "é", ". ", ", ", "; ", "- ", " -", " – ", " | ", "1 ", "/1", "1/", ".1", "1:", "a-", "a.", "aA", "A.",
    "[x", "(a", "/.", "-,", "-A", "Baca juga ", "Oleh ", "Budi ", "dan ", "posted by ", "14 des ", "2025 ", "halaman ",
    "iklan ", "ad ", ".com", "https://", "Foto: ", "Editor:", "-icon", "-scaled", '"datePublished":"',
]  # fmt: skip
TAIL = "\x00!"
USES = re.compile(r"\b(\w+)\.(search|match|fullmatch|sub|split|finditer|findall)\b")


def patterns_in(value: Any, depth: int = 0) -> Iterator["re.Pattern[Any]"]:
    """Every pattern that a value of a module is or holds."""
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict | list | tuple | set | frozenset) and depth < 4:
        for entry in value.values() if isinstance(value, dict) else value:
            yield from patterns_in(entry, depth + 1)
    elif type(value).__module__.startswith("narayacrawl") and hasattr(value, "__dict__"):
        yield from patterns_in(vars(value), depth + 1)


def used_patterns() -> dict[str, tuple["re.Pattern[Any]", list[str]]]:
    """Every pattern by its name, and the methods by which the code uses it; `search` where it is handed on."""
    source = "\n".join(path.read_text(encoding="utf-8") for path in Path(narayacrawl.__path__[0]).rglob("*.py"))
    uses: dict[str, set[str]] = {}
    for name, method in USES.findall(source):
        uses.setdefault(name, set()).add(method)
    used: dict[str, tuple[re.Pattern[Any], list[str]]] = {}
    for module in walk_packages(narayacrawl.__path__, "narayacrawl."):
        try:
            values = vars(import_module(module.name))
        except ModuleNotFoundError as error:  # it is of an extra that is not installed here
            if (error.name or "narayacrawl").startswith("narayacrawl"):
                raise
            continue
        for name, value in values.items():
            for position, pattern in enumerate(patterns_in(value)):
                methods = sorted(uses.get(name, {"search"}))
                used.setdefault(f"{name}[{position}] {pattern.flags} {pattern.pattern}", (pattern, methods))
    return used


def seconds(pattern: "re.Pattern[Any]", method: str, text: str) -> float:
    if isinstance(pattern.pattern, bytes):
        return seconds_of(pattern, method, text.encode())
    return seconds_of(pattern, method, text)


def seconds_of(pattern: "re.Pattern[AnyStr]", method: str, text: AnyStr) -> float:
    start = process_time()
    if method == "sub":
        pattern.sub(text[:0], text)
    else:
        found = getattr(pattern, method)(text)
        if method == "finditer":
            list(found)
    return process_time() - start


def grows_too_fast(pattern: "re.Pattern[Any]", method: str, unit: str) -> bool:
    """Whether four times the text takes many times as long; asked again before it is said, for the machine is
    shared."""
    short, long = ((unit * length)[:length] + TAIL for length in LENGTHS)
    return all(seconds(pattern, method, long) > max(FLOOR, FACTOR * seconds(pattern, method, short)) for _ in range(5))


PATTERNS = used_patterns()


def test_the_patterns_are_found() -> None:
    assert len(PATTERNS) > 100


@pytest.mark.parametrize(
    ("pattern", "methods"), [pytest.param(*own, id=name.split()[0]) for name, own in PATTERNS.items()]
)
def test_a_pattern_takes_time_that_grows_with_the_text(pattern: "re.Pattern[Any]", methods: list[str]) -> None:
    slow = [(method, unit) for method in methods for unit in UNITS if grows_too_fast(pattern, method, unit)]
    assert slow == []
