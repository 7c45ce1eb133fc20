"""Hand each answer of the portal on as it came, with its request, to the archive that keeps it."""

import logging
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import responses
from typing import Any, Final, Self

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Response
from scrapy.statscollectors import StatsCollector

from narayacrawl.downloader.fetch import IMAGE

logger = logging.getLogger(__name__)

RAW_PAGE: Final = "narayacrawl_raw_page"
"""Key in the meta of a request: what the archive keeps of its last answer."""
CREDENTIALS: Final = frozenset({b"authorization", b"proxy-authorization", b"cookie"})
"""Headers of a request that are not kept: whoever is given the file must not get them, too."""
FRAMING: Final = frozenset({b"content-length", b"transfer-encoding"})
"""Headers of an answer that tell how it was sent, not what: a body is kept whole and without chunks."""
BREAKS: Final = re.compile(rb"[\r\n\0]")
"""What would end a header before its end."""
HTTP_VERSION: Final = re.compile(r"HTTP/1\.[01]")


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and its answer, as HTTP messages."""

    url: str
    moment: str
    """When the answer came, ISO 8601 in UTC to the microsecond."""
    request: bytes
    """Its head, with the empty line that ends it."""
    request_body: bytes
    head: bytes
    body: bytes
    status: int
    ip_address: str | None
    is_compressed: bool
    """True if the body came compressed."""
    is_get: bool
    article: int | None
    """The article's id in the ledger, if its page was asked for."""


class RawPagesMiddleware:
    """Hands on every answer from the network, redirects and refusals, too; none from Scrapy's HTTP cache, and no image.

    It stands between Scrapy's redirects and decompression, and the downloader. Nothing of an answer stops the crawl:
    one that cannot be kept is counted and left out.
    """

    def __init__(self, stats: StatsCollector) -> None:
        self.stats = stats
        self.keep: Callable[[Exchange], object] | None = None
        """Keeps an exchange and returns what tells where it is, for the request's meta; None: nobody keeps any."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        if not crawler.settings.getbool("WARC"):
            raise NotConfigured
        return cls(crawler.stats)

    def process_response(self, request: Request, response: Response, spider: Spider | None = None) -> Response:
        request.meta.pop(RAW_PAGE, None)  # of a redirect's or a retry's former answer
        if self.keep is None or "cached" in response.flags or IMAGE in request.meta:
            return response
        try:
            kept = self.keep(read_exchange(request, response))
        except Exception as error:
            self.stats.inc_value("narayacrawl/warc/left_out")
            logger.warning("answer not kept (%s: %s): %s", type(error).__name__, error, response.url)
        else:
            if kept is not None:
                request.meta[RAW_PAGE] = kept
        return response


def kept_of(response: Response) -> Any:  # noqa: ANN401 - the archive's
    """Return what the archive has told of an answer that it keeps; None if it does not."""
    return response.request.meta.get(RAW_PAGE) if response.request is not None else None


def read_exchange(request: Request, response: Response) -> Exchange:
    """Return an answer and its request as they were sent, as far as Scrapy tells."""
    url = response.url.partition("#")[0]
    article = request.cb_kwargs.get("article")
    return Exchange(
        url=url,
        moment=datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z"),
        request=_request_head(request, url),
        request_body=request.body,
        head=_response_head(response),
        body=response.body,
        status=response.status,
        ip_address=str(response.ip_address) if response.ip_address else None,
        is_compressed=b"Content-Encoding" in response.headers,
        is_get=request.method == "GET",
        article=article if isinstance(article, int) else None,
    )


def _request_head(request: Request, url: str) -> bytes:
    rest = url.partition("://")[2]
    host = re.split("[/?]", rest, maxsplit=1)[0]
    path = rest[len(host) :]
    target = path if path.startswith("/") else f"/{path}"
    headers = [(name, values) for name, values in request.headers.items() if name.lower() not in CREDENTIALS]
    if "Host" not in request.headers:
        headers.insert(0, (b"Host", [host.rpartition("@")[2].encode()]))
    return _head(f"{request.method} {target} HTTP/1.1", headers)


def _response_head(response: Response) -> bytes:
    protocol = response.protocol or ""
    version = protocol if HTTP_VERSION.fullmatch(protocol) else "HTTP/1.1"
    headers = [(name, values) for name, values in response.headers.items() if name.lower() not in FRAMING]
    if response.status not in (204, 304):
        headers.append((b"Content-Length", [str(len(response.body)).encode()]))
    return _head(f"{version} {response.status} {responses.get(response.status, '')}", headers)


def _head(start: str, headers: Iterable[tuple[bytes, Iterable[bytes]]]) -> bytes:
    lines = [start.encode()]
    for name, values in headers:
        lines += [_escaped(name) + b": " + _escaped(value) for value in values]
    return b"\r\n".join(lines) + b"\r\n\r\n"


def _escaped(text: bytes) -> bytes:
    return BREAKS.sub(lambda match: b"%%%02X" % match[0][0], text)
