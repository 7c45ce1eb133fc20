"""End a crawl from within one of its own parts."""

import asyncio
from typing import Final

from scrapy.crawler import Crawler

_closing: Final[set[asyncio.Task[None]]] = set()


def close_crawl(crawler: Crawler, reason: str) -> None:
    """Close the spider without waiting: closing waits for downloads and items, and the caller may be one."""
    task = asyncio.ensure_future(crawler.engine.close_spider_async(reason=reason))
    _closing.add(task)
    task.add_done_callback(_closing.discard)
