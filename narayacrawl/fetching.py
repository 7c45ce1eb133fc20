"""Answers to single requests, beside those that Scrapy's scheduler sends."""

import asyncio
import logging
from typing import Final

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.internet.defer import CancelledError
from twisted.python.failure import Failure

logger = logging.getLogger(__name__)

GIVEN_UP: Final = (asyncio.CancelledError, CancelledError)


class Interrupted(Exception):
    """The crawl is told to end, and what was asked for will not come."""


async def fetch(crawler: Crawler, url: str, priority: int = 0) -> Response | None:
    """The answer to a GET, whatever its status; None, logged, where none came. `Interrupted` where the crawl ends."""
    try:
        return await crawler.engine.download_async(Request(url, priority=priority))
    except GIVEN_UP as error:
        raise Interrupted from error
    except IgnoreRequest as error:
        logger.info("not asked for (%s): %s", error, url)
    except Exception as error:  # a download fails in as many ways as there are handlers and middlewares
        logger.warning("no answer (%s): %s", error, url)
    return None


def is_given_up(failure: Failure) -> bool:
    """Whether nothing failed: the crawl is told to end."""
    return isinstance(failure.value, GIVEN_UP)


def status_of(failure: Failure) -> int | None:
    """The status of the answer that failed; None where none came."""
    return failure.value.response.status if isinstance(failure.value, HttpError) else None


def header(response: Response, name: str) -> str | None:
    """The value of a header; None where the answer has none."""
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None
