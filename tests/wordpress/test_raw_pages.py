"""Crawls that keep every answer as it came."""

import gzip
import importlib.util
from collections import Counter
from collections.abc import Iterator, Mapping
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from benchmarks.answers import Answer
from narayacrawl.archive.warc import sealed_warcs
from tests.crash.verdict import LedgerFile
from tests.crash.warcs import Record, records_of, wrong_with_warcs
from tests.desk import SPIDER, Newsroom, Reader, newsroom
from tests.raw import RawPortal, answer, raw_portal

pytestmark = pytest.mark.slow

KNOWN = 12


@pytest.fixture
def room() -> Iterator[Newsroom]:
    with newsroom(KNOWN) as room:
        yield room


@pytest.fixture
def reader(room: Newsroom, tmp_path: Path) -> Reader:
    return Reader(room.url, tmp_path, room)


def kept(reader: Reader) -> list[Record]:
    """The records of a portal's last WARC; they, and what the ledger says of all, must be right."""
    folder = reader.folder / "data" / SPIDER
    assert wrong_with_warcs(folder, LedgerFile(reader.ledger).kept, is_finished=True) == []
    return [*records_of([*sealed_warcs(folder).values()][-1].read_bytes()).values()]


def path_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def article_of(record: Record) -> str:
    """The path of what a record is of."""
    return path_of(record.uri.removeprefix("urn:article:"))


def test_every_answer_is_kept_as_it_came(room: Newsroom, reader: Reader) -> None:
    served: dict[str, bytes] = {}
    own = room.answer

    def noting(path: str, headers: Mapping[str, str]) -> Answer:
        told = own(path, headers)
        served[path] = told.body
        return told

    room.answer = noting  # type: ignore[method-assign]
    moved, packed = room.path_of(1), room.path_of(2)
    room.redirect(moved, "/pindah/")
    room.replies.insert(0, lambda path, _: room.own(moved) if path == "/pindah/" else None)
    room.rewrite(packed, lambda _, told: told._replace(
        body=gzip.compress(told.body), headers={"Content-Encoding": "gzip", "X-Judul": "K\x01bar"}
    ))  # fmt: skip
    crawl = reader.crawl("WARC=1")
    assert (crawl.status, len(crawl.articles)) == (0, KNOWN)
    records = kept(reader)
    answers = [record for record in records if record.kind in ("response", "revisit")]
    assert Counter(path_of(record.uri) for record in answers) == Counter(room.paths)
    assert {"/robots.txt", moved, "/pindah/"} <= {*room.paths}
    assert [record.uri for record in answers if record.content != served[path_of(record.uri)]] == []
    assert {record.status for record in answers if path_of(record.uri) == moved} == {"301"}
    assert sorted(record.uri for record in records if record.kind == "metadata") == sorted(
        f"urn:article:{article['url']}" for article in crawl.articles
    )


def kinds_of_articles(room: Newsroom, records: list[Record]) -> dict[tuple[str, str], int]:
    """How many records there are of a kind and status whose address is an article's, requests left aside."""
    paths = {room.path_of(number) for number in room.portal.published.numbers()}
    own = (record for record in records if article_of(record) in paths and record.kind != "request")
    return dict(Counter((record.kind, record.status) for record in own))


def test_what_has_not_changed_is_a_revisit(room: Newsroom, reader: Reader) -> None:
    reader.crawl("WARC=1")
    [edited] = room.edit(1)
    crawl = reader.crawl("full=1", "WARC=1")
    records = kept(reader)
    assert (crawl.status, kinds_of_articles(room, records)) == (
        0, {("revisit", "200"): KNOWN - 1, ("response", "200"): 1, ("metadata", ""): 1}
    )  # fmt: skip
    assert [article_of(record) for record in records if record.kind == "metadata"] == [room.path_of(edited)]


@pytest.mark.long
def test_what_is_not_modified_refers_to_the_page_that_is_kept(tmp_path: Path) -> None:
    with newsroom(4, having=()) as room:  # nobody but the page tells of a change
        paths = tuple(room.path_of(number) for number in room.portal.published.numbers())
        room.rewrite(paths, lambda _, told: told._replace(headers={"ETag": '"7"'}))
        room.replies.insert(0, lambda path, headers: (
            Answer(304, b"", b"", {"ETag": '"7"'}) if path in paths and "if-none-match" in headers else None
        ))  # fmt: skip
        reader = Reader(room.url, tmp_path, room)
        reader.crawl("WARC=1")
        reader.pass_time(24 * 60)
        reader.crawl("WARC=1")
        assert kinds_of_articles(room, kept(reader)) == {("revisit", "304"): 4}


@pytest.mark.long
def test_a_run_that_finds_nothing_new_is_kept(reader: Reader) -> None:
    reader.crawl("WARC=1")
    assert reader.crawl("WARC=1").status == 0
    kinds = Counter(record.kind for record in kept(reader))
    assert kinds["metadata"] == 0
    assert kinds["response"] + kinds["revisit"] == kinds["request"] > 0


def test_answers_of_all_kinds_neither_stop_the_crawl_nor_spoil_the_file(tmp_path: Path) -> None:
    with raw_portal() as portal:
        urls = hostile(portal)
        addresses = tmp_path / "addresses.txt"
        addresses.write_text("".join(f"{portal.url.rstrip('/')}{path}\n" for path in urls))
        reader = Reader(portal.url, tmp_path)
        reader.crawl(f"urls={addresses}", "WARC=1", "ROBOTSTXT_OBEY=False")
        records = kept(reader)
    statuses = {path_of(record.uri): record.status for record in records if record.kind == "response"}
    assert {path: statuses.get(path) for path in urls} == urls


def hostile(portal: RawPortal) -> dict[str, str]:
    """Answers that a WARC must hold, and the status of each."""
    for number in range(30):
        portal.answers[f"/putar-{number}/"] = answer(
            "", b"Location: /putar-%d/" % (number + 1), status=b"302 \xe2\x80\x93 pindah"
        )
    portal.answers |= {
        "/kosong/": answer(""),
        "/kepala/": answer("<p>Kabar", b"X-Judul: K\xe9bar \x01\x1b[31m", b"X-Kosong:", b"X-" + b"a" * 5000 + b": 1"),
        "/ganda/": answer("<p>Kabar", *[b"Set-Cookie: a=%d" % number for number in range(200)]),
        "/bukan-html/": answer(b"\x00\xff" * 400, b"Content-Encoding: rahasia"),
        "/rusak/": answer(b"\x1f\x8b\x08rusak", b"Content-Encoding: gzip"),
        "/aneh/": answer("<p>Kabar", status=b"799 \x7f"),
    }
    statuses = {"/putar-0/": "302", "/kosong/": "200", "/kepala/": "200", "/ganda/": "200", "/bukan-html/": "200"}
    return statuses | {"/rusak/": "200", "/aneh/": "799"}


def without_warcio() -> None:
    find = importlib.util.find_spec

    def found(name: str, *args: Any) -> ModuleSpec | None:
        return None if name == "warcio" else find(name, *args)

    setattr(importlib.util, "find_spec", found)  # noqa: B010


def test_pages_without_an_archive_are_refused_before_the_crawl(room: Newsroom, reader: Reader) -> None:
    crawl = reader.crawl("WARC=1", "ARCHIVE=")
    assert (crawl.status, crawl.log) == (2, "scrapy crawl: WARC=1 keeps pages in the archive: set ARCHIVE, too\n")
    assert room.paths == []


def test_pages_without_warcio_are_refused_before_the_crawl(room: Newsroom, reader: Reader) -> None:
    reader.prepare = without_warcio
    crawl = reader.crawl("WARC=1")
    assert (crawl.status, crawl.log) == (2, "scrapy crawl: WARC=1 needs warcio: pip install -e '.[warc]'\n")
    assert room.paths == []


def test_the_pages_of_what_was_archived_before_are_kept_when_they_are_read_again(reader: Reader) -> None:
    reader.crawl()
    crawl = reader.crawl("full=1", "WARC=1")
    kinds = Counter(record.kind for record in kept(reader))
    assert (crawl.status, len(reader.archived()), kinds["metadata"]) == (0, KNOWN, KNOWN)


@pytest.mark.long
def test_without_a_ledger_pages_are_kept_all_the_same(reader: Reader) -> None:
    assert reader.crawl("WARC=1", "LEDGER=").status == 0
    [path] = sealed_warcs(reader.folder / "data" / SPIDER).values()
    kinds = Counter(record.kind for record in records_of(path.read_bytes()).values())
    assert kinds["metadata"] == KNOWN
