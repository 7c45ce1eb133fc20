"""What pages say to robots and of text and data mining: counted, and obeyed where that is asked for."""

import json
from pathlib import Path

import pytest

from benchmarks.answers import JSON, Answer
from narayacrawl.wordpress.reservations import matches, read_rules, robots_directives
from tests.desk import Newsroom, Reader, newsroom
from tests.growth import grows_in_proportion


@pytest.mark.parametrize(
    ("values", "found"),
    [
        (["noarchive"], {"noarchive"}),
        (["NoIndex, NOFOLLOW"], {"noindex", "nofollow"}),
        (["noindex nofollow"], {"noindex", "nofollow"}),
        (["noindex", "noarchive"], {"noindex", "noarchive"}),
        (["none"], {"none"}),
        (["index, follow, max-snippet:-1, max-image-preview:large"], set()),
        (["max-snippet:-1, noarchive"], {"noarchive"}),
        (["unavailable_after: 25 Jun 2030 15:00:00 PST"], set()),
        (["googlebot: noindex, noarchive"], set()),
        (["narayacrawl: noarchive"], {"noarchive"}),
        (["googlebot: noindex, narayacrawl: noarchive, nofollow"], {"noarchive", "nofollow"}),
        (["googlebot: noindex", "noarchive"], {"noarchive"}),
        (["noarchive, googlebot: noindex"], {"noarchive"}),
        (["archive"], set()),
        (["x-noarchive-x"], set()),
        (["noarchive:"], set()),
        (["", ",", ":", ",:,"], set()),
    ],
)
def test_directives_for_us_are_found(values: list[str], found: set[str]) -> None:
    assert robots_directives(values, "narayacrawl") == found


@pytest.mark.parametrize(
    ("told", "rules"),
    [
        ([{"location": "/", "tdm-reservation": 1}], [("/", True)]),
        ([{"location": "/a", "tdm-reservation": "0"}, {"location": "/b", "tdm-reservation": 1}],
         [("/a", False), ("/b", True)]),
        ({"location": "/", "tdm-reservation": 1}, [("/", True)]),
        ([{"location": "/"}, {"tdm-reservation": 1}, {"location": 5, "tdm-reservation": 1}, None, "x", [1]], []),
        ([{"location": "/", "tdm-reservation": 2}, {"location": "/", "tdm-reservation": True}], []),
        ("x", []),
        (None, []),
    ],
)  # fmt: skip
def test_rules_of_tdmrep_json_are_read(told: object, rules: list[tuple[str, bool]]) -> None:
    assert read_rules(json.dumps(told).encode()) == rules


@pytest.mark.parametrize("body", [b"", b"<html>", b"\xff\xfe", b"[" * 100_000, b"[1e999]"])
def test_file_that_nobody_can_read_has_no_rules(body: bytes) -> None:
    assert read_rules(body) == []


@pytest.mark.parametrize(
    ("pattern", "path", "is_match"),
    [
        ("/", "/ekonomi/beras/", True),
        ("/ekonomi/", "/ekonomi/beras/", True),
        ("/ekonomi/", "/daerah/beras/", False),
        ("*", "/ekonomi/", True),
        ("/*/beras/", "/ekonomi/beras/", True),
        ("/*/beras/", "/ekonomi/gula/", False),
        ("/*.html$", "/beras.html", True),
        ("/*.html$", "/beras.html?a=1", False),
        ("/ekonomi/$", "/ekonomi/", True),
        ("/ekonomi/$", "/ekonomi/beras/", False),
        ("/a*a$", "/a", False),
        ("/a*b*c$", "/abc", True),
        ("/a*b*c$", "/acb", False),
        ("$", "/", False),
    ],
)
def test_patterns_are_those_of_robots_txt(pattern: str, path: str, is_match: bool) -> None:
    assert matches(pattern, path) is is_match


def test_patterns_cost_what_they_are_long() -> None:
    def rule(size: int) -> tuple[str, str]:
        return "/" + "*a" * size + "$", "/" + "a" * size + "b"

    assert grows_in_proportion(rule, lambda made: matches(*made), 10_000)


ARTICLES = 6


def serve(room: Newsroom) -> None:
    """Have five of six articles reserve something, each in another way."""

    def headed(name: str, value: str) -> object:
        return lambda _, answer: answer._replace(headers={**answer.headers, name: value})

    def marked(name: str, value: str) -> object:
        meta = f'<meta name="{name}" content="{value}"></head>'.encode()
        return lambda _, answer: answer._replace(body=answer.body.replace(b"</head>", meta))

    changes = [
        headed("X-Robots-Tag", "noarchive"),
        marked("robots", "noindex, follow"),
        headed("TDM-Reservation", "1"),
        marked("tdm-reservation", "1"),
    ]
    for number, change in enumerate(changes, 1):
        room.rewrite(room.path_of(number), change)  # type: ignore[arg-type]
    rules = [{"location": "/", "tdm-reservation": 0}, {"location": room.path_of(5), "tdm-reservation": 1}]
    well_known = Answer(200, JSON, json.dumps(rules).encode())
    room.replies.insert(0, lambda path, _: well_known if path == "/.well-known/tdmrep.json" else None)


@pytest.mark.slow
def test_reservations_are_counted_and_everything_is_written(tmp_path: Path) -> None:
    with newsroom(ARTICLES) as room:
        serve(room)
        done = Reader(room.url, tmp_path, room).crawl()
        assert (done.status, done.ids) == (0, room.ids())
        assert [done.stat(name) for name in ("robots/noarchive", "robots/noindex", "tdm/reserved")] == [1, 1, 2]
        assert "/.well-known/tdmrep.json" not in room.paths


@pytest.mark.slow
def test_reservations_are_obeyed_where_that_is_asked_for(tmp_path: Path) -> None:
    with newsroom(ARTICLES) as room:
        serve(room)
        reader = Reader(room.url, tmp_path, room)
        done = reader.crawl("RESPECT_NOARCHIVE=1")
        assert (done.status, done.ids) == (0, room.ids(6))
        assert (done.stat("article/reserved"), done.stat("article/failed"), done.stat("tdm/allowed")) == (5, 0, 3)
        assert room.paths.count("/.well-known/tdmrep.json") == 1
        _, listed = reader.scrapy("ledger", "rejected", "narayapost")
        assert sorted(line.partition("reserved: ")[2] for line in listed.splitlines()) == [
            "noarchive", "noindex", *["tdm-reservation"] * 3
        ]  # fmt: skip


@pytest.mark.slow
def test_portal_that_reserves_everything_is_no_failure(tmp_path: Path) -> None:
    with newsroom(ARTICLES) as room:
        room.rewrite("/", lambda _, answer: answer._replace(headers={**answer.headers, "X-Robots-Tag": "none"}))
        done = Reader(room.url, tmp_path, room).crawl("RESPECT_NOARCHIVE=1")
        assert (done.status, done.articles) == (0, [])
        assert done.last_line.endswith(f"{ARTICLES} articles not to be kept (RESPECT_NOARCHIVE)")
