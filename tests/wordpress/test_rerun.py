"""What a second run of the real spider fetches, writes and says, with the archive and ledger of the first."""

import json
import sqlite3
from collections.abc import Callable
from operator import itemgetter
from pathlib import Path

import pytest

from narayacrawl.archive.segment_files import read_lines
from narayacrawl.archive.segments import sealed_segments
from tests.conftest import ROOT, Portal, Scrapy
from tests.portals import Crawl, Post, Record, WordPress, crawl
from tests.wordpress.test_crawl import FORM

Run = Callable[..., Crawl]


@pytest.fixture
def site(portal: Portal) -> WordPress:
    """A portal of three posts."""
    site = WordPress(portal)
    site.open([Post(3), Post(2)], [Post(1)])
    return site


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def run(scrapy: Scrapy, site: WordPress, archive: Path) -> Run:
    """Crawl the portal with an archive; the pages asked for are counted anew."""

    def run(*args: str) -> Crawl:
        site.server.asked.clear()
        return crawl(scrapy, site.server.url, f"ARCHIVE={archive}", *args, spider="narayapost")

    return run


def archived(archive: Path) -> list[Record]:
    """Every line of every sealed segment, in order; nothing else but manifests is left in the folder."""
    folder = archive / "narayapost"
    assert not [path.name for path in folder.iterdir() if path.name.endswith((".part", ".tmp"))]
    return [json.loads(line) for path in sealed_segments(folder).values() for line in read_lines(path)]


def fetched(site: WordPress) -> list[str]:
    """The articles asked for since the last run began."""
    return sorted(path for path in site.server.asked if "perahu" in path)


@pytest.mark.slow
def test_archive_holds_what_the_feed_holds(run: Run, archive: Path) -> None:
    by_id = itemgetter("id")
    assert sorted(run().articles, key=by_id) == sorted(archived(archive), key=by_id)


def test_second_run_fetches_and_writes_nothing_and_says_so(run: Run, site: WordPress, archive: Path) -> None:
    run()
    done = run()
    assert (done.status, done.articles, fetched(site), len(archived(archive))) == (0, [], [], 3)
    assert done.last_line == "scrapy crawl: nothing new: 3 articles known (-a full=1 crawls all again)"


@pytest.mark.slow
def test_output_left_empty_is_told_where_the_articles_are(run: Run, archive: Path) -> None:
    run()
    assert f"the archive is the place for schedules: {archive}/narayapost has those of every run" in run().log


@pytest.mark.slow
def test_new_article_is_the_only_one_that_the_next_run_fetches(run: Run, site: WordPress, archive: Path) -> None:
    run()
    site.open([Post(4), Post(3)], [Post(2), Post(1)])
    assert (run().ids, fetched(site)) == ([4], [Post(4).path])
    assert sorted(record["id"] for record in archived(archive)) == [1, 2, 3, 4]


@pytest.mark.slow
def test_full_run_gives_every_article_and_archives_none_twice(run: Run, archive: Path) -> None:
    run()
    assert (run("full=1").ids, len(archived(archive))) == ([1, 2, 3], 3)


@pytest.mark.slow
def test_full_run_archives_an_edited_article_as_its_next_revision(run: Run, site: WordPress, archive: Path) -> None:
    run()
    site.publish(Post(2, parts=("Awak perahu menurunkan kangkung saja.",)))
    run("full=1")
    told = [(record["id"], record["revision"], record["body"]) for record in archived(archive)]
    assert told[3:] == [(2, 2, "Awak perahu menurunkan kangkung saja.")]


@pytest.mark.slow
def test_other_markup_around_an_article_is_no_revision(run: Run, site: WordPress, archive: Path) -> None:
    run()
    for post in (Post(1), Post(2), Post(3)):
        site.server.add(post.path, site.article(post, wrapper="site-content tema-baru"))
    run("full=1")
    assert len(archived(archive)) == 3


@pytest.mark.slow
def test_article_that_failed_is_fetched_by_the_next_run(run: Run, site: WordPress) -> None:
    posts = [Post(number) for number in range(1, 21)]
    site.open(posts)
    site.server.add(Post(7).path, "Galat", status=500)
    run()
    site.publish(Post(7))
    assert run().ids == [7]


@pytest.mark.slow
def test_protected_article_is_not_fetched_again(run: Run, site: WordPress) -> None:
    site.server.add(Post(2).path, site.article(Post(2), content=FORM))
    run()
    run()
    assert fetched(site) == []


@pytest.mark.slow
def test_gone_article_is_not_fetched_again(run: Run, site: WordPress) -> None:
    del site.server.pages[Post(2).path]
    run()
    run()
    assert fetched(site) == []


@pytest.mark.slow
def test_article_outside_the_window_is_left_for_a_run_without_one(run: Run, archive: Path) -> None:
    assert run("until=2001-01-01").articles == []
    assert run().ids == [1, 2, 3]


@pytest.mark.slow
def test_articles_over_the_limit_are_left_for_the_next_run(run: Run, archive: Path) -> None:
    first, second = run("limit=2").ids, run().ids
    assert (len(first), sorted(first + second)) == (2, [1, 2, 3])


@pytest.mark.slow
def test_other_address_of_a_known_article_is_fetched_once_and_not_written(
    run: Run, site: WordPress, archive: Path
) -> None:
    run()
    alias = "/daerah/perahu-sayur-2/"
    site.server.add(alias, site.article(Post(2)))
    site.server.add("/", site.listing([site.card(Post(2), alias)]))
    found = [(run().status, fetched(site)) for _ in range(2)]
    assert (found, len(archived(archive))) == ([(0, [alias]), (0, [])], 3)


@pytest.mark.slow
def test_old_slug_that_redirects_is_not_written_again(run: Run, site: WordPress, archive: Path) -> None:
    run()
    site.server.add("/ekonomi/nama-lama/", "", status=301, Location=site.at(Post(2).path))
    site.server.add("/", site.listing([site.card(Post(2), "/ekonomi/nama-lama/")]))
    run()
    assert len(archived(archive)) == 3


@pytest.mark.slow
def test_run_without_ledger_archives_all_it_finds(run: Run, archive: Path) -> None:
    run("LEDGER=")
    assert (run("LEDGER=").ids, len(archived(archive)), (archive / "ledger.db").exists()) == ([1, 2, 3], 6, False)


@pytest.mark.slow
@pytest.mark.parametrize(("compression", "ending"), [("gzip", ".jsonl.gz"), ("zstd", ".jsonl.zst")])
def test_sealed_segment_is_compressed_where_that_is_asked_for(
    run: Run, archive: Path, compression: str, ending: str
) -> None:
    run(f"ARCHIVE_COMPRESSION={compression}")
    assert [path.name.endswith(ending) for path in sealed_segments(archive / "narayapost").values()] == [True]
    assert sorted(record["id"] for record in archived(archive)) == [1, 2, 3]


@pytest.mark.slow
def test_every_stat_of_a_run_is_in_the_ledger(run: Run, archive: Path) -> None:
    run()
    connection = sqlite3.connect(archive / "ledger.db")
    reason, stats = connection.execute("SELECT reason, stats FROM runs").fetchone()
    connection.close()
    told = json.loads(stats)
    assert (reason, told["item_scraped_count"], told["finish_reason"]) == ("finished", 3, "finished")


@pytest.mark.slow
def test_articles_that_are_named_are_fetched_again(run: Run, site: WordPress, archive: Path) -> None:
    run()
    done = run(f"urls={site.at(Post(2).path)}")
    assert (done.ids, fetched(site), len(archived(archive))) == ([2], [Post(2).path], 3)


@pytest.mark.slow
def test_pinned_article_that_the_menu_leads_to_is_written_once_and_done(
    run: Run, scrapy: Scrapy, site: WordPress, archive: Path
) -> None:
    site.menu = (*site.menu, Post(2).path)
    site.open([Post(3), Post(2)], [Post(1)])
    site.publish(Post(2))
    assert run().ids == [1, 2, 3]
    assert scrapy("ledger", "rejected", "-s", f"ARCHIVE={archive}", cwd=ROOT).stdout == ""


@pytest.mark.slow
def test_validators_of_an_article_are_kept(run: Run, site: WordPress, archive: Path) -> None:
    told = {"ETag": 'W/"7"', "Last-Modified": "Mon, 05 Jan 2026 02:00:00 GMT"}
    site.server.add(Post(1).path, site.article(Post(1)), 200, **told)
    run()
    connection = sqlite3.connect(archive / "ledger.db")
    kept = connection.execute("SELECT etag, last_modified FROM articles WHERE post_id = 1").fetchone()
    connection.close()
    assert kept == tuple(told.values())


# What does not belong together


def test_ledger_without_its_archive_fails(run: Run, archive: Path) -> None:
    run()
    [segment] = (archive / "narayapost").glob("*.jsonl")
    segment.unlink()
    done = run()
    assert done.status == 1
    assert done.last_line == (
        f"scrapy crawl: {archive}/narayapost lacks 1 segment that the ledger knows: {segment.stem}"
    )


@pytest.mark.slow
def test_archive_without_its_ledger_fails_until_it_is_rebuilt(
    run: Run, scrapy: Scrapy, site: WordPress, archive: Path
) -> None:
    run()
    (archive / "ledger.db").unlink()
    done = run()
    assert (done.status, "scrapy ledger rebuild narayapost" in done.last_line) == (1, True)
    assert scrapy("ledger", "rebuild", "narayapost", "-s", f"ARCHIVE={archive}", cwd=ROOT).stdout == (
        "narayapost: 3 articles from 1 segment\n"
    )
    assert (run().articles, fetched(site), len(archived(archive))) == ([], [], 3)


@pytest.mark.slow
def test_rebuilt_ledger_knows_the_last_revision(run: Run, scrapy: Scrapy, site: WordPress, archive: Path) -> None:
    run()
    site.publish(Post(2, parts=("Awak perahu menurunkan kangkung saja.",)))
    run("full=1")
    (archive / "ledger.db").unlink()
    scrapy("ledger", "rebuild", "narayapost", "-s", f"ARCHIVE={archive}", cwd=ROOT)
    run("full=1")
    assert [record["revision"] for record in archived(archive)] == [1, 1, 1, 2]


# Export and compaction of what was crawled


@pytest.mark.slow
def test_export_holds_what_the_feed_held(run: Run, scrapy: Scrapy, archive: Path) -> None:
    by_id = itemgetter("id")
    articles = run().articles
    done = scrapy("export", "narayapost", "-O", "-", "-s", f"ARCHIVE={archive}", cwd=ROOT)
    assert sorted(map(json.loads, done.stdout.splitlines()), key=by_id) == sorted(articles, key=by_id)


@pytest.mark.slow
def test_run_after_a_compaction_misses_nothing(run: Run, site: WordPress, scrapy: Scrapy, archive: Path) -> None:
    run()
    site.open([Post(4), Post(3)], [Post(2), Post(1)])
    run()
    assert scrapy("export", "narayapost", "--compact", "-s", f"ARCHIVE={archive}", cwd=ROOT).returncode == 0
    assert len(sealed_segments(archive / "narayapost")) == 1
    done = run()
    assert (done.status, done.articles, fetched(site), len(archived(archive))) == (0, [], [], 4)
