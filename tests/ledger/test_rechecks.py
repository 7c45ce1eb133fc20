"""Which articles are looked at again though they are written: when, how many, the newest first, and how."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from narayacrawl.downloader.fetch import conditional_headers
from narayacrawl.ledger.database import transaction
from narayacrawl.ledger.discovered import LISTING, REST, DiscoveredArticle, Source
from narayacrawl.ledger.due import DueArticle
from narayacrawl.ledger.tables import articles
from tests.desk import Newsroom, Reader, newsroom
from tests.ledger.opened import A, B, LedgerRun, opened

SCALE = (timedelta(hours=1), timedelta(hours=6), timedelta(days=1), timedelta(days=7), timedelta(days=30))
PAST = "2020-01-01T00:00:00+00:00"
EDIT, LATER = "2020-02-01T00:00:00+00:00", "2020-03-01T00:00:00+00:00"
MAP = Source("sitemap", 7)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.db"


def hold(run: LedgerRun, url: str = "", **values: object) -> None:
    """Have the ledger hold this of an article, or of all."""
    which = [articles.c.url == url] if url else []
    with transaction(run.connection):
        run.connection.execute(update(articles).where(*which).values(values))


def next_check(run: LedgerRun, url: str) -> datetime:
    with transaction(run.connection):
        told = run.connection.execute(select(articles.c.next_check).where(articles.c.url == url)).scalar_one()
    return datetime.fromisoformat(told)


def waits(run: LedgerRun, url: str, before: datetime) -> range:
    """How many seconds an article waits for its next look, which was decided since a moment: at least, at most."""
    again = next_check(run, url)
    return range(int((again - datetime.now(UTC)).total_seconds()), int((again - before).total_seconds()) + 2)


def looked_at(path: Path, *sources: str) -> list[str]:
    """What a run looks at when these sources have told all that they tell."""
    with opened(path) as run:
        assert run.due_urls() == []
        run.due.trust_changes_from(sources)
        return run.due_urls()


# When


@pytest.mark.parametrize("looks", range(7))
def test_article_that_does_not_change_is_looked_at_ever_later(path: Path, looks: int) -> None:
    before = datetime.now(UTC)
    with opened(path) as run:
        run.write(A)
        for _ in range(looks):
            run.ledger.mark_unchanged(run.article_at(A))
        assert SCALE[min(looks, 4)].total_seconds() in waits(run, A, before)


def test_article_that_has_changed_is_looked_at_in_an_hour_again(path: Path) -> None:
    with opened(path) as run:
        run.write(A)
        for _ in range(3):
            run.ledger.mark_unchanged(run.article_at(A))
    before = datetime.now(UTC)
    with opened(path) as run:
        run.write(A)
        assert SCALE[0].total_seconds() in waits(run, A, before)


def test_nothing_is_looked_at_before_its_time(path: Path) -> None:
    with opened(path) as run:
        run.write(A)
    assert looked_at(path) == []


def test_what_is_due_is_looked_at_once_the_sources_have_told_all(path: Path) -> None:
    with opened(path) as run:
        run.write(A)
        hold(run, next_check=PAST)
    assert looked_at(path) == [A]


# Which


@pytest.fixture
def many(path: Path) -> Path:
    """A ledger of 1,200 articles, all due, the first the oldest."""
    with opened(path) as run:
        run.discover([f"https://portal.example/daerah/berita-{own}/" for own in range(1_200)], LISTING)
        with transaction(run.connection):
            published = {"published": articles.c.id + 1_000_000, "state": "done", "next_check": PAST}
            run.connection.execute(update(articles).values(published))
    return path


def test_a_thousand_at_most_are_looked_at_in_a_run_the_newest(many: Path) -> None:
    expected = {f"https://portal.example/daerah/berita-{own}/" for own in range(200, 1_200)}
    found = looked_at(many)
    assert (len(found), {*found}) == (1_000, expected)
    assert {*found[:100]} == {f"https://portal.example/daerah/berita-{own}/" for own in range(1_100, 1_200)}


def test_what_waits_comes_before_what_is_looked_at(path: Path) -> None:
    with opened(path) as run:
        run.write(A)
        hold(run, next_check=PAST)
    with opened(path) as run:
        run.due.trust_changes_from(())
        run.discover([B])
        assert run.due_urls() == [B, A]


@pytest.mark.parametrize("source", [REST, MAP])
@pytest.mark.parametrize(
    ("lastmod", "as_of", "modified", "watched"),
    [
        (EDIT, EDIT, None, False),
        (EDIT, LATER, EDIT, True),
        (EDIT, LATER, LATER, False),  # the page tells of an edit that the source did not
        (LATER, EDIT, None, False),  # a cache gave what was before the edit
        (None, LATER, None, False),
    ],
)
def test_article_whose_changes_a_source_tells_is_not_looked_at(
    path: Path, source: Source, lastmod: str | None, as_of: str, modified: str | None, watched: bool
) -> None:
    with opened(path) as run:
        run.discover([DiscoveredArticle(A)], source)
        run.write(A)
        hold(run, next_check=PAST, lastmod=lastmod, as_of=as_of, modified=modified)
    assert looked_at(path, source.name) == ([] if watched else [A])


@pytest.mark.parametrize(("source", "watching"), [(REST, "sitemap"), (MAP, "rest"), (REST, ""), (LISTING, "rest")])
def test_article_is_looked_at_where_what_names_it_did_not_work(path: Path, source: Source, watching: str) -> None:
    with opened(path) as run:
        run.discover([DiscoveredArticle(A)], source)
        run.write(A)
        hold(run, next_check=PAST, lastmod=EDIT, as_of=EDIT)
    assert looked_at(path, *filter(None, [watching])) == [A]


@pytest.mark.parametrize(("liars", "found"), [(2, 2), (3, 4)])
def test_source_that_pages_contradict_is_not_believed(path: Path, liars: int, found: int) -> None:
    urls = [f"https://portal.example/daerah/berita-{own}/" for own in range(4)]
    with opened(path) as run:
        run.discover([DiscoveredArticle(url) for url in urls], REST)
        for url in urls:
            run.write(url)
        hold(run, next_check=PAST, lastmod=EDIT, as_of=LATER)
        for url in urls[:liars]:
            hold(run, url, modified="2020-02-15T00:00:00+00:00")
    assert len(looked_at(path, "rest")) == found


# How


@pytest.mark.parametrize(
    ("etag", "last_modified", "asked"),
    [
        ('"7"', None, {"If-None-Match": '"7"'}),
        ('W/"7"', None, {"If-None-Match": 'W/"7"'}),
        (None, "Mon", {"If-Modified-Since": "Mon"}),
        ('"7"', "Mon", {"If-None-Match": '"7"', "If-Modified-Since": "Mon"}),
        ('W/"7"', "Mon", {"If-Modified-Since": "Mon"}),
        (None, None, {}),
    ],
)
def test_conditions_are_the_validators_of_the_last_answer(
    etag: str | None, last_modified: str | None, asked: dict[str, str]
) -> None:
    assert conditional_headers(etag, last_modified) == asked


def test_validators_are_given_with_a_look_and_not_with_what_waits(path: Path) -> None:
    with opened(path) as run:
        for url in (A, B):
            run.write(url)
            hold(run, url, etag='"7"', last_modified="Mon", next_check=PAST)
        hold(run, B, state="pending")
    with opened(path) as run:
        run.due.trust_changes_from(())
        assert [own[1:] for own in iter(run.due.next, None)] == [
            DueArticle(0, B)[1:],
            DueArticle(0, A, '"7"', "Mon")[1:],
        ]


# In a crawl

LAST = "Mon, 05 Jan 2026 02:00:00 GMT"


@pytest.fixture
def room() -> Iterator[Newsroom]:
    """A portal of pages alone, which tell validators."""
    with newsroom(12, having=()) as room:
        paths = tuple(room.portal.paths())
        tag = {"ETag": '"1"', "Last-Modified": LAST}
        room.rewrite(paths, lambda _, answer: answer._replace(headers=tag) if answer.status == 200 else answer)
        yield room


@pytest.fixture
def reader(room: Newsroom, tmp_path: Path) -> Reader:
    """One that has the whole portal, all of it due."""
    reader = Reader(room.url, tmp_path, room)
    assert len(reader.crawl().articles) == 12
    reader.pass_time(2)
    return reader


def test_article_is_asked_for_with_its_validators(room: Newsroom, reader: Reader) -> None:
    reader.crawl()
    sent = [headers for path, headers in room.asked if path in room.portal.paths()]
    assert len(sent) == 12
    assert {(own.get("if-none-match"), own.get("if-modified-since")) for own in sent} == {('"1"', LAST)}


@pytest.mark.slow
def test_answer_304_counts_as_a_look_and_writes_nothing(room: Newsroom, reader: Reader) -> None:
    room.reply(tuple(room.portal.paths()), 304)
    done = reader.crawl()
    assert (done.status, done.articles, done.stat("article/unchanged"), len(reader.archived())) == (0, [], 12, 12)
    assert reader.sql("SELECT DISTINCT state, checks FROM articles") == [("done", 1)]


@pytest.mark.slow
def test_same_page_counts_as_a_look_and_writes_nothing(reader: Reader) -> None:
    done = reader.crawl()
    assert (done.status, done.articles, len(reader.archived())) == (0, [], 12)
    assert reader.sql("SELECT DISTINCT state, checks FROM articles") == [("done", 1)]


@pytest.mark.slow
def test_edit_that_no_source_tells_of_is_written_when_it_is_looked_at(room: Newsroom, reader: Reader) -> None:
    edited = room.edit(2)
    done = reader.crawl()
    assert {record["id"]: record["revision"] for record in done.articles} == dict.fromkeys(room.ids(*edited), 2)
    assert sorted(reader.sql("SELECT checks, count(*) FROM articles GROUP BY checks")) == [(0, 2), (1, 10)]


@pytest.mark.slow
def test_edit_that_a_cache_hides_is_looked_for_again_after_an_hour(tmp_path: Path) -> None:
    with newsroom(12) as room:
        reader = Reader(room.url, tmp_path, room)
        reader.crawl()
        reader.sql("UPDATE articles SET as_of = '2025-01-01T00:00:00+00:00'")  # else all is of one second
        before = {path: room.own(path) for path in room.portal.paths()}
        edited = room.edit(2)
        room.rewrite(tuple(before), lambda path, _: before[path])
        assert reader.crawl().articles == []
        room.replies.clear()
        reader.pass_time(1.5)
        assert reader.crawl().ids == room.ids(*edited)
