"""Pages that a crawl kept, read again: what a crawl has read, as revisions where the rules are better."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.portal import PARTS
from tests.desk import Reader
from tests.reread.rereading import ARTICLES, kept, newest, read_less, read_tags_better, read_title_better, reread

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    """A portal whose pages nobody has read again yet."""
    with kept(tmp_path_factory.mktemp("reread")) as own:
        yield own


@pytest.mark.parametrize("having", [PARTS, ("sitemap",)], ids=["all sources", "pages alone"])
def test_the_same_rules_read_the_same_of_every_kind_of_page(having: tuple[str, ...], tmp_path: Path) -> None:
    with kept(tmp_path, having=having) as reader:
        before = reader.ledger.read_bytes()
        status, out, log = reread(reader)
    assert (status, out) == (0, ""), log
    assert log.splitlines()[-1] == f"scrapy reread: {ARTICLES} articles read; none would change"
    assert reader.ledger.read_bytes() == before


def test_a_report_tells_what_would_change_and_changes_nothing(reader: Reader) -> None:
    before = reader.ledger.read_bytes(), reader.archived()
    status, out, log = reread(reader, rules=read_tags_better)
    assert (status, reader.ledger.read_bytes(), reader.archived()) == (0, *before), log
    assert out.splitlines()[0] == f"tags\t{ARTICLES}"
    assert out.count("revision 1 → 2, reread, fetched ") == ARTICLES
    assert "tags: + dermaga" in out


def test_what_is_written_is_a_revision_that_the_next_crawl_takes_for_none(tmp_path: Path) -> None:
    with kept(tmp_path) as reader:
        former = newest(reader)
        status, _, log = reread(reader, "--write", rules=read_title_better)
        assert status == 0, log
        for record in newest(reader).values():
            old = former[record["id"]]
            differing = {name for name in old if old[name] != record[name]}
            assert differing == {"title", "revision", "change"}, record["url"]
            assert (record["revision"], record["change"]) == (2, "reread")
        again = reread(reader, "--write", rules=read_title_better)
        assert again[2].splitlines()[-1].endswith(f"0 articles read; none written anew; {ARTICLES} read again before")
        reader.prepare = read_title_better
        for arguments in ((), ("full=1",)):
            crawl = reader.crawl(*arguments, "WARC=1")
            assert (crawl.status, crawl.stat("written/edit"), crawl.stat("written/first")) == (0, 0, 0), crawl.log
        assert set(map(tuple, reader.revisions().values())) == {(1, 2)}


def test_much_less_text_is_told_and_not_written(reader: Reader) -> None:
    before = reader.archived()
    status, _, log = reread(reader, "--write", rules=read_less)
    assert (status, reader.archived()) == (0, before), log
    assert f"left as they are: {ARTICLES - 1} not believed (" in log.splitlines()[-1]


def test_what_a_redesign_holds_back_is_not_written(tmp_path: Path) -> None:
    with kept(tmp_path) as reader:
        reader.sql("update articles set held = '2026-01-01T00:00:00+00:00'")
        status, _, log = reread(reader, "--write", rules=read_tags_better)
    assert (status, len(reader.archived())) == (0, ARTICLES), log
    assert f"{ARTICLES} held back since a redesign" in log.splitlines()[-1]
