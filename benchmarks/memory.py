"""The memory of a crawl that finds a million addresses, beside Scrapy's plain way, in one run.

    python benchmarks/memory.py [--addresses 1000000] [--plain 50000]

`crawl` is `scrapy crawl wordpress` on a portal whose list has a thousand entries a page (`portal.py --addresses`), with
its ledger on disk. `plain` is a spider that yields a Request for each link; Scrapy keeps them in memory, so it is given
fewer addresses and the rest is reckoned: twice as many take twice as much beyond the start.

Both walk the list first: ours otherwise fetches what it finds before it looks for more, which would make this a crawl
of a million articles. When every page of the list was asked for, and some articles after the last one, the crawl is
ended by SIGTERM. Told is the largest resident set of the process (VmHWM), which it had until then.
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
AFTERWARDS = 50
"""So many articles are asked for after the last page of the list: it has been read then."""


class ListingsFirst(BaseSpiderMiddleware):
    """Asks for articles after every page of a list."""

    def get_processed_request(self, request: Request, response: Response | None) -> Request | None:
        is_article = getattr(request.callback, "__name__", "") == "parse_article"
        return request.replace(priority=-10) if is_article else request


def command(mode: str, site: str, folder: Path) -> list[str]:
    """The command line of one crawl."""
    settings = ["CONCURRENT_REQUESTS=8", "CONCURRENT_REQUESTS_PER_DOMAIN=8"]
    if mode == "plain":
        return [sys.executable, str(ROOT / "benchmarks" / "plain.py"), "follow", site, *settings]
    settings += [*QUICK, 'SPIDER_MIDDLEWARES={"benchmarks.memory.ListingsFirst": 100}']
    if hasattr(narayacrawl.settings, "ARCHIVE"):
        settings.append(f"ARCHIVE={folder}")
    options = [word for setting in settings for word in ("-s", setting)]
    return [sys.executable, "-m", "scrapy", "crawl", "wordpress", "-a", f"url={site}", *options]


def peak(process: int) -> float:
    """The largest resident set that a process had so far, in MB; 0 where it has ended."""
    with suppress(OSError):
        for line in Path(f"/proc/{process}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return 0.0


def measure(mode: str, addresses: int) -> tuple[float, float, float]:
    """The peak of a crawl at its start and at its end, in MB, and the CPU seconds it took."""
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
            first = most = 0.0
            last_page: int | None = None  # how many articles were asked for when the list had ended
            while (now := peak(child.pid)) and child.poll() is None:
                most = max(most, now)
                with urlopen(f"{site}-/asked") as answer:
                    asked = json.load(answer)
                first = first or (now if asked["listings"] else 0.0)
                if asked["listings"] >= pages and last_page is None:
                    last_page = asked["articles"]
                if last_page is not None and asked["articles"] >= min(last_page + AFTERWARDS, addresses):
                    break
                time.sleep(0.2)
            most = max(most, peak(child.pid))
            with suppress(ProcessLookupError):
                child.send_signal(signal.SIGTERM)
            _, _, usage = os.wait4(child.pid, 0)
            child.returncode = 0
        if last_page is None:
            sys.exit(f"{mode}: ended before the list did\n{(folder / 'log.txt').read_text()[-3000:]}")
        return first, most, usage.ru_utime + usage.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--addresses", type=int, default=1_000_000)
    parser.add_argument("--plain", type=int, default=50_000)
    options = parser.parse_args()
    table = Table("crawl", "addresses", "first page, MB", "peak, MB", "reckoned for all, MB", "s CPU", box=None)
    peaks = {}
    for mode, addresses in (("plain", options.plain), ("crawl", options.addresses)):
        first, most, cpu = measure(mode, addresses)
        peaks[mode] = first + (most - first) * options.addresses / addresses
        table.add_row(mode, f"{addresses:,}", f"{first:.0f}", f"{most:.0f}", f"{peaks[mode]:.0f}", f"{cpu:.0f}")
    console = Console()
    console.print(table)
    console.print(f"goal {GOAL} MB: {'met' if peaks['crawl'] < GOAL else 'MISSED'}")


if __name__ == "__main__":
    main()
