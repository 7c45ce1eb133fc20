"""An article that is removed leaves archive and ledger, whenever the process is killed, and does not come back."""

import shutil
from pathlib import Path

import orjson
import pytest
from scrapy.settings import Settings
from sqlalchemy import insert, select, update

from narayacrawl.archive.articles import read_articles
from narayacrawl.archive.compaction import compact
from narayacrawl.archive.reader import segments_now
from narayacrawl.archive.recovery import recover_archive
from narayacrawl.archive.removal import Removal, remove_article
from narayacrawl.archive.segment_files import ArchiveError, read_lines
from narayacrawl.archive.segments import missing, recover, sealed_segments
from narayacrawl.archive.selection import select_lines
from narayacrawl.archive.tombstones import read_tombstones, save_tombstones
from narayacrawl.audit.archive_check import check_archive
from narayacrawl.ledger.database import transaction
from narayacrawl.ledger.discovered import FEED, LISTING, REST, DiscoveredArticle, Source
from narayacrawl.ledger.rebuild import rebuild
from narayacrawl.ledger.scope import Scope
from narayacrawl.ledger.tables import addresses, articles, runs
from tests.archived import all_lines, archive_ledger, article, name, write_part, write_segment
from tests.cuts import cuts
from tests.ledger.opened import opened

PORTAL = "portal"
URL = "https://portal.example/1/"
KEY = "portal.example/1?"
MOVED = "https://portal.example/pindah/"
WHY = "diminta oleh yang diberitakan"


def segments(folder: Path, compression: str = "") -> None:
    """Three segments, of two months: the article that is to go has two revisions, and had no id in one of them."""
    write_segment(folder, 1, [article(1, id=None), article(2)], month=10, compression=compression)
    write_segment(folder, 2, [article(1, revision=2, url=MOVED), article(3)], compression=compression)
    write_segment(folder, 3, [article(4)], compression=compression)


def archive(folder: Path, compression: str = "", *, unsealed: bool = False) -> None:
    """The segments, and the ledger beside the portal's folder."""
    own = folder / PORTAL
    segments(own, compression)
    if unsealed:
        write_part(own, 4, [article(1, revision=3), article(5)])
    with opened(folder / "ledger.db") as run:
        for number in (1, 2, 3, 4, 5):
            url = f"https://portal.example/{number}/"
            fetched = run.identify(run.article_at(url), number, url, url, MOVED if number == 1 else url)
            assert fetched is not None
            fetched.revision, fetched.hash, fetched.published = 2, "x" * 64, "2025-11-24T23:30:00+07:00"
            fetched.etag = '"rahasia"'
            run.acknowledge(fetched)
        with transaction(run.connection):
            run.connection.execute(runs.delete())
            for number, month in ((1, 10), (2, 11), (3, 11), (4, 11)):
                if number == 4 and not unsealed:
                    continue
                part = own / f"{name(4)}.jsonl.part"
                row = {"id": number, "portal": PORTAL, "spider": PORTAL, "arguments": "{}", "started": ""}
                row |= {"segment": name(number, month), "acknowledged": part.stat().st_size if number == 4 else 1}
                run.connection.execute(insert(runs).values(row | {"sealed": int(number != 4), "articles": 2}))


def settings(folder: Path) -> Settings:
    return Settings({"ARCHIVE": str(folder), "LEDGER": f"sqlite:///{folder / 'ledger.db'}"})


def remove(folder: Path, url: str = URL) -> Removal:
    with archive_ledger(folder) as connection:
        recover_archive(connection, PORTAL, folder / PORTAL, settings(folder))
        return remove_article(connection, PORTAL, folder / PORTAL, url, WHY)


def written(folder: Path) -> list[tuple[int | None, str]]:
    """Id and address of every line, in order."""
    records = map(orjson.loads, all_lines(folder / PORTAL))
    return [(record["id"], record["url"].removeprefix("https://portal.example")) for record in records]


OTHERS = [(2, "/2/"), (3, "/3/"), (4, "/4/")]


def is_gone(folder: Path) -> None:
    """The article is in no file and in no reader's hands, and everything else is as it was."""
    assert written(folder) == OTHERS
    with archive_ledger(folder) as connection:
        recover_archive(connection, PORTAL, folder / PORTAL, settings(folder))
        assert missing(folder / PORTAL, [name(1, 10), name(2), name(3)]) == []
        found = check_archive(connection, PORTAL, folder / PORTAL)
        assert (found.damages, found.unknown_articles, len(found.revisions)) == ([], [], 3)
        row = connection.execute(select(articles).where(articles.c.post_id == 1)).one()
        assert (row.state, row.reason, row.revision, row.hash, row.etag) == ("removed", WHY, 0, None, None)
    assert sorted(path.name for path in (folder / PORTAL).iterdir() if ".tmp" in path.name) == []
    selection = select_lines(segments_now(folder / PORTAL, settings(folder)))
    assert selection.count == 3
    content = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file() and "ledger" in path.name)
    assert b"rahasia" in content  # of others
    assert b"x" * 64 in content


@pytest.mark.parametrize("compression", ["", "gzip", "zstd"])
def test_every_revision_leaves_every_segment_and_the_ledger(compression: str, tmp_path: Path) -> None:
    archive(tmp_path, compression)
    removed = remove(tmp_path)
    assert (removed.revisions, removed.segments, removed.unreadable) == (2, 2, ())
    is_gone(tmp_path)
    assert not [
        path
        for path in (tmp_path / PORTAL).rglob("*")
        if b"/pindah/" in path.read_bytes() and "removed" not in path.name
    ]
    [tombstone] = read_tombstones(tmp_path / PORTAL)
    assert (tombstone.id, tombstone.keys[0], len(tombstone.keys), tombstone.why) == (1, KEY, 2, WHY)


def test_segment_that_a_killed_run_left_is_sealed_without_it(tmp_path: Path) -> None:
    archive(tmp_path, unsealed=True)
    assert remove(tmp_path).revisions == 3
    assert written(tmp_path) == [*OTHERS, (5, "/5/")]


def test_compacted_month_is_written_anew_and_stays_what_replaces_its_runs(tmp_path: Path) -> None:
    archive(tmp_path)
    compact(tmp_path / PORTAL)
    assert remove(tmp_path).segments == 2
    is_gone(tmp_path)
    compact(tmp_path / PORTAL, "zstd")
    is_gone(tmp_path)


def test_segment_of_nothing_else_stays_empty(tmp_path: Path) -> None:
    archive(tmp_path)
    remove(tmp_path, "https://portal.example/4/")
    assert [orjson.loads(line)["id"] for line in all_lines(tmp_path / PORTAL)] == [None, 2, 1, 3]
    with archive_ledger(tmp_path) as connection:
        recover_archive(connection, PORTAL, tmp_path / PORTAL, settings(tmp_path))


@pytest.mark.slow
@pytest.mark.parametrize("place", ["archive", "months"])
def test_removal_that_is_killed_at_any_step_is_completed_by_another(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def prepare(folder: Path) -> None:
        archive(folder)
        if place == "months":
            compact(folder / PORTAL)

    for folder in cuts(monkeypatch, tmp_path, prepare, remove):
        # Until then no reader gives it out, and a run does not stumble.
        is_buried = bool(read_tombstones(folder / PORTAL))
        given = [own.id for own in read_articles(folder / PORTAL)]
        assert sorted(filter(None, given)) == ([2, 3, 4] if is_buried else [1, 2, 3, 4])
        with archive_ledger(folder) as connection:
            recover_archive(connection, PORTAL, folder / PORTAL, settings(folder))
        remove(folder)
        is_gone(folder)
        shutil.rmtree(folder)


def test_removed_twice_is_removed_once(tmp_path: Path) -> None:
    archive(tmp_path)
    remove(tmp_path)
    before = read_tombstones(tmp_path / PORTAL)
    assert remove(tmp_path, MOVED).revisions == 0
    assert read_tombstones(tmp_path / PORTAL) == before
    is_gone(tmp_path)


def test_post_that_took_the_address_over_and_the_one_before_are_both_removed(tmp_path: Path) -> None:
    archive(tmp_path)
    taken = "https://portal.example/2/"
    write_segment(tmp_path / PORTAL, 5, [article(8, url=taken)])
    with opened(tmp_path / "ledger.db") as run:
        run.discover([DiscoveredArticle(taken, 8)], REST)
        with transaction(run.connection):
            values = {"segment": name(5), "acknowledged": 1, "sealed": 1}
            run.connection.execute(update(runs).where(runs.c.id == run.ledger.run).values(values))
    remove(tmp_path, taken)
    assert written(tmp_path) == [(None, "/1/"), (1, "/pindah/"), (3, "/3/"), (4, "/4/")]
    assert sorted(own.id or 0 for own in read_tombstones(tmp_path / PORTAL)) == [2, 8]


# What would bring it back


@pytest.fixture
def removed(tmp_path: Path) -> Path:
    archive(tmp_path)
    remove(tmp_path)
    return tmp_path


BACK = (
    (DiscoveredArticle(f"{URL}?utm_source=wa"), LISTING),
    (DiscoveredArticle(MOVED), LISTING),
    (DiscoveredArticle(URL, 1, None, "2099-01-01T00:00:00+00:00"), REST),
    (DiscoveredArticle(URL, 1), FEED),
    (DiscoveredArticle(URL, None, None, "2099-01-01T00:00:00+00:00"), Source("sitemap", 7)),
)


@pytest.mark.parametrize("scope", [Scope(), Scope(is_full=True), Scope(is_list=True)], ids=["", "full", "list"])
def test_removed_article_is_never_due(scope: Scope, removed: Path) -> None:
    with opened(removed / "ledger.db", scope) as run:
        for listed, source in BACK:
            assert run.discover([listed], source).removed == 1
        run.due.trust_changes_from(())
        assert not {URL, MOVED} & {*run.due_urls()}
        assert run.state_of(1) == "removed"


@pytest.mark.parametrize(("post_id", "canonical"), [(1, "https://portal.example/baru/"), (None, URL), (9, URL)])
def test_page_that_turns_out_to_be_it_is_not_taken_in_hand(post_id: int | None, canonical: str, removed: Path) -> None:
    new = "https://portal.example/baru/"
    with opened(removed / "ledger.db") as run:
        run.discover([new])
        identity = run.fetched.identify(run.article_at(new), post_id, canonical, new, new)
        assert (identity.fetched, identity.is_removed) == (None, True)
        assert run.state_of(run.article_at(new)) == "removed"


def test_ledger_made_anew_knows_it(removed: Path) -> None:
    for path in removed.glob("ledger.db*"):
        path.unlink()
    folder = removed / PORTAL
    recover(folder, None)
    with archive_ledger(removed) as connection:
        lines = {own: read_lines(path) for own, path in sealed_segments(folder).items()}
        assert rebuild(connection, PORTAL, lines, read_tombstones(folder)) == 3
    with opened(removed / "ledger.db", Scope(is_full=True)) as run:
        run.discover([DiscoveredArticle(URL, 1)], REST)
        assert URL not in run.due_urls()


def test_ledger_of_an_older_backup_learns_of_it(tmp_path: Path) -> None:
    archive(tmp_path)
    shutil.copy(tmp_path / "ledger.db", tmp_path / "backup.db")
    remove(tmp_path)
    for path in tmp_path.glob("ledger.db*"):
        path.unlink()
    shutil.move(tmp_path / "backup.db", tmp_path / "ledger.db")
    with archive_ledger(tmp_path) as connection:
        recover_archive(connection, PORTAL, tmp_path / PORTAL, settings(tmp_path))
    is_gone(tmp_path)


def test_address_that_was_never_seen_is_kept_from_coming(tmp_path: Path) -> None:
    archive(tmp_path)
    url = "https://portal.example/belum-ada/"
    assert remove(tmp_path, url).revisions == 0
    with opened(tmp_path / "ledger.db", Scope(is_full=True)) as run:
        assert run.discover([url, DiscoveredArticle(url, 77)], REST).removed == 1
        assert url not in run.due_urls()


def test_details_are_not_in_the_ledgers_file(tmp_path: Path) -> None:
    archive(tmp_path)
    with archive_ledger(tmp_path) as connection, transaction(connection):
        connection.execute(update(articles).where(articles.c.post_id == 1).values(etag="rahasia-besar" * 20))
    remove(tmp_path)
    assert not [path for path in tmp_path.glob("ledger.db*") if b"rahasia-besar" in path.read_bytes()]


def test_other_articles_keep_what_the_ledger_knows_of_them(removed: Path) -> None:
    with archive_ledger(removed) as connection:
        rows = connection.execute(select(articles).where(articles.c.state == "done")).all()
        assert [(row.post_id, row.revision) for row in rows] == [(2, 2), (3, 2), (4, 2), (5, 2)]
        assert connection.execute(select(addresses.c.key)).scalars().all().count(KEY) == 1


def test_copies_of_damaged_segments_lose_it_too(tmp_path: Path) -> None:
    archive(tmp_path)
    kept = tmp_path / PORTAL / "damaged"
    kept.mkdir()
    [line] = [line for line in all_lines(tmp_path / PORTAL) if b'"id":1,' in line]
    (kept / "20251124-a.jsonl").write_bytes(b"rusak\n" + line + b"\nlagi")
    (kept / "20251124-b.jsonl.gz").write_bytes(b"rusak")
    assert [path.name for path in remove(tmp_path).unreadable] == ["20251124-b.jsonl.gz"]
    assert (kept / "20251124-a.jsonl").read_bytes() == b"rusak\nlagi"


def test_list_of_removed_articles_that_is_none_is_told(tmp_path: Path) -> None:
    tmp_path.joinpath("removed.json").write_text('{"a": 1}')
    with pytest.raises(ArchiveError, match="not a list of removed articles"):
        read_tombstones(tmp_path)
    save_tombstones(tmp_path, [])
    assert read_tombstones(tmp_path) == []
