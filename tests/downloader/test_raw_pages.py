"""What is told of an answer to whoever keeps it."""

from ipaddress import ip_address
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request
from scrapy.exceptions import NotConfigured
from scrapy.http import Response
from scrapy.settings import Settings

from narayacrawl.downloader.fetch import IMAGE
from narayacrawl.downloader.raw_pages import RAW_PAGE, Exchange, RawPagesMiddleware, kept_of, read_exchange

URL = "https://portal.example/ekonomi/berita-a/?p=7#komentar"


def answer(body: bytes = b"<html>", status: int = 200, **headers: Any) -> Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(URL, status, named, body, protocol="HTTP/1.1", ip_address=ip_address("127.0.0.7"))


class Keeping:
    """A middleware whose exchanges are kept in a list."""

    def __init__(self) -> None:
        self.exchanges: list[Exchange] = []
        self.counts: dict[str, int] = {}
        stats: Any = SimpleNamespace(inc_value=lambda name: self.counts.update({name: self.counts.get(name, 0) + 1}))
        self.middleware = RawPagesMiddleware(stats)
        self.middleware.keep = self.keep

    def keep(self, exchange: Exchange) -> object:
        self.exchanges.append(exchange)
        return f"kept {len(self.exchanges)}"

    def pass_on(self, request: Request, response: Response) -> Response:
        return self.middleware.process_response(request, response)


def test_request_and_answer_are_told_as_messages() -> None:
    request = Request(URL, headers={"User-Agent": "narayacrawl", "Accept": "text/html"}, cb_kwargs={"article": 3})
    told = read_exchange(request, answer(Content_Type="text/html", Set_Cookie=["a=1", "b=2"]))
    assert told.request == (
        b"GET /ekonomi/berita-a/?p=7 HTTP/1.1\r\nHost: portal.example\r\nUser-Agent: narayacrawl\r\n"
        b"Accept: text/html\r\n\r\n"
    )
    assert told.head == (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nContent-Length: 6\r\n\r\n"
    )
    assert (told.url, told.status, told.body, told.ip_address, told.article, told.is_compressed) == (
        "https://portal.example/ekonomi/berita-a/?p=7", 200, b"<html>", "127.0.0.7", 3, False
    )  # fmt: skip


HEADS: dict[str, tuple[Response, bytes]] = {
    "not modified": (answer(b"", 304, ETag='"7"', Content_Length="99"), b'304 Not Modified\r\nEtag: "7"\r\n\r\n'),
    "empty": (answer(b""), b"200 OK\r\nContent-Length: 0\r\n\r\n"),
    "an unknown status": (answer(b"", 799), b"799 \r\nContent-Length: 0\r\n\r\n"),
    "in chunks": (answer(Transfer_Encoding="chunked"), b"200 OK\r\nContent-Length: 6\r\n\r\n"),
    "another length": (answer(Content_Length="5000"), b"200 OK\r\nContent-Length: 6\r\n\r\n"),
    "compressed": (
        answer(b"\x1f\x8b", Content_Encoding="gzip"),
        b"200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n",
    ),
    "a header with line ends": (
        answer(b"", X_Judul=b"pagi\r\nSet-Cookie: x\0"),
        b"200 OK\r\nX-Judul: pagi%0D%0ASet-Cookie: x%00\r\nContent-Length: 0\r\n\r\n",
    ),
    "a header in Latin-1, with control characters": (
        answer(b"", X_Judul=b"K\xe9bar\x01\x7f"),
        b"200 OK\r\nX-Judul: K\xe9bar\x01\x7f\r\nContent-Length: 0\r\n\r\n",
    ),
}


@pytest.mark.parametrize("name", HEADS)
def test_the_head_fits_what_is_kept(name: str) -> None:
    response, expected = HEADS[name]
    assert read_exchange(Request(URL), response).head == b"HTTP/1.1 " + expected


def test_another_protocol_is_written_as_http() -> None:
    response = Response(URL, protocol="h2")
    assert read_exchange(Request(URL), response).head.startswith(b"HTTP/1.1 200 OK\r\n")


@pytest.mark.parametrize("name", ["Authorization", "Cookie", "Proxy-Authorization"])
def test_credentials_are_not_told(name: str) -> None:
    told = read_exchange(Request(URL, headers={name: "rahasia"}), answer())
    assert b"rahasia" not in told.request


@pytest.mark.parametrize(
    ("url", "line"),
    [
        ("https://portal.example", b"GET / HTTP/1.1\r\nHost: portal.example\r\n"),
        ("https://portal.example?p=7", b"GET /?p=7 HTTP/1.1\r\nHost: portal.example\r\n"),
        ("http://127.0.0.1:8080/a?b=/c#d", b"GET /a?b=/c HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n"),
        ("http://[::1]:8080/", b"GET / HTTP/1.1\r\nHost: [::1]:8080\r\n"),
    ],
)
def test_the_request_line_is_that_of_the_address(url: str, line: bytes) -> None:
    assert read_exchange(Request(url), Response(url)).request == line + b"\r\n"


def test_what_is_told_of_an_answer_stands_in_its_meta() -> None:
    keeping, request = Keeping(), Request(URL)
    response = keeping.pass_on(request, answer())
    response.request = request
    assert kept_of(response) == "kept 1"


def test_a_redirect_and_a_retry_have_their_own_answer_only() -> None:
    keeping = Keeping()
    request = Request(URL)
    keeping.pass_on(request, answer(b"", 301))
    redirected = request.replace(url="https://portal.example/lain/")
    cached = answer()
    cached.flags.append("cached")
    keeping.pass_on(redirected, cached)
    assert (request.meta[RAW_PAGE], redirected.meta.get(RAW_PAGE)) == ("kept 1", None)


@pytest.mark.parametrize("what", ["cached", "image", "nobody keeps"])
def test_what_is_not_of_the_network_or_kept_elsewhere_is_not_told(what: str) -> None:
    keeping, request, response = Keeping(), Request(URL, meta={IMAGE: True} if what == "image" else {}), answer()
    if what == "cached":
        response.flags.append("cached")
    if what == "nobody keeps":
        keeping.middleware.keep = None
    assert keeping.pass_on(request, response) is response
    assert keeping.exchanges == []


def test_an_answer_that_cannot_be_kept_goes_on_and_is_counted(caplog: pytest.LogCaptureFixture) -> None:
    def refuse(exchange: Exchange) -> object:
        raise ValueError("no WARC has that")

    keeping, request, response = Keeping(), Request(URL), answer()
    keeping.middleware.keep = refuse
    assert keeping.pass_on(request, response) is response
    assert (request.meta, keeping.counts) == ({}, {"narayacrawl/warc/left_out": 1})
    assert caplog.messages == [f"answer not kept (ValueError: no WARC has that): {URL}"]


def test_it_is_off_by_default() -> None:
    crawler: Any = SimpleNamespace(settings=Settings(), stats=None)
    with pytest.raises(NotConfigured):
        RawPagesMiddleware.from_crawler(crawler)
