from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from scrapy.settings import Settings

from narayacrawl.archive import revisions as searching
from narayacrawl.archive.compaction import compact
from narayacrawl.archive.reader import Segment, segments_now
from narayacrawl.archive.revisions import revisions
from narayacrawl.archive.segment_files import ArchiveError
from narayacrawl.archive.segments import seal
from narayacrawl.items import Article
from narayacrawl.ledger.database import open_ledger
from narayacrawl.ledger.identity import FetchedArticles, article_at
from narayacrawl.ledger.ledger import Ledger
from narayacrawl.ledger.runs import begin_run
from tests.archived import article, name, write_part, write_segment

OLD, NEW, OTHER = (f"https://portal.example/{slug}/" for slug in ("pasar-pindah", "pasar-pindah-jam", "lain"))


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return tmp_path


def found(archive: Path, url: str, ledger: str = "") -> list[list[str]]:
    """The titles of each article's revisions."""
    histories = revisions(archive, url, Settings({"LEDGER": ledger}))
    return [[record["title"] for record in history.records] for history in histories]


def write(archive: Path, *segments: Sequence[Article], portal: str = "portal.example") -> Path:
    for run, articles in enumerate(segments, 1):
        write_segment(archive / portal, run, articles)
    return archive / portal


def revised(number: int, revision: int, url: str, **changes: Any) -> Article:
    return article(number, title=f"{number}.{revision}", revision=revision, url=url, **changes)


RENAMED = [[revised(7, 1, OLD), article(1)], [revised(7, 2, NEW)], [revised(7, 3, NEW), article(77)]]


# Which records


@pytest.mark.parametrize(
    "url", [OLD, NEW, "http://www.portal.example/pasar-pindah", f"{NEW}?utm_source=wa", f"{OLD}amp/", f"{OLD}#isi"]
)
def test_any_address_of_an_article_finds_all_its_revisions(url: str, archive: Path) -> None:
    write(archive, *RENAMED)
    assert found(archive, url) == [["7.1", "7.2", "7.3"]]


@pytest.mark.parametrize(
    ("kept", "asked"),
    [
        ("https://portal.example/?p=7&lang=id", "https://portal.example/?lang=id&p=7"),
        ("https://portal.example/pasar-%e2%80%9cterapung%e2%80%9d/", "https://portal.example/pasar-“terapung”/"),
        ("https://portal.example/pasar,baru/", "https://portal.example/pasar%2Cbaru/"),
    ],
)
def test_address_is_found_in_another_spelling(kept: str, asked: str, archive: Path) -> None:
    write(archive, [revised(7, 1, kept)])
    assert found(archive, asked) == [["7.1"]]


def test_revisions_are_told_in_their_order(archive: Path) -> None:
    write(archive, [revised(7, 2, NEW)], [revised(7, 1, OLD)])
    assert found(archive, NEW) == [["7.1", "7.2"]]


def test_article_without_an_id_is_known_by_its_address(archive: Path) -> None:
    write(archive, [revised(7, 1, OLD, id=None), revised(8, 1, OTHER, id=None)], [revised(7, 2, OLD, id=None)])
    assert found(archive, OLD) == [["7.1", "7.2"]]


def test_article_whose_id_was_not_told_at_first_is_one(archive: Path) -> None:
    write(archive, [revised(7, 1, OLD, id=None)], [revised(7, 2, OLD)])
    assert found(archive, OLD) == [["7.1", "7.2"]]


def test_two_posts_that_had_the_address_are_two_articles(archive: Path) -> None:
    write(archive, [revised(7, 1, OLD)], [revised(7, 2, NEW)], [revised(8, 1, OLD)])
    assert found(archive, OLD) == [["7.1", "7.2"], ["8.1"]]
    assert found(archive, NEW) == [["7.1", "7.2"]]


def test_record_that_says_the_same_again_is_left_out(archive: Path) -> None:
    again = revised(7, 1, OLD, fetched_at="2025-11-26T02:00:00+00:00")
    write(archive, [revised(7, 1, OLD)], [again], [article(7, title="edited", url=OLD)])
    assert found(archive, OLD) == [["7.1", "edited"]]


def test_other_articles_are_not_found(archive: Path) -> None:
    mentioning = article(9, body=f"Lihat {OLD}", id=70)
    write(archive, [mentioning, revised(8, 1, f"{OLD}2/")])
    assert found(archive, OLD) == []


def test_same_address_in_two_portals_is_two_articles(archive: Path) -> None:
    write(archive, *RENAMED)
    write(archive, [revised(7, 1, OLD)], portal="cermin")
    histories = revisions(archive, OLD, Settings({"LEDGER": ""}))
    assert [(history.portal, len(history.records)) for history in histories] == [("cermin", 1), ("portal.example", 3)]


# Which segments


@pytest.mark.parametrize("compression", ["", "gzip", "zstd"])
def test_compressed_compacted_and_unsealed_segments_are_read(compression: str, archive: Path) -> None:
    folder = write(archive, *RENAMED[:2])
    compact(folder, compression)
    write_part(folder, 3, RENAMED[2])
    assert found(archive, OLD) == [["7.1", "7.2", "7.3"]]


def test_line_that_begins_otherwise_is_read(archive: Path) -> None:
    folder = archive / "portal.example"
    line = write_part(folder, 1, [revised(7, 1, OLD)]).read_bytes()
    (folder / f"{name(1)}.jsonl.part").write_bytes(b'{"id":7,' + line[1:].replace(b'"id":7,', b"", 1))
    assert found(archive, OLD) == [["7.1"]]


def test_line_that_is_no_record_is_told_with_its_place(archive: Path) -> None:
    path = write_part(archive / "portal.example", 1, [article(1)])
    path.write_bytes(path.read_bytes() + f'{{"url":"{OLD}","id":7\n'.encode())
    with pytest.raises(ArchiveError, match=rf"{path.name}:2: not a record"):
        found(archive, OLD)


def test_no_archive_has_no_article(archive: Path) -> None:
    assert found(archive / "nowhere", OLD) == []


def test_search_starts_over_where_a_segment_goes(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write(archive, *RENAMED[:2])
    write_part(folder, 3, RENAMED[2])
    changes: Iterator[Callable[[], object]] = iter([lambda: seal(folder, name(3), "zstd"), lambda: compact(folder, "")])

    def listed(*args: Any) -> list[Segment]:
        segments = segments_now(*args)
        if change := next(changes, None):
            change()
        return segments

    monkeypatch.setattr(searching, "segments_now", listed)
    assert found(archive, OLD) == [["7.1", "7.2", "7.3"]]


def test_segment_that_goes_again_and_again_is_told(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(archive, *RENAMED)
    monkeypatch.setattr(searching, "segments_now", lambda *_: [Segment(archive / "gone.jsonl", None, None)])
    with pytest.raises(ArchiveError, match="changed 5 times while it was read"):
        found(archive, OLD)


# What the ledger tells

LEDGER = "sqlite:///%(archive)s/ledger.db"


def write_ledger(archive: Path, post_id: int | None, *urls: str, portal: str = "portal.example") -> None:
    """A ledger that knows one article, written at the first of its addresses."""
    with closing(open_ledger(f"sqlite:///{archive}/ledger.db")) as connection:
        ledger = Ledger(connection, portal, run=begin_run(connection, portal, portal, {}), code="1")
        fetched = FetchedArticles(ledger).identify(article_at(ledger, urls[0]), post_id, *urls, urls[-1]).fetched
        assert fetched is not None
        ledger.acknowledge([fetched])


def test_address_that_only_the_ledger_knows_finds_the_article(archive: Path) -> None:
    write(archive, *RENAMED)
    write_ledger(archive, 7, NEW, "https://portal.example/?p=7")
    assert found(archive, "https://portal.example/?p=7", LEDGER) == [["7.1", "7.2", "7.3"]]


def test_addresses_of_the_ledger_join_records_without_an_id(archive: Path) -> None:
    write(archive, [revised(7, 1, OLD, id=None)], [revised(7, 2, NEW, id=None)])
    write_ledger(archive, None, NEW, OLD)
    assert found(archive, OLD, LEDGER) == [["7.1", "7.2"]]


@pytest.mark.parametrize("portal", ["portal.example", "other.example"])
def test_article_that_the_ledger_knows_of_another_portal_is_found(portal: str, archive: Path) -> None:
    write(archive, *RENAMED)
    write_ledger(archive, 7, NEW, portal=portal)
    assert found(archive, OLD, LEDGER) == found(archive, NEW, LEDGER) == [["7.1", "7.2", "7.3"]]


def test_only_the_acknowledged_part_of_a_run_counts(archive: Path) -> None:
    folder = write(archive, *RENAMED[:2])
    part = write_part(folder, 1, RENAMED[2]).rename(folder / f"{name(3)}.jsonl.part")
    with closing(open_ledger(f"sqlite:///{archive}/ledger.db")) as connection:
        for _ in range(3):
            begin_run(connection, "portal.example", "portal.example", {})
    assert part.exists()
    assert found(archive, OLD, LEDGER) == [["7.1", "7.2"]]
