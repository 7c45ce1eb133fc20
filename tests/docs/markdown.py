"""What the documentation's Markdown says: code blocks, tables, headings, links."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.conftest import ROOT

DOCUMENTS: Final = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("**/*.md")])
RUN: Final = ("sh", "python")
"""Languages of blocks that are commands."""
SHOWN: Final = ("text", "json", "ini")
"""Languages of blocks that are not."""

FENCE: Final = re.compile(r"(?P<ticks>```+)(?P<language>\S*)")
NOT_RUN: Final = re.compile(r"<!-- not run: (?P<reason>\S.*\S) -->")
LINK: Final = re.compile(r"\[[^\]]*\]\((?P<target>[^)\s]+)\)")


@dataclass(frozen=True)
class Block:
    """A fenced block of code."""

    path: Path
    line: int
    """Where its text begins."""
    language: str
    text: str
    not_run: str | None
    """Why no test runs it; None where a test does."""

    @property
    def place(self) -> str:
        return f"{self.path.relative_to(ROOT)}:{self.line}"

    @property
    def commands(self) -> list[str]:
        """The lines of a shell block; all of another language is one command."""
        if self.language != "sh":
            return [self.text]
        return [line for line in self.text.splitlines() if line.strip() and not line.startswith("#")]


def blocks(path: Path) -> list[Block]:
    """The fenced blocks of a file, in order."""
    lines = path.read_text(encoding="utf-8").splitlines()
    found = []
    number = 0
    while number < len(lines):
        if fence := FENCE.match(lines[number]):
            end = lines.index(fence["ticks"], number + 1)
            above = NOT_RUN.fullmatch(lines[number - 1]) if number else None
            text = "\n".join(lines[number + 1 : end]) + "\n"
            found.append(Block(path, number + 2, fence["language"], text, above["reason"] if above else None))
            number = end
        number += 1
    return found


def commands(path: Path) -> list[Block]:
    """The blocks of a file that are commands."""
    return [block for block in blocks(path) if block.language in RUN]


def prose(path: Path) -> Iterator[tuple[int, str]]:
    """The lines of a file outside its fenced blocks, with their numbers."""
    is_code = False
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("```"):
            is_code = not is_code
        elif not is_code:
            yield number, line


def anchors(path: Path) -> set[str]:
    """The anchors of a file's headings, as GitHub and MyST make them."""
    headings = (line.lstrip("#").strip().lower() for _, line in prose(path) if line.startswith("#"))
    return {re.sub(r"[^\w\- ]", "", heading).replace(" ", "-") for heading in headings}


def table(path: Path, *head: str) -> list[list[str]]:
    """The rows of the tables whose first columns have these heads, a list of cells each."""
    rows: list[list[str]] = []
    is_wanted = False
    for _, line in prose(path):
        cells = [cell.strip() for cell in line.strip("|").split("|")] if line.startswith("|") else []
        if not cells:
            is_wanted = False
        elif is_wanted:
            rows.append(cells)
        elif tuple(cells[: len(head)]) == head:
            is_wanted = True
    return [row for row in rows if set("".join(row)) != {"-"}]


def code(cell: str) -> list[str]:
    """What stands between backticks."""
    return re.findall(r"`([^`]+)`", cell)
