"""A project that is not ours, with and without the add-on: our spiders crawl in it, and no other spider notices."""

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT, Portal, Scrapy
from tests.portals import Post, WordPress
from tests.slow import first_quick

ADDON = 'ADDONS = {"narayacrawl.addon.NarayacrawlAddon": 300}\n'
QUICK = "DOWNLOAD_DELAY = 0\nAUTOTHROTTLE_ENABLED = False\nRETRY_TIMES = 0\nHTTPPROXY_ENABLED = False\n"

PORTAL = """
from narayacrawl.wordpress import WordPressSpider

class DermagaSpider(WordPressSpider):
    name = "dermaga"
    allowed_domains = ["127.0.0.1"]
    start_urls = ["{url}"]
"""
PIPELINE = """
class ForeignPipeline:
    def process_item(self, item):
        item.tags = ["own"]
        return item
"""
PLAIN = """
import scrapy

class PlainSpider(scrapy.Spider):
    name = "plain"

    async def start(self):
        for path in {paths}:
            yield scrapy.Request("{url}" + path, dont_filter=True)

    def parse(self, response):
        cookies = (response.request.headers.get("Cookie") or b"").decode()
        yield {{"path": response.url.rpartition("/")[2], "cookies": cookies, "depth": response.meta["depth"]}}
"""


@pytest.fixture
def foreign(tmp_path: Path, environment: dict[str, str]) -> Path:
    """A project as `scrapy startproject` makes it, in a hurry."""
    command = [sys.executable, "-m", "scrapy", "startproject", "foreign", str(tmp_path / "foreign")]
    subprocess.run(command, env=environment, check=True, capture_output=True)
    with (tmp_path / "foreign" / "foreign" / "settings.py").open("a", encoding="utf-8") as settings:
        settings.write(QUICK)
    return tmp_path / "foreign"


@pytest.fixture
def installed(tmp_path: Path, environment: dict[str, str]) -> dict[str, str]:
    """The environment of a process that finds the package's entry points, as where it was installed from a wheel."""
    commands = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["entry-points"]
    info = tmp_path / "installed" / "narayacrawl-0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: narayacrawl\nVersion: 0\n", encoding="utf-8")
    lines = ["[scrapy.commands]", *(f"{name} = {path}" for name, path in commands["scrapy.commands"].items())]
    (info / "entry_points.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return {"PYTHONPATH": f"{info.parent}{os.pathsep}{environment['PYTHONPATH']}"}


def enable(project: Path) -> None:
    with (project / "foreign" / "settings.py").open("a", encoding="utf-8") as settings:
        settings.write(ADDON)


def add(project: Path, spider: str) -> None:
    (project / "foreign" / "spiders" / "own.py").write_text(spider, encoding="utf-8")


def archived(project: Path, portal: str) -> list[dict[str, Any]]:
    segments = sorted((project / "data" / portal).glob("*.jsonl"))
    return [json.loads(line) for path in segments for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("has_addon", first_quick(True, False))
def test_our_spider_crawls_in_a_foreign_project(has_addon: bool, foreign: Path, scrapy: Scrapy, portal: Portal) -> None:
    WordPress(portal).open([Post(1), Post(2)])
    add(foreign, PORTAL.format(url=portal.url))
    if has_addon:
        enable(foreign)
    done = scrapy("crawl", "dermaga", cwd=foreign)
    assert (done.returncode, done.stderr.count("Traceback")) == (0, 0)
    assert sorted(record["id"] for record in archived(foreign, "dermaga")) == [1, 2]


@pytest.mark.slow
def test_the_addon_brings_the_spider_of_any_portal(foreign: Path, scrapy: Scrapy, portal: Portal) -> None:
    WordPress(portal).open([Post(1)])
    enable(foreign)
    scrapy("crawl", "wordpress", "-a", f"url={portal.url}", cwd=foreign)
    [name] = [path.name for path in (foreign / "data").iterdir() if path.is_dir()]
    assert [record["id"] for record in archived(foreign, name)] == [1]


@pytest.mark.slow
def test_the_commands_with_new_names_are_there(foreign: Path, scrapy: Scrapy, installed: dict[str, str]) -> None:
    lines = scrapy(cwd=foreign, env=installed).stdout.splitlines()
    told = dict(line.split(maxsplit=1) for line in lines if line.startswith("  ") and len(line.split()) > 1)
    assert {"audit", "diff", "explain", "export", "extract", "ledger", "record", "replay"} <= told.keys()
    assert "exit status" not in told["crawl"]


@pytest.mark.slow
def test_our_commands_find_the_archive_of_a_foreign_project(
    foreign: Path, scrapy: Scrapy, portal: Portal, installed: dict[str, str]
) -> None:
    WordPress(portal).open([Post(1)])
    add(foreign, PORTAL.format(url=portal.url))
    scrapy("crawl", "dermaga", cwd=foreign)
    done = scrapy("export", "dermaga", "-O", "-", cwd=foreign, env=installed)
    assert (done.returncode, [json.loads(line)["id"] for line in done.stdout.splitlines()]) == (0, [1]), done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("command", ["scrapy", "narayacrawl"])
def test_the_projects_own_settings_go_before_ours(
    command: str, foreign: Path, environment: dict[str, str], portal: Portal
) -> None:
    WordPress(portal).open([Post(1)])
    add(foreign, PORTAL.format(url=portal.url))
    pipeline = (
        "class ForeignPipeline:\n    def process_item(self, item):\n        item.tags = ['own']\n        return item\n"
    )
    (foreign / "foreign" / "pipelines.py").write_text(pipeline, encoding="utf-8")
    with (foreign / "foreign" / "settings.py").open("a", encoding="utf-8") as settings:
        settings.write('ARCHIVE = "berita"\nITEM_PIPELINES = {"foreign.pipelines.ForeignPipeline": 850}\n')
        settings.write('EXTENSIONS = {"scrapy.extensions.logstats.LogStats": None}\n')
    subprocess.run([sys.executable, "-m", command, "crawl", "dermaga"], env=environment, cwd=foreign, check=True)
    [path] = (foreign / "berita" / "dermaga").glob("*.jsonl")
    record = json.loads(path.read_text(encoding="utf-8"))
    assert (record["id"], record["tags"]) == (1, ["own"])
    assert not (foreign / "data").exists()


def plain_crawl(project: Path, scrapy: Scrapy, portal: Portal, *paths: str) -> tuple[int, str, list[str]]:
    """Exit status, feed and the paths that the portal was asked for, of a spider that knows nothing of us."""
    for path in paths:
        portal.add(f"/{path}", "<h1>Halaman</h1>", 200, **{"Set-Cookie": "kunjungan=1; Path=/"})
    portal.add("/robots.txt", "User-agent: *\nDisallow: /rahasia", 200, **{"Content-Type": "text/plain"})
    portal.asked.clear()
    add(project, PLAIN.format(url=portal.url, paths=paths))
    settings = ["-s", "CONCURRENT_REQUESTS=1", "-s", "FEED_STORE_EMPTY=1"]
    done = scrapy("crawl", "plain", "-o", "items.jsonl", *settings, cwd=project)
    feed = project / "items.jsonl"
    items = feed.read_text(encoding="utf-8")
    feed.unlink()
    return done.returncode, items, portal.asked.copy()


@pytest.mark.parametrize("paths", first_quick("satu dua rahasia", "rahasia", "tiada"))
def test_another_spider_runs_as_without_the_addon(paths: str, foreign: Path, scrapy: Scrapy, portal: Portal) -> None:
    before = plain_crawl(foreign, scrapy, portal, *paths.split())
    enable(foreign)
    assert plain_crawl(foreign, scrapy, portal, *paths.split()) == before


@pytest.mark.slow
def test_another_spider_keeps_cookies_robots_and_items(foreign: Path, scrapy: Scrapy, portal: Portal) -> None:
    enable(foreign)
    status, items, asked = plain_crawl(foreign, scrapy, portal, "satu", "dua", "rahasia")
    assert [json.loads(line) for line in items.splitlines()] == [
        {"path": "satu", "cookies": "", "depth": 0},
        {"path": "dua", "cookies": "kunjungan=1", "depth": 0},
    ]
    assert (status, asked) == (0, ["/robots.txt", "/satu", "/dua"])


def test_another_spider_runs_in_our_own_project(project: Path, scrapy: Scrapy, portal: Portal) -> None:
    settings = "from narayacrawl.settings import *\nSPIDER_MODULES = ['standin.own']\nDOWNLOAD_DELAY = 0\n"
    (project / "standin" / "settings.py").write_text(settings, encoding="utf-8")
    (project / "standin" / "own.py").write_text(PLAIN.format(url=portal.url, paths=("satu", "dua")), encoding="utf-8")
    for path in ("/satu", "/dua"):
        portal.add(path, "<h1>Halaman</h1>", 200, **{"Set-Cookie": "kunjungan=1; Path=/"})
    done = scrapy("crawl", "plain", "-O", "-:jsonl", "-s", "CONCURRENT_REQUESTS=1", "-s", "HTTPPROXY_ENABLED=0")
    items = [json.loads(line) for line in done.stdout.splitlines()]
    assert (done.returncode, [item["cookies"] for item in items]) == (0, ["", "kunjungan=1"]), done.stderr
