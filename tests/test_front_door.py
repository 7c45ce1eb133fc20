"""`python -m narayacrawl`, in a folder that is no project and in a project that is not ours."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Portal
from tests.portals import QUICK, Post, WordPress

Narayacrawl = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "empty"
    path.mkdir()
    return path


@pytest.fixture
def narayacrawl(folder: Path, environment: dict[str, str]) -> Narayacrawl:
    def run(*args: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "narayacrawl", *args],
            cwd=cwd or folder,
            env=environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )

    return run


def quick() -> list[str]:
    return [word for setting in QUICK if not setting.startswith("ARCHIVE") for word in ("-s", setting)]


@pytest.mark.slow
def test_crawls_and_exports_in_an_empty_folder(narayacrawl: Narayacrawl, folder: Path, portal: Portal) -> None:
    WordPress(portal).open([Post(1), Post(2)])
    done = narayacrawl("crawl", "wordpress", "-a", f"url={portal.url}", *quick())
    assert done.returncode == 0, done.stderr
    [name] = [path.name for path in (folder / "data").iterdir() if path.is_dir()]
    done = narayacrawl("export", name, "-O", "articles.jsonl")
    assert done.returncode == 0, done.stderr
    lines = (folder / "articles.jsonl").read_text(encoding="utf-8").splitlines()
    assert sorted(json.loads(line)["id"] for line in lines) == [1, 2]


@pytest.mark.slow
def test_lists_our_spiders_outside_a_project(narayacrawl: Narayacrawl) -> None:
    assert {"narayapost", "wordpress"} <= set(narayacrawl("list").stdout.split())


def test_a_project_of_this_folder_has_its_own_spiders(narayacrawl: Narayacrawl, project: Path) -> None:
    assert "standin" in narayacrawl("list", cwd=project).stdout.split()


@pytest.mark.slow
def test_the_commands_are_listed_under_our_name(narayacrawl: Narayacrawl) -> None:
    told = narayacrawl("--help").stdout
    assert "  narayacrawl <command> [options] [args]" in told
    assert '"narayacrawl <command> -h"' in told
    assert {"crawl", "record", "replay", "explain", "ledger", "diff", "audit", "export", "extract"} <= set(told.split())


@pytest.mark.slow
def test_a_command_tells_its_usage_under_our_name(narayacrawl: Narayacrawl) -> None:
    assert "  narayacrawl export [options] <portal>\n" in narayacrawl("export", "--help").stdout


@pytest.mark.slow
def test_a_mistake_is_one_line_under_our_name(narayacrawl: Narayacrawl) -> None:
    done = narayacrawl("crawl", "narayapos", "-L", "ERROR")
    told = "narayacrawl crawl: no spider 'narayapos' (did you mean narayapost?)\n"
    assert (done.returncode, done.stderr) == (2, told)


@pytest.mark.slow
def test_no_spider_is_written_where_there_is_no_project(narayacrawl: Narayacrawl, folder: Path) -> None:
    done = narayacrawl("genspider", "-t", "portal", "radar", "radar.example")
    told = f"narayacrawl genspider: {folder} is in no Scrapy project: make one with scrapy startproject NAME\n"
    assert (done.returncode, done.stderr) == (2, told)
    assert list(folder.iterdir()) == []
