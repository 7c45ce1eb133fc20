"""A crawl of a real WordPress.

WORDPRESS_URL names it. WORDPRESS_TRUTH and WORDPRESS_COMPARE, where set, name a file with what it holds and a script
that holds a crawl against it (`COMPARE --truth TRUTH articles.jsonl`, exit status 0 where nothing differs).
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from narayacrawl.archive.segments import portals
from narayacrawl.items import article_schema
from tests.conftest import ROOT

pytestmark = pytest.mark.slow

FAST = ("DOWNLOAD_DELAY=0", "AUTOTHROTTLE_ENABLED=False", "CONCURRENT_REQUESTS_PER_DOMAIN=8")


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What one crawl with the spider `wordpress` has archived, nothing configured."""
    folder = tmp_path_factory.mktemp("wordpress") / "data"
    done = crawl(folder)
    assert done.returncode == 0, done.stderr[-3000:]
    return folder


@pytest.fixture(scope="module")
def articles(archive: Path) -> Path:
    """The records of that crawl, exported."""
    output = archive.parent / "articles.jsonl"
    done = scrapy("export", archive_of(archive), "-O", str(output), "-s", f"ARCHIVE={archive}")
    assert done.returncode == 0, done.stderr
    return output


def scrapy(*args: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "scrapy", *args]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=900, check=False)


def crawl(archive: Path) -> subprocess.CompletedProcess[str]:
    url = os.environ.get("WORDPRESS_URL")
    if not url:
        pytest.skip("WORDPRESS_URL is not set: no real WordPress to crawl")
    settings = [word for setting in (*FAST, f"ARCHIVE={archive}") for word in ("-s", setting)]
    return scrapy("crawl", "wordpress", "-a", f"url={url}", *settings)


def archive_of(archive: Path) -> str:
    [portal] = portals(archive)
    return portal


def test_every_record_is_valid_and_there_once(articles: Path) -> None:
    validator = jsonschema.Draft202012Validator(article_schema())
    records = [json.loads(line) for line in articles.read_text(encoding="utf-8").splitlines()]
    assert records
    for record in records:
        validator.validate(record)
    assert len({record["url"] for record in records}) == len(records)
    assert len({record["id"] for record in records}) == len(records)


def test_the_records_are_the_truth(articles: Path) -> None:
    truth, compare = os.environ.get("WORDPRESS_TRUTH"), os.environ.get("WORDPRESS_COMPARE")
    if not truth or not compare:
        pytest.skip("WORDPRESS_TRUTH and WORDPRESS_COMPARE are not set: nothing to compare with")
    command = [sys.executable, compare, "--truth", truth, str(articles)]
    comparison = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    print(comparison.stdout)
    assert comparison.returncode == 0, comparison.stdout


def test_second_run_finds_nothing_new(archive: Path) -> None:
    before = sorted(archive.rglob("*.jsonl"))
    done = crawl(archive)
    assert done.returncode == 0, done.stderr[-3000:]
    assert "scrapy crawl: nothing new: " in done.stderr
    assert sorted(archive.rglob("*.jsonl")) == before
