"""Run many short crawls in one process, a fifth of them failing at their start, and check that nothing grows.

    python benchmarks/soak.py [--crawls 500] [--every 50]

As a service that embeds the crawler does, `AsyncCrawlerRunner` crawls a portal on loopback (`portal.py`) again and
again: anew, where nothing is new, and in full. Every fifth crawl is one that cannot start (`FAILURES`), each time for
the next reason, most with the archive that the next crawl writes to. After every so many crawls the process is counted
through. The exit status is 1 if a crawl ended otherwise than it was to, or if anything grew after the first round of
reasons: a count at all, the resident memory by more than a few kB a crawl.
"""

import argparse
import asyncio
import gc
import logging
import shutil
import signal
import sqlite3
import sys
import tempfile
import threading
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final, Self

from filelock import FileLock
from rich.console import Console
from rich.live import Live
from rich.table import Table
from scrapy.core.engine import ExecutionEngine
from scrapy.crawler import AsyncCrawlerRunner, Crawler
from scrapy.settings import Settings
from scrapy.utils.reactor import install_reactor
from sqlalchemy import Engine

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.crawl import QUICK, portal
from narayacrawl.archive.segment_files import LOCK
from narayacrawl.archive.segments import portal_folder

ARTICLES: Final = 6
MEMORY_PER_CRAWL: Final = 20
"""The resident memory may grow by so many kB a crawl: allocators return little, and none the same each time."""
SELF: Final = "benchmarks.soak.Broken"


class Broken:
    """A component that cannot be made."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        raise OSError("a component that cannot be made")


@dataclass(frozen=True)
class Failure:
    """A crawl that cannot start: what is wrong with it."""

    arguments: Mapping[str, str] | None = None
    settings: Mapping[str, Any] | None = None
    archive: str = ""
    """The folder of an archive that is not the other crawls'."""


FAILURES: Final = {
    "wrong argument": Failure({"since": "kemarin"}),
    "unknown argument": Failure({"sejak": "2026-01-01"}),
    "portal locked": Failure(archive="locked"),
    "no ledger": Failure(archive="unreadable"),
    "ledger of a later version": Failure(archive="later"),
    "segments lost": Failure(archive="lost"),
    "archive is a file": Failure(archive="unreadable/ledger.db"),
    "feed not writable": Failure(settings={"FEEDS": {"/dev/null/a.jsonl": {"format": "jsonl", "store_empty": True}}}),
    "feed of no format": Failure(settings={"FEEDS": {"a.xyz": {"format": "xyz"}}}),
    "extension": Failure(settings={"EXTENSIONS": {SELF: 900}}),
    "pipeline": Failure(settings={"ITEM_PIPELINES": {SELF: 900}}),
    "downloader middleware": Failure(settings={"DOWNLOADER_MIDDLEWARES": {SELF: 900}}),
    "spider middleware": Failure(settings={"SPIDER_MIDDLEWARES": {SELF: 900}}),
    "no scheduler": Failure(settings={"SCHEDULER": "benchmarks.soak.Broken"}),
    "job folder": Failure(settings={"JOBDIR": "/dev/null/job"}),
    "unreachable": Failure({"url": "http://127.0.0.1:9/"}),
}


@dataclass(frozen=True)
class Count:
    """What a process holds."""

    memory: int
    """In kB, resident."""
    files: int
    threads: int
    """Other than those of Twisted's pool: it starts one whenever all are busy, up to a bound, and keeps it."""
    locks: int
    """Locks of portals that are held."""
    handlers: int
    """Functions that signals or log lines are given to."""
    tasks: int
    calls: int
    """That Twisted is to make later, and files that it watches."""
    crawlers: int
    engines: int
    """Scrapy's."""
    databases: int

    @classmethod
    def now(cls) -> Self:
        from twisted.internet import reactor

        gc.collect()
        # What is frozen is there, too, though the collector does not tell of it.
        gc.unfreeze()
        made = [type(value) for value in gc.get_objects()]
        locks = [value for value in gc.get_objects() if isinstance(value, FileLock)]
        gc.freeze()
        pool = reactor.getThreadPool().threads  # type: ignore[attr-defined]
        signals = [signal.getsignal(number) for number in signal.valid_signals()]
        status = Path("/proc/self/status").read_text().partition("VmRSS:")[2]
        return cls(
            memory=int(status.split()[0]),
            files=len([*Path("/proc/self/fd").iterdir()]),
            threads=len(set(threading.enumerate()) - set(pool)),
            locks=sum(lock.is_locked for lock in locks),
            handlers=sum(callable(function) for function in signals) + len(logging.root.handlers),
            tasks=len(asyncio.all_tasks()),
            calls=len(reactor.getDelayedCalls()) + len(reactor.getReaders()),  # type: ignore[attr-defined]
            crawlers=made.count(Crawler),
            engines=made.count(ExecutionEngine),
            databases=made.count(Engine),
        )

    def grown(self, before: "Count", crawls: int) -> list[str]:
        """Name what is more than it was so many crawls ago."""
        found = [own.name for own in fields(self) if getattr(self, own.name) > getattr(before, own.name)]
        if self.memory - before.memory <= MEMORY_PER_CRAWL * crawls:
            found = [name for name in found if name != "memory"]
        return found


class Soak:
    """Crawls one portal again and again."""

    def __init__(self, site: str, folder: Path) -> None:
        self.site, self.folder = site, folder
        self.archive = folder / "archive"
        settings = Settings()
        settings.setmodule("narayacrawl.settings")
        quick = dict(setting.split("=", 1) for setting in QUICK)
        settings.setdict(quick | {"LOG_ENABLED": False, "DNSCACHE_ENABLED": False}, priority="cmdline")
        self.runner = AsyncCrawlerRunner(settings)

    async def prepare(self, stack: ExitStack) -> None:
        """Make what failing crawls stumble on."""
        for name in ("later", "lost"):
            await self.crawl({}, {}, self.folder / name)
        with sqlite3.connect(self.folder / "later" / "ledger.db") as ledger:
            ledger.execute("UPDATE schema SET version = version + 1")
        ledger.close()
        for segment in self._portal("lost").glob("*.jsonl"):
            segment.unlink()
        unreadable = self.folder / "unreadable" / "ledger.db"
        unreadable.parent.mkdir()
        unreadable.write_bytes(b"\0no ledger" * 1_000)
        self._portal("locked").mkdir(parents=True)
        stack.enter_context(FileLock(self._portal("locked") / LOCK))

    def _portal(self, archive: str) -> Path:
        return portal_folder(self.folder / archive, self.site.split("/")[2])

    async def crawl(self, arguments: Mapping[str, str], settings: Mapping[str, Any], archive: Path) -> str:
        """Run one crawl; return how it ended: its last exception, or its reason and how much it wrote."""
        own = self.runner.settings.copy()
        own.setdict({**settings, "ARCHIVE": str(archive)}, priority="cmdline")
        crawler = Crawler(self.runner.spider_loader.load("wordpress"), own)
        try:
            await self.runner.crawl(crawler, **({"url": self.site} | dict(arguments)))
        except Exception as error:
            return f"{type(error).__name__}: {error}"
        stats = crawler.stats.get_stats()
        written = stats.get("item_scraped_count", 0)
        return f"{stats.get('finish_reason')}: {written}" if stats.get("response_received_count") else "no answer"

    async def turn(self, number: int) -> str | None:
        """Run crawl number so; return what it did that it was not to do."""
        turn, kind = divmod(number, 5)
        if kind == 4:
            name, failure = list(FAILURES.items())[turn % len(FAILURES)]
            archive = self.folder / failure.archive if failure.archive else self.archive
            ended = await self.crawl(failure.arguments or {}, failure.settings or {}, archive)
            return f"{name}: not to start, but {ended}" if ended.startswith("finished: ") else None
        if kind == 0:
            shutil.rmtree(self.archive, ignore_errors=True)
        expected = (ARTICLES, 0, ARTICLES, 0)[kind]
        ended = await self.crawl({"full": "1"} if kind == 2 else {}, {}, self.archive)
        return None if ended == f"finished: {expected}" else f"crawl {number}: {expected} to write, but {ended}"


async def soak(site: str, crawls: int, every: int) -> bool:
    """Run all crawls; True if each ended as it was to and nothing grew."""
    first = min(5 * len(FAILURES), crawls // 2)
    columns = [own.name for own in fields(Count)]
    table = Table("crawls", *columns, box=None)
    wrong: list[str] = []
    before = count = Count.now()
    logging.disable()  # of failing crawls
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack, Live(table, console=Console(width=120)):
        runs = Soak(site, Path(name))
        await runs.prepare(stack)
        for number in range(crawls):
            if complaint := await runs.turn(number):
                wrong.append(complaint)
            if (number + 1) in (first, crawls) or (number + 1) % every == 0:
                await runs.turn(1)  # what is counted is left by a crawl that ends well
                count = Count.now()
                before = count if number + 1 == first else before
                table.add_row(str(number + 1), *(str(getattr(count, column)) for column in columns))
    grown = count.grown(before, crawls - first)
    for line in wrong:
        print(line)
    print(f"after crawl {first}, grew: {', '.join(grown) or 'nothing'}")
    return not grown and not wrong


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--crawls", type=int, default=500)
    parser.add_argument("--every", type=int, default=50)
    options = parser.parse_args()
    install_reactor("twisted.internet.asyncioreactor.AsyncioSelectorReactor")
    from scrapy.utils.defer import deferred_from_coro
    from twisted.internet.task import react

    results: list[bool] = []

    async def run() -> None:
        results.append(await soak(site, options.crawls, options.every))

    with portal("--articles", str(ARTICLES)) as site, suppress(SystemExit):
        react(lambda _: deferred_from_coro(run()))
    sys.exit(results != [True])


if __name__ == "__main__":
    main()
