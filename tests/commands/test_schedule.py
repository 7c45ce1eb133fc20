"""`scrapy schedule`, as it is typed."""

import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT, Scrapy

CONTACT = {"NARAYACRAWL_CONTACT": "uji@contoh.example"}
EVERY = ("--every", "15m")
CRON = (*EVERY, "--cron")
NAMES = [
    "narayacrawl-dermaga.example.service",
    "narayacrawl-dermaga.example.timer",
    "narayacrawl-dermaga.example-compact.service",
    "narayacrawl-dermaga.example-compact.timer",
    "narayacrawl-alert@.service",
]


@pytest.mark.parametrize(
    ("args", "line"),
    [
        ([], "name a spider"),
        (["standin", "-a", "urll=x", *EVERY], "unknown argument 'urll'"),
        (["standing", *EVERY], "no spider 'standing' (did you mean standin?)"),
        (["standin"], "say how often: --every 15m"),
        (["standin", "--every", "sering"], "--every: 'sering' is no interval: write 15m, 1h or 1d"),
        (
            ["standin", *EVERY, "--alert", "editor"],
            "--alert 'editor' is neither a mail address nor an http or https address",
        ),
        (
            ["standin", *EVERY, "--contact", "a\nb"],
            "'a\\nb' is more than one line: neither systemd nor cron can hold it",
        ),
        (["standin", *EVERY, "--write", "nosuch"], "no such folder: nosuch"),
        (["standin", *CRON, "--write", "."], "--write is for systemd's units: add what --cron prints with crontab -e"),
    ],
)
def test_wrong_call_is_one_line_and_status_2(args: list[str], line: str, scrapy: Scrapy) -> None:
    done = scrapy("schedule", *args, env=CONTACT)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"scrapy schedule: {line}\n")


def test_schedule_without_a_contact_is_refused(scrapy: Scrapy) -> None:
    for env, args in (({}, []), ({"NARAYACRAWL_CONTACT": " "}, []), (CONTACT, ["--contact", ""])):
        done = scrapy("schedule", "standin", *CRON, *args, env={"NARAYACRAWL_CONTACT": "", **env})
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith(
            "scrapy schedule: name who crawls, for NARAYACRAWL_CONTACT is not set: --contact "
        )


def test_run_has_what_the_schedule_was_given(scrapy: Scrapy) -> None:
    args = (
        "wordpress",
        "-a",
        "url=https://www.dermaga.example/",
        "-s",
        "REQUEST_BUDGET=500",
        "--contact",
        "lain@contoh.example",
    )
    done = scrapy("schedule", *args, *CRON, cwd=ROOT, env={**CONTACT, "https_proxy": "http://proxy.example:3128"})
    assert (done.returncode, done.stderr) == (0, "")
    crawl, compact = (line for line in done.stdout.splitlines() if "exit status" in line)
    run = f"{sys.executable} -m narayacrawl"
    assert f"cd {ROOT} " in crawl
    assert "NARAYACRAWL_CONTACT=lain@contoh.example " in crawl
    assert f"PYTHONPATH={ROOT} " in crawl
    assert "https_proxy=http://proxy.example:3128 " in crawl
    assert f"{run} crawl wordpress -a url=https://www.dermaga.example/ -s REQUEST_BUDGET=500;" in crawl
    assert f"{run} export dermaga.example --compact -s REQUEST_BUDGET=500;" in compact


def test_units_are_written_where_they_are_to_be(scrapy: Scrapy, tmp_path: Path) -> None:
    folder = tmp_path / "units"
    folder.mkdir()
    args = ("wordpress", "-a", "url=http://dermaga.example/", *EVERY, "--alert", "editor@contoh.example")
    done = scrapy("schedule", *args, "--write", str(folder), cwd=ROOT, env=CONTACT)
    assert (done.returncode, done.stdout) == (0, "")
    assert "sudo systemctl enable --now narayacrawl-dermaga.example.timer" in done.stderr
    assert sorted(path.name for path in folder.iterdir()) == sorted(NAMES)
    printed = scrapy("schedule", *args, cwd=ROOT, env=CONTACT).stdout
    assert all((folder / name).read_text(encoding="utf-8") in printed for name in NAMES)


def test_schedule_that_tells_nobody_says_so(scrapy: Scrapy) -> None:
    done = scrapy("schedule", "standin", *EVERY, env=CONTACT)
    assert done.stderr == "scrapy schedule: nobody is told of a run that fails: --alert names a mail address or a URL\n"
    assert "OnFailure" not in done.stdout
    done = scrapy("schedule", "standin", *EVERY, "-s", "ALERT_MAIL=editor@contoh.example", env=CONTACT)
    assert done.stderr == ""
    assert " crawl standin -s ALERT_MAIL=editor@contoh.example\n" in done.stdout
