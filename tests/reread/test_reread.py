"""Pages that a crawl kept, read again: what a crawl has read, as revisions where the rules are better."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from narayacrawl.monitors.outcome import BUSY
from tests.desk import SPIDER, Reader
from tests.reread.rereading import ARTICLES, kept, newest, read_less, read_tags_better, read_title_better, reread

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    """A portal whose pages nobody has read again yet."""
    with kept(tmp_path_factory.mktemp("reread")) as own:
        yield own


@pytest.fixture
def copied(reader: Reader, tmp_path: Path) -> Reader:
    """An archive of one's own of that portal."""
    shutil.copytree(reader.folder / "data", tmp_path / "data")
    return Reader(reader.url, tmp_path, reader.room)


def warcs(reader: Reader) -> Path:
    return reader.folder / "data" / SPIDER / "warc"


def assert_reads_the_same(reader: Reader) -> None:
    before = reader.ledger.read_bytes()
    status, out, log = reread(reader)
    assert (status, out) == (0, ""), log
    assert log.splitlines()[-1] == f"scrapy reread: {ARTICLES} articles read; none would change"
    assert reader.ledger.read_bytes() == before


def test_the_same_rules_read_the_same_of_every_kind_of_page(reader: Reader) -> None:
    assert_reads_the_same(reader)


def test_the_same_rules_read_the_same_of_pages_alone(tmp_path: Path) -> None:
    with kept(tmp_path, having=("sitemap",)) as reader:
        assert_reads_the_same(reader)


def test_a_report_tells_what_would_change_and_changes_nothing(reader: Reader) -> None:
    before = reader.ledger.read_bytes(), reader.archived()
    status, out, log = reread(reader, rules=read_tags_better)
    assert (status, reader.ledger.read_bytes(), reader.archived()) == (0, *before), log
    assert out.splitlines()[0] == f"tags\t{ARTICLES}"
    assert out.count("revision 1 → 2, reread, fetched ") == ARTICLES
    assert "tags: + dermaga" in out


def test_what_is_written_is_a_revision_that_the_next_crawl_takes_for_none(copied: Reader) -> None:
    former = newest(copied)
    status, _, log = reread(copied, "--write", rules=read_title_better)
    assert status == 0, log
    for record in newest(copied).values():
        old = former[record["id"]]
        assert {name for name in old if old[name] != record[name]} == {"title", "revision", "change"}, record["url"]
        assert (record["revision"], record["change"]) == (2, "reread")
    again = reread(copied, "--write", rules=read_title_better)
    assert again[2].splitlines()[-1].endswith(f"0 articles read; none written anew; {ARTICLES} read again before")
    copied.prepare = read_title_better
    for arguments in ((), ("full=1",)):
        crawl = copied.crawl(*arguments, "WARC=1")
        assert (crawl.status, crawl.stat("written/edit"), crawl.stat("written/first")) == (0, 0, 0), crawl.log
    assert set(map(tuple, copied.revisions().values())) == {(1, 2)}


def test_much_less_text_is_told_and_not_written(reader: Reader) -> None:
    before = reader.archived()
    status, _, log = reread(reader, "--write", rules=read_less)
    assert (status, reader.archived()) == (0, before), log
    assert f"left as they are: {ARTICLES - 1} not believed (" in log.splitlines()[-1]


def test_what_a_redesign_holds_back_is_not_written(copied: Reader) -> None:
    copied.sql("update articles set held = '2026-01-01T00:00:00+00:00'")
    status, _, log = reread(copied, "--write", rules=read_tags_better)
    assert (status, len(copied.archived())) == (0, ARTICLES), log
    assert f"{ARTICLES} held back since a redesign" in log.splitlines()[-1]


def test_pages_of_a_backup_are_read_though_the_archive_has_none(copied: Reader) -> None:
    backup = copied.folder / "cadangan"
    warcs(copied).rename(backup)
    status, _, log = reread(copied)
    assert (status, log.count("not read again (missing WARC)")) == (1, ARTICLES)
    copied.sql("update articles set state = 'gone'")
    status, _, log = reread(copied, "--warc", str(backup), "--write", rules=read_tags_better)
    assert (status, {record["change"] for record in newest(copied).values()}) == (0, {"reread"}), log
    assert copied.sql("select distinct reread from pages") == [(None,)], "the archive's own were not read"


def test_a_damaged_record_costs_its_article(copied: Reader) -> None:
    [path] = warcs(copied).glob("*.gz")
    content = bytearray(path.read_bytes())
    [(offset,)] = copied.sql("select offset from pages order by offset limit 1")
    content[offset + 30] ^= 0x55
    path.write_bytes(content)
    status, out, log = reread(copied, "--write", rules=read_tags_better)
    assert (status, out) == (1, f"tags\t{ARTICLES - 1}\n"), log
    assert "1 broken record (" in log.splitlines()[-1]
    assert sorted(copied.revisions().values()) == [[1]] + [[1, 2]] * (ARTICLES - 1)


def test_what_a_crawl_without_pages_wrote_since_is_not_undone(copied: Reader) -> None:
    [segment] = (copied.folder / "data" / SPIDER).glob("*.jsonl")
    [manifest] = (copied.folder / "data" / SPIDER).glob("*.manifest.json")
    manifest.unlink()
    segment.write_bytes(segment.read_bytes().replace(b'"fetched_at":"20', b'"fetched_at":"21'))
    status, _, log = reread(copied, "--write", rules=read_tags_better)
    assert (status, len(copied.archived())) == (0, ARTICLES)
    assert f"{ARTICLES} older than the archive's line" in log.splitlines()[-1]


def test_a_portal_that_is_crawled_is_read_and_not_written(copied: Reader) -> None:
    with FileLock(copied.folder / "data" / SPIDER / ".lock"):
        assert reread(copied)[0] == 0
        status, _, log = reread(copied, "--write")
    assert (status, "a run of narayapost is going on" in log) == (BUSY, True)


MISUSES = {
    "no portal": ([], "name a portal, or WARC files with --warc"),
    "two portals": ([SPIDER, "radar"], "name one portal, not narayapost radar"),
    "an unknown portal": (["radar"], "the ledger knows no portal 'radar' (there are: narayapost)"),
    "a file of articles": ([SPIDER, "-O", "a.jsonl"], "are for WARC files without a portal"),
    "nothing to write": (["--warc", "{}", "--write"], "--write is for a portal's archive: name a portal"),
    "no ledger": ([SPIDER, "-s", "LEDGER="], "there is no archive with a ledger: ARCHIVE or LEDGER is empty"),
}


@pytest.mark.parametrize(("words", "line"), MISUSES.values(), ids=MISUSES)
def test_a_wrong_call_is_one_line(words: list[str], line: str, reader: Reader) -> None:
    status, out = reader.scrapy("reread", *(word.format(warcs(reader)) for word in words))
    log = (reader.folder / "log").read_text()
    assert (status, out, log.count("\n"), line in log) == (2, "", 1, True), log
