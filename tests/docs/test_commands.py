"""Every command of the documentation is run against a stand-in, or says why not."""

import re
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.docs.conftest import run_in
from tests.docs.markdown import DOCUMENTS, NOT_RUN, RUN, SHOWN, Block, blocks, code, commands, prose
from tests.docs.stand_in import PORTALS

PAGES_WITH_COMMANDS = [path for path in DOCUMENTS if any(block.not_run is None for block in commands(path))]
LONGEST = {"add-a-portal.md", "crawl.md"}
"""A third of all that the commands take; `.ci/run` has a newcomer's portal of its own."""
SCRAPY_COMMANDS = {"list", "shell", "parse", "fetch", "startproject"}
"""Those of Scrapy itself that the documentation may name."""

each_document = pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)


@each_document
def test_every_block_says_what_it_is(path: Path) -> None:
    languages = {block.place: block.language for block in blocks(path) if not block.language.startswith("{")}
    assert {place: language for place, language in languages.items() if language not in RUN + SHOWN} == {}


@each_document
def test_no_code_is_only_indented(path: Path) -> None:
    assert [number for number, line in prose(path) if line.startswith(("    ", "\t"))] == []


@each_document
def test_every_reason_stands_above_a_command(path: Path) -> None:
    reasons = [number for number, line in prose(path) if NOT_RUN.fullmatch(line)]
    assert reasons == [block.line - 2 for block in commands(path) if block.not_run]


@each_document
def test_every_named_command_is_there(path: Path) -> None:
    known = {file.stem for file in (ROOT / "narayacrawl" / "commands").glob("[a-z]*.py")} | SCRAPY_COMMANDS
    named = [
        (number, words[1])
        for number, line in prose(path)
        for words in map(str.split, code(line))
        if words[0] in ("scrapy", "narayacrawl") and len(words) > 1 and words[1].islower()
    ]
    assert [(number, name) for number, name in named if name.strip(":") not in known] == []


@pytest.mark.parametrize("path", PAGES_WITH_COMMANDS, ids=lambda path: path.name)
def test_commands_ask_only_the_stand_ins(path: Path) -> None:
    asked = {
        url
        for block in commands(path)
        if block.not_run is None
        for url in re.findall(r"https?://[^/\s'\"]+/?", block.text)
    }
    assert {url for url in asked if f"{url.rstrip('/')}/" not in PORTALS} == set()


@pytest.mark.slow
@pytest.mark.parametrize(
    "path",
    [
        pytest.param(path, marks=[pytest.mark.long] if path.name in LONGEST else [], id=path.name)
        for path in PAGES_WITH_COMMANDS
    ],
)
def test_every_command_ends_well(path: Path, clone: Path) -> None:
    failed = []
    for block in commands(path):
        if block.not_run is None:
            failed += _run(block, clone)
    assert not failed, "\n".join(failed)


def _run(block: Block, clone: Path) -> list[str]:
    """Run a block, in the clone that the page's blocks before it have worked in; what it complained of."""
    if block.language == "python":
        done = run_in(clone, "python", "-W", "error", "-", text=block.text)
    else:
        done = run_in(clone, "bash", "-euo", "pipefail", "-c", block.text)
    return (
        []
        if done.returncode == 0
        else [f"{block.place}: status {done.returncode}\n{block.text}{done.stdout[-2000:]}{done.stderr[-2000:]}"]
    )


@pytest.mark.slow
def test_archive_of_the_stand_in_has_a_revision_to_show(clone: Path) -> None:
    done = run_in(clone, "scrapy", "diff", "https://narayapost.com/ekonomi/harga-beras/")
    assert ": 2 revisions\n" in done.stdout
    assert "\n~ Rp500 → Rp900\n" in done.stdout


@pytest.mark.slow
def test_shown_explanation_is_what_is_printed(clone: Path) -> None:
    page = "fixtures/narayapost/pages/daerah-pasar-terapung-pindah-jam.html"
    printed = [" ".join(line.split()) for line in run_in(clone, "scrapy", "explain", page).stdout.splitlines()]
    [shown] = [block.text for block in blocks(ROOT / "docs" / "explain.md") if block.language == "text"]
    lines = [" ".join(line.split()) for line in shown.splitlines() if not line.startswith("──")]
    assert [line for line in lines if not any(own.startswith(line.removesuffix(" …")) for own in printed)] == []
