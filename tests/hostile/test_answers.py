"""A portal whose answers are truncated, corrupt, endless or malformed: each fails alone, and every other is written."""

import gzip
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from multiprocessing import util
from pathlib import Path
from socket import socket

import brotli
import pytest
from backports import zstd

from tests import network
from tests.desk import Reader
from tests.portals import Crawl, Post, WordPress
from tests.raw import Raw, RawPortal, answer, raw_portal

# The parts are tested quickly, in `tests/downloader`.
pytestmark = pytest.mark.slow

HEADER = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=UTF-8\r\n"
CHUNKED = HEADER + b"Transfer-Encoding: chunked\r\n\r\n"
MEGABYTE = 1_000_000


def endlessly(begin: bytes, again: bytes) -> Callable[[socket], None]:
    """Send this, and that again and again until the other side hangs up."""

    def send(connection: socket) -> None:
        connection.sendall(begin)
        while True:
            connection.sendall(again)

    return send


def and_wait(begin: bytes) -> Callable[[socket], None]:
    """Send this, and nothing more until the other side hangs up."""

    def send(connection: socket) -> None:
        connection.sendall(begin)
        connection.recv(1)

    return send


def chunked(page: bytes) -> bytes:
    return CHUNKED + b"%x\r\n%s\r\n" % (len(page), page)


def with_length(page: bytes, length: int) -> bytes:
    return HEADER + b"Content-Length: %d\r\n\r\n" % length + page


def broken(packed: bytes) -> bytes:
    return packed[:-6] + bytes([packed[-6] ^ 0xFF]) + packed[-5:]


def encoded(body: bytes, encoding: bytes) -> bytes:
    return answer(body, b"Content-Encoding: " + encoding)


# How an article's page is answered, and what its line in the log says; None: it is written.
ANSWERS: dict[str, tuple[Callable[[bytes], Raw], str | None]] = {
    "a part, 206": (lambda page: answer(page, status=b"206 Partial Content"), "206"),
    "accepted, 202": (lambda page: answer(page, status=b"202 Accepted"), "202"),
    "changed on the way, 203": (lambda page: answer(page, status=b"203 Other"), "203"),
    "a length that is too long": (lambda page: with_length(page, len(page) + 1), "ended too early"),
    "two lengths": (lambda page: HEADER + b"Content-Length: 9\r\n" + with_length(page, 8)[len(HEADER) :], "Length"),
    "chunks without an end": (chunked, "ended too early"),
    "a chunk cut short": (lambda page: chunked(page)[:-20], "ended too early"),
    "gzip cut short": (lambda page: encoded(gzip.compress(page)[:-9], b"gzip"), "not whole"),
    "gzip with a wrong checksum": (lambda page: encoded(broken(gzip.compress(page)), b"gzip"), "corrupt"),
    "deflate cut short": (lambda page: encoded(zlib.compress(page)[:-3], b"deflate"), "not whole"),
    "Brotli cut short": (lambda page: encoded(brotli.compress(page)[:-3], b"br"), "not whole"),
    "Zstandard cut short": (lambda page: encoded(zstd.compress(page)[:-3], b"zstd"), "not whole"),
    "gzip that is none": (lambda page: encoded(page, b"gzip"), "corrupt"),
    "a bomb": (lambda _: encoded(gzip.compress(b"<p>" * 10 * MEGABYTE), b"gzip"), "when decompressed"),
    "a body that is too long": (lambda _: answer(b"<p>" * 2 * MEGABYTE), "more than"),
    "a body without end": (lambda _: endlessly(HEADER + b"\r\n", b"<p>kata" * 9_999), "more than"),
    "chunks of a byte without end": (lambda _: endlessly(CHUNKED, b"1\r\na\r\n" * 9_999), "chunks"),
    "a header without end": (lambda _: endlessly(HEADER, b"X-A: " + b"a" * 9_999 + b"\r\n"), "header"),
    "a line without end": (lambda _: endlessly(HEADER, b"a" * 9_999), "header"),
    "continuing without end": (lambda _: endlessly(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 99), "before the last"),
    "a status of nothing": (lambda page: answer(page, status=b"0 OK"), "status"),
    "no HTTP": (lambda page: page, "no valid HTTP"),
    "a header of other letters": (lambda page: answer(page, "Näme: a".encode(), b"\xff: b", b"two words: c"), None),
    "a header without a colon": (lambda page: answer(page, b"nothing"), None),
    "space before a colon": (lambda page: answer(page, b"X-A : a"), None),
    "a length that is too short": (lambda page: with_length(page + b"more", len(page)), None),
    "an encoding of no name": (lambda page: encoded(page, b"\xff"), None),
}
POSTS = [Post(number) for number in range(1, len(ANSWERS) + 4)]
GIVEN = dict(zip(ANSWERS, POSTS, strict=False))


@dataclass
class Run:
    """A crawl of that portal."""

    done: Crawl
    portal: RawPortal


def publish(portal: RawPortal) -> WordPress:
    site = WordPress(portal)  # type: ignore[arg-type]
    site.open(POSTS)
    for name, (make, _) in ANSWERS.items():
        portal.answers[GIVEN[name].path] = make(site.article(GIVEN[name]).encode())
    return site


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    with raw_portal() as portal:
        publish(portal)
        # A list of posts and a sitemap that are cut short are no such source.
        portal.answers["/wp-sitemap.xml"] = encoded(gzip.compress(b"<urlset></urlset>")[:-9], b"gzip")
        for path in ("/wp-json/wp/v2/posts", "/sitemap_index.xml"):
            portal.answers[path] = with_length(b"[]", 9)
        reader = Reader(portal.url, tmp_path_factory.mktemp("answers"), prepare=partial(network.play, {}))
        yield Run(reader.crawl(), portal)


def test_every_good_article_is_written_and_no_other(run: Run) -> None:
    good = [post.id for name, post in GIVEN.items() if ANSWERS[name][1] is None]
    assert run.done.ids == good + [post.id for post in POSTS[len(GIVEN) :]]
    assert "Traceback" not in run.done.log


@pytest.mark.parametrize("name", [name for name, (_, why) in ANSWERS.items() if why])
def test_a_bad_answer_is_told_once(name: str, run: Run) -> None:
    path, why = GIVEN[name].path, ANSWERS[name][1]
    [line] = [line for line in run.done.log.splitlines() if path in line and "ERROR" in line]
    assert "article not read" in line
    assert str(why) in line
    assert run.portal.asked.count(path) == 1


def test_bad_answers_are_counted(run: Run) -> None:
    stats = ("encoding", "size", "chunks", "header")
    assert [run.done.stat(f"bad_answer/{name}") for name in stats] == [7, 3, 1, 6]
    assert run.done.stat("bad_answer/header_names") == 3


def test_a_corrupt_sitemap_is_that_sources_failure(run: Run) -> None:
    assert run.done.stat("source/sitemap/failed") == 1


@pytest.mark.parametrize("begin", [HEADER + b"\r\n<html>", HEADER])
def test_an_answer_that_never_ends_is_given_up(begin: bytes, tmp_path: Path) -> None:
    with raw_portal() as portal:
        WordPress(portal).open(POSTS[:3])  # type: ignore[arg-type]
        portal.answers[POSTS[0].path] = and_wait(begin)
        reader = Reader(portal.url, tmp_path, prepare=partial(network.play, {}))
        done = reader.crawl("DOWNLOAD_TIMEOUT=5", "source=listing", "RETRY_TIMES=3")
    assert (done.ids, done.stat("bad_answer/time")) == ([2, 3], 1)
    assert portal.asked.count(POSTS[0].path) == 1


def test_a_bad_answer_takes_no_more_memory_than_a_good_one(tmp_path: Path) -> None:
    peaks = []
    for has_bad in (False, True):
        with raw_portal() as portal:
            (publish if has_bad else lambda own: WordPress(own).open(POSTS))(portal)
            folder = tmp_path / str(has_bad)
            folder.mkdir()
            prepare = partial(remember_peak, folder / "peak")
            Reader(portal.url, folder, prepare=prepare).crawl("source=listing")
            peaks.append(int((folder / "peak").read_text()))
    assert (peaks[1] - peaks[0]) * 1024 < 60 * MEGABYTE


def remember_peak(path: Path) -> None:
    """Write the most memory that this process held from here on, when it ends."""

    def write() -> None:
        status = Path("/proc/self/status").read_text()
        path.write_text(status.partition("VmHWM:")[2].split()[0])

    Path("/proc/self/clear_refs").write_text("5")
    util.Finalize(None, write, exitpriority=0)
