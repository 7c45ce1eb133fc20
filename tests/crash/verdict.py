"""What a portal's folder and its ledger hold, against the truth."""

import hashlib
import json
import shutil
import sqlite3
from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self

from narayacrawl.archive.manifest import read_manifest
from narayacrawl.archive.segment_files import JSONL, MANIFEST, PART, TEMPORARY, ArchiveError, open_segment, read_lines
from narayacrawl.archive.segments import sealed_segments
from tests.crash.warcs import KeptLedger, wrong_with_warcs
from tests.portals import Record

PORTAL = "narayapost"


@dataclass
class Verdict:
    """What is wrong; everything empty where nothing is."""

    lost: set[int] = field(default_factory=set)
    """Ids of articles that are not there."""
    twice: set[int] = field(default_factory=set)
    torn: list[str] = field(default_factory=list)
    """Lines that are not whole, or not what the portal published."""
    other: list[str] = field(default_factory=list)
    """Files left behind, manifests or a ledger that say something else, a run that did not end well."""

    def __bool__(self) -> bool:
        return bool(self.lost or self.twice or self.torn or self.other)

    def __iadd__(self, more: Self) -> Self:
        self.lost |= more.lost
        self.twice |= more.twice
        self.torn += more.torn
        self.other += more.other
        return self

    def say(self, is_so: object, otherwise: str) -> None:
        if not is_so:
            self.other.append(otherwise)


@dataclass(frozen=True)
class Run:
    """A run as the ledger has it."""

    id: int
    segment: str | None
    acknowledged: int
    articles: int
    sealed: int
    reason: str | None
    told: str | None

    @property
    def stats(self) -> Mapping[str, Any]:
        stats: Mapping[str, Any] = json.loads(self.told or "{}")
        return stats


class LedgerFile:
    """The ledger as it is on the disk, read from a copy: opening it would change it."""

    def __init__(self, path: Path) -> None:
        self.states: dict[int | None, str] = {}
        self.count: Counter[str] = Counter()
        self.runs: list[Run] = []
        self.kept = KeptLedger([], [], {})
        with TemporaryDirectory() as folder:
            for ending in ("", "-wal"):
                if (own := path.with_name(path.name + ending)).exists():
                    shutil.copy(own, folder)
            with closing(sqlite3.connect(Path(folder) / path.name)) as connection:
                if not connection.execute("SELECT name FROM sqlite_master WHERE name = 'runs'").fetchone():
                    return
                articles = connection.execute("SELECT post_id, state FROM articles").fetchall()
                columns = "id, segment, acknowledged, articles, sealed, reason, stats"
                runs = connection.execute(f"SELECT {columns} FROM runs ORDER BY id").fetchall()
                self.kept = KeptLedger.read(connection)
        self.states = dict(articles)
        self.count = Counter(state for _, state in articles)
        self.runs = [Run(*row) for row in runs]

    @property
    def done(self) -> set[int | None]:
        return {post for post, state in self.states.items() if state == "done"}


def read(path: Path, verdict: Verdict, size: int | None = None) -> list[Record]:
    """The records of a file's first `size` bytes, or of all."""
    try:
        with open_segment(path) as file:
            content = file.read() if size is None else file.read(size)
    except (OSError, EOFError, ValueError) as error:
        verdict.torn.append(f"{path.name}: {error}")
        return []
    if size is not None and len(content) < size:
        verdict.torn.append(f"{path.name}: {len(content)} bytes, {size} acknowledged")
    if content and not content.endswith(b"\n"):
        verdict.torn.append(f"{path.name}: the last line has no end")
    records = []
    for number, line in enumerate(content.splitlines(), 1):
        try:
            records.append(json.loads(line))
        except ValueError:
            verdict.torn.append(f"{path.name}:{number}")
    return records


def on_the_way(archive: Path, truth: Mapping[int, Record], ledger: Path) -> Verdict:
    """After a kill: every article that the ledger calls done is in a segment, within the acknowledged bytes."""
    verdict = Verdict()
    if not ledger.exists():
        return verdict
    known, folder = LedgerFile(ledger), archive / PORTAL
    sealed = sealed_segments(folder)
    merged = {
        own: name
        for name in sealed
        if (manifest := read_manifest(folder, name)) is not None
        for own in manifest.replaces
    }
    written: Counter[int] = Counter()
    for run in known.runs:
        if not run.segment or not run.acknowledged:
            continue
        part = folder / f"{run.segment}{PART}"
        segment = part if part.exists() else sealed.get(run.segment)
        if segment is None:
            verdict.say(run.segment in merged, f"no segment {run.segment}, {run.acknowledged} bytes acknowledged")
            continue
        records = read(segment, verdict, run.acknowledged)
        verdict.say(len(records) == run.articles, f"{run.segment}: {len(records)} lines, {run.articles} acknowledged")
        if run.segment not in merged:  # where both stand, the month counts
            written.update(record["id"] for record in records)
    for name in set(merged.values()):
        written.update(record["id"] for record in read(sealed[name], verdict))
    verdict.lost = {post for post in known.done if post is not None} - written.keys()
    verdict.twice = {post for post, count in written.items() if count > 1}
    verdict.say(written.keys() <= truth.keys(), "articles that were never published")
    if known.kept.runs:
        verdict.torn += wrong_with_warcs(folder, known.kept, is_finished=False)
    return verdict


def finished(archive: Path, truth: Mapping[int, Record], ledger: Path) -> Verdict:
    """After the last run: every article is there once, whole and as published, and all that tells of it is true."""
    verdict = on_the_way(archive, truth, ledger)
    folder = archive / PORTAL
    for path in folder.iterdir():
        verdict.say(not path.name.endswith((PART, TEMPORARY)), f"left behind: {path.name}")
    sealed = sealed_segments(folder)
    written: list[Record] = []
    for name, path in sealed.items():
        try:
            lines = len(list(read_lines(path)))
        except ArchiveError as error:
            verdict.torn.append(str(error))
            continue
        records = read(path, verdict)
        verdict.say(lines == len(records), f"{path.name}: {lines} lines, {len(records)} records")
        written += records
        verdict += _manifest(folder, name, path, records)
    files = {path.name.partition(".")[0]: path.name for path in folder.glob(f"*{JSONL}*")}
    verdict.say(len(files) == len(list(folder.glob(f"*{JSONL}*"))), "a segment has two files")
    manifests = {path.name.removesuffix(MANIFEST) for path in folder.glob(f"*{MANIFEST}")}
    verdict.say(manifests == sealed.keys(), f"manifests of {manifests ^ sealed.keys()}")
    for what in ("id", "url"):
        counts = Counter(record[what] for record in written)
        verdict.twice |= {record["id"] for record in written if counts[record[what]] > 1}
    verdict.lost |= truth.keys() - {record["id"] for record in written}
    for record in written:
        own = truth.get(record["id"], {})
        if any(record[name] != value for name, value in own.items()) or not own:
            verdict.torn.append(f"not as published: {record['url']}")
    known = LedgerFile(ledger)
    if known.kept.runs:
        verdict.torn += wrong_with_warcs(folder, known.kept, is_finished=True)
    is_settled = known.count["done"] == len(truth) and not known.count["pending"] and not known.count["failed"]
    verdict.say(is_settled, f"the ledger says {dict(known.count)}")
    articles = sum(run.articles for run in known.runs)
    verdict.say(articles == len(written), f"{articles} articles in runs, {len(written)} lines")
    verdict.say(all(run.sealed for run in known.runs if run.acknowledged), "a run is not noted as sealed")
    names = [run.segment for run in known.runs if run.segment]
    verdict.say(len(set(names)) == len(names), "a name was used twice")
    return verdict


def _manifest(folder: Path, name: str, path: Path, records: list[Record]) -> Verdict:
    verdict = Verdict()
    try:
        manifest = read_manifest(folder, name)
    except ArchiveError as error:
        verdict.other.append(str(error))
        return verdict
    if manifest is None:
        verdict.other.append(f"no manifest of {path.name}")
        return verdict
    content = path.read_bytes()
    dates = sorted((record["date"] for record in records), key=datetime.fromisoformat)
    verdict.say(manifest.segment == path.name, f"{name}: manifest of {manifest.segment}")
    verdict.say(manifest.count == len(records), f"{name}: manifest counts {manifest.count}, not {len(records)}")
    verdict.say(manifest.bytes == len(content), f"{name}: manifest has another size")
    verdict.say(manifest.sha256 == hashlib.sha256(content).hexdigest(), f"{name}: manifest has another digest")
    verdict.say([manifest.first_date, manifest.last_date] == [dates[0], dates[-1]], f"{name}: manifest has other dates")
    return verdict
