"""The pages of an article that is removed leave the WARCs, whenever the process is killed."""

import gzip
import json
import shutil
from pathlib import Path

import pytest
from scrapy.settings import Settings
from sqlalchemy import insert, select

from narayacrawl.archive import removal
from narayacrawl.archive.recovery import recover_archive
from narayacrawl.archive.removal import remove_article
from narayacrawl.archive.segment_files import ArchiveError, read_lines
from narayacrawl.archive.segments import sealed_segments
from narayacrawl.archive.warc import (
    REMOVING,
    WARC,
    read_warc_manifest,
    run_of,
    sealed_warcs,
    warc_folder,
    warcs_of_runs,
)
from narayacrawl.archive.warc_pages import found_warcs
from narayacrawl.archive.warc_records import record_at
from narayacrawl.archive.warc_rewriting import remove_pages
from narayacrawl.ledger.database import transaction
from narayacrawl.ledger.rebuild import rebuild
from narayacrawl.ledger.tables import articles, pages, runs
from tests.archived import archive_ledger, article, name, write_segment
from tests.cuts import cuts
from tests.warcs import HOST, Warc, problems, records, told

PORTAL = "portal"
URL = f"{HOST}/1/"
SECRET = b"rahasia besar"
POSTS = [{"id": number, "link": f"{HOST}/{number}/", "content": {"rendered": f"isi {number}"}} for number in (1, 2)]


def archive(folder: Path) -> None:
    """An archive of three articles: the pages of the first, which is to go, are in two WARCs, with all that a crawl
    meets on the way to them; the newest of the others are in the same files, and in a third."""
    own = folder / PORTAL
    first = Warc(own, 1)
    first.answer("/robots.txt", b"User-agent: *")
    first.answer("/", b'<a href="https://portal.example/2/">Dua</a>')
    first.answer("/berita/", b'<h2><a href="https://portal.example/1/">rahasia besar</a></h2>', packed=True)
    posts = [POSTS[0] | {"content": {"rendered": SECRET.decode()}}, POSTS[1]]
    rest = first.answer("/wp-json/wp/v2/posts", json.dumps(posts).encode().replace(b"/", b"\\/"), packed=True)
    first.answer("/?p=1", status="301 Moved", headers=["Location: /pindah"])
    first.answer("/pindah", status="301 Moved", headers=["Location: https://portal.example/1/"])
    pages_of_first = [first.answer(path, b"<p>" + SECRET + b"</p>") for path in ("/1/", "/1/2/")]
    first.article(1, *pages_of_first, rest=rest)
    first.article(2, first.answer("/2/", b'<p>Dua</p><a href="/1/">lain</a>'), rest=rest)
    first.seal()
    second = Warc(own, 2)
    second.revisit("/1/")
    second.revisit("/2/")
    second.page(3, "rahasia tidak")
    second.answer("/1/2/", SECRET)
    second.page(1, SECRET.decode(), revision=2)
    second.answer("/daerah/", b"<a href='https://portal.example/12/'>")
    second.seal()
    third = Warc(own, 3)
    third.page(2, revision=2)
    third.seal()
    for run, numbers in ((1, (1, 2)), (2, (3,)), (3, (2,))):
        write_segment(own, run, [article(number, revision=1 + (run == 3)) for number in numbers])
    with archive_ledger(folder) as connection:
        lines = {segment: read_lines(path) for segment, path in sealed_segments(own).items()}
        rebuild(connection, PORTAL, lines, (), found_warcs(own))


def settings(folder: Path) -> Settings:
    return Settings({"ARCHIVE": str(folder), "LEDGER": f"sqlite:///{folder / 'ledger.db'}"})


def recover(folder: Path) -> None:
    with archive_ledger(folder) as connection:
        recover_archive(connection, PORTAL, folder / PORTAL, settings(folder))


def remove(folder: Path, url: str = URL) -> int:
    recover(folder)
    with archive_ledger(folder) as connection:
        return remove_article(connection, PORTAL, folder / PORTAL, url, "diminta").warcs


def kept(folder: Path) -> dict[int, tuple[str, int, str]]:
    """The run, the metadata's article and the text of the newest kept page of each article that has one."""
    with archive_ledger(folder) as connection, transaction(connection):
        joined = select(articles.c.post_id, runs.c.segment, pages.c.offset, pages.c.record)
        joined = joined.join(pages, pages.c.article == articles.c.id).join(runs, runs.c.id == pages.c.run)
        rows = connection.execute(joined).all()
    found = {}
    for row in rows:
        path = warcs_of_runs(folder / PORTAL)[run_of(row.segment)]
        content = told(record_at(path, row.offset))
        page = record_at(path, content["pages"][0]["offset"])
        assert (page.id, page.id) == (content["pages"][0]["id"], row.record)
        found[row.post_id] = (run_of(row.segment), content["id"], page.payload.decode())
    return found


def is_gone(folder: Path) -> None:
    """No file has the article, everything else is where it was, and the ledger knows where."""
    left = records(folder / PORTAL)
    for record in left:
        content = gzip.decompress(record.payload) if record.payload.startswith(b"\x1f\x8b") else record.payload
        assert SECRET not in content, record.uri
        assert record.mismatch() is None
    paths = [record.uri.removeprefix(HOST) for record in left if record.type in ("response", "revisit")]
    assert paths == ["/robots.txt", "/", "/wp-json/wp/v2/posts", "/2/", "/2/", "/3/", "/daerah/", "/2/"]
    assert [told(record)["id"] for record in left if record.type == "metadata"] == [2, 3, 2]
    asked = [record.uri.removeprefix(HOST) for record in left if record.type == "request"]
    assert asked == [path for place, path in enumerate(paths) if place != 4]  # of the revisit there is none
    assert kept(folder) == {
        2: (name(3), 2, "<p>Berita 2 </p>"),
        3: (name(2), 3, "<p>Berita 3 rahasia tidak</p>"),
    }
    files = sorted(path.name for path in warc_folder(folder / PORTAL).iterdir())
    stems = [f"{name(1)}-2", f"{name(2)}-2", name(3)]
    assert files == sorted(f"{stem}{ending}" for stem in stems for ending in (".warc.gz", ".warc.manifest.json"))
    for stem, path in sealed_warcs(folder / PORTAL).items():
        manifest = read_warc_manifest(folder / PORTAL, stem)
        assert manifest is not None
        assert (manifest.warc, manifest.bytes) == (path.name, path.stat().st_size)


def test_pages_and_all_that_tells_of_them_leave(tmp_path: Path) -> None:
    archive(tmp_path)
    assert kept(tmp_path)[1] == (name(2), 1, "<p>Berita 1 rahasia besar</p>")
    assert remove(tmp_path) == 2
    is_gone(tmp_path)
    assert [problems(path) for path in sealed_warcs(tmp_path / PORTAL).values()] == [""] * 3


def test_rest_answer_that_another_article_was_read_from_loses_the_post_alone(tmp_path: Path) -> None:
    archive(tmp_path)
    remove(tmp_path)
    path = warcs_of_runs(tmp_path / PORTAL)[name(1)]
    [content] = [told(record) for record in records(tmp_path / PORTAL) if record.type == "metadata"][:1]
    answer = record_at(path, content["rest"]["offset"])
    assert (answer.id, json.loads(answer.payload)) == (content["rest"]["id"], [POSTS[1]])
    assert answer.field("WARC-Truncated") == "unspecified"
    assert b"Content-Encoding" not in answer.block


def test_files_that_have_nothing_of_it_stay_as_they_are(tmp_path: Path) -> None:
    archive(tmp_path)
    before = {path.name: path.read_bytes() for path in warc_folder(tmp_path / PORTAL).iterdir()}
    assert remove(tmp_path, f"{HOST}/tidak-ada/") == 0
    assert {path.name: path.read_bytes() for path in warc_folder(tmp_path / PORTAL).iterdir()} == before


def test_another_article_is_removed_from_what_was_written_anew(tmp_path: Path) -> None:
    archive(tmp_path)
    remove(tmp_path)
    assert remove(tmp_path, f"{HOST}/3/") == 1
    assert [*sealed_warcs(tmp_path / PORTAL)] == [f"{name(1)}-2", f"{name(2)}-3", name(3)]
    assert kept(tmp_path) == {2: (name(3), 2, "<p>Berita 2 </p>")}


def test_damaged_file_is_told_before_anything_of_it_changes(tmp_path: Path) -> None:
    archive(tmp_path)
    path = sealed_warcs(tmp_path / PORTAL)[name(2)]
    content = path.read_bytes()
    path.write_bytes(content[:-50])
    with pytest.raises(ArchiveError, match=rf"{path}:\d+: the file ends within a record"):
        remove(tmp_path)
    assert path.read_bytes() == content[:-50]
    recover(tmp_path)  # no run stumbles over it
    path.write_bytes(content)
    remove(tmp_path)
    is_gone(tmp_path)


def test_copy_of_a_damaged_file_is_named(tmp_path: Path) -> None:
    archive(tmp_path)
    copy = tmp_path / PORTAL / "damaged" / f"20251124T000000Z-{name(1)}{WARC}"
    copy.parent.mkdir()
    copy.write_bytes(b"rusak")
    with archive_ledger(tmp_path) as connection:
        assert remove_article(connection, PORTAL, tmp_path / PORTAL, URL, "diminta").unreadable == (copy,)


def test_address_that_another_post_has_now_keeps_its_pages(tmp_path: Path) -> None:
    archive(tmp_path)
    warc = Warc(tmp_path / PORTAL, 4)
    warc.article(9, warc.answer("/3/", b"<p>Sembilan</p>"))
    warc.seal()
    with archive_ledger(tmp_path) as connection, transaction(connection):
        values = {"portal": PORTAL, "spider": PORTAL, "arguments": "{}", "started": "", "segment": name(4)}
        connection.execute(insert(runs).values(values | {"warc": 1, "warc_sealed": 1, "sealed": 1}))
        connection.execute(
            insert(articles).values(
                portal=PORTAL, post_id=9, url=f"{HOST}/3/", state="done", first_seen="", last_seen="", seen_run=1
            )
        )
    remove(tmp_path, f"{HOST}/3/")
    assert warcs_of_runs(tmp_path / PORTAL)[name(4)].name == f"{name(4)}.warc.gz"


@pytest.mark.slow
def test_removal_that_is_killed_at_any_step_is_completed_by_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = tmp_path / "made"
    archive(made)
    with monkeypatch.context() as patch:
        patch.setattr(removal, "remove_pages", lambda *_: 0)
        remove(made)

    def work(folder: Path) -> None:
        with archive_ledger(folder) as connection:
            remove_pages(connection, PORTAL, folder / PORTAL)

    tried = 0
    for folder in cuts(monkeypatch, tmp_path, lambda folder: shutil.copytree(made, folder), work):
        tried += 1
        has_begun = (warc_folder(folder / PORTAL) / REMOVING).exists()
        recover(folder)
        if not has_begun:
            work(folder)
        is_gone(folder)
        shutil.rmtree(folder)
    assert tried > 40
