"""`scrapy audit`, as it is typed, on an archive of the benchmarks' portal."""

import gzip
import json
import shutil
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from filelock import FileLock

from benchmarks.crawl import QUICK, environment, portal
from narayacrawl.archive import LOCK, open_segment, read_lines, sealed_segments
from tests.conftest import ROOT, Scrapy

ARTICLES = 60


def run(site: str, archive: Path, *words: str) -> subprocess.CompletedProcess[str]:
    options = [word for setting in (*QUICK, f"ARCHIVE={archive}") for word in ("-s", setting)]
    command = [sys.executable, "-m", "scrapy", words[0], "wordpress", "-a", f"url={site}", *words[1:], *options]
    return subprocess.run(
        command, cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=120, check=False
    )


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


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """A portal that nobody works at, and its archive, which is only copied."""
    with portal("--articles", str(ARTICLES), "--with", "all") as site:
        archive = Archive(site, tmp_path_factory.mktemp("crawled") / "data")
        done = run(site, archive.path, "crawl")
        assert done.returncode == 0, done.stderr
        yield archive


@pytest.fixture
def archive(crawled: Archive, tmp_path: Path) -> Archive:
    shutil.copytree(crawled.path, tmp_path / "data")
    return Archive(crawled.site, tmp_path / "data")


def test_archive_that_is_as_the_portal_tells_is_good(crawled: Archive) -> None:
    done = crawled.audit()
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.splitlines() == [
        f"scrapy audit: {ARTICLES} articles as the portal tells; read whole: rest, sitemap, listing"
    ]


def test_no_article_is_fetched(crawled: Archive) -> None:
    answer(crawled.site, "asked?reset=1")
    crawled.audit()
    asked = answer(crawled.site, "asked")
    assert (asked["articles"], asked["rest"] > 0, asked["sitemaps"] > 0, asked["listings"] > 0) == (0, True, True, True)


def test_audit_leaves_ledger_and_archive_as_they_are(archive: Archive) -> None:
    archive.forget(*archive.urls(0))

    def state() -> tuple[object, ...]:
        files = {path.name: path.read_bytes() for path in archive.folder.iterdir()}
        return files, archive.sql("select * from articles"), archive.sql("select * from runs")

    before = state()
    archive.audit()
    assert state() == before


def test_every_deleted_row_and_line_is_found_and_nothing_else(archive: Archive) -> None:
    unknown, lost = archive.urls(3, 30, 31), archive.urls(0, 9, 59)
    archive.forget(*unknown)
    archive.rewrite(lambda lines: [line for place, line in enumerate(lines) if place not in (0, 9, 59)])
    done = archive.audit()
    assert done.returncode == 1
    assert archive.found() == [("damaged", ""), *sorted(("missing", url) for url in unknown + lost)]
    assert done.stderr.splitlines()[-1].startswith("scrapy audit: 6 missing; 1 damaged; read whole: rest")


def test_deleted_rows_and_lines_are_mended(archive: Archive) -> None:
    archive.forget(*archive.urls(3, 9, 30))
    archive.rewrite(lambda lines: [line for place, line in enumerate(lines) if place not in (0, 9, 59)])
    mended, again = archive.audit("--fetch"), archive.audit()
    assert (mended.returncode, again.returncode, again.stdout) == (0, 0, "")
    held = Counter((record["url"], record["revision"]) for record in archive.records)
    assert (len(held), set(held.values()), {revision for _, revision in held}) == (ARTICLES, {1}, {1})


def test_what_is_found_is_printed_though_it_is_mended(archive: Archive) -> None:
    [url] = archive.urls(5)
    archive.forget(url)
    done = archive.audit("--fetch")
    assert done.stdout == f"missing\t{url}\tnot in the ledger; the archive holds revision 1\n"


def test_row_that_the_archive_still_tells_is_not_fetched_again(archive: Archive) -> None:
    archive.forget(*archive.urls(5))
    archive.audit("--fetch")
    assert archive.sql("select state, revision from articles where url = ?", *archive.urls(5)) == [("done", 1)]
    assert len(archive.records) == ARTICLES


def test_compacted_and_compressed_archive_is_mended_alike(archive: Archive) -> None:
    compacted = [sys.executable, "-m", "scrapy", "export", archive.folder.name, "--compact"]
    settings = ["-s", f"ARCHIVE={archive.path}", "-s", "ARCHIVE_COMPRESSION=gzip"]
    archive.forget(*archive.urls(7))
    archive.audit("--fetch", "-s", "ARCHIVE_COMPRESSION=gzip")
    archive.rewrite(lambda lines: lines[1:])
    archive.audit("--fetch", "-s", "ARCHIVE_COMPRESSION=gzip")
    subprocess.run([*compacted, *settings], cwd=ROOT, env=environment(), check=True, capture_output=True)
    [url] = archive.urls(2)
    archive.rewrite(lambda lines: lines[:2] + lines[3:])
    assert archive.found() == [("damaged", ""), ("missing", url)]
    assert (archive.audit("--fetch").returncode, archive.audit().returncode) == (0, 0)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda line: b"garbage\n", "not a record"),
        (lambda line: line[:-20], "a torn line"),
        (lambda line: line.replace(b'"date":"2', b'"date":"x'), "not a record"),
    ],
)
def test_line_that_is_no_record_is_damaged_and_its_article_missing(
    archive: Archive, change: Callable[[bytes], bytes], why: str
) -> None:
    [url] = archive.urls(ARTICLES - 1)
    archive.rewrite(lambda lines: [*lines[:-1], change(lines[-1])])
    done = archive.audit("--fetch")
    assert done.stdout.splitlines() == [
        f"missing\t{url}\trevision 1 is not in the archive",
        f"damaged\t{archive.segment}:{ARTICLES}\t{why}",
    ]
    assert (done.returncode, archive.audit().returncode) == (0, 0)


def test_line_that_says_something_else_is_written_again(archive: Archive) -> None:
    [url] = archive.urls(4)
    old = json.loads(list(read_lines(archive.segment))[4])["title"].encode()
    archive.rewrite(lambda lines: [line.replace(old, old.swapcase()) for line in lines])
    assert archive.found("--fetch") == [("damaged", ""), ("damaged", "")]
    assert [record["revision"] for record in archive.records if record["url"] == url] == [1, 2]
    assert archive.audit().returncode == 0


def test_damaged_segment_is_kept_as_it_was(archive: Archive) -> None:
    archive.rewrite(lambda lines: [b"garbage\n", *lines[1:]])
    before, name = archive.segment.read_bytes(), archive.segment.name
    archive.audit("--fetch")
    [kept] = (archive.folder / "damaged").glob(f"*-{name}")
    assert kept.read_bytes() == before


def test_segment_that_is_gone_is_fetched_again(archive: Archive) -> None:
    archive.segment.unlink()
    found = archive.audit("--fetch")
    kinds = Counter(line.split("\t")[0] for line in found.stdout.splitlines())
    assert (kinds, found.returncode, archive.audit().returncode) == ({"missing": ARTICLES, "damaged": 1}, 0, 0)


def test_manifest_that_is_none_is_damaged(archive: Archive) -> None:
    [manifest] = archive.folder.glob("*.manifest.json")
    manifest.write_text("{")
    assert archive.audit("--fetch").stdout == f"damaged\t{archive.segment}\tits manifest is none\n"
    assert archive.audit().returncode == 0


@pytest.mark.parametrize(("state", "why"), [("pending", "pending"), ("failed", "failed: not read: 500")])
def test_article_that_was_never_written_is_missing(archive: Archive, state: str, why: str) -> None:
    [url] = archive.urls(8)
    lost = "update articles set state = ?, reason = 'not read: 500', next_check = '9', revision = 0, hash = null"
    archive.rewrite(lambda lines: lines[:8] + lines[9:])
    archive.sql(f"{lost} where url = ?", state, url)
    done = archive.audit("--fetch")
    assert done.stdout.splitlines()[0] == f"missing\t{url}\t{why}"
    assert (done.returncode, archive.audit().returncode) == (0, 0)


def test_article_that_is_no_article_is_not_missing(archive: Archive) -> None:
    [url] = archive.urls(8)
    archive.sql("update articles set state = 'rejected', reason = 'protected' where url = ?", url)
    assert archive.found() == []


def test_listing_that_was_taken_for_an_article_is_read(archive: Archive) -> None:
    [url] = archive.urls(0)
    archive.sql("update articles set state = 'rejected', reason = 'listing' where url = ?", url)
    answer(archive.site, "asked?reset=1")
    assert archive.audit().returncode == 0
    assert answer(archive.site, "asked")["articles"] == 1


def test_what_could_not_be_read_is_told(archive: Archive) -> None:
    with portal("--articles", str(ARTICLES)) as site:
        other = Archive(site, archive.path)
        port, own = (where.rstrip("/").rpartition(":")[2] for where in (site, archive.site))
        for table, column in (("articles", "portal"), ("articles", "url"), ("addresses", "portal"), ("runs", "portal")):
            other.sql(f"update {table} set {column} = replace({column}, ?, ?)", own, port)
        other.sql("update addresses set key = replace(key, ?, ?)", own, port)
        archive.folder.rename(archive.folder.with_name(f"127.0.0.1_{port}"))
        segment = archive.segment
        segment.write_text(segment.read_text().replace(f":{own}/", f":{port}/"))
        next(archive.folder.glob("*.manifest.json")).unlink()
        done = other.audit()
    assert done.stderr.splitlines()[-1] == (
        f"scrapy audit: {ARTICLES} articles as the portal tells; read whole: listing; not read: rest, sitemap"
    )
    assert "source rest: the REST API does not answer" in done.stderr


def test_portal_that_does_not_answer_is_no_verdict(tmp_path: Path) -> None:
    with portal("--articles", "3") as site:
        assert run(site, tmp_path, "crawl").returncode == 0
    done = run(site, tmp_path, "audit", "--fetch")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines()[-1].startswith("scrapy audit: unreachable")


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Archive, dict[str, list[str]]]]:
    """A portal that was worked at since it was crawled, and the addresses of what was added, edited and deleted."""
    with portal("--articles", "40", "--with", "all") as site:
        archive = Archive(site, tmp_path_factory.mktemp("newsroom") / "data")
        assert run(site, archive.path, "crawl").returncode == 0
        # What a page said in the second of its edit may be either.
        archive.sql("update articles set as_of = '2026-01-01T00:00:00+00:00', lastmod = '2026-01-01T00:00:00+00:00'")
        work = {}
        for what, kind in (("edit", "stale"), ("delete", "extra"), ("add", "missing")):
            numbers = answer(site, f"{what}?n=3")
            work[kind] = [answer(site, f"record?number={number}")["url"] for number in numbers]
        work["stale"] = [url for url in work["stale"] if url not in work["extra"]]
        yield archive, work


def test_work_of_the_newsroom_is_told_precisely(newsroom: tuple[Archive, dict[str, list[str]]]) -> None:
    archive, work = newsroom
    assert archive.found() == sorted((kind, url) for kind, urls in work.items() for url in urls)


def test_work_of_the_newsroom_is_fetched(newsroom: tuple[Archive, dict[str, list[str]]], tmp_path: Path) -> None:
    shutil.copytree(newsroom[0].path, tmp_path / "data")
    archive = Archive(newsroom[0].site, tmp_path / "data")
    assert (archive.audit("--fetch").returncode, archive.audit().returncode) == (0, 0)


def test_deleted_article_that_only_the_archive_knows_is_looked_at(
    newsroom: tuple[Archive, dict[str, list[str]]], tmp_path: Path
) -> None:
    shutil.copytree(newsroom[0].path, tmp_path / "data")
    archive, url = Archive(newsroom[0].site, tmp_path / "data"), newsroom[1]["extra"][0]
    archive.forget(url)
    assert ("extra", url) in archive.found("--fetch")
    assert archive.sql("select state, revision from articles where url = ?", url) == [("gone", 1)]


# Called wrongly


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (
            ("wordpress", "-a", "url=http://127.0.0.1/", "-a", "limit=3"),
            "an audit is of the whole portal: leave out limit",
        ),
        (("wordpress", "-a", "url=http://127.0.0.1/", "-a", "source=auto"), "an audit asks every source that is named"),
        (("wordpress",), "url is missing"),
        (("wordpres",), "no spider 'wordpres' (did you mean wordpress?)"),
        (("narayapost", "-s", "LEDGER="), "there is nothing to audit: ARCHIVE or LEDGER is empty"),
    ],
)
def test_wrong_call_is_refused(scrapy: Scrapy, words: tuple[str, ...], complaint: str) -> None:
    done = scrapy("audit", *words, cwd=ROOT)
    assert (done.returncode, complaint in done.stderr, done.stdout) == (2, True, "")


def test_spider_without_sources_is_refused(scrapy: Scrapy, tmp_path: Path) -> None:
    done = scrapy("audit", "standin", "-s", f"ARCHIVE={tmp_path}")
    assert (done.returncode, "standin is no WordPressSpider" in done.stderr) == (2, True)


def test_portal_that_was_never_crawled_is_refused(archive: Archive) -> None:
    done = run("http://127.0.0.2/", archive.path, "audit")
    assert (done.returncode, "the ledger knows no portal '127.0.0.2'" in done.stderr) == (1, True)


def test_no_run_may_go_on_meanwhile(archive: Archive) -> None:
    with FileLock(archive.folder / LOCK):
        done = archive.audit()
    assert (done.returncode, "is going on (it holds" in done.stderr) == (1, True)
