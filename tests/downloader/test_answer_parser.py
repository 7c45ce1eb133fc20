"""Answers byte by byte: what a header and a chunked body may be."""

# ruff: noqa: N802 - Twisted's names
# mypy: disable-error-code="no-untyped-call"
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from twisted.internet.error import ConnectionLost
from twisted.internet.testing import StringTransport
from twisted.python.failure import Failure
from twisted.web._newclient import Request
from twisted.web.client import ResponseFailed
from twisted.web.http_headers import Headers

from narayacrawl.downloader import answer_parser
from narayacrawl.downloader.answer_parser import (
    MAX_HEADER_BYTES,
    MAX_HEADER_LINES,
    MAX_INTERIM_ANSWERS,
    MAX_LINE_BYTES,
    ClientFactory,
    bad_answer,
)

OK = b"HTTP/1.1 200 OK\r\n"
END = b"Content-Length: 0\r\n\r\n"


class Body:
    """Receives a body, and remembers why it ended."""

    lost: Any = None

    def makeConnection(self, transport: object) -> None: ...

    def dataReceived(self, data: bytes) -> None: ...

    def connectionLost(self, reason: Any) -> None:
        self.lost = reason.value


def ask() -> tuple[Any, Any]:
    """A connection, and what a request on it comes to."""
    protocol: Any = ClientFactory(lambda _: None, {}).buildProtocol(None)
    protocol.makeConnection(StringTransport())
    return protocol, protocol.request(Request(b"GET", b"/", Headers({b"Host": [b"kabar.example"]}), None, True))


def answered(data: bytes) -> list[Any]:
    """What a request is answered with, or fails with, where the portal sends this."""
    protocol, answer = ask()
    got: list[Any] = []
    answer.addCallbacks(got.append, lambda failure: got.append(failure.value))
    for start in range(0, len(data), 4_096):
        protocol.dataReceived(data[start : start + 4_096])
    return got


def headers(data: bytes) -> dict[bytes, list[bytes]]:
    [response] = answered(data)
    return dict(response.headers.getAllRawHeaders())


@pytest.mark.parametrize(
    "line",
    [b"N\xc3\xa4me: a", b"\xff\xfe: a", b"two words: a", b": a", b"a\x00b: a", b"(a): a", b"no colon"],
)
def test_a_header_with_a_name_that_is_none_is_left_out(line: bytes) -> None:
    found = headers(OK + line + b"\r\nContent-Type: text/html\r\n" + END)
    assert found == {b"Content-Type": [b"text/html"]}


def test_space_before_the_colon_is_no_part_of_the_name() -> None:
    assert headers(OK + b"Content-Type \t: text/html\r\n" + END) == {b"Content-Type": [b"text/html"]}


def test_a_large_header_is_read() -> None:
    lines = b"".join(b"X-%d: %s\r\n" % (number, b"a" * 300) for number in range(MAX_HEADER_LINES - 10))
    policy = b"Content-Security-Policy: %s\r\n" % (b"a" * (MAX_LINE_BYTES // 2))
    assert len(headers(OK + policy + lines[: MAX_HEADER_BYTES // 2].rpartition(b"\n")[0] + b"\n" + END)) > 300


def test_answers_before_the_last_one_are_passed_over() -> None:
    early = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n"
    assert headers(early * MAX_INTERIM_ANSWERS + OK + b"X-A: a\r\n" + END) == {b"X-A": [b"a"]}


ENDLESS = {
    "a line": OK + b"X-A: " + b"a" * MAX_LINE_BYTES * 2,
    "a status": b"HTTP/1.1 200 " + b"a" * MAX_LINE_BYTES * 2,
    "long lines": OK + (b"X-A: " + b"a" * 60_000 + b"\r\n") * 5,
    "short lines": OK + b"a:\r\n" * (MAX_HEADER_LINES + 1),
    "a folded line": OK + b"X-A: a\r\n" + b" a\r\n" * MAX_HEADER_LINES,
    "answers before the last one": b"HTTP/1.1 100 Continue\r\n\r\n" * (MAX_INTERIM_ANSWERS + 1),
    "status 0": b"HTTP/1.1 0 OK\r\n" + END,
    "a negative status": b"HTTP/1.1 -200 OK\r\n" + END,
    "a status of many digits": b"HTTP/1.1 2" + b"0" * 4_000 + b" OK\r\n" + END,
}


@pytest.mark.parametrize("data", ENDLESS.values(), ids=ENDLESS)
def test_a_header_without_bounds_or_sense_fails(data: bytes) -> None:
    [failure] = answered(data)
    assert isinstance(failure, ResponseFailed)
    assert (found := bad_answer(failure)) is not None
    assert found.reason == "header"


def test_a_body_in_endless_small_chunks_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answer_parser, "MAX_CHUNKS", 100)
    protocol, answer = ask()
    body = Body()
    answer.addCallback(lambda response: response.deliverBody(body))
    protocol.dataReceived(OK + b"Transfer-Encoding: chunked\r\n\r\n")
    protocol.dataReceived(b"1\r\na\r\n" * 101)
    assert (found := bad_answer(body.lost)) is not None
    assert found.reason == "chunks"


@pytest.mark.parametrize("data", [b"<html>\r\n", b"ICY 200 OK\r\n", OK + b"Transfer-Encoding: br\r\n\r\n"])
def test_what_is_no_http_is_a_bad_answer(data: bytes) -> None:
    [failure] = answered(data)
    assert bad_answer(failure) is not None


@pytest.mark.parametrize("error", [OSError("lain"), ResponseFailed([]), ResponseFailed([Failure(ConnectionLost())])])
def test_another_failure_is_no_bad_answer(error: BaseException) -> None:
    assert bad_answer(error) is None


PARTS = [b"HTTP/1.1 ", b"200 OK", b"\r\n", b"\n", b":", b" ", b"\t", b"Content-Length: ", b"Transfer-Encoding: chunked"]
PARTS += [b"5", b"-1", b"\xff", b"\x00", b"Location", b"Content-Encoding: gzip", b"100", b"a" * 20_000]


@given(st.lists(st.sampled_from(PARTS) | st.binary(max_size=20)).map(b"".join))
@example(OK + b"Content-Length: 5\r\nContent-Length: 5\r\n\r\n")
def test_no_header_raises_anything(data: bytes) -> None:
    answered(data)
    answered(OK + data)
