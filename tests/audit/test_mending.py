"""`scrapy audit --fetch`: what is found is mended."""

import json
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.crawl import environment, portal
from narayacrawl.archive.segment_files import read_lines
from narayacrawl.archive.warc_records import read_records
from narayacrawl.items import digest
from tests.audit.archived import ARTICLES, Archive, Work, run
from tests.conftest import ROOT
from tests.forked import run_scrapy


@pytest.mark.slow
def test_deleted_rows_and_lines_are_mended(archive: Archive) -> None:
    archive.forget(*archive.urls(3, 9, 30))
    archive.rewrite(lambda lines: [line for place, line in enumerate(lines) if place not in (0, 9, 59)])
    mended, again = archive.audit("--fetch"), archive.audit()
    assert (mended.returncode, again.returncode, again.stdout) == (0, 0, "")
    held = Counter((record["url"], record["revision"]) for record in archive.records)
    assert (len(held), set(held.values()), {revision for _, revision in held}) == (ARTICLES, {1}, {1})


@pytest.mark.slow
def test_what_is_found_is_printed_though_it_is_mended(archive: Archive) -> None:
    [url] = archive.urls(5)
    archive.forget(url)
    done = archive.audit("--fetch")
    assert done.stdout == f"missing\t{url}\tnot in the ledger; the archive holds revision 1\n"


@pytest.mark.slow
def test_row_that_the_archive_still_tells_is_not_fetched_again(archive: Archive) -> None:
    archive.forget(*archive.urls(5))
    archive.audit("--fetch")
    assert archive.sql("select state, revision from articles where url = ?", *archive.urls(5)) == [("done", 1)]
    assert len(archive.records) == ARTICLES


@pytest.mark.slow
def test_compacted_and_compressed_archive_is_mended_alike(archive: Archive) -> None:
    settings = ["-s", f"ARCHIVE={archive.path}", "-s", "ARCHIVE_COMPRESSION=gzip"]
    archive.forget(*archive.urls(7))
    archive.audit("--fetch", "-s", "ARCHIVE_COMPRESSION=gzip")
    archive.rewrite(lambda lines: lines[1:])
    archive.audit("--fetch", "-s", "ARCHIVE_COMPRESSION=gzip")
    compaction = run_scrapy(["export", archive.folder.name, "--compact", *settings], ROOT, environment())
    assert compaction.returncode == 0
    [url] = archive.urls(2)
    archive.rewrite(lambda lines: lines[:2] + lines[3:])
    assert archive.found() == [("damaged", ""), ("missing", url)]
    assert (archive.audit("--fetch").returncode, archive.audit().returncode) == (0, 0)


@pytest.mark.slow
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


@pytest.mark.slow
def test_line_that_says_something_else_is_written_again(archive: Archive) -> None:
    [url] = archive.urls(4)
    old = json.loads(list(read_lines(archive.segment))[4])["title"].encode()
    archive.rewrite(lambda lines: [line.replace(old, old.swapcase()) for line in lines])
    assert archive.found("--fetch") == [("damaged", ""), ("damaged", "")]
    assert [record["revision"] for record in archive.records if record["url"] == url] == [1, 2]
    assert archive.audit().returncode == 0


@pytest.mark.slow
def test_damaged_segment_is_kept_as_it_was(archive: Archive) -> None:
    archive.rewrite(lambda lines: [b"garbage\n", *lines[1:]])
    before, name = archive.segment.read_bytes(), archive.segment.name
    archive.audit("--fetch")
    [kept] = (archive.folder / "damaged").glob(f"*-{name}")
    assert kept.read_bytes() == before


@pytest.mark.slow
def test_segment_that_is_gone_is_fetched_again(archive: Archive) -> None:
    archive.segment.unlink()
    found = archive.audit("--fetch")
    kinds = Counter(line.split("\t")[0] for line in found.stdout.splitlines())
    assert (kinds, found.returncode, archive.audit().returncode) == ({"missing": ARTICLES, "damaged": 1}, 0, 0)


@pytest.mark.slow
def test_manifest_that_is_none_is_damaged(archive: Archive) -> None:
    [manifest] = archive.folder.glob("*.manifest.json")
    manifest.write_text("{")
    assert archive.audit("--fetch").stdout == f"damaged\t{archive.segment}\tits manifest is none\n"
    assert archive.audit().returncode == 0


@pytest.mark.slow
@pytest.mark.parametrize(("state", "why"), [("pending", "pending"), ("failed", "failed: not read: 500")])
def test_article_that_was_never_written_is_missing(archive: Archive, state: str, why: str) -> None:
    [url] = archive.urls(8)
    lost = "update articles set state = ?, reason = 'not read: 500', next_check = '9', revision = 0, hash = null"
    archive.rewrite(lambda lines: lines[:8] + lines[9:])
    archive.sql(f"{lost} where url = ?", state, url)
    done = archive.audit("--fetch")
    assert done.stdout.splitlines()[0] == f"missing\t{url}\t{why}"
    assert (done.returncode, archive.audit().returncode) == (0, 0)


@pytest.mark.slow
def test_work_of_the_newsroom_is_fetched(newsroom: Work, tmp_path: Path) -> None:
    shutil.copytree(newsroom[0].path, tmp_path / "data")
    archive = Archive(newsroom[0].site, tmp_path / "data")
    assert (archive.audit("--fetch").returncode, archive.audit().returncode) == (0, 0)


@pytest.mark.slow
def test_deleted_article_that_only_the_archive_knows_is_looked_at(newsroom: Work, tmp_path: Path) -> None:
    shutil.copytree(newsroom[0].path, tmp_path / "data")
    archive, url = Archive(newsroom[0].site, tmp_path / "data"), newsroom[1]["extra"][0]
    archive.forget(url)
    assert ("extra", url) in archive.found("--fetch")
    assert archive.sql("select state, revision from articles where url = ?", url) == [("gone", 1)]


@pytest.mark.slow
def test_hollow_lines_of_an_older_version_are_mended_by_one_revision_each(archive: Archive) -> None:
    def hollow(lines: list[bytes]) -> list[bytes]:
        for place, body in ((3, ""), (5, "Memuat berita.")):
            record = json.loads(lines[place]) | {"body": body}
            lines[place] = json.dumps(record).encode() + b"\n"
            told = digest(record["title"], record["date"], body)
            change = "update articles set hash = ?, reading = null, body_length = null where url = ?"
            archive.sql(change, told, record["url"])
        return lines

    urls = sorted(archive.urls(3, 5))
    archive.rewrite(hollow)
    for path in archive.folder.glob("*.manifest.json"):
        path.unlink()
    assert archive.found("--fetch") == [("short", url) for url in urls]
    mended = [record for record in archive.records if record["url"] in urls and record["revision"] == 2]
    assert (len(mended), min(len(record["body"]) for record in mended) > 500) == (2, True)
    assert (archive.audit().returncode, len(archive.records)) == (0, ARTICLES + 2)


@pytest.mark.slow
def test_page_that_is_lost_is_fetched_and_kept_again(tmp_path: Path) -> None:
    with portal("--articles", "6", "--with", "all") as site:
        archive = Archive(site, tmp_path / "data")
        crawled = run(site, archive.path, "crawl", "-s", "WARC=1")
        assert (crawled.returncode, archive.found()) == (0, []), crawled.stderr
        [path] = (archive.folder / "warc").glob("*.warc.gz")
        [lost, *_] = [own for own in read_records(path) if own.type == "metadata"]
        path.write_bytes(path.read_bytes()[: lost.offset] + path.read_bytes()[lost.end :])
        told = archive.audit("--fetch", "-s", "WARC=1")
        kinds = Counter(line.partition("\t")[0] for line in told.stdout.splitlines())
        url = lost.uri.removeprefix("urn:article:")
        assert (told.returncode, kinds["damaged"], f"missing\t{url}\t" in told.stdout) == (0, 1, True), told.stderr
        assert archive.found() == []
    assert archive.sql("select count(*) from pages") == [(6,)]
    assert len(archive.records) == 6
