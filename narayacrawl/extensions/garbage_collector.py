"""Tune Python's garbage collector to how a crawl uses memory."""

import gc
from typing import Final, Self

from scrapy.crawler import Crawler

THRESHOLDS: Final = (50_000, 20, 100)
"""So many objects more than before, and so many collections of a younger generation: Python's own are 700, 10, 10."""


class Collector:
    """Lets the collector run less often, and not look at what was made before the crawl.

    Reading a page makes ten thousand objects and hardly a cycle; Python would look for cycles every 700 objects, and
    through all modules every few pages.
    """

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        gc.freeze()
        gc.set_threshold(*THRESHOLDS)
        return cls()
