"""A clone of this checkout in which the documentation's commands are run: its portals are stand-ins, and an archive of
two of them is there."""

import compileall
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.conftest import ROOT
from tests.docs.stand_in import PAGES, write_pages

FOLDERS: Final = ("narayacrawl", "fixtures", "tests", "benchmarks", "docs")
FILES: Final = ("scrapy.cfg", "pyproject.toml", "constraints.txt", "README.md", "SECURITY.md", "CONTRIBUTING.md")
SETTINGS: Final = """
DOWNLOAD_HANDLERS = dict.fromkeys(("http", "https"), "tests.docs.stand_in.StandInHandler")
HTTPPROXY_ENABLED = False
AUTOTHROTTLE_ENABLED = False
DOWNLOAD_DELAY = 0
RETRY_TIMES = 0
"""
PROGRAMS: Final = {
    "scrapy": 'exec "{python}" -m scrapy "$@"',
    "narayacrawl": 'exec "{python}" -m narayacrawl "$@"',
    "python": 'exec "{python}" "$@"',
    # The environment is there already, and packages come from no index.
    "python3": '[ "$1 $2" = "-m venv" ] || exec "{python}" "$@"',
    "pip": "exit 0",
}


def run_in(clone: Path, *words: str, text: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run a program in a clone, with what it needs instead of the network."""
    inherited = {name: value for name, value in os.environ.items() if name not in {"CI", "SCRAPY_SETTINGS_MODULE"}}
    own = {
        "PATH": f"{clone / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": f"{clone}{os.pathsep}{ROOT}",
        "COLUMNS": "200",
        PAGES: str(clone / "pages.json"),
    }
    return subprocess.run(
        words, cwd=clone, env=inherited | own, input=text, capture_output=True, text=True, timeout=300, check=False
    )


@pytest.fixture(scope="session")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone that is only copied. Its archive has two portals, and two revisions of one article."""
    clone = tmp_path_factory.mktemp("documented") / "narayacrawl"
    clone.mkdir()
    for name in FOLDERS:
        shutil.copytree(ROOT / name, clone / name, ignore=shutil.ignore_patterns("__pycache__", "_build"))
    for name in FILES:
        shutil.copy(ROOT / name, clone)
    with (clone / "narayacrawl" / "settings.py").open("a", encoding="utf-8") as settings:
        settings.write(SETTINGS)
    # Each page's commands run in a copy, and each command would compile all of it.
    compileall.compile_dir(clone / "narayacrawl", quiet=1)
    programs = clone / ".venv" / "bin"
    programs.mkdir(parents=True)
    for name, line in PROGRAMS.items():
        (programs / name).write_text(f"#!/bin/sh\n{line.format(python=sys.executable)}\n", encoding="utf-8")
        (programs / name).chmod(0o755)
    for edited, words in (
        (False, ["narayapost"]),
        (False, ["wordpress", "-a", "url=https://portal.example/"]),
        (True, ["narayapost", "-a", "full=1"]),
    ):
        write_pages(clone / "pages.json", edited=edited)
        done = run_in(clone, "scrapy", "crawl", *words)
        assert done.returncode == 0, done.stderr
    return clone


@pytest.fixture
def clone(crawled: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(crawled, tmp_path / "narayacrawl"))
