"""Crawl a real WordPress whose theme is changed over night; tell whether the first run that meets it says so.

    WORDPRESS_URL=… WORDPRESS_FOLDER=… python benchmarks/mutations.py [--themes a,b] [--mutations a,b] [--no-rest]
        [--no-sitemap] [--runs new,none] [--first DAY] [--second DAY] [--json FILE]

WORDPRESS_FOLDER is where the portal at WORDPRESS_URL is installed; `tests/real_wordpress/mutation.php` is put there as
a must-use plugin, and taken away at the end. Each theme is crawled twice with what was published before `--first` and
before `--second`, which is the portal's past. Then each mutation is met by two runs on a copy of that archive: one with
all articles since, and one with none, on whose front page the mutation shows.

A row tells of each run the exit status and, where that is not 0, the line that says why; of the run with new articles
also how many were written, and how many of those have the fields that a run on the unchanged portal writes. The exit
status is 1 if a run on the unchanged portal was not good, or a mutation that cost a field was not noticed.
"""

import argparse
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.crawl import ROOT

PLUGIN: Final = ROOT / "tests" / "real_wordpress" / "mutation.php"
FAST: Final = ("DOWNLOAD_DELAY=0", "AUTOTHROTTLE_ENABLED=False", "CONCURRENT_REQUESTS_PER_DOMAIN=8")
THEMES: Final = ("twentytwentyone", "twentytwentytwo", "twentytwentythree")
ON_EVERY_PAGE: Final = (
    "container", "article", "dates", "cards", "links", "h1", "lazy", "classes", "hashed", "wrapper",
    "permalinks", "challenge-200", "challenge-403", "language",
)  # fmt: skip
ON_ARTICLES: Final = (
    "jsonld-broken", "jsonld", "opengraph", "metadata", "bylines", "captions", "section", "script", "half",
    "paywall", "related", "advertorial", "breaks", "second-container", "teaser-container", "comments-first",
)  # fmt: skip
"""Their front page has other cards, too: a redesign is seldom one of articles' pages alone."""
SOURCES: Final = ("rest", "sitemap")
FIELDS: Final = ("title", "date", "body", "authors", "section", "tags", "images", "description", "language")

Record = dict[str, Any]


@dataclass
class MutatedPortal:
    """A real WordPress whose theme and markup are told by a file."""

    url: str
    folder: Path
    """WordPress' own."""

    @contextmanager
    def prepared(self) -> Iterator["MutatedPortal"]:
        """The portal with the plugin, while this lasts."""
        plugin = self.folder / "wp-content" / "mu-plugins" / PLUGIN.name
        shutil.copy(PLUGIN, plugin)
        plugin.chmod(0o644)
        try:
            yield self
        finally:
            plugin.unlink()
            self.told.unlink(missing_ok=True)

    @property
    def told(self) -> Path:
        return self.folder / "mutation.json"

    def become(self, **told: Any) -> None:
        """Be what the plugin is told."""
        self.told.write_text(json.dumps(told))
        self.told.chmod(0o644)

    def crawl(self, archive: Path) -> "Run":
        """Crawl it into an archive."""
        settings = [word for setting in (*FAST, f"ARCHIVE={archive}") for word in ("-s", setting)]
        command = [sys.executable, "-m", "scrapy", "crawl", "wordpress", "-a", f"url={self.url}", *settings]
        before = len(lines(archive))
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=900, check=False)
        with sqlite3.connect(archive / "ledger.db") as ledger:
            [stats] = ledger.execute("select stats from runs order by id desc limit 1").fetchone()
        said = [line for line in done.stderr.splitlines() if line.startswith("scrapy crawl: ")]
        line = said[-1].removeprefix("scrapy crawl: ") if said else ""
        return Run(done.returncode, line, lines(archive)[before:], json.loads(stats), done.stderr)


@dataclass
class Run:
    """What a crawl came to."""

    status: int
    line: str
    written: list[Record]
    stats: Mapping[str, Any]
    log: str = field(repr=False)

    @property
    def records(self) -> dict[int, Record]:
        return {own["id"]: own for own in self.written}


def lines(archive: Path) -> list[Record]:
    """Every line of an archive of one portal, oldest first."""
    paths = sorted(archive.glob("*/*.jsonl")) if archive.exists() else []
    return [json.loads(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines()]


def differing(run: Run, whole: Mapping[int, Record]) -> Counter[str]:
    """Count the fields in which what a run has written of new articles differs from what the whole portal gives."""
    pairs = [(own, whole[own["id"]]) for own in run.written if own["id"] in whole]
    return Counter(name for own, other in pairs for name in FIELDS if own[name] != other[name])


@dataclass
class Row:
    """One mutation of one theme, met by two runs."""

    mutation: str
    theme: str
    new: Run | None
    none: Run | None
    others: Counter[str]
    """The fields that differ in what the first of them has written."""
    lost: int
    """How many of the new articles it has not written."""

    @property
    def is_harmless(self) -> bool:
        return not self.lost and not self.others

    @property
    def is_noticed(self) -> bool:
        return self.is_harmless or all(run.status for run in (self.new, self.none) if run)

    def cells(self) -> list[str]:
        fields = ", ".join(f"{name} {count}" for name, count in self.others.most_common()) or "exact"
        written = f"{len(self.new.written)} written, {fields}" if self.new else ""
        return [self.mutation, self.theme, said(self.new), written, said(self.none)]


def said(run: Run | None) -> str:
    if run is None:
        return ""
    line = run.stats.get("narayacrawl/alarm/structure") if run.status == 3 else None
    asked = run.stats.get("downloader/request_count", 0)
    return f"{run.status} ({asked} requests): {(line or run.line).replace('|', '/')[:300]}"


def rows(
    portal: MutatedPortal,
    folder: Path,
    theme: str,
    mutations: Sequence[str],
    days: Sequence[str],
    off: Sequence[str],
    kinds: Sequence[str],
) -> Iterator[Row]:
    """Crawl a theme's past, and let each mutation be met."""
    common = dict.fromkeys(off, False)
    base = folder / theme
    for day in days:
        portal.become(theme=theme, until=day, **common)
        past = portal.crawl(base)
        print(f"past of {theme}: {past.status}, {len(past.written)} written, {past.line}", file=sys.stderr)

    def met(name: str, **told: Any) -> Run | None:
        if name not in kinds:
            return None
        archive = Path(shutil.copytree(base, folder / name))
        portal.become(**{"theme": theme} | common | told)
        try:
            return portal.crawl(archive)
        finally:
            shutil.rmtree(archive)

    whole, quiet = met("new"), met("none", until=days[-1])
    records = whole.records if whole else {}
    yield Row("none", theme, whole, quiet, Counter(), 0)
    for mutation in mutations:
        told: dict[str, Any] = {"mutation": mutation}
        if mutation in THEMES:
            told = {"theme": mutation}
        elif mutation.startswith("no-"):
            told = {mutation.removeprefix("no-"): False}
        elif mutation in ON_ARTICLES:
            told |= {"cards": True}
        new, none = met("new", **told), met("none", until=days[-1], **told)
        others = differing(new, records) if new else Counter()
        lost = len(records.keys() - new.records.keys()) if new else 0
        yield Row(mutation, theme, new, none, others, lost)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--themes", default=",".join(THEMES))
    parser.add_argument(
        "--mutations", default=",".join((*ON_EVERY_PAGE, *ON_ARTICLES, "no-rest", "no-sitemap", *THEMES))
    )
    parser.add_argument("--no-rest", action="store_const", const="rest")
    parser.add_argument("--no-sitemap", action="store_const", const="sitemap")
    parser.add_argument("--first", default="2025-11-18")
    parser.add_argument("--second", default="2025-12-12")
    parser.add_argument("--runs", default="new,none")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    missed = 0
    off = [name for name in (options.no_rest, options.no_sitemap) if name]
    portal = MutatedPortal(os.environ["WORDPRESS_URL"], Path(os.environ["WORDPRESS_FOLDER"]))
    print("| mutation | theme | with new articles | written | with none new |\n|---|---|---|---|---|")
    with portal.prepared(), tempfile.TemporaryDirectory() as folder:
        for theme in options.themes.split(","):
            wanted = [own for own in options.mutations.split(",") if own != theme]
            days, kinds = (options.first, options.second), options.runs.split(",")
            for row in rows(portal, Path(folder), theme, wanted, days, off, kinds):
                print(f"| {' | '.join(row.cells())} |", flush=True)
                runs = [run for run in (row.new, row.none) if run]
                missed += any(run.status for run in runs) if row.mutation == "none" else not row.is_noticed
                if options.json:
                    with options.json.open("a") as output:
                        output.write(f"{json.dumps({'cells': row.cells(), 'runs': [run.stats for run in runs]})}\n")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
