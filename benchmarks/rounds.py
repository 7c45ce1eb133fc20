"""Crawl a portal that changes between and during runs, some of which are killed; check that nothing is lost or wrong.

    LAB_DIR=… PORT=… python benchmarks/rounds.py --lab FOLDER [--rounds 20] [--posts N] [--seed N]
        [--mix add,edit,delete] [--arguments NAME=VALUE …] [--need 0.99] [--folder FOLDER]

`--lab` is the folder with the scripts of a real WordPress on loopback: `up.sh`, `down.sh` and `mutate.sh
add|edit|delete N`, which maintain `$LAB_DIR/data/truth.jsonl`, an article a line, and `compare.py`, which compares
records with it. With `--posts` a new portal of so many articles replaces the one in LAB_DIR and is removed at the end;
without it the existing one is crawled.

After a first crawl, each round adds, edits and deletes articles and then runs the crawl on the same archive. In a third
of the rounds articles are also added during the run; a quarter of the runs gets SIGKILL, a tenth SIGTERM, when a
certain response or record appears in its log. Two undisturbed runs follow, and `compare.py` checks all segments. The
seed determines the plan, but not which articles `mutate.sh` edits and deletes.

`expected` counts the articles that the archive lacks, or has differently, when a run begins; `missed` those of them
that an undisturbed run did not write; `extra` the records that were not needed; `gone` the deleted articles. The exit
status is 1 if `compare.py` finds an error, a public article is gone by the ledger, or the last run failed.
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
MAX_ARTICLES = 6
"""How many articles are added, edited or deleted at once, at most."""
ANSWER, RECORD = "] DEBUG: Crawled (", "] DEBUG: Scraped from "
"""Parts of the lines that Scrapy logs for a response, and for a record."""
WIDTH = 120

Articles = Mapping[int, Any]
"""The articles of a portal or an archive by id, each as the values whose change makes a revision."""


@dataclass(frozen=True)
class Round:
    """The plan of one round."""

    work: tuple[tuple[str, int], ...] = ()
    """Changes before the run, in this order: `("edit", 3)`."""
    added_during: int = 0
    """How many articles are added during the run."""
    signal: Signals | None = None
    """Signal that the run gets."""
    mark: str = ANSWER
    """The run gets its signal at a log line that contains this,"""
    moment: float = 0
    """after this share of the expected number of such lines."""


def plan(rounds: int, mix: Sequence[str], seed: int) -> list[Round]:
    """Plan rounds: in a third of them articles are added during the run, a quarter gets SIGKILL, a tenth SIGTERM."""
    chance = random.Random(seed)
    signals = [*[SIGKILL] * -(-rounds // 4), *[SIGTERM] * (rounds // 10), *[None] * rounds][:rounds]
    chance.shuffle(signals)
    disturbed = chance.sample(range(rounds), -(-rounds // 3)) if "add" in mix else []
    return [
        Round(
            work=tuple((action, chance.randint(0, MAX_ARTICLES)) for action in chance.sample(mix, len(mix))),
            added_during=chance.randint(1, MAX_ARTICLES) if number in disturbed else 0,
            signal=signal,
            mark=chance.choice((ANSWER, RECORD)),
            moment=chance.random(),
        )
        for number, signal in enumerate(signals)
    ]


@dataclass(frozen=True)
class Changes:
    """Ids of the articles that differ between two times."""

    added: set[int]
    edited: set[int]
    deleted: set[int]

    def __str__(self) -> str:
        counts = (("+", self.added), ("~", self.edited), ("−", self.deleted))
        return " ".join(f"{sign}{len(ids)}" for sign, ids in counts if ids)


def changes(before: Articles, after: Articles) -> Changes:
    """Return which articles were added, edited and deleted, each once, however often it was changed in between."""
    edited = {number for number in before.keys() & after.keys() if before[number] != after[number]}
    return Changes(after.keys() - before.keys(), edited, before.keys() - after.keys())


def public_articles(truth: Path) -> Articles:
    """Read the articles that the portal shows."""
    rows = [json.loads(line) for line in truth.read_bytes().splitlines()]
    shown = [row for row in rows if row["type"] == "post" and row["public"]]
    return {row["id"]: (row["title"], row["published"], row["body_text"]) for row in shown}


@dataclass
class Lab:
    """A real WordPress on loopback, controlled by scripts."""

    scripts: Path
    folder: Path
    port: str

    @property
    def truth(self) -> Path:
        return self.folder / "data" / "truth.jsonl"

    def start(self, script: str, *arguments: str, **variables: str) -> subprocess.Popen[bytes]:
        environ = os.environ | {"LAB_DIR": str(self.folder), "PORT": self.port} | variables
        return subprocess.Popen([self.scripts / script, *arguments], env=environ, stdout=subprocess.DEVNULL)


def wait(process: subprocess.Popen[bytes]) -> None:
    if status := process.wait():
        sys.exit(f"{process.args!r}: exit status {status}")


class Crawl:
    """Crawl one archive again and again."""

    def __init__(self, lab: Lab, folder: Path, arguments: Sequence[str]) -> None:
        self.lab, self.folder = lab, folder
        self.portal = f"127.0.0.1:{lab.port}"
        self.archive = folder / "archive"
        self.segments = portal_folder(self.archive, self.portal)
        options = [word for argument in (f"url=http://{self.portal}/", *arguments) for word in ("-a", argument)]
        options += [word for setting in FAST for word in ("-s", setting)]
        self.command = self.scrapy("crawl", "wordpress", *options)
        self.archived: dict[int, Any] = {}
        """The articles in the archive, with the values of `public_articles`."""
        self.last = 0
        """Number of the last run."""
        self.status = self.responses = 0
        """Exit status and number of responses of the last run that got no signal."""

    def scrapy(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "scrapy", *arguments, "-s", f"ARCHIVE={self.archive}"]

    @property
    def ledger(self) -> LedgerFile:
        return LedgerFile(self.archive / "ledger.db")

    def play(self, name: str, plan: Round) -> list[str]:
        """Change articles, then crawl; return the table row of this round."""
        before = public_articles(self.lab.truth)
        for action, count in plan.work:
            if count:
                wait(self.lab.start("mutate.sh", action, str(count)))
        shown = public_articles(self.lab.truth)
        due = changes(self.archived, shown)
        expected = due.added | due.edited
        after = int(plan.moment * (len(expected) + (self.responses if plan.mark == ANSWER else 0)))
        log, started = self.folder / f"{name}.log", time.perf_counter()
        status, responses = self.run(log, plan, after)
        seconds = time.perf_counter() - started
        if not plan.signal:
            self.status, self.responses = status, responses
        now, ledger = public_articles(self.lab.truth), self.ledger
        changed_during, due = changes(shown, now), changes(self.archived, now)
        run = next((run for run in ledger.runs if run.id > self.last), None)  # None if it was killed too early
        self.last = run.id if run else self.last
        written = Counter(self.written(run.segment, run.acknowledged) if run and run.segment else [])
        self.archived |= {number: now[number] for number in written.keys() & now.keys()}
        deleted = changes(self.archived, now).deleted
        gone = sum(ledger.states.get(number) == "gone" for number in deleted)
        is_undisturbed = not plan.added_during and (not plan.signal or status == 0)
        how = "killed" if status == -SIGKILL else f"exit {status}"
        if status and not plan.signal:
            how += f": {escape(log.read_text().splitlines()[-1])}"
        if plan.signal and status:  # 0: the signal came too late
            how = f"{plan.signal.name} at {'record' if plan.mark == RECORD else 'answer'} {after + 1}: {how}"
        requests = run.stats.get("downloader/request_count", "") if run else ""
        missed = format_errors(len(expected - written.keys()))
        extra = format_errors((written - Counter(due.added | due.edited)).total())
        return [
            name, str(changes(before, shown)), str(changed_during), how, f"{seconds:.1f}", str(requests),
            str(len(expected)) if is_undisturbed else "", str(written.total()), missed if is_undisturbed else "", extra,
            f"{gone} of {len(deleted)}",
        ]  # fmt: skip

    def run(self, log: Path, plan: Round, after: int) -> tuple[int, int]:
        """Run the crawl as planned; return its exit status and number of responses."""
        adding, seen = None, Counter[str]()
        with subprocess.Popen(self.command, cwd=ROOT, env=environment(), stderr=subprocess.PIPE) as process:
            assert process.stderr is not None
            with log.open("wb") as out:
                for line in process.stderr:
                    out.write(line)
                    for mark in (ANSWER, RECORD):
                        seen[mark] += mark.encode() in line
                    if plan.added_during and adding is None and seen[ANSWER]:
                        adding = self.lab.start("mutate.sh", "add", str(plan.added_during))
                    if plan.signal and plan.mark.encode() in line and seen[plan.mark] == after + 1:
                        process.send_signal(plan.signal)
        if adding is not None:
            wait(adding)
        return process.returncode, seen[ANSWER]

    def written(self, segment: str, acknowledged: int) -> list[int]:
        """Return the ids of the acknowledged records of a run."""
        part = self.segments / f"{segment}{PART}"
        path = part if part.exists() else self.segments / f"{segment}{JSONL}"
        return [json.loads(line)["id"] for line in read_lines(path, acknowledged)] if acknowledged else []

    def verdict(self, need: str) -> tuple[bool, str]:
        """Return True if no error was found at the end, and the reports of `compare.py` and the ledger."""
        gone, ledger, shown = self.folder / "gone.txt", self.ledger, public_articles(self.lab.truth)
        with gone.open("wb") as out:
            command = self.scrapy("ledger", "gone", self.portal)
            subprocess.run(command, cwd=ROOT, env=environment(), stdout=out, check=True)
        command = [sys.executable, str(self.lab.scripts / "compare.py"), "--truth", str(self.lab.truth)]
        command += ["--revisions", "--need", need, "--gone", str(gone)]
        command += map(str, sorted(self.segments.glob(f"*{JSONL}*")))
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        hidden = sum(state == "gone" and post in shown for post, state in ledger.states.items())
        report = f"{done.stdout}{done.stderr}ledger: {dict(ledger.count)}; {hidden} of the gone are public"
        return not (done.returncode or hidden or self.status), report


def format_errors(count: int) -> str:
    return f"[bold red]{count}[/]" if count else "0"


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
    planned = {
        str(number): planned_round for number, planned_round in enumerate(plan(options.rounds, mix, options.seed), 1)
    }
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
                for name, next_round in {"first": Round(), **planned, "quiet": Round(), "again": Round()}.items():
                    table.add_row(*crawl.play(name, next_round))
                    if crawl.status and name == "first":
                        sys.exit("\nno first crawl, no rounds")
            is_correct, report = crawl.verdict(options.need)
            console.print(f"\n{report}", markup=False, soft_wrap=True)
        finally:
            if options.posts:
                wait(lab.start("down.sh", WIPE="1"))
    sys.exit(not is_correct)


if __name__ == "__main__":
    main()
