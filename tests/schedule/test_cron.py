"""A crontab's lines do what is meant, as cron runs them: by /bin/sh, with next to nothing in the environment."""

import json
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from narayacrawl import read
from narayacrawl.schedule.cron import crontab
from narayacrawl.schedule.interval import Interval
from narayacrawl.schedule.job import Job
from tests.conftest import ROOT, Portal
from tests.portals import QUICK, Post, WordPress
from tests.schedule.jobs import HARD, hard_job, job

LOG = "narayacrawl-narayapost.log"
EIGHTY = "".join(f"echo baris {number}\n" for number in range(80))


def commands(made: Job) -> list[str]:
    """The commands of a crontab's lines, as cron hands them to the shell."""
    lines = [line for line in crontab(made).splitlines() if not re.match(r"#|[A-Z]+=", line)]
    fields = [re.fullmatch(r"((?:[\d*/,-]+ ){5})(.*)", line) for line in lines]
    # A percent sign that is not escaped ends the command.
    return [re.split(r"(?<!\\)%", match[2])[0].replace("\\%", "%") for match in fields if match]


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a command as cron does."""
    variables = [f"HOME={folder}", "LOGNAME=uji", "SHELL=/bin/sh", "PATH=/usr/bin:/bin"]
    return subprocess.run(
        ["env", "-i", *variables, "/bin/sh", "-c", command],
        cwd="/",
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.fixture
def python(tmp_path: Path) -> Callable[[str], str]:
    """An interpreter of one's own: a script of the shell."""

    def write(script: str) -> str:
        path = tmp_path / "python"
        path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        path.chmod(0o755)
        return str(path)

    return write


@pytest.mark.parametrize("status", [0, 4, 5])
def test_run_that_did_not_fail_mails_nothing(status: int, python: Callable[[str], str], tmp_path: Path) -> None:
    for command in commands(job(python=python(f"echo baris; exit {status}"), folder=tmp_path)):
        done = run(command, tmp_path)
        assert (done.returncode, done.stdout, done.stderr) == (status, "", "")
    assert (tmp_path / LOG).read_text() == f"baris\nexit status {status}\n"
    assert (tmp_path / f"{LOG}.1").read_text() == f"baris\nexit status {status}\n"


@pytest.mark.parametrize("status", [1, 2, 3, 127, 137, 14, 40])
def test_run_that_failed_mails_its_last_lines(status: int, python: Callable[[str], str], tmp_path: Path) -> None:
    (tmp_path / LOG).write_text("lama\n" * 1000)
    crawl = commands(job(python=python(f"{EIGHTY}exit {status}"), folder=tmp_path))[0]
    done = run(crawl, tmp_path)
    first, *lines = done.stdout.splitlines()
    assert first.startswith("narayacrawl-narayapost failed on ")
    assert lines == [*(f"baris {number}" for number in range(61, 80)), f"exit status {status}"]
    assert (done.returncode, done.stderr) == (status, "")
    assert (tmp_path / LOG).read_text().count("\n") == 1000 + 81


def test_log_is_rotated_where_there_is_nothing_to_merge(tmp_path: Path) -> None:
    (tmp_path / LOG).write_text("lama\n")
    rotation = commands(job(portal=None, folder=tmp_path))[1]
    for log in (LOG, f"{LOG}.1"):
        assert (tmp_path / log).exists()
        done = run(rotation, tmp_path)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert [path.name for path in tmp_path.iterdir()] == [f"{LOG}.1"]


def test_mail_goes_to_the_address_that_is_told() -> None:
    assert "\nMAILTO=editor@contoh.example\n" in crontab(job())
    assert "MAILTO" not in crontab(job(alert=None)) + crontab(job(alert="https://hook.example/"))


def test_lines_end_at_no_percent_sign_and_no_quote(python: Callable[[str], str], tmp_path: Path) -> None:
    folder = tmp_path / "ruang $berita 50% it's"
    folder.mkdir()
    script = 'printf "%s\\0" "$NARAYACRAWL_CONTACT" "$PYTHONPATH" "$@" >>told; pwd >>told'
    made = hard_job(folder, python(script))
    crawl, _ = commands(made)
    assert (run(crawl, tmp_path).stdout, run(crawl, tmp_path).stderr) == ("", "")
    words = (folder / "told").read_text().split("\0")
    assert words[: len(made.crawl) + 2] == [HARD, f"/srv/{HARD}", *made.crawl[1:], f"{folder}\n{HARD}"]


def test_run_that_hangs_is_ended() -> None:
    assert all(" timeout -k 60 21600 " in command for command in commands(job()))


def test_folder_that_is_gone_is_told_and_nothing_is_run(tmp_path: Path) -> None:
    done = run(commands(job(folder=tmp_path / "gone", python="/bin/true"))[0], tmp_path)
    assert done.returncode != 0
    assert "gone" in done.stderr


def test_retention_starts_when_no_crawl_does() -> None:
    for minutes in (5, 15, 60, 1440):
        crawl, retention = (
            line.split(" ", 5) for line in crontab(job(every=Interval(minutes))).splitlines() if " * * " in line
        )
        first, step = re.match(r"\*|(\d+)", crawl[0]), minutes
        assert first is not None
        assert (int(retention[0]) - int(first[1] or 0)) % min(step, 60) != 0


def test_line_that_cron_would_cut_is_refused() -> None:
    with pytest.raises(ValueError, match=r"a line would have 1[0-9]{3} characters, and cron reads 998: shorten"):
        crontab(job(contact="panjang " * 120))


@pytest.fixture
def webhook() -> Iterator[tuple[str, list[dict[str, str]]]]:
    posted: list[dict[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            posted.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Silent: stderr is the tests'."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/a%20b", posted
        server.shutdown()
        thread.join()


@pytest.fixture
def site(portal: Portal) -> WordPress:
    wordpress = WordPress(portal)
    wordpress.open([Post(1)])
    return wordpress


@pytest.mark.slow
def test_lines_crawl_a_portal_and_tell_a_webhook(
    site: WordPress, webhook: tuple[str, list[dict[str, str]]], tmp_path: Path
) -> None:
    url, posted = webhook
    settings = dict(setting.split("=", 1) for setting in QUICK if setting != "ARCHIVE=")
    made = job(
        spider="wordpress",
        portal="127.0.0.1",
        contact=HARD,
        python=sys.executable,
        folder=tmp_path,
        arguments={"url": site.server.url},
        settings=settings,
        environment={"PYTHONPATH": str(ROOT)},
        alert=url,
    )
    crawl, _ = commands(made)
    done = run(crawl, tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    [folder] = (tmp_path / "data").glob("127*")
    assert [article.id for article in read(folder)] == [1]
    for path in site.server.pages:
        site.server.add(path, "Forbidden", status=403)
    done = run(crawl, tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "")
    [told] = posted
    assert "exit status 1" in told["text"]
    assert "blocked" in told["text"]
