"""What a run costs where little or nothing has changed: requests by kind and seconds, by source of addresses.

    python benchmarks/updates.py [--articles 100000] [--seeded] [--sources auto,rest,sitemap,feed,listing]
                                 [--lastmod urls|none|all] [--filled-by auto] [--concurrency 16]

A portal of loopback (`portal.py`, with REST API, feeds and sitemaps) is archived once: by a crawl, or with `--seeded`
as such a crawl would leave it, its segment written from what the portal's records are and its ledger made of that by
`scrapy ledger rebuild`. Then for each source, with a copy of that archive and the portal as it was:

1  a run that completes the source's own view of the portal
2  a run on the portal unchanged
3  five articles are added, ten edited, three deleted: a run after that

`new`, `edited` and `gone` tell how many of those the third run found, `wrong` how many of its records are not what the
portal's are. Feeds and listings show no edit of an old article and no deletion: those wait for their next look. Every
run is a process of `scrapy crawl narayapost -a source=…`. (Named `incremental.py`, this file would hide Twisted's
dependency of that name.)
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from rich.console import Console
from rich.progress import track
from rich.table import Table

from benchmarks.crawl import QUICK, ROOT, environment, portal
from benchmarks.portal import KINDS, Portal
from benchmarks.sitemaps import LASTMODS
from narayacrawl.archive.segments import seal, segment_name
from narayacrawl.archive.writer import SegmentWriter, segment_line
from narayacrawl.items import Article

SPIDER = "narayapost"
SOURCES = "auto,rest,sitemap,feed,listing"
BOUNDS = {"auto": 10, "sitemap": 60, "rest": 10, "feed": 10}
"""Requests of a run on an unchanged portal, all kinds together; of sitemaps only where they tell `lastmod`."""
ADDED, EDITED, DELETED = 5, 10, 3
AT_ONCE = 1_000
WIDTH = 150


@dataclass
class Run:
    """What one run did."""

    seconds: float
    asked: dict[str, int]
    records: list[dict[str, Any]]
    gone: set[str]
    """Addresses that the ledger holds for gone afterwards."""
    failure: str = ""
    """Why it failed, a line; empty where it did not."""


class Failed(Exception):
    """A command that should not fail did, with its last lines."""


def scrapy(folder: Path, *words: str) -> str:
    """What a command of the project prints; its archive is in `folder`."""
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", *words, "-s", f"ARCHIVE={folder / 'archive'}"],
        cwd=ROOT, env=environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise Failed(told(done.stderr or done.stdout) or f"exit status {done.returncode}")
    return done.stdout


def told(log: str) -> str:
    """The last line of a log that says something went wrong, or else its last line."""
    lines = [line for line in log.splitlines() if line.strip()]
    wrong = [line for line in lines if " ERROR" in line or " CRITICAL" in line or "rror" in line]
    return (wrong or lines or [""])[-1].strip()


def control(site: str, path: str) -> Any:
    with urlopen(f"{site}-/{path}") as answer:
        return json.load(answer)


def crawl(site: str, folder: Path, source: str, concurrency: int) -> Run:
    """One run by a source; what was asked for before it does not count."""
    output = folder / "articles.jsonl"
    settings = (*QUICK, f"CONCURRENT_REQUESTS={concurrency}", f"CONCURRENT_REQUESTS_PER_DOMAIN={concurrency}")
    words = ["-a", f"url={site}", "-a", f"source={source}", "-O", str(output)]
    words += [word for setting in settings for word in ("-s", setting)]
    control(site, "asked?reset=1")
    started, failure = time.perf_counter(), ""
    try:
        scrapy(folder, "crawl", SPIDER, *words)
    except Failed as error:
        failure = str(error)
    seconds = time.perf_counter() - started
    asked = control(site, "asked?reset=1")
    records = [json.loads(line) for line in output.read_bytes().splitlines()] if output.exists() else []
    output.unlink(missing_ok=True)
    gone: set[str] = set()
    if not failure:
        gone = {*scrapy(folder, "ledger", "gone", SPIDER).split()}
    return Run(seconds, asked, records, gone, failure)


# The archive of a crawl


def seeded(site: str, folder: Path, articles: int) -> None:
    """The archive that a crawl of the whole portal leaves, without one."""
    own, archive = Portal(articles, site.rstrip("/")), folder / "archive" / SPIDER
    archive.mkdir(parents=True)
    name, fetched = segment_name(datetime.now(UTC), 1), datetime.now(UTC).isoformat(timespec="seconds")
    exporter = SegmentWriter(archive, name)
    for first in track(range(1, articles + 1, AT_ONCE), "archive"):
        numbers = range(first, min(first + AT_ONCE, articles + 1))
        exporter.append([segment_line(line_of(own, number, fetched)) for number in numbers])
    exporter.close()
    seal(archive, name)
    scrapy(folder, "ledger", "rebuild", SPIDER)


def line_of(own: Portal, number: int, fetched: str) -> Article:
    """The record that a crawl writes of an article, but for pictures, related lines and all markup but paragraphs."""
    record = own.record(number)
    paragraphs = record["body"].split("\n\n")
    return Article(
        **record, portal=SPIDER, description=None, editors=[], images=[], related=[], language="id", revision=1,
        body_html="\n".join(f"<p>{paragraph}</p>" for paragraph in paragraphs), fetched_at=fetched,
    )  # fmt: skip


def copied(source: str, target: str) -> None:
    """A segment is never written to again, so a second name will do."""
    if ".jsonl" in Path(source).name:
        os.link(source, target)
    else:
        shutil.copy2(source, target)


# What is measured


@contextmanager
def same_portal(articles: int, lastmod: str, port: int) -> Iterator[str]:
    """The portal as it is before the newsroom's work, always at one address: the ledger goes by it."""
    with portal("--articles", str(articles), "--with", "all", "--lastmod", lastmod, "--port", str(port)) as site:
        yield site


def changes(site: str) -> dict[str, list[dict[str, Any]]]:
    """Let the newsroom work: what must be of the articles added, edited and deleted."""
    deleted = control(site, f"delete?n={DELETED}&seed=1")
    numbers = {"new": control(site, f"add?n={ADDED}"), "edited": control(site, f"edit?n={EDITED}&seed=1")}
    work = {what: [control(site, f"record?number={number}") for number in own] for what, own in numbers.items()}
    return work | {"gone": [control(site, f"record?number={number}") for number in deleted]}


def agrees(record: dict[str, Any], expected: dict[str, Any] | None) -> bool:
    """Whether a record was to be written, and says what it must."""
    return expected is not None and all(record[name] == value for name, value in expected.items())


def row(source: str, number: int, run: Run, work: dict[str, list[dict[str, Any]]]) -> list[str]:
    """The cells of one run."""
    cells = [source, str(number), f"{run.seconds:.1f}", str(sum(run.asked.values()))]
    cells += [str(run.asked[kind]) for kind in KINDS] + [str(len(run.records)), str(len(run.gone))]
    if not work:
        return cells
    written = {record["url"]: record for record in run.records}
    for what in ("new", "edited"):
        cells.append(f"{sum(record['url'] in written for record in work[what])} of {len(work[what])}")
    cells.append(f"{sum(record['url'] in run.gone for record in work['gone'])} of {len(work['gone'])}")
    expected = {record["url"]: record for record in (*work["new"], *work["edited"])}
    wrong = sum(not agrees(own, expected.get(url)) for url, own in written.items())
    return [*cells, str(wrong)]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--seeded", action="store_true", help="write the archive instead of crawling for it")
    parser.add_argument("--sources", default=SOURCES, metavar="SOURCE,…")
    parser.add_argument("--lastmod", choices=LASTMODS, default="urls")
    parser.add_argument("--filled-by", default="auto", metavar="SOURCE", help="what the first crawl goes by")
    parser.add_argument("--concurrency", type=int, default=16)
    options = parser.parse_args()
    console = Console(highlight=False, soft_wrap=True)
    console.width = max(console.width, WIDTH)
    table = Table(
        "source", "run", "s", "requests", *KINDS, "written", "gone", "new", "edited", "gone of", "wrong", box=None
    )
    bounds: list[str] = []
    with tempfile.TemporaryDirectory() as name:
        filled = Path(name, "filled")
        filled.mkdir()
        with same_portal(options.articles, options.lastmod, 0) as site:
            port = int(site.rstrip("/").rpartition(":")[2])
            started = time.perf_counter()
            if options.seeded:
                seeded(site, filled, options.articles)
                seconds = time.perf_counter() - started
                console.print(f"{options.articles:,} articles written and the ledger rebuilt in {seconds:.0f} s")
            else:
                run = crawl(site, filled, options.filled_by, options.concurrency)
                if run.failure:
                    sys.exit(f"no crawl with source={options.filled_by}: {run.failure}")
                table.add_row(*row(f"(filled by {options.filled_by})", 0, run, {}))
        for source in options.sources.split(","):
            folder = Path(name, source)
            shutil.copytree(filled, folder, copy_function=copied)
            with same_portal(options.articles, options.lastmod, port) as site:
                for number in (1, 2, 3):
                    work = changes(site) if number == 3 else {}
                    run = crawl(site, folder, source, options.concurrency)
                    if run.failure:
                        console.print(f"run {number} by {source} failed: {run.failure}")
                        if not sum(run.asked.values()):
                            break
                    table.add_row(*row(source, number, run, work))
                    bound = BOUNDS.get(source)
                    if number == 2 and bound and (source != "sitemap" or options.lastmod != "none"):
                        asked = sum(run.asked.values())
                        kept = "kept" if asked <= bound and not run.failure else "MISSED"
                        bounds.append(f"{source}, unchanged portal: {asked} requests, at most {bound}: {kept}")
            shutil.rmtree(folder)
    if table.row_count:
        console.print(table)
    for line in bounds:
        console.print(line)


if __name__ == "__main__":
    main()
