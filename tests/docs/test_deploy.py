"""The files to deploy are what `scrapy schedule` writes."""

import pytest

from narayacrawl.schedule.cron import crontab
from narayacrawl.schedule.systemd import units
from tests.conftest import ROOT
from tests.schedule.jobs import job

DEPLOY = ROOT / "docs" / "deploy"
WRITTEN = {**units(job()), "crontab": crontab(job())}


@pytest.mark.parametrize("name", WRITTEN)
def test_file_to_deploy_is_what_the_command_writes(name: str) -> None:
    assert (DEPLOY / name).read_text(encoding="utf-8") == WRITTEN[name]


def test_no_other_unit_is_shown() -> None:
    units_there = {path.name for path in DEPLOY.iterdir() if path.suffix in {".service", ".timer", ""}}
    assert units_there - {"Dockerfile"} == set(WRITTEN)
