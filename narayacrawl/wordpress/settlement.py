"""Settle what became of each article that is not written: ledger, stat and log line together."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Literal, TypeAlias

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from narayacrawl.archive.run import Run
from narayacrawl.ledger.database import LedgerError
from narayacrawl.ledger.identity import merge_into_first_page
from narayacrawl.wordpress.frontier import Frontier

logger = logging.getLogger(__name__)

State: TypeAlias = (
    Literal["gone", "displaced", "rejected", "reserved", "subscribers_only", "failed", "disbelieved"]
    | Literal["unchanged", "duplicate", "later_page", "removed"]
)


@dataclass(frozen=True, slots=True)
class NoArticle:
    """Why an answer yields no article."""

    article: int
    """The article's id in the ledger."""
    state: State
    """What becomes of it: a `reserved` one is an article that is not to be kept; a `disbelieved` one has failed, though
    it was answered as if it had not; the address of a `displaced` one is another article's now, a `duplicate` was read
    at another address, a `later_page` is part of the article at `url`, a `removed` one was removed for good."""
    url: str
    reason: str = ""
    """How it is gone (`404`), why it is rejected (`protected`), how it failed (`not read`)."""
    detail: str = ""
    """What stood in the way of one that failed: `503`; what speaks against one that is not believed."""


class Settlement:
    """Settle articles that answers or pipelines leave without a line."""

    def __init__(self, crawler: Crawler, run: Run, frontier: Frontier) -> None:
        self.run = run
        self.ledger = run.ledger
        self.frontier = frontier
        self.stats = crawler.stats
        self.postponed: list[NoArticle] = []
        """What is gone or no article, if the portal is one that serves articles: that is not known yet."""
        crawler.signals.connect(self.spider_closed, signal=signals.spider_closed)
        crawler.signals.connect(self.item_dropped, signal=signals.item_dropped)
        crawler.signals.connect(self.item_error, signal=signals.item_error)
        crawler.signals.connect(self.spider_error, signal=signals.spider_error)

    def settle(self, none: NoArticle) -> None:
        """Record in the ledger what became of an article, count it and log it."""
        article, url, reason = none.article, none.url, none.reason
        match none.state:
            case "gone" | "displaced":
                if none.state == "gone":  # else the ledger has found out
                    self.ledger.mark_gone(article)
                self._count("gone")
                logger.info("article gone (%s): %s", reason, url)
            case "rejected":
                self.ledger.reject(article, reason)
                self._count(f"rejected/{reason.replace(' ', '_')}")
                logger.info("no article (%s): %s", reason, url)
            case "reserved":
                self.ledger.reject(article, f"reserved: {reason}")
                self._count("reserved")
                logger.info("article not kept (%s): %s", reason, url)
            case "subscribers_only":
                self.ledger.withhold(article, reason)
                self._count("subscribers_only", url)
                logger.info("article for subscribers only (%s): %s", none.detail, url)
            case "failed" | "disbelieved":
                self.ledger.fail(article, f"{reason}: {none.detail}")
                self._count("failed", url)
                kind = f"status {none.detail}" if none.detail.isdigit() else reason
                self.stats.inc_value(f"narayacrawl/failed/{kind.replace(' ', '_')}")
                if none.state == "disbelieved":
                    self._count("disbelieved", url)
                logger.error("article %s (%s): %s", reason, none.detail, url)
            case "unchanged":
                self.ledger.mark_unchanged(article)
                self._count("unchanged")
            case "duplicate":
                self._count("duplicate")
                logger.debug("another address of a known article: %s", url)
            case "removed":  # the ledger has found out
                self._count("removed")
                logger.info("an article that was removed for good: %s", url)
            case "later_page":
                self.frontier.look_again(merge_into_first_page(self.ledger, article, url))

    def settle_postponed(self) -> None:
        """Settle what was postponed: the portal has served an article."""
        postponed, self.postponed = self.postponed, []
        for none in postponed:
            self.settle(none)

    def spider_closed(self, reason: str) -> None:
        """Settle what was postponed as failed: the portal has served no article; after an interruption it stays due."""
        if reason != "finished":
            return
        for none in self.postponed:
            detail = f"{none.reason}, and no article was answered"
            failed = replace(none, state="failed", reason="not believed", detail=detail)
            self._or_end(partial(self.settle, failed))

    def _count(self, what: str, example: str | None = None) -> None:
        self.stats.inc_value(f"narayacrawl/article/{what}")
        if example and not self.stats.get_value(f"narayacrawl/example/{what}"):
            self.stats.set_value(f"narayacrawl/example/{what}", example)

    # What pipelines and callbacks leave without a line; Scrapy and `ItemCounts` count and log it.

    def item_dropped(self, item: Any, exception: Exception) -> None:  # noqa: ANN401 - whatever Scrapy takes for an item
        reason: str = getattr(exception, "reason", "other")
        fetched = self.run.fetched.get(getattr(item, "url", ""))
        if fetched is None:
            return
        self.run.fetched.discard(fetched.article)
        if reason == "outside_window":
            self._or_end(lambda: self.ledger.release(fetched.article, item.date))
        elif reason == "put_aside":
            return  # it stays due: see `Redesign`
        else:
            # Of an article's page nobody can say that it is none.
            self._or_end(lambda: self.ledger.fail(fetched.article, reason))

    def item_error(self, item: Any) -> None:  # noqa: ANN401
        if fetched := self.run.fetched.get(getattr(item, "url", "")):
            self.run.fetched.discard(fetched.article)
            self._or_end(lambda: self.ledger.fail(fetched.article, "a pipeline crashed"))

    def spider_error(self, failure: Failure, response: Response | Failure | None) -> None:
        request: Request | None = getattr(response, "request", None)
        article = request.cb_kwargs.get("article") if request else None
        if article is not None:
            self.run.fetched.discard(article)
            self._or_end(lambda: self.ledger.fail(article, f"the spider crashed: {type(failure.value).__name__}"))

    def _or_end(self, settle: Callable[[], None]) -> None:
        """Settle an article, or end the crawl: Scrapy only logs what a signal's handler raises."""
        try:
            settle()
        except LedgerError as error:
            self.run.fail(error)
