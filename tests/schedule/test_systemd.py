"""The units are such as systemd reads, and it reads from them what is meant."""

import os
import re
import shlex
import shutil
import subprocess
from configparser import ConfigParser
from pathlib import Path

import pytest

from narayacrawl.schedule.job import Job
from narayacrawl.schedule.systemd import document, quoted, units
from tests.schedule.jobs import HARD, hard_job, job

needs_systemd = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd-analyze")


def unit(made: Job, name: str) -> ConfigParser:
    parser = ConfigParser(interpolation=None, strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(units(made)[name])
    return parser


def test_units_are_named_after_the_portal() -> None:
    made = job(spider="wordpress", portal="portal.example_8080", arguments={"url": "https://portal.example:8080/"})
    assert list(units(made)) == [
        "narayacrawl-portal.example_8080.service",
        "narayacrawl-portal.example_8080.timer",
        "narayacrawl-portal.example_8080-compact.service",
        "narayacrawl-portal.example_8080-compact.timer",
        "narayacrawl-alert@.service",
    ]


def test_spider_without_an_archive_has_nothing_to_merge() -> None:
    assert list(units(job(portal=None, alert=None))) == [
        "narayacrawl-narayapost.service",
        "narayacrawl-narayapost.timer",
    ]


def test_overlap_and_interruption_are_no_failures() -> None:
    for name in ("narayacrawl-narayapost.service", "narayacrawl-narayapost-compact.service"):
        service = unit(job(), name)["Service"]
        assert (service["Type"], service["SuccessExitStatus"]) == ("oneshot", "4 5")


def test_run_that_hangs_is_ended() -> None:
    assert int(unit(job(), "narayacrawl-narayapost.service")["Service"]["TimeoutStartSec"]) == 6 * 60 * 60


def test_failure_is_told_only_to_an_address() -> None:
    name = "narayacrawl-narayapost.service"
    assert unit(job(), name)["Unit"]["OnFailure"] == "narayacrawl-alert@%n.service"
    assert "OnFailure" not in "".join(units(job(alert=None)).values())


def test_document_has_every_unit_under_its_name() -> None:
    saved = dict(re.findall(r"(?m)^# /etc/systemd/system/(\S+)\n((?:(?!# /etc).*\n)+)", document(job()) + "\n"))
    assert {name: text.rstrip("\n") for name, text in saved.items()} == {
        name: text.rstrip("\n") for name, text in units(job()).items()
    }


@pytest.mark.parametrize(
    ("word", "written"),
    [
        ("a", "a"),
        ("", '""'),
        ("50%", "50%%"),
        ("a b", '"a b"'),
        ('"', '"\\""'),
        ("\\n", '"\\\\n"'),
        ("it's", '"it\'s"'),
    ],
)
def test_word_as_systemd_reads_it_back(word: str, written: str) -> None:
    assert quoted(word) == written


def verified(folder: Path, made: Job, *names: str) -> str:
    """What systemd tells of these units, and how it has read them."""
    units_folder = folder / "units"
    units_folder.mkdir()
    for name, text in units(made).items():
        (units_folder / name).write_text(text, encoding="utf-8")
    done = subprocess.run(
        [
            "systemd-analyze",
            "verify",
            "--man=no",
            *(str(units_folder / name) for name in names or units(made)),
        ],
        env={
            "PATH": os.environ["PATH"],
            "SYSTEMD_UNIT_PATH": f"{units_folder}:",
            "SYSTEMD_LOG_LEVEL": "debug" if names else "info",
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout if names else done.stderr


@pytest.fixture
def program(tmp_path: Path) -> str:
    """The interpreter, in a folder with a name that must be quoted."""
    folder = tmp_path / "ruang $berita 50%"
    folder.mkdir()
    python = folder / "python"
    python.symlink_to("/bin/true")
    return str(python)


@needs_systemd
@pytest.mark.parametrize("alert", ["editor@contoh.example", "https://hook.example/a%20b?c=$d", None])
def test_systemd_complains_of_no_unit(alert: str | None, program: str, tmp_path: Path) -> None:
    for number, made in enumerate(
        (job(python=program, alert=alert), hard_job(Path(program).parent, program, alert=alert))
    ):
        folder = tmp_path / str(number)
        folder.mkdir()
        assert [line for line in verified(folder, made).splitlines() if "narayacrawl-" in line] == []


@needs_systemd
def test_systemd_reads_the_command_and_its_environment(program: str, tmp_path: Path) -> None:
    made = hard_job(Path(program).parent, program)
    told = verified(tmp_path, made, f"{made.name}.service").partition("-> Unit narayacrawl-narayapost.service:")[2]
    [command] = re.findall(r"\n\t+Command Line: (.*)", told.partition("-> Unit")[0])
    # It is told as a shell would read it.
    printed = subprocess.run(
        ["sh", "-c", f"printf '%s\\0' {command}"], capture_output=True, text=True, check=True
    ).stdout
    program_read, *read = printed.split("\0")[:-1]
    # A dollar sign that is written twice stands for itself, when the command is run.
    assert [program_read, *(word.replace("$$", "$") for word in read)] == made.crawl
    assert f"\n\t\tEnvironment: NARAYACRAWL_CONTACT={HARD}\n" in told
    assert f"\n\t\tWorkingDirectory: {made.folder}\n" in told


def test_alert_tells_the_last_lines_of_the_unit_that_failed(tmp_path: Path) -> None:
    # What systemd makes of the line: its escapes undone, and the instance's name for %i.
    stub = tmp_path / "journalctl"
    stub.write_text('#!/bin/sh\necho "$@"\n', encoding="utf-8")
    stub.chmod(0o755)
    made = job(alert="https://hook.example/")
    line = unit(made, "narayacrawl-alert@.service")["Service"]["ExecStart"]
    words = shlex.split(line.replace("$$", "$").replace("%i", "narayacrawl-narayapost.service"))
    assert words[-4:] == made.tell("https://hook.example/")
    for variables, chosen in (({}, ""), ({"MONITOR_INVOCATION_ID": "a1"}, " _SYSTEMD_INVOCATION_ID=a1")):
        done = subprocess.run(
            [*words[:4], "cat"],
            env={"PATH": f"{tmp_path}:/usr/bin:/bin", **variables},
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        first, second = done.stdout.splitlines()
        assert first == f"narayacrawl-narayapost.service failed on {os.uname().nodename}:"
        assert second == f"--no-pager --output=cat --lines=20 --unit=narayacrawl-narayapost.service{chosen}"
