"""End a crawl whose output cannot be written."""

import logging
from typing import Final

from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)

OUTPUT_FAILED: Final = "narayacrawl/output/failed"
"""Stat with the reason, in one line; only the first one is kept."""


def output_failed(crawler: Crawler, reason: str, *, error: BaseException | None = None) -> None:
    """Log and record why output cannot be written; pass `error` to log its traceback (a full disk needs none)."""
    if crawler.stats.get_value(OUTPUT_FAILED) is None:
        logger.error("Output failed: %s", reason, exc_info=error)
        crawler.stats.set_value(OUTPUT_FAILED, reason)
