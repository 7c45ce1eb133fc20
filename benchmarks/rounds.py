"""A newsroom at work between and during runs, some of them killed: at the end nothing is missing, double or wrong.

    LAB_DIR=… PORT=… python benchmarks/rounds.py --lab FOLDER [--rounds 20] [--posts N] [--seed N]
        [--mix add,edit,delete] [--arguments NAME=VALUE …] [--need 0.99] [--folder FOLDER]

`--lab` names the scripts of a real WordPress on loopback: `up.sh`, `down.sh` and `mutate.sh add|edit|delete N`, which
keep `$LAB_DIR/data/truth.jsonl`, an article a line, and `compare.py`, which holds records against it. With `--posts` a
portal of so many is set up anew and removed at the end, whatever LAB_DIR held; without, the one there is crawled.

After a first crawl, each round lets the newsroom add, edit and delete, then runs the crawl on the same archive. In a
third of the rounds more is added while the run is going on; a quarter of the runs is killed, a tenth told to end by
SIGTERM, as its log tells of some answer or record. Two quiet runs end it, and `compare.py` judges all segments. The
seed gives the plan; which articles are edited and deleted is the newsroom's own choice.

`expected` counts the articles of which the archive lacks what the portal shows when a run begins; `missed` are those
that a run left so, neither killed nor worked beside; `extra` are records that nobody needs; `gone` counts the deleted
ones. The exit status is 1 where `compare.py` finds anything wrong, a public article is held for gone, or the last run
failed.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from signal import SIGKILL, SIGTERM, Signals
from typing import Any

from rich.console import Console
from rich.live import Live
from rich.markup import escape
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.crawl import ROOT, environment
from narayacrawl.archive.segment_files import JSONL, PART, read_lines
from narayacrawl.archive.segments import portal_folder
from tests.crash.verdict import LedgerFile

FAST = ("DOWNLOAD_DELAY=0", "AUTOTHROTTLE_ENABLED=0", "CONCURRENT_REQUESTS_PER_DOMAIN=8", "LOG_LEVEL=DEBUG")
MIX = ("add", "edit", "delete")
MOST = 6
"""Articles that the newsroom adds, edits or deletes at once."""
ANSWER, RECORD = "] DEBUG: Crawled (", "] DEBUG: Scraped from "
"""What a line of Scrapy's log holds that tells of an answer, or of a record that was written."""
WIDTH = 120

Articles = Mapping[int, Any]
"""What a portal shows, or an archive holds: of each article, by its id, whatever makes another revision of it."""


@dataclass(frozen=True)
class Round:
    """What is to happen in one round."""

    work: tuple[tuple[str, int], ...] = ()
    """Before the run, in this order: `("edit", 3)`."""
    meanwhile: int = 0
    """Articles that are added while it is going on."""
    signal: Signals | None = None
    """What it is sent."""
    mark: str = ANSWER
    """At a line of its log that holds this,"""
    moment: float = 0
    """after this share of such lines, as far as they can be told beforehand."""


def plan(rounds: int, mix: Sequence[str], seed: int) -> list[Round]:
    """So many rounds: in a third of them something is added meanwhile, a quarter is killed, a tenth gets SIGTERM."""
    chance = random.Random(seed)
    signals = [*[SIGKILL] * -(-rounds // 4), *[SIGTERM] * (rounds // 10), *[None] * rounds][:rounds]
    chance.shuffle(signals)
    disturbed = chance.sample(range(rounds), -(-rounds // 3)) if "add" in mix else []
    return [
        Round(
            work=tuple((what, chance.randint(0, MOST)) for what in chance.sample(mix, len(mix))),
            meanwhile=chance.randint(1, MOST) if number in disturbed else 0,
            signal=own,
            mark=chance.choice((ANSWER, RECORD)),
            moment=chance.random(),
        )
        for number, own in enumerate(signals)
    ]


@dataclass(frozen=True)
class Changes:
    """Ids of articles."""

    added: set[int]
    edited: set[int]
    deleted: set[int]

    def __str__(self) -> str:
        counts = (("+", self.added), ("~", self.edited), ("−", self.deleted))
        return " ".join(f"{sign}{len(own)}" for sign, own in counts if own)


def changes(before: Articles, after: Articles) -> Changes:
    """What became of the articles, each counted once, whatever happened to it between."""
    edited = {own for own in before.keys() & after.keys() if before[own] != after[own]}
    return Changes(after.keys() - before.keys(), edited, before.keys() - after.keys())


def public(truth: Path) -> Articles:
    """The articles that the portal shows."""
    rows = [json.loads(line) for line in truth.read_bytes().splitlines()]
    shown = [row for row in rows if row["type"] == "post" and row["public"]]
    return {row["id"]: (row["title"], row["published"], row["body_text"]) for row in shown}


@dataclass
class Lab:
    """A WordPress on loopback."""

    scripts: Path
    folder: Path
    port: str

    @property
    def truth(self) -> Path:
        return self.folder / "data" / "truth.jsonl"

    def start(self, script: str, *words: str, **told: str) -> subprocess.Popen[bytes]:
        inherited = os.environ | {"LAB_DIR": str(self.folder), "PORT": self.port} | told
        return subprocess.Popen([self.scripts / script, *words], env=inherited, stdout=subprocess.DEVNULL)


def wait(process: subprocess.Popen[bytes]) -> None:
    if status := process.wait():
        sys.exit(f"{process.args!r}: exit status {status}")


class Crawl:
    """The runs of one archive."""

    def __init__(self, lab: Lab, folder: Path, arguments: Sequence[str]) -> None:
        self.lab, self.folder = lab, folder
        self.portal = f"127.0.0.1:{lab.port}"
        self.archive = folder / "archive"
        self.segments = portal_folder(self.archive, self.portal)
        options = [word for argument in (f"url=http://{self.portal}/", *arguments) for word in ("-a", argument)]
        options += [word for setting in FAST for word in ("-s", setting)]
        self.words = self.scrapy("crawl", "wordpress", *options)
        self.archived: dict[int, Any] = {}
        """What the archive has of each article, as `public` tells it."""
        self.last = 0
        """The last run's number."""
        self.status = self.answers = 0
        """Of the last run that nobody ended."""

    def scrapy(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "scrapy", *words, "-s", f"ARCHIVE={self.archive}"]

    @property
    def ledger(self) -> LedgerFile:
        return LedgerFile(self.archive / "ledger.db")

    def round(self, name: str, own: Round) -> list[str]:
        """Let the newsroom work, then the crawl: the cells of this round."""
        before = public(self.lab.truth)
        for what, count in own.work:
            if count:
                wait(self.lab.start("mutate.sh", what, str(count)))
        shown = public(self.lab.truth)
        due = changes(self.archived, shown)
        expected = due.added | due.edited
        after = int(own.moment * (len(expected) + (self.answers if own.mark == ANSWER else 0)))
        log, started = self.folder / f"{name}.log", time.perf_counter()
        status, answers = self.run(log, own, after)
        seconds = time.perf_counter() - started
        if not own.signal:
            self.status, self.answers = status, answers
        now, ledger = public(self.lab.truth), self.ledger
        meanwhile, due = changes(shown, now), changes(self.archived, now)
        run = next((run for run in ledger.runs if run.id > self.last), None)  # none where it was killed that early
        self.last = run.id if run else self.last
        written = Counter(self.written(run.segment, run.acknowledged) if run and run.segment else [])
        self.archived |= {number: now[number] for number in written.keys() & now.keys()}
        deleted = changes(self.archived, now).deleted
        gone = sum(ledger.states.get(number) == "gone" for number in deleted)
        is_quiet = not own.meanwhile and (not own.signal or status == 0)
        how = "killed" if status == -SIGKILL else f"exit {status}"
        if status and not own.signal:
            how += f": {escape(log.read_text().splitlines()[-1])}"
        if own.signal and status:  # 0: it came too late
            how = f"{own.signal.name} at {'record' if own.mark == RECORD else 'answer'} {after + 1}: {how}"
        requests = run.stats.get("downloader/request_count", "") if run else ""
        missed = marked(len(expected - written.keys()))
        extra = marked((written - Counter(due.added | due.edited)).total())
        return [
            name, str(changes(before, shown)), str(meanwhile), how, f"{seconds:.1f}", str(requests),
            str(len(expected)) if is_quiet else "", str(written.total()), missed if is_quiet else "", extra,
            f"{gone} of {len(deleted)}",
        ]  # fmt: skip

    def run(self, log: Path, own: Round, after: int) -> tuple[int, int]:
        """The exit status and the answers of one run, disturbed and ended as its round wants it."""
        newsroom, seen = None, Counter[str]()
        with subprocess.Popen(self.words, cwd=ROOT, env=environment(), stderr=subprocess.PIPE) as process:
            assert process.stderr is not None
            with log.open("wb") as out:
                for line in process.stderr:
                    out.write(line)
                    for mark in (ANSWER, RECORD):
                        seen[mark] += mark.encode() in line
                    if own.meanwhile and newsroom is None and seen[ANSWER]:
                        newsroom = self.lab.start("mutate.sh", "add", str(own.meanwhile))
                    if own.signal and own.mark.encode() in line and seen[own.mark] == after + 1:
                        process.send_signal(own.signal)
        if newsroom is not None:
            wait(newsroom)
        return process.returncode, seen[ANSWER]

    def written(self, segment: str, acknowledged: int) -> list[int]:
        """The ids of the records of a run that count."""
        part = self.segments / f"{segment}{PART}"
        path = part if part.exists() else self.segments / f"{segment}{JSONL}"
        return [json.loads(line)["id"] for line in read_lines(path, acknowledged)] if acknowledged else []

    def verdict(self, need: str) -> tuple[bool, str]:
        """Whether all is well in the end, and what `compare.py` and the ledger say."""
        gone, ledger, shown = self.folder / "gone.txt", self.ledger, public(self.lab.truth)
        with gone.open("wb") as out:
            words = self.scrapy("ledger", "gone", self.portal)
            subprocess.run(words, cwd=ROOT, env=environment(), stdout=out, check=True)
        words = [sys.executable, str(self.lab.scripts / "compare.py"), "--truth", str(self.lab.truth)]
        words += ["--revisions", "--need", need, "--gone", str(gone)]
        words += map(str, sorted(self.segments.glob(f"*{JSONL}*")))
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        hidden = sum(state == "gone" and post in shown for post, state in ledger.states.items())
        told = f"{done.stdout}{done.stderr}ledger: {dict(ledger.count)}; {hidden} of the gone are public"
        return not (done.returncode or hidden or self.status), told


def marked(wrong: int) -> str:
    return f"[bold red]{wrong}[/]" if wrong else "0"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--lab", type=Path, required=True, help="folder of the portal's scripts")
    parser.add_argument("--lab-dir", type=Path, default=os.environ.get("LAB_DIR"), help="the portal's own (LAB_DIR)")
    parser.add_argument("--port", default=os.environ.get("PORT", "8088"), help="the portal's (PORT)")
    parser.add_argument("--posts", type=int, help="set up a portal of so many, and remove it at the end")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--mix", default=",".join(MIX), help="what the newsroom does, apart by commas")
    parser.add_argument("--arguments", nargs="*", default=[], metavar="NAME=VALUE", help="of the crawl")
    parser.add_argument("--need", default="0.99", help="share of a field's values that must be right")
    parser.add_argument("--folder", type=Path, help="a new one, where archive and logs stay")
    parser.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000)
    options = parser.parse_args()
    mix = options.mix.split(",")
    if not set(mix) <= set(MIX):
        parser.error(f"--mix: known are {', '.join(MIX)}")
    if options.lab_dir is None:
        parser.error("LAB_DIR or --lab-dir is missing")
    if options.folder:
        options.folder.mkdir(parents=True)
    planned = {str(number): own for number, own in enumerate(plan(options.rounds, mix, options.seed), 1)}
    lab = Lab(options.lab.absolute(), options.lab_dir.absolute(), options.port)
    console = Console(highlight=False)
    console.width = max(console.width, WIDTH)
    columns = ("newsroom", "meanwhile", "run", "s", "requests", "expected", "written", "missed", "extra", "gone")
    table = Table("round", *columns, box=None, title=f"seed {options.seed}")
    with tempfile.TemporaryDirectory() as temporary:
        try:
            if options.posts:
                wait(lab.start("down.sh", WIPE="1"))
                wait(lab.start("up.sh", POSTS=str(options.posts)))
            crawl = Crawl(lab, (options.folder or Path(temporary)).absolute(), options.arguments)
            with Live(table, console=console):
                for name, own in {"first": Round(), **planned, "quiet": Round(), "again": Round()}.items():
                    table.add_row(*crawl.round(name, own))
                    if crawl.status and name == "first":
                        sys.exit("\nno first crawl, no rounds")
            is_well, told = crawl.verdict(options.need)
            console.print(f"\n{told}", markup=False, soft_wrap=True)
        finally:
            if options.posts:
                wait(lab.start("down.sh", WIPE="1"))
    sys.exit(not is_well)


if __name__ == "__main__":
    main()
