"""Measure the CPU time of a run that finds nothing new, with ledgers and archives of several sizes.

    python benchmarks/startup.py [--articles 1000,100000,1000000] [--segments 1,3500,35000] [--rounds 3]

For each size a ledger and an archive are made in a temporary folder, as years of runs would leave them: every article
is written and listed by the REST API, every segment is sealed, named by the ledger and holds a line. A portal on
loopback shows the newest thousand articles and says that it has all of them. The first run on an archive is not
measured, for it learns what the portal answers; then the least of several rounds counts, for whatever else the machine
does adds to the CPU time of a process.

What Scrapy and SQLAlchemy alone take to be imported is measured in the same rounds: compare ratios of one run only, as
times differ from machine to machine. The exit status is 1 if a run has failed or written anything.
"""

import argparse
import asyncio
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.answers import NO_HEADERS, Answer
from benchmarks.articles import ZONE
from benchmarks.crawl import QUICK, ROOT, environment
from benchmarks.portal import Portal
from benchmarks.server import AnswerFunction, serve
from narayacrawl.archive.segments import segment_name
from narayacrawl.ledger.database import open_ledger, timestamp
from narayacrawl.urls import key

SPIDER = "narayapost"
SHOWN = 1_000
"""So many articles the portal shows; whatever else the ledger holds is older."""
FIRST_OLD = datetime(2006, 3, 1, 6, 0, tzinfo=ZONE)
FIRST_OLD_ID = 10_000_000
FETCHED = "2024-02-01T03:00:00+00:00"
RUN_EVERY = timedelta(minutes=15)
IMPORTS = "import scrapy.cmdline, sqlalchemy"
GOALS = {(1_000, 1): 1.2, (1_000_000, 35_000): 2.0}
"""Seconds of CPU by numbers of articles and segments."""
SAME: Mapping[str, str | int] = {
    "portal": SPIDER, "state": "done", "failures": 0, "first_seen": FETCHED, "last_seen": FETCHED, "seen_run": 1,
    "drawn_run": 1, "last_fetched": FETCHED, "fetched_run": 1, "next_check": FETCHED, "checks": 0, "as_of": FETCHED,
    "rest": 1, "feed": 0, "revision": 1, "hash": "0123456789abcdef", "date_precision": "second", "body_length": 2_000,
    "deaths": 0, "shared_id": 0, "section": "Daerah", "stored": FETCHED,
}  # fmt: skip
"""What all articles have in common."""
INSERT_ARTICLE = (
    f"INSERT INTO articles (post_id, url, published, lastmod, modified, told_change, {', '.join(SAME)})"
    f" VALUES (?, ?, ?, ?, ?, ?, {', '.join(map(repr, SAME.values()))})"
)
STATS = {f"narayacrawl/source/rest/figure_{number}": number * 1_000 for number in range(60)}
"""A run has about so many stats."""


def answers(articles: int, site: str) -> AnswerFunction:
    """Return what answers for a portal that has so many articles and shows the newest of them."""
    portal = Portal(SHOWN, site, having=["rest"])

    def answer(path: str, headers: Mapping[str, str] = NO_HEADERS) -> Answer:
        shown = portal.answer(path, headers)
        if shown.headers.get("X-WP-Total") == str(SHOWN):
            return shown._replace(headers={**shown.headers, "X-WP-Total": str(articles)})
        return shown

    return answer


def make_ledger(path: Path, site: str, articles: int) -> None:
    """Make the ledger of an archive that holds so many articles, written and unchanged since."""
    path.parent.mkdir(parents=True)
    open_ledger(f"sqlite:///{path}").close()
    portal = Portal(SHOWN, site)
    shown = [portal.published.article(number) for number in portal.published.numbers()]
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA synchronous=OFF")
        rows = (
            (FIRST_OLD_ID + number, f"{site}/arsip/kabar-lama-dari-muara-{number}/", moment.isoformat(), moment)
            for number in range(1, articles - SHOWN + 1)
            for moment in [FIRST_OLD + number * timedelta(minutes=5)]
        )
        newest = ((own.id, f"{site}{own.path}", own.date.isoformat(), own.modified) for own in shown)
        for source in (rows, newest):
            connection.executemany(
                INSERT_ARTICLE, ((id_, url, date, *[utc(moment)] * 3) for id_, url, date, moment in source)
            )
        keys = ((key(url), id_) for id_, url in connection.execute("SELECT id, url FROM articles"))
        connection.executemany(f"INSERT INTO addresses VALUES ('{SPIDER}', ?, ?)", keys)
        watermark = max(own.modified for own in shown).strftime("%Y-%m-%dT%H:%M:%S")
        connection.execute(
            "INSERT INTO sources (portal, name, scope, watermark, completed, visited, quiet, failures)"
            f" VALUES ('{SPIDER}', 'rest', '', ?, ?, ?, 0, 0)",
            (watermark, timestamp(), timestamp()),
        )
    connection.close()


def utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")


Run = tuple[int, str, str, str, int, str]
"""Id, start, end, segment, bytes and stats of a run, as the ledger keeps them."""


def make_segments(archive: Path, segments: int) -> list[Run]:
    """Write so many sealed segments with their manifests; return the runs that have written them."""
    folder = archive / SPIDER
    folder.mkdir(parents=True)
    now = datetime.now(UTC)
    line = json.dumps({"url": "https://portal.example/kabar/", "id": 1, "date": "2025-12-14T21:35:12+07:00"}) + "\n"
    runs = []
    for run in range(1, segments + 1):
        started = now - (segments + 1 - run) * RUN_EVERY
        name, ended = segment_name(started, run), started + timedelta(minutes=1)
        (folder / f"{name}.jsonl").write_text(line)
        manifest = {"segment": f"{name}.jsonl", "count": 1, "bytes": len(line), "sha256": "0" * 64, "replaces": []}
        manifest |= {"first_date": "2025-12-14T21:35:12+07:00", "last_date": "2025-12-14T21:35:12+07:00"}
        (folder / f"{name}.manifest.json").write_text(json.dumps(manifest))
        runs.append((run, utc(started), utc(ended), name, len(line), json.dumps(STATS)))
    return runs


def add_runs(ledger: Path, runs: Sequence[Run]) -> None:
    """Have a ledger know these runs."""
    with sqlite3.connect(ledger) as connection:
        connection.executemany(
            "INSERT INTO runs (id, portal, spider, arguments, started, ended, reason, segment, acknowledged, articles,"
            f" sealed, stats) VALUES (?, '{SPIDER}', '{SPIDER}', '{{}}', ?, ?, 'finished', ?, ?, 1, 1, ?)",
            runs,
        )
    connection.close()


def measure(command: Sequence[str], log: Path) -> float:
    """Return the seconds of CPU of a command, with its children; raise `SystemExit` if it fails."""
    with log.open("wb") as stream:
        child = subprocess.Popen(command, cwd=ROOT, env=environment(), stdout=stream, stderr=stream)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        sys.exit(f"{' '.join(command)}: exit status {child.returncode}\n{log.read_text()[-3000:]}")
    return usage.ru_utime + usage.ru_stime


def crawl(site: str, archive: Path) -> list[str]:
    """Return the command of a run on an archive."""
    settings = [word for setting in (*QUICK, f"ARCHIVE={archive}") for word in ("-s", setting)]
    return [sys.executable, "-m", "scrapy", "crawl", SPIDER, "-a", f"url={site}", *settings]


def written_since(archive: Path, segments: int) -> int:
    """Return how many articles runs have written beyond those that were there at first."""
    with sqlite3.connect(archive / "ledger.db") as connection:
        [articles] = connection.execute("SELECT sum(articles) FROM runs").fetchone()
    connection.close()
    return int(articles) - segments


def numbers(text: str) -> list[int]:
    return [int(word) for word in text.split(",")]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--articles", type=numbers, default=[1_000, 100_000, 1_000_000])
    parser.add_argument("--segments", type=numbers, default=[1, 3_500, 35_000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="keep what is made here")
    parser.add_argument("--serve", type=int, metavar="ARTICLES", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        with suppress(KeyboardInterrupt):
            asyncio.run(serve(lambda site: answers(options.serve, site), 0))
        return
    least: dict[tuple[int, int], float] = {}
    imports = []
    with tempfile.TemporaryDirectory(dir=options.folder) as name:
        log = Path(name, "log.txt")
        # Made once: a run that finds nothing new leaves them as they are.
        runs = {segments: make_segments(Path(name, f"{segments} segments"), segments) for segments in options.segments}
        for articles in options.articles:
            command = [sys.executable, str(Path(__file__)), "--serve", str(articles)]
            with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
                assert server.stdout is not None
                site = server.stdout.readline().strip()
                try:
                    ledger = Path(name, f"{articles} articles", "ledger.db")
                    make_ledger(ledger, site.rstrip("/"), articles)
                    for segments in options.segments:
                        archive = Path(name, f"{segments} segments")
                        shutil.copy(ledger, archive)
                        add_runs(archive / "ledger.db", runs[segments])
                        measure(crawl(site, archive), log)
                        rounds = []
                        for _ in range(options.rounds):
                            rounds.append(measure(crawl(site, archive), log))
                            imports.append(measure([sys.executable, "-c", IMPORTS], log))
                        least[articles, segments] = min(rounds)
                        print(
                            f"{articles} articles, {segments} segments: {least[articles, segments]:.2f} s",
                            file=sys.stderr,
                        )
                        if written := written_since(archive, segments):
                            sys.exit(f"{written} articles written, though nothing is new\n{log.read_text()[-3000:]}")
                        (archive / "ledger.db").unlink()
                    ledger.unlink()
                finally:
                    server.terminate()
    base = min(imports)
    table = Table("articles", *(f"{segments:,} segments" for segments in options.segments), box=None)
    for articles in options.articles:
        cells = [least[articles, segments] for segments in options.segments]
        table.add_row(f"{articles:,}", *(f"{cpu:.2f} s ({cpu / base:.1f})" for cpu in cells))
    console = Console(highlight=False)
    console.print(table)
    console.print(f"in brackets: times the {base:.2f} s that Scrapy and SQLAlchemy take to be imported")
    for size, goal in GOALS.items():
        if size in least:
            told = "kept" if least[size] <= goal else "MISSED"
            console.print(f"{size[0]:,} articles, {size[1]:,} segments: at most {goal} s: {told}")


if __name__ == "__main__":
    main()
