"""Runs that ask for some days or sections alone: what of each source they read, and how they are gone on with."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from benchmarks.answers import JSON, Answer
from tests.desk import Newsroom, Reader, newsroom
from tests.slow import first_quick

ARTICLES = 700
"""Four days and a half of them."""
DAYS = ("2024-01-03", "2024-01-04")
SECTION_ARTICLES = 48
POSTS = "/wp-json/wp/v2/posts"


@pytest.fixture(scope="module")
def house() -> Iterator[Newsroom]:
    """A portal that nobody works at."""
    with newsroom(ARTICLES) as room:
        yield room


@pytest.fixture
def room(house: Newsroom) -> Newsroom:
    house.replies.clear()
    return house


def of_days(room: Newsroom, first: str, last: str) -> list[int]:
    """Ids of the posts published from one day to another."""
    days = {number: room.portal.published.date(number).date().isoformat() for number in room.portal.published.numbers()}
    return sorted(room.id_of(number) for number, day in days.items() if first <= day <= last)


def asked(room: Newsroom, name: str) -> set[str | None]:
    """What the posts' collection was asked with for a parameter."""
    return {dict(parse_qsl(urlsplit(path).query)).get(name) for path in room.paths if path.startswith(POSTS)}


def articles_asked(room: Newsroom) -> set[str]:
    return {*room.paths} & {*room.portal.paths()}


# Days


@pytest.mark.slow
def test_window_is_asked_for_by_its_days_and_one_around(room: Newsroom, reader: Reader) -> None:
    done = reader.crawl("source=rest", "since=2024-01-02", "until=2024-01-02")
    assert (done.status, done.ids) == (0, of_days(room, "2024-01-02", "2024-01-02"))
    assert asked(room, "after") == {"2024-01-01T00:00:00"}
    assert max(filter(None, asked(room, "before"))) == "2024-01-04T00:00:00"


@pytest.mark.slow
def test_only_articles_of_the_window_are_fetched(room: Newsroom, reader: Reader) -> None:
    reader.crawl("source=rest", "since=2024-01-02", "until=2024-01-02")
    days = {
        room.portal.published.date(int(path.rstrip("/").rpartition("-")[2])).date() for path in articles_asked(room)
    }
    assert {str(day) for day in days} == {"2024-01-02"}


@pytest.mark.slow
@pytest.mark.parametrize("source", ["auto", "rest", "feed", "listing"])
def test_window_that_begins_late_is_read_by_each_source(room: Newsroom, reader: Reader, source: str) -> None:
    done = reader.crawl(f"source={source}", "since=2024-01-06")
    assert (done.status, done.ids) == (0, of_days(room, "2024-01-06", "9"))
    assert len(room.paths) < len(done.ids) + (250 if source == "listing" else 20)  # not every theme shows the day


@pytest.mark.slow
def test_backfill_that_is_cut_short_is_gone_on_with(room: Newsroom, reader: Reader) -> None:
    words = ("source=rest", "since=2024-01-06")
    first = reader.crawl(*words, "limit=20")
    fetched = articles_asked(room)
    second = reader.crawl(*words)
    assert sorted(first.ids + second.ids) == of_days(room, "2024-01-06", "9")
    written = {urlsplit(record["url"]).path for record in first.articles}
    assert articles_asked(room) & written == set()
    assert written <= fetched


@pytest.mark.slow
@pytest.mark.parametrize("source", ["rest", "feed", "listing"])
def test_backfill_of_many_pages_that_is_cut_short_is_gone_on_with(room: Newsroom, reader: Reader, source: str) -> None:
    room.portal.per_page = 5
    if source == "rest":
        room.rewrite(POSTS, lambda path, _: room.own(path.replace("per_page=100", "per_page=10")))
    words = (f"source={source}", "since=2024-01-06")
    first = reader.crawl(*words, "limit=20").ids
    second = reader.crawl(*words, "limit=10").ids
    third = reader.crawl(*words).ids
    room.portal.per_page = 15
    assert sorted(first + second + third) == of_days(room, "2024-01-06", "9")


@pytest.mark.slow
def test_window_leaves_the_whole_to_a_run_without_one(room: Newsroom, reader: Reader) -> None:
    reader.crawl("since=2024-01-06")
    last = reader.crawl("source=rest", "limit=5")
    assert (last.status, len(last.articles)) == (0, 5)
    assert not {*last.ids} & {*of_days(room, "2024-01-06", "9")}


@pytest.mark.slow
def test_window_of_one_run_is_not_that_of_another(room: Newsroom, reader: Reader) -> None:
    reader.crawl("since=2024-01-06")
    done = reader.crawl("source=rest", "since=2024-01-02", "until=2024-01-02")
    assert done.ids == of_days(room, "2024-01-02", "2024-01-02")


# Sections


@pytest.fixture
def small(tmp_path: Path) -> Iterator[tuple[Newsroom, Reader]]:
    with newsroom(SECTION_ARTICLES) as room:
        yield room, Reader(room.url, tmp_path, room)


def of_section(room: Newsroom, *names: str) -> list[int]:
    return sorted(room.id_of(number) for number in room.portal.published.numbers(*names))


@pytest.mark.parametrize("source", first_quick("auto", "rest", "feed", "listing"))
@pytest.mark.parametrize("name", ["ekonomi", "Olahraga"])
def test_section_is_read_by_each_source(small: tuple[Newsroom, Reader], source: str, name: str) -> None:
    room, reader = small
    done = reader.crawl(f"source={source}", f"section={name}")
    others = {*done.ids} - {*of_section(room, name.lower())}
    assert (done.status, {*done.ids} - others) == (0, {*of_section(room, name.lower())})
    assert len(others) <= (4 if source == "listing" else 0)  # what stands beside a list is not always told from it


@pytest.mark.slow
def test_several_sections_are_read(small: tuple[Newsroom, Reader]) -> None:
    room, reader = small
    done = reader.crawl("section=ekonomi,budaya")
    assert (done.status, done.ids) == (0, of_section(room, "ekonomi", "budaya"))


def test_section_holds_what_is_in_the_sections_below_it(small: tuple[Newsroom, Reader]) -> None:
    room, reader = small
    told = b"""[{"id": 3, "name": "Ekonomi", "slug": "ekonomi", "parent": 0},
        {"id": 5, "name": "Olahraga", "slug": "olahraga", "parent": 3},
        {"id": 6, "name": "Budaya", "slug": "budaya", "parent": 5}]"""
    room.replies.append(
        lambda path, _: Answer(200, JSON, told) if path.startswith("/wp-json/wp/v2/categories") else None
    )
    done = reader.crawl("source=rest", "section=ekonomi")
    assert asked(room, "categories") == {"3,5,6"}
    assert done.ids == of_section(room, "ekonomi", "olahraga", "budaya")


@pytest.mark.slow
def test_section_that_the_api_does_not_know_is_read_from_its_listing(small: tuple[Newsroom, Reader]) -> None:
    room, reader = small
    room.reply("/wp-json/wp/v2/categories", 200, "[]", JSON)
    done = reader.crawl("section=ekonomi")
    assert (done.status, done.ids, done.stat("source/rest/failed")) == (0, of_section(room, "ekonomi"), 1)


@pytest.mark.slow
def test_new_article_of_a_section_is_found_by_the_next_run(small: tuple[Newsroom, Reader]) -> None:
    room, reader = small
    reader.crawl("section=ekonomi")
    added = [number for number in room.add(16) if room.portal.published.article(number).section == "ekonomi"]
    assert reader.crawl("section=ekonomi").ids == room.ids(*added)


@pytest.mark.slow
@pytest.mark.parametrize("words", [("section=ekonomi",), ("source=sitemap", "since=2024-01-01")])
def test_removed_article_is_found_by_a_schedule_that_reads_only_a_part(
    small: tuple[Newsroom, Reader], words: tuple[str, ...]
) -> None:
    room, reader = small
    reader.crawl(*words)
    first = room.portal.published.numbers("ekonomi")[0]
    room.delete_these(first)
    reader.pass_time(1.1)
    assert reader.crawl(*words).stat("article/gone") == 1


@pytest.mark.slow
def test_removed_article_that_only_a_part_of_the_sitemap_named_is_found(small: tuple[Newsroom, Reader]) -> None:
    room, reader = small
    reader.crawl("source=sitemap", "since=2024-01-01")
    room.delete_these(1)
    reader.pass_time(1.1)
    assert reader.crawl("source=sitemap").stat("article/gone") == 1


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("source=sitemap", "section=ekonomi"), "source=sitemap cannot tell sections"),
        (("source=nonsense",), "source"),
        (("source=rest,nonsense",), "source"),
        (("source=",), "source names no source"),
    ],
)
def test_source_that_cannot_be_asked_is_status_2_and_one_line(
    tmp_path: Path, words: tuple[str, ...], told: str
) -> None:
    done = Reader("http://127.0.0.1:9/", tmp_path).crawl(*words)
    lines = done.log.splitlines()
    assert (done.status, len(lines), told in lines[0]) == (2, 1, True), done.log
