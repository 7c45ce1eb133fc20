"""An archived portal, and what an audit tells of it."""

import gzip
import json
import sqlite3
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from benchmarks.crawl import QUICK, environment
from narayacrawl.archive.segment_files import open_segment, read_lines
from narayacrawl.archive.segments import sealed_segments
from tests.conftest import ROOT
from tests.forked import run_scrapy

ARTICLES = 60


def run(site: str, archive: Path, *words: str) -> subprocess.CompletedProcess[str]:
    options = [word for setting in (*QUICK, f"ARCHIVE={archive}") for word in ("-s", setting)]
    return run_scrapy([words[0], "wordpress", "-a", f"url={site}", *words[1:], *options], ROOT, environment())


def answer(site: str, path: str) -> Any:
    """What the portal is told or tells beside its pages."""
    with urlopen(f"{site}-/{path}") as response:
        return json.load(response)


@dataclass
class Archive:
    """An archived portal."""

    site: str
    path: Path

    @property
    def folder(self) -> Path:
        [folder] = (path for path in self.path.iterdir() if path.is_dir())
        return folder

    @property
    def segment(self) -> Path:
        """The first segment."""
        return next(iter(sealed_segments(self.folder).values()))

    @property
    def records(self) -> list[dict[str, Any]]:
        return [json.loads(line) for path in sealed_segments(self.folder).values() for line in read_lines(path)]

    def audit(self, *words: str) -> subprocess.CompletedProcess[str]:
        return run(self.site, self.path, "audit", *words)

    def found(self, *words: str) -> list[tuple[str, str]]:
        """Kind and address of each finding, of what is damaged the kind alone, in order."""
        rows = [line.split("\t") for line in self.audit(*words).stdout.splitlines()]
        return sorted((kind, "" if kind == "damaged" else where) for kind, where, _ in rows)

    def sql(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        connection = sqlite3.connect(self.path / "ledger.db")
        with connection:
            rows = connection.execute(statement, values).fetchall()
        connection.close()
        return rows

    def forget(self, *urls: str) -> None:
        """Delete what the ledger knows of articles."""
        for url in urls:
            self.sql("delete from addresses where article = (select id from articles where url = ?)", url)
            self.sql("delete from articles where url = ?", url)

    def rewrite(self, change: Callable[[list[bytes]], list[bytes]]) -> None:
        """Change the lines of the first segment behind everybody's back."""
        with open_segment(self.segment) as file:
            lines = change(file.read().splitlines(keepends=True))
        packed = self.segment.suffix == ".gz"
        self.segment.write_bytes(gzip.compress(b"".join(lines)) if packed else b"".join(lines))

    def urls(self, *places: int) -> list[str]:
        """The addresses of these lines of the first segment."""
        lines = list(read_lines(self.segment))
        return [json.loads(lines[place])["url"] for place in places]


Work = tuple[Archive, dict[str, list[str]]]
"""An archive of a portal that was worked at since it was crawled, and the addresses of what is missing, stale and
extra."""
