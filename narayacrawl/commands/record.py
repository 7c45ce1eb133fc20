"""`scrapy record`: crawl a portal and save its pages, with the articles they yield."""

import shutil
import subprocess
import sys
import tempfile
from argparse import Namespace
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from scrapy.exceptions import UsageError

from narayacrawl.commands import crawl
from narayacrawl.commands.replay import refuse_in_ci
from narayacrawl.language.english import counted
from narayacrawl.monitors.outcome import FAILED, GOOD, Outcome

RECORD_SETTINGS: Final = {
    # Every article counts, whatever was crawled before.
    "ARCHIVE": "",
    "IMAGES_STORE": "",
    "WARC": False,
    "HTTPCACHE_ENABLED": True,
    "HTTPCACHE_STORAGE": "narayacrawl.replay.cache_storage.FixtureCacheStorage",
    "HTTPCACHE_IGNORE_MISSING": False,
    # The cache is nearest to the network: bodies would be saved compressed.
    "COMPRESSION_ENABLED": False,
    "CONCURRENT_REQUESTS": 1,
}
MOST_ROUNDS: Final = 5


class Command(crawl.Command):
    """Record a portal: its pages, and as the golden what a replay of them yields.

    The folder is `FIXTURES_DIR/<portal>`, the spider's name; of the spider `wordpress` the host of its argument `url`.
    It is written beside and takes its place only when the crawl was good and can be replayed.
    """

    def short_desc(self) -> str:
        return "Crawl a portal and save its pages for scrapy replay; -a limit=30 is enough for most"

    def check(self, args: list[str], opts: Namespace) -> None:
        refuse_in_ci("record")
        super().check(args, opts)
        _portal(args[0], opts.spargs)

    def execute(self, args: list[str], opts: Namespace) -> Outcome:
        from narayacrawl.replay.cache_storage import PAGES, Recording, fixtures_folder, write_recording

        assert self.settings is not None
        spider = args[0]
        portal = _portal(spider, opts.spargs)
        if "limit" not in opts.spargs:
            self.tell("the whole portal; -a limit=30 records a part of it")

        fixtures = fixtures_folder(self.settings)
        fixtures.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{portal}-", dir=fixtures) as temporary:
            folder = Path(temporary) / portal
            (folder / PAGES).mkdir(parents=True)
            self.settings.setdict(RECORD_SETTINGS | {"HTTPCACHE_DIR": str(folder)}, priority="cmdline")
            crawler = self._create_crawler(spider)
            result = self.crawl(crawler, opts.spargs)
            if result.status != GOOD:
                return result
            if failed := crawler.stats.get_value("narayacrawl/article/failed"):
                return Outcome(FAILED, f"{counted(failed, 'article')} could not be fetched: record again")
            write_recording(folder, Recording(spider=spider, arguments=opts.spargs))
            result = _complete(folder, opts.set)
            if result.status == GOOD:
                result = _accept_golden(folder, fixtures / portal, opts.set)
            if result.status == GOOD:
                _replace(fixtures / portal, folder)
            return result


def _portal(spider: str, arguments: dict[str, str]) -> str:
    if spider != "wordpress":
        return spider
    host = urlsplit(arguments.get("url", "")).hostname
    if not host:
        raise UsageError("the spider wordpress needs -a url=https://…")
    return host


def _complete(folder: Path, options: list[str]) -> Outcome:
    """Replay the new recording, and fetch and save what it lacks, until a replay lacks nothing.

    A replay is faster than its recording was: a limit cuts it off at another page.
    """
    from narayacrawl.replay.cache_storage import read_responses

    for _ in range(MOST_ROUNDS):
        recorded = len(read_responses(folder))
        if (result := _replay(folder, options, "--complete")).status != GOOD:
            return result
        if len(read_responses(folder)) == recorded:
            return result
    return Outcome(FAILED, f"{MOST_ROUNDS} replays each asked for other pages; nothing was saved")


def _accept_golden(folder: Path, former: Path, options: list[str]) -> Outcome:
    """Replay the new recording and let it write its golden, over the former one, so that the differences are shown."""
    from narayacrawl.replay.golden import GOLDEN

    if (former / GOLDEN).exists():
        shutil.copy(former / GOLDEN, folder)
    return _replay(folder, options, "--accept")


def _replay(folder: Path, options: list[str], how: str) -> Outcome:
    # Another process: Twisted's reactor runs once in each.
    command = [sys.executable, "-m", "narayacrawl", "replay", folder.name, how]
    for option in [*options, f"FIXTURES_DIR={folder.parent}"]:
        command += ["-s", option]
    status = subprocess.run(command, check=False).returncode
    return Outcome(GOOD) if status == GOOD else Outcome(status, "the recording cannot be replayed; nothing was saved")


def _replace(folder: Path, by: Path) -> None:
    former = by.with_name("former")
    if folder.exists():
        folder.rename(former)
    try:
        by.rename(folder)
    except OSError:
        if former.exists():
            former.rename(folder)
        raise
