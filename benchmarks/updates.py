"""Measure incremental runs, when little or nothing has changed: requests by kind and seconds, for each source.

    python benchmarks/updates.py [--articles 100000] [--seeded] [--sources auto,rest,sitemap,feed,listing]
                                 [--lastmod urls|none|all] [--filled-by auto] [--concurrency 16]

A portal on loopback (`portal.py`, with REST API, feeds and sitemaps) is archived once: by a crawl, or with `--seeded`
without one, by writing the portal's records into a segment and building the ledger with `scrapy ledger rebuild`. Then
each source gets a copy of that archive, the portal as it was, and three runs:

1  the first one with this source, which reads all that it lists
2  one on the unchanged portal
3  one after five articles were added, ten edited and three deleted

`new`, `edited` and `gone` count how many of those the third run found, `wrong` how many of its records differ from the
portal's. Feeds and listings show no edit of an old article and no deletion: these are found by rechecks only. Each run
is a process, `scrapy crawl narayapost -a source=…`. (Do not name this file `incremental.py`: it would shadow a package
that Twisted imports.)
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

from benchmarks.content import Content
from benchmarks.crawl import QUICK, ROOT, environment, portal
from benchmarks.portal import KINDS
from benchmarks.published import PublishedArticles
from benchmarks.sitemaps import LASTMODS
from narayacrawl.archive.segments import seal, segment_name
from narayacrawl.archive.writer import SegmentWriter, segment_line
from narayacrawl.items import Article

SPIDER = "narayapost"
SOURCES = "auto,rest,sitemap,feed,listing"
MAX_REQUESTS = {"auto": 10, "sitemap": 60, "rest": 10, "feed": 10}
"""Bound on the requests of a run on an unchanged portal; for sitemaps only if they have `lastmod`."""
ADDED, EDITED, DELETED = 5, 10, 3
BATCH_SIZE = 1_000
WIDTH = 150


@dataclass
class Run:
    """What one run did."""

    seconds: float
    requests: dict[str, int]
    """How many requests of each kind it made."""
    records: list[dict[str, Any]]
    gone: set[str]
    """Addresses of the articles that are gone by the ledger after the run."""
    failure: str = ""
    """Why it failed, in one line; empty if it did not."""


class CommandFailed(Exception):
    """A command failed; the message is the line of its output that says why."""


def scrapy(folder: Path, *words: str) -> str:
    """Run a command of the project, whose archive is in `folder`; return what it prints."""
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", *words, "-s", f"ARCHIVE={folder / 'archive'}"],
        cwd=ROOT, env=environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise CommandFailed(error_line(done.stderr or done.stdout) or f"exit status {done.returncode}")
    return done.stdout


def error_line(log: str) -> str:
    """Return the last line of a log that reports an error, or else its last line."""
    lines = [line for line in log.splitlines() if line.strip()]
    errors = [line for line in lines if " ERROR" in line or " CRITICAL" in line or "rror" in line]
    return (errors or lines or [""])[-1].strip()


def control(site: str, path: str) -> Any:
    """Return the portal's answer at a path of `control.py`."""
    with urlopen(f"{site}-/{path}") as answer:
        return json.load(answer)


def crawl(site: str, folder: Path, source: str, concurrency: int) -> Run:
    """Crawl once with a source; count only the requests of this run."""
    output = folder / "articles.jsonl"
    settings = (*QUICK, f"CONCURRENT_REQUESTS={concurrency}", f"CONCURRENT_REQUESTS_PER_DOMAIN={concurrency}")
    options = ["-a", f"url={site}", "-a", f"source={source}", "-O", str(output)]
    options += [word for setting in settings for word in ("-s", setting)]
    control(site, "asked?reset=1")
    started, failure = time.perf_counter(), ""
    try:
        scrapy(folder, "crawl", SPIDER, *options)
    except CommandFailed as error:
        failure = str(error)
    seconds = time.perf_counter() - started
    requests = control(site, "asked?reset=1")
    records = [json.loads(line) for line in output.read_bytes().splitlines()] if output.exists() else []
    output.unlink(missing_ok=True)
    gone: set[str] = set()
    if not failure:
        gone = {*scrapy(folder, "ledger", "gone", SPIDER).split()}
    return Run(seconds, requests, records, gone, failure)


def seed_archive(site: str, folder: Path, articles: int) -> None:
    """Write the archive and ledger that a crawl of the whole portal would leave."""
    content = Content(site.rstrip("/"), PublishedArticles(articles))
    archive = folder / "archive" / SPIDER
    archive.mkdir(parents=True)
    name, fetched = segment_name(datetime.now(UTC), 1), datetime.now(UTC).isoformat(timespec="seconds")
    writer = SegmentWriter(archive, name)
    for first in track(range(1, articles + 1, BATCH_SIZE), "archive"):
        numbers = range(first, min(first + BATCH_SIZE, articles + 1))
        writer.append([segment_line(archived_record(content, number, fetched)) for number in numbers])
    writer.close()
    seal(archive, name)
    scrapy(folder, "ledger", "rebuild", SPIDER)


def archived_record(content: Content, number: int, fetched: str) -> Article:
    """Return the record that a crawl writes of an article, without images, related links and inline markup."""
    record = content.record(number)
    paragraphs = record["body"].split("\n\n")
    return Article(
        **record, portal=SPIDER, site_name=None, description=None, standfirst=None, date_precision="second", editors=[],
        sections=[], words=len(record["body"].split()), images=[], media=[], related=[], language="id",
        free=None, revision=1, change="first", fetched_at=fetched,
        body_html="\n".join(f"<p>{own}</p>" for own in paragraphs),
    )  # fmt: skip


def copy_or_link(source: str, target: str) -> None:
    """Copy a file; link a segment, which is never written again."""
    if ".jsonl" in Path(source).name:
        os.link(source, target)
    else:
        shutil.copy2(source, target)


@contextmanager
def same_portal(articles: int, lastmod: str, port: int) -> Iterator[str]:
    """Serve the portal as it was at first, always at the same address, by which the ledger knows its articles."""
    with portal("--articles", str(articles), "--with", "all", "--lastmod", lastmod, "--port", str(port)) as site:
        yield site


def change_articles(site: str) -> dict[str, list[dict[str, Any]]]:
    """Add, edit and delete articles; return their expected records as `new`, `edited` and `gone`."""
    deleted = control(site, f"delete?n={DELETED}&seed=1")
    numbers = {"new": control(site, f"add?n={ADDED}"), "edited": control(site, f"edit?n={EDITED}&seed=1")}
    changed = {
        kind: [control(site, f"record?number={number}") for number in chosen] for kind, chosen in numbers.items()
    }
    return changed | {"gone": [control(site, f"record?number={number}") for number in deleted]}


def agrees(record: dict[str, Any], expected: dict[str, Any] | None) -> bool:
    """True if a record was to be written, and has the expected values."""
    return expected is not None and all(record[name] == value for name, value in expected.items())


def row(source: str, number: int, run: Run, changed: dict[str, list[dict[str, Any]]]) -> list[str]:
    """Return the table row of one run."""
    cells = [source, str(number), f"{run.seconds:.1f}", str(sum(run.requests.values()))]
    cells += [str(run.requests[kind]) for kind in KINDS] + [str(len(run.records)), str(len(run.gone))]
    if not changed:
        return cells
    written = {record["url"]: record for record in run.records}
    for kind in ("new", "edited"):
        cells.append(f"{sum(record['url'] in written for record in changed[kind])} of {len(changed[kind])}")
    cells.append(f"{sum(record['url'] in run.gone for record in changed['gone'])} of {len(changed['gone'])}")
    expected = {record["url"]: record for record in (*changed["new"], *changed["edited"])}
    wrong = sum(not agrees(record, expected.get(url)) for url, record in written.items())
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
                seed_archive(site, filled, options.articles)
                seconds = time.perf_counter() - started
                console.print(f"{options.articles:,} articles written and the ledger rebuilt in {seconds:.0f} s")
            else:
                run = crawl(site, filled, options.filled_by, options.concurrency)
                if run.failure:
                    sys.exit(f"no crawl with source={options.filled_by}: {run.failure}")
                table.add_row(*row(f"(filled by {options.filled_by})", 0, run, {}))
        for source in options.sources.split(","):
            folder = Path(name, source)
            shutil.copytree(filled, folder, copy_function=copy_or_link)
            with same_portal(options.articles, options.lastmod, port) as site:
                for number in (1, 2, 3):
                    changed = change_articles(site) if number == 3 else {}
                    run = crawl(site, folder, source, options.concurrency)
                    if run.failure:
                        console.print(f"run {number} by {source} failed: {run.failure}")
                        if not sum(run.requests.values()):
                            break
                    table.add_row(*row(source, number, run, changed))
                    bound = MAX_REQUESTS.get(source)
                    if number == 2 and bound and (source != "sitemap" or options.lastmod != "none"):
                        requests = sum(run.requests.values())
                        kept = "kept" if requests <= bound and not run.failure else "MISSED"
                        bounds.append(f"{source}, unchanged portal: {requests} requests, at most {bound}: {kept}")
            shutil.rmtree(folder)
    if table.row_count:
        console.print(table)
    for line in bounds:
        console.print(line)


if __name__ == "__main__":
    main()
