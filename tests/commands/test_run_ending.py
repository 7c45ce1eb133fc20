"""What a crawl shows: the display, the log and the summary, each where it belongs."""

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from narayacrawl.archive.segment_files import LOCK
from narayacrawl.monitors.run_summary import RunSummary
from tests.conftest import ROOT, Portal, Scrapy
from tests.portals import QUICK, Post, WordPress
from tests.terminal import Shown, on_terminal


def options(site: WordPress, *args: str) -> list[str]:
    settings = [word for setting in QUICK for word in ("-s", setting)]
    return [
        "crawl",
        "wordpress",
        "-a",
        f"url={site.server.url}",
        "-a",
        "source=listing",
        *settings,
        "-o",
        "-:jsonl",
        *args,
    ]


@pytest.fixture
def site(portal: Portal) -> WordPress:
    """A portal of three posts."""
    site = WordPress(portal)
    site.open([Post(3), Post(2)], [Post(1)])
    return site


LOGGED = {"start": "Enabled extensions", "stats": "Dumping Scrapy stats", "line": "time zone:", "summary": "written  "}


@pytest.mark.parametrize(
    ("where", "args", "shown"),
    [
        ("pipe", [], "stats line summary"),
        ("pipe", ["-L", "WARNING"], ""),
        pytest.param("pipe", ["--nolog"], "", marks=pytest.mark.slow),
        pytest.param("pipe", ["-L", "DEBUG"], "start stats line summary", marks=pytest.mark.slow),
        ("terminal", [], "display summary"),
        pytest.param("terminal", ["-L", "INFO"], "display line summary", marks=pytest.mark.slow),
        pytest.param("terminal", ["-L", "WARNING"], "display summary", marks=pytest.mark.slow),
        pytest.param("terminal", ["--nolog"], "display summary", marks=pytest.mark.slow),
        pytest.param("terminal", ["-L", "DEBUG"], "display start stats line summary", marks=pytest.mark.slow),
        pytest.param("terminal", ["-s", "LOGSTATS_INTERVAL=0"], "summary", marks=pytest.mark.slow),
    ],
)
def test_good_crawl_shows(
    where: str,
    args: list[str],
    shown: str,
    scrapy: Scrapy,
    site: WordPress,
    environment: dict[str, str],
    tmp_path: Path,
) -> None:
    if where == "terminal":
        done = on_terminal(options(site, *args), environment | {"TERM": "xterm"}, tmp_path)
    else:
        ended = scrapy(*options(site, *args), cwd=ROOT)
        done = Shown(ended.returncode, ended.stdout, ended.stderr)
    found = {name for name, words in LOGGED.items() if words in done.stderr}
    found |= {"display"} if "\x1b[?25l" in done.stderr else set()  # the cursor is hidden
    assert (done.status, found) == (0, set(shown.split()))
    assert sorted(json.loads(line)["id"] for line in done.stdout.splitlines()) == [1, 2, 3]
    assert shown or not done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("plain", [{"TERM": "dumb"}, {"TERM": "xterm", "NO_COLOR": "1"}])
def test_summary_is_plain_where_it_is_to_be(
    plain: dict[str, str], site: WordPress, environment: dict[str, str], tmp_path: Path
) -> None:
    done = on_terminal(options(site, "-s", "LOGSTATS_INTERVAL=0"), environment | plain, tmp_path)
    summary = done.stderr[done.stderr.index(": good, after") :]
    assert "\x1b[3" not in summary


@pytest.mark.slow
def test_log_file_has_the_summary_that_the_terminal_has(
    site: WordPress, environment: dict[str, str], tmp_path: Path
) -> None:
    log = tmp_path / "log"
    done = on_terminal(options(site, "--logfile", str(log)), environment | {"TERM": "xterm"}, tmp_path)
    assert "written  " in done.stderr
    assert all(words in log.read_text() for words in ("written  ", "Dumping Scrapy stats"))


def test_failed_crawl_says_why_in_its_last_line(site: WordPress, environment: dict[str, str], tmp_path: Path) -> None:
    site.server.add("/", site.page("home blog", "<p>Situs sedang dirawat.</p>"))
    done = on_terminal(options(site), environment | {"TERM": "xterm"}, tmp_path)
    assert (done.status, done.stderr.splitlines()[-1]) == (1, "scrapy crawl: listing without links: 1")


@pytest.mark.slow
def test_line_every_so_often_tells_where_the_crawl_stands(scrapy: Scrapy, site: WordPress) -> None:
    site.open([Post(number) for number in range(1, 31)])
    done = scrapy(*options(site, "-s", "LOGSTATS_INTERVAL=0.05"), cwd=ROOT)
    lines = [line for line in done.stderr.splitlines() if "found " in line]
    assert lines
    assert "INFO: 127.0.0.1:" in lines[-1]
    assert "Crawled 0 pages" not in done.stderr


# RUN_SUMMARY


def summary_of(scrapy: Scrapy, file: Path, *words: str) -> dict[str, Any]:
    """The summary that a crawl has written to `file`."""
    scrapy("crawl", *words, "-s", f"RUN_SUMMARY={file}", "--nolog", cwd=ROOT)
    told: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return told


def test_run_summary_tells_what_became_of_the_run(scrapy: Scrapy, site: WordPress, tmp_path: Path) -> None:
    site.open([Post(number) for number in range(1, 13)])
    site.server.add(Post(7).path, "Galat", status=500)
    told = summary_of(scrapy, tmp_path / "run.json", *options(site)[1:], "-s", f"ARCHIVE={tmp_path}/data")
    assert list(told) == [field.name for field in fields(RunSummary)]
    counts = {name: told[name] for name in ("status", "written", "changed", "gone", "failed", "alarms")}
    assert counts == {"status": 0, "written": 11, "changed": 0, "gone": 0, "failed": {"status_500": 1}, "alarms": {}}
    portal = site.server.url.split("/")[2]
    assert (told["portal"], told["archive"]) == (portal, f"{tmp_path}/data/{portal.replace(':', '_')}")
    assert not list(tmp_path.glob("run.json?*"))


def test_run_summary_is_written_where_the_call_was_wrong(scrapy: Scrapy, tmp_path: Path) -> None:
    told = summary_of(scrapy, tmp_path / "run.json", "wordpress", "-a", "urll=x")
    assert (told["status"], told["requests"]) == (2, 0)
    assert "urll" in told["reason"]


@pytest.mark.slow
def test_run_summary_is_written_where_another_run_goes_on(scrapy: Scrapy, site: WordPress, tmp_path: Path) -> None:
    folder = tmp_path / "data" / site.server.url.split("/")[2].replace(":", "_")
    folder.mkdir(parents=True)
    with FileLock(folder / LOCK):
        told = summary_of(scrapy, tmp_path / "run.json", *options(site)[1:], "-s", f"ARCHIVE={tmp_path}/data")
    assert (told["status"], "is going on" in told["reason"]) == (4, True)


def test_run_summary_in_no_folder_is_refused_before_the_first_request(
    scrapy: Scrapy, site: WordPress, tmp_path: Path
) -> None:
    done = scrapy(*options(site, "-s", f"RUN_SUMMARY={tmp_path}/none/run.json"), cwd=ROOT)
    assert (done.returncode, site.server.asked) == (2, [])
    assert done.stderr.startswith(f"scrapy crawl: RUN_SUMMARY={tmp_path}/none/run.json: no folder ")
