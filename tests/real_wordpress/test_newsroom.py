"""A real WordPress whose newsroom goes on: each source names every article, and a run after the first asks for little.

WORDPRESS_URL names it, WORDPRESS_TRUTH a file with what it holds, WORDPRESS_COMPARE a script that holds a crawl against
that (see `test_wordpress.py`), WORDPRESS_MUTATE one that works as its newsroom: `MUTATE add|edit|delete N`.
"""

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from narayacrawl.archive.segments import portals
from tests.conftest import ROOT
from tests.real_wordpress.test_portal import FAST, scrapy

pytestmark = pytest.mark.slow

NEEDED = ("WORDPRESS_URL", "WORDPRESS_TRUTH", "WORDPRESS_COMPARE", "WORDPRESS_MUTATE")
AGAIN = {"auto": 5, "rest": 5, "sitemap": 12, "feed": 12, "listing": 12}
"""So many requests at most has a run on the portal unchanged, by source."""
ADDED, EDITED, DELETED, REQUESTS = 5, 10, 3, 40


@dataclass
class Run:
    """What a run did, as the ledger's row of it and the archive tell."""

    stats: dict[str, Any]
    records: int
    """How many it wrote."""

    @property
    def requests(self) -> int:
        return int(self.stats["downloader/request_count"])


@dataclass
class Archive:
    """The archive of a portal, filled by one source."""

    folder: Path
    source: str

    def crawl(self) -> Run:
        settings = [word for setting in (*FAST, f"ARCHIVE={self.folder}") for word in ("-s", setting)]
        url = os.environ["WORDPRESS_URL"]
        done = scrapy("crawl", "wordpress", "-a", f"url={url}", "-a", f"source={self.source}", *settings)
        assert done.returncode == 0, done.stderr[-3000:]
        with sqlite3.connect(self.folder / "ledger.db") as ledger:
            stats, records = ledger.execute("select stats, articles from runs order by id desc limit 1").fetchone()
        return Run(json.loads(stats), records)

    def compared(self) -> subprocess.CompletedProcess[str]:
        """All that is archived, held against what the portal holds."""
        [portal] = portals(self.folder)
        gone = self.folder / "gone"
        gone.write_text(scrapy("ledger", "gone", "-s", f"ARCHIVE={self.folder}").stdout, encoding="utf-8")
        command = [sys.executable, os.environ["WORDPRESS_COMPARE"], "--truth", os.environ["WORDPRESS_TRUTH"]]
        command += ["--revisions", "--gone", str(gone), *map(str, sorted((self.folder / portal).glob("*.jsonl")))]
        return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Archive]:
    """The archive of a first crawl by a source, made once."""
    if missing := [name for name in NEEDED if not os.environ.get(name)]:
        pytest.skip(f"{', '.join(missing)} not set: no real WordPress with a newsroom")
    made: dict[str, Archive] = {}

    def fill(source: str) -> Archive:
        if source not in made:
            archive = Archive(tmp_path_factory.mktemp(source) / "data", source)
            archive.crawl()
            made[source] = archive
        return made[source]

    return fill


@pytest.mark.parametrize("source", AGAIN)
def test_each_source_alone_names_every_article(filled: Callable[[str], Archive], source: str) -> None:
    compared = filled(source).compared()
    print(compared.stdout)
    assert compared.returncode == 0, compared.stdout


@pytest.mark.parametrize(("source", "most"), AGAIN.items())
def test_second_run_on_an_unchanged_portal_asks_for_little(
    filled: Callable[[str], Archive], source: str, most: int
) -> None:
    run = filled(source).crawl()
    print(f"{source}: {run.requests} requests")
    assert (run.records, run.requests <= most) == (0, True)


def test_run_after_the_newsroom_worked_writes_what_changed_and_no_more(filled: Callable[[str], Archive]) -> None:
    archive = filled("auto")
    for work, number in (("delete", DELETED), ("edit", EDITED), ("add", ADDED)):
        subprocess.run([os.environ["WORDPRESS_MUTATE"], work, str(number)], check=True, timeout=60, cwd=ROOT)
    run = archive.crawl()
    print(f"{run.requests} requests, {run.records} records, {run.stats.get('narayacrawl/article/gone')} gone")
    compared = archive.compared()
    assert compared.returncode == 0, compared.stdout
    assert (run.records, run.stats["narayacrawl/article/gone"]) == (ADDED + EDITED, DELETED)
    assert run.requests <= REQUESTS
