"""Fetch single pages beside those that Scrapy's scheduler sends; read an answer's headers."""

import asyncio
import logging
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.internet.defer import CancelledError
from twisted.python.failure import Failure

from narayacrawl.downloader.address_rule import Refused
from narayacrawl.language.numbers import read_number
from narayacrawl.urls import without_userinfo

logger = logging.getLogger(__name__)

GONE: Final = (404, 410)
"""Statuses of a page that was removed."""
REDIRECTS: Final = (301, 302, 303, 307, 308)
"""Statuses of an answer that leads to another address (RFC 9110, 15.4)."""
LASTING: Final = frozenset({301, 308})
"""Statuses of a redirect that is meant to last."""
MAX_CLOCK_ERROR: Final = timedelta(days=1)
"""A portal's clock may be so much ahead; a later `Date` would hide every edit until then."""
NEEDED: Final = "narayacrawl_needed"
"""Key in the meta of a request without which what was read is not whole: a run that finishes makes it, too."""
IMAGE: Final = "narayacrawl_image"
"""Key in the meta of a request for an article's image, which nothing waits for."""
MAX_REST_SIZE: Final = 12 * 1024 * 1024
"""Bytes of an answer of the REST API, decompressed, too: a hundred posts of 120 KB each."""
MAX_XML_SIZE: Final = 16 * 1024 * 1024
"""Bytes of a feed, a sitemap, robots.txt: the 50,000 entries that a sitemap may have, with a picture each."""
MAX_HEADER_VALUE: Final = 4_096
"""A longer value of a header tells nothing; kept as a validator and sent back, it would be refused."""
MAX_AGE: Final = 10 * 365 * 86_400
"""In seconds."""
CANCELLED: Final = (asyncio.CancelledError, CancelledError)


class Interrupted(Exception):
    """The crawl is told to end, and what was asked for will not come."""


async def fetch(
    crawler: Crawler,
    url: str,
    headers: Mapping[str, str] | None = None,
    *,
    obey_robots: bool = True,
    is_needed: bool = False,
    max_size: int | None = None,
) -> Response | None:
    """Return the answer to a GET, whatever its status; None, logged, if none came, or one of more than `max_size`
    bytes, by default those of a page. Raises `Interrupted` if the crawl ends. `is_needed`: an article that was read is
    not whole without it."""
    meta: dict[str, Any] = {} if obey_robots else {"dont_obey_robotstxt": True}
    if is_needed:
        meta[NEEDED] = True
    if max_size is not None:
        meta["download_maxsize"] = max_size
    request = Request(url, headers=headers, meta=meta)
    try:
        return await crawler.engine.download_async(request)
    except CANCELLED as error:
        raise Interrupted from error
    except Refused as error:
        logger.warning("not asked for (%s): %s", error, without_userinfo(url))
    except IgnoreRequest as error:
        logger.info("not asked for (%s): %s", error, url)
    except Exception as error:  # a download fails in as many ways as there are handlers and middlewares
        if is_closing(crawler):
            raise Interrupted from error
        logger.warning("no answer (%s): %s", error, url)
    return None


def is_closing(crawler: Crawler) -> bool:
    """True if the crawl is being closed: then the engine's own parts may be gone already."""
    slot = crawler.engine._slot
    return slot is None or slot.closing is not None


def is_cancelled(failure: Failure) -> bool:
    """True if nothing failed, but the crawl is told to end."""
    return isinstance(failure.value, CANCELLED)


def failed_status(failure: Failure) -> int | None:
    """Return the status of the answer that failed; None if none came."""
    return failure.value.response.status if isinstance(failure.value, HttpError) else None


def has_left_for_good(failure: Failure) -> bool:
    """True if the address that was asked for leads off the portal, by redirects that are meant to last: what was there
    has gone elsewhere. One for the time being may be a login, or a fault."""
    refused = failure.value
    if not isinstance(refused, Refused) or refused.reason != "host":
        return False
    return is_redirected_for_good(failure.request)  # type: ignore[attr-defined]


def is_redirected_for_good(request: Request) -> bool:
    """True if a request follows redirects that are all meant to last (RFC 9110, 15.4)."""
    reasons: list[int] = request.meta.get("redirect_reasons", [])
    return bool(reasons) and {*reasons} <= LASTING


def conditional_headers(etag: str | None, last_modified: str | None) -> dict[str, str]:
    """Return the headers of a conditional request: answer only what these validators are not of (RFC 9110, 13.1).

    A weak ETag may be one that a cache on the way made of a strong one, which WordPress' feeds do not know again, and
    they want both to match: then the date goes alone.
    """
    headers = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    if etag and etag.startswith("W/") and last_modified:
        del headers["If-None-Match"]
    return {name: value for name, value in headers.items() if value}


def answered_at(response: Response) -> str:
    """Return when the portal made an answer, ISO 8601 in UTC: its `Date` less its `Age` in caches (RFC 9110, 6.6.1; RFC
    9111, 5.1), or now if it tells none."""
    now = datetime.now(UTC)
    date = read_http_date(header(response, "Date"))
    if date is None or date > now + MAX_CLOCK_ERROR:
        date = now
    age = read_number(header(response, "Age"), most=MAX_AGE) or 0
    return (date - timedelta(seconds=age)).isoformat(timespec="seconds")


def read_http_date(text: str | None) -> datetime | None:
    """Return the moment of a header's date in UTC (RFC 9110, 5.6.7); None if nobody can read it, or it is before 1990
    or after 2100."""
    try:
        date = parsedate_to_datetime(text or "").astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):  # the standard library's, of a malformed date
        return None
    return date if 1990 <= date.year <= 2100 else None


def header(response: Response, name: str) -> str | None:
    """Return the value of a header; None if the answer has none, or one that is too long."""
    value = response.headers.get(name)
    return value.decode("latin-1") if value and len(value) <= MAX_HEADER_VALUE else None


def fetched_at(response: Response) -> str:
    """Return when the answer came, ISO 8601 in UTC; of an answer from Scrapy's HTTP cache, when it was recorded (its
    `Date`)."""
    recorded = read_http_date(header(response, "Date")) if "cached" in response.flags else None
    return (recorded or datetime.now(UTC)).isoformat(timespec="seconds")


def asked_url(response: Response) -> str:
    """Return the address that was asked for: the first one of a chain of redirects."""
    url: str = response.meta.get("redirect_urls", [response.url])[0]
    return url
