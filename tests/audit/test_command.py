"""`scrapy audit`, as it is typed: what it finds."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from filelock import FileLock

from benchmarks.crawl import portal
from narayacrawl.archive.segment_files import LOCK
from tests.audit.archived import ARTICLES, Archive, Work, answer, run
from tests.conftest import ROOT, Scrapy


@pytest.mark.slow
def test_archive_that_is_as_the_portal_tells_is_good(crawled: Archive) -> None:
    done = crawled.audit()
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.splitlines() == [
        f"scrapy audit: {ARTICLES} articles as the portal tells; read whole: rest, sitemap, listing"
    ]


@pytest.mark.slow
def test_no_article_is_fetched(crawled: Archive) -> None:
    answer(crawled.site, "asked?reset=1")
    crawled.audit()
    asked = answer(crawled.site, "asked")
    assert (asked["articles"], asked["rest"] > 0, asked["sitemaps"] > 0, asked["listings"] > 0) == (0, True, True, True)


@pytest.mark.slow
def test_audit_leaves_ledger_and_archive_as_they_are(archive: Archive) -> None:
    archive.forget(*archive.urls(0))

    def state() -> tuple[object, ...]:
        files = {path.name: path.read_bytes() for path in archive.folder.iterdir()}
        return files, archive.sql("select * from articles"), archive.sql("select * from runs")

    before = state()
    archive.audit()
    assert state() == before


@pytest.mark.slow
def test_every_deleted_row_and_line_is_found_and_nothing_else(archive: Archive) -> None:
    unknown, lost = archive.urls(3, 30, 31), archive.urls(0, 9, 59)
    archive.forget(*unknown)
    archive.rewrite(lambda lines: [line for place, line in enumerate(lines) if place not in (0, 9, 59)])
    done = archive.audit()
    assert done.returncode == 1
    assert archive.found() == [("damaged", ""), *sorted(("missing", url) for url in unknown + lost)]
    assert done.stderr.splitlines()[-1].startswith("scrapy audit: 6 missing; 1 damaged; read whole: rest")


@pytest.mark.slow
def test_portal_that_wants_no_request_yet_is_not_audited(archive: Archive) -> None:
    later = (datetime.now(UTC) + timedelta(hours=2)).isoformat(timespec="seconds")
    archive.sql("insert or replace into portals (portal, retry_after) select distinct portal, ? from runs", later)
    answer(archive.site, "asked?reset=1")
    done = archive.audit()
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert f"wants no request before {later}" in done.stderr
    assert not any(answer(archive.site, "asked").values())


@pytest.mark.slow
def test_article_that_is_no_article_is_not_missing(archive: Archive) -> None:
    [url] = archive.urls(8)
    archive.sql("update articles set state = 'rejected', reason = 'protected' where url = ?", url)
    assert archive.found() == []


@pytest.mark.slow
def test_listing_that_was_taken_for_an_article_is_read(archive: Archive) -> None:
    [url] = archive.urls(0)
    archive.sql("update articles set state = 'rejected', reason = 'listing' where url = ?", url)
    answer(archive.site, "asked?reset=1")
    assert archive.audit().returncode == 0
    assert answer(archive.site, "asked")["articles"] == 1


@pytest.mark.slow
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


@pytest.mark.slow
def test_portal_that_does_not_answer_is_no_verdict(tmp_path: Path) -> None:
    with portal("--articles", "3") as site:
        assert run(site, tmp_path, "crawl").returncode == 0
    done = run(site, tmp_path, "audit", "--fetch")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines()[-1].startswith("scrapy audit: unreachable")


@pytest.mark.slow
def test_work_of_the_newsroom_is_told_precisely(newsroom: Work) -> None:
    archive, work = newsroom
    assert archive.found() == sorted((kind, url) for kind, urls in work.items() for url in urls)


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
    assert (done.returncode, "is going on (it holds" in done.stderr) == (4, True)
