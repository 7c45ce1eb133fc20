"""The end of a crawl whose output cannot be written."""

import asyncio
import logging
from typing import Final

from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)

OUTPUT_FAILED: Final = "narayacrawl/output/failed"
"""The stat that says why, in one line; only the first reason is kept."""

_closing: set[asyncio.Task[None]] = set()


def output_failed(crawler: Crawler, reason: str, *, error: BaseException | None = None) -> None:
    """Note why output cannot be written; `error` is logged with its traceback, which a full disk does not need."""
    if crawler.stats.get_value(OUTPUT_FAILED) is None:
        logger.error("Output failed: %s", reason, exc_info=error)
        crawler.stats.set_value(OUTPUT_FAILED, reason)


def close(crawler: Crawler) -> None:
    """End the crawl; not awaited: it waits for the items in hand, and the caller may be one of them."""
    task = asyncio.ensure_future(crawler.engine.close_spider_async(reason="output_failed"))
    _closing.add(task)
    task.add_done_callback(_closing.discard)
