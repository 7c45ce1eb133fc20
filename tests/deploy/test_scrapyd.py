"""A project that is deployed to Scrapyd runs there, from its egg."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import ProxyHandler, build_opener
from zipfile import ZipFile

import pytest

from narayacrawl import read
from tests.conftest import ROOT, Portal
from tests.portals import QUICK, Post, WordPress

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (find_spec("scrapyd") and find_spec("scrapyd_client")), reason="no Scrapyd"),
]

FILES = ("scrapy.cfg", "pyproject.toml", "README.md", "LICENSE")
SPIDER = '''"""Kabar Dermaga, a portal that only the deployed project knows."""

from narayacrawl.wordpress import WordPressSpider


class DermagaSpider(WordPressSpider):
    name = "dermaga"
    start_urls = ["https://dermaga.example/"]
'''
# An environment with this project's dependencies and without itself: what is installed would be run instead of the egg.
NOT_INSTALLED = """
import sys
from pathlib import Path

sys.path[:] = [place for place in sys.path if not Path(place, "narayacrawl", "settings.py").exists()]
"""


@dataclass
class Scrapyd:
    """A Scrapyd that was started for a test, in a folder of its own."""

    url: str
    folder: Path
    process: subprocess.Popen[str]

    def wait_for(self, pattern: str) -> str:
        """Read what it tells until a line has this; that line."""
        assert self.process.stdout is not None
        told = []
        for line in self.process.stdout:
            told.append(line)
            if re.search(pattern, line):
                return line
        raise AssertionError("".join(told))

    def ask(self, service: str, *form: tuple[str, str]) -> dict[str, Any]:
        data = urlencode(form).encode() if form else None
        name, _, query = service.partition("?")
        with build_opener(ProxyHandler({})).open(f"{self.url}{name}.json?{query}", data, timeout=60) as answer:
            told: dict[str, Any] = json.load(answer)
        assert told["status"] == "ok", told
        return told

    def run(self, spider: str, *form: tuple[str, str], settings: Sequence[str] = ()) -> tuple[str, str]:
        """Run a job to its end: how Scrapyd says it ended, and its log."""
        fields = [("project", "narayacrawl"), ("spider", spider), *form, *(("setting", each) for each in settings)]
        job = self.ask("schedule", *fields)["jobid"]
        ended = self.wait_for(rf"Process (finished|died).*{job}")
        log = self.folder / "logs" / "narayacrawl" / spider / f"{job}.log"
        return ended, log.read_text(encoding="utf-8") if log.exists() else ""


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def scrapyd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scrapyd]:
    """Scrapyd in an empty folder, where no file of this project is."""
    folder = tmp_path_factory.mktemp("scrapyd")
    environment = tmp_path_factory.mktemp("environment")
    (environment / "sitecustomize.py").write_text(NOT_INSTALLED, encoding="utf-8")
    port = free_port()
    (folder / "scrapyd.conf").write_text(f"[scrapyd]\nhttp_port = {port}\npoll_interval = 0.1\nmax_proc = 1\n")
    own = {"NARAYACRAWL_CONTACT": "uji@contoh.example", "PYTHONPATH": str(environment), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        [sys.executable, "-m", "scrapyd"],
        cwd=folder,
        env={name: value for name, value in os.environ.items() if name != "CI"} | own,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        started = Scrapyd(f"http://127.0.0.1:{port}/", folder, process)
        try:
            started.wait_for("Scrapyd .* started")
            yield started
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def deployed(scrapyd: Scrapyd, tmp_path_factory: pytest.TempPathFactory) -> Scrapyd:
    """Scrapyd with a clone of this project, deployed as the documentation says."""
    clone = tmp_path_factory.mktemp("clone")
    shutil.copytree(ROOT / "narayacrawl", clone / "narayacrawl", ignore=shutil.ignore_patterns("__pycache__"))
    for name in FILES:
        shutil.copy(ROOT / name, clone)
    (clone / "narayacrawl" / "spiders" / "dermaga.py").write_text(SPIDER, encoding="utf-8")
    configuration = (clone / "scrapy.cfg").read_text(encoding="utf-8")
    (clone / "scrapy.cfg").write_text(configuration.replace("http://127.0.0.1:6800/", scrapyd.url), encoding="utf-8")
    command = [sys.executable, "-m", "scrapyd_client.deploy"]
    done = subprocess.run(command, cwd=clone, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout)["spiders"] == 3
    return scrapyd


@pytest.fixture
def site(portal: Portal) -> WordPress:
    wordpress = WordPress(portal)
    wordpress.open([Post(1), Post(2)])
    return wordpress


def test_jobs_of_a_deployed_project_fill_the_archive(deployed: Scrapyd, site: WordPress, tmp_path: Path) -> None:
    [egg] = (deployed.folder / "eggs" / "narayacrawl").iterdir()
    package = {str(path.relative_to(ROOT)) for path in (ROOT / "narayacrawl").rglob("*.*") if path.suffix != ".pyc"}
    assert package - set(ZipFile(egg).namelist()) == set()
    # A version is named to the spider, too.
    version = deployed.ask("listversions?project=narayacrawl")["versions"][0]
    form = (("url", site.server.url), ("_version", version))
    settings = [setting for setting in QUICK if setting != "ARCHIVE="]
    ended, log = deployed.run("dermaga", *form, settings=settings)
    assert "Process finished" in ended, ended + log
    archive = tmp_path / "archive"
    # Where the job names none it is in Scrapyd's own folder.
    (deployed.folder / "data").rename(archive)
    assert sorted(article.id or 0 for article in read(archive / "dermaga")) == [1, 2]
    # The next run knows what this one has written: both know their code's version, though no file of it is there.
    site.server.asked.clear()
    ended, log = deployed.run("dermaga", *form, settings=[*settings, f"ARCHIVE={archive}"])
    assert "Process finished" in ended, ended + log
    assert [path for path in site.server.asked if "perahu" in path] == []
    assert not (deployed.folder / "data").exists()
