"""One archive, crawled and killed until a crawl ends by itself, then judged."""

import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Final, NamedTuple

from tests import forked
from tests.crash import launch
from tests.crash.portal import Served
from tests.crash.verdict import PORTAL, Verdict, finished, on_the_way

KILLED: Final = -signal.SIGKILL
QUICK: Final = {
    "DOWNLOAD_DELAY": "0",
    "AUTOTHROTTLE_ENABLED": "False",
    "CONCURRENT_REQUESTS_PER_DOMAIN": "8",
    "RETRY_TIMES": "0",
    "HTTPPROXY_ENABLED": "False",
}


class Ended(NamedTuple):
    """How a process ended."""

    status: int
    """Its exit status; the negative number of the signal that killed it."""
    log: str
    passed: int
    """How often it passed its point; 0 where it was killed."""

    @property
    def is_killed(self) -> bool:
        return self.status == KILLED

    @property
    def last_line(self) -> str:
        return self.log.rstrip("\n").rpartition("\n")[2]


@dataclass
class Trial:
    """An archive in a folder of its own."""

    portal: Served
    folder: Path
    compression: str = ""
    warc: bool = False
    """True if its runs keep raw pages."""
    archive: Path = Path()
    """ARCHIVE: `data` in the folder, where nothing else is told."""
    ledger: Path = Path()
    """`ledger.db` in the archive, where nothing else is told."""
    kills: int = 0
    restarts: int = 0
    verdict: Verdict = field(default_factory=Verdict)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.archive = self.folder / "data" if self.archive == Path() else self.archive
        self.ledger = self.archive / "ledger.db" if self.ledger == Path() else self.ledger

    @property
    def segments(self) -> Path:
        """The portal's folder in the archive."""
        return self.archive / PORTAL

    @property
    def output(self) -> Path:
        """What is exported to."""
        return self.folder / "exported.jsonl"

    def words(self, command: str, **settings: str) -> list[str]:
        """A call of `scrapy crawl`, of `scrapy export --compact` or of `scrapy ledger rebuild`."""
        call = {
            "crawl": ["crawl", PORTAL, "-a", f"url={self.portal.url}"],
            "export": ["export", PORTAL, "--compact", "-O", str(self.output)],
            "rebuild": ["ledger", "rebuild", PORTAL],
        }[command]
        places = {"ARCHIVE": str(self.archive), "LEDGER": f"sqlite:///{self.ledger}"}
        told = QUICK | places | {"ARCHIVE_COMPRESSION": self.compression, "WARC": str(self.warc)} | settings
        return [*call, *(word for name, value in told.items() for word in ("-s", f"{name}={value}"))]

    def lose_ledger(self) -> None:
        for path in self.ledger.parent.glob(f"{self.ledger.name}*"):
            path.unlink()

    def begin(
        self, words: Sequence[str], point: str = "", last: int = 0, prepare: Callable[[], object] | None = None
    ) -> BaseProcess:
        (self.folder / "passed").unlink(missing_ok=True)
        return forked.process(launch.child, words, self.folder, point, last, prepare)

    def end(self, process: BaseProcess) -> Ended:
        status = forked.status(process)
        log, passed = self.folder / "log", self.folder / "passed"
        if status is None:
            raise TimeoutError(log.read_text())
        return Ended(status, log.read_text() if log.exists() else "", int(passed.read_text()) if passed.exists() else 0)

    def run(
        self,
        command: str = "crawl",
        point: str = "",
        last: int = 0,
        prepare: Callable[[], object] | None = None,
        **settings: str,
    ) -> Ended:
        """Run a command to its end; with a point, until it is passed for the `last` time."""
        ended = self.end(self.begin(self.words(command, **settings), point, last, prepare))
        if ended.is_killed:
            self.killed()
        return ended

    def killed(self) -> None:
        self.kills += 1
        self.restarts += 1
        self.verdict += on_the_way(self.archive, self.portal.truth, self.ledger)

    def finish(self, command: str = "crawl") -> Verdict:
        """Run until the end, and judge what is there then."""
        ended = self.run(command)
        self.verdict.say(ended.status == 0, f"the last run ended with {ended.status}: {ended.last_line}")
        self.verdict += finished(self.archive, self.portal.truth, self.ledger)
        return self.verdict
