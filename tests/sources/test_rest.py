"""What the REST API of an unusual portal lets a run find."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qsl

import pytest

from benchmarks.answers import JSON, Answer
from narayacrawl.sources import rest
from tests.desk import Newsroom, Reader, newsroom, posts_of, refusal
from tests.slow import first_quick

ARTICLES = 32
POSTS = "/wp-json/wp/v2/posts"

Oddity = Callable[[Newsroom], Callable[[str, Answer], Answer]]


def plain(_: Newsroom) -> Callable[[str, Answer], Answer]:
    return lambda _, answer: answer


def without_total(_: Newsroom) -> Callable[[str, Answer], Answer]:
    return lambda _, answer: answer._replace(headers={})


def capped(room: Newsroom) -> Callable[[str, Answer], Answer]:
    """Ten posts a page, whatever is asked for."""

    def answer(path: str, _: Answer) -> Answer:
        start, words = path.split("?")
        asked = [f"{name}={value}" for name, value in parse_qsl(words) if name != "per_page"]
        most = min(10, int(dict(parse_qsl(words)).get("per_page", 10)))
        return room.own(f"{start}?{'&'.join([*asked, f'per_page={most}'])}")

    return answer


def capped_without_total(room: Newsroom) -> Callable[[str, Answer], Answer]:
    return lambda path, answer: capped(room)(path, answer)._replace(headers={})


def refusing(_: Newsroom) -> Callable[[str, Answer], Answer]:
    """Whatever asks for more than ten posts is refused, as by a plugin that lowers the maximum of `per_page`."""
    reason = {"per_page": "per_page harus di antara 1 (inklusif) dan 10 (inklusif)"}
    told = {"code": "rest_invalid_param", "message": "Parameter salah", "data": {"status": 400, "params": reason}}

    def answer(path: str, told_else: Answer) -> Answer:
        is_too_much = int(dict(parse_qsl(path.split("?")[1])).get("per_page", 10)) > 10
        return Answer(400, JSON, json.dumps(told).encode()) if is_too_much else told_else

    return answer


def with_holes(_: Newsroom) -> Callable[[str, Answer], Answer]:
    """Posts that count and are not shown: private ones."""

    def answer(_: str, told: Answer) -> Answer:
        total = {name: str(int(value) + 2) if name == "X-WP-Total" else value for name, value in told.headers.items()}
        return told._replace(headers=total)

    return answer


def without_moments(_: Newsroom) -> Callable[[str, Answer], Answer]:
    zero = {"date_gmt": "0000-00-00T00:00:00", "modified_gmt": "0000-00-00T00:00:00"}
    return lambda _, answer: posts_of(answer, lambda posts: [own | zero for own in posts])


def with_dates_of_none(_: Newsroom) -> Callable[[str, Answer], Answer]:
    """Imported posts, the last of each page among them, that have no date at all."""
    none = {"date": "0000-00-00T00:00:00", "date_gmt": "0000-00-00T00:00:00"}
    return lambda _, answer: posts_of(answer, lambda posts: [*posts[:-1], *(own | none for own in posts[-1:])])


def capped_without_dates(room: Newsroom) -> Callable[[str, Answer], Answer]:
    return lambda path, answer: with_dates_of_none(room)(path, capped(room)(path, answer))


def always_first(room: Newsroom) -> Callable[[str, Answer], Answer]:
    """Its first page of ten, whatever is asked for."""
    return lambda path, _: room.own(f"{POSTS}?per_page=10")


def always_first_without_total(room: Newsroom) -> Callable[[str, Answer], Answer]:
    return lambda path, _: room.own(f"{POSTS}?per_page=10")._replace(headers={})


def cached(_: Newsroom) -> Callable[[str, Answer], Answer]:
    """A cache that keeps what was answered first, with which parameters ever."""
    kept: dict[str, Answer] = {}
    return lambda path, answer: kept.setdefault(path.partition("?")[0], answer)


ODDITIES: dict[str, Oddity] = {
    "plain": plain,
    "no total": without_total,
    "ten a page": capped,
    "ten a page, no total": capped_without_total,
    "more than ten refused": refusing,
    "holes": with_holes,
    "no moments": without_moments,
    "no dates": with_dates_of_none,
    "ten a page, no dates": capped_without_dates,
}
STUCK = {"first page": always_first, "first page, no total": always_first_without_total, "first answer": cached}


def asked_of_rest(room: Newsroom) -> list[str]:
    return [path for path in room.paths if path.startswith("/wp-json/")]


@pytest.mark.parametrize("oddity", first_quick(*ODDITIES.values()), ids=ODDITIES)
def test_every_post_is_found_with_few_requests(room: Newsroom, reader: Reader, oddity: Oddity) -> None:
    room.rewrite(POSTS, oddity(room))
    done = reader.crawl("source=rest")
    assert (done.status, done.ids) == (0, room.ids()), done.log
    assert len(asked_of_rest(room)) <= 14, asked_of_rest(room)


@pytest.mark.slow
@pytest.mark.parametrize("oddity", first_quick(*ODDITIES.values()), ids=ODDITIES)
def test_second_run_finds_what_is_new_and_writes_nothing_twice(room: Newsroom, reader: Reader, oddity: Oddity) -> None:
    room.rewrite(POSTS, oddity(room))
    reader.crawl("source=rest")
    added = room.add(3)
    done = reader.crawl("source=rest")
    assert (done.status, done.ids) == (0, room.ids(*added))


@pytest.mark.slow
@pytest.mark.parametrize("oddity", [plain, capped], ids=["plain", "ten a page"])
def test_more_edits_than_a_page_has_are_all_found(room: Newsroom, reader: Reader, oddity: Oddity) -> None:
    room.rewrite(POSTS, oddity(room))
    reader.crawl("source=rest")
    edited = room.edit(14)
    done = reader.crawl("source=rest")
    assert (done.ids, {record["revision"] for record in done.articles}) == (room.ids(*edited), {2})


@pytest.mark.slow
def test_api_before_modified_after_tells_of_edits_nevertheless(room: Newsroom, reader: Reader) -> None:
    def old(path: str, _: Answer) -> Answer:
        start, words = path.split("?")
        return room.own(f"{start}?{'&'.join(word for word in words.split('&') if 'modified_after' not in word)}")

    room.rewrite(POSTS, old)
    reader.crawl("source=rest")
    edited = room.edit(5)
    assert reader.crawl("source=rest").ids == room.ids(*edited)
    assert len(asked_of_rest(room)) <= 3


@pytest.mark.parametrize("oddity", first_quick(*STUCK.values()), ids=STUCK)
def test_api_that_gives_one_page_whatever_is_asked_for_is_left(room: Newsroom, reader: Reader, oddity: Oddity) -> None:
    room.rewrite(POSTS, oddity(room))
    done = reader.crawl()
    assert (done.status, done.ids, done.stat("source/rest/failed")) == (0, room.ids(), 1)
    assert len(asked_of_rest(room)) <= 6


def test_plain_permalinks_are_found_by_rest_route(room: Newsroom, reader: Reader) -> None:
    room.reply("/wp-json/", 404, "<h1>Tidak ada</h1>")
    done = reader.crawl("source=rest")
    assert (done.status, done.ids) == (0, room.ids())
    assert [path for path in room.paths if path.startswith("/?rest_route=/wp/v2/posts")] != []


@pytest.mark.slow
def test_delete_and_add_of_as_many_are_both_noticed(room: Newsroom, reader: Reader) -> None:
    reader.crawl("source=rest")
    room.delete(3)
    added = room.add(3)
    done = reader.crawl("source=rest")
    assert (done.ids, done.stat("article/gone")) == (room.ids(*added), 3)


def compare_by_halves() -> None:
    rest.MAX_READ_ONE_BY_ONE = 20  # type: ignore[misc]


def in_utc(room: Newsroom) -> Callable[[str, Answer], Answer]:
    """A site whose clock is UTC, though its pages tell the time of Jakarta."""
    clock = timedelta(hours=7)

    def answer(path: str, _: Answer) -> Answer:
        start, words = path.split("?")
        asked = dict(parse_qsl(words))
        for name in {"after", "before", "modified_after"} & asked.keys():
            asked[name] = (datetime.fromisoformat(asked[name]) + clock).isoformat()
        told = capped(room)(f"{start}?{'&'.join(f'{name}={value}' for name, value in asked.items())}", _)
        return posts_of(told, lambda posts: [
            own | {"date": own["date_gmt"], "modified": own.get("modified_gmt")} for own in posts
        ])  # fmt: skip

    return answer


@pytest.mark.slow
@pytest.mark.parametrize("oddity", [capped, in_utc], ids=["portal's clock", "UTC"])
def test_deletions_from_a_large_archive_are_found_by_halves(tmp_path: Path, oddity: Oddity) -> None:
    with newsroom(70) as room:
        room.rewrite(POSTS, oddity(room))
        reader = Reader(room.url, tmp_path, room, compare_by_halves)
        assert len(reader.crawl("source=rest").articles) == 70
        deleted = room.delete(2)
        done = reader.crawl("source=rest")
        assert (done.status, done.stat("article/gone")) == (0, 2)
        assert sorted(reader.listed("gone")) == sorted(f"{room.portal.site}{room.path_of(own)}" for own in deleted)
        assert len({*room.paths} - {*asked_of_rest(room)}) <= 2 + 2  # front page and robots.txt beside what is gone
        assert len(asked_of_rest(room)) < 16


@pytest.mark.slow
def test_back_dated_post_is_found(room: Newsroom, reader: Reader) -> None:
    hidden = room.id_of(5)

    def without(_: str, answer: Answer) -> Answer:
        kept = posts_of(answer, lambda posts: [own for own in posts if own["id"] != hidden])
        total = str(int(answer.headers.get("X-WP-Total", "1")) - 1)
        return kept._replace(headers={"X-WP-Total": total})

    room.rewrite(POSTS, without)
    assert hidden not in reader.crawl("source=rest").ids
    room.replies.clear()
    assert reader.crawl("source=rest").ids == [hidden]


@pytest.mark.slow
def test_walk_that_is_cut_short_goes_on_where_it_was(room: Newsroom, reader: Reader) -> None:
    def cut_short(path: str, answer: Answer) -> Answer:
        return refusal(403) if "before=" in path else capped(room)(path, answer)

    room.rewrite(POSTS, cut_short)
    first = reader.crawl("source=rest").ids
    room.replies.clear()
    room.rewrite(POSTS, capped(room))
    second = reader.crawl("source=rest")
    assert (len(first), sorted(first + second.ids)) == (10, room.ids())
    before = [dict(parse_qsl(path)).get("before") for path in asked_of_rest(room)]
    assert len(list(filter(None, before))) >= 1
