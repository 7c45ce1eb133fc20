"""What a run finds, and what it asks for, where a portal is as the last run left it, and where its newsroom has worked:
by each source of addresses."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.desk import Newsroom, Reader, newsroom
from tests.portals import Crawl
from tests.slow import first_quick

ARTICLES = 130
FEW = {"auto": 5, "rest": 5, "feed": 5, "listing": 12, "sitemap": 6}
"""Requests that a run may make of each source where nothing has changed."""
ALL_CHANGES = ("auto", "rest", "sitemap")
"""Sources that tell of every edit, and of what is gone."""


@dataclass
class Story:
    """Three runs by one source: on an empty archive, on the portal unchanged, after its newsroom has worked."""

    source: str
    room: Newsroom
    reader: Reader
    runs: list[Crawl]
    asked: list[list[str]]
    added: list[int]
    edited: list[int]
    deleted: list[int]


def told(source: str, folder: Path, room: Newsroom) -> Story:
    reader = Reader(room.url, folder, room)
    story = Story(source, room, reader, [], [], [], [], [])
    for number in range(3):
        if number == 2:
            story.deleted = room.delete(3)
            story.added = room.add(5)
            story.edited = [own for own in room.edit(10) if own not in story.added]
        story.runs.append(reader.crawl(f"source={source}"))
        story.asked.append(room.paths)
    return story


@pytest.fixture(scope="module", params=first_quick(*FEW))
def story(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    with newsroom(ARTICLES, themed=True) as room:
        yield told(request.param, tmp_path_factory.mktemp("story"), room)


@pytest.mark.slow
def test_run_on_an_empty_archive_writes_every_article_once(story: Story) -> None:
    originals = sorted(story.room.id_of(number) for number in range(1, ARTICLES + 1))
    assert (story.runs[0].status, story.runs[0].ids) == (0, originals)


def test_run_on_an_unchanged_portal_writes_nothing(story: Story) -> None:
    assert (story.runs[1].status, story.runs[1].articles) == (0, [])


def test_run_on_an_unchanged_portal_asks_for_little(story: Story) -> None:
    assert len(story.asked[1]) <= FEW[story.source], story.asked[1]


def test_run_after_the_newsroom_has_worked_writes_every_new_article(story: Story) -> None:
    assert story.runs[2].status == 0
    assert {*story.room.ids(*story.added)} <= {*story.runs[2].ids}


def test_nothing_is_written_twice(story: Story) -> None:
    assert [own for own in story.reader.revisions().values() if own not in ([1], [1, 2])] == []


def test_no_article_is_fetched_that_was_not_touched(story: Story) -> None:
    touched = {story.room.path_of(number) for number in (*story.added, *story.edited, *story.deleted)}
    known = {story.room.path_of(number) for number in range(1, story.room.portal.published.last + 1)}
    assert known.intersection(story.asked[2]) <= touched


@pytest.mark.parametrize("story", first_quick(*ALL_CHANGES), indirect=True)
def test_every_change_is_written_by_a_source_that_tells_all(story: Story) -> None:
    written = {record["id"]: record["revision"] for record in story.runs[2].articles}
    expected = dict.fromkeys(story.room.ids(*story.added), 1) | dict.fromkeys(story.room.ids(*story.edited), 2)
    assert written == expected


@pytest.mark.parametrize("story", first_quick(*ALL_CHANGES), indirect=True)
def test_what_is_deleted_is_gone_by_a_source_that_tells_all(story: Story) -> None:
    gone = sorted(f"{story.room.portal.site}{story.room.path_of(number)}" for number in story.deleted)
    assert (story.runs[2].stat("article/gone"), sorted(story.reader.listed("gone"))) == (3, gone)


def test_records_are_what_the_portal_published(story: Story) -> None:
    last = {record["id"]: record for record in story.reader.archived()}
    wrong = []
    for number in (*story.added, *(story.edited if story.source in ALL_CHANGES else ())):
        expected = story.room.portal.content.record(number)
        record = last[expected["id"]]
        wrong += [number for name, value in expected.items() if record[name] != value]
    assert wrong == []
