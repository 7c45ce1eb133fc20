"""Every link of the documentation leads to a file that is there, and every page is reached."""

from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.conftest import ROOT
from tests.docs.markdown import DOCUMENTS, LINK, anchors, blocks, prose

LINKING = [*DOCUMENTS, ROOT / "SECURITY.md", ROOT / "CHANGELOG.md"]


def links(path: Path) -> list[tuple[str, Path, str]]:
    """The links of a file that stay in the repository: as written, the file they name, the anchor."""
    found = []
    for _, line in prose(path):
        for target in LINK.findall(line):
            if "://" not in target:
                name, _, anchor = target.partition("#")
                found.append((target, (path.parent / unquote(name)).resolve() if name else path, anchor))
    return found


@pytest.mark.parametrize("path", LINKING, ids=lambda path: path.name)
def test_every_link_leads_to_a_file_and_heading(path: Path) -> None:
    broken = [
        target for target, file, anchor in links(path) if not file.is_file() or (anchor and anchor not in anchors(file))
    ]
    assert broken == []


def test_every_page_is_named_by_the_index_once() -> None:
    index = ROOT / "docs" / "index.md"
    pages = {path.stem for path in (ROOT / "docs").glob("*.md")} - {"index"}
    trees = [line for block in blocks(index) if block.language == "{toctree}" for line in block.text.splitlines()]
    assert sorted(line for line in trees if line and not line.startswith(":")) == sorted(pages)
    assert {file.stem for _, file, _ in links(index)} == pages


def test_every_page_asks_its_question_first() -> None:
    openings = {
        path.name: [line for _, line in prose(path) if line][1] for path in DOCUMENTS if path.parent.name == "docs"
    }
    del openings["index.md"]
    assert [name for name, line in openings.items() if not line.endswith("?")] == []
