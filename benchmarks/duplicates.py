"""Measure `scrapy duplicates`: what it finds of each kind of edited copy, what it wrongly takes for one, and how long
it takes.

    python benchmarks/duplicates.py [--articles 20000] [--each 60] [--style free] [--seed 1]

Writes an archive of three portals, of made-up articles, copies and texts that only look like some, runs the command on
it as a process of its own, and compares the rows with what was made. `--style templates` builds all articles of the
same few sentences, `numbered` of words with a number at their end, `sentences` takes sentences from a set of 200,000,
which is quick: for 100,000 articles and more.
"""

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from benchmarks.made_up_copies import COPIES, RELATED
from benchmarks.made_up_news import ARTICLES, Text, body
from benchmarks.made_up_series import SERIES
from narayacrawl.archive.segments import seal, segment_name
from narayacrawl.archive.writer import SegmentWriter, segment_line
from narayacrawl.items import Article

PORTALS = 3
LINES = 20_000
"""Of a segment."""
START = datetime(2015, 1, 1, tzinfo=UTC)


class Made(NamedTuple):
    """A text of the archive: what it is, and of which article it was made."""

    kind: str
    source: int | None
    text: Text


def make_texts(options: argparse.Namespace) -> Iterator[Made]:
    """Yield the articles, then copies of some, and what is none."""
    chance = random.Random(options.seed)
    make, seed = ARTICLES[options.style], options.seed * 10**9
    sources = iter(chance.sample(range(options.articles), (len(COPIES) + len(RELATED)) * options.each))
    for number in range(options.articles):
        yield Made("article", None, make(random.Random(seed + number)))
    for kind, edit in (COPIES | RELATED).items():
        for source in islice(sources, options.each):
            yield Made(kind, source, edit(chance, make(random.Random(seed + source))))
    for kind, make_one in SERIES.items():
        for _ in range(options.each):
            yield Made(kind, None, make_one(chance))


def article(number: int, text: str) -> Article:
    """Return the record of a text; a higher number is newer."""
    portal = f"portal-{number % PORTALS}.example"
    moment = START + timedelta(minutes=3 * number)
    return Article(
        url=f"https://{portal}/{number}/", id=number, portal=portal, site_name=None, title=f"Berita {number}",
        description=None, standfirst=None, date=moment.isoformat(), date_precision="second", modified=None, authors=[],
        editors=[], section=None, sections=[], tags=[], dateline=None, body=text,
        body_html="\n".join(f"<p>{paragraph}</p>" for paragraph in text.split("\n\n")), words=len(text.split()),
        images=[], media=[], related=[], language="id", free=None, revision=1, change="first",
        fetched_at=moment.isoformat(),
    )  # fmt: skip


def write_archive(folder: Path, options: argparse.Namespace) -> list[tuple[str, int | None]]:
    """Write the archive, and return kind and source of each of its texts by number."""
    kinds: list[tuple[str, int | None]] = []
    texts = make_texts(options)
    run = 0
    while chunk := list(islice(texts, LINES)):
        lines: list[list[bytes]] = [[] for _ in range(PORTALS)]
        for made in chunk:
            number = len(kinds)
            lines[number % PORTALS].append(segment_line(article(number, body(made.text))))
            kinds.append((made.kind, made.source))
        for portal, own in enumerate(lines):
            run += 1
            name, place = segment_name(START + timedelta(hours=run), run), folder / f"portal-{portal}.example"
            place.mkdir(parents=True, exist_ok=True)
            writer = SegmentWriter(place, name)
            writer.append(own)
            writer.close()
            seal(place, name, "zstd")
    return kinds


def cpu() -> float:
    """Return the seconds of processor time of the processes that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def children(process: int) -> list[int]:
    """Return the processes that another one has begun."""
    found: list[int] = []
    with suppress(OSError):
        for path in Path(f"/proc/{process}/task").glob("*/children"):
            found += map(int, path.read_text().split())
    return found


def resident(process: int) -> int:
    """Return the kilobytes of memory that a process has now; 0 for one that is gone."""
    with suppress(OSError):
        for line in Path(f"/proc/{process}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
    return 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--each", type=int, default=60, help="of each kind of copy, and of what is none")
    parser.add_argument("--style", choices=ARTICLES, default="free")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder, rows = Path(name) / "data", Path(name) / "copies.jsonl"
        kinds = write_archive(folder, options)
        command = [sys.executable, "-m", "narayacrawl", "duplicates", "all", "-O", str(rows), "-s", f"ARCHIVE={folder}"]
        began = time.monotonic()
        before, peak = cpu(), 0
        with subprocess.Popen([*command, "-s", "LEDGER="], env=os.environ | {"TMPDIR": name}) as child:
            while child.poll() is None:
                peak = max(peak, sum(map(resident, [child.pid, *children(child.pid)])))
                time.sleep(0.2)
        took = cpu() - before
        wall = time.monotonic() - began
        found = [json.loads(line) for line in rows.read_bytes().splitlines()]
    tell(kinds, [(row["group"], row["rank"], row["id"]) for row in found])
    print(
        f"{len(kinds):,} texts, {took:.1f} s of processor time ({took / len(kinds) * 1e3:.2f} ms each), {wall:.1f} s,"
        f" {peak / 1024:.0f} MB in all its processes; exit status {child.returncode}"
    )


def tell(kinds: list[tuple[str, int | None]], rows: list[tuple[str, int, int]]) -> None:
    """Print how many copies of each kind stand in the group of their source, and what else was taken for copies."""
    firsts = {group: number for group, rank, number in rows if rank == 1}
    right, wrong, of_kind = Counter[str](), Counter[str](), Counter(kind for kind, _ in kinds)
    for group, rank, number in rows:
        kind, source = kinds[number]
        if rank > 1 and kind in COPIES and firsts[group] == source:
            right[kind] += 1
        elif rank > 1:
            wrong[kind] += 1
    for kind in COPIES:
        print(f"{kind:<45} {right[kind]:>5} of {of_kind[kind]:<6} {f'{wrong[kind]} elsewhere' if wrong[kind] else ''}")
    for kind in ("article", *RELATED, *SERIES):
        print(f"{kind:<45} {wrong[kind]:>5} of {of_kind[kind]:<6} taken for copies")
    recall = right.total() / sum(of_kind[kind] for kind in COPIES)
    print(f"recall {recall:.3f}, precision {right.total() / max(1, right.total() + wrong.total()):.4f}")


if __name__ == "__main__":
    main()
