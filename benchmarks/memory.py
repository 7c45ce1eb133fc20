"""Measure the memory of a crawl that discovers a million addresses, and of a plain Scrapy spider, in one run.

    python benchmarks/memory.py [--addresses 1000000] [--plain 50000]

`crawl` is `scrapy crawl wordpress` on a portal whose list has a thousand entries a page (`portal.py --addresses`), with
its ledger on disk. `plain` is a spider that yields a Request for each link; Scrapy keeps them in memory, so it gets
fewer addresses and its memory is extrapolated: beyond the start it grows in proportion.

Both read the whole list first: our spider otherwise fetches articles before it reads more of the list, which would make
this a crawl of a million articles. When every page of the list and some articles after the last one were requested, the
crawl is stopped by SIGTERM. The figure is the peak resident set of the process (VmHWM) until then.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from urllib.request import urlopen

from rich.console import Console
from rich.table import Table
from scrapy import Request
from scrapy.http import Response
from scrapy.spidermiddlewares.base import BaseSpiderMiddleware

import narayacrawl.settings
from benchmarks.crawl import QUICK, ROOT, environment, portal
from benchmarks.portal import PER_LONG_PAGE

GOAL = 300
ARTICLES_AFTER_LIST = 50
"""When so many articles were requested after the last page of the list, that page was processed."""


class ListingsFirst(BaseSpiderMiddleware):
    """Give articles a lower priority than list pages."""

    def get_processed_request(self, request: Request, response: Response | None) -> Request | None:
        is_article = getattr(request.callback, "__name__", "") == "parse_article"
        return request.replace(priority=-10) if is_article else request


def command(mode: str, site: str, folder: Path) -> list[str]:
    """Return the command line of one crawl."""
    settings = ["CONCURRENT_REQUESTS=8", "CONCURRENT_REQUESTS_PER_DOMAIN=8"]
    if mode == "plain":
        return [sys.executable, str(ROOT / "benchmarks" / "plain.py"), "follow", site, *settings]
    settings += [*QUICK, 'SPIDER_MIDDLEWARES={"benchmarks.memory.ListingsFirst": 100}']
    if hasattr(narayacrawl.settings, "ARCHIVE"):
        settings.append(f"ARCHIVE={folder}")
    options = [word for setting in settings for word in ("-s", setting)]
    return [sys.executable, "-m", "scrapy", "crawl", "wordpress", "-a", f"url={site}", *options]


def peak(process: int) -> float:
    """Return the peak resident set of a process so far, in MB; 0 if it has ended."""
    with suppress(OSError):
        for line in Path(f"/proc/{process}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return 0.0


def measure(mode: str, addresses: int) -> tuple[float, float, float]:
    """Return a crawl's peak memory after its first page and at its end, in MB, and its CPU seconds."""
    pages = -(-addresses // PER_LONG_PAGE)
    with tempfile.TemporaryDirectory() as name, portal("--addresses", str(addresses)) as site:
        folder = Path(name)
        with (folder / "log.txt").open("wb") as log:
            child = subprocess.Popen(
                command(mode, site, folder),
                cwd=folder if mode == "plain" else ROOT,
                env=environment(),
                stdout=log,
                stderr=log,
            )
            first = highest = 0.0
            articles_before: int | None = None  # articles requested when the last list page was
            while (current := peak(child.pid)) and child.poll() is None:
                highest = max(highest, current)
                with urlopen(f"{site}-/asked") as answer:
                    requests = json.load(answer)
                first = first or (current if requests["listings"] else 0.0)
                if requests["listings"] >= pages and articles_before is None:
                    articles_before = requests["articles"]
                if articles_before is not None and requests["articles"] >= min(
                    articles_before + ARTICLES_AFTER_LIST, addresses
                ):
                    break
                time.sleep(0.2)
            highest = max(highest, peak(child.pid))
            with suppress(ProcessLookupError):
                child.send_signal(signal.SIGTERM)
            _, _, usage = os.wait4(child.pid, 0)
            child.returncode = 0
        if articles_before is None:
            sys.exit(f"{mode}: ended before the list did\n{(folder / 'log.txt').read_text()[-3000:]}")
        return first, highest, usage.ru_utime + usage.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--addresses", type=int, default=1_000_000)
    parser.add_argument("--plain", type=int, default=50_000)
    options = parser.parse_args()
    table = Table("crawl", "addresses", "first page, MB", "peak, MB", "reckoned for all, MB", "s CPU", box=None)
    peaks = {}
    for mode, addresses in (("plain", options.plain), ("crawl", options.addresses)):
        first, highest, cpu = measure(mode, addresses)
        peaks[mode] = first + (highest - first) * options.addresses / addresses
        table.add_row(mode, f"{addresses:,}", f"{first:.0f}", f"{highest:.0f}", f"{peaks[mode]:.0f}", f"{cpu:.0f}")
    console = Console()
    console.print(table)
    console.print(f"goal {GOAL} MB: {'met' if peaks['crawl'] < GOAL else 'MISSED'}")


if __name__ == "__main__":
    main()
