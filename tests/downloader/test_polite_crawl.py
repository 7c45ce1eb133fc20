"""What a polite crawl looks like from the portal: when its requests arrive, and what becomes of what it refuses."""

import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import pytest

from benchmarks.answers import HTML, TEXT, Answer
from tests.conftest import ROOT
from tests.desk import Newsroom, Reader, newsroom

ARTICLES = 12
RETRIES = "RETRY_TIMES=3"


@pytest.fixture
def room() -> Iterator[Newsroom]:
    with newsroom(ARTICLES) as room:
        yield room


@pytest.fixture
def reader(room: Newsroom, tmp_path: Path) -> Reader:
    return Reader(room.url, tmp_path, room)


@dataclass
class Gate:
    """Notes when each request arrives, and refuses some."""

    refusals: dict[str, int]
    """How often a path is refused before it is answered."""
    refusal: Answer
    arrivals: list[float] = field(default_factory=list)
    refused_at: list[int] = field(default_factory=list)
    """Which of the arrivals were refused."""
    tries: Counter[str] = field(default_factory=Counter)

    def __call__(self, path: str, headers: Mapping[str, str]) -> Answer | None:
        self.arrivals.append(time.monotonic())
        self.tries[path] += 1
        if self.tries[path] > self.refusals.get(path, 0):
            return None
        self.refused_at.append(len(self.arrivals) - 1)
        return self.refusal

    @property
    def gaps(self) -> list[float]:
        return [later - earlier for earlier, later in pairwise(self.arrivals)]


def refusal(status: int, retry_after: str | None = None, **headers: str) -> Answer:
    return Answer(status, HTML, b"Nanti.", headers | ({"Retry-After": retry_after} if retry_after else {}))


def guard(room: Newsroom, told: Answer, *paths: str, times: int = 1) -> Gate:
    """Refuse these paths so many times each."""
    gate = Gate(dict.fromkeys(paths, times), told)
    room.replies.append(gate)
    return gate


@pytest.mark.slow
@pytest.mark.parametrize("status", [429, 503])
def test_no_request_comes_before_the_told_time_and_no_article_is_lost(
    room: Newsroom, reader: Reader, status: int
) -> None:
    gate = guard(room, refusal(status, "1"), room.path_of(3), room.path_of(7))
    done = reader.crawl(RETRIES, "CONCURRENT_REQUESTS_PER_DOMAIN=1")
    assert (done.status, done.ids) == (0, room.ids())
    assert min(gate.gaps[number] for number in gate.refused_at) >= 1


@pytest.mark.slow
def test_sources_and_robots_txt_wait_as_articles_do(room: Newsroom, reader: Reader) -> None:
    rest = "/wp-json/wp/v2/posts"
    gate = guard(room, refusal(503, "1"), "/robots.txt", "/", rest)
    answer = gate.__call__
    room.replies[:] = [lambda path, headers: answer(path.partition("?")[0], headers)]
    done = reader.crawl(RETRIES, "CONCURRENT_REQUESTS_PER_DOMAIN=1")
    assert (done.status, done.ids) == (0, room.ids())
    assert len(gate.refused_at) == 3
    assert min(gate.gaps[number] for number in gate.refused_at) >= 1


@pytest.mark.slow
def test_redirect_that_asks_for_a_wait_gets_it(room: Newsroom, reader: Reader) -> None:
    old = "/lama/"
    gate = guard(room, refusal(301, "1", Location=f"{room.portal.site}{room.path_of(3)}"), old)
    done = reader.crawl(f"urls={room.portal.site}{old}")
    assert done.ids == room.ids(3)
    assert gate.gaps[gate.refused_at[0]] >= 1


@pytest.mark.slow
def test_article_that_is_refused_again_and_again_is_asked_for_more_slowly(room: Newsroom, reader: Reader) -> None:
    gate = guard(room, refusal(429), room.path_of(3), times=3)
    done = reader.crawl(RETRIES, f"urls={room.portal.site}{room.path_of(3)}")
    assert done.ids == room.ids(3)
    assert [gate.gaps[number] >= wait for number, wait in zip(gate.refused_at, (1, 2, 4), strict=True)] == [True] * 3


def test_long_wait_ends_the_run_and_is_kept(room: Newsroom, reader: Reader) -> None:
    gate = guard(room, refusal(503, "3600"), room.path_of(3))
    first = reader.crawl(RETRIES, "CONCURRENT_REQUESTS_PER_DOMAIN=1")
    assert first.status == 0
    assert 0 < len(first.articles) < ARTICLES
    assert "wants no request before" in first.last_line
    assert gate.refused_at == [len(gate.arrivals) - 1]
    second = reader.crawl()
    assert (second.status, room.asked) == (0, [])
    assert second.log.count("scrapy crawl: ") == 1
    assert "ERROR" not in second.log
    reader.sql("UPDATE portals SET retry_after = '2026-01-01T00:00:00+00:00'")
    third = reader.crawl()
    assert sorted(first.ids + third.ids) == room.ids()


@pytest.mark.slow
def test_run_that_got_nothing_but_a_long_wait_has_failed(room: Newsroom, reader: Reader) -> None:
    guard(room, refusal(503, "3600"), "/robots.txt")
    done = reader.crawl(RETRIES)
    assert (done.status, len(room.asked)) == (1, 1)
    assert "wants no request before" in done.last_line
    assert "Traceback" not in done.log


@pytest.mark.slow
@pytest.mark.parametrize("path", ["/robots.txt", "/", None])
def test_signal_ends_a_run_that_waits(room: Newsroom, tmp_path: Path, path: str | None) -> None:
    guard(room, refusal(503, "290"), path or room.path_of(3))
    settings = {"ARCHIVE": str(tmp_path / "data"), "DOWNLOAD_DELAY": "0", "HTTPPROXY_ENABLED": "False"}
    words = [word for name, value in settings.items() for word in ("-s", f"{name}={value}")]
    call = [sys.executable, "-m", "scrapy", "crawl", "narayapost", "-a", f"url={room.url}", *words]
    with subprocess.Popen(call, cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        log = next(line for line in process.stderr if "asked nothing for" in line)
        process.send_signal(signal.SIGTERM)
        log += process.communicate(timeout=60)[1]  # less than it would wait
    assert process.returncode == 5
    assert "Traceback" not in log


@pytest.mark.long
@pytest.mark.slow
def test_portal_that_refuses_everything_is_left_alone(room: Newsroom, reader: Reader) -> None:
    gate = guard(room, refusal(503), *map(room.path_of, range(1, ARTICLES + 1)), times=99)
    done = reader.crawl(RETRIES)
    assert done.status == 1
    assert sum(path in gate.refusals for path in gate.tries) == 8
    room.replies.clear()
    assert reader.crawl().ids == room.ids()


@pytest.mark.slow
def test_budget_ends_a_run_and_the_next_goes_on(room: Newsroom, reader: Reader) -> None:
    gate = guard(room, refusal(503))
    written = []
    for _ in range(9):
        gate.arrivals.clear()
        done = reader.crawl("REQUEST_BUDGET=8")
        assert done.status == 0
        assert len(gate.arrivals) <= 8
        written += done.ids
        if "REQUEST_BUDGET=8" not in done.last_line:
            break
    assert sorted(written) == room.ids()


@pytest.mark.slow
@pytest.mark.parametrize("count", [200, pytest.param(1_000, marks=pytest.mark.long)])
def test_requests_come_no_faster_than_the_crawl_delay(count: int, tmp_path: Path) -> None:
    delay = 0.02
    robots = Answer(200, TEXT, f"User-agent: narayacrawl\nCrawl-delay: {delay}\n".encode())
    with newsroom(count) as room:
        refused = [room.path_of(number) for number in (20, 21, 100, 140)]
        gate = guard(room, refusal(429), *refused)
        room.replies.append(lambda path, _: robots if path == "/robots.txt" else None)
        done = Reader(room.url, tmp_path, room).crawl(RETRIES, "CONCURRENT_REQUESTS_PER_DOMAIN=8")
        assert done.ids == room.ids()
    assert len(gate.arrivals) > count
    assert min(gate.gaps) >= delay


@pytest.mark.slow
@pytest.mark.parametrize(("told", "kept"), [("60", "60"), ("90", "60")])
def test_crawl_delay_is_obeyed_up_to_a_minute(room: Newsroom, reader: Reader, told: str, kept: str) -> None:
    robots = f"User-agent: *\nCrawl-delay: {told}\n"
    room.reply("/robots.txt", 200, robots, TEXT)
    done = reader.crawl("CLOSESPIDER_TIMEOUT=1")
    assert f"'narayacrawl/crawl_delay': {kept}.0" in done.log
    assert ("robots.txt asks for 90 s" in done.log) == (told != kept)
    assert len(room.asked) == 1
