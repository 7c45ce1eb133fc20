"""Tune Python's garbage collector to how a crawl uses memory."""

import gc
from typing import ClassVar, Final, Self

from scrapy import signals
from scrapy.crawler import Crawler

THRESHOLDS: Final = (50_000, 20, 100)
"""So many objects more than before, and so many collections of a younger generation: Python's own are 700, 10, 10."""


class Collector:
    """Lets the collector run less often while a crawl goes on, and not look at what was made before it.

    Reading a page makes ten thousand objects and hardly a cycle; Python would look for cycles every 700 objects, and
    through all modules every few pages.
    """

    running: ClassVar = 0
    """How many crawls this process runs at the time."""
    thresholds: ClassVar[tuple[int, int, int]] = gc.get_threshold()
    """Those of the process between its crawls."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        extension = cls()
        crawler.signals.connect(extension.engine_started, signal=signals.engine_started)
        crawler.signals.connect(extension.engine_stopped, signal=signals.engine_stopped)
        return extension

    def engine_started(self) -> None:
        if not Collector.running:
            Collector.thresholds = gc.get_threshold()
            gc.set_threshold(*THRESHOLDS)
        Collector.running += 1
        if gc.get_freeze_count():
            # What an earlier crawl of this process left would be kept for ever. Only such a process pays for it.
            gc.unfreeze()
            gc.collect()
        gc.freeze()

    def engine_stopped(self) -> None:
        Collector.running -= 1
        if not Collector.running:
            gc.set_threshold(*Collector.thresholds)
