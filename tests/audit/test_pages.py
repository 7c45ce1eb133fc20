"""What an audit finds of kept pages, and what it mends."""

import gzip
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update

from narayacrawl.archive.compaction import compact
from narayacrawl.archive.warc_records import read_records
from narayacrawl.ledger.database import transaction
from narayacrawl.ledger.tables import articles, pages, runs
from tests.archived import archive_ledger, article, name, write_segment
from tests.audit.paged import PORTAL, archive, checked, flip, found, mend, metadata, sql, warc, without
from tests.cuts import cuts
from tests.slow import first_quick
from tests.warcs import HOST, Warc

WHERE = "where its run kept them"
NO_PAGE = f"missing /5/: revision 1 has no page in {name(3)}.warc.gz, {WHERE}"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    archive(folder)
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    return shutil.copytree(made, tmp_path / "data")


def test_pages_that_are_as_they_were_written_are_no_finding(folder: Path) -> None:
    assert found(folder) == []


@pytest.mark.parametrize("compression", first_quick("", "gzip"))
def test_pages_of_a_compacted_month_are_no_finding(folder: Path, compression: str) -> None:
    before = {path.name: path.read_bytes() for path in (folder / PORTAL / "warc").iterdir()}
    compact(folder / PORTAL, compression)
    assert {path.name: path.read_bytes() for path in (folder / PORTAL / "warc").iterdir()} == before
    assert found(folder) == []


def broken_record(folder: Path) -> list[str]:
    offset = metadata(warc(folder, 3), 5)
    flip(folder, 3, offset)
    return [
        f"damaged warc/{name(3)}.warc.gz:{offset}: its compression is broken",
        NO_PAGE,
        f"missing /5/: its page is not where the ledger says, {name(3)}.warc.gz:{offset}",
    ]


def other_content(folder: Path) -> str:
    path = warc(folder, 2)
    [page] = [own for own in read_records(path) if own.type == "response"]
    content = path.read_bytes()
    changed = gzip.compress(gzip.decompress(content[page.offset : page.end]).replace(b"Berita", b"berita"), 6)
    path.write_bytes(content[: page.offset] + changed + content[page.end :])
    return f"damaged warc/{name(2)}.warc.gz:{page.offset}: not what was written: its block digest is another"


def lost_manifest(folder: Path) -> list[str]:
    (folder / PORTAL / "warc" / f"{name(1)}.warc.manifest.json").unlink()
    return [f"damaged warc/{name(1)}.warc.gz: it has no manifest"]


def wrong_manifest(folder: Path) -> list[str]:
    path = folder / PORTAL / "warc" / f"{name(1)}.warc.manifest.json"
    path.write_text(path.read_text().replace('"sha256": "', '"sha256": "0'))
    return [f"damaged warc/{name(1)}.warc.gz: not what was sealed: its SHA-256 is another than its manifest tells"]


def lost_file(folder: Path) -> list[str]:
    warc(folder, 2).unlink()
    with archive_ledger(folder) as connection, transaction(connection):
        offset = connection.execute(
            select(pages.c.offset).join(runs, runs.c.id == pages.c.run).where(runs.c.segment == name(2))
        ).scalar_one()
    return [
        f"damaged warc/{name(2)}.warc.gz: this file of kept pages is not there",
        f"missing /4/: its page is not where the ledger says, {name(2)}.warc.gz:{offset}",
    ]


def lost_record(folder: Path) -> list[str]:
    offset = metadata(warc(folder, 3), 5)
    without(folder, 3, "metadata", 5)
    return [
        f"damaged warc/{name(3)}.warc.gz: it has no manifest",
        NO_PAGE,
        f"missing /5/: its page is not where the ledger says, {name(3)}.warc.gz:{offset}",
    ]


def lost_rows(folder: Path) -> list[str]:
    sql(folder, delete(pages))
    return [f"missing /{number}/: the ledger does not know its kept page" for number in (1, 2, 3, 4, 5)]


def wrong_row(folder: Path) -> list[str]:
    offset = metadata(warc(folder, 1), 2)
    one = select(articles.c.id).where(articles.c.post_id == 1).scalar_subquery()
    sql(folder, update(pages).where(pages.c.article == one).values(offset=offset))
    return [f"missing /1/: another page is where the ledger says, {name(1)}.warc.gz:{offset}"]


def older_row(folder: Path) -> list[str]:
    three = select(articles.c.id).where(articles.c.post_id == 3).scalar_subquery()
    [page] = [own for own in read_records(warc(folder, 1)) if own.type == "response" and own.uri == f"{HOST}/3/"]
    run = select(runs.c.id).where(runs.c.segment == name(1)).scalar_subquery()
    values = {"offset": metadata(warc(folder, 1), 3), "run": run, "record": page.id}
    sql(folder, update(pages).where(pages.c.article == three).values(values))
    return [f"missing /3/: the ledger says {name(1)}.warc.gz:{values['offset']}, and a newer page is kept"]


def unsealed(folder: Path) -> list[str]:
    path = warc(folder, 3)
    path.rename(path.with_name(f"{path.name}.part"))
    sql(folder, update(runs).where(runs.c.segment == name(3)).values(warc_sealed=0))
    return [f"damaged warc/{name(3)}.warc.gz.part: not sealed, though its run has ended"]


MENDED: dict[str, tuple[Callable[[Path], list[str]], list[str]]] = {
    "broken record": (
        broken_record,
        [NO_PAGE],
    ),
    "lost record": (
        lost_record,
        [NO_PAGE],
    ),
    "lost manifest": (lost_manifest, []),
    "wrong manifest": (wrong_manifest, []),
    "lost file": (lost_file, []),
    "lost rows": (lost_rows, []),
    "wrong row": (wrong_row, []),
    "older row": (older_row, []),
    "unsealed": (unsealed, []),
}


@pytest.mark.parametrize("what", MENDED)
def test_what_is_wrong_is_told_and_mended(what: str, folder: Path) -> None:
    spoil, left = MENDED[what]
    expected = spoil(folder)
    assert [line.partition(" (")[0] for line in found(folder)] == expected
    mend(folder)
    assert found(folder) == left


def test_content_that_is_another_is_told_and_kept_aside(folder: Path) -> None:
    assert other_content(folder) in found(folder)
    mend(folder)
    assert found(folder) == [f"missing /4/: revision 1 has no page in {name(2)}.warc.gz, {WHERE}"]
    assert [path.name.partition("-")[2] for path in (folder / PORTAL / "damaged").iterdir()] == [f"{name(2)}.warc.gz"]
    assert warc(folder, 2).name == f"{name(2)}-2.warc.gz"


def test_file_of_no_run_is_told_and_left(folder: Path) -> None:
    strange = Warc(folder / PORTAL, 9)
    strange.page(1)
    path = strange.seal()
    line = f"extra warc/{name(9)}.warc.gz: no run of the ledger keeps pages in this file"
    assert found(folder) == [line]
    mend(folder)
    assert (found(folder), path.exists()) == ([line], True)


def test_file_of_a_run_that_was_killed_counts_up_to_what_was_acknowledged(folder: Path) -> None:
    path = warc(folder, 3)
    part = path.with_name(f"{path.name}.part")
    path.rename(part)
    part.write_bytes(part.read_bytes() + b"\x1f\x8b\x08sobek")
    sql(folder, update(runs).where(runs.c.segment == name(3)).values(warc_sealed=0, ended=None, reason=None))
    assert found(folder) == []
    sql(folder, update(runs).where(runs.c.segment == name(3)).values(warc=part.stat().st_size + 1))
    [short] = [line for line in found(folder) if "were acknowledged" in line]
    assert short.startswith(f"damaged warc/{name(3)}.warc.gz.part: {part.stat().st_size} bytes, ")


def test_unsealed_file_that_was_cut_short_is_sealed_with_what_there_is(folder: Path) -> None:
    path = warc(folder, 3)
    part = path.with_name(f"{path.name}.part")
    path.rename(part)
    part.write_bytes(part.read_bytes()[: metadata(part, 5) + 20])
    sql(folder, update(runs).where(runs.c.segment == name(3)).values(warc_sealed=0, ended=None, reason="killed"))
    mend(folder)
    assert (found(folder), warc(folder, 3).name) == ([NO_PAGE], f"{name(3)}.warc.gz")


@pytest.mark.slow
def test_mending_that_is_killed_anywhere_is_completed_by_another(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoilt = shutil.copytree(made, tmp_path / "spoilt")
    broken_record(spoilt)
    for own in cuts(monkeypatch, tmp_path, lambda place: shutil.copytree(spoilt, place), mend):
        mend(own)
        assert found(own) == [NO_PAGE]
        shutil.rmtree(own)


def test_page_that_came_again_as_it_was_may_be_kept_in_full(folder: Path) -> None:
    again = Warc(folder / PORTAL, 4)
    again.answer("/2/", b"<p>Berita 2 x</p>")  # by an address that led to it
    path = again.seal()
    write_segment(folder / PORTAL, 4, [article(2, revision=2, fetched_at="2025-11-01T04:30:00+00:00")])
    values = {"portal": PORTAL, "spider": PORTAL, "arguments": "{}", "started": "", "segment": name(4), "sealed": 1}
    values |= {"acknowledged": 1, "articles": 1, "warc": path.stat().st_size, "warc_sealed": 1}
    sql(folder, runs.insert().values(values))
    assert found(folder) == []


def test_article_whose_page_is_lost_is_fetched_by_a_crawl_that_keeps_pages(folder: Path) -> None:
    lost_record(folder)
    for can_fetch in (False, True):
        with archive_ledger(folder) as connection:
            content = checked(connection, folder, can_fetch=can_fetch)
        assert content.pages is not None
        assert {fault.is_to_fetch for fault in content.pages.faults if fault.article} == {can_fetch}


def test_pages_of_a_removed_article_that_came_back_are_told(folder: Path) -> None:
    sql(folder, update(articles).where(articles.c.post_id == 4).values(state="removed", revision=0))
    sql(
        folder, delete(pages).where(pages.c.run == select(runs.c.id).where(runs.c.segment == name(2)).scalar_subquery())
    )
    offset = metadata(warc(folder, 2), 4)
    place = f"warc/{name(2)}.warc.gz:{offset}"
    line = f"extra {place}: removed for good, and its page is kept: run `scrapy ledger remove` again"
    assert line in found(folder)


def test_reread_revision_needs_no_page_of_its_own(folder: Path) -> None:
    again = article(2, revision=2, change="reread", fetched_at="2025-11-01T01:30:00+00:00")
    write_segment(folder / PORTAL, 4, [again])
    values = {"portal": PORTAL, "spider": "reread", "arguments": "{}", "started": "", "segment": name(4), "sealed": 1}
    sql(folder, runs.insert().values(values | {"acknowledged": 1, "articles": 1}))
    assert found(folder) == []
    compact(folder / PORTAL)
    assert found(folder) == []
