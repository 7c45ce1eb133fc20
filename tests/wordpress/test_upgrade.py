"""An archive and a ledger of the version before the standfirst had a field of its own, crawled by this one."""

import hashlib
import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from benchmarks.answers import Answer
from narayacrawl.archive.diff import ADDED_FIELDS
from narayacrawl.archive.segment_files import JSONL, MANIFEST, PART
from narayacrawl.archive.segments import seal
from tests.desk import SPIDER, Newsroom, Reader, newsroom
from tests.portals import Record

pytestmark = pytest.mark.slow

KNOWN = 12
STANDFIRST = "Ringkasan yang ditulis redaksi untuk pembaca di muara sungai."
FORMER_TABLES = frozenset({"schema", "runs", "articles", "sources", "addresses"})
FORMER_COLUMNS = frozenset({
    "id", "portal", "post_id", "url", "state", "reason", "failures", "code", "first_seen", "last_seen", "seen_run",
    "drawn_run", "last_fetched", "fetched_run", "next_check", "checks", "lastmod", "modified", "as_of", "rest", "feed",
    "sitemap", "etag", "last_modified", "published", "revision", "hash",
})  # fmt: skip


def former(record: Record) -> Record:
    """The record as it was written: the standfirst opened the body."""
    body = f"{record['standfirst']}\n\n{record['body']}"
    return {name: body if name == "body" else value for name, value in record.items() if name not in ADDED_FIELDS}


def take_back(reader: Reader) -> None:
    """Make of archive and ledger what the former version would have left."""
    folder = reader.folder / "data" / SPIDER
    [path] = folder.glob(f"*{JSONL}")
    name = path.name.removesuffix(JSONL)
    records = [former(json.loads(line)) for line in path.read_bytes().splitlines()]
    path.unlink()
    (folder / f"{name}{MANIFEST}").unlink()
    lines = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records).encode()
    (folder / f"{name}{PART}").write_bytes(lines)
    seal(folder, name)
    with closing(sqlite3.connect(reader.ledger)) as ledger, ledger:
        for record in records:
            texts = "\0".join((record["title"], record["date"], record["body"]))
            digest = hashlib.sha256(texts.encode()).hexdigest()
            ledger.execute("UPDATE articles SET hash = ? WHERE post_id = ?", (digest, record["id"]))
        ledger.execute("UPDATE runs SET acknowledged = ? WHERE segment = ?", (len(lines), name))
        for [table] in ledger.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            if table not in FORMER_TABLES and not table.startswith("sqlite_"):
                ledger.execute(f"DROP TABLE {table}")
        for [index] in ledger.execute("SELECT name FROM sqlite_master WHERE type = 'index' AND sql > ''").fetchall():
            ledger.execute(f"DROP INDEX {index}")
        for _, column, *_ in ledger.execute("PRAGMA table_info(articles)").fetchall():
            if column not in FORMER_COLUMNS:
                ledger.execute(f"ALTER TABLE articles DROP COLUMN {column}")
        ledger.execute("UPDATE schema SET version = 2")


@pytest.fixture
def room() -> Iterator[Newsroom]:
    excerpt = f'<div class="post-excerpt"><p>{STANDFIRST}</p></div>'.encode()

    def change(_: str, answer: Answer) -> Answer:
        return answer._replace(body=answer.body.replace(b"</h1>", b"</h1>" + excerpt))

    with newsroom(KNOWN) as room:
        room.rewrite(tuple(room.path_of(number) for number in room.portal.published.numbers()), change)
        yield room


@pytest.fixture
def reader(room: Newsroom, tmp_path: Path) -> Reader:
    """Has an archive and a ledger of the former version."""
    reader = Reader(room.url, tmp_path, room)
    crawl = reader.crawl()
    assert [article["standfirst"] for article in crawl.articles] == [STANDFIRST] * KNOWN
    take_back(reader)
    return reader


def test_a_full_crawl_finds_no_revision(reader: Reader) -> None:
    crawl = reader.crawl("full=1")
    assert (crawl.status, crawl.stat("article/renewed")) == (0, KNOWN)
    assert set(map(len, reader.revisions().values())) == {1}
    again = reader.crawl("full=1")
    assert (again.status, again.stat("article/renewed"), len(reader.archived())) == (0, 0, KNOWN)


def test_an_edit_that_the_portal_tells_of_is_a_revision(room: Newsroom, reader: Reader) -> None:
    [edited] = room.ids(*room.edit(1))
    crawl = reader.crawl("full=1")
    assert (crawl.status, crawl.stat("article/renewed")) == (0, KNOWN - 1)
    assert reader.revisions()[edited] == [1, 2]


def test_archive_and_ledger_still_agree(reader: Reader) -> None:
    reader.crawl("full=1")
    status, told = reader.scrapy("audit", SPIDER, "-a", f"url={reader.url}")
    assert status == 0, told
    assert not re.search(r"other than|differs", told)


def test_an_older_program_that_meets_a_newer_ledger_says_so_in_one_line(reader: Reader) -> None:
    reader.sql("UPDATE schema SET version = 99")
    status, _ = reader.scrapy("ledger", "status")
    [line] = [line for line in (reader.folder / "log").read_text().splitlines() if "schema" in line]
    assert (status, "has schema 99, this narayacrawl knows 6" in line) == (1, True)
