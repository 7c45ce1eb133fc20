"""Measure the CPU time of a crawl per article, relative to plain Scrapy, in one run of several rounds.

    python benchmarks/crawl.py [--articles 5000] [--rounds 3] [--concurrency 16] [--split]

Four crawls of the same portal on loopback (`portal.py`), each in its own process, whose CPU time the system reports:

bare      Scrapy with its default settings fetches every article and does nothing with it
crawl     `scrapy crawl wordpress` from the front page: follows listings, extracts articles, exports records to a feed
archive   the same with ledger and archive on disk, beside the feed; `crawl` keeps its ledger in memory
warc      the same with every answer kept as it came, beside the archive

The cost of our crawl includes listings and all its other requests. `--split` adds `articles`: our crawl of the same
articles by their addresses, without listings. The cost of starting a process is measured on a portal of a few articles
and subtracted. Compare ratios of one run only: times differ from machine to machine.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

import narayacrawl.settings
from benchmarks.articles import article

ROOT = Path(__file__).parents[1]
FEW = 20
QUICK = ("DOWNLOAD_DELAY=0", "AUTOTHROTTLE_ENABLED=False", "RETRY_TIMES=0", "HTTPPROXY_ENABLED=False")
GOALS = {("archive", "bare"): 2.0, ("archive", "crawl"): 1.15, ("warc", "archive"): 1.15}


@dataclass(frozen=True)
class Cost:
    """CPU and wall time of a crawl, in seconds."""

    cpu: float
    wall: float


@contextmanager
def portal(*options: str) -> Iterator[str]:
    """Serve a portal in another process; return its address."""
    command = [sys.executable, str(ROOT / "benchmarks" / "portal.py"), *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            yield server.stdout.readline().strip()
        finally:
            server.terminate()


def environment() -> dict[str, str]:
    """Return the environment of a crawl: without the caller's Scrapy project and proxy, and with compiled modules."""
    dropped = {"SCRAPY_SETTINGS_MODULE", "http_proxy", "HTTP_PROXY", "PYTHONDONTWRITEBYTECODE"}
    return {name: value for name, value in os.environ.items() if name not in dropped} | {"PYTHONPATH": str(ROOT)}


def command(mode: str, site: str, articles: int, concurrency: int, folder: Path) -> list[str]:
    """Return the command line of one crawl, which writes into `folder`."""
    settings = [f"CONCURRENT_REQUESTS={concurrency}", f"CONCURRENT_REQUESTS_PER_DOMAIN={concurrency}"]
    if mode == "bare":
        return [sys.executable, str(ROOT / "benchmarks" / "plain.py"), "empty", site, str(articles), *settings]
    settings += QUICK
    if hasattr(narayacrawl.settings, "ARCHIVE"):
        settings.append(f"ARCHIVE={folder / 'archive' if mode in ('archive', 'warc') else ''}")
    if mode == "warc":
        settings.append("WARC=1")
    options = [word for setting in settings for word in ("-s", setting)]
    if mode == "articles":
        addresses = folder / "addresses.txt"
        numbers = range(articles, 0, -1)
        addresses.write_text("".join(f"{site.rstrip('/')}{article(number).path}\n" for number in numbers))
        options += ["-a", f"urls={addresses}"]
    else:
        options += ["-a", f"url={site}"]
    options += ["-O", str(folder / "articles.jsonl")]
    return [sys.executable, "-m", "scrapy", "crawl", "wordpress", *options]


def run(mode: str, articles: int, concurrency: int) -> Cost:
    """Crawl a portal of so many articles; raise `SystemExit` if the crawl fails or lacks articles."""
    with tempfile.TemporaryDirectory() as name, portal("--articles", str(articles)) as site:
        folder = Path(name)
        log = folder / "log.txt"
        with log.open("wb") as stream:
            started = time.perf_counter()
            child = subprocess.Popen(
                command(mode, site, articles, concurrency, folder),
                cwd=folder if mode == "bare" else ROOT, env=environment(), stdout=stream, stderr=stream,
            )  # fmt: skip
            _, status, usage = os.wait4(child.pid, 0)
            wall = time.perf_counter() - started
        child.returncode = os.waitstatus_to_exitcode(status)
        written = sum(path.read_bytes().count(b"\n") for path in folder.glob("*.jsonl"))
        if child.returncode or (mode != "bare" and written != articles):
            sys.exit(f"{mode}: exit status {child.returncode}, {written} records\n{log.read_text()[-3000:]}")
        return Cost(usage.ru_utime + usage.ru_stime, wall)


def summarize(costs: dict[str, list[Cost]], starts: dict[str, Cost], articles: int) -> tuple[Table, dict[str, float]]:
    """Return the table of all crawls, and the median CPU time of each per article, in milliseconds."""
    table = Table("crawl", "ms CPU an article", "times bare", "articles/s", "start-up, s CPU", "rounds, ms", box=None)
    by_round = {
        mode: [1000 * (cost.cpu - starts[mode].cpu) / (articles - FEW) for cost in rounds]
        for mode, rounds in costs.items()
    }
    medians = {mode: median(rounds) for mode, rounds in by_round.items()}
    for mode, rounds in by_round.items():
        ratio = median(cpu / bare for cpu, bare in zip(rounds, by_round["bare"], strict=True))
        speed = articles / median(cost.wall for cost in costs[mode])
        table.add_row(
            mode, f"{medians[mode]:.2f}", f"{ratio:.2f}", f"{speed:.0f}", f"{starts[mode].cpu:.2f}",
            " ".join(f"{cpu:.2f}" for cpu in rounds),
        )  # fmt: skip
    return table, medians


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--articles", type=int, default=5_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--concurrency", type=int, default=16)
    parser.add_argument("--split", action="store_true", help="also crawl the articles by their addresses")
    options = parser.parse_args()
    modes = ["bare", *(["articles"] if options.split else []), "crawl"]
    console = Console()
    if hasattr(narayacrawl.settings, "ARCHIVE"):
        modes += ["archive", *(["warc"] if hasattr(narayacrawl.settings, "WARC") else [])]
    else:
        console.print("no setting ARCHIVE: neither ledger nor archive to measure")
    starts = {mode: run(mode, FEW, options.concurrency) for mode in modes}
    costs: dict[str, list[Cost]] = {mode: [] for mode in modes}
    for _ in range(options.rounds):
        for mode in modes:
            costs[mode].append(run(mode, options.articles, options.concurrency))
    table, medians = summarize(costs, starts, options.articles)
    console.print(table)
    if "archive" in medians:
        share = medians["archive"] / medians["crawl"] - 1
        console.print(f"ledger and archive: {share:+.1%} of our crawl without them")
    if "warc" in medians:
        share = medians["warc"] / medians["archive"] - 1
        console.print(f"raw pages: {share:+.1%} of our crawl without them")
    for (mode, baseline), goal in GOALS.items():
        if mode in medians:
            ratio = medians[mode] / medians[baseline]
            console.print(f"{mode} / {baseline}: {ratio:.2f}, goal {goal} {'met' if ratio <= goal else 'MISSED'}")


if __name__ == "__main__":
    main()
