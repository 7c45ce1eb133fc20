"""Keep a full-text index of a portal's archive beside its segments, and search in it.

It is brought up to date by each search: only lines are read that it does not have. Segments never change; where others
stand there than what it has read, other lines, or other tombstones, it is made anew. A merge of segments that it has
read is none of that. Each line that was read is in the index with its place in the segment, in one transaction: who is
killed goes on there.
"""

import hashlib
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any, Final

import orjson
from scrapy.settings import BaseSettings

from narayacrawl.archive.listing import Listing
from narayacrawl.archive.reader import ATTEMPTS, Segment, SegmentGone, list_segments, segments_now
from narayacrawl.archive.search_files import INDEX, discard_index
from narayacrawl.archive.segment_files import PART, ArchiveError
from narayacrawl.archive.selection import article_number, read_record
from narayacrawl.archive.tombstones import FILE as TOMBSTONES
from narayacrawl.exporters.sqlite import TOKENIZER
from narayacrawl.extensions.progress import Work

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

VERSION: Final = 1
"""Of the tables: an index of another one is made anew."""
COLUMNS: Final = ("title", "text", "names")
WEIGHTS: Final = (6.0, 1.0, 3.0)
"""Of a word in each of them."""
LINES_AT_ONCE: Final = 2_000
BUSY_SECONDS: Final = 600.0
CACHE_KIB: Final = 64 * 1024
PENDING_BYTES: Final = 16 * 1024 * 1024
TABLES: Final = (
    # `bytes` is the size up to which it was read; -1 in the middle of it.
    "CREATE TABLE segments (name TEXT PRIMARY KEY, file TEXT, bytes INTEGER, lines INTEGER)",
    "CREATE TABLE articles (article INTEGER PRIMARY KEY, number TEXT UNIQUE, revision INTEGER, day TEXT)",
    "CREATE TABLE lines (article INTEGER PRIMARY KEY, line BLOB)",
    "CREATE TABLE removed (digest TEXT)",
    # The lines have the texts already.
    f"CREATE VIRTUAL TABLE words USING fts5({', '.join(COLUMNS)}, content='', tokenize='{TOKENIZER}')",
    f"INSERT INTO words (words, rank) VALUES ('hashsize', {PENDING_BYTES})",  # noqa: S608 - a number
    f"PRAGMA user_version = {VERSION}",
)


class SearchError(Exception):
    """The index cannot be written or read: one line that names it."""


class _Stale(Exception):
    """The index has read what is not in the archive any more."""


@dataclass(frozen=True, slots=True)
class Found:
    """An article that was found."""

    score: float
    """The less the better."""
    line: bytes
    """Its record, as it stands in the archive."""


def texts(record: dict[str, Any]) -> tuple[str, str, str]:
    """Return what is searched of an article: title, text with standfirst, and names: tags, authors, editors."""
    text = "\n\n".join(part for part in (record.get("standfirst"), record.get("body")) if part)
    names = [name for field in ("tags", "authors", "editors") for name in record.get(field) or []]
    return record.get("title") or "", text, "\n".join(names)


class SearchIndex:
    """The index of one portal's folder; kept in `place`, that folder or another one. The caller holds its lock while it
    is opened and updated, and closes it."""

    def __init__(self, folder: Path, settings: BaseSettings, place: Path | None = None) -> None:
        self.folder, self.settings, self.place = folder, settings, place or folder
        self.path = self.place / INDEX
        self._connection = self._open()

    def close(self) -> None:
        self._connection.close()

    def update(self, work: Work | None = None) -> None:
        """Read what the archive has and the index lacks; `work` counts the lines. Raises `ArchiveError`, `LedgerError`,
        `SearchError`."""
        work = work or Work("")
        for _ in range(2):
            try:
                self._update(work)
            except (_Stale, sqlite3.DatabaseError) as error:
                # A full disk, a file that may not be written: another index would fare no better.
                if isinstance(error, sqlite3.OperationalError):
                    raise SearchError(f"{self.path}: {error}") from error
                self._connection.close()
                discard_index(self.place)
                self._connection = self._open()
            else:
                return
        raise SearchError(f"{self.path}: the archive changed while it was read: search again")

    def _open(self) -> sqlite3.Connection:
        for _ in range(2):
            try:
                connection = sqlite3.connect(self.path, timeout=BUSY_SECONDS, isolation_level=None)
                connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
                [version] = connection.execute("PRAGMA user_version").fetchone()
                if version == 0:
                    self._create(connection)
                if version in (0, VERSION):
                    return connection
            except sqlite3.OperationalError as error:
                raise SearchError(f"{self.path}: {error}") from error
            except sqlite3.DatabaseError:
                pass  # it is damaged
            connection.close()
            discard_index(self.place)
        raise SearchError(f"{self.path}: no database can be made there")

    def _create(self, connection: sqlite3.Connection) -> None:
        connection.execute("BEGIN IMMEDIATE")
        for statement in TABLES:
            connection.execute(statement)
        connection.execute("INSERT INTO removed VALUES (?)", [self._tombstones()])
        connection.execute("COMMIT")

    # Bringing it up to date

    def _update(self, work: Work) -> None:
        if self._connection.execute("SELECT digest FROM removed").fetchone()[0] != self._tombstones():
            raise _Stale
        for _ in range(ATTEMPTS):
            try:
                segments = {segment.path.name.partition(".")[0]: segment for segment in segments_now(*self._source)}
                self._follow_merges(segments)
                lacking = [segment for name, segment in segments.items() if not self._has(name, segment)]
                known = self._connection.execute("SELECT sum(lines) FROM segments").fetchone()[0] or 0
                counts = [segment.count for segment in segments.values()]
                # How many lines an unsealed segment has, nobody has counted.
                work.begin("lines read into the index", None if None in counts else sum(filter(None, counts)) - known)
                for segment in lacking:
                    self._read(segment, work)
            except SegmentGone:
                continue
            finally:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
            return
        raise ArchiveError(f"{self.folder} changed {ATTEMPTS} times while it was read: try again")

    @property
    def _source(self) -> tuple[Path, BaseSettings]:
        return self.folder, self.settings

    def _tombstones(self) -> str:
        path = self.folder / TOMBSTONES
        return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""

    def _follow_merges(self, segments: dict[str, Segment]) -> None:
        """Take over what was read of segments that a merged one has replaced, unless it has more: then it is read.
        Raise `_Stale` for what is gone."""
        rows = self._connection.execute("SELECT name, bytes, lines FROM segments").fetchall()
        known = {name: (size, lines) for name, size, lines in rows}
        gone = known.keys() - segments.keys()
        if gone:
            for name, manifest in Listing(self.folder).replacing.items():
                merged = gone & {*manifest.replaces}
                if name not in segments or name in known or not merged:
                    continue
                is_known = all(known[own][0] >= 0 for own in merged)
                is_known = is_known and manifest.count == sum(known[own][1] for own in merged)
                self._connection.execute("BEGIN IMMEDIATE")
                self._connection.executemany("DELETE FROM segments WHERE name = ?", [(own,) for own in merged])
                if is_known:
                    self._note(name, segments[name].path, _size(segments[name]), manifest.count)
                self._connection.execute("COMMIT")
                gone -= merged
                known = {own: row for own, row in known.items() if own not in merged}
                if is_known:
                    known[name] = (0, manifest.count)
        if gone:
            if list_segments(self.folder).keys() != segments.keys():
                raise SegmentGone(str(self.folder))
            raise _Stale
        # Of equal revisions the later line counts.
        if known and any(name < max(known) for name in segments.keys() - known.keys()):
            raise _Stale

    def _has(self, name: str, segment: Segment) -> bool:
        """True if all of a segment was read; raise `_Stale` if it is not the one that was."""
        row = self._connection.execute("SELECT file, bytes FROM segments WHERE name = ?", [name]).fetchone()
        if row is None:
            return False
        file, size = row
        if (file, size) == (segment.path.name, _size(segment)):
            return True
        if size >= 0 and not file.endswith(PART):
            raise _Stale
        return False

    def _read(self, segment: Segment, work: Work) -> None:
        """Read the lines of a segment that were not read yet."""
        name, size = segment.path.name.partition(".")[0], _size(segment)
        row = self._connection.execute("SELECT lines FROM segments WHERE name = ?", [name]).fetchone()
        done: int = row[0] if row else 0
        lines = enumerate(segment.lines(), 1)
        if sum(1 for _ in islice(lines, done)) < done:
            raise _Stale
        count = done
        self._connection.execute("BEGIN IMMEDIATE")
        for count, line in work.counted(lines):
            self._add(line, read_record(line, f"{segment.path}:{count}"))
            if count % LINES_AT_ONCE == 0:
                self._note(name, segment.path, -1, count)
                self._connection.execute("COMMIT")
                self._connection.execute("BEGIN IMMEDIATE")
        self._note(name, segment.path, size, count)
        self._connection.execute("COMMIT")

    def _note(self, name: str, path: Path, size: int, lines: int) -> None:
        self._connection.execute("INSERT OR REPLACE INTO segments VALUES (?, ?, ?, ?)", [name, path.name, size, lines])

    def _add(self, line: bytes, record: dict[str, Any]) -> None:
        """Add an article, or replace its former revision."""
        execute = self._connection.execute
        number, revision, day = str(article_number(record)), record["revision"], (record.get("date") or "")[:10]
        known = execute("SELECT article, revision FROM articles WHERE number = ?", [number]).fetchone()
        if known and known[1] > revision:
            return
        places = ", ".join("?" * len(COLUMNS))
        if known:
            article = known[0]
            former = zstd.decompress(execute("SELECT line FROM lines WHERE article = ?", [article]).fetchone()[0])
            if former == line:  # of a month that was merged
                return
            values = texts(orjson.loads(former))
            statement = f"INSERT INTO words (words, rowid, {', '.join(COLUMNS)}) VALUES ('delete', ?, {places})"  # noqa: S608
            execute(statement, [article, *values])
            execute("UPDATE articles SET revision = ?, day = ? WHERE article = ?", [revision, day, article])
        else:
            statement = "INSERT INTO articles (number, revision, day) VALUES (?, ?, ?)"
            article = execute(statement, [number, revision, day]).lastrowid
        execute("INSERT OR REPLACE INTO lines VALUES (?, ?)", [article, zstd.compress(line, level=1)])
        statement = f"INSERT INTO words (rowid, {', '.join(COLUMNS)}) VALUES (?, {places})"  # noqa: S608
        execute(statement, [article, *texts(record)])

    # Searching

    def hold(self) -> None:
        """Have the index stay as it is for this search, whoever updates it or takes it away: before its lock is given
        back."""
        self._select("BEGIN", [])
        self._select("SELECT count(*) FROM segments", [])

    def count(self, query: str, since: date | None = None, until: date | None = None) -> int:
        """Return how many articles a query finds, of those published between two days, both included."""
        source, values = _where(query, since, until)
        count: int = self._select(f"SELECT count(*) FROM {source}", values).fetchone()[0]  # noqa: S608
        return count

    def search(self, query: str, since: date | None = None, until: date | None = None) -> Iterator[Found]:
        """Yield what a query finds, the best first."""
        source, values = _where(query, since, until)
        weights = ", ".join(map(str, WEIGHTS))
        ranked = f"SELECT words.rowid, bm25(words, {weights}) AS score FROM {source} ORDER BY score, words.rowid DESC"  # noqa: S608
        try:
            for article, score in self._select(ranked, values):
                [line] = self._select("SELECT line FROM lines WHERE article = ?", [article]).fetchone()
                yield Found(score, zstd.decompress(line))
        except sqlite3.DatabaseError as error:
            raise self._damaged(error) from error

    def _select(self, statement: str, values: Sequence[Any]) -> sqlite3.Cursor:
        try:
            return self._connection.execute(statement, values)
        except sqlite3.DatabaseError as error:
            raise self._damaged(error) from error

    def _damaged(self, error: sqlite3.DatabaseError) -> SearchError:
        return SearchError(f"{self.path}: {error}: delete it, and search again")


def _size(segment: Segment) -> int:
    """Return how many bytes of a segment's file count."""
    try:
        return segment.path.stat().st_size if segment.size is None else segment.size
    except FileNotFoundError as error:
        raise SegmentGone(str(segment.path)) from error


def _where(query: str, since: date | None, until: date | None) -> tuple[str, list[str]]:
    """Return tables and condition of what a query finds, and the values in it."""
    if since is until is None:
        return "words WHERE words MATCH ?", [query]
    joined = "words JOIN articles ON articles.article = words.rowid"
    return f"{joined} WHERE words MATCH ? AND day BETWEEN ? AND ?", [query, str(since or "0"), str(until or "9")]
