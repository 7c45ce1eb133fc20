"""The files to deploy are such as cron and systemd read."""

import re
import shutil
import subprocess
from configparser import ConfigParser
from pathlib import Path

import pytest

from tests.conftest import ROOT

DEPLOY = ROOT / "docs" / "deploy"
CLONE = "/srv/narayacrawl"
UNITS = sorted(DEPLOY.glob("*.service")) + sorted(DEPLOY.glob("*.timer"))


def unit(name: str) -> ConfigParser:
    parser = ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(DEPLOY / name, encoding="utf-8")
    return parser


def test_service_runs_one_crawl_of_its_instance() -> None:
    service = unit("narayacrawl@.service")["Service"]
    assert (service["Type"], service["ExecStart"]) == ("oneshot", f"{CLONE}/.venv/bin/scrapy crawl %i")


def test_service_may_write_where_it_works() -> None:
    service = unit("narayacrawl@.service")["Service"]
    assert service["WorkingDirectory"] == service["ReadWritePaths"] == CLONE


def test_crontab_has_five_times_and_one_command() -> None:
    lines = (DEPLOY / "crontab").read_text(encoding="utf-8").splitlines()
    entries = [line for line in lines if not re.match(r"#|\w+=", line)]
    assert [
        re.match(r"(?:[\d*/,-]+ ){5}cd /srv/narayacrawl && \.venv/bin/scrapy crawl", line) is not None
        for line in entries
    ] == [True]
    # An unescaped % ends a command of cron.
    assert "%" not in "".join(entries)


def test_crontab_command_is_a_shell_command() -> None:
    [entry] = [line for line in (DEPLOY / "crontab").read_text(encoding="utf-8").splitlines() if "&&" in line]
    done = subprocess.run(["sh", "-n", "-c", entry.split(" ", 5)[5]], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd-analyze")
def test_units_are_such_as_systemd_reads(tmp_path: Path) -> None:
    for path in UNITS:
        # There is no clone in /srv where the tests run.
        text = path.read_text(encoding="utf-8").replace(f"{CLONE}/.venv/bin/scrapy", "/bin/true")
        (tmp_path / path.name.replace("@", "@narayapost")).write_text(text, encoding="utf-8")
    units = sorted(str(path) for path in tmp_path.iterdir())
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *units], capture_output=True, text=True, timeout=60, check=False
    )
    assert [line for line in done.stderr.splitlines() if "narayacrawl@" in line] == []
